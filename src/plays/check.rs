//! Is a play sound: does its SQL parse, does every column exist, does it give what its definition names, do its examples agree?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::definition::{COMMON, EXAMPLE_DAY, Origin, Play, Scoring};
use super::examples;
use super::published::{Field, table_names};
use super::reads::Reads;
use super::template::{self, Surroundings};
use super::words;
use crate::error::{Error, Result};
use crate::model::shape;
use crate::sql::{Provenance, Resolved, SqlDialect, Tables, resolve};
use crate::warehouse::Dialect;

/// Something that is wrong with a play.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, counted from 1; 0 when no place is known.
    pub line: usize,
    /// The character within the line, counted from 1; 0 when no place is known.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it; empty when nothing can be said.
    pub hint: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.file)?;
        if self.line > 0 {
            write!(formatter, ":{}:{}", self.line, self.column)?;
        }
        write!(formatter, ": {}", self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(formatter, " ({})", self.hint) }
    }
}

/// Names that the frame around a play's SQL uses itself.
const RESERVED: [&str; 8] =
    ["points", "known_weight", "signals_raised", "driver_1", "driver_2", "driver_3", "settings", "inputs"];

/// Everything that is wrong with a play; empty when it is sound.
///
/// # Errors
/// `Warehouse` when the engine of the examples cannot be started.
pub fn faults(play: &Play, dialect: Dialect, schema: &str) -> Result<Vec<Fault>> {
    let mut found = match resolved(play, dialect, schema) {
        Ok(resolved) => named_columns(play, &resolved),
        Err(faults) => return Ok(faults),
    };
    found.extend(needs(play));
    if found.is_empty() {
        let at = |message: String| {
            let name = message.split('"').nth(1).unwrap_or_default().to_owned();
            in_definition(play, &name, message)
        };
        match examples::run(play) {
            Ok(wrong) => found.extend(wrong.into_iter().map(at)),
            Err(error) => {
                let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
                found.push(in_definition(play, "examples", format!("{}{cause}", error.message)));
            }
        }
    }
    Ok(found)
}

/// The fields that a play reads.
///
/// # Errors
/// `Config`, naming the first fault with file, line and column, and the others as hints.
pub fn reads(play: &Play, dialect: Dialect, schema: &str) -> Result<Reads> {
    let told = |faults: Vec<Fault>| {
        let mut faults = faults.iter().map(ToString::to_string);
        let error = Error::config(faults.next().unwrap_or_else(|| format!("the play {} cannot be read", play.name)));
        faults.fold(error, Error::hint)
    };
    let resolved = resolved(play, dialect, schema).map_err(told)?;
    let wrong = named_columns(play, &resolved);
    if !wrong.is_empty() {
        return Err(told(wrong));
    }
    let field = |table: &str, column: &str| -> Field {
        (table.rsplit('.').next().unwrap_or(table).to_owned(), column.to_owned())
    };
    let fields = |provenance: &Provenance| -> BTreeSet<Field> {
        provenance.origins.iter().map(|origin| field(&origin.table, &origin.column)).collect()
    };
    let by_column: BTreeMap<String, BTreeSet<Field>> =
        resolved.columns.iter().map(|column| (column.name.clone(), fields(&column.provenance))).collect();
    let mut every: BTreeSet<Field> = by_column.values().flatten().cloned().collect();
    every.extend(resolved.conditions.iter().map(|origin| field(&origin.table, &origin.column)));
    Ok(Reads { fields: every, by_column })
}

/// The play's SQL with every column resolved to the joined model.
fn resolved(play: &Play, dialect: Dialect, schema: &str) -> Result<Resolved, Vec<Fault>> {
    let tables = table_names(dialect, schema);
    let as_of = format!("cast({} as date)", dialect.literal(EXAMPLE_DAY));
    let surroundings = Surroundings { dialect, tables: &tables, as_of: &as_of };
    let file = template::sql_name(play);
    let sql = template::render(play, &surroundings).map_err(|error| vec![from_template(&file, &error)])?;
    let mut known = Tables::closed();
    for (name, columns) in shape::tables() {
        known.add(&format!("{schema}.{name}"), columns.iter().map(|column| column.name));
    }
    resolve(&sql, SqlDialect::from(dialect), &known).map_err(|faults| {
        faults
            .into_iter()
            .map(|fault| {
                let (line, column) = match (fault.line as usize, fault.column as usize) {
                    (0, _) => (0, 0),
                    (line, column) => template::original_place(play, &surroundings, &sql, line, column),
                };
                Fault { file: file.clone(), line, column, message: fault.message, hint: fault.hint }
            })
            .collect()
    })
}

/// A template's error has its place in front of its message already.
fn from_template(file: &str, error: &Error) -> Fault {
    let rest = error.message.strip_prefix(file).map_or(error.message.as_str(), |rest| rest.trim_start_matches(':'));
    let mut parts = rest.splitn(3, ':');
    let number = |part: Option<&str>| part.and_then(|part| part.parse().ok());
    let (line, column) = (number(parts.next()), number(parts.next()));
    let message = parts.next().unwrap_or(rest).trim().to_owned();
    Fault {
        file: file.to_owned(),
        line: line.unwrap_or(0),
        column: column.unwrap_or(0),
        message,
        hint: error.hints.first().cloned().unwrap_or_default(),
    }
}

/// What the definition names must be among what the SQL gives, and come from somewhere.
fn named_columns(play: &Play, resolved: &Resolved) -> Vec<Fault> {
    let given: BTreeMap<&str, &Provenance> =
        resolved.columns.iter().map(|column| (column.name.as_str(), &column.provenance)).collect();
    let listed = given.keys().copied().collect::<Vec<_>>().join(", ");
    let mut found = Vec::new();
    let mut wanted: Vec<(String, String)> =
        play.columns.iter().map(|column| (column.name.clone(), format!("the column {:?}", column.name))).collect();
    for signal in &play.signals {
        wanted.push((signal.value.clone(), format!("the value {:?} of the signal {:?}", signal.value, signal.name)));
        for text in [Some(&signal.words), signal.low_words.as_ref()].into_iter().flatten() {
            wanted.extend(
                words::columns(text).map(|name| (name.clone(), format!("{name:?} in the words of {:?}", signal.name))),
            );
        }
    }
    for (name, what) in [(&play.disqualified, "disqualified"), (&play.lead, "lead")] {
        if let Some(name) = name {
            wanted.push((name.clone(), format!("{name:?}, which {what} names")));
        }
    }
    if play.scoring == Scoring::Given {
        let own = ["score", "tier", "drivers", "known_share"];
        wanted.extend(own.map(|name| (name.to_owned(), format!("{name:?}, which scoring = \"given\" asks for"))));
    }
    for (name, what) in wanted {
        match given.get(name.as_str()) {
            None => found.push(
                in_definition(play, &name, format!("the SQL does not give {what}")).hint(format!("it gives {listed}")),
            ),
            Some(provenance) if provenance.is_orphan() && play.signals.iter().any(|signal| signal.value == name) => {
                found.push(in_definition(
                    play,
                    &name,
                    format!("{what} comes from no field of the model: a constant cannot be walked back to a row"),
                ));
            }
            Some(_) => {}
        }
    }
    for column in &resolved.columns {
        let taken = match play.scoring {
            Scoring::Signals => {
                RESERVED.contains(&column.name.as_str()) || COMMON.iter().any(|(name, ..)| *name == column.name)
            }
            Scoring::Given => ["inputs_as_of", "run_id"].contains(&column.name.as_str()),
        };
        if taken {
            found.push(Fault {
                file: template::sql_name(play),
                line: 0,
                column: 0,
                message: format!("the SQL gives a column {:?}, which fourfold makes itself", column.name),
                hint: "give it another name".to_owned(),
            });
        }
    }
    found
}

impl Fault {
    fn hint(mut self, hint: String) -> Self {
        self.hint = hint;
        self
    }
}

/// The fields that a play states must exist.
fn needs(play: &Play) -> Vec<Fault> {
    let tables = shape::tables();
    let stated = play.needs.iter().map(|need| &need.field).chain(play.signals.iter().flat_map(|signal| &signal.needs));
    stated
        .filter(|field| {
            let (table, column) = field.split_once('.').unwrap_or((field, ""));
            !tables.iter().any(|(name, columns)| *name == table && columns.iter().any(|known| known.name == column))
        })
        .map(|field| in_definition(play, field, format!("the joined model has no field {field:?}")))
        .collect()
}

/// A fault of the definition, at the last place where it names something.
fn in_definition(play: &Play, name: &str, message: String) -> Fault {
    let (file, text) = match &play.origin {
        Origin::BuiltIn => (format!("{}.toml (built in)", play.name), String::new()),
        Origin::File { definition, .. } => {
            (definition.display().to_string(), std::fs::read_to_string(definition).unwrap_or_default())
        }
    };
    let at = [format!("\"{name}\""), format!("{{{name}"), name.to_owned()]
        .iter()
        .find_map(|wanted| text.match_indices(wanted.as_str()).last().map(|(at, _)| at));
    let (line, column) = at.map_or((0, 0), |at| super::read::place(&text, at));
    Fault { file, line, column, message, hint: String::new() }
}
