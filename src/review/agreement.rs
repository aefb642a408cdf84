//! How far do two reviewers agree beyond what chance would give?

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::decision::Verdict;
use super::effective::Effective;

/// How two reviewers compare on the pairs that both judged. Verdicts given to settle a disagreement do not count: they
/// were made knowing the other's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// The first reviewer, in alphabetical order.
    pub one: String,
    /// The second.
    pub other: String,
    /// Pairs that both judged.
    pub pairs: usize,
    /// Of these, with the same verdict.
    pub agreed: usize,
    /// Cohen's kappa (Cohen, 1960): 1 is full agreement, 0 what chance gives. `None` where chance alone gives full
    /// agreement, because both said the same thing throughout.
    pub kappa: Option<f64>,
    /// The standard error of kappa.
    pub standard_error: Option<f64>,
}

/// How often each two verdicts met.
type Table = FxHashMap<(Verdict, Verdict), usize>;

/// Compares every two reviewers who judged a pair in common. Each verdict is a category, `unsure` too.
#[must_use]
pub fn agreement(effective: &Effective) -> Vec<Agreement> {
    let mut tables: FxHashMap<(&str, &str), Table> = FxHashMap::default();
    for standing in effective.standings() {
        let mut opinions: Vec<_> = standing.opinions().filter(|opinion| !opinion.settles).collect();
        opinions.sort_unstable_by_key(|opinion| opinion.reviewer);
        for (place, one) in opinions.iter().enumerate() {
            for other in &opinions[place + 1..] {
                let table = tables.entry((one.reviewer, other.reviewer)).or_default();
                *table.entry((one.verdict, other.verdict)).or_default() += 1;
            }
        }
    }
    let mut agreements: Vec<Agreement> =
        tables.into_iter().map(|((one, other), table)| compare(one, other, &table)).collect();
    agreements.sort_by(|one, other| (&one.one, &one.other).cmp(&(&other.one, &other.other)));
    agreements
}

fn compare(one: &str, other: &str, table: &Table) -> Agreement {
    let pairs: usize = table.values().sum();
    let agreed: usize = table.iter().filter(|((left, right), _)| left == right).map(|(_, count)| count).sum();
    let share = |wanted: &dyn Fn(&(Verdict, Verdict)) -> bool| {
        let count: usize = table.iter().filter(|(cell, _)| wanted(cell)).map(|(_, count)| count).sum();
        count as f64 / pairs as f64
    };
    let observed = agreed as f64 / pairs as f64;
    let by_chance: f64 = Verdict::ALL
        .into_iter()
        .map(|verdict| share(&|cell| cell.0 == verdict) * share(&|cell| cell.1 == verdict))
        .sum();
    let room = 1.0 - by_chance;
    let has_room = room > 1e-12;
    Agreement {
        one: one.to_owned(),
        other: other.to_owned(),
        pairs,
        agreed,
        kappa: has_room.then(|| (observed - by_chance) / room),
        standard_error: has_room.then(|| (observed * (1.0 - observed) / (pairs as f64 * room * room)).sqrt()),
    }
}
