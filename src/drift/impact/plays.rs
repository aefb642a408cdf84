//! Which drift moved a play, and whose tier is another now?
//!
//! A play follows the fields that it reads; what moved one of them moved the play.

use std::collections::BTreeSet;

use super::now::Touch;
use super::values::Accounts;
use crate::drift::baseline::PlayOutput;
use crate::drift::cause::is_root;
use crate::drift::detect::TierMove;
use crate::drift::finding::{Finding, FindingKind};

/// So many roots are named with a play.
const NAMED: usize = 5;

/// Fills in what hangs on plays that moved, and names what moved them among the other findings.
pub fn attribute_plays(
    moved: &mut [Finding],
    others: &[Finding],
    outputs: &[PlayOutput],
    moves: &[TierMove],
    accounts: &Accounts,
) {
    for finding in moved {
        let Some(play) = finding.impact.plays.first().cloned() else { continue };
        let reads = outputs.iter().find(|output| output.play == play).map_or(&[][..], |output| &output.fields);
        let touched = |other: &Finding| -> Vec<String> {
            other.impact.fields.iter().filter(|field| reads.contains(field)).cloned().collect()
        };
        let mut roots: Vec<(&Finding, Vec<String>)> = others
            .iter()
            .filter(|other| is_root(other.kind))
            .map(|other| (other, touched(other)))
            .filter(|(_, fields)| !fields.is_empty())
            .collect();
        if roots.is_empty() {
            let totals = others.iter().filter(|other| other.kind == FindingKind::ModelMoved);
            roots = totals.map(|other| (other, touched(other))).filter(|(_, fields)| !fields.is_empty()).collect();
        }
        let mut touch = Touch::default();
        touch.accounts.extend(moves.iter().filter(|moved| moved.play == play).map(|moved| moved.entity.clone()));
        let mut impact = touch.impact(accounts);
        impact.plays = vec![play];
        impact.fields =
            roots.iter().flat_map(|(_, fields)| fields.iter().cloned()).collect::<BTreeSet<_>>().into_iter().collect();
        finding.impact = impact;
        let more = roots.len().saturating_sub(NAMED);
        for (root, fields) in roots.into_iter().take(NAMED) {
            let through = match fields.as_slice() {
                [one] => one.clone(),
                [one, rest @ ..] => format!("{one} and {} more fields", rest.len()),
                [] => continue,
            };
            finding
                .evidence
                .push(("moved by".to_owned(), format!("{}: {} (through {through})", root.place(), root.kind.words())));
        }
        if more > 0 {
            finding.evidence.push(("moved by".to_owned(), format!("{more} more findings")));
        }
    }
}
