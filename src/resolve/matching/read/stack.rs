//! How do two tables become one?

use rustc_hash::FxHashMap;

use crate::resolve::matching::concept::MatchConcept;
use crate::resolve::matching::table::{MatchColumn, MatchTable};

/// Puts two tables one below the other; columns meet by name, then by a concept each side has once.
///
/// A column that only one side has is kept for that side's texts and compares with nothing.
#[must_use]
pub fn stack(left: &MatchTable, right: &MatchTable) -> MatchTable {
    let partner = partners(left, right);
    let mut table = MatchTable::new(left.ids.joined(&right.ids), left.group_names.first().cloned().unwrap_or_default());
    table.group_names.push(right.group_names.first().cloned().unwrap_or_default());
    table.groups[left.rows()..].fill(1);
    let join = |one: Option<&MatchColumn>, other: Option<&MatchColumn>| {
        MatchColumn::stacked(one, left.rows(), other, right.rows())
    };
    for (at, column) in left.columns.iter().enumerate() {
        table.columns.push(join(Some(column), partner[at].map(|other| &right.columns[other])));
    }
    for (at, column) in right.columns.iter().enumerate() {
        if !partner.contains(&Some(at)) {
            table.columns.push(join(None, Some(column)));
        }
    }
    table
}

/// For each column of the left table the column of the right one that says the same.
fn partners(left: &MatchTable, right: &MatchTable) -> Vec<Option<usize>> {
    let plain = |name: &str| {
        name.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|character| character.to_ascii_lowercase())
            .collect::<String>()
    };
    let mut partner: Vec<Option<usize>> = left
        .columns
        .iter()
        .map(|column| right.columns.iter().position(|other| plain(&other.name) == plain(&column.name)))
        .collect();
    let mut by_concept: FxHashMap<MatchConcept, Vec<usize>> = FxHashMap::default();
    for (at, column) in right.columns.iter().enumerate().filter(|(at, _)| !partner.contains(&Some(*at))) {
        by_concept.entry(column.concept).or_default().push(at);
    }
    for (at, column) in left.columns.iter().enumerate() {
        let alone = left
            .columns
            .iter()
            .enumerate()
            .filter(|(other, one)| one.concept == column.concept && partner[*other].is_none())
            .count()
            == 1;
        if partner[at].is_none() && alone {
            partner[at] = by_concept.get(&column.concept).filter(|list| list.len() == 1).map(|list| list[0]);
        }
    }
    partner
}
