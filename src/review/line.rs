//! How is an entry spelled on a line of an export, and when is such a line believed?

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

use super::row::{Context, Personal, StoredRow, read_subject, subject_of};
use super::write::LONGEST_SUBJECT;
use super::{chain, hex};

/// One line of an export. Absent parts are left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Line {
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
    pub fn of(row: StoredRow) -> Self {
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

/// A line as a row whose hash was checked.
pub(super) fn read_line(number: usize, text: &str) -> Result<StoredRow> {
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
