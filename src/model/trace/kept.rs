//! What did the last run keep about a field?

use super::find::{Found, KINDS};
use super::{Trace, TracedCell, TracedLink, TracedPart};
use crate::chart::source_map::TableEntry;
use crate::error::Result;
use crate::model::parse;
use crate::warehouse::{Dialect, Rows, TableName, Value, Warehouse};

/// How many rows of an aggregate are listed.
pub(super) const LISTED: usize = 200;

/// What was kept, and what is needed to look further.
pub(super) struct Kept {
    pub(super) trace: Trace,
    /// The source tables of the cells, by source and table.
    pub(super) tables: Vec<(String, TableEntry)>,
    /// Events a day, for fields that count use.
    pub(super) days: Vec<(String, i64, i64)>,
    /// Users and groups of the account, as source, table, key.
    pub(super) users: Vec<(String, String, String)>,
    /// What the sources give for a count of events now, with the days it covers.
    pub(super) recount: Option<i64>,
}

const WIDTH: usize = 16;

/// Reads everything in one round trip.
pub(super) fn read(warehouse: &dyn Warehouse, schema: &str, found: &Found) -> Result<Kept> {
    let dialect = warehouse.dialect();
    let sql = query(dialect, schema, found);
    let rows = warehouse.query(&sql, &[Value::from(found.id.as_str()), Value::from(found.field.as_str())])?;
    let trace = Trace {
        entity_kind: found.kind.clone(),
        entity_id: found.id.clone(),
        name: found.name.clone(),
        field: found.field.clone(),
        documentation: found.documentation.clone(),
        value: None,
        rule: found.own_rule.clone().unwrap_or_default(),
        run_id: None,
        as_of: None,
        winner: None,
        losers: Vec::new(),
        parts: Vec::new(),
        part_count: 0,
        check: None,
        source_row: Vec::new(),
        links: Vec::new(),
        notes: Vec::new(),
        round_trips: 2,
    };
    let mut kept = Kept { trace, tables: Vec::new(), days: Vec::new(), users: Vec::new(), recount: None };
    for row in 0..rows.len() {
        take(&mut kept, &rows, row, found);
    }
    settle(&mut kept);
    Ok(kept)
}

fn take(kept: &mut Kept, rows: &Rows, row: usize, found: &Found) {
    let cell = |column: usize| rows.text(row, column).map(str::to_owned);
    let words = |column: usize| cell(column).unwrap_or_default();
    let trace = &mut kept.trace;
    match rows.text(row, 0).unwrap_or_default() {
        "value" => trace.value = cell(1),
        "run" => (trace.run_id, trace.as_of) = (cell(1), cell(2)),
        "cell" => {
            let traced = TracedCell {
                value: cell(1),
                source: words(2),
                table: words(3),
                pk: cell(4),
                column: cell(5),
                sync_id: cell(6),
                synced_at: cell(7),
                rule: words(8),
                transform: words(11),
                ..TracedCell::default()
            };
            if words(9) == "true" {
                trace.rule.clone_from(&traced.rule);
                trace.part_count = cell(12).and_then(|count| count.parse().ok()).unwrap_or(0);
                trace.winner = Some(traced);
            } else {
                trace.losers.push(traced);
            }
        }
        "part" => trace.parts.push(TracedPart {
            part: words(1),
            source: words(2),
            table: words(3),
            pk: words(4),
            column: cell(5),
            sync_id: cell(6),
            synced_at: cell(7),
            value: cell(8),
            contribution: cell(9),
            of: cell(10).filter(|of| *of != found.id),
            ..TracedPart::default()
        }),
        "link" => trace.links.push(TracedLink {
            source: words(1),
            table: words(2),
            pk: words(3),
            rule: words(4),
            weight: cell(5).and_then(|weight| weight.parse().ok()),
            decided_by: words(6),
        }),
        "user" => kept.users.push((words(1), words(2), words(3))),
        "day" => {
            let number = |column: usize| rows.text(row, column).and_then(|text| text.parse().ok()).unwrap_or(0);
            kept.days.push((words(1), number(2), number(3)));
        }
        "table" => {
            if let Ok(entry) = serde_json::from_str::<TableEntry>(&words(2)) {
                kept.tables.push((words(1), entry));
            }
        }
        _ => {}
    }
}

fn settle(kept: &mut Kept) {
    let as_of = kept.trace.as_of.as_deref().and_then(parse::moment);
    let age = |synced: Option<&str>| {
        let (as_of, synced) = (as_of?, parse::moment(synced?)?);
        Some((as_of.0 - synced.0).div_euclid(3_600_000_000))
    };
    let trace = &mut kept.trace;
    for cell in trace.winner.iter_mut().chain(&mut trace.losers) {
        cell.age_hours = age(cell.synced_at.as_deref());
    }
    if trace.value.is_none() && trace.winner.is_none() {
        trace.notes.push(if trace.losers.is_empty() {
            "no source has a value for this field".to_owned()
        } else {
            "the rule lets none of the values survive".to_owned()
        });
    }
    if trace.parts.len() >= LISTED {
        trace.notes.push(format!("only the first {LISTED} rows are listed"));
    }
}

/// One branch: a tag and its cells, padded to one width.
fn branch(dialect: Dialect, tag: &str, cells: &[String], rest: &str) -> String {
    let mut items = vec![format!("'{tag}'")];
    items.extend(cells.iter().cloned());
    items.resize(WIDTH, format!("CAST(NULL AS {})", dialect.type_name(crate::warehouse::ColumnType::Text)));
    format!("(SELECT {} {rest})", items.join(", "))
}

#[expect(clippy::too_many_lines, reason = "one list of cases, read from top to bottom")]
fn query(dialect: Dialect, schema: &str, found: &Found) -> String {
    let table = |name: &str| dialect.table(&TableName::new(schema, name));
    let quote = |name: &str| dialect.quote(name);
    let text = |name: &str| dialect.text(name);
    let (id, field) = ("CAST($1 AS VARCHAR(4000))", "CAST($2 AS VARCHAR(200))");
    let (table_word, column_word) = (quote("table"), quote("column"));
    let plain = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    let id_column = KINDS.iter().find(|(kind, _, _)| *kind == found.kind).map_or("entity_id", |(_, _, id)| *id);
    let mut branches = vec![
        branch(
            dialect,
            "value",
            &[text(&quote(&found.field))],
            &format!("FROM {} WHERE {id_column} = {id} AND {field} IS NOT NULL", table(found.table)),
        ),
        branch(
            dialect,
            "run",
            &plain(&["run_id", "as_of"]),
            &format!("FROM {0} WHERE started = (SELECT MAX(started) FROM {0})", table("runs")),
        ),
    ];
    if found.origin == "row" {
        let source = format!(
            "FROM {} t JOIN {} m ON m.model_table = '{}' AND m.field = {field} AND m.source = t._source AND m.{table_word} = t._table WHERE t.{id_column} = {id}",
            table(found.table),
            table("lineage_columns"),
            found.table
        );
        let cells = [
            text(&format!("t.{}", quote(&found.field))),
            "t._source".into(),
            "t._table".into(),
            "t._pk".into(),
            format!("m.{column_word}"),
            "t._sync_id".into(),
            "t._synced_at".into(),
            "m.rule".into(),
            "'true'".into(),
            "'0'".into(),
            "m.rule".into(),
            "'0'".into(),
        ];
        branches.push(branch(dialect, "cell", &cells, &source));
        let entry = format!(
            "FROM {} s JOIN {} t ON s.source = t._source AND s.{table_word} = t._table WHERE t.{id_column} = {id}",
            table("source_map"),
            table(found.table)
        );
        branches.push(branch(dialect, "table", &plain(&["s.source", "s.entry"]), &entry));
        return branches.join(" UNION ALL ");
    }
    let mine = format!("entity_id = {id} AND field = {field} AND entity_kind = '{}'", found.kind);
    let cells = [
        "value".to_owned(),
        "source".into(),
        table_word.clone(),
        "pk".into(),
        column_word.clone(),
        "sync_id".into(),
        "synced_at".into(),
        "rule".into(),
        text("is_winner"),
        text(&quote("rank")),
        "transform".into(),
        text("parts"),
    ];
    let ranked = format!(
        "FROM (SELECT * FROM {} WHERE {mine} ORDER BY {} LIMIT {LISTED}) cells",
        table("lineage_cells"),
        quote("rank")
    );
    branches.push(branch(dialect, "cell", &cells, &ranked));
    let parts = [
        "part".to_owned(),
        "source".into(),
        table_word.clone(),
        "pk".into(),
        column_word.clone(),
        "sync_id".into(),
        "synced_at".into(),
        "value".into(),
        "contribution".into(),
        "entity_id".into(),
    ];
    let all_parts = if found.kind == "account" && matches!(found.field.as_str(), "arr" | "mrr") {
        format!(
            "({mine}) OR (entity_kind = 'subscription' AND field = 'mrr' AND entity_id IN (SELECT subscription_id FROM {} WHERE account_entity_id = {id}))",
            table("subscriptions")
        )
    } else {
        mine.clone()
    };
    let listed = format!(
        "FROM (SELECT * FROM {} WHERE {all_parts} ORDER BY entity_kind, entity_id, part, source, {table_word}, pk LIMIT {LISTED}) parts_of",
        table("lineage_parts")
    );
    branches.push(branch(dialect, "part", &parts, &listed));
    let link = plain(&["source", &table_word, "pk", "rule"])
        .into_iter()
        .chain([text("weight"), "decided_by".into()])
        .collect::<Vec<_>>();
    branches.push(branch(
        dialect,
        "link",
        &link,
        &format!(
            "FROM (SELECT * FROM {} WHERE entity_id = {id} ORDER BY source, {table_word}, pk LIMIT {LISTED}) links_of",
            table("links")
        ),
    ));
    let wanted = format!(
        "FROM {map} s WHERE EXISTS (SELECT 1 FROM {cells} c WHERE c.entity_id = {id} AND c.field = {field} AND c.source = s.source AND c.{table_word} = s.{table_word}) \
         OR EXISTS (SELECT 1 FROM (SELECT * FROM {parts} WHERE {all_parts}) p WHERE p.source = s.source AND p.{table_word} = s.{table_word})",
        map = table("source_map"),
        cells = table("lineage_cells"),
        parts = table("lineage_parts"),
    );
    branches.push(branch(dialect, "table", &plain(&["s.source", "s.entry"]), &wanted));
    if found.kind == "account" && super::readd::window(&found.field).is_some() {
        branches.push(branch(
            dialect,
            "day",
            &[text("day"), text("SUM(events)"), text("MAX(active_users)")],
            &format!("FROM {} WHERE account_entity_id = {id} GROUP BY day", table("account_usage_daily")),
        ));
        branches.push(branch(
            dialect,
            "user",
            &plain(&["source", &table_word, "pk"]),
            &format!("FROM {} WHERE entity_id = {id} AND relation = 'user_of_account'", table("relations")),
        ));
    }
    branches.join(" UNION ALL ")
}
