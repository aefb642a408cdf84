//! What have people decided, in the words of resolution?

use crate::error::Result;
use crate::ident::RecordKey;
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
