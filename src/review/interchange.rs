//! How do two reviewers' logs become one, without losing or repeating anything?
//!
//! An export is JSON lines, one entry each, with everything its hash stands on. An import checks each hash, takes what
//! is new into the file as it is, with its own chain, and adds one entry of ours that vouches for what came. Entries are
//! told apart by hash, so that importing twice changes nothing, and two copies of one log that went on separately merge.

use std::io::{BufRead, Write};

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{Row as _, SqliteConnection};

use crate::error::{Context as _, Error, ErrorKind, Result};

use super::link::{self, Draft};
use super::row::{Context, Personal, StoredRow, read_subject, subject_of};
use super::store::{Fault, ReviewLog};
use super::write::{LONGEST_SUBJECT, named};
use super::{chain, hex, history};

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
        hashes.iter().for_each(|hash| digest.update(hash));
        Self { entries: hashes.len(), digest: hex::encode(&digest.finalize()) }
    }
}

/// One line of an export. Absent parts are left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Line {
    fourfold_log: u32,
    hash: String,
    prev: String,
    tick: i64,
    at: i64,
    reviewer: String,
    action: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    verdict: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    stratum: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    settles: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    batch: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    /// As its bits, so that no reader's rounding breaks the hash; `weight` says it to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight_bits: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
}

/// The year 3000 in microseconds. A later tick would leave no room for entries that come after it.
const LAST_TICK: i64 = 32_503_680_000_000_000;

/// The version of the export's form.
const FORM: u32 = 1;

impl Line {
    fn of(row: StoredRow) -> Self {
        let hex = |bytes: Option<Vec<u8>>| bytes.map(|bytes| hex::encode(&bytes));
        Self {
            fourfold_log: FORM,
            hash: hex::encode(&row.hash),
            prev: hex::encode(&row.prev),
            tick: row.tick,
            at: row.at,
            reviewer: row.context.reviewer,
            action: row.context.action,
            kind: row.context.kind,
            verdict: row.context.verdict,
            stratum: row.context.stratum,
            settles: row.context.settles,
            batch: row.context.batch,
            rule: row.context.rule,
            target: hex(row.target),
            weight_bits: row.weight.map(|weight| hex::encode(&weight.to_bits().to_be_bytes())),
            weight: row.weight,
            detail: row.detail,
            subject: row.personal.subject,
            fields: row.personal.fields,
            note: row.personal.note,
            batch_name: row.personal.batch_name,
            salt: hex(row.personal.salt),
            sealed: hex(row.sealed),
        }
    }

    /// The row behind a line; `None` where digits are no digits.
    fn into_row(self) -> Option<StoredRow> {
        let bytes = |text: Option<String>| text.map_or(Some(None), |text| hex::decode(&text).map(Some));
        let weight = match self.weight_bits {
            Some(bits) => Some(f64::from_bits(u64::from_str_radix(&bits, 16).ok()?)),
            None => None,
        };
        Some(StoredRow {
            seq: 0,
            tick: self.tick,
            imported: true,
            context: Context {
                reviewer: self.reviewer,
                action: self.action,
                kind: self.kind,
                verdict: self.verdict,
                stratum: self.stratum,
                settles: self.settles,
                batch: self.batch,
                rule: self.rule,
            },
            target: bytes(self.target)?,
            at: self.at,
            weight,
            detail: self.detail,
            personal: Personal {
                subject: self.subject,
                fields: self.fields,
                note: self.note,
                batch_name: self.batch_name,
                salt: bytes(self.salt)?,
            },
            sealed: bytes(self.sealed)?,
            prev: hex::decode(&self.prev)?,
            hash: hex::decode(&self.hash)?,
        })
    }
}

impl ReviewLog {
    /// Writes every entry as JSON lines, the oldest row first; returns how many. The same log gives the same bytes.
    ///
    /// # Errors
    /// `Log` if the log cannot be read, `Io` if `out` takes no more.
    pub fn export(&self, out: &mut dyn Write) -> Result<usize> {
        let out = std::cell::RefCell::new(out);
        self.read("export", async |connection| {
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
    /// # Errors
    /// `Data` with the line's number if a line is no entry, does not match its hash, or follows an entry that is neither
    /// here nor in the export; otherwise as [`append`](Self::append).
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
        self.write("import into", async |connection| {
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

/// A line as a row whose hash was checked.
fn read_line(number: usize, text: &str) -> Result<StoredRow> {
    let wrong = |what: &str| {
        Error::data(format!("line {number} of the export {what}"))
            .hint("Nothing was imported. Ask for a new export: `fourfold log export`.")
    };
    let line: Line = serde_json::from_str(text).map_err(|cause| wrong("is no entry").because(cause))?;
    if line.fourfold_log != FORM {
        return Err(wrong(&format!("has form {}, this program reads {FORM}", line.fourfold_log)));
    }
    let row = line.into_row().ok_or_else(|| wrong("holds bytes that are not hexadecimal"))?;
    if chain::hash(&row) != row.hash.as_slice() {
        return Err(wrong("does not match its hash: it was changed"));
    }
    if row.prev.len() != 32 || row.weight.is_some_and(|weight| !weight.is_finite()) {
        return Err(wrong("is no entry that fourfold writes"));
    }
    if row.tick > LAST_TICK {
        return Err(wrong("claims to be from the far future, after which nothing could be recorded"));
    }
    let context = &row.context;
    let names = [&context.reviewer, &context.rule, &context.batch, &context.action];
    if names.iter().any(|name| name.chars().any(char::is_control)) {
        return Err(wrong("holds control characters in a name"));
    }
    if row.personal.subject.as_deref().is_some_and(|subject| !is_subject(subject)) {
        return Err(wrong("names no records"));
    }
    // What cannot be put into words here must not enter: a row of a newer version would be dead weight for good.
    row.clone().into_entry(false).map_err(|cause| wrong("says something this version does not know").because(cause))?;
    Ok(row)
}

/// Whether it names one or two records, in the one way to spell them.
fn is_subject(text: &str) -> bool {
    text.len() <= LONGEST_SUBJECT
        && read_subject(text).is_some_and(|records| subject_of(&records.iter().collect::<Vec<_>>()) == text)
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
