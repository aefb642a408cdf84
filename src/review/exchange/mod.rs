//! How do verdicts travel to and from tools that know less of them?
//!
//! Our own export (`fourfold log export`) carries everything: chain, notes, undos, relations. Other formats carry a judgement on two
//! records, and what does not fit is counted and said, never dropped in silence:
//!
//! | verdict | nomenklatura | OpenRefine operations | reconciliation |
//! | --- | --- | --- | --- |
//! | same | positive | matched | `match: true` |
//! | different | negative | none | `match: false` |
//! | child-of, bills-for, successor-of | negative, the relation is lost | none | `match: false` |
//! | unsure | unsure | none | none |
//! | disputed | none | none | none |

pub mod nomenklatura;
pub mod openrefine;
pub mod reconciliation;

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::decision::{NewDecision, Verdict};
use super::effective::Outcome;
use super::history::Filter;
use super::store::ReviewLog;
use crate::error::{Error, Result};
use crate::ident::{EntityKind, PairKey, RecordKey};

/// What every such tool can say of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Judgement {
    /// One entity.
    Same,
    /// Two entities.
    Different,
    /// Somebody looked and could not tell.
    Unsure,
}

/// A judgement on two records.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The two records.
    pub pair: PairKey,
    /// What was said.
    pub judgement: Judgement,
    /// How likely the tool thought them one, 0 to 1.
    pub score: Option<f64>,
    /// Who said it.
    pub user: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// Judgements for another tool, with what did not fit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outgoing {
    /// The judgements, by pair.
    pub judged: Vec<Judged>,
    /// Relations that another tool would take for plain differences.
    pub relations: usize,
    /// Pairs on which reviewers differ: no judgement.
    pub disputed: usize,
}

/// Judgements of another tool, with what could not be read as any.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Incoming {
    /// The judgements, in the order of the file.
    pub judged: Vec<Judged>,
    /// Records whose ids are not ours.
    pub foreign: usize,
    /// Lines or operations that carry no judgement on two records.
    pub passed_over: usize,
}

/// What an import of judgements did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ExchangeReport {
    /// Judgements in the file.
    pub read: usize,
    /// Verdicts that were new here, stored as one batch.
    pub added: usize,
    /// Judgements that the log held already.
    pub known: usize,
    /// Judgements on records of tables that hold neither accounts nor people.
    pub strange: usize,
    /// Records whose ids are not ours.
    pub foreign: usize,
    /// Lines or operations without a judgement on two records.
    pub passed_over: usize,
}

/// A record's name in one word: source, table and key between slashes, with `%` and `/` inside them written as `%25` and `%2F`.
#[must_use]
pub fn record_id(record: &RecordKey) -> String {
    let escape = |part: &str| part.replace('%', "%25").replace('/', "%2F");
    let id = format!("{}/{}/{}", escape(record.source.as_str()), escape(&record.table), escape(&record.pk));
    // Other tools read meaning into this beginning.
    match id.strip_prefix("NK-") {
        Some(rest) => format!("%4EK-{rest}"),
        None => id,
    }
}

/// Reads a record's name; None when it is not one of ours.
#[must_use]
pub fn parse_record_id(id: &str) -> Option<RecordKey> {
    let mut parts = id.split('/').map(unescape);
    let (source, table, pk) = (parts.next()??, parts.next()??, parts.next()??);
    let whole = parts.next().is_none() && !source.is_empty() && !table.is_empty() && !pk.is_empty();
    whole.then(|| RecordKey::new(source, table, pk))
}

fn unescape(part: &str) -> Option<String> {
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let code = u8::from_str_radix(after.get(..2)?, 16).ok().filter(u8::is_ascii)?;
        out.push(char::from(code));
        rest = after.get(2..)?;
    }
    out.push_str(rest);
    Some(out)
}

/// A match weight in bits as a probability.
fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

impl ReviewLog {
    /// What stands, as judgements for another tool, by pair.
    ///
    /// # Errors
    /// `Log` when the log cannot be read.
    pub fn judged(&self) -> Result<Outgoing> {
        let filter = Filter { decisions_only: true, limit: usize::MAX, ..Filter::default() };
        let told: FxHashMap<i64, (Timestamp, Option<f64>)> = self
            .history(&filter)?
            .into_iter()
            .filter_map(|entry| Some((entry.seq, (entry.at, entry.decision()?.weight_shown))))
            .collect();
        let effective = self.effective()?;
        let mut out = Outgoing::default();
        for standing in effective.standings() {
            let Some(pair) = standing.pair() else { continue };
            let judgement = match standing.outcome() {
                Outcome::Disagreed => {
                    out.disputed += 1;
                    continue;
                }
                Outcome::Unsure => Judgement::Unsure,
                Outcome::Agreed(Verdict::Same) => Judgement::Same,
                Outcome::Agreed(verdict) => {
                    out.relations += usize::from(verdict.subject().is_some());
                    Judgement::Different
                }
            };
            let mut users: Vec<&str> = standing.opinions().map(|opinion| opinion.reviewer).collect();
            users.sort_unstable();
            users.dedup();
            let last = standing.opinions().last().and_then(|opinion| told.get(&opinion.seq)).copied();
            out.judged.push(Judged {
                pair,
                judgement,
                score: last.and_then(|(_, weight)| weight).map(probability),
                user: (!users.is_empty()).then(|| users.join(", ")),
                at: last.map(|(at, _)| at),
            });
        }
        out.judged.sort_by(|one, other| one.pair.cmp(&other.pair));
        Ok(out)
    }

    /// Stores the judgements of another tool as one batch, which can be undone as one; those already here are left out, so that
    /// importing twice changes nothing. `kind_of` says what a record is; None when it is neither account nor person.
    ///
    /// # Errors
    /// As [`append_batch`](Self::append_batch); `Config` when a name in the file cannot stand in a log.
    pub fn import_judged(
        &self,
        incoming: &Incoming,
        name: &str,
        reviewer: &str,
        now: Timestamp,
        kind_of: &dyn Fn(&RecordKey) -> Option<EntityKind>,
    ) -> Result<ExchangeReport> {
        let effective = self.effective()?;
        let mut report = ExchangeReport {
            read: incoming.judged.len(),
            foreign: incoming.foreign,
            passed_over: incoming.passed_over,
            ..ExchangeReport::default()
        };
        let mut decisions: Vec<NewDecision> = Vec::new();
        let mut seen: FxHashMap<(PairKey, String), Verdict> = FxHashMap::default();
        for judged in &incoming.judged {
            let kinds = (kind_of(&judged.pair.left), kind_of(&judged.pair.right));
            let (Some(kind), true) = (kinds.0, kinds.0 == kinds.1) else {
                report.strange += 1;
                continue;
            };
            let who = judged.user.as_deref().map(str::trim).filter(|user| !user.is_empty()).unwrap_or(reviewer);
            let verdict = match judged.judgement {
                Judgement::Same => Verdict::Same,
                Judgement::Different => Verdict::Different,
                Judgement::Unsure => Verdict::Unsure,
            };
            if is_known(&effective, &judged.pair, verdict, who)
                || seen.insert((judged.pair.clone(), who.to_owned()), verdict) == Some(verdict)
            {
                report.known += 1;
                continue;
            }
            let at = judged.at.unwrap_or(now).min(now);
            decisions.push(NewDecision::new(judged.pair.clone(), kind, verdict, who, at));
        }
        report.added = decisions.len();
        if !decisions.is_empty() {
            self.append_batch(name, &decisions)?;
        }
        Ok(report)
    }
}

/// Whether the log says the same already: by the same person, or by everybody. A relation says more than that two records differ.
fn is_known(effective: &super::Effective, pair: &PairKey, verdict: Verdict, who: &str) -> bool {
    let alike = |known: Verdict| known == verdict || (verdict == Verdict::Different && known.keeps_apart());
    effective.of(pair).is_some_and(|standing| {
        standing.opinions().any(|opinion| opinion.reviewer == who && alike(opinion.verdict))
            || matches!(standing.outcome(), Outcome::Agreed(known) if alike(known))
            // Users who judged together are told one by one here.
            || (standing.opinions().count() > 1 && standing.opinions().all(|opinion| alike(opinion.verdict)))
    })
}

/// What is wrong with a file of another tool.
fn unreadable(what: &str, place: &str) -> Error {
    Error::data(format!("{place} is no {what}")).hint("Nothing was imported.")
}
