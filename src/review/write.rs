//! How do verdicts and events enter the log?

use jiff::Timestamp;
use rand::Rng as _;
use sqlx::SqliteConnection;

use crate::error::{Error, ErrorKind, Result};
use crate::ident::{PairKey, RecordKey};

use super::decision::NewDecision;
use super::entry::{BatchId, Entry};
use super::fault::Fault;
use super::link::{self, Draft};
use super::row::{Context, Personal, StoredRow, pair_subject, subject_of};
use super::store::ReviewLog;
use super::{chain, hex};

/// Bytes of the longest keys that a decision may name. Pages of them must fit `SQLite`'s longest text.
pub(super) const LONGEST_SUBJECT: usize = 64 * 1024;

impl ReviewLog {
    /// Records a verdict. It is on disk when this returns.
    ///
    /// # Errors
    /// `Config` if a name is empty or holds control characters; `Log` or `Locked` if it could not be written, in which
    /// case nothing was.
    pub fn append(&self, decision: &NewDecision) -> Result<Entry> {
        let draft = self.decision_draft(decision, None)?;
        self.append_one("write to", &draft)
    }

    /// Records many verdicts in one transaction, all or none, under one batch that can be undone as one.
    ///
    /// # Errors
    /// As [`append`](Self::append); `Config` if there are no decisions.
    pub fn append_batch(&self, name: &str, decisions: &[NewDecision]) -> Result<(BatchId, Vec<Entry>)> {
        if decisions.is_empty() {
            return Err(Error::config(format!("the batch `{name}` holds no decisions")));
        }
        let batch = BatchId(format!("b{}", self.random_hex(8)));
        let drafts: Result<Vec<Draft>> =
            decisions.iter().map(|decision| self.decision_draft(decision, Some((&batch, name)))).collect();
        let rows = self.append_drafts("write to", &drafts?)?;
        let entries: Result<Vec<Entry>> = rows.into_iter().map(|row| row.into_entry(false)).collect();
        Ok((batch, entries?))
    }

    /// Records that a pair was passed over without an answer.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn skip(&self, pair: &PairKey, reviewer: &str, at: Timestamp) -> Result<Entry> {
        let context = Context { action: "skip".to_owned(), ..named(reviewer)? };
        let personal = self.personal(pair_subject(pair))?;
        self.append_one("write to", &Draft { context, at: at.as_microsecond(), personal, ..Draft::default() })
    }

    /// Records that a masked field of a record was shown to a reviewer. Call it before showing the value.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn reveal(&self, record: &RecordKey, field: &str, reviewer: &str, at: Timestamp) -> Result<Entry> {
        let context = Context { action: "reveal".to_owned(), ..named(reviewer)? };
        let detail = Some(serde_json::json!({ "field": field }).to_string());
        let personal = self.personal(subject_of(&[record]))?;
        self.append_one("write to", &Draft { context, at: at.as_microsecond(), detail, personal, ..Draft::default() })
    }

    /// Appends one row and puts it into words.
    pub(super) fn append_one(&self, doing: &str, draft: &Draft) -> Result<Entry> {
        self.append_checked(doing, &async |_| Ok(draft.clone()))
    }

    /// Appends the row that `make` draws up from the log as it stands inside the transaction.
    pub(super) fn append_checked(
        &self,
        doing: &str,
        make: &impl AsyncFn(&mut SqliteConnection) -> Result<Draft, Fault>,
    ) -> Result<Entry> {
        let nonce = self.random_hex(16);
        let rows = self.write(doing, &async |connection| {
            let draft = make(&mut *connection).await?;
            link::append(connection, vec![draft], &nonce).await
        })?;
        let row = rows.into_iter().next().ok_or_else(|| Error::internal("the review log lost a row it wrote"))?;
        row.into_entry(false)
    }

    fn append_drafts(&self, doing: &str, drafts: &[Draft]) -> Result<Vec<StoredRow>> {
        let nonce = self.random_hex(16);
        self.write(doing, &async |connection| link::append(connection, drafts.to_vec(), &nonce).await)
    }

    fn decision_draft(&self, decision: &NewDecision, batch: Option<(&BatchId, &str)>) -> Result<Draft> {
        let rule = decision.rule.as_deref().unwrap_or_default();
        plain("rule", rule)?;
        let weight = decision.weight_shown.map(|weight| weight + 0.0); // SQLite keeps no sign of zero
        if weight.is_some_and(|weight| !weight.is_finite()) {
            return Err(Error::internal("a match weight that is no finite number was shown to a reviewer"));
        }
        let mut personal = self.personal(pair_subject(&decision.pair))?;
        let salt = personal.salt.clone().unwrap_or_default();
        personal.fields = chain::write_anchors(&salt, &decision.fields);
        personal.note = decision.note.as_deref().map(without_controls).filter(|note| !note.is_empty());
        personal.batch_name = batch.map(|(_, name)| without_controls(name));
        let context = Context {
            action: "decide".to_owned(),
            kind: decision.kind.as_str().to_owned(),
            verdict: decision.verdict.as_str().to_owned(),
            stratum: decision.stratum.as_str().to_owned(),
            settles: decision.settles,
            batch: batch.map(|(id, _)| id.0.clone()).unwrap_or_default(),
            rule: rule.to_owned(),
            ..named(&decision.reviewer)?
        };
        Ok(Draft { context, at: decision.at.as_microsecond(), weight, personal, ..Draft::default() })
    }

    /// The personal part of a row about `subject`, with a salt of its own.
    fn personal(&self, subject: String) -> Result<Personal> {
        if subject.len() > LONGEST_SUBJECT {
            return Err(Error::data(format!("the records' keys take {} bytes, too many for a review", subject.len()))
                .hint("Exclude these records in `fourfold.toml`, or choose another key for their table."));
        }
        let mut salt = vec![0; 16];
        self.random().fill_bytes(&mut salt);
        Ok(Personal { subject: Some(subject), salt: Some(salt), ..Personal::default() })
    }

    /// A random name.
    pub(super) fn random_hex(&self, bytes: usize) -> String {
        let mut name = vec![0; bytes];
        self.random().fill_bytes(&mut name);
        hex::encode(&name)
    }
}

/// A context with its reviewer, whose name must be one a log can show.
pub(super) fn named(reviewer: &str) -> Result<Context> {
    if reviewer.trim().is_empty() {
        return Err(Error::config("a decision needs the name of its reviewer")
            .hint("Set FOURFOLD_REVIEWER, or `reviewer` in the user configuration."));
    }
    plain("reviewer", reviewer)?;
    Ok(Context { reviewer: reviewer.to_owned(), ..Context::default() })
}

/// Names end up on terminals: no control characters.
pub(super) fn plain(what: &str, text: &str) -> Result<()> {
    if text.chars().any(char::is_control) {
        return Err(Error::new(ErrorKind::Config, format!("the name of the {what} holds control characters")));
    }
    Ok(())
}

/// What a person wrote, without anything that could move a terminal's cursor; line breaks stay.
fn without_controls(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect()
}
