//! What did the last run publish of a play?

use super::definition::Play;
use super::published::Published;
use crate::error::Result;
use crate::warehouse::{ColumnType, TableName, Warehouse};

/// The tiers of a published play with their rows, the highest first; None when no run published it.
///
/// # Errors
/// `Warehouse` when the table cannot be read.
pub fn tiers(
    play: &Play,
    warehouse: &dyn Warehouse,
    schema: &str,
    published: &Published,
) -> Result<Option<Vec<(String, u64)>>> {
    if !published.plays.contains(&play.table()) {
        return Ok(None);
    }
    let dialect = warehouse.dialect();
    let sql = format!(
        "SELECT tier, CAST(count(*) AS {}) FROM {} GROUP BY tier ORDER BY {}",
        dialect.type_name(ColumnType::Integer),
        dialect.table(&TableName::new(schema, play.table())),
        dialect.ordered("tier")
    );
    let rows = warehouse.query(&sql, &[])?;
    let mut found: Vec<(String, u64)> = (0..rows.len())
        .map(|row| (rows.text(row, 0).unwrap_or_default().to_owned(), rows.integer(row, 1).unwrap_or(0) as u64))
        .collect();
    let order = play.tier_names();
    found.sort_by_key(|(tier, _)| order.iter().position(|known| known == tier).unwrap_or(usize::MAX));
    Ok(Some(found))
}
