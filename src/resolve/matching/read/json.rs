//! Which columns do lines of JSON objects hold?

use std::path::Path;

use crate::error::{Context, ErrorKind, Result};
use crate::resolve::matching::intern::Dictionary;
use crate::resolve::matching::table::MatchColumn;

/// The columns of a text with one JSON object a line, in the order their names first appear.
pub(super) fn json_columns(text: &str, path: &Path) -> Result<Vec<MatchColumn>> {
    let mut names: Vec<String> = Vec::new();
    let mut columns: Vec<(Dictionary, Vec<u32>)> = Vec::new();
    let mut rows = 0;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line)
            .context(ErrorKind::Data, || format!("{}, line {}: no JSON object", path.display(), number + 1))?;
        for (name, value) in &row {
            let at = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.clone());
                columns.push((Dictionary::default(), vec![0; rows]));
                names.len() - 1
            });
            let (texts, cells) = &mut columns[at];
            cells.push(texts.intern(shown(value).trim()));
        }
        rows += 1;
        for (_, cells) in &mut columns {
            cells.resize(rows, 0);
        }
    }
    Ok(names
        .into_iter()
        .zip(columns)
        .map(|(name, (texts, cells))| MatchColumn::from_parts(name, texts, cells))
        .collect())
}

/// A value as text; several values are parted by the separator of lists.
fn shown(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(value) => value.clone(),
        serde_json::Value::Array(values) => {
            let shown: Vec<String> = values.iter().map(shown).collect();
            shown.join("\u{1f}")
        }
        other => other.to_string(),
    }
}
