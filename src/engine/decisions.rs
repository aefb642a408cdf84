//! What have people decided, in the words of resolution?
//!
//! Verdicts come from the review log; a rule about the grain of billing gives verdicts too, anew in each run, on the customers that
//! the chart finds naming one account. A person's verdict on a pair counts more than a rule's.

use std::collections::BTreeSet;

use crate::chart::conflict::Conflict;
use crate::config::{Config, GrainRule};
use crate::error::Result;
use crate::ident::{PairKey, RecordKey};
use crate::resolve::{DecidedPair, DecidedRelation, Decisions};
use crate::review::{Decided, ReviewLog, Side, Verdict};

/// The standing decisions of a log: undone ones are gone, disputed ones wait for their adjudication.
///
/// # Errors
/// `Log` when the log cannot be read.
pub fn standing(log: &ReviewLog) -> Result<Decisions> {
    let effective = log.effective()?;
    let mut decisions = Decisions::default();
    for decided in effective.must_link() {
        decisions.same.push(pair(decided));
    }
    for decided in effective.cannot_link() {
        let (list, side) = match decided.verdict {
            Verdict::ChildOf { child } => (&mut decisions.child_of, child),
            Verdict::BillsFor { payer } => (&mut decisions.bills_for, payer),
            Verdict::SuccessorOf { successor } => (&mut decisions.successor_of, successor),
            _ => {
                decisions.different.push(pair(decided));
                continue;
            }
        };
        list.push(relation(decided, side));
    }
    Ok(decisions)
}

fn pair(decided: Decided) -> DecidedPair {
    DecidedPair { reviewer: decided.reviewers.join(", "), key: decided.pair }
}

fn relation(decided: Decided, subject: Side) -> DecidedRelation {
    let (left, right): (RecordKey, RecordKey) = (decided.pair.left, decided.pair.right);
    let (subject, object) = if subject == Side::Left { (left, right) } else { (right, left) };
    DecidedRelation { subject, object, reviewer: decided.reviewers.join(", ") }
}

/// Adds what the rules of `fourfold.toml` say of the customers that name one account.
pub fn add_rules(decisions: &mut Decisions, config: &Config, conflicts: &[Conflict]) {
    if config.grain.is_empty() {
        return;
    }
    let relations = [&decisions.child_of, &decisions.bills_for, &decisions.successor_of];
    let related = relations.into_iter().flatten().map(|told| PairKey::new(told.subject.clone(), told.object.clone()));
    let decided: BTreeSet<PairKey> =
        decisions.same.iter().chain(&decisions.different).map(|pair| pair.key.clone()).chain(related).collect();
    for conflict in conflicts.iter().filter(|conflict| conflict.kind == "one_to_many_billing") {
        let (Some(one), Some(other)) = (&conflict.side_a, &conflict.side_b) else { continue };
        let Some(rule) = config.grain.iter().rev().find(|rule| rule.source == one.record.source.as_str()) else {
            continue;
        };
        if one.record == other.record || one.record.pk.is_empty() || other.record.pk.is_empty() {
            continue;
        }
        let key = PairKey::new(one.record.clone(), other.record.clone());
        if decided.contains(&key) {
            continue;
        }
        let reviewer = format!("rule of {}", if rule.who.is_empty() { "fourfold.toml" } else { &rule.who });
        let list = match rule.rule {
            GrainRule::RollUp => &mut decisions.same,
            GrainRule::Apart => &mut decisions.different,
        };
        list.push(DecidedPair { key, reviewer });
    }
}
