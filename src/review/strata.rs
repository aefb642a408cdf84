//! From which pairs is the sample drawn on which precision and recall stand?
//!
//! A clerical sample is stratified: candidate pairs are put into strata by what the engine says of them, also below the
//! threshold, and from each a few are drawn at random. Within a stratum every pair has the same chance, so what was
//! answered there speaks for the whole of it; strata are weighed by how many pairs they hold (Cochran, *Sampling
//! Techniques*, 1977, chapter 5). The draw hangs on nothing but the pair and the seed: later runs draw the same pairs.

use rustc_hash::FxHashMap;

use super::estimates::StratumSample;
use super::queue::draw;
use crate::ident::EntityKind;
use crate::resolve::graph::PairStatus;

/// Where matches are cut into bands, by probability.
const MATCHED_EDGE: f64 = 0.99;

/// Where other pairs are cut.
const OTHER_EDGE: f64 = 0.2;

/// A stratum: pairs of one kind of which the engine says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Band {
    /// Account or person.
    pub kind: EntityKind,
    /// Whether the engine calls its pairs matches.
    pub matched: bool,
    /// 0 for the less likely half, 1 for the likelier.
    pub band: u8,
}

impl Band {
    /// The stratum of a pair.
    #[must_use]
    pub fn of(kind: EntityKind, matched: bool, probability: f64) -> Self {
        let edge = if matched { MATCHED_EDGE } else { OTHER_EDGE };
        Self { kind, matched, band: u8::from(probability >= edge) }
    }

    /// The stratum of a pair by what became of it. What a person decided still belongs where the engine put it.
    #[must_use]
    pub fn of_status(kind: EntityKind, status: PairStatus, probability: f64) -> Self {
        let matched = match status {
            PairStatus::Matched => true,
            PairStatus::Review | PairStatus::Rejected => false,
            PairStatus::Accepted | PairStatus::Refused => probability >= 0.5,
        };
        Self::of(kind, matched, probability)
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match (self.matched, self.band) {
            (true, 0) => "matches, close calls",
            (true, _) => "matches, clear",
            (false, 0) => "others, unlikely",
            (false, _) => "others, likely",
        }
    }
}

/// A pair that may be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Drawable {
    /// The pair's number, from [`pair_number`](super::queue::pair_number).
    pub pair: u64,
    /// Its stratum.
    pub band: Band,
}

/// What was drawn.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    /// The places of the pairs drawn, in the order to ask them: one of each stratum, then the next of each.
    pub places: Vec<usize>,
    /// Every stratum with its pairs and how many of them were drawn, in order.
    pub strata: Vec<(Band, u64, u64)>,
}

/// Draws `each` pairs from every stratum.
#[must_use]
pub fn sample(pairs: &[Drawable], each: u32, seed: u64) -> Drawn {
    let mut strata: FxHashMap<Band, Vec<(u64, u64, usize)>> = FxHashMap::default();
    for (place, pair) in pairs.iter().enumerate() {
        strata.entry(pair.band).or_default().push((draw(pair.pair, seed), pair.pair, place));
    }
    let mut strata: Vec<(Band, Vec<(u64, u64, usize)>)> = strata.into_iter().collect();
    strata.sort_unstable_by_key(|(band, _)| *band);
    let mut drawn = Drawn::default();
    let mut turns: Vec<(usize, Band, usize)> = Vec::new();
    for (band, mut members) in strata {
        let population = members.len() as u64;
        let wanted = (each as usize).min(members.len());
        if wanted > 0 && wanted < members.len() {
            members.select_nth_unstable(wanted - 1);
            members.truncate(wanted);
        } else {
            members.truncate(wanted);
        }
        members.sort_unstable();
        drawn.strata.push((band, population, wanted as u64));
        turns.extend(members.into_iter().enumerate().map(|(turn, (.., place))| (turn, band, place)));
    }
    turns.sort_unstable();
    drawn.places = turns.into_iter().map(|(.., place)| place).collect();
    drawn
}

/// The samples of one kind, ready for [`precision`](super::estimates::precision) and
/// [`recall`](super::estimates::recall). `answered` gives, for each stratum, how many of its draw have an answer and
/// how many of these say `same`.
pub fn samples(
    strata: impl IntoIterator<Item = (Band, u64)>,
    kind: EntityKind,
    answered: impl Fn(Band) -> (u64, u64),
) -> Vec<StratumSample> {
    strata
        .into_iter()
        .filter(|(band, population)| band.kind == kind && *population > 0)
        .map(|(band, population)| {
            let (checked, same) = answered(band);
            StratumSample { population, checked, same, matched: band.matched }
        })
        .collect()
}
