//! Where do the ids lead that one system keeps of another?

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::Scene;
use super::normal::{name_words, similar};
use super::sheet::{Row, Sheet};
use crate::catalog::names::compact;
use crate::catalog::{Role, shipped};
use crate::chart::conflict::Conflict;
use crate::chart::finding::{conflict, side, with_money};
use crate::chart::source_map::SourceMap;
use crate::ident::Surface;

/// Where an id leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// To a living record.
    Living,
    /// To a deleted one.
    Dead,
    /// To nothing.
    Nothing,
}

/// An id of another system on a record.
#[derive(Debug, Clone)]
pub struct Link {
    /// The sheet and the row that keep the id.
    pub from: (usize, usize),
    /// The column, with the metadata key after a point.
    pub column: String,
    /// The id as it is written.
    pub value: String,
    /// The system that it is of.
    pub system: String,
    /// Where it leads.
    pub end: End,
    /// The sheet and the row that it leads to.
    pub to: Option<(usize, usize)>,
}

/// A column whose values are found among another source's accounts refers to that source's system, whatever its name.
pub fn attach(map: &mut SourceMap, sheets: &[Sheet]) {
    let mut found: Vec<(usize, usize, usize, String)> = Vec::new();
    for sheet in sheets {
        let property = format!("{}.external_id", sheet.role);
        for (at, &position) in sheet.columns.iter().enumerate() {
            let column = &sheet.table(map).columns[position];
            if column.refers_to.is_some() || column.concept.as_deref() != Some(property.as_str()) {
                continue;
            }
            let values: Vec<&str> = sheet.rows.iter().filter_map(|row| row.cell(at)).take(5000).collect();
            if values.len() < 3 {
                continue;
            }
            let best = sheets
                .iter()
                .filter(|other| other.source != sheet.source && other.role == sheet.role)
                .map(|other| (values.iter().filter(|value| other.find(bare(value)).is_some()).count(), other.source))
                .max();
            if let Some((hits, source)) = best
                && hits * 2 >= values.len()
            {
                let target = &map.sources[source];
                let system = target.system.clone().unwrap_or_else(|| target.id.as_str().to_owned());
                found.push((sheet.source, sheet.table, position, system));
            }
        }
    }
    for (source, table, column, system) in found {
        map.sources[source].tables[table].columns[column].refers_to = Some(system);
    }
}

/// Follows every id of another system that an account keeps, in columns and in metadata.
pub fn follow(scene: &Scene<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    for (at, sheet) in scene.sheets.iter().enumerate().filter(|(_, sheet)| sheet.role == Role::Account) {
        let table = sheet.table(scene.map);
        for (column, &position) in sheet.columns.iter().enumerate() {
            let Some(system) = &table.columns[position].refers_to else { continue };
            for (row, record) in sheet.rows.iter().enumerate().filter(|(_, row)| !row.dead) {
                if let Some(value) = record.cell(column) {
                    links.push(link(scene, (at, row), &table.columns[position].name, value, system));
                }
            }
        }
        for &column in sheet.with("metadata") {
            let name = &sheet.column(scene.map, column).name;
            for (row, record) in sheet.rows.iter().enumerate().filter(|(_, row)| !row.dead) {
                for (key, value) in record.cell(column).map(members).unwrap_or_default() {
                    if let Some(system) = system_of(scene, sheet, &key) {
                        links.push(link(scene, (at, row), &format!("{name}.{key}"), &value, &system));
                    }
                }
            }
        }
    }
    // Ids of which none is found belong to an instance that is not connected: nothing can be said about them.
    let mut known: FxHashMap<(usize, String), bool> = FxHashMap::default();
    for link in &links {
        *known.entry((link.from.0, link.column.clone())).or_default() |= link.end != End::Nothing;
    }
    links.retain(|link| known.get(&(link.from.0, link.column.clone())).copied().unwrap_or(false));
    links
}

fn link(scene: &Scene<'_>, from: (usize, usize), column: &str, value: &str, system: &str) -> Link {
    let mut end = End::Nothing;
    let mut to = None;
    for (at, sheet) in scene.sheets.iter().enumerate() {
        let source = sheet.source(scene.map);
        let fits = source.system.as_deref() == Some(system) || source.id.as_str() == system;
        if !fits || at == from.0 {
            continue;
        }
        if let Some(position) = sheet.position(bare(value)) {
            if !sheet.rows[position].dead {
                return Link {
                    from,
                    column: column.to_owned(),
                    value: value.to_owned(),
                    system: system.to_owned(),
                    end: End::Living,
                    to: Some((at, position)),
                };
            }
            end = End::Dead;
            to = Some((at, position));
        }
    }
    Link { from, column: column.to_owned(), value: value.to_owned(), system: system.to_owned(), end, to }
}

/// An id without a word before a colon, as in `sf:0015g00000abc`.
fn bare(value: &str) -> &str {
    match value.split_once(':') {
        Some((head, rest)) if head.len() <= 12 && head.chars().all(|letter| letter.is_ascii_alphabetic()) => {
            rest.trim()
        }
        _ => value.trim(),
    }
}

/// The members of a JSON object that are plain values.
pub fn members(json: &str) -> Vec<(String, String)> {
    let parsed = match serde_json::from_str::<Value>(json) {
        // Some loaders land JSON as a JSON text.
        Ok(Value::String(inner)) => serde_json::from_str::<Value>(&inner).ok(),
        other => other.ok(),
    };
    let Some(Value::Object(object)) = parsed else { return Vec::new() };
    object
        .into_iter()
        .filter_map(|(key, value)| match value {
            Value::String(text) if !text.trim().is_empty() => Some((key, text)),
            Value::Number(number) => Some((key, number.to_string())),
            _ => None,
        })
        .collect()
}

/// The connected system whose ids a metadata key holds.
fn system_of(scene: &Scene<'_>, sheet: &Sheet, key: &str) -> Option<String> {
    let name = compact(key);
    let own = sheet.source(scene.map).system.clone();
    let catalog = shipped().ok()?;
    let named = catalog.systems.iter().find(|system| {
        Some(&system.system) != own.as_ref() && system.referred_as.iter().any(|alias| compact(alias) == name)
    })?;
    Some(named.system.clone())
}

/// Whether two living records are plainly not one company: their names differ, and so do all of their domains.
fn is_another(scene: &Scene<'_>, one: (&Sheet, &Row), other: (&Sheet, &Row)) -> bool {
    let name = |(sheet, row): (&Sheet, &Row)| {
        let at = sheet.with("name");
        sheet.first(scene.map, row, at).map(|(_, name)| name_words(name)).unwrap_or_default()
    };
    let (left, right) = (name(one), name(other));
    let (here, there) = (scene.domains_of(one.0, one.1), scene.domains_of(other.0, other.1));
    // Billing mails go to agencies and parents: without a domain on both sides the names alone prove nothing.
    !left.is_empty()
        && !right.is_empty()
        && !similar(&left, &right)
        && !here.is_empty()
        && !there.is_empty()
        && here.iter().all(|domain| !there.contains(domain))
}

/// Ids that lead to nothing, to a deleted record that was not merged into another, or plainly to another company.
pub fn stale(scene: &Scene<'_>, links: &[Link]) -> Vec<Conflict> {
    let mut found = Vec::new();
    for link in links {
        let (sheet, row) = from(scene, link);
        let target = link.to.map(|(at, row)| (&scene.sheets[at], &scene.sheets[at].rows[row]));
        let told = target.is_some_and(|(to, living)| match link.end {
            End::Living => !is_another(scene, (sheet, row), (to, living)),
            End::Dead => survivor(to, living).is_some(),
            End::Nothing => false,
        });
        if told {
            continue;
        }
        let (source, table) = (sheet.source(scene.map), sheet.table(scene.map));
        let fate = match link.end {
            End::Living => "has another name and another domain",
            End::Dead => "was deleted there",
            End::Nothing => "is not there",
        };
        let detail = format!(
            "{} of {} in {}.{} names {} of {}, which {fate}",
            link.column,
            label(sheet, row),
            source.id,
            table.name.table,
            link.value,
            link.system
        );
        let side_a = side(source, table, &row.pk, &link.column, &link.value);
        let side_b = target.map(|(sheet, row)| {
            let table = sheet.table(scene.map);
            side(sheet.source(scene.map), table, &row.pk, table.primary_key.first().map_or("", String::as_str), &row.pk)
        });
        let field = format!("{}.external_id", sheet.role);
        found.push(with_money(
            conflict("stale_cross_id", &field, Some(side_a), side_b, detail),
            sheet.money(scene.map, row),
        ));
    }
    found
}

/// Several living billing customers that name one account.
pub fn one_to_many(scene: &Scene<'_>, links: &[Link]) -> Vec<Conflict> {
    let mut by_account: BTreeMap<(usize, usize), Vec<&Link>> = BTreeMap::new();
    for link in links.iter().filter(|link| link.end == End::Living) {
        let (sheet, _) = from(scene, link);
        let Some(to) = link.to else { continue };
        let billing = sheet.source(scene.map).surface == Surface::Billing;
        let target_is_crm = scene.sheets[to.0].source(scene.map).surface == Surface::Crm;
        if billing && target_is_crm && scene.sheets[to.0].role == Role::Account {
            let list = by_account.entry(to).or_default();
            if !list.iter().any(|known| known.from == link.from) {
                list.push(link);
            }
        }
    }
    let mut found = Vec::new();
    for (to, list) in by_account.into_iter().filter(|(_, list)| list.len() > 1) {
        let (target, account) = (&scene.sheets[to.0], &scene.sheets[to.0].rows[to.1]);
        let shown = |link: &Link| {
            let (sheet, row) = from(scene, link);
            side(sheet.source(scene.map), sheet.table(scene.map), &row.pk, &link.column, &link.value)
        };
        let detail = format!(
            "{} billing customers name the account {} of {}",
            list.len(),
            label(target, account),
            target.source(scene.map).id
        );
        for link in &list[1..] {
            let made =
                conflict("one_to_many_billing", "account.id", Some(shown(list[0])), Some(shown(link)), detail.clone());
            found.push(with_money(made, target.money(scene.map, account)));
        }
    }
    found
}

/// The sheet and the row that keep an id.
pub fn from<'scene>(scene: &'scene Scene<'_>, link: &Link) -> (&'scene Sheet, &'scene Row) {
    let sheet = &scene.sheets[link.from.0];
    (sheet, &sheet.rows[link.from.1])
}

/// The name of a record for people to read.
pub fn label<'row>(sheet: &Sheet, row: &'row Row) -> &'row str {
    let at: Vec<usize> = ["name", "email"].iter().flat_map(|property| sheet.with(property)).copied().collect();
    at.iter().find_map(|at| row.cell(*at)).unwrap_or(&row.pk)
}

/// The living record into which a deleted one was merged, at the end of the chain.
pub fn survivor<'sheet>(sheet: &'sheet Sheet, row: &'sheet Row) -> Option<&'sheet Row> {
    let into = sheet.with("merged_into");
    let mut at = row;
    // A chain longer than this is a circle.
    for _ in 0..32 {
        let next = into.iter().find_map(|column| at.cell(*column))?;
        at = sheet.find(next)?;
        if !at.dead {
            return Some(at);
        }
    }
    None
}
