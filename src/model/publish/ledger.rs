//! What has become of each conflict, and how many were there in earlier runs?

use std::collections::BTreeMap;

use super::PublishInput;
use super::lineage::Note;
use super::rows::{Shape, Slot, load as load_rows};
use crate::error::Result;
use crate::warehouse::{ColumnType, Publication, TableName, Warehouse};

use ColumnType::{Integer, Text};

/// A conflict with what people said of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LedgerRow {
    /// The conflict's id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// `open`, `accepted` or `closed`.
    pub status: String,
    /// What made it so, in words; empty while it is open.
    pub reason: String,
    /// Who looks after it; empty when nobody does.
    pub owner: String,
    /// Who accepted or settled it.
    pub who: String,
    /// When, RFC 3339.
    pub when: String,
    /// Why, in their words.
    pub why: String,
    /// The last day on which it is accepted.
    pub until: String,
    /// When the first run found it, RFC 3339.
    pub first_seen: String,
    /// Money that hangs on it, a year.
    pub money: Option<f64>,
    /// ISO 4217 code of the money.
    pub currency: String,
}

/// The table of conflicts with what people said of them.
pub const LEDGER_TABLE: &str = "conflict_ledger";
/// The table of counts by run.
pub const HISTORY_TABLE: &str = "conflict_history";

const LEDGER: &Shape = &[
    ("conflict_id", Text),
    ("kind", Text),
    ("status", Text),
    ("reason", Text),
    ("owner", Text),
    ("who", Text),
    ("stated_at", Text),
    ("why", Text),
    ("until", Text),
    ("first_seen", Text),
];

const HISTORY: &Shape = &[
    ("run_id", Text),
    ("started", Text),
    ("kind", Text),
    ("status", Text),
    ("currency", Text),
    ("conflicts", Integer),
    // As text, so that every engine gives back what it was given.
    ("money", Text),
];

/// Runs kept: a year of daily ones.
const KEPT: usize = 400;

/// The counts of earlier runs, oldest first; none on the first run.
pub(super) fn earlier(warehouse: &dyn Warehouse, schema: &str) -> Result<Vec<Vec<Option<String>>>> {
    let known = warehouse.schemas()?.iter().any(|name| name.eq_ignore_ascii_case(schema))
        && warehouse.tables(schema)?.iter().any(|table| table.name.table == HISTORY_TABLE);
    if !known {
        return Ok(Vec::new());
    }
    let dialect = warehouse.dialect();
    let columns: Vec<String> = HISTORY.iter().map(|(name, _)| dialect.text(&dialect.quote(name))).collect();
    let order: Vec<String> = ["started", "run_id", "kind", "status", "currency"]
        .iter()
        .map(|name| dialect.ordered(&dialect.quote(name)))
        .collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {}",
        columns.join(", "),
        dialect.table(&TableName::new(schema, HISTORY_TABLE)),
        order.join(", ")
    );
    let rows = warehouse.query(&sql, &[])?;
    let mut found: Vec<Vec<Option<String>>> = (0..rows.len())
        .map(|row| (0..HISTORY.len()).map(|column| rows.text(row, column).map(str::to_owned)).collect())
        .collect();
    let mut runs: Vec<Option<String>> = found.iter().map(|row| row[0].clone()).collect();
    runs.dedup();
    if runs.len() > KEPT {
        let kept = &runs[runs.len() - KEPT..];
        found.retain(|row| kept.contains(&row[0]));
    }
    Ok(found)
}

/// Loads the ledger, and the counts of earlier runs with this one's.
pub(super) fn load(
    publication: &mut Publication<'_>,
    input: &PublishInput<'_>,
    earlier: &[Vec<Option<String>>],
    note: Note<'_>,
) -> Result<()> {
    let ledger = &input.model.ledger;
    let rows = ledger.iter().map(|row| {
        let texts = [
            &row.id,
            &row.kind,
            &row.status,
            &row.reason,
            &row.owner,
            &row.who,
            &row.when,
            &row.why,
            &row.until,
            &row.first_seen,
        ];
        texts.into_iter().map(|text| Slot::words(text)).collect()
    });
    note(LEDGER_TABLE, load_rows(publication, LEDGER_TABLE, LEDGER, rows)?)?;
    let started = input.started.to_string();
    let mut counts: BTreeMap<(&str, &str, &str), (i64, f64)> = BTreeMap::new();
    for row in ledger {
        let count = counts.entry((&row.kind, &row.status, &row.currency)).or_default();
        count.0 += 1;
        count.1 += row.money.unwrap_or(0.0);
    }
    let this = counts.iter().map(|((kind, status, currency), (count, money))| {
        vec![
            Slot::words(input.run_id),
            Slot::words(&started),
            Slot::words(kind),
            Slot::words(status),
            Slot::words(currency),
            Slot::Integer(*count),
            Slot::own(format!("{money:.2}")),
        ]
    });
    let before = earlier.iter().filter(|row| row.first().and_then(Option::as_deref) != Some(input.run_id)).map(|row| {
        row.iter().zip(HISTORY).map(|(text, (_, kind))| slot(*kind, text.as_deref())).collect::<Vec<Slot<'_>>>()
    });
    note(HISTORY_TABLE, load_rows(publication, HISTORY_TABLE, HISTORY, before.chain(this))?)
}

/// A value that came back as text, as what it was.
fn slot(kind: ColumnType, text: Option<&str>) -> Slot<'_> {
    match (kind, text) {
        (Integer, Some(text)) => text.parse().map_or(Slot::Null, Slot::Integer),
        (_, text) => text.into(),
    }
}
