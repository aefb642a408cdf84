//! How does the clock of a further week go on where the one before ended?
//!
//! What the product sent in the last week before anything drifted is sent once more, with the names that the release
//! brought; tickets and invoices of the second week come again as new ones; and what the loader had brought in the week
//! before it brings anew. A sync that stood still keeps standing still.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::DateTime;

use super::dice::Dice;
use super::drift::{LOST_EVENT, NEW_EVENT};
use super::table_file::Csv;
use crate::error::{Context, Error, ErrorKind, Result};

/// Tables that events are added to, and the column that says when they happened.
const EVENTS: [(&str, &str); 2] = [("product/tracks.csv", "timestamp"), ("product/identifies.csv", "timestamp")];
/// Tables that rows are added to, the column that says when they were made, and the rows that belong to them: the table and
/// its pointer.
const MADE: [(&str, &str, Option<(&str, &str)>); 3] = [
    ("zendesk/ticket.csv", "created_at", None),
    ("stripe_us/invoice.csv", "created", Some(("stripe_us/invoice_line_item.csv", "invoice_id"))),
    ("stripe_eu/invoice.csv", "created", Some(("stripe_eu/invoice_line_item.csv", "invoice_id"))),
];
/// When the loader wrote a row.
const SYNCED: &str = "_fivetran_synced";
/// When a source changed a row.
const CHANGED: [&str; 2] = ["updated_at", "last_modified_date"];

/// Brings the extract of a further week, which is a copy of the one before, up to its own week. The first two weeks stand in
/// `directory`, the new one in `partial`.
pub(super) fn onward(directory: &Path, week: usize, partial: &Path) -> Result<()> {
    let after = partial.join("week");
    let end = first_end(&directory.join("week1"))?;
    let passed = week as i64 - 1;
    for (name, column) in EVENTS {
        let first = Csv::read(&directory.join("week1").join(name))?;
        let mut file = Csv::read(&after.join(name))?;
        let window = (end - 7.days(), end);
        let more = again(&first, column, &window, passed, &mut ids(&file)?)?;
        append(&mut file, &first.header, more.into_values().map(renamed));
        file.write()?;
    }
    let mut fresh: BTreeMap<(String, String), String> = BTreeMap::new();
    for (name, column, parts) in MADE {
        let mut file = Csv::read(&after.join(name))?;
        let window = (end, end + 7.days());
        let more = again(&file, column, &window, passed - 1, &mut ids(&file)?)?;
        let id = file.place("id")?;
        let source = name.split('/').next().unwrap_or_default();
        fresh.extend(more.iter().map(|(old, row)| ((source.to_owned(), old.clone()), row[id].clone())));
        let header = file.header.clone();
        append(&mut file, &header, more.into_values());
        file.write()?;
        if let Some((parts, pointer)) = parts {
            belonging(&after.join(parts), pointer, source, &fresh, passed - 1)?;
        }
    }
    let newest = end + (7 * (passed - 1)).days();
    for file in tables(&after)? {
        landed(&file, &(newest - 7.days()))?;
    }
    relations(&partial.join("truth/relations.csv"), &fresh)
}

/// When the first extract was made, by the newest row that the loader brought.
fn first_end(first: &Path) -> Result<DateTime> {
    let mut newest: Option<DateTime> = None;
    for path in tables(first)? {
        let file = Csv::read(&path)?;
        let Ok(synced) = file.place(SYNCED) else { continue };
        newest = newest.max(file.rows.iter().filter_map(|row| moment(&row[synced])).max());
    }
    newest.ok_or_else(|| Error::data(format!("no row of {} says when it was loaded", first.display())))
}

/// Copies of the rows made in a window, so many weeks later and under ids of their own; by the old id.
fn again(
    file: &Csv,
    column: &str,
    (from, to): &(DateTime, DateTime),
    weeks: i64,
    taken: &mut BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<String>>> {
    let (at, id) = (file.place(column)?, file.place("id")?);
    let mut made = BTreeMap::new();
    for row in &file.rows {
        if moment(&row[at]).is_some_and(|moment| moment > *from && moment <= *to) {
            let mut copy: Vec<String> = row.iter().map(|cell| later(cell, weeks)).collect();
            copy[id] = another(&row[id], weeks, taken);
            if let Ok(number) = file.place("number") {
                copy[number] = another(&row[number], weeks, &mut BTreeSet::new());
            }
            made.insert(row[id].clone(), copy);
        }
    }
    Ok(made)
}

/// Adds rows of another week's columns.
fn append(file: &mut Csv, header: &[String], rows: impl Iterator<Item = Vec<String>>) {
    let places: Vec<Option<usize>> =
        file.header.iter().map(|name| header.iter().position(|other| other == name)).collect();
    file.rows.extend(
        rows.map(|row| places.iter().map(|place| place.map_or(String::new(), |place| row[place].clone())).collect()),
    );
}

/// An event under the name that the second week's release gave it.
fn renamed(row: Vec<String>) -> Vec<String> {
    let new = |cell: String| {
        if cell == LOST_EVENT.0 {
            NEW_EVENT.0.to_owned()
        } else if cell == LOST_EVENT.1 {
            NEW_EVENT.1.to_owned()
        } else {
            cell
        }
    };
    row.into_iter().map(new).collect()
}

/// Copies the rows that belong to rows which were made anew.
fn belonging(
    path: &Path,
    pointer: &str,
    source: &str,
    fresh: &BTreeMap<(String, String), String>,
    weeks: i64,
) -> Result<()> {
    let mut file = Csv::read(path)?;
    let (id, pointer) = (file.place("id")?, file.place(pointer)?);
    let mut taken = ids(&file)?;
    let mut more = Vec::new();
    for row in &file.rows {
        if let Some(new) = fresh.get(&(source.to_owned(), row[pointer].clone())) {
            let mut copy: Vec<String> = row.iter().map(|cell| later(cell, weeks)).collect();
            copy[id] = another(&row[id], weeks, &mut taken);
            copy[pointer].clone_from(new);
            more.push(copy);
        }
    }
    file.rows.extend(more);
    file.write()
}

/// What landed in the week before lands again in this one.
fn landed(path: &Path, since: &DateTime) -> Result<()> {
    let mut file = Csv::read(path)?;
    let Ok(synced) = file.place(SYNCED) else { return Ok(()) };
    let dated: Vec<usize> =
        CHANGED.iter().filter_map(|name| file.place(name).ok()).chain(std::iter::once(synced)).collect();
    let end = *since + 7.days();
    let recent = |cell: &str| moment(cell).is_some_and(|moment| moment > *since && moment <= end);
    let mut moved = false;
    for row in &mut file.rows {
        if recent(&row[synced]) {
            for place in &dated {
                if recent(&row[*place]) {
                    row[*place] = later(&row[*place], 1);
                    moved = true;
                }
            }
        }
    }
    if moved { file.write() } else { Ok(()) }
}

/// Whose the new rows are.
fn relations(path: &Path, fresh: &BTreeMap<(String, String), String>) -> Result<()> {
    let mut file = Csv::read(path)?;
    let (source, pk) = (file.place("source")?, file.place("pk")?);
    let more: Vec<Vec<String>> = file
        .rows
        .iter()
        .filter_map(|row| {
            let new = fresh.get(&(row[source].clone(), row[pk].clone()))?;
            let mut copy = row.clone();
            copy[pk].clone_from(new);
            Some(copy)
        })
        .collect();
    file.rows.extend(more);
    file.write()
}

fn ids(file: &Csv) -> Result<BTreeSet<String>> {
    let id = file.place("id")?;
    Ok(file.rows.iter().map(|row| row[id].clone()).collect())
}

/// The tables of an extract, in the order of their names.
fn tables(directory: &Path) -> Result<Vec<PathBuf>> {
    let fail = || format!("cannot read {}", directory.display());
    let mut found = Vec::new();
    for source in fs::read_dir(directory).context(ErrorKind::Io, fail)? {
        let source = source.context(ErrorKind::Io, fail)?.path();
        if source.is_dir() {
            for table in fs::read_dir(&source).context(ErrorKind::Io, fail)? {
                found.push(table.context(ErrorKind::Io, fail)?.path());
            }
        }
    }
    found.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    found.sort();
    Ok(found)
}

/// A moment as connectors print it, `2026-01-05 03:15:08`.
fn moment(cell: &str) -> Option<DateTime> {
    (cell.len() == 19).then(|| DateTime::strptime("%Y-%m-%d %H:%M:%S", cell).ok()).flatten()
}

/// The same so many weeks later; anything else stays as it is.
fn later(cell: &str, weeks: i64) -> String {
    moment(cell).map_or_else(
        || cell.to_owned(),
        |moment| (moment + (7 * weeks).days()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
    )
}

/// Another id of the same shape, which nobody has yet.
fn another(id: &str, weeks: i64, taken: &mut BTreeSet<String>) -> String {
    let mut dice = Dice::new(weeks as u64, id, 0);
    loop {
        let tail = id.len().saturating_sub(8);
        let new: String = id
            .char_indices()
            .map(|(place, character)| match character {
                _ if place < tail => character,
                '0'..='9' => dice.pick(b"0123456789") as char,
                'a'..='f' => dice.pick(b"abcdef") as char,
                'g'..='z' => dice.pick(b"ghijklmnopqrstuvwxyz") as char,
                'A'..='Z' => dice.pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ") as char,
                other => other,
            })
            .collect();
        let fixed = !id.chars().any(|character| character.is_ascii_alphanumeric());
        if fixed || taken.insert(new.clone()) {
            return new;
        }
    }
}
