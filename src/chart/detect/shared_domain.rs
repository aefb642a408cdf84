//! Which domains and mailboxes stand on several companies, so that they must not join them?

use std::collections::BTreeMap;

use super::Scene;
use super::normal::{domains, email, is_free_mail, name_words, similar};
use super::sheet::Sheet;
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{conflict, side, with_money};

/// From so many differently named companies on, a domain or mailbox is shared.
const COMPANIES: usize = 3;

/// Finds them among the accounts of each table.
pub fn find(scene: &Scene<'_>) -> Vec<Conflict> {
    let mut found = Vec::new();
    for sheet in scene.sheets.iter().filter(|sheet| sheet.role == Role::Account) {
        // By mailbox first: a domain on which every company has the same mailbox is told once.
        let mut told: Vec<String> = Vec::new();
        for property in ["email", "domain"] {
            for (value, users) in values(scene, sheet, property) {
                let free = is_free_mail(&value);
                let enough = if free { users.len() >= 2 } else { differently_named(scene, sheet, &users) >= COMPANIES };
                if !enough || told.contains(&value) || (property == "email" && free) {
                    continue;
                }
                if let Some((_, domain)) = value.split_once('@') {
                    told.push(domain.to_owned());
                }
                found.push(describe(scene, sheet, property, &value, &users, free));
            }
        }
    }
    found
}

type Users = Vec<(usize, usize)>;

/// The records behind each value, with the column in which it stands.
fn values(scene: &Scene<'_>, sheet: &Sheet, property: &str) -> BTreeMap<String, Users> {
    let list: &[&str] = if property == "email" { &["email"] } else { &["domain", "website", "email"] };
    let columns: Vec<usize> = list.iter().flat_map(|property| sheet.with(property)).copied().collect();
    let mut users: BTreeMap<String, Users> = BTreeMap::new();
    for (at, row) in sheet.rows.iter().enumerate().filter(|(_, row)| !row.dead) {
        for &column in &columns {
            let Some(cell) = row.cell(column) else { continue };
            let keys = if property == "email" { email(cell).into_iter().collect() } else { domains(cell) };
            for key in keys {
                let domain = key.rsplit('@').next().unwrap_or(&key);
                let list = users.entry(key.clone()).or_default();
                if !scene.own_domains.contains(domain) && !list.iter().any(|(known, _)| *known == at) {
                    list.push((at, column));
                }
            }
        }
    }
    users.retain(|_, users| users.len() >= 2);
    users
}

fn differently_named(scene: &Scene<'_>, sheet: &Sheet, users: &Users) -> usize {
    let names = sheet.with("name");
    let mut kept: Vec<Vec<String>> = Vec::new();
    for (at, _) in users.iter().take(200) {
        let Some((_, name)) = sheet.first(scene.map, &sheet.rows[*at], names) else { continue };
        let words = name_words(name);
        if !words.is_empty() && !kept.iter().any(|known| similar(known, &words)) {
            kept.push(words);
        }
    }
    kept.len()
}

fn describe(scene: &Scene<'_>, sheet: &Sheet, property: &str, value: &str, users: &Users, free: bool) -> Conflict {
    let (source, table) = (sheet.source(scene.map), sheet.table(scene.map));
    let shown = |(at, column): (usize, usize)| {
        let row = &sheet.rows[at];
        side(source, table, &row.pk, &sheet.column(scene.map, column).name, row.cell(column).unwrap_or(""))
    };
    let what = if free { " gives mailboxes to anybody and" } else { "" };
    let detail = format!("{value}{what} stands on {} accounts in {}.{}", users.len(), source.id, table.name.table);
    let sides = (users.first().map(|user| shown(*user)), users.get(1).map(|user| shown(*user)));
    let money = users
        .iter()
        .filter_map(|(at, _)| sheet.money(scene.map, &sheet.rows[*at]))
        .reduce(|sum, next| if sum.1 == next.1 { (sum.0 + next.0, sum.1) } else { (sum.0.max(next.0), sum.1) });
    with_money(conflict("shared_domain", &format!("account.{property}"), sides.0, sides.1, detail), money)
}
