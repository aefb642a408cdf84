//! How does a whole run reach the warehouse at once?
//!
//! | table | rows |
//! | --- | --- |
//! | `accounts`, `people`, `subscriptions`, `invoices`, `tickets`, `account_usage_daily` | the joined model |
//! | `lineage_cells`, `lineage_parts`, `lineage_columns`, view `lineage` | where each cell comes from |
//! | `model_columns` | what each column means, and by which rule it is made |
//! | `model_tables` | what one row of each table is, in which time zone and currency it speaks |
//! | `entities`, `links`, `relations`, `hierarchy`, `pairs`, `entity_events` | the entity graph |
//! | `history` | what became of entities in every run so far, and why |
//! | `conflicts` | named disagreements |
//! | `conflict_ledger`, `conflict_history` | what people said of each; how many there were in earlier runs |
//! | `source_map` | one row a source table |
//! | `runs` | every published run, the last one included |

mod graph;
pub mod history;
pub mod ledger;
mod lineage;
mod map;
pub mod rows;
mod runs;
pub mod view;

use serde::Serialize;

use super::Model;
use crate::chart::conflict::Conflict;
use crate::chart::source_map::SourceMap;
use crate::error::Result;
use crate::progress::{CancelToken, Progress};
use crate::resolve::graph::EntityGraph;
use crate::warehouse::{Dialect, Publication, Warehouse};

/// Everything that is published together.
pub struct PublishInput<'a> {
    /// Where to.
    pub warehouse: &'a dyn Warehouse,
    /// The schema that fourfold owns.
    pub schema: &'a str,
    /// The joined model.
    pub model: &'a Model<'a>,
    /// The entity graph.
    pub graph: &'a EntityGraph,
    /// Disagreements that the chart found.
    pub chart_conflicts: &'a [Conflict],
    /// What the chart found.
    pub map: &'a SourceMap,
    /// The name of the run.
    pub run_id: &'a str,
    /// When the run began.
    pub started: jiff::Timestamp,
    /// The moment that parts past from future in this run.
    pub as_of: jiff::Timestamp,
}

/// What was published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PublishSummary {
    /// The tables with their rows, in the order in which they were loaded.
    pub tables: Vec<(String, u64)>,
}

impl PublishSummary {
    /// The rows of a table.
    #[must_use]
    pub fn rows(&self, table: &str) -> Option<u64> {
        self.tables.iter().find(|(name, _)| name == table).map(|(_, rows)| *rows)
    }
}

/// Adds tables to a publication that has those of the model already, and returns them with their rows.
pub type More<'a> = &'a mut dyn FnMut(&mut Publication<'_>) -> Result<Vec<(String, u64)>>;

/// Publishes a run: readers see all of it or none.
///
/// # Errors
/// As [`Publication`]; `Cancelled`; the last published run stands then.
pub fn publish(input: &PublishInput<'_>, progress: &dyn Progress, cancel: &CancelToken) -> Result<PublishSummary> {
    publish_with(input, &mut |_| Ok(Vec::new()), progress, cancel)
}

/// As [`publish`], with tables that are made from those of the model.
///
/// # Errors
/// As [`publish`], and whatever `more` says.
pub fn publish_with(
    input: &PublishInput<'_>,
    more: More<'_>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<PublishSummary> {
    progress.step("model: publish");
    let earlier = runs::earlier(input.warehouse, input.schema)?;
    let counted = ledger::earlier(input.warehouse, input.schema)?;
    let told = history::earlier(input.warehouse, input.schema)?;
    let mut publication = Publication::begin(input.warehouse, input.schema, input.run_id)?;
    let mut summary = PublishSummary::default();
    let total = input.model.tables.len() as u64 + 15;
    let mut note = |name: &str, rows: u64| -> Result<()> {
        cancel.check()?;
        summary.tables.push((name.to_owned(), rows));
        progress.advance(summary.tables.len() as u64, total);
        Ok(())
    };
    for table in &input.model.tables {
        let mut batches = table.batches.iter().cloned().map(Ok);
        let rows = publication.load(table.name, &table.warehouse_columns(), &mut batches)?;
        note(table.name, rows)?;
    }
    lineage::load(&mut publication, input.model, &mut note)?;
    graph::load(&mut publication, input, &mut note)?;
    let rows = history::load(&mut publication, input, told.as_ref())?;
    note("history", rows)?;
    map::load(&mut publication, input, &mut note)?;
    ledger::load(&mut publication, input, &counted, &mut note)?;
    let rows = runs::load(&mut publication, input, &earlier)?;
    note("runs", rows)?;
    summary.tables.extend(more(&mut publication)?);
    finish(&mut publication, input);
    publication.commit()?;
    Ok(summary)
}

/// The view of all lineage, and indexes where the engine has use for them.
fn finish(publication: &mut Publication<'_>, input: &PublishInput<'_>) {
    let dialect = input.warehouse.dialect();
    publication.finally(view::create(dialect, input.schema, &input.model.tables));
    if dialect == Dialect::Postgres {
        for (table, columns) in [
            ("lineage_cells", "entity_id, field"),
            ("lineage_parts", "entity_id, field"),
            ("links", "entity_id"),
            ("links", "pk"),
            ("relations", "entity_id"),
            ("relations", "pk"),
            ("account_usage_daily", "account_entity_id"),
            ("accounts", "entity_id"),
            ("people", "entity_id"),
            ("subscriptions", "subscription_id"),
            ("invoices", "invoice_id"),
            ("tickets", "ticket_id"),
            ("conflicts", "entity_id"),
            ("pairs", "left_pk"),
        ] {
            let name = crate::warehouse::TableName::new(input.schema, table);
            publication.finally(format!(
                "CREATE INDEX IF NOT EXISTS {} ON {} ({columns})",
                dialect.quote(&format!("{table}_by_{}", columns.replace(", ", "_"))),
                dialect.table(&name)
            ));
        }
    }
}
