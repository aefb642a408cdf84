//! How are verdicts spelled as answers of a reconciliation service?
//!
//! An answer holds, for each query, candidates with a score and whether one of them is the match. A candidate that is no match
//! was not judged, so that only matches come in; both go out.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::openrefine::Table;
use super::{Incoming, Judged, Judgement, Outgoing, parse_record_id, record_id, unreadable};
use crate::error::{Context as _, ErrorKind, Result};
use crate::ident::{PairKey, RecordKey};

/// Writes one batch of answers: the left records are the queries, the right ones the candidates; returns how many candidates.
///
/// # Errors
/// `Io` when `out` takes no more.
pub fn write(outgoing: &Outgoing, out: &mut dyn Write) -> Result<usize> {
    let mut answers: Map<String, Value> = Map::new();
    let mut count = 0;
    for judged in outgoing.judged.iter().filter(|judged| judged.judgement != Judgement::Unsure) {
        let id = record_id(&judged.pair.right);
        let same = judged.judgement == Judgement::Same;
        let score = judged.score.map_or(if same { 100.0 } else { 0.0 }, |score| score * 100.0);
        let candidate = json!({ "id": id, "name": id, "score": score, "match": same, "type": [] });
        let answer = answers.entry(record_id(&judged.pair.left)).or_insert_with(|| json!({ "result": [] }));
        if let Some(result) = answer.get_mut("result").and_then(Value::as_array_mut) {
            result.push(candidate);
            count += 1;
        }
    }
    let text = serde_json::to_string_pretty(&answers)
        .context(ErrorKind::Internal, || "cannot spell answers as JSON".to_owned())?;
    writeln!(out, "{text}").context(ErrorKind::Io, || "cannot write the answers".to_owned())?;
    Ok(count)
}

/// Reads a batch of answers. Queries and candidates name records as [`record_id`] writes them, or hold bare keys of the tables given.
///
/// # Errors
/// `Data` when it is no such batch.
pub fn read(text: &str, queries: &Table, candidates: &Table) -> Result<Incoming> {
    let wrong = || unreadable("answer of a reconciliation service", "the file");
    let value: Value = serde_json::from_str(text).map_err(|cause| wrong().because(cause))?;
    let answers = value.as_object().ok_or_else(wrong)?;
    let mut incoming = Incoming::default();
    for (query, answer) in answers {
        let result = answer.get("result").and_then(Value::as_array).ok_or_else(wrong)?;
        for candidate in result {
            if candidate.get("match").and_then(Value::as_bool) != Some(true) {
                incoming.passed_over += 1;
                continue;
            }
            let id = candidate.get("id").and_then(Value::as_str).ok_or_else(wrong)?;
            let (Some(one), Some(other)) = (record(query, queries), record(id, candidates)) else {
                incoming.foreign += 1;
                continue;
            };
            if one == other {
                incoming.passed_over += 1;
                continue;
            }
            let score = candidate.get("score").and_then(Value::as_f64).map(|score| (score / 100.0).clamp(0.0, 1.0));
            incoming.judged.push(Judged {
                pair: PairKey::new(one, other),
                judgement: Judgement::Same,
                score,
                user: None,
                at: None,
            });
        }
    }
    Ok(incoming)
}

fn record(id: &str, table: &Table) -> Option<RecordKey> {
    match table {
        Some((source, table)) => (!id.trim().is_empty()).then(|| RecordKey::new(source.as_str(), table.as_str(), id)),
        None => parse_record_id(id),
    }
}
