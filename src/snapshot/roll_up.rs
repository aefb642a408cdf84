//! Where do surfaces disagree, field by field, and how did that change since last week?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chart::conflict::{Conflict, Side};
use crate::chart::source_map::SourceMap;
use crate::ident::Surface;

/// Conflicts about one field between two surfaces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SurfaceCount {
    /// The field as the map names it, such as `account.status`.
    pub field: String,
    /// The surface of one side.
    pub one: Surface,
    /// The surface of the other; None when there is one side only.
    pub other: Option<Surface>,
    /// How many are listed.
    pub count: u64,
    /// How many of them are open.
    pub open: u64,
    /// Money at stake in the open ones, by currency, largest first.
    pub money: Vec<(String, f64)>,
}

/// How many conflicts of a kind there were in an earlier run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KindTrend {
    /// The kind's id.
    pub kind: String,
    /// When the earlier run began, RFC 3339.
    pub since: String,
    /// How many were open then.
    pub before: u64,
    /// Money at stake then, by currency, largest first.
    pub money: Vec<(String, f64)>,
    /// How many of those open now were found since.
    pub fresh: u64,
}

/// A field of the joined model or of a conflict, under the name that the map gives to its concept.
#[must_use]
pub fn row_of(field: &str) -> String {
    let Some((table, property)) = field.split_once('.') else { return field.to_owned() };
    let role = match table {
        "accounts" => "account",
        "people" => "person",
        "subscriptions" => "subscription",
        "invoices" => "invoice",
        "tickets" => "ticket",
        other => other,
    };
    let property = match (role, property) {
        ("account", "seats_bought") => "seats",
        ("account", "owner") => "owner_name",
        (_, other) => other,
    };
    format!("{role}.{property}")
}

/// Which two surfaces a conflict stands between, in the order of [`Surface::ALL`]; None when no side stands anywhere.
#[must_use]
pub fn between(
    surface_of: &dyn Fn(&str) -> Option<Surface>,
    conflict: &Conflict,
) -> Option<(Surface, Option<Surface>)> {
    let surface = |side: &Option<Side>| surface_of(side.as_ref()?.record.source.as_str());
    match (surface(&conflict.side_a), surface(&conflict.side_b)) {
        (Some(one), Some(other)) => Some((one.min(other), Some(one.max(other)))),
        (Some(one), None) | (None, Some(one)) => Some((one, None)),
        (None, None) => None,
    }
}

/// Counts the conflicts surface against surface, field by field, in the order of their fields.
#[must_use]
pub fn roll_up(map: &SourceMap, conflicts: &[Conflict]) -> Vec<SurfaceCount> {
    let surface_of =
        |source: &str| map.sources.iter().find(|entry| entry.id.as_str() == source).map(|entry| entry.surface);
    let mut cells: BTreeMap<(String, Surface, Option<Surface>), (u64, u64, BTreeMap<String, f64>)> = BTreeMap::new();
    for conflict in conflicts {
        let Some((one, other)) = between(&surface_of, conflict) else { continue };
        let cell = cells.entry((row_of(&conflict.field), one, other)).or_default();
        cell.0 += 1;
        if conflict.status == "open" {
            cell.1 += 1;
            if let Some(money) = conflict.money_at_stake {
                *cell.2.entry(conflict.currency.clone().unwrap_or_default()).or_default() += money;
            }
        }
    }
    cells
        .into_iter()
        .map(|((field, one, other), (count, open, money))| {
            let mut money: Vec<(String, f64)> = money.into_iter().collect();
            money.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            SurfaceCount { field, one, other, count, open, money }
        })
        .collect()
}
