//! How does a new row take its place at the end of the chain?

use std::collections::hash_map::Entry as Slot;

use rustc_hash::FxHashMap;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use crate::error::{Error, ErrorKind};

use super::chain;
use super::entry::EntryId;
use super::fault::Fault;
use super::row::{Context, Personal, StoredRow};

/// Rows in one INSERT: 16 columns each, far below `SQLite`'s 32,766 parameters.
const ROWS_AT_ONCE: usize = 500;

/// A row that does not know its place yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub context: Context,
    pub target: Option<Vec<u8>>,
    /// Microseconds since 1970.
    pub at: i64,
    /// The least tick it may have: later than what was merged just before.
    pub not_before: i64,
    pub weight: Option<f64>,
    pub detail: Option<String>,
    pub personal: Personal,
}

/// The end of the chain written here.
struct Head {
    seq: i64,
    tick: i64,
    hash: Vec<u8>,
}

/// Chains the drafts to the end of the log and inserts them. `nonce` begins the chain of a log that has none.
pub(super) async fn append(
    connection: &mut SqliteConnection,
    drafts: Vec<Draft>,
    nonce: &str,
) -> Result<Vec<StoredRow>, Fault> {
    let mut rows = Vec::with_capacity(drafts.len() + 1);
    let mut head = if let Some(head) = head(connection).await? {
        head
    } else {
        let at = drafts.first().map(|draft| draft.at).unwrap_or_default();
        let seq = last_seq(connection).await?;
        let mut nothing = Head { seq, tick: at - 1, hash: EntryId::NONE.0.to_vec() };
        let context = Context { action: "create".to_owned(), ..Context::default() };
        let detail = serde_json::json!({ "chain": nonce }).to_string();
        rows.push(place(&mut nothing, Draft { context, at, detail: Some(detail), ..Draft::default() }));
        nothing
    };
    let begun = rows.len();
    rows.extend(drafts.into_iter().map(|draft| place(&mut head, draft)));
    insert(connection, &rows).await?;
    Ok(rows.split_off(begun))
}

/// Gives a draft its place after `head`, which moves on to it.
fn place(head: &mut Head, draft: Draft) -> StoredRow {
    let mut row = StoredRow {
        seq: head.seq + 1,
        // Later than everything this log has seen, whatever the clock says.
        tick: draft.at.max(head.tick + 1).max(draft.not_before),
        imported: false,
        context: draft.context,
        target: draft.target,
        at: draft.at,
        weight: draft.weight,
        detail: draft.detail,
        personal: draft.personal,
        sealed: None,
        prev: std::mem::take(&mut head.hash),
        hash: Vec::new(),
    };
    row.hash = chain::hash(&row).to_vec();
    *head = Head { seq: row.seq, tick: row.tick, hash: row.hash.clone() };
    row
}

/// The last row in the file, whoever wrote it; 0 in an empty one.
pub(super) async fn last_seq(connection: &mut SqliteConnection) -> Result<i64, Fault> {
    let seq: Option<i64> = sqlx::query_scalar("SELECT max(seq) FROM entry").fetch_one(connection).await?;
    Ok(seq.unwrap_or_default())
}

/// The end of our own chain. After an import it is the entry that recorded the import, so that this finds it at once,
/// and its tick is later than any that was imported.
async fn head(connection: &mut SqliteConnection) -> Result<Option<Head>, Fault> {
    let row = sqlx::query("SELECT seq, tick, hash FROM entry WHERE imported = 0 ORDER BY seq DESC LIMIT 1")
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let head = Head { seq: last_seq(connection).await?, tick: row.try_get(1)?, hash: row.try_get(2)? };
    if head.tick == i64::MAX {
        return Err(Error::new(ErrorKind::Log, "the review log's last entry claims the end of time").into());
    }
    Ok(Some(head))
}

/// Puts rows into the table as they are.
pub(super) async fn insert(connection: &mut SqliteConnection, rows: &[StoredRow]) -> Result<(), Fault> {
    let mut contexts = FxHashMap::default();
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        let mut ids = Vec::with_capacity(chunk.len());
        for row in chunk {
            ids.push(match contexts.entry(&row.context) {
                Slot::Occupied(known) => *known.get(),
                Slot::Vacant(slot) => *slot.insert(context_id(connection, &row.context).await?),
            });
        }
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO entry (seq, tick, context, imported, target, subject, at, weight, detail, fields, note, \
             batch_name, salt, sealed, prev, hash) ",
        );
        query.push_values(chunk.iter().zip(ids), |mut values, (row, context)| {
            values.push_bind(row.seq).push_bind(row.tick).push_bind(context).push_bind(row.imported);
            values.push_bind(row.target.as_deref()).push_bind(row.personal.subject.as_deref());
            values.push_bind(row.at).push_bind(row.weight).push_bind(row.detail.as_deref());
            values.push_bind(row.personal.fields.as_deref()).push_bind(row.personal.note.as_deref());
            values.push_bind(row.personal.batch_name.as_deref()).push_bind(row.personal.salt.as_deref());
            values.push_bind(row.sealed.as_deref()).push_bind(row.prev.as_slice()).push_bind(row.hash.as_slice());
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// The number of a context, new or known.
async fn context_id(connection: &mut SqliteConnection, context: &Context) -> Result<i64, Fault> {
    const FIND: &str = "SELECT id FROM context WHERE reviewer = ? AND action = ? AND kind = ? AND verdict = ? \
        AND stratum = ? AND settles = ? AND batch = ? AND rule = ?";
    const ADD: &str = "INSERT INTO context (reviewer, action, kind, verdict, stratum, settles, batch, rule) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
    let bound = |statement: &'static str| {
        sqlx::query_scalar::<_, i64>(statement)
            .bind(context.reviewer.clone())
            .bind(context.action.clone())
            .bind(context.kind.clone())
            .bind(context.verdict.clone())
            .bind(context.stratum.clone())
            .bind(context.settles)
            .bind(context.batch.clone())
            .bind(context.rule.clone())
    };
    match bound(FIND).fetch_optional(&mut *connection).await? {
        Some(id) => Ok(id),
        None => Ok(bound(ADD).fetch_one(connection).await?),
    }
}
