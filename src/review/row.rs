//! How is an entry laid down in the table, and read back from it?

use jiff::Timestamp;
use serde_json::Value;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::error::{Error, ErrorKind, Result};
use crate::ident::{EntityKind, PairKey, RecordKey};

use super::chain;
use super::decision::{Decision, FieldAnchor, Stratum, Verdict};
use super::entry::{Action, BatchId, Entry, EntryId, Target};

/// The columns of `context`: what repeats from row to row. Absent parts are empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Context {
    pub reviewer: String,
    pub action: String,
    pub kind: String,
    pub verdict: String,
    pub stratum: String,
    pub settles: bool,
    pub batch: String,
    pub rule: String,
}

/// The personal columns of `entry`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Personal {
    pub subject: Option<String>,
    pub fields: Option<String>,
    pub note: Option<String>,
    pub batch_name: Option<String>,
    pub salt: Option<Vec<u8>>,
}

/// One row of `entry` with its context.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct StoredRow {
    pub seq: i64,
    pub tick: i64,
    pub imported: bool,
    pub context: Context,
    pub target: Option<Vec<u8>>,
    pub at: i64,
    pub weight: Option<f64>,
    pub detail: Option<String>,
    pub personal: Personal,
    pub sealed: Option<Vec<u8>>,
    pub prev: Vec<u8>,
    pub hash: Vec<u8>,
}

/// The columns that [`StoredRow::read`] expects, in its order, from `entry` joined with `context`.
pub(super) const COLUMNS: &str = "entry.seq, entry.tick, entry.imported, context.reviewer, context.action, \
    context.kind, context.verdict, context.stratum, context.settles, context.batch, context.rule, entry.target, \
    entry.at, entry.weight, entry.detail, entry.subject, entry.fields, entry.note, entry.batch_name, entry.salt, \
    entry.sealed, entry.prev, entry.hash";

impl StoredRow {
    /// Takes a row of [`COLUMNS`].
    pub fn read(row: &SqliteRow) -> std::result::Result<Self, sqlx::Error> {
        Ok(Self {
            seq: row.try_get(0)?,
            tick: row.try_get(1)?,
            imported: row.try_get(2)?,
            context: Context {
                reviewer: row.try_get(3)?,
                action: row.try_get(4)?,
                kind: row.try_get(5)?,
                verdict: row.try_get(6)?,
                stratum: row.try_get(7)?,
                settles: row.try_get(8)?,
                batch: row.try_get(9)?,
                rule: row.try_get(10)?,
            },
            target: row.try_get(11)?,
            at: row.try_get(12)?,
            weight: row.try_get(13)?,
            detail: row.try_get(14)?,
            personal: Personal {
                subject: row.try_get(15)?,
                fields: row.try_get(16)?,
                note: row.try_get(17)?,
                batch_name: row.try_get(18)?,
                salt: row.try_get(19)?,
            },
            sealed: row.try_get(20)?,
            prev: row.try_get(21)?,
            hash: row.try_get(22)?,
        })
    }

    /// The name of the entry.
    pub fn id(&self) -> Result<EntryId> {
        id_of(&self.hash).ok_or_else(|| damaged(self.seq, "its hash is not 32 bytes long"))
    }

    /// Puts the row into words.
    pub fn into_entry(self, undone: bool) -> Result<Entry> {
        let seq = self.seq;
        let at = Timestamp::from_microsecond(self.at).map_err(|cause| damaged(seq, "its time").because(cause))?;
        let what = self.action()?;
        Ok(Entry {
            seq,
            id: self.id()?,
            at,
            imported: self.imported,
            undone,
            erased: self.sealed.is_some(),
            what,
            reviewer: self.context.reviewer,
        })
    }

    fn action(&self) -> Result<Action> {
        let detail: Value = match &self.detail {
            Some(text) => serde_json::from_str(text).map_err(|cause| damaged(self.seq, "its detail").because(cause))?,
            None => Value::Null,
        };
        let entries = detail["entries"].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or_default();
        Ok(match self.context.action.as_str() {
            "create" => Action::Create,
            "decide" => Action::Decide(Box::new(self.decision()?)),
            "undo" => Action::Undo { target: self.target()? },
            "redo" => Action::Redo { target: self.target()? },
            "skip" => Action::Skip { pair: self.pair()? },
            "reveal" => Action::Reveal {
                record: self.records()?.and_then(|mut records| records.pop()),
                field: detail["field"].as_str().unwrap_or_default().to_owned(),
            },
            "erase" => Action::Erase { entries },
            "import" => Action::Import { entries },
            other => {
                return Err(damaged(self.seq, &format!("its action `{other}`"))
                    .hint("A newer version of fourfold may have written it; update this one."));
            }
        })
    }

    fn target(&self) -> Result<Target> {
        match &self.target {
            Some(hash) => id_of(hash).map(Target::Entry).ok_or_else(|| damaged(self.seq, "its target")),
            None => Ok(Target::Batch(BatchId(self.context.batch.clone()))),
        }
    }

    fn decision(&self) -> Result<Decision> {
        let context = &self.context;
        let kind = kind_of(&context.kind).ok_or_else(|| damaged(self.seq, "its kind"))?;
        let verdict = Verdict::parse(&context.verdict).ok_or_else(|| damaged(self.seq, "its verdict"))?;
        let stratum = Stratum::parse(&context.stratum).ok_or_else(|| damaged(self.seq, "its stratum"))?;
        Ok(Decision {
            pair: self.pair()?,
            kind,
            verdict,
            fields: self.anchors()?,
            weight_shown: self.weight,
            stratum,
            note: self.personal.note.clone(),
            rule: some(&context.rule),
            batch: some(&context.batch).map(BatchId),
            batch_name: self.personal.batch_name.clone(),
            settles: context.settles,
        })
    }

    /// The hashes of the compared fields; none once they were erased.
    pub fn anchors(&self) -> Result<Vec<FieldAnchor>> {
        let Some(text) = &self.personal.fields else { return Ok(Vec::new()) };
        chain::read_anchors(text).ok_or_else(|| damaged(self.seq, "its compared fields"))
    }

    /// The records it is about: one, two, or `None` once they were erased.
    pub fn records(&self) -> Result<Option<Vec<RecordKey>>> {
        let Some(text) = &self.personal.subject else { return Ok(None) };
        read_subject(text).map(Some).ok_or_else(|| damaged(self.seq, "its records"))
    }

    /// The pair it is about; `None` once it was erased.
    pub fn pair(&self) -> Result<Option<PairKey>> {
        let Some(text) = &self.personal.subject else { return Ok(None) };
        read_pair(text).map(Some).ok_or_else(|| damaged(self.seq, "its pair"))
    }
}

/// Something in a row cannot be read.
pub(super) fn damaged(seq: i64, what: &str) -> Error {
    Error::new(ErrorKind::Log, format!("row {seq} of the review log is damaged: {what} cannot be read"))
        .hint("Run `fourfold log verify` to see what was changed, and restore the file from a backup or an export.")
}

/// The words behind an entity kind.
pub(super) fn kind_of(word: &str) -> Option<EntityKind> {
    [EntityKind::Account, EntityKind::Person].into_iter().find(|kind| kind.as_str() == word)
}

/// A record's or a pair's keys as the `subject` column spells them. The spelling is unique, so that it can be compared.
pub(super) fn subject_of(records: &[&RecordKey]) -> String {
    let parts: Vec<&str> =
        records.iter().flat_map(|record| [record.source.as_str(), &record.table, &record.pk]).collect();
    Value::from(parts).to_string()
}

/// The `subject` of a pair.
pub(super) fn pair_subject(pair: &PairKey) -> String {
    subject_of(&[&pair.left, &pair.right])
}

/// Reads a `subject` of one or two records.
pub(super) fn read_subject(text: &str) -> Option<Vec<RecordKey>> {
    let parts: Vec<String> = serde_json::from_str(text).ok()?;
    let mut parts = parts.into_iter();
    let mut records = Vec::with_capacity(2);
    while let Some(source) = parts.next() {
        records.push(RecordKey::new(source, parts.next()?, parts.next()?));
    }
    (!records.is_empty() && records.len() <= 2).then_some(records)
}

/// Reads the `subject` of a pair.
pub(super) fn read_pair(text: &str) -> Option<PairKey> {
    let (source, table, pk, other_source, other_table, other_pk): (String, String, String, String, String, String) =
        serde_json::from_str(text).ok()?;
    Some(PairKey {
        left: RecordKey::new(source, table, pk),
        right: RecordKey::new(other_source, other_table, other_pk),
    })
}

/// 32 bytes as an entry's name.
pub(super) fn id_of(bytes: &[u8]) -> Option<EntryId> {
    bytes.try_into().ok().map(EntryId)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
