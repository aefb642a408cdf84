//! Which records are the team's own, or were made to try something out?

use super::Scene;
use super::normal::{domains, is_reserved, is_test_name};
use super::sheet::{Row, Sheet};
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{conflict, side, with_money};

/// Finds living ones among accounts and people.
pub fn find(scene: &Scene<'_>) -> Vec<Conflict> {
    let mut found = Vec::new();
    for sheet in &scene.sheets {
        let mixed = is_mixed(scene, sheet);
        for row in sheet.rows.iter().filter(|row| !row.dead) {
            if let Some((column, value, why)) = reason(scene, sheet, row, mixed) {
                let (source, table) = (sheet.source(scene.map), sheet.table(scene.map));
                let names = sheet.with("name");
                let name = sheet.first(scene.map, row, names).map_or(row.pk.as_str(), |(_, name)| name);
                let detail = format!("{name} in {}.{} {why}", source.id, table.name.table);
                let side_a = side(source, table, &row.pk, column, value);
                let field = sheet.role.as_str();
                found.push(with_money(
                    conflict("internal_or_test", field, Some(side_a), None, detail),
                    sheet.money(scene.map, row),
                ));
            }
        }
    }
    found
}

fn reason<'sheet>(
    scene: &'sheet Scene<'_>,
    sheet: &'sheet Sheet,
    row: &'sheet Row,
    mixed: bool,
) -> Option<(&'sheet str, &'sheet str, String)> {
    // Agents and admins of a help desk are the team itself, and meant to be there.
    let colleague = sheet
        .first(scene.map, row, sheet.with("role"))
        .is_some_and(|(_, role)| ["agent", "admin", "owner"].iter().any(|word| role.eq_ignore_ascii_case(word)));
    let columns: Vec<usize> =
        ["domain", "website", "email"].iter().flat_map(|property| sheet.with(property)).copied().collect();
    for at in columns {
        let Some(cell) = row.cell(at) else { continue };
        for domain in domains(cell) {
            let column = sheet.column(scene.map, at).name.as_str();
            if scene.own_domains.contains(&domain) && !colleague {
                return Some((column, cell, format!("is on the team's own domain {domain}")));
            }
            if is_reserved(&domain) {
                return Some((column, cell, format!("is on {domain}, which is reserved for examples")));
            }
        }
    }
    if sheet.role == Role::Account
        && let Some((column, name)) = sheet.first(scene.map, row, sheet.with("name"))
        && is_test_name(name)
    {
        return Some((column, name, "bears the name of a test".to_owned()));
    }
    if mixed
        && let Some((column, mode)) = sheet.first(scene.map, row, sheet.with("live_mode"))
        && is_no(mode)
    {
        return Some((column, mode, "is not live".to_owned()));
    }
    None
}

/// Whether live and test records stand in one table: a sandbox of nothing but test records is no contamination.
fn is_mixed(scene: &Scene<'_>, sheet: &Sheet) -> bool {
    let at = sheet.with("live_mode");
    let live = |row: &&Row| sheet.first(scene.map, row, at).is_some_and(|(_, mode)| !is_no(mode));
    sheet.rows.iter().any(|row| live(&row))
}

fn is_no(text: &str) -> bool {
    ["false", "f", "0", "no"].iter().any(|word| text.eq_ignore_ascii_case(word))
}
