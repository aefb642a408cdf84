//! How are the wanted columns of a table read as text, row by row?

use crate::chart::source_map::TableEntry;
use crate::error::Result;
use crate::progress::CancelToken;
use crate::warehouse::{ColumnType, Rows, Warehouse};

/// No value takes part in matching beyond this many bytes: it would be prose, not identity.
pub const LONGEST_VALUE: usize = 4096;

/// The longest JSON that is opened.
pub const LONGEST_JSON: usize = 65_536;

/// One row under way, with its values by the position at which their column was asked for.
pub struct TextRow<'rows> {
    rows: &'rows Rows,
    index: usize,
}

impl TextRow<'_> {
    /// The value without surrounding blanks; None for NULL and for nothing but blanks.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<&str> {
        self.raw(position).map(str::trim).filter(|text| !text.is_empty())
    }

    /// The value as it is; None for NULL.
    #[must_use]
    pub fn raw(&self, position: usize) -> Option<&str> {
        self.rows.text(self.index, position)
    }
}

/// Reads `columns` of a table as text and hands over each row.
///
/// # Errors
/// As [`Warehouse::stream`]; `Cancelled`; and whatever `each` returns.
pub fn read_rows(
    warehouse: &dyn Warehouse,
    table: &TableEntry,
    columns: &[&str],
    cancel: &CancelToken,
    each: &mut dyn FnMut(&TextRow<'_>) -> Result<()>,
) -> Result<()> {
    let dialect = warehouse.dialect();
    let list: Vec<String> = columns.iter().map(|column| dialect.text(&dialect.quote(column))).collect();
    let list = if list.is_empty() { "''".to_owned() } else { list.join(", ") };
    let sql = format!("SELECT {list} FROM {}", dialect.table(&table.name));
    warehouse.stream(&sql, &[], &mut |batch| {
        cancel.check()?;
        let rows = Rows::new(vec![batch]);
        for index in 0..rows.len() {
            each(&TextRow { rows: &rows, index })?;
        }
        Ok(())
    })
}

/// Which columns say whether a row is dead, by their position in the list of columns asked for.
#[derive(Debug, Default)]
pub struct Liveness {
    deleted: Vec<(usize, ColumnType)>,
    active: Vec<usize>,
}

impl Liveness {
    /// Adds the table's deletion columns, and those with the concept `deleted_concept`, to the list of `columns`.
    pub fn plan<'map>(table: &'map TableEntry, deleted_concept: &str, columns: &mut Vec<&'map str>) -> Self {
        let mut plan = Self::default();
        for column in &table.columns {
            let by_name = table.deleted_columns.contains(&column.name);
            if by_name || column.concept.as_deref() == Some(deleted_concept) {
                plan.deleted.push((columns.len(), column.kind));
                columns.push(&column.name);
            } else if table.active_columns.contains(&column.name) {
                plan.active.push(columns.len());
                columns.push(&column.name);
            }
        }
        plan
    }

    /// Whether the source calls the row dead: a true flag, a moment of deletion, or a false `active`.
    #[must_use]
    pub fn is_deleted(&self, row: &TextRow<'_>) -> bool {
        let flagged = self.deleted.iter().any(|(position, kind)| {
            row.get(*position).is_some_and(|value| match kind {
                ColumnType::Date | ColumnType::Timestamp => true,
                _ => !is_false(value),
            })
        });
        flagged || self.active.iter().any(|position| row.get(*position).is_some_and(is_false))
    }
}

/// Whether a text says no: `false`, `f`, `0`, `no`, `n`, `never`.
#[must_use]
pub fn is_false(value: &str) -> bool {
    ["false", "f", "0", "no", "n", "never", "0.0"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Cuts a text to at most `bytes`, at a character's border.
#[must_use]
pub fn cut(value: &str, bytes: usize) -> &str {
    if value.len() <= bytes {
        return value;
    }
    let mut end = bytes;
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}
