//! Which SQL gives a value of the joined model again, from its rows?
//!
//! The SQL is for a person who doubts a number: it runs as it is on the workspace's engine, names real tables, and gives one value in
//! one column. A plain value is read from its source cell. A total is computed by its rule from the rows of the joined model, which
//! each lead on to a source row; what comes from few source rows is read from those. Where reading takes more than SQL can do (the
//! public suffix list, words for a status) the SQL maps what fourfold read to what it made of it, so that it gives nothing once the
//! source says something else.

mod own;
mod parts;
mod plain;
mod source;
mod totals;
mod usage;

use super::trace::Trace;
use crate::chart::source_map::TableEntry;
use crate::warehouse::{Dialect, TableName, printable};

/// What the SQL is about.
pub struct Subject<'a> {
    /// The walk.
    pub trace: &'a Trace,
    /// The source tables behind it, by source.
    pub entries: &'a [(String, TableEntry)],
    /// How the engine writes SQL.
    pub dialect: Dialect,
    /// The schema that fourfold writes.
    pub schema: &'a str,
}

impl Subject<'_> {
    fn model(&self, table: &str) -> String {
        self.dialect.table(&TableName::new(self.schema, table))
    }

    fn id(&self) -> String {
        self.dialect.literal(&self.trace.entity_id)
    }

    fn entry(&self, source: &str, table: &str) -> Option<&TableEntry> {
        self.entries.iter().find(|(of, entry)| of == source && entry.name.table == table).map(|(_, entry)| entry)
    }

    /// The table of the model that holds the entity, and its key.
    fn home(&self) -> (&'static str, &'static str) {
        match self.trace.entity_kind.as_str() {
            "person" => ("people", "entity_id"),
            "subscription" => ("subscriptions", "subscription_id"),
            "invoice" => ("invoices", "invoice_id"),
            "ticket" => ("tickets", "ticket_id"),
            _ => ("accounts", "entity_id"),
        }
    }

    /// A moment as SQL has it.
    fn moment(&self, micros: i64) -> String {
        let moment = super::cell::Moment(micros);
        format!("CAST({} AS TIMESTAMP)", self.dialect.literal(&moment.to_string()))
    }

    fn as_of(&self) -> Option<super::cell::Moment> {
        super::parse::moment(self.trace.as_of.as_deref()?)
    }
}

/// The SQL that gives the value again; None for an empty value, and for one that no SQL gives (whether a domain is the team's own).
#[must_use]
pub fn sql(subject: &Subject<'_>) -> Option<String> {
    let trace = subject.trace;
    trace.value.as_ref()?;
    let is_aggregate = trace.winner.as_ref().is_some_and(|winner| winner.transform == "aggregate");
    let query = match &trace.winner {
        None => own::query(subject)?,
        Some(_) if is_aggregate => {
            totals::query(subject).or_else(|| usage::query(subject)).or_else(|| parts::query(subject))?
        }
        Some(winner) => plain::query(subject, winner)?,
    };
    let run = trace.run_id.as_deref().map_or_else(String::new, |run| format!(", run {}", printable(run)));
    Some(format!(
        "-- {}.{} of {}{run}\n-- rule: {}\n{query}",
        subject.home().0,
        printable(&trace.field),
        printable(&trace.entity_id),
        printable(&trace.rule)
    ))
}
