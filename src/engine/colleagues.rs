//! Which domains are our own?
//!
//! The CRM's and the support desk's own users (owners, agents) are colleagues: the domain that most of them write from
//! is ours. A free-mail domain is nobody's.

use std::collections::BTreeMap;

use crate::catalog::Role;
use crate::chart::source_map::SourceMap;
use crate::error::Result;
use crate::resolve::normalise;
use crate::warehouse::Warehouse;

/// Colleagues needed before their domain is believed.
const ENOUGH: usize = 2;

/// The domains of at least a quarter of the colleagues of a source, sorted.
///
/// # Errors
/// `Warehouse` when the owners cannot be read.
pub fn domains(warehouse: &dyn Warehouse, map: &SourceMap) -> Result<Vec<String>> {
    let dialect = warehouse.dialect();
    let mut own = std::collections::BTreeSet::new();
    for (_, table) in map.tables_of(Role::Owner) {
        let Some(column) = table.column_of("owner.email") else { continue };
        let expression = dialect.text(&dialect.quote(&column.name));
        let rows = warehouse.query(
            &format!(
                "SELECT DISTINCT {expression} FROM {} WHERE {} IS NOT NULL",
                dialect.table(&table.name),
                dialect.quote(&column.name)
            ),
            &[],
        )?;
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut people = 0;
        for row in 0..rows.len() {
            let Some(email) = rows.text(row, 0).and_then(normalise::email) else { continue };
            people += 1;
            if !normalise::is_free_mail(&email.domain) {
                *counts.entry(email.domain).or_default() += 1;
            }
        }
        own.extend(
            counts.into_iter().filter(|(_, count)| *count >= ENOUGH && count * 4 >= people).map(|(domain, _)| domain),
        );
    }
    Ok(own.into_iter().collect())
}
