//! Where is the cut, how right is the answer expected to be, and can the model be trusted at all?

use super::model::Model;
use super::outcome::{Estimates, ScoredPair};

/// The precision and recall the model expects of an answer: every pair counts with its probability.
pub(crate) fn estimates(matches: &[ScoredPair], candidates: &[ScoredPair]) -> Estimates {
    let right: f64 = matches.iter().map(|pair| pair.probability).sum();
    let missed: f64 = {
        let mut at = 0;
        let mut missed = 0.0;
        for pair in candidates {
            while at < matches.len() && (matches[at].left, matches[at].right) < (pair.left, pair.right) {
                at += 1;
            }
            let given = at < matches.len() && (matches[at].left, matches[at].right) == (pair.left, pair.right);
            if !given {
                missed += pair.probability;
            }
        }
        missed
    };
    Estimates {
        precision: if matches.is_empty() { 1.0 } else { right / matches.len() as f64 },
        recall: if right + missed > 0.0 { right / (right + missed) } else { 1.0 },
    }
}

/// The same for pairs that were given: those from the threshold up are the answer.
pub(crate) fn given_estimates(pairs: &[ScoredPair], threshold: f64) -> Estimates {
    let (answer, rest): (Vec<&ScoredPair>, Vec<&ScoredPair>) =
        pairs.iter().partition(|pair| pair.probability >= threshold);
    let sum = |list: &[&ScoredPair]| list.iter().map(|pair| pair.probability).sum::<f64>();
    let (right, missed) = (sum(&answer), sum(&rest));
    Estimates {
        precision: if answer.is_empty() { 1.0 } else { right / answer.len() as f64 },
        recall: if right + missed > 0.0 { right / (right + missed) } else { 1.0 },
    }
}

/// The same where each row has at most one partner: the candidates of a row then share one probability, and a candidate
/// whose row found a heavier partner is no miss.
pub(crate) fn exclusive_estimates(matches: &[ScoredPair], candidates: &[ScoredPair], rows: usize) -> Estimates {
    let odds = |pair: &ScoredPair| pair.weight.clamp(-60.0, 60.0).exp2();
    let mut sums = vec![0.0; rows];
    for pair in candidates {
        sums[pair.left as usize] += odds(pair);
        sums[pair.right as usize] += odds(pair);
    }
    let share = |pair: &ScoredPair| {
        let own = odds(pair);
        own / (1.0 + (sums[pair.left as usize] + sums[pair.right as usize] - own).max(own))
    };
    let mut taken = vec![false; rows];
    for pair in matches {
        taken[pair.left as usize] = true;
        taken[pair.right as usize] = true;
    }
    let right: f64 = matches.iter().map(share).sum();
    let open = |pair: &&ScoredPair| !taken[pair.left as usize] && !taken[pair.right as usize];
    let missed: f64 = candidates.iter().filter(open).map(share).sum();
    Estimates {
        precision: if matches.is_empty() { 1.0 } else { right / matches.len() as f64 },
        recall: if right + missed > 0.0 { right / (right + missed) } else { 1.0 },
    }
}

/// What makes the model's answer doubtful, one sentence each.
pub(crate) fn doubts(model: &Model, rows: usize, matches: usize) -> Vec<String> {
    let mut doubts = Vec::new();
    if rows < 20 {
        doubts.push(format!("only {rows} rows: too few to learn how often values agree by chance; the weights are mostly what is usual for such columns"));
    }
    if model.comparisons.is_empty() {
        doubts.push("no column can be compared; name the columns with --map column=concept".to_owned());
    }
    let telling = model
        .comparisons
        .iter()
        .filter(|comparison| comparison.levels.last().is_some_and(|top| top.m > top.u * 8.0))
        .count();
    if telling == 0 && !model.comparisons.is_empty() {
        doubts.push(
            "no column tells matches from other pairs: the learned agreements are as common by chance".to_owned(),
        );
    }
    if matches == 0 && model.expected_matches < 1.0 {
        doubts.push("the model expects no match at all".to_owned());
    }
    if model.expected_matches > rows as f64 * rows as f64 / 8.0 && rows > 8 {
        doubts.push("the model calls a large share of all pairs the same: check the columns' concepts".to_owned());
    }
    doubts
}
