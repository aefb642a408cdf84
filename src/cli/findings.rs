//! How do the findings of the last report become a table to export?

use crate::config::Workspace;
use crate::drift::report::View;
use crate::engine::drift;
use crate::error::Result;
use crate::model::publish::rows::Slot;
use crate::model::table::BatchBuilder;
use crate::warehouse::{Column, ColumnType, DuckDb, DuckDbOptions, TableName, Warehouse};

use ColumnType::{Integer, Text};

/// The schema of the table.
pub(crate) const SCHEMA: &str = "main";

/// The first columns are the contract; the others may grow.
const COLUMNS: [(&str, ColumnType); 20] = [
    ("finding_id", Text),
    ("kind", Text),
    ("severity", Text),
    ("source", Text),
    ("table", Text),
    ("column", Text),
    ("detail", Text),
    ("before", Text),
    ("after", Text),
    ("entities_touched", Integer),
    ("decisions_touched", Integer),
    ("plays_touched", Text),
    ("cause_id", Text),
    ("fields_touched", Text),
    ("money_touched", Text),
    ("conflicts_touched", Integer),
    ("status", Text),
    ("assignee", Text),
    ("run_id", Text),
    ("first_run_id", Text),
];

/// An embedded engine that holds the table `findings` and nothing else.
pub(crate) fn table(workspace: &Workspace) -> Result<DuckDb> {
    let view = drift::view(workspace, None, jiff::Timestamp::now())?;
    let scratch = DuckDb::in_memory(&DuckDbOptions::default())?;
    let mut builder = BatchBuilder::new(&COLUMNS);
    for row in rows(&view) {
        builder.push_slots(&row)?;
    }
    let columns: Vec<Column> = COLUMNS.iter().map(|(name, kind)| Column::new(*name, *kind)).collect();
    scratch.load(&TableName::new(SCHEMA, "findings"), &columns, &mut std::iter::once(builder.finish()))?;
    Ok(scratch)
}

fn rows(view: &View) -> Vec<Vec<Slot<'_>>> {
    let mut rows = Vec::new();
    for cause in &view.report.causes {
        for finding in &cause.findings {
            let impact = &finding.impact;
            let standing = view.standing.get(&finding.id).or_else(|| view.standing.get(&cause.id));
            let money: Vec<String> = impact.money.iter().map(|(code, sum)| format!("{sum:.2} {code}")).collect();
            let conflicts: u64 = impact.conflicts.iter().map(|(_, count)| count).sum();
            rows.push(vec![
                Slot::words(&finding.id),
                Slot::words(finding.kind.as_str()),
                Slot::words(finding.severity.as_str()),
                Slot::words(&finding.source),
                Slot::words(&finding.table),
                Slot::words(&finding.column),
                Slot::words(&finding.detail),
                Slot::words(&finding.before),
                Slot::words(&finding.after),
                Slot::Integer(impact.entities as i64),
                Slot::Integer(impact.decisions as i64),
                list(&impact.plays),
                Slot::words(&cause.id),
                list(&impact.fields),
                list(&money),
                Slot::Integer(conflicts as i64),
                Slot::words(standing.map_or("open", |standing| standing.state.as_str())),
                standing.and_then(|standing| standing.assignee.as_deref()).into(),
                Slot::words(&view.report.run_id),
                view.first_seen.get(&finding.id).map(String::as_str).into(),
            ]);
        }
    }
    rows
}

/// Words by comma; nothing when there is none.
fn list(words: &[String]) -> Slot<'static> {
    if words.is_empty() { Slot::Null } else { Slot::own(words.join(", ")) }
}
