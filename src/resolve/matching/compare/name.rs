//! How far do two whole names agree, word by word?
//!
//! Words are aligned, equal ones first, then abbreviations, slips of the pen, nicknames and initials; each counts by the
//! information it carries, so that a shared `Holdings` says little and a shared rare word much. A pair whose most telling
//! word finds no partner stays behind the gate: it can share a word, not be similar.

use rapidfuzz::distance::osa;

use super::Measure;
use super::tokens::Tokens;
use crate::resolve::normalise::person::are_nicknames;

/// Whose names they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    /// Names of companies: abbreviations, acronyms.
    Company,
    /// Names of people: initials, nicknames.
    Person,
}

/// Whole names by the number of their value.
pub(crate) struct Names {
    pub(crate) tokens: Tokens,
    pub(crate) kind: NameKind,
}

/// Most words of a name that are compared.
pub(crate) const MOST_WORDS: usize = 16;

impl Measure for Names {
    fn part(&self, value: u32, number: u8) -> u64 {
        // The two most telling words; a name has few.
        let before = |one: u32, other: u32| {
            let weight = |word: u32| self.tokens.weights[word as usize];
            weight(one)
                .total_cmp(&weight(other))
                .then_with(|| self.tokens.key(other).cmp(&self.tokens.key(one)))
                .is_gt()
        };
        let (mut first, mut second) = (None, None);
        for word in self.tokens.lists.get(value).iter().copied() {
            if first == Some(word) || second == Some(word) {
                continue;
            }
            if first.is_none_or(|first| before(word, first)) {
                second = first.replace(word);
            } else if second.is_none_or(|second| before(word, second)) {
                second = Some(word);
            }
        }
        match (number, first, second) {
            (0, Some(first), _) => self.tokens.key(first),
            (1, Some(first), Some(second)) => {
                let (first, second) = (self.tokens.key(first), self.tokens.key(second));
                first.min(second).rotate_left(17) ^ first.max(second)
            }
            _ => 0,
        }
    }

    fn words(&self, value: u32) -> Vec<(u32, f32)> {
        self.unit_vector(value)
    }

    fn word_count(&self) -> usize {
        self.tokens.words.len()
    }

    fn fetch(&self, value: u32) -> usize {
        self.tokens.lists.get(value).first().copied().unwrap_or(0) as usize
    }

    fn level(&self, left: u32, right: u32) -> u8 {
        let (left_words, right_words) = (self.tokens.lists.get(left), self.tokens.lists.get(right));
        if left_words.is_empty() || right_words.is_empty() {
            return 1;
        }
        if left_words == right_words {
            return 6;
        }
        let alignment = self.align(left_words, right_words);
        if alignment.equal && left_words.len() == right_words.len() {
            return 6;
        }
        let joined = self.joined(left_words) == self.joined(right_words);
        if joined {
            return 5;
        }
        let level = alignment.level();
        if level < 3
            && self.kind == NameKind::Company
            && (self.is_acronym(left_words, right_words) || self.is_acronym(right_words, left_words))
        {
            return 3;
        }
        if level < 5 && !alignment.numbers_differ {
            let (one, other) = (self.joined(left_words), self.joined(right_words));
            let longest = one.len().max(other.len());
            let slips = osa::distance(one.bytes(), other.bytes());
            if longest >= 8 && slips * 10 <= longest {
                return 5;
            }
            if level == 3 || level == 2 {
                let close = longest >= 8 && slips * 5 <= longest;
                return if close { level.max(4) } else { level };
            }
        }
        level
    }
}

impl Names {
    /// The most telling words of a value, the rarest first.
    fn telling(&self, value: u32) -> Vec<u32> {
        let mut words = self.tokens.lists.get(value).to_vec();
        words.sort_unstable_by(|left, right| {
            self.tokens.weights[*right as usize]
                .total_cmp(&self.tokens.weights[*left as usize])
                .then_with(|| self.tokens.key(*left).cmp(&self.tokens.key(*right)))
        });
        words.dedup();
        words
    }
}

#[expect(clippy::struct_excessive_bools, reason = "four independent findings about one alignment")]
struct Alignment {
    equal: bool,
    score: f32,
    /// The share of each side's information left without a partner.
    left_open: f32,
    right_open: f32,
    /// Whether the most telling word of each side found a partner.
    gate: bool,
    any: bool,
    numbers_differ: bool,
}

impl Alignment {
    fn level(&self) -> u8 {
        let level = if self.gate && self.score >= 0.9 {
            5
        } else if self.gate && self.score >= 0.75 {
            4
        } else if self.any && (self.left_open <= 0.1 || self.right_open <= 0.1) {
            3
        } else if self.score >= 0.35 {
            2
        } else {
            1
        };
        if self.numbers_differ { level.min(2) } else { level }
    }
}

impl Names {
    fn unit_vector(&self, value: u32) -> Vec<(u32, f32)> {
        let words = self.telling(value);
        let length = words
            .iter()
            .map(|word| self.tokens.weights[*word as usize].powi(2))
            .sum::<f32>()
            .sqrt()
            .max(f32::MIN_POSITIVE);
        words.into_iter().map(|word| (word, self.tokens.weights[word as usize] / length)).collect()
    }

    fn joined(&self, words: &[u32]) -> String {
        words.iter().map(|word| self.tokens.words.text(*word)).collect()
    }

    fn is_acronym(&self, short: &[u32], long: &[u32]) -> bool {
        if short.len() != 1 || long.len() < 2 {
            return false;
        }
        let letters = self.tokens.words.text(short[0]);
        if letters.len() < 2 {
            return false;
        }
        let initials: String = long.iter().map(|word| &self.tokens.words.text(*word)[..1]).collect();
        let without_and: String = long
            .iter()
            .map(|word| self.tokens.words.text(*word))
            .filter(|word| !matches!(*word, "and" | "of" | "the" | "for" | "de"))
            .map(|word| &word[..1])
            .collect();
        letters == initials || letters == without_and
    }

    fn align(&self, left: &[u32], right: &[u32]) -> Alignment {
        let weight = |word: u32| self.tokens.weights[word as usize];
        let (mut left_partner, mut right_partner) = ([0f32; MOST_WORDS], [0f32; MOST_WORDS]);
        let mut matched = 0.0;
        for (at, word) in left.iter().enumerate() {
            if let Some(other) = (0..right.len()).find(|other| right[*other] == *word && right_partner[*other] == 0.0) {
                left_partner[at] = 1.0;
                right_partner[other] = 1.0;
                matched += weight(*word);
            }
        }
        let equal = left_partner[..left.len()].iter().all(|partner| *partner > 0.0)
            && right_partner[..right.len()].iter().all(|partner| *partner > 0.0);
        if !equal {
            matched += self.align_rest(left, right, &mut left_partner, &mut right_partner);
        }
        let total = |words: &[u32]| words.iter().map(|word| weight(*word)).sum::<f32>().max(f32::MIN_POSITIVE);
        let open = |words: &[u32], partner: &[f32]| {
            words.iter().zip(partner).map(|(word, found)| weight(*word) * (1.0 - found)).sum::<f32>() / total(words)
        };
        let gate = |words: &[u32], partner: &[f32]| {
            let telling = (0..words.len())
                .max_by(|one, other| weight(words[*one]).total_cmp(&weight(words[*other])).then(other.cmp(one)));
            telling.is_some_and(|at| partner[at] >= 0.7)
        };
        let any = left.iter().zip(&left_partner).any(|(word, found)| *found >= 0.7 && weight(*word) > 1.0);
        let open_number = |words: &[u32], partner: &[f32]| {
            words.iter().zip(partner).any(|(word, found)| *found == 0.0 && is_number(self.tokens.words.text(*word)))
        };
        Alignment {
            equal,
            score: 2.0 * matched / (total(left) + total(right)),
            left_open: open(left, &left_partner),
            right_open: open(right, &right_partner),
            gate: gate(left, &left_partner) && gate(right, &right_partner),
            any,
            numbers_differ: open_number(left, &left_partner) || open_number(right, &right_partner),
        }
    }

    /// Finds partners for the words left over, the most alike first; returns the weight gained.
    fn align_rest(
        &self,
        left: &[u32],
        right: &[u32],
        left_partner: &mut [f32; MOST_WORDS],
        right_partner: &mut [f32; MOST_WORDS],
    ) -> f32 {
        let mut gained = 0.0;
        loop {
            let mut best = (0.0f32, 0, 0);
            for (at, word) in left.iter().enumerate().filter(|(at, _)| left_partner[*at] == 0.0) {
                for (other_at, other) in right.iter().enumerate().filter(|(at, _)| right_partner[*at] == 0.0) {
                    let alike = self.word_likeness(self.tokens.words.text(*word), self.tokens.words.text(*other));
                    if alike > best.0 {
                        best = (alike, at, other_at);
                    }
                }
            }
            if best.0 < 0.5 {
                return gained;
            }
            let (alike, at, other_at) = best;
            left_partner[at] = alike;
            right_partner[other_at] = alike;
            gained +=
                alike * (self.tokens.weights[left[at] as usize] + self.tokens.weights[right[other_at] as usize]) / 2.0;
        }
    }

    fn word_likeness(&self, left: &str, right: &str) -> f32 {
        let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
        if is_number(short) || is_number(long) {
            return 0.0;
        }
        if short.len() == 1 {
            let fits = long.starts_with(short);
            return if !fits {
                0.0
            } else if self.kind == NameKind::Person {
                0.75
            } else {
                0.5
            };
        }
        let slips = osa::distance(short.bytes(), long.bytes());
        if (short.len() >= 4 && slips <= 1) || (short.len() >= 7 && slips <= 2) {
            return 0.9;
        }
        if self.kind == NameKind::Person {
            if are_nicknames(short, long) {
                return 0.9;
            }
        } else if short.len() >= 3 && long.len() >= 5 {
            if long.starts_with(short) {
                return 0.85;
            }
            if is_abbreviation(short, long) {
                return 0.75;
            }
        }
        if short.len() >= 5 && slips * 4 <= long.len() { 0.75 } else { 0.0 }
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit()) || matches!(word, "ii" | "iii" | "iv" | "vi" | "vii" | "viii" | "ix")
}

/// Whether the short word is the long one with letters left out, beginning with the same letter, vowels first.
fn is_abbreviation(short: &str, long: &str) -> bool {
    let mut rest = long.bytes();
    short.as_bytes()[0] == long.as_bytes()[0]
        && short.len() * 2 <= long.len() + 1
        && short.bytes().skip(1).all(|byte| !b"aeiou".contains(&byte))
        && short.bytes().all(|byte| rest.any(|other| other == byte))
}
