//! Which pair should a person look at next?
//!
//! Those whose answer is worth most: uncertainty times money times what hangs on it. Pairs that alone hold two groups
//! together come first, since one wrong answer there merges two customers. Among them, at even distances, pairs drawn
//! at random: from those alone can precision and recall be estimated without bias.

use crate::ident::PairKey;

use super::decision::Stratum;
use super::implied::Implied;

/// A pair that may be asked. Records are numbered by the caller; a million of these fit in 48 MB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The pair's number, from [`pair_number`]: it decides ties and the random draw.
    pub pair: u64,
    /// The left record.
    pub left: u32,
    /// The right record.
    pub right: u32,
    /// The probability that it is one entity, 0 to 1.
    pub probability: f64,
    /// Yearly revenue of the entities that the answer joins or parts, in the reporting currency.
    pub money: f64,
    /// How many rows, metrics and plays downstream depend on the answer.
    pub fan_out: u32,
    /// Whether it alone holds two groups together.
    pub bridge: bool,
}

/// How the queue is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// Pairs whose probability lies strictly between these are uncertain enough to ask.
    pub uncertain: (f64, f64),
    /// The share of all pairs, also of the certain ones, drawn at random: 0 to 1.
    pub audit_rate: f64,
    /// One question in so many is from the random draw, as long as there are some; 0 puts them at the end.
    pub audit_every: usize,
    /// Another seed draws another sample.
    pub seed: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { uncertain: (0.02, 0.98), audit_rate: 0.01, audit_every: 10, seed: 0 }
    }
}

/// A question in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The place in the candidates.
    pub candidate: u32,
    /// Why it is asked. Tell reviewers only afterwards: those who know that it is a test look twice.
    pub stratum: Stratum,
}

/// The pair's number: the 64 bits of its id, the same on every machine.
#[must_use]
pub fn pair_number(pair: &PairKey) -> u64 {
    u64::from_str_radix(pair.id().trim_start_matches('p'), 16).unwrap_or_default()
}

/// The questions in the order to ask them. The same candidates, in any order, give the same questions.
///
/// `answered` says whether the reviewer need not see the candidate at this place; `implied` what follows from answers.
pub fn order(
    candidates: &[Candidate],
    implied: &Implied,
    answered: impl Fn(usize) -> bool,
    policy: &Policy,
) -> Vec<Question> {
    let mut drawn: Vec<(u64, u64, usize)> = candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| is_audited(candidate.pair, policy))
        .map(|(place, candidate)| (draw(candidate.pair, policy.seed), candidate.pair, place))
        .collect();
    drawn.sort_unstable();
    let drawn: Vec<usize> = drawn.into_iter().map(|(.., place)| place).collect();
    let is_answered = |place: usize| {
        let candidate = &candidates[place];
        answered(place) || implied.says(candidate.left, candidate.right).is_some()
    };
    order_with(candidates, &drawn, is_answered, policy)
}

/// The questions in the order to ask them, with a random draw made by the caller: places in `candidates`, in the order
/// to ask them.
pub fn order_with(
    candidates: &[Candidate],
    drawn: &[usize],
    answered: impl Fn(usize) -> bool,
    policy: &Policy,
) -> Vec<Question> {
    let mut is_drawn = vec![false; candidates.len()];
    for place in drawn {
        is_drawn[*place] = true;
    }
    let mut asked = Vec::new();
    let mut is_asked = vec![false; candidates.len()];
    for (place, candidate) in candidates.iter().enumerate() {
        let is_uncertain = candidate.probability > policy.uncertain.0 && candidate.probability < policy.uncertain.1;
        let is_wanted = is_uncertain && !is_drawn[place];
        if (is_wanted || candidate.bridge) && !answered(place) {
            is_asked[place] = true;
            asked.push((!candidate.bridge, -worth(candidate), candidate.pair, place as u32));
        }
    }
    asked.sort_unstable_by(|one, other| {
        one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)).then((one.2, one.3).cmp(&(other.2, other.3)))
    });
    let stratum = |place: usize| if is_drawn[place] { Stratum::Audit } else { Stratum::Queue };
    let asked = asked.into_iter().map(|(.., candidate)| Question { candidate, stratum: stratum(candidate as usize) });
    let drawn = drawn.iter().filter(|place| !is_asked[**place] && !answered(**place));
    let drawn = drawn.map(|place| Question { candidate: *place as u32, stratum: Stratum::Audit });
    interleave(asked, drawn, policy.audit_every)
}

/// What an answer is worth: bits of uncertainty times money times fan-out. Neither counts as nothing when it is
/// unknown.
#[must_use]
pub fn worth(candidate: &Candidate) -> f64 {
    uncertainty(candidate.probability) * (1.0 + candidate.money.max(0.0)) * (1.0 + f64::from(candidate.fan_out))
}

/// The entropy of a yes-or-no question in bits: 1 at even odds, 0 when the answer is certain.
#[must_use]
pub fn uncertainty(probability: f64) -> f64 {
    let part = |share: f64| if share > 0.0 { -share * share.log2() } else { 0.0 };
    part(probability) + part(1.0 - probability)
}

/// Whether the pair belongs to the random draw: for good, since it hangs on nothing but the pair and the seed.
#[must_use]
pub fn is_audited(pair: u64, policy: &Policy) -> bool {
    // 53 bits fit a float exactly.
    let share = (draw(pair, policy.seed) >> 11) as f64 / (1_u64 << 53) as f64;
    share < policy.audit_rate
}

/// A number that looks random, from the pair and the seed (the finalizer of `SplitMix64`: Steele, Lea and Flood, 2014).
pub(super) fn draw(pair: u64, seed: u64) -> u64 {
    let mut mixed = pair ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn interleave(
    asked: impl Iterator<Item = Question>,
    mut drawn: impl Iterator<Item = Question>,
    every: usize,
) -> Vec<Question> {
    let mut questions = Vec::new();
    for question in asked {
        questions.push(question);
        if every > 0 && (questions.len() + 1).is_multiple_of(every) {
            questions.extend(drawn.next());
        }
    }
    questions.extend(drawn);
    questions
}
