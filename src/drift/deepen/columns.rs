//! Which column that means nothing yet would settle a conflict, or lead to records of another system?

use std::collections::BTreeMap;

use super::{Change, Proposal};
use crate::chart::profile::contained;
use crate::drift::baseline::Baseline;
use crate::drift::detect::percent;

/// Conflicts that a column must have a say in.
const FEWEST: usize = 5;
/// The least share of them in which it agrees with one and the same side.
const AGREES: f64 = 0.75;
/// The least share of ids that must be keys of the other system.
const CROSSES: f64 = 0.3;

/// A column without a concept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnmappedColumn {
    /// The source.
    pub source: String,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// What a row of the table is.
    pub role: String,
}

/// What an unmapped column says where two sources disagree.
#[derive(Debug, Clone)]
pub struct ConflictCase {
    /// The kind of conflict.
    pub kind: String,
    /// The field that is disputed, such as `accounts.plan`.
    pub field: String,
    /// The source of one side, and what it says.
    pub one: (String, String),
    /// The source of the other side, and what it says.
    pub other: (String, String),
    /// What the column says; None when it is empty.
    pub says: Option<String>,
}

/// Whether a column would settle conflicts of one field: it agrees with one and the same side nearly always.
#[must_use]
pub fn settling(column: &UnmappedColumn, cases: &[ConflictCase]) -> Vec<Proposal> {
    let mut fields: BTreeMap<&str, Vec<&ConflictCase>> = BTreeMap::new();
    for case in cases {
        fields.entry(&case.field).or_default().push(case);
    }
    let mut found = Vec::new();
    for (field, cases) in fields {
        let same = |one: &str, other: &str| one.trim().eq_ignore_ascii_case(other.trim());
        let speaking: Vec<(&ConflictCase, &str)> =
            cases.iter().filter_map(|case| Some((*case, case.says.as_deref()?))).collect();
        let mut agrees: BTreeMap<&str, usize> = BTreeMap::new();
        for (case, says) in &speaking {
            for (source, value) in [&case.one, &case.other] {
                if same(value, says) {
                    *agrees.entry(source).or_default() += 1;
                }
            }
        }
        let Some((side, count)) = agrees.into_iter().max_by_key(|(source, count)| (*count, std::cmp::Reverse(*source)))
        else {
            continue;
        };
        if count < FEWEST || (count as f64) < AGREES * speaking.len() as f64 {
            continue;
        }
        let Some(property) = field.rsplit('.').next() else { continue };
        let UnmappedColumn { source, table, column: name, role } = column;
        let concept = format!("{role}.{}", property_of(property));
        let title = format!("{source}.{table}.{name} would settle {count} of {} conflicts about {field}", cases.len());
        let mut proposal = Proposal::new(
            title,
            Change::Concept {
                source: source.clone(),
                table: table.clone(),
                column: name.clone(),
                concept: concept.clone(),
            },
        );
        proposal.seen.push(format!(
            "it says the same as {side} in {count} of the {} conflicts in which it says something",
            speaking.len()
        ));
        proposal.would.push(format!("{name} is read as {concept} and takes part in survivorship of {field}"));
        "holds while the column is filled and read as the concept".clone_into(&mut proposal.test);
        found.push(proposal);
    }
    found
}

/// The property that a field of the model is read from.
fn property_of(field: &str) -> &str {
    match field {
        "seats_bought" => "seats",
        "owner" => "owner_name",
        other => other,
    }
}

/// Columns without a concept that hold keys of another source's accounts or people.
#[must_use]
pub fn crossing(baseline: &Baseline) -> Vec<Proposal> {
    let mut found = Vec::new();
    for table in baseline.tables.iter().filter(|table| matches!(table.role.as_str(), "account" | "person")) {
        for column in table.columns.iter().filter(|column| column.concept.is_none() && !table.is_loaders(&column.name))
        {
            for other in baseline.tables.iter().filter(|other| other.source != table.source && other.role == table.role)
            {
                let Some(share) = contained(&column.sketch, &other.keys).filter(|share| *share >= CROSSES) else {
                    continue;
                };
                // A few small numbers are keys of many tables.
                if column.sketch.len() < 20 || column.distinct < 20 {
                    continue;
                }
                let concept = format!("{}.external_id", table.role);
                let place = format!("{}.{}.{}", table.source, table.table, column.name);
                let mut proposal = Proposal::new(
                    format!("{place} holds keys of {}.{}", other.source, other.table),
                    Change::Concept {
                        source: table.source.clone(),
                        table: table.table.clone(),
                        column: column.name.clone(),
                        concept: concept.clone(),
                    },
                );
                proposal.seen.push(format!("{} of its values are keys there", percent(share)));
                proposal
                    .would
                    .push(format!("{} becomes evidence that the two records are one, as {concept}", column.name));
                "holds while the column is filled and read as the concept".clone_into(&mut proposal.test);
                found.push(proposal);
            }
        }
    }
    found.sort_by(|one, other| one.title.cmp(&other.title));
    found
}
