//! Which system's ids does a column hold?

use super::{Seen, share};
use crate::catalog::Catalog;
use crate::catalog::names::compact;

/// The system that a column's name or values point to, other than the source's own; None when nothing says so.
#[must_use]
pub fn refers_to(catalog: &Catalog, own: Option<&str>, column: Seen<'_>, bare: &str) -> Option<String> {
    let name = compact(bare);
    let foreign = || catalog.systems.iter().filter(|system| Some(system.system.as_str()) != own);
    let by_name = foreign().find(|system| system.referred_as.iter().any(|alias| compact(alias) == name));
    // Ids of one system in a column whose name only begins or ends like them, such as `crm_account_id_old`.
    let by_part = || {
        foreign().find(|system| {
            system.referred_as.iter().map(|alias| compact(alias)).any(|alias| alias.len() >= 8 && name.contains(&alias))
        })
    };
    let by_values = || {
        foreign().find(|system| {
            let shapes: Vec<&str> = system.id_formats.iter().map(String::as_str).collect();
            !shapes.is_empty() && share(column.profile, &shapes).is_some_and(|share| share >= 0.6)
        })
    };
    by_name.or_else(by_part).or_else(by_values).map(|system| system.system.clone())
}
