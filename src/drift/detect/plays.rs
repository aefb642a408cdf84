//! Which plays say something else than they did?

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{FEWEST, TOTAL};
use crate::drift::baseline::PlayOutput;
use crate::drift::finding::{Finding, FindingKind, Severity};

/// Fewer entities than this are ordinary business.
const FEW: f64 = 5.0;
/// So many ways from tier to tier are named.
const NAMED: usize = 5;

/// An entity of which a play says another tier than in the last published run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TierMove {
    /// The play.
    pub play: String,
    /// The entity.
    pub entity: String,
    /// Its tier then.
    pub before: String,
    /// Its tier now.
    pub now: String,
}

/// Plays that ask for many more or fewer actions than they did, whose scores moved as a whole, or that see many entities
/// in another tier.
#[must_use]
pub fn plays(before: &[PlayOutput], now: &[PlayOutput], moves: &[TierMove]) -> Vec<Finding> {
    now.iter()
        .filter_map(|now| {
            let before = before.iter().find(|play| play.play == now.play)?;
            let moves: Vec<&TierMove> = moves.iter().filter(|moved| moved.play == now.play).collect();
            moved(before, now, &moves)
        })
        .collect()
}

fn moved(before: &PlayOutput, now: &PlayOutput, moves: &[&TierMove]) -> Option<Finding> {
    let name = &now.play;
    let (fired, fired_now) = (before.fired as f64, now.fired as f64);
    let share = fired_now / fired.max(1.0) - 1.0;
    let scores = now.mean / before.mean - 1.0;
    let changed = moves.iter().map(|moved| moved.entity.as_str()).collect::<BTreeSet<_>>().len() as f64;
    let known = before.scored.min(now.scored) as f64;
    let (detail, change, size) = if share.abs() >= TOTAL && (fired - fired_now).abs() >= FEW {
        let detail = format!("{name} asks to act on {fired_now:.0} instead of {fired:.0}");
        (detail, (format!("{fired:.0}"), format!("{fired_now:.0}")), share.abs())
    } else if known >= FEWEST && scores.is_finite() && scores.abs() >= TOTAL {
        let detail = format!("the mean score of {name} is {:.1} instead of {:.1}", now.mean, before.mean);
        (detail, (format!("{:.1}", before.mean), format!("{:.1}", now.mean)), scores.abs())
    } else if changed >= FEW && changed >= TOTAL * known && known >= FEWEST {
        let detail = format!("{name} puts {changed:.0} of {} in another tier", now.scored);
        (detail, (String::new(), format!("{changed:.0} in another tier")), changed / known)
    } else {
        return None;
    };
    let mut finding = Finding::new(FindingKind::PlayMoved, Severity::Medium, ("", "", ""), detail)
        .about(name)
        .changed(change.0, change.1)
        .of_size(size);
    finding.impact.plays = vec![name.clone()];
    for (what, was, is) in
        [("asks to act on", before.fired, now.fired), ("knows a score of", before.scored, now.scored)]
    {
        if was != is {
            finding = finding.because(what, format!("{was} before, {is} now"));
        }
    }
    let mut ways: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for moved in moves {
        *ways.entry((&moved.before, &moved.now)).or_default() += 1;
    }
    let mut ways: Vec<_> = ways.into_iter().collect();
    ways.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let listed: Vec<String> =
        ways.iter().take(NAMED).map(|((was, is), count)| format!("{count} from {was} to {is}")).collect();
    if !listed.is_empty() {
        let more = if ways.len() > NAMED { " …" } else { "" };
        finding = finding.because("changed tier since the last published run", format!("{}{more}", listed.join(", ")));
    }
    Some(finding)
}
