//! Which pairs did a person name or decide?

use std::path::Path;

use rustc_hash::FxHashMap;

use super::table::MatchTable;
use crate::error::{Context, Error, ErrorKind, Result};

/// Decided pairs of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// Pairs that are one entity.
    pub same: Vec<(u32, u32)>,
    /// Pairs that are not.
    pub different: Vec<(u32, u32)>,
    /// Lines whose ids are no rows of the table.
    pub unknown: usize,
}

/// Words for a pair that is one entity.
const SAME: [&str; 7] = ["same", "match", "matched", "true", "yes", "1", "duplicate"];
/// Words for a pair that is not; relations between two entities say so too.
const DIFFERENT: [&str; 12] = [
    "different",
    "no match",
    "no_match",
    "nonmatch",
    "distinct",
    "false",
    "no",
    "0",
    "child-of",
    "bills-for",
    "successor-of",
    "not same",
];
/// Words for a pair that stays open.
const OPEN: [&str; 3] = ["unsure", "skip", ""];

/// Reads decisions: a CSV with the columns `left_id`, `right_id` and `verdict` (same, different, unsure).
///
/// In a table of two sources `left_id` is an id of the first and `right_id` of the second.
///
/// # Errors
/// `Io` when the file cannot be read; `Data` with the line for a missing column, an unknown verdict, or a pair that was
/// decided both ways.
pub fn read_labels(path: &Path, table: &MatchTable) -> Result<Labels> {
    let rows = Rows::of(table);
    let mut labels = Labels::default();
    let mut decided: FxHashMap<(u32, u32), (bool, u64)> = FxHashMap::default();
    for (line, cells) in lines(path, &["left_id", "right_id", "verdict"])? {
        let verdict = cells[2].trim().to_ascii_lowercase();
        let same = if SAME.contains(&verdict.as_str()) {
            true
        } else if DIFFERENT.contains(&verdict.as_str()) {
            false
        } else if OPEN.contains(&verdict.as_str()) {
            continue;
        } else {
            return Err(Error::data(format!("{}, line {line}: `{}` is no verdict", path.display(), cells[2]))
                .hint("write same, different or unsure"));
        };
        let Some(pair) = rows.pair(&cells[0], &cells[1]) else {
            labels.unknown += 1;
            continue;
        };
        match decided.insert(pair, (same, line)) {
            Some((before, at)) if before != same => {
                return Err(Error::data(format!(
                    "{}: `{}` and `{}` are decided one way in line {at} and the other way in line {line}",
                    path.display(),
                    cells[0],
                    cells[1]
                ))
                .hint("keep the line that is right"));
            }
            Some(_) => {}
            None if same => labels.same.push(pair),
            None => labels.different.push(pair),
        }
    }
    Ok(labels)
}

/// Reads pairs to score: a CSV with the columns `left_id` and `right_id`; in the file's order.
///
/// # Errors
/// `Io` when the file cannot be read; `Data` with the line for a missing column or an id that is no row.
pub fn read_pairs(path: &Path, table: &MatchTable) -> Result<Vec<(u32, u32)>> {
    let rows = Rows::of(table);
    let mut pairs = Vec::new();
    for (line, cells) in lines(path, &["left_id", "right_id"])? {
        let pair = rows.pair(&cells[0], &cells[1]).ok_or_else(|| {
            Error::data(format!("{}, line {line}: no row has the id `{}` or `{}`", path.display(), cells[0], cells[1]))
        })?;
        pairs.push(pair);
    }
    Ok(pairs)
}

/// The rows by id, of the first source and of the last.
struct Rows<'a> {
    first: FxHashMap<&'a str, u32>,
    last: FxHashMap<&'a str, u32>,
}

impl<'a> Rows<'a> {
    fn of(table: &'a MatchTable) -> Self {
        let (mut first, mut last) = (FxHashMap::default(), FxHashMap::default());
        for (row, id) in table.ids.iter().enumerate() {
            first.entry(id).or_insert(row as u32);
            last.insert(id, row as u32);
        }
        Self { first, last }
    }

    /// The pair of rows, the smaller first; None for an unknown id and for a row with itself.
    fn pair(&self, left: &str, right: &str) -> Option<(u32, u32)> {
        let (left, right) = (*self.first.get(left.trim())?, *self.last.get(right.trim())?);
        (left != right).then(|| (left.min(right), left.max(right)))
    }
}

/// The named cells of every line, with the line's number.
fn lines(path: &Path, columns: &[&str]) -> Result<Vec<(u64, Vec<String>)>> {
    let fault = || format!("cannot read {}", path.display());
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_path(path).context(ErrorKind::Io, fault)?;
    let header = reader.headers().context(ErrorKind::Data, fault)?.clone();
    let mut places = Vec::new();
    for name in columns {
        let at = header.iter().position(|column| column.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
        places.push(at.ok_or_else(|| {
            Error::data(format!("{}, line 1: there is no column `{name}`", path.display()))
                .hint(format!("the first line has to name {}", columns.join(", ")))
        })?);
    }
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.context(ErrorKind::Data, fault)?;
        let line = record.position().map_or(0, csv::Position::line);
        out.push((line, places.iter().map(|at| record.get(*at).unwrap_or_default().to_owned()).collect()));
    }
    Ok(out)
}
