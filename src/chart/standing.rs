//! What has become of a conflict: is it open, accepted until some day, or settled by a rule, and who looks after it?
//!
//! The sources still disagree after a rule was stated; what changes is that nobody need look at it again. A conflict is
//! `closed` when a rule of `fourfold.toml` says whose value stands, `accepted` when a person said that the difference is known, and
//! `open` otherwise, also when its acceptance has run out.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::conflict::{Conflict, Side};
use super::interview::answer::shared_values;
use crate::config::{Accepted, Choice, Config, Grain, Remark, Survivorship, Unkeyed};
use crate::ident::Surface;

/// What a person said, and when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Quote {
    /// Who.
    pub who: String,
    /// When, RFC 3339; empty when the rule does not say.
    pub when: String,
    /// Why.
    pub why: String,
}

/// What has become of a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Ledger {
    /// `open`, `accepted` or `closed`.
    pub status: &'static str,
    /// What made it so, in words; empty while it is open.
    pub reason: String,
    /// Who said so.
    pub quote: Option<Quote>,
    /// The last day on which it is accepted.
    pub until: Option<String>,
    /// Whether an acceptance has run out.
    pub expired: bool,
    /// Who looks after it.
    pub owner: Option<String>,
    /// What was said of it, the oldest first.
    pub notes: Vec<Note>,
}

/// A remark on a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Who.
    pub who: String,
    /// When, RFC 3339.
    pub when: String,
    /// What.
    pub note: String,
}

/// The rules that settle conflicts.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    today: Date,
    /// Acceptances of one conflict each, by its id.
    single: BTreeMap<String, Vec<Accepted>>,
    /// Acceptances of many.
    accepted: Vec<Accepted>,
    ignored: Vec<Unkeyed>,
    grain: Vec<Grain>,
    /// By entity.
    choices: BTreeMap<String, Vec<Choice>>,
    /// By conflict.
    remarks: BTreeMap<String, Vec<Remark>>,
    survivorship: BTreeMap<String, Survivorship>,
    answered: BTreeMap<String, Quote>,
    surfaces: BTreeMap<String, Surface>,
}

impl Standing {
    /// The rules of a configuration on a day.
    #[must_use]
    pub fn of(config: &Config, today: Date) -> Self {
        // Conflicts could be accepted by an answer before there was a list for it.
        let answered = config
            .answers
            .iter()
            .filter(|answer| answer.answer.trim().to_lowercase().starts_with("accept"))
            .filter_map(|answer| {
                let id = answer.question.strip_prefix("conflict:")?;
                let quote = Quote { who: answer.who.clone(), when: answer.when.clone(), why: answer.why.clone() };
                Some((id.to_owned(), quote))
            })
            .collect();
        let mut standing = Self {
            today,
            ignored: config.ignore.clone(),
            grain: config.grain.clone(),
            survivorship: config.survivorship.clone(),
            answered,
            surfaces: config.sources.iter().map(|(name, source)| (name.clone(), source.surface)).collect(),
            ..Self::default()
        };
        for accepted in &config.accepted {
            match &accepted.conflict {
                Some(id) => standing.single.entry(id.clone()).or_default().push(accepted.clone()),
                None => standing.accepted.push(accepted.clone()),
            }
        }
        for choice in &config.choices {
            standing.choices.entry(choice.entity.clone()).or_default().push(choice.clone());
        }
        for remark in &config.remarks {
            standing.remarks.entry(remark.conflict.clone()).or_default().push(remark.clone());
        }
        standing
    }

    /// Gives every conflict its status.
    pub fn apply(&self, conflicts: &mut [Conflict]) {
        for conflict in conflicts {
            self.ledger(conflict).status.clone_into(&mut conflict.status);
        }
    }

    /// What has become of a conflict.
    #[must_use]
    pub fn ledger(&self, conflict: &Conflict) -> Ledger {
        let mut ledger = self.settled(conflict).unwrap_or(Ledger { status: "open", ..Ledger::default() });
        if ledger.status == "open" {
            self.accept(conflict, &mut ledger);
        }
        for remark in self.remarks.get(&conflict.id).into_iter().flatten() {
            if let Some(owner) = &remark.owner {
                ledger.owner = Some(owner.clone()).filter(|owner| !owner.is_empty());
            }
            if !remark.note.is_empty() {
                let (who, when, note) = (remark.who.clone(), remark.when.clone(), remark.note.clone());
                ledger.notes.push(Note { who, when, note });
            }
        }
        ledger
    }

    fn accept(&self, conflict: &Conflict, ledger: &mut Ledger) {
        let single = self.single.get(&conflict.id).into_iter().flatten();
        for accepted in self.accepted.iter().filter(|accepted| covers(accepted, conflict)).chain(single) {
            let until = accepted.until.as_deref().and_then(|day| day.parse::<Date>().ok());
            if until.is_some_and(|until| until < self.today) {
                ledger.expired = true;
                ledger.until.clone_from(&accepted.until);
                continue;
            }
            ledger.status = "accepted";
            ledger.reason = "the difference is known".to_owned();
            ledger.quote = Some(quote(&accepted.who, &accepted.when, &accepted.why));
            ledger.until.clone_from(&accepted.until);
            ledger.expired = false;
        }
        if let Some(quote) = self.answered.get(&conflict.id) {
            ledger.status = "accepted";
            "the difference is known".clone_into(&mut ledger.reason);
            ledger.quote = Some(quote.clone());
        }
    }

    /// Whether a rule says what holds.
    fn settled(&self, conflict: &Conflict) -> Option<Ledger> {
        let closed =
            |reason: String, quote: Quote| Ledger { status: "closed", reason, quote: Some(quote), ..Ledger::default() };
        let chosen = conflict.entity.as_ref().and_then(|entity| self.choices.get(entity.as_str()));
        let choice = chosen.and_then(|choices| choices.iter().rev().find(|choice| choice.field == conflict.field));
        if let Some(choice) = choice.filter(|_| is_about_a_value(&conflict.kind)) {
            let reason = format!("{} counts for this one", choice.source);
            return Some(closed(reason, quote(&choice.who, &choice.when, &choice.why)));
        }
        if let Some(rule) = self.survivorship.get(&conflict.field).filter(|_| is_about_a_value(&conflict.kind)) {
            let (one, other) = (conflict.side_a.as_ref()?, conflict.side_b.as_ref()?);
            let by_list = rule.rule.needs_sources();
            let differs = self.place(rule, one) != self.place(rule, other);
            if !by_list || differs {
                let reason = format!("{} {} by rule", rule.rule.as_str(), rule.sources.join(" > "));
                return Some(closed(reason.trim().to_owned(), quote(&rule.who, &rule.when, &rule.why)));
            }
        }
        let side = conflict.side_a.as_ref()?;
        match conflict.kind.as_str() {
            "shared_domain" | "stale_cross_id" => {
                let rule = self.ignored.iter().find(|rule| ignores(rule, conflict, side))?;
                Some(closed("no longer a key".to_owned(), quote(&rule.who, &rule.when, &rule.why)))
            }
            "one_to_many_billing" => {
                let rule = self.grain.iter().rev().find(|rule| rule.source == side.record.source.as_str())?;
                let word = if rule.rule == crate::config::GrainRule::RollUp { "rolled up" } else { "kept apart" };
                Some(closed(format!("{word} by rule"), quote(&rule.who, &rule.when, &rule.why)))
            }
            _ => None,
        }
    }

    /// How early a rule names the source of a side.
    fn place(&self, rule: &Survivorship, side: &Side) -> usize {
        let source = side.record.source.as_str();
        let surface = self.surfaces.get(source).map(|surface| surface.as_str());
        rule.sources
            .iter()
            .position(|named| named == source || Some(named.as_str()) == surface)
            .unwrap_or(rule.sources.len())
    }
}

/// Kinds whose two sides are two values of one field, so that a rule for the field settles them.
#[must_use]
pub fn is_about_a_value(kind: &str) -> bool {
    const KINDS: [&str; 10] = [
        "status_disagreement",
        "amount_disagreement",
        "revenue_residual",
        "plan_mismatch",
        "seats_mismatch",
        "owner_mismatch",
        "country_mismatch",
        "name_mismatch",
        "domain_mismatch",
        "timing",
    ];
    KINDS.contains(&kind)
}

fn quote(who: &str, when: &str, why: &str) -> Quote {
    let who = if who.is_empty() { "fourfold.toml" } else { who };
    Quote { who: who.to_owned(), when: when.to_owned(), why: why.to_owned() }
}

/// Whether an acceptance speaks of a conflict.
fn covers(accepted: &Accepted, conflict: &Conflict) -> bool {
    let kind = accepted.kind.as_ref().is_some_and(|kind| *kind == conflict.kind);
    let field = accepted.field.as_ref().is_none_or(|field| *field == conflict.field);
    let stands = |place: &String| {
        [&conflict.side_a, &conflict.side_b].into_iter().flatten().any(|side| {
            side.record.source.as_str() == place || format!("{}.{}", side.record.source, side.record.table) == *place
        })
    };
    kind && field && accepted.between.iter().all(stands)
}

/// Whether a value that is no key any more is what a conflict is about.
fn ignores(rule: &Unkeyed, conflict: &Conflict, side: &Side) -> bool {
    let source = rule.source.as_deref().is_none_or(|name| name == side.record.source.as_str());
    let table = rule.table.as_deref().is_none_or(|name| name == side.record.table);
    if !source || !table {
        return false;
    }
    if conflict.kind == "shared_domain" {
        let shared = shared_values(&conflict.field, &side.value, conflict.side_b.as_ref().map(|side| &*side.value));
        return !shared.is_empty()
            && shared.iter().all(|value| {
                let domain = value.rsplit('@').next().unwrap_or(value);
                rule.values.iter().any(|known| known.eq_ignore_ascii_case(value) || known.eq_ignore_ascii_case(domain))
            });
    }
    side.column == rule.field && rule.values.iter().any(|known| known.trim() == side.value.trim())
}
