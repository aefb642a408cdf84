//! Can the records be told apart at all?
//!
//! Under a masking policy every row of a key column reads the same, and everyone would match everyone.

use rustc_hash::FxHashMap;

use super::Extract;
use super::record::Field;
use crate::error::{Error, Result};

/// From this many filled rows on, one single value is no coincidence.
const ENOUGH: u64 = 50;

/// Checks the columns by which records are compared.
///
/// # Errors
/// `Data` when names and addresses of a table all collapse to one value each.
pub fn check(extract: &Extract<'_>, warnings: &mut Vec<String>) -> Result<()> {
    const KEYS: [Field; 5] = [Field::Name, Field::Email, Field::Website, Field::Domain, Field::Phone];
    // For each table and field: how many values, and the commonest with its count.
    let mut counts: FxHashMap<(u32, Field), (u64, FxHashMap<&str, u64>)> = FxHashMap::default();
    for record in &extract.records {
        for cell in record.cells.iter().filter(|cell| KEYS.contains(&cell.field)) {
            let slot = counts.entry((record.table, cell.field)).or_default();
            slot.0 += 1;
            // A thousand values are enough to know that they differ.
            if slot.1.len() < 1000 {
                *slot.1.entry(&cell.value).or_default() += 1;
            }
        }
    }
    for (position, table) in extract.tables.iter().enumerate() {
        let mut collapsed = Vec::new();
        let mut kept = 0;
        for field in KEYS {
            let Some((all, values)) = counts.get(&(position as u32, field)) else { continue };
            let most = values.values().copied().max().unwrap_or(0);
            if *all >= ENOUGH && most * 10 >= *all * 9 && values.len() <= 3 {
                collapsed.push(format!("{field:?}").to_lowercase());
            } else if *all > 0 {
                kept += 1;
            }
        }
        let name = &table.entry.name;
        if !collapsed.is_empty() && kept == 0 {
            return Err(Error::data(format!(
                "the {} of {name} read the same on nearly every row, so its records cannot be told apart",
                collapsed.join(" and ")
            ))
            .hint("a masking policy may apply to this role: `fourfold doctor` shows what it may read")
            .hint("or leave the table out: role = \"other\" under [sources.NAME.tables.TABLE] in fourfold.toml"));
        }
        if !collapsed.is_empty() {
            warnings.push(format!(
                "the {} of {name} read the same on nearly every row: is the column masked for this role?",
                collapsed.join(" and ")
            ));
        }
    }
    Ok(())
}
