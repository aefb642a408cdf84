//! How are the rows of a play read, whatever their types?

use super::definition::Play;
use crate::warehouse::{ColumnType, Dialect, Rows};

/// A query over a play's statement whose columns are read by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The columns in order, with their types.
    pub columns: Vec<(String, ColumnType)>,
}

impl Selection {
    /// The play's output.
    #[must_use]
    pub fn output(play: &Play) -> Self {
        Self { columns: play.output().into_iter().map(|(name, kind, _)| (name, kind)).collect() }
    }

    /// The select items: numbers as floats, everything else as text, so that both engines return the same.
    #[must_use]
    pub fn items(&self, dialect: Dialect, alias: &str) -> String {
        let float = dialect.type_name(ColumnType::Float);
        self.columns
            .iter()
            .map(|(name, kind)| {
                let column = format!("{alias}.{}", dialect.quote(name));
                match kind {
                    ColumnType::Integer | ColumnType::Float | ColumnType::Decimal => {
                        format!("CAST({column} AS {float}) AS {}", dialect.quote(name))
                    }
                    kind => format!("{} AS {}", dialect.text_as(&column, *kind), dialect.quote(name)),
                }
            })
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The place of a column.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(column, _)| column == name)
    }

    /// A cell as text; numbers with the shortest digits.
    #[must_use]
    pub fn text(&self, rows: &Rows, row: usize, name: &str) -> Option<String> {
        let place = self.place(name)?;
        rows.text(row, place).map(str::to_owned).or_else(|| rows.float(row, place).map(|number| number.to_string()))
    }

    /// A cell as a number.
    #[must_use]
    pub fn number(&self, rows: &Rows, row: usize, name: &str) -> Option<f64> {
        rows.float(row, self.place(name)?)
    }
}

/// The key of a row in words: its parts by colon.
#[must_use]
pub fn key(play: &Play, selection: &Selection, rows: &Rows, row: usize) -> String {
    play.key.iter().map(|name| selection.text(rows, row, name).unwrap_or_default()).collect::<Vec<_>>().join(":")
}
