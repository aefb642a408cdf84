//! What is asked, what was answered, and how is an answer saved, revised and withdrawn?

use serde::Serialize;

use super::{Desk, Written, now, today};
use crate::chart::conflict::Conflict;
use crate::chart::interview::answer::{Reply, rules};
use crate::chart::interview::{self, Place, Question};
use crate::chart::standing::Standing;
use crate::config::edit::{Draft, RuleEdit};
use crate::config::{Answer, Config};
use crate::engine::preview::Preview;
use crate::error::{Error, Result};
use crate::progress::{CancelToken, Progress};
use crate::warehouse::Canceller;

/// Everything that is asked and was answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Asked {
    /// The run that the questions come from.
    pub run: String,
    /// Open questions, the weightiest first.
    pub open: Vec<Question>,
    /// Answered ones, the latest first.
    pub answered: Vec<Answered>,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answered {
    /// The question's id.
    pub id: String,
    /// What it was about.
    pub about: String,
    /// The answer.
    pub answer: String,
    /// Who.
    pub who: String,
    /// When, RFC 3339.
    pub when: String,
    /// Why.
    pub why: String,
    /// The question, where the last run still gives rise to it: it can be answered anew.
    pub question: Option<Question>,
}

/// What an answer would do, as far as it shows without the warehouse.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Look {
    /// The lines of `fourfold.toml` that go (`-`) and come (`+`).
    pub lines: Vec<String>,
    /// Conflicts that need nobody's attention any more, at once.
    pub closes: u64,
    /// Conflicts the question is about.
    pub about: u64,
    /// Money at stake in those that close, a year, by currency.
    pub money: Vec<(String, f64)>,
    /// Entities among those that close, by name: the first few.
    pub examples: Vec<String>,
    /// Whether the rest of its effect shows in the next run only.
    pub at_next_run: bool,
}

/// The last run's findings.
struct Findings {
    run: String,
    map: crate::chart::source_map::SourceMap,
    conflicts: Vec<Conflict>,
    labels: Vec<String>,
}

impl Desk {
    fn findings(&self) -> Result<Findings> {
        let snapshot = self.snapshot()?;
        let rows = snapshot.every_conflict()?;
        let (mut conflicts, mut labels) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in rows {
            conflicts.push(row.conflict);
            labels.push(row.label);
        }
        Ok(Findings { run: snapshot.run()?.id, map: snapshot.map()?, conflicts, labels })
    }

    /// The questions of the last run, and the answers so far.
    ///
    /// # Errors
    /// `NotFound` before the first run; `Config` when the file is wrong; `Data` when the snapshot cannot be read.
    pub fn asked(&self) -> Result<Asked> {
        let mut findings = self.findings()?;
        let config = self.workspace()?.config;
        Standing::of(&config, today()).apply(&mut findings.conflicts);
        let open = interview::questions(&findings.map, &findings.conflicts);
        let open = interview::open(&open, &config.answers).into_iter().cloned().collect();
        let every = interview::every_question(&findings.map, &findings.conflicts);
        let mut answered: Vec<Answered> = config
            .answers
            .iter()
            .map(|answer| {
                let question = every.iter().find(|question| question.id == answer.question).cloned();
                let about = question.as_ref().map_or_else(|| answer.about.clone(), |question| question.about.clone());
                Answered {
                    id: answer.question.clone(),
                    about: if about.is_empty() { answer.question.clone() } else { about },
                    answer: answer.answer.clone(),
                    who: answer.who.clone(),
                    when: answer.when.clone(),
                    why: answer.why.clone(),
                    question,
                }
            })
            .collect();
        answered.sort_by(|one, other| other.when.cmp(&one.when).then_with(|| one.id.cmp(&other.id)));
        Ok(Asked { run: findings.run, open, answered })
    }

    /// A question by its id, or the first characters of it.
    ///
    /// # Errors
    /// `NotFound` when the last run does not ask it; `Config` when several begin so.
    pub fn question(&self, id: &str) -> Result<Question> {
        let findings = self.findings()?;
        let every = interview::every_question(&findings.map, &findings.conflicts);
        let wanted = id.trim();
        let found: Vec<&Question> = every.iter().filter(|question| question.id.starts_with(wanted)).collect();
        match found.as_slice() {
            _ if wanted.len() < 4 => Err(Error::config(format!("{wanted:?} is no id of a question"))
                .hint("`fourfold interview list` shows the questions with their ids")),
            [] => Err(Error::not_found(format!("the last run does not ask {wanted}"))
                .hint("`fourfold interview list` shows the questions with their ids")),
            [question] => Ok((*question).clone()),
            _ => Err(Error::config(format!("several questions begin with {wanted}")).hint("give more of the id")),
        }
    }

    /// What an answer would change, at once and without the warehouse.
    ///
    /// # Errors
    /// `NotFound` for an unknown question; `Config` when the answer is none of its options or lacks its words.
    pub fn look_at(&self, reply: &Reply) -> Result<Look> {
        let findings = self.findings()?;
        let mut draft = self.look()?;
        let edits = enter(&mut draft, &findings, reply)?;
        let after = Standing::of(&draft.config()?, today());
        let before = self.standing()?;
        let mut look = Look {
            lines: draft.difference(),
            at_next_run: edits.iter().any(|edit| !["accepted", "remarks"].contains(&edit.part())),
            ..Look::default()
        };
        let mut money = std::collections::BTreeMap::new();
        let place = place_of(&findings, &reply.question);
        for (conflict, label) in findings.conflicts.iter().zip(&findings.labels) {
            look.about += u64::from(place.as_ref() == Some(&Place::of(conflict)));
            if before.ledger(conflict).status != "open" || after.ledger(conflict).status == "open" {
                continue;
            }
            look.closes += 1;
            if let Some(amount) = conflict.money_at_stake {
                *money.entry(conflict.currency.clone().unwrap_or_default()).or_insert(0.0) += amount;
            }
            if look.examples.len() < 5 && !label.is_empty() && !look.examples.contains(label) {
                look.examples.push(label.clone());
            }
        }
        look.money = money.into_iter().collect();
        Ok(look)
    }

    /// What an answer would change in the joined model and its conflicts: the steps of a run, without publishing.
    ///
    /// # Errors
    /// As [`Desk::look_at`], and whatever a step of a run says; `Cancelled`.
    pub fn preview(
        &self,
        reply: &Reply,
        on_connect: &dyn Fn(Canceller),
        progress: &dyn Progress,
        cancel: &CancelToken,
    ) -> Result<Preview> {
        let mut draft = self.look()?;
        enter(&mut draft, &self.findings()?, reply)?;
        self.preview_of(&draft.config()?, on_connect, progress, cancel)
    }

    /// Saves an answer with its rules; an earlier answer to the same question is withdrawn first.
    ///
    /// # Errors
    /// As [`Desk::look_at`]; `Io` when the file cannot be written. It is as it was then.
    pub fn answer(&self, reply: &Reply) -> Result<Written> {
        let findings = self.findings()?;
        let mut draft = self.draft()?;
        enter(&mut draft, &findings, reply)?;
        let lines = draft.difference();
        draft.save()?;
        Ok(Written { lines })
    }

    /// What withdrawing an answer would change in the joined model.
    ///
    /// # Errors
    /// As [`Desk::withdraw`] and [`Desk::preview`].
    pub fn preview_withdrawal(
        &self,
        question: &str,
        on_connect: &dyn Fn(Canceller),
        progress: &dyn Progress,
        cancel: &CancelToken,
    ) -> Result<Preview> {
        let mut draft = self.look()?;
        withdraw(&mut draft, question)?;
        self.preview_of(&draft.config()?, on_connect, progress, cancel)
    }

    /// Takes an answer and its rules out of the file; the question is open again.
    ///
    /// # Errors
    /// `NotFound` when it was not answered; `Io` when the file cannot be written.
    pub fn withdraw(&self, question: &str) -> Result<Written> {
        let mut draft = self.draft()?;
        withdraw(&mut draft, question)?;
        let lines = draft.difference();
        draft.save()?;
        Ok(Written { lines })
    }
}

/// The id of the answered question that begins so.
fn answered_id(config: &Config, id: &str) -> Result<String> {
    let mut ids: Vec<&str> = config.answers.iter().map(|answer| answer.question.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|known| known.starts_with(id.trim()) && id.trim().len() >= 4);
    match ids.as_slice() {
        [id] => Ok((*id).to_owned()),
        [] => Err(Error::not_found(format!("question {} was not answered", id.trim()))
            .hint("`fourfold interview list --all` shows the answers with their ids")),
        _ => Err(Error::config(format!("several answers begin with {}", id.trim())).hint("give more of the id")),
    }
}

fn withdraw(draft: &mut Draft, question: &str) -> Result<()> {
    let id = answered_id(&draft.config()?, question)?;
    draft.withdraw(&id).map(drop)
}

/// The place of a question among the last run's findings.
fn place_of(findings: &Findings, id: &str) -> Option<Place> {
    let every = interview::every_question(&findings.map, &findings.conflicts);
    every.into_iter().find(|question| question.id == id).map(|question| question.place)
}

/// Enters an answer into the draft, in place of an earlier one; returns its rules.
fn enter(draft: &mut Draft, findings: &Findings, reply: &Reply) -> Result<Vec<RuleEdit>> {
    if reply.who.trim().is_empty() {
        return Err(
            Error::config("an answer needs the name of who gives it").hint("set FOURFOLD_REVIEWER to your name")
        );
    }
    let every = interview::every_question(&findings.map, &findings.conflicts);
    let question = every.iter().find(|question| question.id == reply.question).ok_or_else(|| {
        Error::not_found(format!("the last run does not ask {}", reply.question))
            .hint("`fourfold interview list` shows the questions with their ids")
    })?;
    let group: Vec<&Conflict> =
        findings.conflicts.iter().filter(|conflict| Place::of(conflict) == question.place).collect();
    let mut reply = reply.clone();
    if reply.when.is_empty() {
        reply.when = now();
    }
    draft.withdraw(&question.id)?;
    let edits = rules(question, &group, &reply, &draft.config()?, today())?;
    let mut changes = Vec::new();
    for edit in &edits {
        changes.extend(draft.apply(edit)?);
    }
    let said = if reply.text.trim().is_empty() {
        reply.answer.clone()
    } else {
        format!("{}: {}", reply.answer, reply.text.trim())
    };
    let answer = Answer {
        question: question.id.clone(),
        about: question.about.clone(),
        answer: said,
        who: reply.who.clone(),
        when: reply.when.clone(),
        why: reply.why.clone(),
        changes,
    };
    draft.apply(&RuleEdit::append("answers", &answer)?)?;
    // What is wrong with the whole is said before anything is previewed or written.
    draft.config()?;
    Ok(edits)
}
