//! How do units become the rows that the matching core compares?

use super::matcher::{Column, Columns, Meaning};
use crate::resolve::evidence::staff::Staff;
use crate::resolve::evidence::units::Units;
use crate::resolve::extract::Extract;
use crate::resolve::extract::record::{Field, Record};
use crate::resolve::extract::words::{is_role, mails_of, name_key};
use crate::resolve::normalise;

/// Rows to match, with the way back to units.
#[derive(Debug)]
pub struct Rows {
    /// What is compared.
    pub columns: Columns,
    /// The unit of each row.
    pub units: Vec<u32>,
    /// The row of each unit; None for those set aside.
    pub row_of: Vec<Option<u32>>,
}

fn start(extract: &Extract<'_>, units: &Units) -> Rows {
    let mut rows = Rows { columns: Columns::default(), units: Vec::new(), row_of: vec![None; units.len()] };
    let mut groups: Vec<&str> = extract.tables.iter().map(|table| table.source.id.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    for unit in 0..units.len() as u32 {
        let record = &extract.records[units.survivor(unit) as usize];
        if record.aside.is_some() {
            continue;
        }
        let table = &extract.tables[record.table as usize];
        let group = groups.binary_search(&table.source.id.as_str()).unwrap_or_default();
        rows.row_of[unit as usize] = Some(rows.units.len() as u32);
        rows.units.push(unit);
        rows.columns.ids.push(extract.key(units.survivor(unit)).to_string());
        rows.columns.groups.push(group as u16);
    }
    rows.columns.group_names = groups.into_iter().map(str::to_owned).collect();
    rows
}

/// The records of a unit, the survivor first.
fn records<'a>(extract: &'a Extract<'_>, units: &'a Units, unit: u32) -> impl Iterator<Item = &'a Record> {
    units.members[unit as usize].iter().map(|record| &extract.records[*record as usize])
}

fn values(extract: &Extract<'_>, units: &Units, unit: u32, fields: &[Field]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for record in records(extract, units, unit) {
        for field in fields {
            for value in record.values(*field) {
                if !found.iter().any(|known| known == value) {
                    found.push(value.to_owned());
                }
            }
        }
    }
    found
}

/// The first value of the survivor, else of the others: for fields of which a record has one.
fn one(extract: &Extract<'_>, units: &Units, unit: u32, field: Field) -> Vec<String> {
    records(extract, units, unit).find_map(|record| record.first(field)).map(str::to_owned).into_iter().collect()
}

fn column(name: &str, meaning: Meaning, rows: &Rows, of: impl Fn(u32) -> Vec<String>) -> Column {
    Column { name: name.to_owned(), meaning, values: rows.units.iter().map(|unit| of(*unit)).collect() }
}

/// The rows of accounts. Whole mailboxes are no column: [`Staff::hints`] compares them together with those of people.
#[must_use]
pub fn accounts(extract: &Extract<'_>, units: &Units, staff: &Staff) -> Rows {
    let mut rows = start(extract, units);
    let columns = vec![
        column("name", Meaning::CompanyName, &rows, |unit| {
            values(extract, units, unit, &[Field::Name, Field::FormerName])
        }),
        column("domain", Meaning::Domain, &rows, |unit| {
            let names: Vec<String> =
                values(extract, units, unit, &[Field::Name]).iter().map(|name| name_key(name)).collect();
            staff.telling_domains(unit, &names).into_iter().map(str::to_owned).collect()
        }),
        column("phone", Meaning::Phone, &rows, |unit| values(extract, units, unit, &[Field::Phone])),
        column("street", Meaning::Street, &rows, |unit| one(extract, units, unit, Field::Street)),
        column("postal code", Meaning::PostalCode, &rows, |unit| one(extract, units, unit, Field::PostalCode)),
        column("city", Meaning::City, &rows, |unit| one(extract, units, unit, Field::City)),
        column("country", Meaning::Country, &rows, |unit| one(extract, units, unit, Field::Country)),
    ];
    rows.columns.columns = columns;
    rows
}

/// The rows of people. Their account is no column: see [`crate::resolve::evidence::namesakes`].
#[must_use]
pub fn people(extract: &Extract<'_>, units: &Units) -> Rows {
    let mut rows = start(extract, units);
    let columns = vec![
        column("name", Meaning::PersonName, &rows, |unit| names(extract, units, unit)),
        column("email", Meaning::Email, &rows, |unit| mailboxes(extract, units, unit)),
        column("phone", Meaning::Phone, &rows, |unit| values(extract, units, unit, &[Field::Phone])),
    ];
    rows.columns.columns = columns;
    rows
}

/// The names of a person. What a system made of the mailbox is no name.
fn names(extract: &Extract<'_>, units: &Units, unit: u32) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for record in records(extract, units, unit) {
        let Some(name) = record.person_name() else { continue };
        let squeezed: String = normalise::person_name(&name).concat();
        let from_mailbox = name.contains('@')
            || mails_of(record).any(|mail| !name.trim().contains(' ') && squeezed == letters(&mail.local));
        if !from_mailbox && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The mailboxes that belong to a human being.
fn mailboxes(extract: &Extract<'_>, units: &Units, unit: u32) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for record in records(extract, units, unit) {
        for mail in mails_of(record).filter(|mail| !is_role(mail)) {
            let address = format!("{}@{}", mail.local, mail.domain);
            if !found.contains(&address) {
                found.push(address);
            }
        }
    }
    found
}
