//! Which living records of one table are probably the same?

use std::collections::BTreeMap;

use super::Scene;
use super::normal::{apart, email, is_free_mail, name_words, similar};
use super::sheet::{Row, Sheet};
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{conflict, side, with_money};

/// More records under one value are a hub and not duplicates.
const HUB: usize = 20;

/// Two records with what they share.
struct Shared {
    one: usize,
    other: usize,
    property: &'static str,
    value: String,
}

/// Finds duplicates among accounts and among people.
pub fn find(scene: &Scene<'_>) -> Vec<Conflict> {
    let mut found = Vec::new();
    for sheet in &scene.sheets {
        let pairs = if sheet.role == Role::Account { accounts(scene, sheet) } else { people(scene, sheet) };
        found.extend(pairs.into_iter().map(|pair| describe(scene, sheet, &pair)));
    }
    found
}

fn living(sheet: &Sheet) -> impl Iterator<Item = (usize, &Row)> {
    sheet.rows.iter().enumerate().filter(|(_, row)| !row.dead)
}

fn accounts(scene: &Scene<'_>, sheet: &Sheet) -> Vec<Shared> {
    let names = sheet.with("name");
    let countries = sheet.with("country");
    let parents = sheet.with("parent_id");
    let words: Vec<Vec<String>> = sheet
        .rows
        .iter()
        .map(|row| sheet.first(scene.map, row, names).map(|(_, name)| name_words(name)).unwrap_or_default())
        .collect();
    let mut by_domain: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, row) in living(sheet) {
        for domain in scene.domains_of(sheet, row) {
            if !is_free_mail(&domain) && !scene.own_domains.contains(&domain) {
                by_domain.entry(domain).or_default().push(at);
            }
        }
        let name = words[at].join(" ");
        if name.len() >= 3 {
            by_name.entry(name).or_default().push(at);
        }
    }
    let related = |one: usize, other: usize| {
        let parent = |row: &Row| sheet.first(scene.map, row, parents).map(|(_, id)| id.to_owned());
        let points = |from: usize, to: usize| {
            parent(&sheet.rows[from]).and_then(|id| sheet.find(&id).map(|row| row.pk == sheet.rows[to].pk))
                == Some(true)
        };
        points(one, other) || points(other, one)
    };
    let country =
        |at: usize| sheet.first(scene.map, &sheet.rows[at], countries).map(|(_, country)| country.to_lowercase());
    let name = |at: usize| sheet.first(scene.map, &sheet.rows[at], names).map_or("", |(_, name)| name);
    let mut chains = Chains::new(sheet.rows.len());
    let mut found = Vec::new();
    for (domain, group) in by_domain.iter().filter(|(_, group)| (2..=HUB).contains(&group.len())) {
        for (rank, &one) in group.iter().enumerate() {
            for &other in &group[rank + 1..] {
                let same = similar(&words[one], &words[other]) && !apart(name(one), name(other));
                if same && !related(one, other) && chains.join(one, other) {
                    found.push(Shared { one, other, property: "domain", value: domain.clone() });
                }
            }
        }
    }
    for (shared, group) in by_name.iter().filter(|(_, group)| (2..=HUB).contains(&group.len())) {
        for (rank, &one) in group.iter().enumerate() {
            for &other in &group[rank + 1..] {
                let (left, right) =
                    (scene.domains_of(sheet, &sheet.rows[one]), scene.domains_of(sheet, &sheet.rows[other]));
                // Two companies may bear one name: domains or countries of their own tell them apart.
                let elsewhere =
                    !left.is_empty() && !right.is_empty() && left.iter().all(|domain| !right.contains(domain));
                let abroad = matches!((country(one), country(other)), (Some(one), Some(other)) if one != other);
                if !elsewhere
                    && !abroad
                    && !apart(name(one), name(other))
                    && !related(one, other)
                    && chains.join(one, other)
                {
                    found.push(Shared { one, other, property: "name", value: shared.clone() });
                }
            }
        }
    }
    found
}

fn people(scene: &Scene<'_>, sheet: &Sheet) -> Vec<Shared> {
    let emails = sheet.with("email");
    let converted = sheet.with("converted_person_id");
    let mut by_email: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, row) in living(sheet) {
        if sheet.first(scene.map, row, converted).is_some() {
            continue;
        }
        let address = sheet.first(scene.map, row, emails).and_then(|(_, address)| email(address));
        // The team's own test users are no duplicates worth a look.
        let own =
            |address: &String| address.rsplit('@').next().is_some_and(|domain| scene.own_domains.contains(domain));
        if let Some(email) = address.filter(|address| !own(address)) {
            by_email.entry(email).or_default().push(at);
        }
    }
    let mut found = Vec::new();
    for (address, group) in by_email.iter().filter(|(_, group)| (2..=HUB).contains(&group.len())) {
        for &other in &group[1..] {
            found.push(Shared { one: group[0], other, property: "email", value: address.clone() });
        }
    }
    found
}

fn describe(scene: &Scene<'_>, sheet: &Sheet, pair: &Shared) -> Conflict {
    let (source, table) = (sheet.source(scene.map), sheet.table(scene.map));
    let (one, other) = (&sheet.rows[pair.one], &sheet.rows[pair.other]);
    let label = |row: &Row| {
        let at: Vec<usize> = ["name", "email"].iter().flat_map(|property| sheet.with(property)).copied().collect();
        sheet.first(scene.map, row, &at).map_or_else(|| row.pk.clone(), |(_, name)| name.to_owned())
    };
    let shown = |row: &Row| {
        let list: &[&str] = match pair.property {
            "domain" => &["domain", "website", "email"],
            "name" => &["name"],
            _ => &["email"],
        };
        let at: Vec<usize> = list.iter().flat_map(|property| sheet.with(property)).copied().collect();
        let (column, value) = sheet.first(scene.map, row, &at).unwrap_or(("", ""));
        side(source, table, &row.pk, column, value)
    };
    let detail = format!(
        "{} and {} in {}.{} share the {} {}",
        label(one),
        label(other),
        source.id,
        table.name.table,
        if pair.property == "email" { "e-mail" } else { pair.property },
        pair.value
    );
    let field = format!("{}.{}", sheet.role, pair.property);
    let money = [one, other]
        .into_iter()
        .filter_map(|row| sheet.money(scene.map, row))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    with_money(conflict("duplicate_record", &field, Some(shown(one)), Some(shown(other)), detail), money)
}

/// Which records are joined already, so that three duplicates make two conflicts and not three.
struct Chains(Vec<usize>);

impl Chains {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    /// Joins two records; false when they were joined already.
    fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return false;
        }
        let (low, high) = (one.min(other), one.max(other));
        self.0[high] = low;
        true
    }
}
