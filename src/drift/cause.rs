//! Which findings have one cause, so that one renamed column is one line with its consequences under it?
//!
//! Findings are tied by where they are and by what the lineage says hangs on them; the one that explains the others is the
//! headline.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::finding::{Finding, FindingKind, Severity};
use super::impact::Impact;

/// Findings with one cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// The id of its headline.
    pub id: String,
    /// What happened, in one line.
    pub title: String,
    /// The gravest severity among its findings.
    pub severity: Severity,
    /// The findings; the first is the headline, the others are its consequences.
    pub findings: Vec<Finding>,
    /// What hangs on all of them.
    pub impact: Impact,
}

/// Groups findings by cause: gravest and most expensive first.
#[must_use]
pub fn group(findings: Vec<Finding>) -> Vec<Cause> {
    let mut groups = Groups::new(findings.len());
    by_place(&findings, &mut groups);
    by_likeness(&findings, &mut groups);
    by_lineage(&findings, &mut groups);
    let mut members: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for (at, finding) in findings.into_iter().enumerate() {
        members.entry(groups.root(at)).or_default().push(finding);
    }
    let mut causes: Vec<Cause> = members.into_values().map(cause).collect();
    causes.sort_by(|one, other| {
        let money = |cause: &Cause| cause.impact.money.iter().map(|(_, sum)| *sum).fold(0.0, f64::max);
        one.severity
            .cmp(&other.severity)
            .then(money(other).total_cmp(&money(one)))
            .then(other.impact.entities.cmp(&one.impact.entities))
            .then_with(|| one.title.cmp(&other.title))
    });
    causes
}

/// Sets that grow together.
struct Groups(Vec<usize>);

impl Groups {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn root(&self, mut at: usize) -> usize {
        while self.0[at] != at {
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }

    /// Ties all that share a key.
    fn join_by<K: Ord>(&mut self, findings: &[Finding], key: impl Fn(&Finding) -> Option<K>) {
        let mut first: BTreeMap<K, usize> = BTreeMap::new();
        for (at, finding) in findings.iter().enumerate() {
            if let Some(key) = key(finding) {
                match first.get(&key) {
                    Some(other) => self.join(*other, at),
                    None => {
                        first.insert(key, at);
                    }
                }
            }
        }
    }
}

/// One column, or a table that came or went with everything on it.
fn by_place(findings: &[Finding], groups: &mut Groups) {
    groups.join_by(findings, |finding| {
        let is_place = !finding.column.is_empty() && !finding.source.is_empty();
        // A new event and a lost one are two pieces of news of one column.
        let apart = matches!(finding.kind, FindingKind::NewValue | FindingKind::VanishedValue);
        (is_place && !apart).then(|| (finding.source.clone(), finding.table.clone(), finding.column.clone()))
    });
    let whole: BTreeMap<(&str, &str), usize> = findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| {
            use FindingKind::{BulkDelete, TableAdded, TableRemoved, TableRenamed};
            matches!(finding.kind, TableAdded | TableRemoved | TableRenamed | BulkDelete)
        })
        .map(|(at, finding)| ((finding.source.as_str(), finding.table.as_str()), at))
        .collect();
    for (at, finding) in findings.iter().enumerate() {
        use FindingKind::{Distribution, JoinRate, MatchRate, Volume};
        let Some(table) = whole.get(&(finding.source.as_str(), finding.table.as_str())) else { continue };
        let follows = findings[*table].kind != FindingKind::BulkDelete
            || matches!(finding.kind, Distribution | MatchRate | Volume)
            || finding.kind == JoinRate && finding.after.contains(" of ");
        if follows {
            groups.join(*table, at);
        }
    }
}

/// The same thing in several places.
fn by_likeness(findings: &[Finding], groups: &mut Groups) {
    use FindingKind as Kind;
    groups.join_by(findings, |finding| {
        (finding.kind == Kind::ValueRenamed).then(|| (finding.before.clone(), finding.after.clone()))
    });
    groups.join_by(findings, |finding| {
        let factor = finding.evidence.first().map(|(_, seen)| seen.clone()).unwrap_or_default();
        (finding.kind == Kind::UnitChanged).then(|| (finding.source.clone(), finding.table.clone(), factor))
    });
    groups.join_by(findings, |finding| {
        matches!(finding.kind, Kind::SilentNull | Kind::ColumnAdded)
            .then(|| (finding.kind, finding.source.clone(), finding.table.clone()))
    });
    // The name of an event and its text say the same.
    groups.join_by(findings, |finding| {
        matches!(finding.kind, Kind::NewValue | Kind::VanishedValue)
            .then(|| (finding.kind, finding.source.clone(), finding.table.clone(), finding.effect.to_bits()))
    });
    groups.join_by(findings, |finding| (finding.kind == Kind::Freshness).then(|| finding.source.clone()));
    groups.join_by(findings, |finding| {
        // The rates of one table move together.
        (finding.kind == Kind::MatchRate).then(|| (finding.source.clone(), finding.table.clone()))
    });
}

/// Totals, matches and entities follow what their fields are read from.
fn by_lineage(findings: &[Finding], groups: &mut Groups) {
    for (at, finding) in findings.iter().enumerate() {
        let explained_by: Vec<usize> = match finding.kind {
            FindingKind::ModelMoved | FindingKind::PlayMoved => {
                let shares = |other: &usize| {
                    findings[*other].impact.fields.iter().any(|field| finding.impact.fields.contains(field))
                };
                let roots: Vec<usize> =
                    (0..findings.len()).filter(|other| is_root(findings[*other].kind)).filter(shares).collect();
                // A play that no drift of the sources explains follows the totals that moved with it.
                if roots.is_empty() && finding.kind == FindingKind::PlayMoved {
                    let is_total = |other: &usize| findings[*other].kind == FindingKind::ModelMoved;
                    (0..findings.len()).filter(is_total).filter(shares).collect()
                } else {
                    roots
                }
            }
            FindingKind::MatchRate => (0..findings.len())
                .filter(|other| carries_the_join(&findings[*other]))
                .filter(|other| findings[*other].source == finding.source && findings[*other].table == finding.table)
                .collect(),
            FindingKind::DecisionsReopened => {
                (0..findings.len()).filter(|other| *other != at && findings[*other].impact.decisions > 0).collect()
            }
            FindingKind::GraphMoved => {
                (0..findings.len()).filter(|other| carries_the_join(&findings[*other])).collect()
            }
            _ => Vec::new(),
        };
        let best = explained_by.into_iter().max_by(|one, other| {
            let (one, other) = (&findings[*one], &findings[*other]);
            (rank(other.kind).cmp(&rank(one.kind)))
                .then(other.severity.cmp(&one.severity))
                .then(one.impact.entities.cmp(&other.impact.entities))
                .then(one.effect.total_cmp(&other.effect))
                .then_with(|| other.id.cmp(&one.id))
        });
        if let Some(best) = best {
            groups.join(best, at);
        }
    }
    // What is left of the match rates follows the only broken key there is.
    let keys: BTreeSet<usize> =
        (0..findings.len()).filter(|at| carries_the_join(&findings[*at])).map(|at| groups.root(at)).collect();
    if let [only] = keys.into_iter().collect::<Vec<_>>().as_slice() {
        for (at, finding) in findings.iter().enumerate() {
            if finding.kind == FindingKind::MatchRate {
                groups.join(*only, at);
            }
        }
    }
}

/// Whether a finding is about something that matching or relations are read from.
fn carries_the_join(finding: &Finding) -> bool {
    use FindingKind as Kind;
    let broken = matches!(
        finding.kind,
        Kind::KeyFormat
            | Kind::JoinRate
            | Kind::SilentNull
            | Kind::ColumnRemoved
            | Kind::ColumnRenamed
            | Kind::NullRate
            | Kind::TableRemoved
            | Kind::TableRenamed
            | Kind::BulkDelete
    );
    let joins = |concept: &String| {
        let property = concept.rsplit('.').next().unwrap_or(concept);
        property.ends_with("id")
            || ["domain", "website", "email", "name", "merged_into", "metadata"].contains(&property)
    };
    broken && (finding.column.is_empty() || finding.impact.concepts.iter().any(joins))
}

pub(super) fn is_root(kind: FindingKind) -> bool {
    rank(kind) < rank(FindingKind::MatchRate)
}

/// What explains comes before what is explained.
fn rank(kind: FindingKind) -> u8 {
    use FindingKind as Kind;
    match kind {
        Kind::TableRenamed | Kind::TableRemoved => 0,
        Kind::ColumnRenamed | Kind::ColumnRemoved | Kind::UnitChanged => 1,
        Kind::SilentNull | Kind::KeyFormat | Kind::ValueRenamed | Kind::BulkDelete => 2,
        Kind::ColumnRetyped | Kind::Freshness => 3,
        Kind::KeyUniqueness | Kind::JoinRate | Kind::Volume => 4,
        Kind::NewValue | Kind::VanishedValue | Kind::NullRate => 5,
        Kind::Distribution | Kind::TableAdded | Kind::ColumnAdded => 6,
        Kind::MatchRate | Kind::SegmentOut => 7,
        Kind::GraphMoved | Kind::DecisionsReopened => 8,
        Kind::ModelMoved => 9,
        Kind::PlayMoved => 10,
    }
}

fn cause(mut findings: Vec<Finding>) -> Cause {
    findings.sort_by(|one, other| {
        (rank(one.kind).cmp(&rank(other.kind)))
            .then(one.severity.cmp(&other.severity))
            .then(other.impact.entities.cmp(&one.impact.entities))
            .then(other.effect.total_cmp(&one.effect))
            .then_with(|| one.place().cmp(&other.place()))
            .then_with(|| one.id.cmp(&other.id))
    });
    let severity = findings.iter().map(|finding| finding.severity).min().unwrap_or(Severity::Low);
    let first = &findings[0];
    let alike = findings.iter().filter(|finding| finding.kind == first.kind).count();
    let place = first.place();
    let title = match (alike, first.kind) {
        (2.., FindingKind::ValueRenamed) => {
            format!("{} seems to be called {} now, in {alike} columns", first.before, first.after)
        }
        (2.., FindingKind::Freshness) => format!("{}: {} tables stand still; {}", first.source, alike, first.detail),
        (2.., FindingKind::ColumnAdded) => format!("{}.{}: {alike} new columns", first.source, first.table),
        (2.., FindingKind::UnitChanged | FindingKind::SilentNull) => {
            format!("{place}: {}; so with {} more columns", first.detail, alike - 1)
        }
        _ if place.is_empty() => first.detail.clone(),
        _ => format!("{place}: {}", first.detail),
    };
    let impact = merged(&findings);
    Cause { id: first.id.clone(), title, severity, findings, impact }
}

/// What hangs on several findings together. Entities are not added: they are mostly the same.
fn merged(findings: &[Finding]) -> Impact {
    let mut all = Impact::default();
    let mut conflicts: BTreeMap<String, u64> = BTreeMap::new();
    for finding in findings {
        let impact = &finding.impact;
        all.concepts.extend(impact.concepts.iter().cloned());
        all.fields.extend(impact.fields.iter().cloned());
        all.plays.extend(impact.plays.iter().cloned());
        if impact.entities > all.entities {
            all.entities = impact.entities;
            all.examples.clone_from(&impact.examples);
            all.money.clone_from(&impact.money);
        }
        all.decisions = all.decisions.max(impact.decisions);
        for (kind, count) in &impact.conflicts {
            let most = conflicts.entry(kind.clone()).or_default();
            *most = (*most).max(*count);
        }
    }
    all.conflicts = conflicts.into_iter().collect();
    for list in [&mut all.concepts, &mut all.fields, &mut all.plays] {
        list.sort();
        list.dedup();
    }
    all
}
