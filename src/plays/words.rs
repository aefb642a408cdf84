//! How does a driver speak: a sentence with columns in it, as SQL?

use crate::warehouse::{ColumnType, Dialect};

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Letters.
    Text(String),
    /// A column, written in some form.
    Column(String, Form),
}

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// Rounded to so many decimals, 0 or 1.
    Decimals(u8),
    /// As a whole percentage.
    Percent,
}

/// Takes a sentence apart.
///
/// # Errors
/// What is wrong with it.
pub fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            found.push(Piece::Text(rest[..open].to_owned()));
        }
        let after = &rest[open + 1..];
        let close = after.find('}').ok_or_else(|| format!("a brace is not closed in {text:?}"))?;
        let (name, form) = match after[..close].split_once(':') {
            None => (&after[..close], Form::Plain),
            Some((name, "0")) => (name, Form::Decimals(0)),
            Some((name, "1")) => (name, Form::Decimals(1)),
            Some((name, "%")) => (name, Form::Percent),
            Some((_, other)) => return Err(format!("{other:?} is no form; there are 0, 1 and %")),
        };
        if !super::read::is_name(name) {
            return Err(format!("{name:?} is no column"));
        }
        found.push(Piece::Column(name.to_owned(), form));
        rest = &after[close + 1..];
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest.to_owned()));
    }
    Ok(found)
}

/// The columns that a sentence names.
pub fn columns(text: &str) -> impl Iterator<Item = String> {
    pieces(text).unwrap_or_default().into_iter().filter_map(|piece| match piece {
        Piece::Column(name, _) => Some(name),
        Piece::Text(_) => None,
    })
}

/// The sentence as a SQL expression; a NULL in it is left out.
#[must_use]
pub fn expression(text: &str, dialect: Dialect) -> String {
    let parts: Vec<String> = pieces(text)
        .unwrap_or_default()
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => dialect.literal(text),
            Piece::Column(name, form) => written(name, *form, dialect),
        })
        .collect();
    match parts.as_slice() {
        [one] => one.clone(),
        _ => format!("concat({})", parts.join(", ")),
    }
}

fn written(name: &str, form: Form, dialect: Dialect) -> String {
    let text = dialect.type_name(ColumnType::Text).to_lowercase();
    match form {
        Form::Plain => format!("cast({name} as {text})"),
        Form::Decimals(0) => whole(name, dialect),
        Form::Decimals(_) => format!("cast(cast({name} as decimal(18, 1)) as {text})"),
        Form::Percent => format!("concat({}, ' %')", whole(&format!("100 * {name}"), dialect)),
    }
}

/// A number without decimals, as text, rounded half up.
#[must_use]
pub fn whole(expression: &str, dialect: Dialect) -> String {
    format!(
        "cast(cast(floor({expression} + 0.5) as {}) as {})",
        dialect.type_name(ColumnType::Integer).to_lowercase(),
        dialect.type_name(ColumnType::Text).to_lowercase()
    )
}
