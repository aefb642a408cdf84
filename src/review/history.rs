//! What happened, the newest first, a page at a time?

use jiff::Timestamp;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use crate::error::{Error, ErrorKind, Result};
use crate::ident::PairKey;

use super::entry::{BatchId, Entry, EntryId};
use super::fault::Fault;
use super::row::{COLUMNS, StoredRow, pair_subject};
use super::store::ReviewLog;
use super::undo::is_undone;

/// Which entries to list. The default is the newest hundred of all.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Only this reviewer's.
    pub reviewer: Option<String>,
    /// Only from this moment on.
    pub since: Option<Timestamp>,
    /// Only before this moment.
    pub until: Option<Timestamp>,
    /// Only what this rule decided or proposed.
    pub rule: Option<String>,
    /// Only this batch, with its undos.
    pub batch: Option<BatchId>,
    /// Only this pair.
    pub pair: Option<PairKey>,
    /// Only decisions, without undos, skips and other events.
    pub decisions_only: bool,
    /// Only rows before this one: the last `seq` of the page before.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            reviewer: None,
            since: None,
            until: None,
            rule: None,
            batch: None,
            pair: None,
            decisions_only: false,
            before: None,
            limit: 100,
        }
    }
}

impl ReviewLog {
    /// A page of entries, the newest in the file first.
    ///
    /// # Errors
    /// `Log` if the log cannot be read.
    pub fn history(&self, filter: &Filter) -> Result<Vec<Entry>> {
        self.read("read", &async |connection| {
            let rows = query(filter).build().fetch_all(&mut *connection).await?;
            let mut entries = Vec::with_capacity(rows.len());
            for row in rows {
                entries.push(in_words(connection, StoredRow::read(&row)?).await?);
            }
            Ok(entries)
        })
    }

    /// One row of the file.
    ///
    /// # Errors
    /// `Log` if the log cannot be read.
    pub fn entry(&self, seq: i64) -> Result<Option<Entry>> {
        let filter = Filter { before: Some(seq.saturating_add(1)), limit: 1, ..Filter::default() };
        Ok(self.history(&filter)?.into_iter().find(|entry| entry.seq == seq))
    }

    /// The entry whose name begins with these hexadecimal digits, as screens show them.
    ///
    /// # Errors
    /// `NotFound` if there is none, `Config` if there are several or the text is no name.
    pub fn find(&self, prefix: &str) -> Result<Entry> {
        let digits = prefix.trim().to_ascii_lowercase();
        if digits.len() < 4 || digits.len() > 64 || !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(Error::config(format!("`{}` is no name of a log entry", digits.escape_default()))
                .hint("Names are hexadecimal, at least the first four digits: `fourfold log list` shows them."));
        }
        let bound = |filler: char| {
            let full: String = digits.chars().chain(std::iter::repeat(filler)).take(64).collect();
            EntryId::parse(&full).unwrap_or(EntryId::NONE).0.to_vec()
        };
        let (low, high) = (bound('0'), bound('f'));
        self.read("read", &async |connection| {
            let mut query = select();
            query.push("WHERE entry.hash BETWEEN ").push_bind(low.clone());
            query.push(" AND ").push_bind(high.clone()).push(" LIMIT 2");
            let rows = query.build().fetch_all(&mut *connection).await?;
            match rows.as_slice() {
                [] => Err(Error::not_found(format!("the review log has no entry {digits}")).into()),
                [row] => in_words(connection, StoredRow::read(row)?).await,
                _ => Err(Error::config(format!("several entries begin with {digits}"))
                    .hint("Give more digits of its name.")
                    .into()),
            }
        })
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// `Log` if the log cannot be read.
    pub fn len(&self) -> Result<usize> {
        self.read("read", &async |connection| {
            let row = sqlx::query("SELECT count(*) FROM entry").fetch_one(connection).await?;
            let count: i64 = row.try_get(0)?;
            usize::try_from(count).map_err(|cause| Error::new(ErrorKind::Log, "no entries").because(cause).into())
        })
    }

    /// Whether nothing was ever recorded.
    ///
    /// # Errors
    /// `Log` if the log cannot be read.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }
}

/// A row in words, with what became of it.
async fn in_words(connection: &mut SqliteConnection, row: StoredRow) -> Result<Entry, Fault> {
    let undone = row.context.action == "decide" && is_undone(connection, &row.id()?, &row.context.batch).await?;
    Ok(row.into_entry(undone)?)
}

/// All columns of entries, ready for a condition.
pub(super) fn select() -> QueryBuilder<Sqlite> {
    // The plus keeps SQLite from collecting and sorting all rows of a context: the rows come in order of `seq` anyway.
    QueryBuilder::new(format!("SELECT {COLUMNS} FROM entry JOIN context ON context.id = +entry.context "))
}

fn query(filter: &Filter) -> QueryBuilder<Sqlite> {
    let mut query = select();
    query.push("WHERE entry.seq < ").push_bind(filter.before.unwrap_or(i64::MAX));
    if let Some(batch) = &filter.batch {
        query.push(" AND entry.context IN (SELECT id FROM context WHERE batch = ").push_bind(batch.0.clone()).push(")");
    }
    if let Some(pair) = &filter.pair {
        query.push(" AND entry.subject = ").push_bind(pair_subject(pair));
    }
    if let Some(reviewer) = &filter.reviewer {
        query.push(" AND context.reviewer = ").push_bind(reviewer.clone());
    }
    if let Some(rule) = &filter.rule {
        query.push(" AND context.rule = ").push_bind(rule.clone());
    }
    if let Some(since) = filter.since {
        query.push(" AND entry.at >= ").push_bind(since.as_microsecond());
    }
    if let Some(until) = filter.until {
        query.push(" AND entry.at < ").push_bind(until.as_microsecond());
    }
    if filter.decisions_only {
        query.push(" AND context.action = 'decide'");
    }
    query.push(" ORDER BY entry.seq DESC LIMIT ").push_bind(i64::try_from(filter.limit).unwrap_or(i64::MAX));
    query
}
