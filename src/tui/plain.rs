//! How is the same queue answered line by line: on a screen reader, through a pipe, over a slow link?
//!
//! Every line stands for itself; nothing is drawn over, nothing depends on colour. A verdict is on disk before the next
//! question is printed.

use std::io::{BufRead, Write};

use jiff::Timestamp;

use super::backend::Backend;
use super::event::PairDetail;
use super::mask::mask_difference;
use super::state::implied::Implied;
use super::update::verdict::{compared, plain_rule, stratum};
use super::{diff, text, words};
use crate::error::{Context as _, ErrorKind, Result};
use crate::review::{NewDecision, Side, Verdict};
use crate::snapshot::SnapshotReader;

/// Who asks, and how.
#[derive(Debug, Clone, Default)]
pub struct PlainOptions {
    /// Who reviews.
    pub reviewer: String,
    /// Whether scores are shown after the verdict only.
    pub blind: bool,
    /// Whether personal data is shown at once (the log notes it for each pair).
    pub reveal: bool,
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

const ANSWERS: &str =
    "a same, x different, u unsure, s skip, c child-of, b bills-for, r successor-of, z undo, v values, q quit";

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
    let mut asking =
        Asking { snapshot, backend, options, input, out, implied: Implied::default(), report: PlainReport::default() };
    asking.all()
}

struct Asking<'a> {
    snapshot: &'a SnapshotReader,
    backend: &'a dyn Backend,
    options: &'a PlainOptions,
    input: &'a mut dyn BufRead,
    out: &'a mut dyn Write,
    implied: Implied,
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
        let effective = self.backend.effective()?;
        let total = self.snapshot.queue_length();
        let mut position = 0;
        let mut trail: Vec<u32> = Vec::new();
        while position < total {
            let Some(detail) = super::runtime::pair_detail(self.snapshot, position)? else { break };
            let again = trail.last() == Some(&position);
            let answered = effective.is_answered(&detail.row.key, &self.options.reviewer) && !again;
            if answered || (self.implied.answer(&detail.row.left_entity, &detail.row.right_entity).is_some() && !again)
            {
                position += 1;
                continue;
            }
            self.show(&detail, u64::from(total))?;
            match self.ask(&detail)? {
                Next::Pair => {
                    trail.retain(|seen| *seen != position);
                    trail.push(position);
                    position += 1;
                }
                Next::Again => {}
                Next::Back => position = trail.last().copied().unwrap_or(position),
                Next::End => break,
            }
        }
        self.report.left = self.open_from(position)?;
        let said = format!(
            "{} stored, {} passed over, {} left.",
            words::counted(self.report.decided, "verdict", "verdicts"),
            words::count(self.report.skipped),
            words::count(self.report.left)
        );
        self.say(&said)?;
        Ok(self.report)
    }

    /// How many pairs still wait from a position on, those passed over among them.
    fn open_from(&self, _position: u32) -> Result<u64> {
        let effective = self.backend.effective()?;
        let mut left = 0;
        let mut position = 0;
        loop {
            let rows = self.snapshot.pairs_from(position, 1_000)?;
            let rows: Vec<_> = rows.into_iter().take_while(|row| row.position < self.snapshot.queue_length()).collect();
            let Some(last) = rows.last() else { return Ok(left) };
            position = last.position + 1;
            left += rows.iter().filter(|row| !effective.is_answered(&row.key, &self.options.reviewer)).count() as u64;
        }
    }

    fn show(&mut self, detail: &PairDetail, total: u64) -> Result<()> {
        let row = &detail.row;
        let money =
            row.money.map_or(String::new(), |sum| format!(", {} a year", words::money(sum, row.currency.as_deref())));
        let weight = if self.options.blind {
            String::new()
        } else {
            format!(", {} bits, probability {:.2}", words::bits(row.weight), row.probability)
        };
        self.say("")?;
        self.say(&format!(
            "Pair {} of {}: {}{weight}{money}.",
            words::count(u64::from(row.position) + 1),
            words::count(total),
            row.kind
        ))?;
        self.say(&format!("Left:  {}", text::clean(&row.key.left.to_string())))?;
        self.say(&format!("Right: {}", text::clean(&row.key.right.to_string())))?;
        self.values(detail, self.options.reveal)?;
        if self.options.blind {
            return Ok(());
        }
        let bars: Vec<String> = detail
            .body
            .waterfall
            .bars
            .iter()
            .map(|bar| {
                format!("{} {} ({})", text::clean(&bar.comparison), words::bits(bar.weight), text::clean(&bar.level))
            })
            .collect();
        self.say(&format!("Why: {}.", bars.join("; ")))
    }

    fn values(&mut self, detail: &PairDetail, reveal: bool) -> Result<()> {
        for field in &detail.body.fields {
            if reveal && field.personal {
                for record in [&detail.row.key.left, &detail.row.key.right] {
                    self.backend.reveal_logged(record, &field.field, &self.options.reviewer, Timestamp::now())?;
                }
            }
            let (left, right) = (text::clean(&field.left), text::clean(&field.right));
            let sign = diff::likeness(&left, &right).sign().1;
            let mut shown = diff::difference(&left, &right);
            if field.personal && !reveal {
                shown = mask_difference(&shown);
            }
            let side = |segments: &[diff::Segment], open: &str, close: &str| -> String {
                let parts: Vec<String> = segments
                    .iter()
                    .map(|part| if part.differs { format!("{open}{}{close}", part.text) } else { part.text.clone() })
                    .collect();
                if parts.is_empty() { "(empty)".to_owned() } else { parts.concat() }
            };
            let line = format!(
                "{}: {} | {} ({sign})",
                text::clean(&field.field),
                side(&shown.left, "[-", "]"),
                side(&shown.right, "{+", "}")
            );
            self.say(&line)?;
        }
        Ok(())
    }

    fn ask(&mut self, detail: &PairDetail) -> Result<Next> {
        loop {
            self.say(&format!("Your verdict ({ANSWERS}):"))?;
            let Some(answer) = self.read()? else { return Ok(Next::End) };
            let verdict = match answer.as_str() {
                "a" | "same" => Verdict::Same,
                "x" | "different" => Verdict::Different,
                "u" | "unsure" => Verdict::Unsure,
                "c" | "child-of" => match self.side("Which is the child")? {
                    Some(child) => Verdict::ChildOf { child },
                    None => continue,
                },
                "b" | "bills-for" => match self.side("Which one pays")? {
                    Some(payer) => Verdict::BillsFor { payer },
                    None => continue,
                },
                "r" | "successor-of" => match self.side("Which one came later")? {
                    Some(successor) => Verdict::SuccessorOf { successor },
                    None => continue,
                },
                "s" | "skip" => {
                    self.backend.skip(&detail.row.key, &self.options.reviewer, Timestamp::now())?;
                    self.report.skipped += 1;
                    return Ok(Next::Pair);
                }
                "z" | "undo" => return self.undo(),
                "v" | "values" => {
                    self.values(detail, true)?;
                    return Ok(Next::Again);
                }
                "q" | "quit" => return Ok(Next::End),
                "" => continue,
                other => {
                    self.say(&format!("`{}` is no answer.", text::clean_upto(other, 40)))?;
                    continue;
                }
            };
            self.store(detail, verdict)?;
            return Ok(Next::Pair);
        }
    }

    fn side(&mut self, question: &str) -> Result<Option<Side>> {
        self.say(&format!("{question} (l left, r right, anything else neither)?"))?;
        Ok(match self.read()?.as_deref() {
            Some("l" | "left") => Some(Side::Left),
            Some("r" | "right") => Some(Side::Right),
            _ => None,
        })
    }

    fn store(&mut self, detail: &PairDetail, verdict: Verdict) -> Result<()> {
        let row = &detail.row;
        let mut decision =
            NewDecision::new(row.key.clone(), row.kind, verdict, self.options.reviewer.clone(), Timestamp::now());
        decision.fields = compared(detail);
        decision.weight_shown = (!self.options.blind).then_some(row.weight);
        decision.stratum = stratum(&row.reason);
        decision.rule = plain_rule(&row.rule);
        self.backend.append(&decision)?;
        self.implied.learn(&row.left_entity, &row.right_entity, verdict);
        self.report.decided += 1;
        let score = if self.options.blind {
            format!(" The score was {} bits.", words::bits(row.weight))
        } else {
            String::new()
        };
        self.say(&format!("Stored: {verdict}.{score}"))
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

    fn read(&mut self) -> Result<Option<String>> {
        let mut line = String::new();
        let read = self.input.read_line(&mut line).context(ErrorKind::Io, || "cannot read your answer".to_owned())?;
        Ok((read > 0).then(|| line.trim().to_lowercase()))
    }

    fn say(&mut self, line: &str) -> Result<()> {
        let said = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
        said.context(ErrorKind::Io, || "cannot print".to_owned())
    }
}
