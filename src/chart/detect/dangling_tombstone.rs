//! Which living records still point to one that was merged or deleted?

use rustc_hash::FxHashMap;

use super::Scene;
use super::cross_id::{End, Link, from, label, survivor};
use super::orphan::{money_columns, money_of, select_money};
use super::sheet::{Sheet, comparable};
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{LISTED, beyond_listed, conflict, side, with_money};
use crate::chart::foreign_key::{Pointer, pointers, salesforce, value_of};
use crate::chart::rows;
use crate::chart::source_map::SourceEntry;
use crate::error::Result;

/// Finds them within each source by its foreign keys, and across sources by the ids that one keeps of another.
pub fn find(scene: &Scene<'_>, links: &[Link]) -> Result<Vec<Conflict>> {
    let mut found = across(scene, links);
    for source in &scene.map.sources {
        for pointer in pointers(source) {
            let relevant = matches!(pointer.role, Role::Account | Role::Person);
            // A converted lead may point to what has been merged since: nobody works on it.
            let history = pointer.column.concept.as_deref().is_some_and(|concept| concept.contains("converted_"));
            if relevant && !history {
                found.extend(within(scene, source, &pointer)?);
            }
        }
    }
    Ok(found)
}

fn across(scene: &Scene<'_>, links: &[Link]) -> Vec<Conflict> {
    let mut found = Vec::new();
    for link in links.iter().filter(|link| link.end == End::Dead) {
        let Some((at, row)) = link.to else { continue };
        let target = &scene.sheets[at];
        let dead = &target.rows[row];
        let Some(living) = survivor(target, dead) else { continue };
        let (sheet, record) = from(scene, link);
        let (source, table) = (sheet.source(scene.map), sheet.table(scene.map));
        let detail = format!(
            "{} of {} in {}.{} names {} of {}, which was merged into {}",
            link.column,
            label(sheet, record),
            source.id,
            table.name.table,
            dead.pk,
            target.source(scene.map).id,
            living.pk
        );
        let side_a = side(source, table, &record.pk, &link.column, &link.value);
        let side_b = survivor_side(scene, target, &living.pk);
        let made =
            conflict("dangling_tombstone", &format!("{}.external_id", sheet.role), Some(side_a), Some(side_b), detail);
        found.push(with_money(made, target.money(scene.map, living)));
    }
    found
}

fn survivor_side(scene: &Scene<'_>, target: &Sheet, pk: &str) -> crate::chart::conflict::Side {
    let table = target.table(scene.map);
    side(target.source(scene.map), table, pk, table.primary_key.first().map_or("", String::as_str), pk)
}

/// Living rows whose pointer leads to a deleted record of their own source.
fn within(scene: &Scene<'_>, source: &SourceEntry, pointer: &Pointer<'_>) -> Result<Vec<Conflict>> {
    let dialect = scene.warehouse.dialect();
    let sheets: Vec<&Sheet> =
        pointer.targets.iter().filter_map(|target| scene.sheet_of(source.id.as_str(), &target.name.table)).collect();
    // A key that is dead in one table may live in another: a converted lead's contact.
    let salesforce_keys = salesforce(pointer);
    let mut dead: FxHashMap<String, (&Sheet, usize)> = FxHashMap::default();
    for sheet in &sheets {
        for (at, row) in sheet.rows.iter().enumerate().filter(|(_, row)| row.dead) {
            dead.insert(comparable(&row.pk, salesforce_keys), (sheet, at));
        }
    }
    for row in sheets.iter().flat_map(|sheet| sheet.rows.iter()).filter(|row| !row.dead) {
        dead.remove(&comparable(&row.pk, salesforce_keys));
    }
    if dead.is_empty() {
        return Ok(Vec::new());
    }
    let targets: Vec<String> = pointer
        .targets
        .iter()
        .map(|target| {
            let id = rows::comparable(&rows::key(dialect, target, "p"), salesforce_keys);
            let dead = rows::dead(dialect, target, "p");
            format!("SELECT {id} AS id FROM {} AS p WHERE {dead}", rows::newest(dialect, target))
        })
        .collect();
    let money = money_columns(pointer.table);
    let inner = format!(
        "SELECT {key} AS pk, {value} AS value, {written} AS written, {money} FROM {table} AS t WHERE NOT {is_dead}",
        key = rows::key(dialect, pointer.table, "t"),
        value = value_of(scene.warehouse, pointer),
        written = rows::text(dialect, pointer.column, "t"),
        money = select_money(dialect, &money),
        table = rows::newest(dialect, pointer.table),
        is_dead = rows::dead(dialect, pointer.table, "t"),
    );
    let join = format!("FROM ({inner}) AS child WHERE pk IS NOT NULL AND value IN ({})", targets.join(" UNION ALL "));
    let all = scene.warehouse.query(&format!("SELECT count(*) {join}"), &[])?.integer(0, 0).unwrap_or(0);
    if all == 0 {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT pk, value, written, amount, currency {join} ORDER BY coalesce(amount, 0) DESC, {} LIMIT {LISTED}",
        dialect.ordered("pk")
    );
    let answer = scene.warehouse.query(&sql, &[])?;
    let mut found = Vec::new();
    for row in 0..answer.len() {
        let (Some(pk), Some(value)) = (answer.text(row, 0), answer.text(row, 1)) else { continue };
        let Some((sheet, at)) = dead.get(value) else { continue };
        let living = survivor(sheet, &sheet.rows[*at]);
        let written = answer.text(row, 2).unwrap_or(value);
        let what = pointer.table.role;
        let detail = match living {
            Some(living) => format!(
                "the {what} {pk} of {} still points to {written}, which was merged into {}",
                source.id, living.pk
            ),
            None => format!("the {what} {pk} of {} still points to {written}, which was deleted", source.id),
        };
        let side_a = side(source, pointer.table, pk, &pointer.column.name, written);
        let side_b = survivor_side(scene, sheet, living.map_or(&sheet.rows[*at].pk, |living| &living.pk));
        let field = pointer.column.concept.clone().unwrap_or_default();
        let made = conflict("dangling_tombstone", &field, Some(side_a), Some(side_b), detail);
        let money =
            money_of(&answer, row, 3, &money).or_else(|| sheet.money(scene.map, living.unwrap_or(&sheet.rows[*at])));
        found.push(with_money(made, money));
    }
    let more = u64::try_from(all).unwrap_or(0).saturating_sub(answer.len() as u64);
    if more > 0
        && let Some(first) = found.first()
    {
        found.push(beyond_listed(first, more));
    }
    Ok(found)
}
