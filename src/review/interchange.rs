//! How do two reviewers' logs become one, without losing or repeating anything?
//!
//! An export is JSON lines, one entry each, with everything its hash stands on. An import checks each hash, takes what
//! is new into the file as it is, with its own chain, and adds one entry of ours that vouches for what came. Entries
//! are told apart by hash, so that importing twice changes nothing, and two copies of one log that went on separately
//! merge.

use std::io::{BufRead, Write};

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{Row as _, SqliteConnection};

use crate::error::{Context as _, Error, ErrorKind, Result};

use super::fault::Fault;
use super::line::{Line, read_line};
use super::link::{self, Draft};
use super::row::{Context, StoredRow};
use super::store::ReviewLog;
use super::write::named;
use super::{hex, history};

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Entries in the export.
    pub read: usize,
    /// Entries that were new here.
    pub added: usize,
    /// Entries whose personal data was removed here, because the other log had erased it.
    pub erased: usize,
}

/// What an import leaves in the chain: how many entries came, and the hash of their hashes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Receipt {
    pub entries: usize,
    pub digest: String,
}

impl Receipt {
    pub fn of(hashes: &[[u8; 32]]) -> Self {
        let mut digest = Sha256::new();
        for hash in hashes {
            digest.update(hash);
        }
        Self { entries: hashes.len(), digest: hex::encode(&digest.finalize()) }
    }
}

impl ReviewLog {
    /// Writes every entry as JSON lines, the oldest row first; returns how many. The same log gives the same bytes.
    ///
    /// # Errors
    /// `Log` if the log cannot be read, `Io` if `out` takes no more.
    pub fn export(&self, out: &mut dyn Write) -> Result<usize> {
        let out = std::cell::RefCell::new(out);
        self.read("export", &async |connection| {
            let mut count = 0;
            let mut query = history::select();
            query.push("ORDER BY entry.seq");
            let mut rows = query.build().fetch(connection);
            while let Some(row) = rows.try_next().await? {
                let line = serde_json::to_string(&Line::of(StoredRow::read(&row)?))
                    .context(ErrorKind::Internal, || "cannot spell an entry as JSON".to_owned())?;
                writeln!(out.borrow_mut(), "{line}").context(ErrorKind::Io, || "cannot write the export".to_owned())?;
                count += 1;
            }
            Ok(count)
        })
    }

    /// Merges an export into this log: all of it or, if anything in it is wrong, nothing. Idempotent.
    ///
    /// # Errors `Data` with the line's number if a line is no entry, does not match its hash, or follows an entry that
    /// is neither here nor in the export; otherwise as [`append`](Self::append).
    pub fn import(&self, input: &mut dyn BufRead, reviewer: &str, at: Timestamp) -> Result<ImportReport> {
        let context = Context { action: "import".to_owned(), ..named(reviewer)? };
        let mut lines = Vec::new();
        for (number, line) in (1_usize..).zip(input.lines()) {
            let line = line.context(ErrorKind::Io, || format!("cannot read line {number} of the export"))?;
            if !line.trim().is_empty() {
                lines.push((number, read_line(number, &line)?));
            }
        }
        let nonce = self.random_hex(16);
        self.write("import into", &async |connection| {
            let fresh = fresh_rows(connection, &lines).await?;
            let mut report = ImportReport { read: lines.len(), added: fresh.len(), erased: 0 };
            if fresh.is_empty() {
                return Ok(report);
            }
            link::insert(connection, &fresh).await?;
            report.erased = super::erase::apply_imported(connection, &fresh).await?;
            let hashes: Vec<[u8; 32]> = fresh.iter().filter_map(|row| row.hash.as_slice().try_into().ok()).collect();
            let detail = serde_json::to_string(&Receipt::of(&hashes))
                .context(ErrorKind::Internal, || "cannot spell a receipt as JSON".to_owned())?;
            // Later than everything that came, so that what is decided next is known to have come after it.
            let latest = fresh.iter().map(|row| row.tick).max().unwrap_or_default().saturating_add(1);
            let draft = Draft {
                context: context.clone(),
                at: at.as_microsecond(),
                not_before: latest,
                detail: Some(detail),
                ..Draft::default()
            };
            link::append(connection, vec![draft], &nonce).await?;
            Ok(report)
        })
    }
}

/// The lines that are new here, numbered as the next rows. Each must follow an entry that is here or came before it.
async fn fresh_rows(connection: &mut SqliteConnection, lines: &[(usize, StoredRow)]) -> Result<Vec<StoredRow>, Fault> {
    let mut known: FxHashSet<Vec<u8>> = FxHashSet::default();
    let mut rows = sqlx::query("SELECT hash FROM entry").fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        known.insert(row.try_get(0)?);
    }
    drop(rows);
    let mut seq = link::last_seq(connection).await?;
    let mut fresh = Vec::new();
    for (number, row) in lines {
        if known.contains(&row.hash) {
            continue;
        }
        if row.prev.iter().any(|byte| *byte != 0) && !known.contains(&row.prev) {
            return Err(Error::data(format!("line {number} of the export follows an entry that is missing"))
                .hint("Nothing was imported. The export is not whole: ask for a new one.")
                .into());
        }
        seq += 1;
        known.insert(row.hash.clone());
        fresh.push(StoredRow { seq, ..row.clone() });
    }
    Ok(fresh)
}
