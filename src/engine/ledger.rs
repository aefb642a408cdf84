//! Since when is each conflict known, and what have people said of it?

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::chart::conflict::Conflict;
use crate::chart::standing::Standing;
use crate::error::Result;
use crate::model::publish::ledger::{LEDGER_TABLE, LedgerRow};
use crate::warehouse::{TableName, Warehouse};

/// The day of a moment where this program runs: acceptance runs out with the operator's day.
#[must_use]
pub fn today(now: Timestamp) -> Date {
    now.to_zoned(jiff::tz::TimeZone::system()).date()
}

/// The ledger of this run: of the conflicts of sources and of values, each once, in the order of their ids.
///
/// # Errors
/// `Warehouse` when the last published ledger cannot be read.
pub fn rows(
    warehouse: &dyn Warehouse,
    schema: &str,
    standing: &Standing,
    sources: &[Conflict],
    values: &[Conflict],
    started: Timestamp,
) -> Result<Vec<LedgerRow>> {
    let known = first_seen(warehouse, schema)?;
    let now = started.to_string();
    let mut rows: BTreeMap<&str, LedgerRow> = BTreeMap::new();
    for conflict in values.iter().chain(sources) {
        rows.entry(&conflict.id).or_insert_with(|| {
            let ledger = standing.ledger(conflict);
            let quote = ledger.quote.unwrap_or_default();
            LedgerRow {
                id: conflict.id.clone(),
                kind: conflict.kind.clone(),
                status: ledger.status.to_owned(),
                reason: ledger.reason,
                owner: ledger.owner.unwrap_or_default(),
                who: quote.who,
                when: quote.when,
                why: quote.why,
                until: ledger.until.unwrap_or_default(),
                first_seen: known.get(&conflict.id).unwrap_or(&now).clone(),
                money: conflict.money_at_stake,
                currency: conflict.currency.clone().unwrap_or_default(),
            }
        });
    }
    Ok(rows.into_values().collect())
}

fn first_seen(warehouse: &dyn Warehouse, schema: &str) -> Result<BTreeMap<String, String>> {
    let known = warehouse.schemas()?.iter().any(|name| name.eq_ignore_ascii_case(schema))
        && warehouse.tables(schema)?.iter().any(|table| table.name.table == LEDGER_TABLE);
    if !known {
        return Ok(BTreeMap::new());
    }
    let dialect = warehouse.dialect();
    let column = |name: &str| dialect.text(&dialect.quote(name));
    let sql = format!(
        "SELECT {}, {} FROM {}",
        column("conflict_id"),
        column("first_seen"),
        dialect.table(&TableName::new(schema, LEDGER_TABLE))
    );
    let rows = warehouse.query(&sql, &[])?;
    Ok((0..rows.len()).filter_map(|row| Some((rows.text(row, 0)?.to_owned(), rows.text(row, 1)?.to_owned()))).collect())
}
