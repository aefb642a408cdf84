//! How does a play's SQL template become SQL, and where in the template does a place of the SQL stand?
//!
//! The template is Jinja. It may say `{{ model('accounts') }}` for a table of the joined model, `{{ as_of }}` for the day of the run,
//! `{{ param.NAME }}` for a parameter, `{{ given.NAME }}` for whether a list has entries, and the few words on which engines differ:
//! `days(from, to)`, `days_before(day, n)`, `ratio(a, b)`, `number(x)`, `text(x)`, `whole(x)`.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::{Environment, ErrorKind as JinjaKind, UndefinedBehavior, Value};

use super::definition::{Parameter, Play, ValueType};
use crate::error::{Error, Result};
use crate::warehouse::{ColumnType, Dialect};

/// What a template is rendered with.
pub struct Surroundings<'a> {
    /// The engine's SQL.
    pub dialect: Dialect,
    /// The text for each table of the model.
    pub tables: &'a BTreeMap<String, String>,
    /// The expression for the day of the run.
    pub as_of: &'a str,
}

/// Renders the SQL of a play.
///
/// # Errors
/// `Config` with file and line for a template that is wrong.
pub fn render(play: &Play, surroundings: &Surroundings<'_>) -> Result<String> {
    render_text(play, &play.sql, surroundings)
        .map_err(|error| broken(play, &error))
        .map(|sql| sql.trim_end().trim_end_matches(';').trim_end().to_owned())
}

/// Why a template cannot be rendered, with its place.
fn broken(play: &Play, error: &minijinja::Error) -> Error {
    let line = error.line().unwrap_or(1);
    let column = error.range().map_or(1, |range| super::read::place(&play.sql, range.start).1);
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    Error::config(format!("{}:{line}:{column}: {detail}", sql_name(play)))
        .hint("a template may say model('accounts'), as_of, param.NAME, given.NAME, days(a, b), days_before(day, n), ratio(a, b), number(x), text(x), whole(x)")
}

/// What the SQL of a play is called in messages.
#[must_use]
pub fn sql_name(play: &Play) -> String {
    match &play.origin {
        super::definition::Origin::BuiltIn => format!("{}.sql (built in)", play.name),
        super::definition::Origin::File { sql, .. } => sql.display().to_string(),
    }
}

fn render_text(play: &Play, text: &str, surroundings: &Surroundings<'_>) -> Result<String, minijinja::Error> {
    let dialect = surroundings.dialect;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let tables: Arc<BTreeMap<String, String>> = Arc::new(surroundings.tables.clone());
    environment.add_function("model", move |name: String| {
        tables.get(&name).cloned().ok_or_else(|| {
            let known: Vec<&str> = tables.keys().map(String::as_str).collect();
            minijinja::Error::new(
                JinjaKind::InvalidOperation,
                format!("the joined model has no table {name:?}; it has {}", known.join(", ")),
            )
        })
    });
    environment.add_function("days", move |from: String, to: String| dialect.days_between(&from, &to));
    environment.add_function("days_before", move |day: String, days: Value| format!("(cast({day} as date) - {days})"));
    environment.add_function("ratio", move |dividend: String, divisor: String| dialect.ratio(&dividend, &divisor));
    let cast = move |kind: ColumnType| {
        let kind = dialect.type_name(kind).to_lowercase();
        move |expression: String| format!("cast({expression} as {kind})")
    };
    environment.add_function("number", cast(ColumnType::Float));
    environment.add_function("text", cast(ColumnType::Text));
    environment.add_function("whole", cast(ColumnType::Integer));
    let mut values: BTreeMap<&str, String> = BTreeMap::new();
    let mut given: BTreeMap<&str, bool> = BTreeMap::new();
    for (name, parameter) in &play.parameters {
        let written = parameter_text(name, parameter, dialect)
            .map_err(|message| minijinja::Error::new(JinjaKind::InvalidOperation, message))?;
        values.insert(name, written);
        given.insert(name, !matches!(&parameter.value, toml::Value::Array(entries) if entries.is_empty()));
    }
    let context = minijinja::context! { param => values, given => given, as_of => surroundings.as_of };
    environment.template_from_named_str("play.sql", text)?.render(context)
}

/// A parameter as SQL.
///
/// # Errors
/// What is wrong with its value.
pub fn parameter_text(name: &str, parameter: &Parameter, dialect: Dialect) -> Result<String, String> {
    let toml::Value::Array(entries) = &parameter.value else { return scalar(name, &parameter.value, dialect) };
    if parameter.columns.is_empty() {
        let words: Vec<String> = entries.iter().map(|entry| scalar(name, entry, dialect)).collect::<Result<_, _>>()?;
        return Ok(if words.is_empty() { "(null)".to_owned() } else { format!("({})", words.join(", ")) });
    }
    let mut rows = Vec::new();
    for entry in entries {
        let toml::Value::Table(row) = entry else {
            return Err(format!("the parameter {name} is a list of rows such as {{ column = value }}"));
        };
        if let Some(unknown) = row.keys().find(|key| !parameter.columns.contains_key(*key)) {
            return Err(format!("the parameter {name} has no column {unknown:?}"));
        }
        let cells: Vec<String> = parameter
            .columns
            .iter()
            .map(|(column, kind)| {
                let value = row.get(column).map_or(Ok("null".to_owned()), |value| scalar(name, value, dialect))?;
                Ok(format!("{} as {column}", typed(&value, *kind, dialect)))
            })
            .collect::<Result<_, String>>()?;
        rows.push(format!("select {}", cells.join(", ")));
    }
    if rows.is_empty() {
        let cells: Vec<String> = parameter
            .columns
            .iter()
            .map(|(column, kind)| format!("{} as {column}", typed("null", *kind, dialect)))
            .collect();
        rows.push(format!("select {} where 1 = 0", cells.join(", ")));
    }
    Ok(format!("({})", rows.join(" union all ")))
}

fn typed(value: &str, kind: ValueType, dialect: Dialect) -> String {
    format!("cast({value} as {})", dialect.type_name(kind.column_type()).to_lowercase())
}

fn scalar(name: &str, value: &toml::Value, dialect: Dialect) -> Result<String, String> {
    Ok(match value {
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) if number.is_finite() => number_text(*number, dialect),
        toml::Value::String(text) => dialect.literal(text),
        toml::Value::Boolean(truth) => truth.to_string(),
        _ => return Err(format!("the parameter {name} must be a number, a text, a truth or a list")),
    })
}

/// A number as a float of the engine, with the digits that read back as the same number.
#[must_use]
pub fn number_text(number: f64, dialect: Dialect) -> String {
    format!("cast({number} as {})", dialect.type_name(ColumnType::Float).to_lowercase())
}

/// Where in the template a place of the rendered SQL stands; line and column count from 1.
#[must_use]
pub fn original_place(
    play: &Play,
    surroundings: &Surroundings<'_>,
    rendered: &str,
    line: usize,
    column: usize,
) -> (usize, usize) {
    let line_in_template =
        origin_lines(play, surroundings).and_then(|lines| lines.get(line.saturating_sub(1)).copied()).unwrap_or(line);
    let template_line = play.sql.lines().nth(line_in_template.saturating_sub(1)).unwrap_or("");
    let rendered_line = rendered.lines().nth(line.saturating_sub(1)).unwrap_or("");
    (line_in_template, column_in(template_line, rendered_line, column))
}

/// For each line of the rendered SQL, the line of the template that it comes from. A mark at the end of every line survives
/// rendering; a template in which an expression goes over several lines cannot carry marks.
fn origin_lines(play: &Play, surroundings: &Surroundings<'_>) -> Option<Vec<usize>> {
    let mut marked = String::new();
    for (index, line) in play.sql.lines().enumerate() {
        marked.push_str(&format!("{line}\u{1}{}\n", index + 1));
    }
    let rendered = render_text(play, &marked, surroundings).ok()?;
    Some(
        rendered
            .lines()
            .scan(1, |last, line| {
                if let Some(number) = line.rsplit('\u{1}').next().and_then(|mark| mark.parse().ok()) {
                    *last = number;
                }
                Some(*last)
            })
            .collect(),
    )
}

/// Which column of a template's line stands behind a column of its rendered line: what is outside of braces is the same text, what
/// is inside points to its opening brace.
fn column_in(template: &str, rendered: &str, column: usize) -> usize {
    let rendered: Vec<char> = rendered.chars().collect();
    let mut rest = template;
    let (mut at_template, mut at_rendered) = (0, 0);
    loop {
        let open = rest.find("{{").or_else(|| rest.find("{%"));
        let plain = &rest[..open.unwrap_or(rest.len())];
        let length = plain.chars().count();
        if column <= at_rendered + length {
            return at_template + (column.saturating_sub(at_rendered)).max(1);
        }
        let Some(open) = open else { return (at_template + length).max(1) };
        at_template += length;
        at_rendered += length;
        let close =
            rest[open..].find("}}").or_else(|| rest[open..].find("%}")).map_or(rest.len(), |end| open + end + 2);
        let expression = at_template + 1;
        at_template += rest[open..close].chars().count();
        rest = &rest[close..];
        // The expansion ends where the next plain text begins.
        let next: Vec<char> =
            rest[..rest.find("{{").or_else(|| rest.find("{%")).unwrap_or(rest.len())].chars().collect();
        let found = (at_rendered..=rendered.len()).find(|start| rendered[*start..].starts_with(&next));
        at_rendered = if next.is_empty() { rendered.len() } else { found.unwrap_or(rendered.len()) };
        if column <= at_rendered {
            return expression;
        }
    }
}
