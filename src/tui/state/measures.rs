//! How good are the matches, as far as the sample that was answered tells?

use rustc_hash::FxHashMap;

use crate::ident::EntityKind;
use crate::review::Verdict;
use crate::review::estimates::{Estimate, StratumSample, precision, recall};
use crate::review::strata::{Band, samples};
use crate::snapshot::{PairRow, Stratum};

/// The sample, stratum by stratum.
#[derive(Debug, Clone, Default)]
pub struct Measures {
    strata: Vec<Stratum>,
    /// Answers by stratum: how many, and how many of them say `same`.
    answered: FxHashMap<Band, (u64, u64)>,
}

/// What is known of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The share of matches that are right.
    pub precision: Option<Estimate>,
    /// The share of true matches that were found.
    pub recall: Option<Estimate>,
    /// Pairs of the draw that were answered, and pairs drawn.
    pub checked: (u64, u64),
    /// A stratum of which nothing is answered yet, in words.
    pub missing: Option<&'static str>,
    /// The strata: in words, pairs in it, drawn, answered, and answered `same`.
    pub strata: Vec<(&'static str, u64, u64, u64, u64)>,
}

impl Measures {
    /// Takes the strata of a run; answers are counted anew.
    #[must_use]
    pub fn of(strata: Vec<Stratum>) -> Self {
        Self { strata, answered: FxHashMap::default() }
    }

    /// Counts an answer on a pair of the draw, or takes it away. `Unsure` is no answer.
    pub fn count(&mut self, band: Band, verdict: Verdict, add: bool) {
        if verdict == Verdict::Unsure {
            return;
        }
        let (checked, same) = self.answered.entry(band).or_default();
        let change = |number: &mut u64| *number = if add { *number + 1 } else { number.saturating_sub(1) };
        change(checked);
        if verdict == Verdict::Same {
            change(same);
        }
    }

    /// What is known of a kind; None when nothing was drawn of it.
    #[must_use]
    pub fn measured(&self, kind: EntityKind) -> Option<Measured> {
        let strata: Vec<&Stratum> = self.strata.iter().filter(|stratum| stratum.kind == kind).collect();
        let drawn: u64 = strata.iter().map(|stratum| stratum.drawn).sum();
        if drawn == 0 {
            return None;
        }
        let band = |stratum: &Stratum| Band { kind, matched: stratum.matched, band: stratum.band };
        let answered = |band: Band| self.answered.get(&band).copied().unwrap_or_default();
        let found: Vec<StratumSample> =
            samples(strata.iter().map(|stratum| (band(stratum), stratum.population)), kind, answered);
        let lines: Vec<(&'static str, u64, u64, u64, u64)> = strata
            .iter()
            .map(|stratum| {
                let (checked, same) = answered(band(stratum));
                (band(stratum).words(), stratum.population, stratum.drawn, checked, same)
            })
            .collect();
        Some(Measured {
            precision: precision(&found),
            recall: recall(&found),
            checked: (lines.iter().map(|line| line.3).sum(), drawn),
            missing: lines.iter().find(|line| line.3 == 0).map(|line| line.0),
            strata: lines,
        })
    }
}

/// The stratum of a pair.
#[must_use]
pub fn band_of(row: &PairRow) -> Band {
    Band::of_status(row.kind, row.status, row.probability)
}
