//! How are verdicts spelled as operations of OpenRefine's history?
//!
//! An operation judges the cells of a column that have one value; the cell is one record, the match the other. OpenRefine has no word for
//! "these two differ": such verdicts stay behind, and are counted.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::{Incoming, Judged, Judgement, Outgoing, parse_record_id, record_id, unreadable};
use crate::error::{Context as _, ErrorKind, Result};
use crate::ident::{PairKey, RecordKey};

/// Which table the cells of a file speak of, where they hold bare keys: `(source, table)`.
pub type Table = Option<(String, String)>;

/// Writes one operation for each pair that is one entity; returns how many.
///
/// # Errors
/// `Io` when `out` takes no more.
pub fn write(outgoing: &Outgoing, column: &str, out: &mut dyn Write) -> Result<usize> {
    let operations: Vec<Value> = outgoing
        .judged
        .iter()
        .filter(|judged| judged.judgement == Judgement::Same)
        .map(|judged| {
            let (cell, other) = (record_id(&judged.pair.left), record_id(&judged.pair.right));
            json!({
                "op": "core/recon-judge-similar-cells",
                "description": format!("Match item {other} for cells containing \"{cell}\" in column {column}"),
                "engineConfig": { "facets": [], "mode": "row-based" },
                "columnName": column,
                "similarValue": cell,
                "judgment": "matched",
                "match": {
                    "id": other,
                    "name": other,
                    "types": [],
                    "score": judged.score.map_or(100.0, |score| score * 100.0),
                },
                "shareNewTopics": false,
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&operations)
        .context(ErrorKind::Internal, || "cannot spell operations as JSON".to_owned())?;
    writeln!(out, "{text}").context(ErrorKind::Io, || "cannot write the operations".to_owned())?;
    Ok(operations.len())
}

/// Reads a history: what stands after all its operations. Cells and matches name records as [`record_id`] writes them, or
/// hold bare keys of the tables given.
///
/// # Errors
/// `Data` when it is no history.
pub fn read(text: &str, cells: &Table, matches: &Table) -> Result<Incoming> {
    let wrong = || unreadable("history of OpenRefine", "the file");
    let value: Value = serde_json::from_str(text).map_err(|cause| wrong().because(cause))?;
    // An extracted history is a list of operations; a stored one wraps each in an entry.
    let list = value.as_array().or_else(|| value.get("entries").and_then(Value::as_array)).ok_or_else(wrong)?;
    let mut incoming = Incoming::default();
    let mut standing: BTreeMap<RecordKey, (RecordKey, Option<f64>)> = BTreeMap::new();
    for entry in list {
        let operation = entry.get("operation").unwrap_or(entry);
        let Some(name) = operation.get("op").and_then(Value::as_str) else { return Err(wrong()) };
        let judged: Vec<String> = match name.trim_start_matches("core/") {
            "recon-judge-similar-cells" | "recon-clear-similar-cells" => {
                text_of(operation, "similarValue").into_iter().collect()
            }
            "recon-match-specific-topic-to-cells" | "recon-match-specific-topic" | "recon-discard-judgments" => {
                selected(operation)
            }
            _ => {
                incoming.passed_over += 1;
                continue;
            }
        };
        let matched = matched(operation, name);
        if judged.is_empty() {
            incoming.passed_over += 1;
        }
        for cell in judged {
            let Some(cell) = record(&cell, cells) else {
                incoming.foreign += 1;
                continue;
            };
            match &matched {
                // A judgement of none, of new, or a discarded one: the cell is matched to nothing any more.
                None => {
                    standing.remove(&cell);
                }
                Some((id, score)) => match record(id, matches) {
                    Some(other) if other != cell => {
                        standing.insert(cell, (other, *score));
                    }
                    Some(_) => incoming.passed_over += 1,
                    None => incoming.foreign += 1,
                },
            }
        }
    }
    incoming.judged = standing
        .into_iter()
        .map(|(cell, (other, score))| Judged {
            pair: PairKey::new(cell, other),
            judgement: Judgement::Same,
            score,
            user: None,
            at: None,
        })
        .collect();
    Ok(incoming)
}

/// What the cells are matched to, by an operation.
fn matched(operation: &Value, name: &str) -> Option<(String, Option<f64>)> {
    let judgement = operation.get("judgment").and_then(Value::as_str);
    let takes_away = name.ends_with("discard-judgments") || name.ends_with("clear-similar-cells");
    if takes_away || judgement.is_some_and(|word| word != "matched") {
        return None;
    }
    let found = operation.get("match").filter(|found| found.is_object()).unwrap_or(operation);
    let id = text_of(found, "id").or_else(|| text_of(operation, "topicID"))?;
    let score = found.get("score").and_then(Value::as_f64).map(|score| (score / 100.0).clamp(0.0, 1.0));
    Some((id, score))
}

/// The values that a list facet selects: an operation on them speaks of each.
fn selected(operation: &Value) -> Vec<String> {
    let column = operation.get("columnName").and_then(Value::as_str).unwrap_or_default();
    let facets = operation.pointer("/engineConfig/facets").and_then(Value::as_array);
    let own = |facet: &&Value| {
        facet.get("type").and_then(Value::as_str) == Some("list")
            && facet.get("expression").and_then(Value::as_str) == Some("value")
            && facet.get("columnName").and_then(Value::as_str) == Some(column)
            && facet.get("invert").and_then(Value::as_bool) != Some(true)
    };
    let facet = facets.and_then(|facets| facets.iter().find(own));
    let selection = facet.and_then(|facet| facet.get("selection")).and_then(Value::as_array);
    selection
        .into_iter()
        .flatten()
        .filter_map(|chosen| chosen.pointer("/v/v").and_then(Value::as_str))
        .map(str::to_owned)
        .collect()
}

fn text_of(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn record(id: &str, table: &Table) -> Option<RecordKey> {
    match table {
        Some((source, table)) => (!id.trim().is_empty()).then(|| RecordKey::new(source.as_str(), table.as_str(), id)),
        None => parse_record_id(id),
    }
}
