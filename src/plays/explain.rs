//! Why does an account have its score: which signals, out of which fields of the model?

use serde::Serialize;

use super::definition::{Play, Scoring};
use super::published::Published;
use super::reads::Reads;
use super::rows::{Selection, key};
use super::statement::{Settings, Shape, part, statement};
use crate::error::{Error, Result};
use crate::warehouse::{ColumnType, TableName, Value, Warehouse};

/// A row of a play, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Explanation {
    /// The play.
    pub play: String,
    /// The row's key.
    pub key: String,
    /// The account.
    pub entity_id: String,
    /// Its name.
    pub name: Option<String>,
    /// The score.
    pub score: Option<f64>,
    /// The tier.
    pub tier: String,
    /// The drivers in words.
    pub drivers: String,
    /// The share of weight that was known.
    pub known_share: Option<f64>,
    /// The oldest sync of the inputs.
    pub inputs_as_of: Option<String>,
    /// The run whose model was read.
    pub run_id: String,
    /// The signals, the weightiest first.
    pub signals: Vec<SignalRow>,
    /// The play's own columns with the fields behind each.
    pub columns: Vec<ColumnRow>,
}

/// A signal of one account.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SignalRow {
    /// Its name.
    pub signal: String,
    /// What it is.
    pub about: String,
    /// The value; None when it is not known.
    pub value: Option<f64>,
    /// The value between 0 and 1.
    pub level: Option<f64>,
    /// The weight.
    pub weight: f64,
    /// What it adds to the score.
    pub points: Option<f64>,
    /// In words; None when it is not known.
    pub words: Option<String>,
    /// The fields behind it.
    pub fields: Vec<FieldValue>,
}

/// A column of one row.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ColumnRow {
    /// Its name.
    pub column: String,
    /// Its value.
    pub value: Option<String>,
    /// The fields behind it.
    pub fields: Vec<FieldValue>,
}

/// A field of the model, with its value where the account itself has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FieldValue {
    /// The table.
    pub table: String,
    /// The column.
    pub field: String,
    /// The value of the account's own row; None for other tables and for what is empty.
    pub value: Option<String>,
}

/// Takes the rows of an account apart; several where a play has several rows an account.
///
/// # Errors
/// `NotFound` when the play has no row for the account; `Warehouse` when it cannot be run.
pub fn explain(
    play: &Play,
    warehouse: &dyn Warehouse,
    schema: &str,
    published: &Published,
    reads: &Reads,
    entity: &str,
) -> Result<Vec<Explanation>> {
    let dialect = warehouse.dialect();
    let inputs_as_of = published.inputs_as_of(&reads.fields);
    let literals = published.literals(dialect, inputs_as_of.as_deref());
    let frame = literals.frame(&published.tables, &published.absent, Settings::Inline);
    let sql = statement(play, &frame, Shape::Explained)?;
    let mut selection = Selection::output(play);
    for signal in &play.signals {
        for (what, kind) in [
            ("value", ColumnType::Float),
            ("signal", ColumnType::Float),
            ("points", ColumnType::Float),
            ("words", ColumnType::Text),
        ] {
            selection.columns.push((part(signal, what), kind));
        }
    }
    let query = format!(
        "SELECT {} FROM ({sql}) AS explained WHERE explained.entity_id = CAST($1 AS {})",
        selection.items(dialect, "explained"),
        dialect.type_name(ColumnType::Text)
    );
    let rows = warehouse.query(&query, &[Value::from(entity)])?;
    if rows.is_empty() {
        return Err(Error::not_found(format!("{entity} takes no part in the play {}", play.name))
            .hint(play.about.split(['.', '?']).next().unwrap_or_default().trim().to_owned() + "?"));
    }
    let values = own_values(warehouse, schema, reads, entity)?;
    let mut found: Vec<Explanation> = (0..rows.len())
        .map(|row| {
            let text = |name: &str| selection.text(&rows, row, name);
            let number = |name: &str| selection.number(&rows, row, name);
            let fields = |name: &str| -> Vec<FieldValue> {
                reads
                    .behind(play, name)
                    .into_iter()
                    .map(|(table, field)| FieldValue {
                        value: (table == "accounts").then(|| values.get(&field).cloned()).flatten(),
                        table,
                        field,
                    })
                    .collect()
            };
            let mut signals: Vec<SignalRow> = play
                .signals
                .iter()
                .map(|signal| SignalRow {
                    signal: signal.name.clone(),
                    about: signal.about.clone(),
                    value: number(&part(signal, "value")),
                    level: number(&part(signal, "signal")),
                    weight: signal.weight,
                    points: number(&part(signal, "points")),
                    words: text(&part(signal, "words")),
                    fields: fields(&signal.name),
                })
                .collect();
            signals.sort_by(|one, other| other.points.unwrap_or(-1.0).total_cmp(&one.points.unwrap_or(-1.0)));
            Explanation {
                play: play.name.clone(),
                key: key(play, &selection, &rows, row),
                entity_id: entity.to_owned(),
                name: text("name"),
                score: number("score"),
                tier: text("tier").unwrap_or_default(),
                drivers: text("drivers").unwrap_or_default(),
                known_share: number("known_share"),
                inputs_as_of: text("inputs_as_of"),
                run_id: text("run_id").unwrap_or_default(),
                signals,
                columns: play
                    .columns
                    .iter()
                    .filter(|column| play.scoring == Scoring::Given || column.name != "entity_id")
                    .map(|column| ColumnRow {
                        column: column.name.clone(),
                        value: text(&column.name),
                        fields: fields(&column.name),
                    })
                    .collect(),
            }
        })
        .collect();
    found.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(found)
}

/// The account's own values of the fields that a play reads.
fn own_values(
    warehouse: &dyn Warehouse,
    schema: &str,
    reads: &Reads,
    entity: &str,
) -> Result<std::collections::BTreeMap<String, String>> {
    let dialect = warehouse.dialect();
    let mut fields: Vec<&String> =
        reads.fields.iter().filter(|(table, _)| table == "accounts").map(|(_, field)| field).collect();
    fields.dedup();
    if fields.is_empty() {
        return Ok(std::collections::BTreeMap::new());
    }
    let items: Vec<String> = fields.iter().map(|field| dialect.text(&dialect.quote(field))).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE entity_id = CAST($1 AS {})",
        items.join(", "),
        dialect.table(&TableName::new(schema, "accounts")),
        dialect.type_name(ColumnType::Text)
    );
    let rows = warehouse.query(&sql, &[Value::from(entity)])?;
    Ok(fields
        .iter()
        .enumerate()
        .filter_map(|(place, field)| Some(((*field).clone(), rows.text(0, place)?.to_owned())))
        .collect())
}
