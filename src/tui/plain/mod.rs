//! How is the same queue answered line by line: on a screen reader, through a pipe, over a slow link?
//!
//! Every line stands for itself; nothing is drawn over, nothing depends on colour. A verdict is on disk before the next
//! question is printed. Whatever the review screen can do about a pair can be done here: every verdict, notes, undo and redo,
//! evidence, weights, effects, and the queue of disagreements.

pub mod interview;
mod show;

use std::io::{BufRead, Write};

use jiff::Timestamp;

use super::backend::Backend;
use super::event::PairDetail;
use super::state::implied::Implied;
use super::update::verdict::{compared, plain_rule, stratum};
use super::{text, words};
use crate::error::{Context as _, ErrorKind, Result};
use crate::ident::EntityKind;
use crate::review::{Effective, NewDecision, Outcome, Side, Verdict};
use crate::snapshot::{PairRow, SnapshotReader};

/// Who asks, what, and how.
#[derive(Debug, Clone, Default)]
pub struct PlainOptions {
    /// Who reviews.
    pub reviewer: String,
    /// Whether scores are shown after the verdict only.
    pub blind: bool,
    /// Whether personal data is shown at once (the log notes it for each pair).
    pub reveal: bool,
    /// Whether only pairs are asked on which reviewers differ; a verdict settles them.
    pub disagreements: bool,
    /// Only pairs that this rule proposed.
    pub rule: Option<String>,
    /// Only pairs with a record of this source.
    pub source: Option<String>,
    /// Only accounts, or only people.
    pub kind: Option<EntityKind>,
}

impl PlainOptions {
    /// Whether a pair is to be asked at all.
    fn wants(&self, row: &PairRow) -> bool {
        let rule = self.rule.as_ref().is_none_or(|rule| *rule == row.rule);
        let source = self
            .source
            .as_ref()
            .is_none_or(|source| [&row.key.left, &row.key.right].iter().any(|record| record.source.as_str() == source));
        rule && source && self.kind.is_none_or(|kind| kind == row.kind)
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlainReport {
    /// Verdicts stored and not taken back.
    pub decided: u64,
    /// Pairs passed over.
    pub skipped: u64,
    /// Pairs that still wait.
    pub left: u64,
}

const ANSWERS: &str = "a same, x different, u unsure, s skip, c child-of, b bills-for, r successor-of, n note, z undo, \
                       v values, e evidence, w weights, i effect, h help, q quit";

const HELP: &[&str] = &[
    "a  same: one entity",
    "x  different: two entities",
    "u  unsure: you looked and cannot tell; the pair is kept for someone else",
    "s  skip: pass over it for now",
    "c  child-of: one is a subsidiary, division or branch of the other; asks which",
    "b  bills-for: one pays for the other; asks which",
    "r  successor-of: one took the place of the other; asks which",
    "n  note: write a note that is stored with your verdict; also `n` and the note on one line",
    "z  undo: take back your latest verdict or batch, also one of an earlier sitting",
    "y  redo: put back what was last undone",
    "v  values: show masked values too; the log keeps that you looked",
    "e  evidence: what the neighbours say",
    "w  weights: the bars that make up the match weight",
    "i  effect: what a verdict would change",
    "d  decisions: earlier verdicts on this pair",
    "h  help: this list",
    "q  quit: what you decided is stored",
];

/// Asks the open pairs one after the other until the input ends or the person quits.
///
/// # Errors
/// `Data` when the snapshot cannot be read, `Log` when a verdict cannot be stored, `Io` when nothing can be printed.
pub fn review(
    snapshot: &SnapshotReader,
    backend: &dyn Backend,
    options: &PlainOptions,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<PlainReport> {
    let mut asking = Asking {
        snapshot,
        backend,
        options,
        input,
        out,
        implied: Implied::default(),
        note: None,
        report: PlainReport::default(),
    };
    asking.all()
}

struct Asking<'a> {
    snapshot: &'a SnapshotReader,
    backend: &'a dyn Backend,
    options: &'a PlainOptions,
    input: &'a mut dyn BufRead,
    out: &'a mut dyn Write,
    implied: Implied,
    /// Written for the pair that is asked.
    note: Option<String>,
    report: PlainReport,
}

/// What to do after a pair.
enum Next {
    Pair,
    Again,
    Back,
    End,
}

impl Asking<'_> {
    fn all(&mut self) -> Result<PlainReport> {
        let mut effective = self.backend.effective()?;
        let positions = self.positions(&effective)?;
        let total = positions.len() as u64;
        if self.options.disagreements {
            self.say(&format!("Reviewers differ on {}.", words::counted(total, "pair", "pairs")))?;
        }
        let mut place = 0;
        let mut trail: Vec<usize> = Vec::new();
        while let Some(position) = positions.get(place).copied() {
            let Some(row) = self.snapshot.pairs_at(&[position])?.into_iter().next() else { break };
            let again = trail.last() == Some(&place);
            let passes = |asking: &Self| -> Result<bool> {
                // What rests on facts that have changed since is asked again.
                let answered = asking.is_answered(&effective, &row)
                    && !super::runtime::is_reopened(asking.snapshot, &row, &effective)?;
                Ok(!asking.options.wants(&row) || answered)
            };
            if !again && passes(self)? {
                place += 1;
                continue;
            }
            let Some(detail) = super::runtime::pair_detail(self.snapshot, position)? else { break };
            self.note = None;
            self.show(&detail, place as u64 + 1, total, &effective)?;
            match self.ask(&detail, &effective)? {
                Next::Pair => {
                    trail.retain(|seen| *seen != place);
                    trail.push(place);
                    place += 1;
                }
                Next::Again => {}
                Next::Back => place = trail.last().copied().unwrap_or(place),
                Next::End => break,
            }
            if self.options.disagreements {
                effective = self.backend.effective()?;
            }
        }
        self.report.left = self.open(&positions)?;
        let said = format!(
            "{} stored, {} passed over, {} left.",
            words::counted(self.report.decided, "verdict", "verdicts"),
            words::count(self.report.skipped),
            words::count(self.report.left)
        );
        self.say(&said)?;
        Ok(self.report)
    }

    /// The pairs to go through: the queue, or those on which reviewers differ.
    fn positions(&self, effective: &Effective) -> Result<Vec<u32>> {
        if !self.options.disagreements {
            return Ok((0..self.snapshot.queue_length()).collect());
        }
        let pairs: Vec<_> = effective.disagreements().filter_map(|standing| standing.pair()).collect();
        let mut positions = Vec::with_capacity(pairs.len());
        for chunk in pairs.chunks(500) {
            positions.extend(self.snapshot.find_pairs(chunk)?.into_iter().map(|row| row.position));
        }
        positions.sort_unstable();
        Ok(positions)
    }

    fn is_answered(&self, effective: &Effective, row: &PairRow) -> bool {
        if self.options.disagreements {
            return !is_disputed(effective, row);
        }
        effective.is_answered(&row.key, &self.options.reviewer)
            || self.implied.answer(&row.left_entity, &row.right_entity).is_some()
    }

    /// How many pairs still wait, those passed over among them.
    fn open(&self, positions: &[u32]) -> Result<u64> {
        let effective = self.backend.effective()?;
        let mut left = 0;
        for chunk in positions.chunks(1_000) {
            let rows = self.snapshot.pairs_at(chunk)?;
            let waits = |row: &&PairRow| {
                let answered = if self.options.disagreements {
                    !is_disputed(&effective, row)
                } else {
                    effective.is_answered(&row.key, &self.options.reviewer)
                };
                self.options.wants(row) && !answered
            };
            left += rows.iter().filter(waits).count() as u64;
        }
        Ok(left)
    }

    fn ask(&mut self, detail: &PairDetail, effective: &Effective) -> Result<Next> {
        loop {
            self.say(&format!("Your verdict ({ANSWERS}):"))?;
            let Some(typed) = self.read()? else { return Ok(Next::End) };
            if let Some(note) = typed.strip_prefix("n ").or_else(|| typed.strip_prefix("note ")) {
                self.note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
                continue;
            }
            let answer = typed.to_lowercase();
            let verdict = match answer.as_str() {
                "a" | "same" => Verdict::Same,
                "x" | "different" => Verdict::Different,
                "u" | "unsure" => Verdict::Unsure,
                "c" | "child-of" => match self.side(detail, "Which is the child")? {
                    Some(child) => Verdict::ChildOf { child },
                    None => continue,
                },
                "b" | "bills-for" => match self.side(detail, "Which one pays")? {
                    Some(payer) => Verdict::BillsFor { payer },
                    None => continue,
                },
                "r" | "successor-of" => match self.side(detail, "Which one came later")? {
                    Some(successor) => Verdict::SuccessorOf { successor },
                    None => continue,
                },
                "s" | "skip" => {
                    self.backend.skip(&detail.row.key, &self.options.reviewer, Timestamp::now())?;
                    self.report.skipped += 1;
                    return Ok(Next::Pair);
                }
                "z" | "undo" => return self.undo(),
                "y" | "redo" => return self.redo(),
                "v" | "values" => {
                    self.values(detail, true)?;
                    continue;
                }
                "q" | "quit" => return Ok(Next::End),
                "" => continue,
                other => {
                    self.look(detail, effective, other)?;
                    continue;
                }
            };
            self.store(detail, verdict, is_disputed(effective, &detail.row))?;
            return Ok(Next::Pair);
        }
    }

    /// What shows something and decides nothing.
    fn look(&mut self, detail: &PairDetail, effective: &Effective, answer: &str) -> Result<()> {
        match answer {
            "n" | "note" => {
                self.say("Your note (empty takes it away):")?;
                self.note = self.read()?.filter(|note| !note.is_empty());
                Ok(())
            }
            "e" | "evidence" => self.evidence(detail),
            "w" | "weights" | "explain" => self.weights(detail),
            "i" | "effect" => self.effect(detail),
            "d" | "decisions" => self.decisions(detail, effective),
            "h" | "help" | "?" => HELP.iter().try_for_each(|line| self.say(line)),
            other => self.say(&format!("`{}` is no answer.", text::clean_upto(other, 40))),
        }
    }

    /// Which of the two; only accounts stand in a relation.
    fn side(&mut self, detail: &PairDetail, question: &str) -> Result<Option<Side>> {
        if detail.row.kind == EntityKind::Person {
            self.say("Only accounts stand in such a relation.")?;
            return Ok(None);
        }
        self.say(&format!("{question} (l left, r right, anything else neither)?"))?;
        Ok(match self.read()?.map(|typed| typed.to_lowercase()).as_deref() {
            Some("l" | "left") => Some(Side::Left),
            Some("r" | "right") => Some(Side::Right),
            _ => None,
        })
    }

    fn store(&mut self, detail: &PairDetail, verdict: Verdict, disputed: bool) -> Result<()> {
        let row = &detail.row;
        let mut decision =
            NewDecision::new(row.key.clone(), row.kind, verdict, self.options.reviewer.clone(), Timestamp::now());
        decision.fields = compared(detail);
        decision.weight_shown = (!self.options.blind).then_some(row.weight);
        decision.stratum = stratum(&row.reason);
        decision.rule = plain_rule(&row.rule);
        decision.note = self.note.take();
        decision.settles = disputed;
        let noted = if decision.note.is_some() { " with your note" } else { "" };
        self.backend.append(&decision)?;
        self.implied.learn(&row.left_entity, &row.right_entity, verdict);
        self.report.decided += 1;
        let score = if self.options.blind {
            format!(" The score was {} bits.", words::bits(row.weight))
        } else {
            String::new()
        };
        let settled = if disputed { " It settles the disagreement." } else { "" };
        self.say(&format!("Stored{noted}: {verdict}.{score}{settled}"))
    }

    fn undo(&mut self) -> Result<Next> {
        match self.backend.undo(None, &self.options.reviewer, Timestamp::now())? {
            None => self.say("There is nothing to take back.").map(|()| Next::Again),
            Some(change) => {
                self.report.decided = self.report.decided.saturating_sub(change.pairs.len() as u64);
                // What followed from the verdict no longer does; it is asked again.
                self.implied = Implied::default();
                self.say(&format!("Taken back: {}.", text::clean(&change.what)))?;
                Ok(Next::Back)
            }
        }
    }

    fn redo(&mut self) -> Result<Next> {
        match self.backend.redo(&self.options.reviewer, Timestamp::now())? {
            None => self.say("There is nothing to put back.").map(|()| Next::Again),
            Some(change) => {
                self.report.decided += change.pairs.len() as u64;
                self.say(&format!("Put back: {}.", text::clean(&change.what)))?;
                Ok(Next::Pair)
            }
        }
    }

    fn read(&mut self) -> Result<Option<String>> {
        let mut line = String::new();
        let read = self.input.read_line(&mut line).context(ErrorKind::Io, || "cannot read your answer".to_owned())?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }

    fn say(&mut self, line: &str) -> Result<()> {
        let said = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
        said.context(ErrorKind::Io, || "cannot print".to_owned())
    }
}

/// Whether reviewers differ on a pair.
fn is_disputed(effective: &Effective, row: &PairRow) -> bool {
    effective.of(&row.key).is_some_and(|standing| standing.outcome() == Outcome::Disagreed)
}
