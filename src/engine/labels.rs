//! How do pairs leave to be labelled, and how do their labels come back?
//!
//! A sample is a CSV file with one row a pair, both records side by side and an empty column `verdict`. Neither weight nor
//! probability is in it: who knows what the engine thinks looks less closely.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use crate::error::{Context, Error, ErrorKind, Result};
use crate::ident::{EntityKind, PairKey, RecordKey};
use crate::resolve::graph::CandidatePair;
use crate::review::{NewDecision, Stratum, Verdict};

/// The columns of a sample.
const COLUMNS: [&str; 12] = [
    "pair_id",
    "kind",
    "verdict",
    "note",
    "left_source",
    "left_table",
    "left_pk",
    "right_source",
    "right_table",
    "right_pk",
    "left",
    "right",
];

/// Labels by pair.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Labels {
    by_pair: BTreeMap<PairKey, (Verdict, EntityKind, String)>,
}

impl Labels {
    /// The label of a pair, unless it says that nobody could tell.
    #[must_use]
    pub fn of(&self, pair: &PairKey) -> Option<Verdict> {
        self.by_pair.get(pair).map(|(verdict, ..)| *verdict).filter(|verdict| *verdict != Verdict::Unsure)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_pair.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_pair.is_empty()
    }

    /// The labels as decisions of the random draw. `fields` gives what was compared, where the pair is still known.
    #[must_use]
    pub fn decisions(&self, reviewer: &str, at: jiff::Timestamp, pairs: &[CandidatePair]) -> Vec<NewDecision> {
        let known: BTreeMap<&PairKey, &CandidatePair> = pairs.iter().map(|pair| (&pair.key, pair)).collect();
        self.by_pair
            .iter()
            .map(|(pair, (verdict, kind, note))| NewDecision {
                stratum: Stratum::Audit,
                note: Some(note.clone()).filter(|note| !note.is_empty()),
                fields: known.get(pair).map(|pair| pair.fields.clone()).unwrap_or_default(),
                ..NewDecision::new(pair.clone(), *kind, *verdict, reviewer, at)
            })
            .collect()
    }
}

/// Writes pairs to be labelled.
///
/// # Errors
/// `Io` when it cannot be written.
pub fn write(pairs: &[&CandidatePair], out: &mut dyn Write) -> Result<()> {
    let fail = || "cannot write the sample".to_owned();
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS).context(ErrorKind::Io, fail)?;
    for pair in pairs {
        let PairKey { left, right } = &pair.key;
        let shown = |left_side: bool| {
            pair.fields
                .iter()
                .map(|field| (&field.field, if left_side { &field.left } else { &field.right }))
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| format!("{name}: {}", crate::warehouse::printable(value)))
                .collect::<Vec<_>>()
                .join("; ")
        };
        let cells = [
            pair.key.id(),
            pair.kind.as_str().to_owned(),
            String::new(),
            String::new(),
            left.source.to_string(),
            left.table.clone(),
            left.pk.clone(),
            right.source.to_string(),
            right.table.clone(),
            right.pk.clone(),
            shown(true),
            shown(false),
        ];
        writer.write_record(&cells).context(ErrorKind::Io, fail)?;
    }
    writer.flush().context(ErrorKind::Io, fail)
}

/// Reads labels back. Rows whose verdict is empty are passed over.
///
/// # Errors
/// `Data`, with the line, when a column is missing, a verdict is none or one pair has two.
pub fn read(input: &mut dyn Read, name: &str) -> Result<Labels> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader.headers().context(ErrorKind::Data, || format!("{name} is no CSV"))?.clone();
    let place = |column: &str| {
        header.iter().position(|header| header.trim() == column).ok_or_else(|| {
            Error::data(format!("{name} has no column {column}"))
                .hint("`fourfold test --sample 100 --out FILE` writes a file with all columns; fill `verdict` in")
        })
    };
    let wanted = ["verdict", "left_source", "left_table", "left_pk", "right_source", "right_table", "right_pk"];
    let mut places = [0; 7];
    for (slot, column) in places.iter_mut().zip(wanted) {
        *slot = place(column)?;
    }
    let kind_at = place("kind").ok();
    let note_at = place("note").ok();
    let mut labels = Labels::default();
    for row in reader.records() {
        let row = row.context(ErrorKind::Data, || format!("{name} is no CSV"))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        if cell(places[0]).is_empty() {
            continue;
        }
        let verdict = verdict(cell(places[0])).ok_or_else(|| {
            Error::data(format!("{name}:{line}: {:?} is no verdict", crate::warehouse::printable(cell(places[0]))))
                .hint("say same, different or unsure")
        })?;
        let record = |at: usize| {
            let raw = |place: usize| row.get(places[place]).unwrap_or_default();
            RecordKey::new(raw(at).trim(), raw(at + 1).trim(), raw(at + 2))
        };
        let pair = PairKey::new(record(1), record(4));
        if pair.left.pk.is_empty() || pair.right.pk.is_empty() || pair.left == pair.right {
            return Err(Error::data(format!("{name}:{line}: the row names no two records")));
        }
        let person = kind_at.is_some_and(|at| cell(at) == EntityKind::Person.as_str());
        let kind = if person { EntityKind::Person } else { EntityKind::Account };
        let note = note_at.map_or(String::new(), |at| cell(at).to_owned());
        if let Some((other, ..)) = labels.by_pair.insert(pair, (verdict, kind, note))
            && other != verdict
        {
            return Err(Error::data(format!("{name}:{line}: the pair has another verdict in an earlier line"))
                .hint("keep one line for each pair"));
        }
    }
    Ok(labels)
}

/// Reads a verdict as people write it.
fn verdict(text: &str) -> Option<Verdict> {
    match text.to_lowercase().as_str() {
        "same" | "s" | "yes" | "y" | "1" | "match" => Some(Verdict::Same),
        "different" | "d" | "no" | "n" | "0" => Some(Verdict::Different),
        "unsure" | "u" | "?" => Some(Verdict::Unsure),
        word => Verdict::parse(word),
    }
}
