//! How is a conflict accepted, assigned, noted, decided and reopened?

use jiff::civil::Date;
use serde::Serialize;

use super::{Desk, now};
use crate::chart::conflict::Conflict;
use crate::chart::standing::{Ledger, is_about_a_value};
use crate::config::edit::{Draft, RuleEdit};
use crate::config::{Accepted, Choice, Config, Remark};
use crate::error::{Error, Result};
use crate::snapshot::ConflictRow;

/// What a person does about conflicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// The difference is known.
    Accept {
        /// The last day; for good when absent.
        until: Option<Date>,
    },
    /// Somebody looks after it; an empty name takes it from whoever did.
    Assign {
        /// Who.
        owner: String,
    },
    /// Something is said of it.
    Note {
        /// What.
        text: String,
    },
    /// The value of one source stands, for this entity.
    Choose {
        /// The source.
        source: String,
    },
    /// It is to be looked at again.
    Reopen,
}

/// A conflict after it was marked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Marked {
    /// Its id.
    pub id: String,
    /// What has become of it.
    pub ledger: Ledger,
}

impl Desk {
    /// Every conflict of the last run with what the rules say of it today, the gravest first.
    ///
    /// # Errors
    /// `NotFound` before the first run; `Config` when the file is wrong; `Data` when the snapshot cannot be read.
    pub fn conflicts(&self) -> Result<Vec<(ConflictRow, Ledger)>> {
        let standing = self.standing()?;
        let rows = self.snapshot()?.every_conflict()?;
        Ok(rows
            .into_iter()
            .map(|mut row| {
                let ledger = standing.ledger(&row.conflict);
                ledger.status.clone_into(&mut row.conflict.status);
                (row, ledger)
            })
            .collect())
    }

    /// One conflict by its id, or the first characters of it.
    ///
    /// # Errors
    /// As [`Desk::conflicts`]; `NotFound` when there is none, `Config` when there are several.
    pub fn conflict(&self, id: &str) -> Result<(ConflictRow, Ledger)> {
        let mut row = self.snapshot()?.find_conflict(id)?;
        let ledger = self.standing()?.ledger(&row.conflict);
        ledger.status.clone_into(&mut row.conflict.status);
        Ok((row, ledger))
    }

    /// Marks conflicts, all or none. `why` is the operator's own words.
    ///
    /// # Errors
    /// As [`Desk::conflict`]; `Config` when the mark does not fit a conflict; `Io` when the file cannot be written.
    pub fn mark(&self, ids: &[String], mark: &Mark, who: &str, why: &str) -> Result<Vec<Marked>> {
        if who.trim().is_empty() {
            return Err(Error::config("this needs the name of who says so").hint("set FOURFOLD_REVIEWER to your name"));
        }
        let snapshot = self.snapshot()?;
        let conflicts: Vec<Conflict> =
            ids.iter().map(|id| Ok(snapshot.find_conflict(id)?.conflict)).collect::<Result<_>>()?;
        let mut draft = self.draft()?;
        let when = now();
        for conflict in &conflicts {
            enter(&mut draft, conflict, mark, who, why, &when)?;
        }
        let config = draft.config()?;
        draft.save()?;
        let standing = crate::chart::standing::Standing::of(&config, super::today());
        Ok(conflicts
            .iter()
            .map(|conflict| Marked { id: conflict.id.clone(), ledger: standing.ledger(conflict) })
            .collect())
    }
}

fn enter(draft: &mut Draft, conflict: &Conflict, mark: &Mark, who: &str, why: &str, when: &str) -> Result<()> {
    let (id, who, when) = (conflict.id.clone(), who.to_owned(), when.to_owned());
    match mark {
        Mark::Accept { until } => {
            if let Some(until) = until.filter(|until| *until < super::today()) {
                return Err(Error::config(format!("{until} is over: a difference is accepted up to a day to come")));
            }
            // One conflict is accepted once; a new day or reason takes the place of the old one.
            draft.remove("accepted", "conflict", &conflict.id);
            let accepted = Accepted {
                conflict: Some(id),
                until: until.map(|day| day.to_string()),
                who,
                when,
                why: why.to_owned(),
                ..Accepted::default()
            };
            draft.apply(&RuleEdit::append("accepted", &accepted)?)?;
        }
        Mark::Assign { owner } => {
            let remark = Remark { conflict: id, owner: Some(owner.trim().to_owned()), note: why.to_owned(), who, when };
            draft.apply(&RuleEdit::append("remarks", &remark)?)?;
        }
        Mark::Note { text } => {
            if text.trim().is_empty() {
                return Err(Error::config("an empty note says nothing"));
            }
            let remark = Remark { conflict: id, owner: None, note: text.trim().to_owned(), who, when };
            draft.apply(&RuleEdit::append("remarks", &remark)?)?;
        }
        Mark::Choose { source } => choose(draft, conflict, source, &who, why, &when)?,
        Mark::Reopen => reopen(draft, conflict)?,
    }
    Ok(())
}

/// One source's value stands for the conflict's entity.
fn choose(draft: &mut Draft, conflict: &Conflict, source: &str, who: &str, why: &str, when: &str) -> Result<()> {
    let sides: Vec<&str> =
        [&conflict.side_a, &conflict.side_b].into_iter().flatten().map(|side| side.record.source.as_str()).collect();
    let Some(entity) = conflict.entity.as_ref().filter(|_| is_about_a_value(&conflict.kind)) else {
        return Err(Error::config(format!("{}: a {} is not decided by choosing a source", conflict.id, conflict.kind))
            .hint("accept it, assign it, or repair it in the source"));
    };
    if !sides.contains(&source) {
        return Err(Error::config(format!("{source:?} is on neither side of {}", conflict.id))
            .hint(format!("its sides are: {}", sides.join(", "))));
    }
    let config = draft.config()?;
    let stale: Vec<&Choice> = config
        .choices
        .iter()
        .filter(|choice| choice.entity == entity.as_str() && choice.field == conflict.field)
        .collect();
    if stale.iter().any(|choice| !choice.conflict.is_empty()) {
        draft.remove("choices", "conflict", &conflict.id);
    }
    let choice = Choice {
        entity: entity.as_str().to_owned(),
        field: conflict.field.clone(),
        source: source.to_owned(),
        conflict: conflict.id.clone(),
        who: who.to_owned(),
        when: when.to_owned(),
        why: why.to_owned(),
    };
    draft.apply(&RuleEdit::append("choices", &choice)?).map(drop)
}

/// Takes back what was said of this conflict alone; rules for many are named, not touched.
fn reopen(draft: &mut Draft, conflict: &Conflict) -> Result<()> {
    let accepted = draft.remove("accepted", "conflict", &conflict.id);
    let chosen = draft.remove("choices", "conflict", &conflict.id);
    let config = draft.config()?;
    let standing = crate::chart::standing::Standing::of(&config, super::today());
    let ledger = standing.ledger(conflict);
    if ledger.status != "open" {
        let question = answer_behind(&config, conflict);
        let hint = question.map_or_else(
            || "look for its rule in fourfold.toml".to_owned(),
            |question| format!("`fourfold interview withdraw {question}` takes the answer back"),
        );
        return Err(Error::config(format!(
            "{} is {} by a rule for many: {}",
            conflict.id, ledger.status, ledger.reason
        ))
        .hint(hint));
    }
    if accepted + chosen == 0 {
        return Err(Error::config(format!("{} is open", conflict.id)));
    }
    Ok(())
}

/// The question whose answer settles a conflict.
fn answer_behind(config: &Config, conflict: &Conflict) -> Option<String> {
    let rule = config.survivorship.get(&conflict.field).map(|rule| rule.question.clone());
    let accepted = config
        .accepted
        .iter()
        .filter(|accepted| accepted.kind.as_deref() == Some(conflict.kind.as_str()))
        .map(|accepted| accepted.question.clone());
    let ignored = config.ignore.iter().map(|rule| rule.question.clone());
    rule.into_iter().chain(accepted).chain(ignored).find(|question| !question.is_empty())
}
