//! How do plays become a part of a run, published at once with the model that they read?

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{COMMON, Play, Signal};
use super::library::Library;
use super::published::{Field, Published, feeds};
use super::reads::{Origin, Reads};
use super::statement::{Settings, Shape, statement};
use crate::error::{Error, Result};
use crate::model::publish::rows::{Shape as TableColumns, Slot, load as load_rows};
use crate::model::shape;
use crate::progress::{CancelToken, Progress};
use crate::warehouse::{ColumnType, Dialect, Publication, TableName, Warehouse};

use ColumnType::{Boolean, Float, Text};

/// Which source tables each play reads through which fields, with their newest sync: what `inputs_as_of` is made of.
pub const INPUTS: &str = "play_inputs";
/// Every column that plays give, with where it comes from.
pub const COLUMNS: &str = "play_columns";
/// Which fields stand behind which signal, column of the SQL and column of the output of a play.
pub const FIELDS: &str = "play_fields";
/// What plays say of each entity, one row an output: score, tier, owner.
pub const OUTPUTS: &str = "play_outputs";
/// What plays said in the run before the last one.
pub const BEFORE: &str = "play_scores_before";

const INPUT_COLUMNS: &TableColumns =
    &[("play", Text), ("model_table", Text), ("field", Text), ("source", Text), ("table", Text), ("newest_sync", Text)];

const FIELD_COLUMNS: &TableColumns =
    &[("play", Text), ("column", Text), ("part", Text), ("model_table", Text), ("field", Text)];

const COLUMN_COLUMNS: &TableColumns = &[
    ("play", Text),
    ("column", Text),
    ("type", Text),
    ("origin", Text),
    ("rule", Text),
    ("documentation", Text),
    ("is_key", Boolean),
];

const OUTPUT_COLUMNS: &TableColumns = &[("entity_id", Text), ("play", Text), ("output", Text), ("value", Text)];

const BEFORE_COLUMNS: &TableColumns = &[
    ("play", Text),
    ("run_id", Text),
    ("key", Text),
    ("entity_id", Text),
    ("score", Float),
    ("tier", Text),
    ("owner", Text),
];

/// What is to be published.
pub struct StageInput<'a> {
    /// Where to.
    pub warehouse: &'a dyn Warehouse,
    /// The schema that fourfold owns.
    pub schema: &'a str,
    /// The plays with the fields that each reads.
    pub plays: &'a [(&'a Play, Reads)],
    /// The run.
    pub run_id: &'a str,
    /// The moment that parts past from future.
    pub as_of: jiff::Timestamp,
    /// Fields as `table.column` that no source feeds.
    pub absent: &'a BTreeSet<String>,
    /// Whether the model is the one that is published already: only plays are made anew.
    pub again: bool,
}

/// The plays that a run includes, each with the fields that it reads.
///
/// # Errors
/// `Config`, naming every fault of a play's SQL with file, line and column.
pub fn ready<'a>(library: &'a Library, dialect: Dialect, schema: &str) -> Result<Vec<(&'a Play, Reads)>> {
    library.enabled().map(|play| Ok((play, super::check::reads(play, dialect, schema)?))).collect()
}

/// Builds the tables of plays in a publication that has the model's tables already. Returns the tables with their rows.
///
/// # Errors
/// `Warehouse`, naming the play whose statement failed; `Cancelled`.
pub fn stage(
    publication: &mut Publication<'_>,
    input: &StageInput<'_>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Vec<(String, u64)>> {
    let dialect = input.warehouse.dialect();
    let mut tables = BTreeMap::new();
    for (name, _) in shape::tables() {
        let staged = standing(publication, input, name)?;
        if dialect == Dialect::Postgres && !input.again {
            // A table that was just filled has no statistics, and joins would be planned blindly.
            input.warehouse.execute(&format!("ANALYZE {staged}"), &[])?;
        }
        tables.insert(name.to_owned(), staged);
    }
    let published = Published {
        run_id: input.run_id.to_owned(),
        as_of: input.as_of.to_string(),
        day: input.as_of.strftime("%Y-%m-%d").to_string(),
        absent: input.absent.clone(),
        feeds: feeds(input.warehouse, &|name| standing(publication, input, name))?,
        tables,
        plays: BTreeSet::new(),
    };
    let mut made = if input.again { Vec::new() } else { vec![before(publication, input)?] };
    for (place, (play, reads)) in input.plays.iter().enumerate() {
        cancel.check()?;
        progress.advance(place as u64, input.plays.len() as u64);
        let inputs_as_of = published.inputs_as_of(&reads.fields);
        let literals = published.literals(dialect, inputs_as_of.as_deref());
        let frame = literals.frame(&published.tables, &published.absent, Settings::Inline);
        let sql = statement(play, &frame, Shape::Output)?;
        let rows = publication.create_as(&play.table(), &sql).map_err(|error| failed(play, error))?;
        made.push((play.table(), rows));
    }
    made.push(outputs(publication, input)?);
    made.push(inputs(publication, input, &published)?);
    made.push(columns(publication, input)?);
    made.push(fields(publication, input)?);
    let mut kept: BTreeSet<String> = made.iter().map(|(name, _)| name.clone()).collect();
    kept.insert(BEFORE.to_owned());
    for stale in existing(input.warehouse, input.schema)?.keys().filter(|name| !kept.contains(*name)) {
        publication.remove(stale);
    }
    Ok(made)
}

/// The name under which a table of the model stands while plays are made.
fn standing(publication: &Publication<'_>, input: &StageInput<'_>, name: &str) -> Result<String> {
    if input.again {
        return Ok(input.warehouse.dialect().table(&TableName::new(input.schema, name)));
    }
    publication.staged(name)
}

/// Takes the tables of plays out of a schema whose model is published without them: they would speak of another model.
///
/// # Errors
/// `Warehouse` when the schema cannot be read.
pub fn remove(publication: &mut Publication<'_>, warehouse: &dyn Warehouse, schema: &str) -> Result<()> {
    for name in existing(warehouse, schema)?.keys() {
        publication.remove(name);
    }
    Ok(())
}

fn failed(play: &Play, error: Error) -> Error {
    if error.kind == crate::error::ErrorKind::Cancelled {
        return error;
    }
    let kind = error.kind;
    let mut wrapped = Error::new(kind, format!("the play {} cannot be run: {}", play.name, error.message))
        .hint(format!("`fourfold plays check {}` looks for what is wrong", play.name))
        .hint(format!("[plays.{}] enabled = false in fourfold.toml leaves it out", play.name));
    wrapped.source = error.source;
    wrapped
}

/// The published tables of plays with their columns.
fn existing(warehouse: &dyn Warehouse, schema: &str) -> Result<BTreeMap<String, Vec<String>>> {
    Ok(warehouse
        .tables(schema)?
        .into_iter()
        .filter(|shape| shape.name.table.starts_with("play_") && !shape.is_view)
        .map(|shape| (shape.name.table, shape.columns.into_iter().map(|column| column.name).collect()))
        .collect())
}

/// What the last run said, kept beside what this one says.
fn before(publication: &mut Publication<'_>, input: &StageInput<'_>) -> Result<(String, u64)> {
    let dialect = input.warehouse.dialect();
    let text = dialect.type_name(Text);
    let mut branches = Vec::new();
    for (table, columns) in existing(input.warehouse, input.schema)? {
        let has = |name: &str| columns.iter().any(|column| column == name);
        let common = COMMON.iter().all(|(name, ..)| has(name)) && has("entity_id");
        let name = table.trim_start_matches("play_");
        if !common {
            continue;
        }
        let key = input.plays.iter().find(|(play, _)| play.name == name).map_or_else(
            || vec!["entity_id".to_owned()],
            |(play, _)| play.key.iter().filter(|column| has(column)).cloned().collect(),
        );
        let key: Vec<String> = key.iter().map(|column| format!("CAST({} AS {text})", dialect.quote(column))).collect();
        let owner = if has("owner") { format!("CAST(owner AS {text})") } else { format!("CAST(NULL AS {text})") };
        branches.push(format!(
            "SELECT CAST({} AS {text}) AS play, run_id, concat_ws(':', {}) AS {}, entity_id, score, tier, {owner} AS owner FROM {}",
            dialect.literal(name),
            key.join(", "),
            dialect.quote("key"),
            dialect.table(&TableName::new(input.schema, &table))
        ));
    }
    let rows = if branches.is_empty() {
        load_rows(publication, BEFORE, BEFORE_COLUMNS, std::iter::empty())?
    } else {
        publication.create_as(BEFORE, &branches.join(" UNION ALL "))?
    };
    Ok((BEFORE.to_owned(), rows))
}

/// The outputs of every play in one shape. Where a play has several rows an entity, the other parts of the key stand in the name of
/// the output.
fn outputs(publication: &mut Publication<'_>, input: &StageInput<'_>) -> Result<(String, u64)> {
    let dialect = input.warehouse.dialect();
    let text = dialect.type_name(Text);
    let mut branches = Vec::new();
    for (play, _) in input.plays {
        let parts: Vec<String> = play
            .key
            .iter()
            .filter(|name| *name != "entity_id")
            .map(|name| format!("CAST({} AS {text})", dialect.quote(name)))
            .collect();
        let suffix = if parts.is_empty() { String::new() } else { format!(", {}", parts.join(", ")) };
        let owner = play.has_column("owner").then_some(("owner", Text));
        for (output, kind) in [("score", Float), ("tier", Text)].into_iter().chain(owner) {
            branches.push(format!(
                "SELECT CAST(entity_id AS {text}) AS entity_id, CAST({} AS {text}) AS play, \
                 concat_ws(' ', CAST('{output}' AS {text}){suffix}) AS output, CAST({} AS {text}) AS value FROM {} WHERE {output} IS NOT NULL",
                dialect.literal(&play.name),
                dialect.text_as(output, kind),
                publication.staged(&play.table())?
            ));
        }
    }
    if branches.is_empty() {
        return Ok((OUTPUTS.to_owned(), load_rows(publication, OUTPUTS, OUTPUT_COLUMNS, std::iter::empty())?));
    }
    Ok((OUTPUTS.to_owned(), publication.create_as(OUTPUTS, &branches.join(" UNION ALL "))?))
}

fn inputs(publication: &mut Publication<'_>, input: &StageInput<'_>, published: &Published) -> Result<(String, u64)> {
    let mut rows = Vec::new();
    for (play, reads) in input.plays {
        for field in &reads.fields {
            for feeding in published.feeds.get(field).into_iter().flatten() {
                let moment = feeding.newest_sync.as_deref().and_then(crate::model::parse::moment);
                rows.push(vec![
                    Slot::words(&play.name),
                    Slot::words(&field.0),
                    Slot::words(&field.1),
                    Slot::words(&feeding.source),
                    Slot::words(&feeding.table),
                    moment.map_or(Slot::Null, |moment| Slot::own(moment.to_string())),
                ]);
            }
        }
    }
    Ok((INPUTS.to_owned(), load_rows(publication, INPUTS, INPUT_COLUMNS, rows.into_iter())?))
}

fn columns(publication: &mut Publication<'_>, input: &StageInput<'_>) -> Result<(String, u64)> {
    let mut rows = Vec::new();
    for (play, reads) in input.plays {
        for (name, kind, documentation) in play.output() {
            let origin = reads.origin(play, &name);
            rows.push(vec![
                Slot::words(&play.name),
                Slot::own(name.clone()),
                Slot::words(input.warehouse.dialect().type_name(kind)),
                Slot::words(origin.as_str()),
                Slot::words(origin.rule(play, &name)),
                Slot::own(documentation),
                Slot::Boolean(play.key.contains(&name)),
            ]);
        }
    }
    Ok((COLUMNS.to_owned(), load_rows(publication, COLUMNS, COLUMN_COLUMNS, rows.into_iter())?))
}

fn fields(publication: &mut Publication<'_>, input: &StageInput<'_>) -> Result<(String, u64)> {
    let mut rows = Vec::new();
    for (play, reads) in input.plays {
        let mut note = |column: &str, part: &str, fields: &BTreeSet<Field>| {
            let texts = fields.iter().map(|(table, field)| [play.name.as_str(), column, part, table, field]);
            rows.extend(texts.map(|row| row.map(|text| Slot::own(text.to_owned())).to_vec()));
        };
        for (column, fields) in &reads.by_column {
            let signals: Vec<&Signal> = play.signals.iter().filter(|signal| signal.value == *column).collect();
            for signal in &signals {
                note(&signal.name, "signal", fields);
            }
            if signals.is_empty() && !play.has_column(column) {
                note(column, "column", fields);
            }
        }
        for (column, ..) in play.output() {
            if let Origin::Fields(fields) = reads.origin(play, &column) {
                note(&column, "output", &fields);
            }
        }
    }
    Ok((FIELDS.to_owned(), load_rows(publication, FIELDS, FIELD_COLUMNS, rows.into_iter())?))
}
