//! What does the model that was just built read from a place?

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::values::{Accounts, column_place};
use super::{EXAMPLES, EntityImpact, Impact, PublishedLineage};
use crate::chart::conflict::Conflict;
use crate::drift::baseline::{Baseline, PlayOutput};
use crate::drift::finding::{Finding, FindingKind};
use crate::error::Result;
use crate::ident::FieldPath;
use crate::model::Model;
use crate::model::feeds;
use crate::model::lineage::{Owner, Source};
use crate::resolve::graph::EntityGraph;
use crate::review::Reopened;
use crate::warehouse::Rows;

/// What impacts are taken from.
pub struct Attribution<'a> {
    /// The model that was just built.
    pub model: &'a Model<'a>,
    /// The entity graph.
    pub graph: &'a EntityGraph,
    /// Conflicts that were not there in the last published run.
    pub new_conflicts: &'a [&'a Conflict],
    /// Decisions made on values that changed.
    pub reopened: &'a [Reopened],
    /// What plays gave out.
    pub plays: &'a [PlayOutput],
    /// The accounts as they are now.
    pub accounts: &'a Accounts,
    /// The lineage of the last published run; None before the first.
    pub published: Option<&'a PublishedLineage<'a>>,
    /// The last published baseline, for what a place meant before.
    pub before: &'a Baseline,
    /// This run's.
    pub now: &'a Baseline,
}

/// Whether the values that a finding is about are no longer read: only the old lineage tells what hung on them.
fn is_gone(kind: FindingKind) -> bool {
    use FindingKind as Kind;
    matches!(
        kind,
        Kind::TableRemoved
            | Kind::TableRenamed
            | Kind::ColumnRemoved
            | Kind::ColumnRenamed
            | Kind::ColumnRetyped
            | Kind::SilentNull
            | Kind::NullRate
            | Kind::JoinRate
            | Kind::BulkDelete
    )
}

/// Fills in what hangs on each finding.
///
/// # Errors
/// `Warehouse` when the published lineage cannot be read.
pub fn attribute(findings: &mut [Finding], attribution: &Attribution<'_>) -> Result<()> {
    let touches = touched(findings, attribution.model);
    for (finding, touch) in findings.iter_mut().zip(touches) {
        if matches!(finding.kind, FindingKind::ModelMoved | FindingKind::PlayMoved) {
            continue;
        }
        let mut impact = touch.impact(attribution.accounts);
        // A rename is told of under its new name; what hung on it hung on the old one.
        let old = match &finding.rename {
            Some(rename) if finding.kind == FindingKind::ColumnRenamed => (finding.table.clone(), rename.from.clone()),
            Some(rename) if finding.kind == FindingKind::TableRenamed => (rename.from.clone(), String::new()),
            _ => (finding.table.clone(), finding.column.clone()),
        };
        if is_gone(finding.kind)
            && let Some(published) = attribution.published
        {
            let before = published.touched(&finding.source, &old.0, &old.1)?;
            if before.entities > impact.entities || before.fields.len() > impact.fields.len() {
                impact = before;
            }
        }
        impact.concepts = concepts(finding, &old, attribution);
        if impact.entities == 0 {
            joined(finding, &mut impact, attribution);
        }
        if matches!(finding.kind, FindingKind::GraphMoved) {
            graph(&mut impact, attribution);
        }
        impact.decisions = decisions(finding, &impact.concepts, attribution.reopened);
        impact.conflicts = conflicts(finding, attribution.new_conflicts);
        impact.plays = attribution
            .plays
            .iter()
            .filter(|play| play.fields.iter().any(|field| impact.fields.contains(field)))
            .map(|play| play.play.clone())
            .collect();
        finding.impact = impact;
    }
    Ok(())
}

/// Fields and owners that one place touches.
#[derive(Default)]
pub(super) struct Touch {
    pub fields: BTreeSet<String>,
    pub accounts: BTreeSet<String>,
    pub people: BTreeSet<u32>,
}

impl Touch {
    pub fn impact(self, accounts: &Accounts) -> Impact {
        let mut known: Vec<&EntityImpact> = self.accounts.iter().filter_map(|id| accounts.get(id)).collect();
        let mut money: BTreeMap<&str, f64> = BTreeMap::new();
        for account in &known {
            if let (Some(arr), Some(currency)) = (account.arr, account.currency.as_deref()) {
                *money.entry(currency).or_default() += arr;
            }
        }
        known.sort_by(|one, other| {
            other.arr.unwrap_or(0.0).total_cmp(&one.arr.unwrap_or(0.0)).then_with(|| one.id.cmp(&other.id))
        });
        Impact {
            fields: self.fields.into_iter().collect(),
            entities: (self.accounts.len() + self.people.len()) as u64,
            examples: known.into_iter().take(EXAMPLES).cloned().collect(),
            money: money.into_iter().filter(|(_, sum)| *sum != 0.0).map(|(code, sum)| (code.to_owned(), sum)).collect(),
            ..Impact::default()
        }
    }
}

/// What each finding's place touches in the model; one pass over the lineage for all of them.
fn touched(findings: &[Finding], model: &Model<'_>) -> Vec<Touch> {
    let mut touches: Vec<Touch> = findings.iter().map(|_| Touch::default()).collect();
    let mut by_table: FxHashMap<u16, Vec<(usize, Option<u16>)>> = FxHashMap::default();
    for (at, finding) in findings.iter().enumerate() {
        for (place, rows) in model.rows.tables.iter().enumerate() {
            if rows.source.id.as_str() != finding.source || rows.table.name.table != finding.table {
                continue;
            }
            let column =
                rows.columns.iter().position(|column| column.name == finding.column).map(|column| column as u16);
            if finding.column.is_empty() || column.is_some() {
                by_table.entry(place as u16).or_default().push((at, column));
            }
        }
    }
    let payers = subscription_accounts(model);
    let mut touch = |table: u16, column: u16, owner: Owner, field: &str| {
        for (at, wanted) in by_table.get(&table).into_iter().flatten() {
            if wanted.is_some_and(|wanted| wanted != column) {
                continue;
            }
            let touch = &mut touches[*at];
            let (plural, account) = match owner {
                Owner::Account(number) => ("accounts", model.account_ids.get(number as usize).cloned()),
                Owner::Person(number) => {
                    touch.people.insert(number);
                    ("people", None)
                }
                Owner::Subscription(number) => ("subscriptions", payers.get(number as usize).cloned().flatten()),
            };
            touch.accounts.extend(account);
            touch.fields.insert(format!("{plural}.{field}"));
        }
    };
    for cell in model.lineage.cells.iter().filter(|cell| cell.rank == 0) {
        match &cell.source {
            Source::Cell(origin, _) => touch(origin.table, origin.column, cell.owner, cell.field),
            Source::Aggregate { table, column, .. } => touch(*table, *column, cell.owner, cell.field),
        }
    }
    for part in &model.lineage.parts {
        touch(part.origin.table, part.origin.column, part.owner, part.field);
    }
    for (at, finding) in findings.iter().enumerate() {
        row_tables(finding, model, &mut touches[at]);
    }
    touches
}

/// Tables of the model whose rows are rows of the finding's table.
fn row_tables(finding: &Finding, model: &Model<'_>, touch: &mut Touch) {
    let mut reached = BTreeSet::new();
    for mapping in &model.mappings {
        let here = mapping.source == finding.source && mapping.origin_table == finding.table;
        if here && (finding.column.is_empty() || mapping.column == finding.column) {
            touch.fields.insert(format!("{}.{}", mapping.table, mapping.field));
            reached.insert(mapping.table.as_str());
        }
    }
    derived(&reached, &mut touch.fields);
    for table in model.tables.iter().filter(|table| reached.contains(table.name)) {
        let places = ["_source", "_table", "account_entity_id"].map(|name| column_place(table, name));
        let [Some(source), Some(origin), Some(account)] = places else { continue };
        let rows = Rows::new(table.batches.clone());
        for row in 0..rows.len() {
            if rows.text(row, source) == Some(finding.source.as_str())
                && rows.text(row, origin) == Some(finding.table.as_str())
                && let Some(id) = rows.text(row, account)
                && !touch.accounts.contains(id)
            {
                touch.accounts.insert(id.to_owned());
            }
        }
    }
}

/// Columns that these tables derive from columns of theirs: what is read from the place moves them too.
fn derived(tables: &BTreeSet<&str>, fields: &mut BTreeSet<String>) {
    let mut open: Vec<String> = fields.iter().cloned().collect();
    while let Some(path) = open.pop() {
        let Some((table, field)) = path.split_once('.') else { continue };
        for feed in feeds::fed_by(&FieldPath { table: table.to_owned(), field: field.to_owned() }) {
            let inside = feed.name.split_once('.').is_some_and(|(table, _)| tables.contains(table));
            if inside && fields.insert(feed.name.clone()) {
                open.push(feed.name);
            }
        }
    }
}

/// The account of each subscription, in the order of the model.
fn subscription_accounts(model: &Model<'_>) -> Vec<Option<String>> {
    let Some(table) = model.tables.iter().find(|table| table.name == "subscriptions") else { return Vec::new() };
    let (Some(id), Some(account)) = (column_place(table, "subscription_id"), column_place(table, "account_entity_id"))
    else {
        return Vec::new();
    };
    let rows = Rows::new(table.batches.clone());
    let known: FxHashMap<&str, &str> =
        (0..rows.len()).filter_map(|row| Some((rows.text(row, id)?, rows.text(row, account)?))).collect();
    model.subscription_ids.iter().map(|id| known.get(id.as_str()).map(|account| (*account).to_owned())).collect()
}

/// What the place means now, or meant before.
fn concepts(finding: &Finding, old: &(String, String), attribution: &Attribution<'_>) -> Vec<String> {
    let mut found = BTreeSet::new();
    let places = [(attribution.now, (&finding.table, &finding.column)), (attribution.before, (&old.0, &old.1))];
    for (baseline, (table, column)) in places {
        let Some(table) = baseline.table(&finding.source, table) else { continue };
        if column.is_empty() {
            if table.role != "other" {
                found.insert(table.role.clone());
            }
        } else if let Some(concept) = table.column(column).and_then(|column| column.concept.clone()) {
            found.insert(concept);
        }
    }
    found.into_iter().collect()
}

/// Decisions whose pair has a record of the table, and whose changed field is the column's.
fn decisions(finding: &Finding, concepts: &[String], reopened: &[Reopened]) -> u64 {
    if finding.kind == FindingKind::DecisionsReopened {
        return reopened.len() as u64;
    }
    let properties: Vec<&str> = concepts.iter().map(|concept| concept.rsplit('.').next().unwrap_or(concept)).collect();
    let means = |field: &str| {
        finding.column.is_empty()
            || field == finding.column
            || properties
                .iter()
                .any(|property| *property == field || property.starts_with(field) || field.starts_with(property))
    };
    let here =
        |record: &crate::ident::RecordKey| record.source.as_str() == finding.source && record.table == finding.table;
    reopened
        .iter()
        .filter(|reopened| {
            reopened.changed.iter().any(|changed| {
                means(&changed.field)
                    && (changed.left && here(&reopened.pair.left) || changed.right && here(&reopened.pair.right))
            })
        })
        .count() as u64
}

fn conflicts(finding: &Finding, new: &[&Conflict]) -> Vec<(String, u64)> {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for conflict in new {
        let here = [&conflict.side_a, &conflict.side_b].into_iter().flatten().any(|side| {
            side.record.source.as_str() == finding.source
                && side.record.table == finding.table
                && (finding.column.is_empty() || side.column == finding.column)
        });
        if here && !finding.source.is_empty() {
            *kinds.entry(conflict.kind.as_str()).or_default() += 1;
        }
    }
    kinds.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect()
}

/// What a key ties: the accounts and people that the table's rows are linked or related to.
fn joined(finding: &Finding, impact: &mut Impact, attribution: &Attribution<'_>) {
    let ties = |concept: &String| {
        let property = concept.rsplit('.').next().unwrap_or(concept);
        property.ends_with("id") || ["domain", "website", "email", "metadata"].contains(&property)
    };
    if !finding.column.is_empty() && !impact.concepts.iter().any(ties) {
        return;
    }
    let here =
        |record: &crate::ident::RecordKey| record.source.as_str() == finding.source && record.table == finding.table;
    let mut touch = Touch::default();
    for link in attribution.graph.links.iter().filter(|link| here(&link.record)) {
        touch.fields.insert("links.entity_id".to_owned());
        touch.accounts.insert(link.entity.as_str().to_owned());
    }
    for relation in attribution.graph.relations.iter().filter(|relation| here(&relation.record)) {
        touch.fields.insert(format!("relations.{}", relation.relation));
        touch.accounts.insert(relation.entity.as_str().to_owned());
    }
    let tied = touch.impact(attribution.accounts);
    (impact.entities, impact.examples, impact.money) = (tied.entities, tied.examples, tied.money);
    impact.fields.extend(tied.fields);
}

/// The entities that merged, split, or whose records moved.
fn graph(impact: &mut Impact, attribution: &Attribution<'_>) {
    let mut touch = Touch::default();
    for event in attribution.graph.history.iter().filter(|event| event.event != "born" && event.event != "ended") {
        for id in std::iter::once(&event.entity).chain(event.other.as_ref()) {
            touch.accounts.insert(id.as_str().to_owned());
        }
    }
    let (fields, concepts) = (std::mem::take(&mut impact.fields), std::mem::take(&mut impact.concepts));
    *impact = touch.impact(attribution.accounts);
    (impact.fields, impact.concepts) = (fields, concepts);
}
