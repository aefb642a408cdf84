//! Are the keys we join on really keys, or has a masking policy made all of them alike?
//!
//! Some warehouses apply masking inside join predicates: a role that sees `***` in every key would match everyone to
//! everyone. So the cardinality of key columns is checked before a run.

use super::{TableName, Warehouse, printable};
use crate::error::{Error, Result};

/// A column whose values must tell records apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// Its table.
    pub table: TableName,
    /// Its name.
    pub column: String,
}

/// Fewer values than this prove nothing.
const FEW: i64 = 20;
/// What masking policies write: `***`, `xxxx`, `a***@b.com`, `MASKED`, `<redacted>`.
const MASK: &str = "(\\*\\*\\*|###|•••|^[xX]{4,}$|^[xX]+[-@][xX]+|MASKED|[Mm]asked|REDACTED|[Rr]edacted)";

/// Checks that no key column has collapsed: at least 20 values that are all the same, or most of which are masks. One scan a
/// column.
///
/// # Errors
/// `Data`, naming the column and what is seen in it; or as [`Warehouse::query`].
pub fn check_cardinality(warehouse: &dyn Warehouse, keys: &[KeyColumn]) -> Result<()> {
    let dialect = warehouse.dialect();
    for key in keys {
        let text = dialect.text(&dialect.quote(&key.column));
        let sql = format!(
            "SELECT count(value), CAST(coalesce(sum(CASE WHEN {} THEN 1 ELSE 0 END), 0) AS BIGINT), min(value), max(value) \
             FROM (SELECT {text} AS value FROM {}) AS keys",
            dialect.matches("value", MASK),
            dialect.table(&key.table),
        );
        let rows = warehouse.query(&sql, &[])?;
        let values = rows.integer(0, 0).unwrap_or(0);
        let masked = rows.integer(0, 1).unwrap_or(0);
        if values < FEW {
            continue;
        }
        let place = printable(&format!("{}.{}", key.table, key.column));
        let example = printable(rows.text(0, 2).unwrap_or_default());
        let example: String = example.chars().take(40).collect();
        let seen = if rows.text(0, 2) == rows.text(0, 3) {
            format!("all {values} values of {place} are `{example}`")
        } else if masked * 2 > values {
            format!("{masked} of {values} values of {place} are masked, such as `{example}`")
        } else {
            continue;
        };
        return Err(Error::data(format!("{seen}: joining on it would match everyone to everyone"))
            .hint("If a masking policy hides this column from your role, ask for an exemption or use another role.")
            .hint("If the data are really so, take the column out of the mapping in fourfold.toml."));
    }
    Ok(())
}
