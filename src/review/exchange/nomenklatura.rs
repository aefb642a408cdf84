//! How are verdicts spelled as edges of nomenklatura's resolver?
//!
//! A file holds one JSON array a line: target, source, judgement, score, user, time. Two records are either judged against each
//! other, or each against a canonical id (`NK-...`, or a Wikidata item) that stands for the entity; then all records with a positive
//! edge to one canonical id are one entity, and a negative edge to it speaks of that entity.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Incoming, Judged, Judgement, Outgoing, parse_record_id, record_id, unreadable};
use crate::error::{Context as _, ErrorKind, Result};
use crate::ident::{PairKey, RecordKey};

/// Writes the edges, one a line.
///
/// # Errors
/// `Io` when `out` takes no more.
pub fn write(outgoing: &Outgoing, out: &mut dyn Write) -> Result<usize> {
    for judged in &outgoing.judged {
        let (one, other) = (record_id(&judged.pair.left), record_id(&judged.pair.right));
        // The greater id comes first there.
        let (target, source) = if one > other { (one, other) } else { (other, one) };
        let word = match judged.judgement {
            Judgement::Same => "positive",
            Judgement::Different => "negative",
            Judgement::Unsure => "unsure",
        };
        let at = judged.at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string());
        let line = json!([target, source, word, judged.score, judged.user, at]);
        writeln!(out, "{line}").context(ErrorKind::Io, || "cannot write the edges".to_owned())?;
    }
    Ok(outgoing.judged.len())
}

struct Edge {
    target: String,
    source: String,
    judgement: Judgement,
    score: Option<f64>,
    user: Option<String>,
    at: Option<Timestamp>,
}

/// Reads edges.
///
/// # Errors
/// `Data` with the line's number when a line is no edge; `Io` when `input` cannot be read.
pub fn read(input: &mut dyn BufRead) -> Result<Incoming> {
    let mut incoming = Incoming::default();
    let mut edges = Vec::new();
    for (number, line) in (1_usize..).zip(input.lines()) {
        let line = line.context(ErrorKind::Io, || format!("cannot read line {number}"))?;
        if line.trim().is_empty() {
            continue;
        }
        match edge(number, &line)? {
            Some(edge) => edges.push(edge),
            None => incoming.passed_over += 1,
        }
    }
    let clusters = Clusters::of(&edges);
    let mut foreign = BTreeSet::new();
    let mut told = BTreeSet::new();
    for edge in &edges {
        let mut record = |id: &str| {
            let found = clusters.record(id);
            if found.is_none() && !is_canonical(id) {
                foreign.insert(id.to_owned());
            }
            found
        };
        let (one, other) = (record(&edge.target), record(&edge.source));
        let (Some(one), Some(other)) = (one, other) else { continue };
        // A record that speaks for its own entity says nothing about two records.
        if one == other {
            continue;
        }
        let pair = PairKey::new(one, other);
        if told.insert((pair.clone(), edge.judgement, edge.user.clone())) {
            incoming.judged.push(Judged {
                pair,
                judgement: edge.judgement,
                score: edge.score,
                user: edge.user.clone(),
                at: edge.at,
            });
        }
    }
    incoming.foreign = foreign.len();
    Ok(incoming)
}

/// One edge; None for one without a judgement.
fn edge(number: usize, line: &str) -> Result<Option<Edge>> {
    let wrong = || unreadable("edge of nomenklatura", &format!("line {number}"));
    let row: Vec<Value> = serde_json::from_str(line).map_err(|cause| wrong().because(cause))?;
    let text = |at: usize| row.get(at).and_then(Value::as_str).map(str::to_owned);
    let (Some(target), Some(source), Some(word)) = (text(0), text(1), text(2)) else { return Err(wrong()) };
    let judgement = match word.as_str() {
        "positive" => Judgement::Same,
        "negative" => Judgement::Different,
        "unsure" => Judgement::Unsure,
        "no_judgement" => return Ok(None),
        _ => return Err(wrong()),
    };
    let score = row.get(3).and_then(Value::as_f64).filter(|score| score.is_finite());
    let at = text(5).and_then(|at| moment(&at));
    Ok(Some(Edge { target, source, judgement, score, user: text(4), at }))
}

/// Times come with or without a zone; without one they are UTC.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let time: jiff::civil::DateTime = text.parse().ok()?;
        time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })
}

/// Whether an id stands for an entity and not for a record.
fn is_canonical(id: &str) -> bool {
    let is_item = id
        .strip_prefix('Q')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    id.starts_with("NK-") || is_item
}

/// Which record speaks for a canonical id: the smallest of those with a positive way to it.
struct Clusters {
    speakers: BTreeMap<String, RecordKey>,
}

impl Clusters {
    fn of(edges: &[Edge]) -> Self {
        let mut neighbours: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for edge in edges.iter().filter(|edge| edge.judgement == Judgement::Same) {
            neighbours.entry(&edge.target).or_default().push(&edge.source);
            neighbours.entry(&edge.source).or_default().push(&edge.target);
        }
        let mut speakers = BTreeMap::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for start in neighbours.keys().copied().filter(|id| is_canonical(id)) {
            if !seen.insert(start) {
                continue;
            }
            let (mut reached, mut ahead) = (vec![start], vec![start]);
            while let Some(id) = ahead.pop() {
                for next in neighbours.get(id).into_iter().flatten().copied() {
                    if seen.insert(next) || (!is_canonical(next) && !reached.contains(&next)) {
                        reached.push(next);
                        ahead.push(next);
                    }
                }
            }
            let speaker = reached.iter().filter(|id| !is_canonical(id)).filter_map(|id| parse_record_id(id)).min();
            if let Some(speaker) = speaker {
                for id in reached.into_iter().filter(|id| is_canonical(id)) {
                    speakers.insert(id.to_owned(), speaker.clone());
                }
            }
        }
        Self { speakers }
    }

    fn record(&self, id: &str) -> Option<RecordKey> {
        if is_canonical(id) { self.speakers.get(id).cloned() } else { parse_record_id(id) }
    }
}
