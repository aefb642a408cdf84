//! How does every column of a play stand in exports of lineage, beside the fields of the model?
//!
//! By what is published alone: `play_columns` says what each column is and how it is made, `play_fields` which fields of the model
//! are behind it. From those fields lineage goes on to the source rows.

use std::collections::{BTreeMap, BTreeSet};

use super::publish::{COLUMNS, FIELDS};
use super::published::Field;
use crate::error::Result;
use crate::model::openlineage::{Made, MadeColumn};
use crate::warehouse::{ColumnType, Dialect, TableName, TableShape, Warehouse};

/// The published plays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// Every column, by play and in the play's order.
    pub columns: Vec<PlayColumn>,
    shapes: BTreeMap<String, Vec<(String, ColumnType)>>,
    absent: Vec<String>,
}

/// A column of a play, with what it is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlayColumn {
    /// The play.
    pub play: String,
    /// The column.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// `fields`, `run` or `stated`.
    pub origin: String,
    /// How it is made, in words.
    pub rule: String,
    /// What it means.
    pub documentation: String,
    /// Whether it tells rows apart.
    pub is_key: bool,
    /// The fields behind it.
    pub fields: BTreeSet<Field>,
}

impl PlayColumn {
    /// The published table.
    #[must_use]
    pub fn table(&self) -> String {
        format!("play_{}", self.play)
    }
}

/// Reads the columns of the published plays; none where the last run made no plays.
///
/// # Errors
/// `Warehouse` when they cannot be read.
pub fn read(warehouse: &dyn Warehouse, schema: &str) -> Result<Lineage> {
    let shapes: Vec<TableShape> =
        warehouse.tables(schema)?.into_iter().filter(|shape| shape.name.table.starts_with("play_")).collect();
    let has = |name: &str| shapes.iter().any(|shape| shape.name.table == name);
    if !has(COLUMNS) || !has(FIELDS) {
        return Ok(Lineage::default());
    }
    let dialect = warehouse.dialect();
    let name = |table: &str| dialect.table(&TableName::new(schema, table));
    let column = dialect.quote("column");
    let rows = warehouse.query(
        &format!("SELECT play, {column}, model_table, field FROM {} WHERE part = 'output'", name(FIELDS)),
        &[],
    )?;
    let text = |row: usize, place: usize| rows.text(row, place).unwrap_or_default().to_owned();
    let mut behind: BTreeMap<(String, String), BTreeSet<Field>> = BTreeMap::new();
    for row in 0..rows.len() {
        behind.entry((text(row, 0), text(row, 1))).or_default().insert((text(row, 2), text(row, 3)));
    }
    let rows = warehouse.query(
        &format!("SELECT play, {column}, type, origin, rule, documentation, is_key FROM {}", name(COLUMNS)),
        &[],
    )?;
    let text = |row: usize, place: usize| rows.text(row, place).unwrap_or_default().to_owned();
    let mut columns: Vec<PlayColumn> = (0..rows.len())
        .map(|row| PlayColumn {
            play: text(row, 0),
            name: text(row, 1),
            kind: text(row, 2),
            origin: text(row, 3),
            rule: text(row, 4),
            documentation: text(row, 5),
            is_key: rows.boolean(row, 6).unwrap_or(false),
            fields: behind.remove(&(text(row, 0), text(row, 1))).unwrap_or_default(),
        })
        .collect();
    let shapes: BTreeMap<String, Vec<(String, ColumnType)>> = shapes
        .into_iter()
        .map(|shape| (shape.name.table, shape.columns.into_iter().map(|column| (column.name, column.kind)).collect()))
        .collect();
    // The order of the published table, which is that of the definition.
    let place = |column: &PlayColumn| {
        let known = shapes.get(&column.table());
        known.and_then(|known| known.iter().position(|(name, _)| *name == column.name)).unwrap_or(usize::MAX)
    };
    columns.sort_by(|one, other| (&one.play, place(one), &one.name).cmp(&(&other.play, place(other), &other.name)));
    let known = warehouse.query(&format!("SELECT model_table, field FROM {}", name("model_columns")), &[])?;
    let known: BTreeSet<Field> = (0..known.len())
        .map(|row| {
            (known.text(row, 0).unwrap_or_default().to_owned(), known.text(row, 1).unwrap_or_default().to_owned())
        })
        .collect();
    let absent = columns
        .iter()
        .flat_map(|column| {
            column.fields.iter().filter(|field| !known.contains(*field)).map(|(table, field)| {
                format!("{}.{}: made of {table}.{field}, which the model does not have", column.table(), column.name)
            })
        })
        .collect();
    Ok(Lineage { columns, shapes, absent })
}

impl Lineage {
    /// Queries that give the lineage of every value of every play, in the shape of the view `lineage`: once for each field of the
    /// model behind it. The row of the model is named where it is one, the account's own.
    #[must_use]
    pub fn queries(&self, dialect: Dialect, schema: &str) -> Vec<String> {
        let text = dialect.type_name(ColumnType::Text);
        let null = format!("CAST(NULL AS {text})");
        let word = |value: &str| format!("CAST({} AS {text})", dialect.literal(value));
        let mut queries = Vec::new();
        for column in &self.columns {
            let Some(kind) = self.kind(column) else { continue };
            let keys: Vec<&str> = self
                .columns
                .iter()
                .filter(|other| other.play == column.play && other.is_key)
                .map(|key| key.name.as_str())
                .collect();
            let rule = keys.iter().filter(|key| **key != "entity_id").fold(
                word(&format!("play {}: {}", column.play, column.rule)),
                |rule, key| {
                    format!("{rule} || {} || CAST(t.{} AS {text})", word(&format!("; {key} ")), dialect.quote(key))
                },
            );
            let value = format!("t.{}", dialect.quote(&column.name));
            // One row for one account reads the account's own row; where rows are sums, several stand behind.
            let own_row = if keys == ["entity_id"] { format!("CAST(t.entity_id AS {text})") } else { null.clone() };
            let mut origins: Vec<[String; 3]> = column
                .fields
                .iter()
                .map(|(table, field)| {
                    let named = if table == "accounts" { "account" } else { "" };
                    [word(table), word(named), word(field)]
                })
                .collect();
            match (column.origin.as_str(), column.name.as_str()) {
                ("run", "inputs_as_of") => {
                    origins.push([word(super::publish::INPUTS), word(""), word("newest_sync")]);
                }
                ("run", _) => origins.push([word("runs"), word("run"), word("run_id")]),
                ("stated", _) => origins.push([word(&column.table()), word(""), word(&column.name)]),
                _ => {}
            }
            if origins.is_empty() {
                continue;
            }
            let listed: Vec<String> =
                origins.iter().map(|[table, pk, field]| format!("({table}, {field}, {pk})")).collect();
            queries.push(format!(
                "SELECT {kind}, CAST(t.entity_id AS {text}), {name}, {value_text}, {source}, f.origin_table, \
                 CASE f.row_named WHEN 'account' THEN {own_row} WHEN 'run' THEN CAST(t.run_id AS {text}) END, f.origin_column, {null}, {null}, {rule} \
                 FROM {rows} t CROSS JOIN (VALUES {listed}) AS f(origin_table, origin_column, row_named) WHERE {value} IS NOT NULL",
                kind = word("account"),
                name = word(&format!("{}.{}", column.play, column.name)),
                value_text = dialect.text_as(&value, kind),
                source = word(schema),
                rows = dialect.table(&TableName::new(schema, column.table())),
                listed = listed.join(", "),
            ));
        }
        queries
    }

    /// The plays as tables of an `OpenLineage` event.
    #[must_use]
    pub fn made(&self) -> Vec<Made> {
        let mut tables: Vec<Made> = Vec::new();
        for column in &self.columns {
            let table = column.table();
            if tables.last().is_none_or(|made| made.table != table) {
                let documentation = format!("What the play {} says, as of the last run.", column.play);
                tables.push(Made { table, documentation, columns: Vec::new() });
            }
            let inputs = match (column.origin.as_str(), column.name.as_str()) {
                ("run", "inputs_as_of") => [(super::publish::INPUTS.to_owned(), "newest_sync".to_owned())].into(),
                ("run", _) => [("runs".to_owned(), "run_id".to_owned())].into(),
                _ => column.fields.clone(),
            };
            let Some(made) = tables.last_mut() else { continue };
            made.columns.push(MadeColumn {
                name: column.name.clone(),
                kind: column.kind.clone(),
                documentation: column.documentation.clone(),
                rule: column.rule.clone(),
                inputs,
            });
        }
        tables
    }

    /// What no lineage explains: columns of published plays that no play gives, or that nothing stands behind, and fields that the
    /// model does not have. `filled` tells how many values a column of a table has.
    ///
    /// # Errors
    /// As `filled`.
    pub fn orphaned(&self, filled: &dyn Fn(&str, &str) -> Result<u64>) -> Result<Vec<String>> {
        let mut found = self.absent.clone();
        let plays: BTreeSet<String> = self.columns.iter().map(PlayColumn::table).collect();
        for table in plays {
            for (name, _) in self.shapes.get(&table).into_iter().flatten() {
                let own = self.columns.iter().find(|column| column.table() == table && column.name == *name);
                if own.is_some_and(|own| own.origin != "fields" || !own.fields.is_empty()) {
                    continue;
                }
                let values = filled(&table, name)?;
                if values > 0 {
                    found.push(format!("{table}.{name}: {values} values, 0 of them with an origin"));
                }
            }
        }
        Ok(found)
    }

    fn kind(&self, column: &PlayColumn) -> Option<ColumnType> {
        let known = self.shapes.get(&column.table())?;
        known.iter().find(|(name, _)| *name == column.name).map(|(_, kind)| *kind)
    }
}
