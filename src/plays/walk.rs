//! How does a score walk down to the source rows: its signals, the fields behind each, the rows behind each field?

use std::collections::BTreeSet;

use serde::Serialize;

use super::definition::Play;
use super::explain::{Explanation, explain};
use super::published::{Field, Published};
use super::reads::{Origin, Reads};
use crate::error::{Error, Result};
use crate::model::shape;
use crate::model::table::ColumnOrigin;
use crate::model::trace::{Trace, trace};
use crate::warehouse::{ColumnType, TableName, Value, Warehouse};

/// How many rows of another table are listed.
const LISTED: usize = 50;

/// A column of a play's row, walked down.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Walk {
    /// The row, taken apart.
    pub row: Explanation,
    /// The column that is walked.
    pub column: String,
    /// How it is made, in words.
    pub rule: String,
    /// Its fields, each down to its rows; none for what the run makes or the play's SQL states.
    pub fields: Vec<FieldWalk>,
}

/// A field of the model, walked down.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FieldWalk {
    /// The table of the model.
    pub table: String,
    /// The field.
    pub field: String,
    /// The signals that read it.
    pub signals: Vec<String>,
    /// The walk of the account's own field; None for other tables.
    pub trace: Option<Trace>,
    /// The rows of another table, each with its source row.
    pub rows: Vec<SourceRow>,
}

/// A row of the model that stands for one source row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SourceRow {
    /// The row's id in the model.
    pub id: String,
    /// The source.
    pub source: String,
    /// The table.
    pub table: String,
    /// The key.
    pub pk: String,
    /// The value of the field.
    pub value: Option<String>,
}

/// Walks a column of a play for an account, such as `score` or a signal, down to the source rows.
///
/// # Errors
/// `NotFound` when the play gives no such column or has no row for the account; `Warehouse` when rows cannot be read.
pub fn walk(
    play: &Play,
    warehouse: &dyn Warehouse,
    schema: &str,
    published: &Published,
    reads: &Reads,
    entity: &str,
    column: &str,
) -> Result<Vec<Walk>> {
    if !play.output().iter().any(|(name, ..)| name == column) && reads.behind(play, column).is_empty() {
        let mut known: Vec<String> = play.signals.iter().map(|signal| signal.name.clone()).collect();
        known.extend(play.output().into_iter().map(|(name, ..)| name));
        return Err(Error::not_found(format!("the play {} gives no column {column:?}", play.name))
            .hint(format!("it can be walked from: {}", known.join(", "))));
    }
    let origin = reads.origin(play, column);
    let rule = origin.rule(play, column);
    let wanted = if let Origin::Fields(fields) = origin { fields } else { BTreeSet::new() };
    let rows = explain(play, warehouse, schema, published, reads, entity)?;
    let mut fields = Vec::new();
    for (table, field) in &wanted {
        let signals = play
            .signals
            .iter()
            .filter(|signal| reads.behind(play, &signal.name).contains(&(table.clone(), field.clone())))
            .map(|signal| signal.name.clone())
            .collect();
        let own = FieldWalk { table: table.clone(), field: field.clone(), signals, ..FieldWalk::default() };
        fields.push(if table == "accounts" {
            FieldWalk { trace: Some(trace(warehouse, schema, &format!("account:{entity}"), field)?), ..own }
        } else {
            FieldWalk {
                rows: source_rows(play, warehouse, schema, reads, &(table.clone(), field.clone()), entity)?,
                ..own
            }
        });
    }
    Ok(rows
        .into_iter()
        .map(|row| Walk { row, column: column.to_owned(), rule: rule.to_owned(), fields: fields.clone() })
        .collect())
}

/// The account's rows of a table whose rows are source rows. Of a play with several grains, also those of the accounts below it.
///
/// # Errors
/// `Warehouse` when rows cannot be read.
pub fn source_rows(
    play: &Play,
    warehouse: &dyn Warehouse,
    schema: &str,
    reads: &Reads,
    (table, field): &Field,
    entity: &str,
) -> Result<Vec<SourceRow>> {
    let Some((_, columns)) = shape::tables().into_iter().find(|(name, _)| name == table) else { return Ok(Vec::new()) };
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    if !has("_pk") || !has("account_entity_id") {
        return Ok(Vec::new());
    }
    let dialect = warehouse.dialect();
    let id =
        columns.iter().find(|column| matches!(column.origin, ColumnOrigin::Own(_))).map_or("_pk", |column| column.name);
    let items: Vec<String> = [id, "_source", "_table", "_pk", field.as_str()]
        .iter()
        .map(|name| dialect.text(&dialect.quote(name)))
        .collect();
    let asked = format!("CAST($1 AS {})", dialect.type_name(ColumnType::Text));
    let parent = ("accounts".to_owned(), "ultimate_parent_entity_id".to_owned());
    let below = if play.key != ["entity_id"] && reads.fields.contains(&parent) {
        format!(
            " OR account_entity_id IN (SELECT entity_id FROM {} WHERE ultimate_parent_entity_id = {asked})",
            dialect.table(&TableName::new(schema, "accounts"))
        )
    } else {
        String::new()
    };
    let sql = format!(
        "SELECT {} FROM {} WHERE account_entity_id = {asked}{below} ORDER BY 2, 3, 4 LIMIT {LISTED}",
        items.join(", "),
        dialect.table(&TableName::new(schema, table)),
    );
    let rows = warehouse.query(&sql, &[Value::from(entity)])?;
    Ok((0..rows.len())
        .map(|row| {
            let cell = |column: usize| rows.text(row, column).unwrap_or_default().to_owned();
            SourceRow {
                id: cell(0),
                source: cell(1),
                table: cell(2),
                pk: cell(3),
                value: rows.text(row, 4).map(str::to_owned),
            }
        })
        .collect())
}
