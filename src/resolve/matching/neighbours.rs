//! Which texts share the most telling words with this one?

use rayon::prelude::*;

use super::compare::Comparison;
use super::sample::Universe;

/// Postings read for one text at most; words in too many texts are read last.
const MOST_POSTINGS: usize = 20_000;

/// For each value its `most` nearest others by cosine over words, turned into pairs of rows.
pub(crate) fn pairs(comparison: &Comparison, universe: &Universe, most: usize) -> Vec<u64> {
    let vectors: Vec<Vec<(u32, f32)>> =
        (0..comparison.keys.len() as u32).into_par_iter().map(|value| comparison.measure.words(value)).collect();
    let index = Index { vectors, features: comparison.measure.word_count(), least: 0.08, postings: MOST_POSTINGS };
    index.pairs(comparison, universe, most)
}

/// For each name its `most` nearest others by cosine over the three-letter stretches of its spelling, turned into pairs of
/// rows: names whose every word has a slip, and words parted otherwise.
pub(crate) fn spelt_alike(comparison: &Comparison, universe: &Universe, most: usize) -> Vec<u64> {
    let stretches: Vec<Vec<u32>> = (0..comparison.keys.len() as u32)
        .into_par_iter()
        .map(|value| {
            let text = format!("^{}$", comparison.measure.spelling(value));
            let mut found: Vec<u32> = text.as_bytes().windows(3).map(stretch).collect();
            found.sort_unstable();
            found.dedup();
            found
        })
        .collect();
    let mut counts = vec![0u32; STRETCHES];
    stretches.iter().flatten().for_each(|stretch| counts[*stretch as usize] += 1);
    let total = stretches.len() as f32;
    let vectors = stretches
        .into_par_iter()
        .map(|found| {
            let mut vector: Vec<(u32, f32)> = found
                .into_iter()
                .map(|stretch| (stretch, (total / (counts[stretch as usize] as f32 + 0.5)).ln().max(0.05)))
                .collect();
            let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            for (_, weight) in &mut vector {
                *weight /= length;
            }
            vector
        })
        .collect();
    let index = Index { vectors, features: STRETCHES, least: 0.3, postings: MOST_POSTINGS / 4 };
    index.pairs(comparison, universe, most)
}

/// How many stretches of three there are, of 26 letters, 10 digits, both ends and anything else.
const STRETCHES: usize = 40 * 40 * 40;

/// The number of a stretch of three bytes.
fn stretch(three: &[u8]) -> u32 {
    three.iter().fold(0, |number, byte| {
        let letter = match byte {
            b'a'..=b'z' => byte - b'a',
            b'0'..=b'9' => 26 + byte - b'0',
            b'^' => 36,
            b'$' => 37,
            _ => 38,
        };
        number * 40 + u32::from(letter)
    })
}

/// An inverted index over vectors of unit length, one a value.
struct Index {
    vectors: Vec<Vec<(u32, f32)>>,
    /// How many features there are.
    features: usize,
    /// The cosine below which a value is no neighbour.
    least: f32,
    /// Postings read for one value at most.
    postings: usize,
}

impl Index {
    fn pairs(&self, comparison: &Comparison, universe: &Universe, most: usize) -> Vec<u64> {
        let values = comparison.keys.len();
        let mut rows_of: Vec<Vec<u32>> = vec![Vec::new(); values];
        for (row, value) in comparison.values.iter().enumerate() {
            // A row that holds several values stands under each of them.
            for element in if *value == 0 { &[] } else { comparison.elements_of(value) } {
                rows_of[*element as usize].push(row as u32);
            }
        }
        rows_of.par_iter_mut().for_each(|rows| rows.sort_unstable_by_key(|row| universe.rank[*row as usize]));
        let mut postings: Vec<Vec<(u32, f32)>> = vec![Vec::new(); self.features];
        for value in 1..values as u32 {
            for (word, weight) in &self.vectors[value as usize] {
                postings[*word as usize].push((value, *weight));
            }
        }
        let groups_of = |value: u32| -> u64 {
            rows_of[value as usize].iter().fold(0, |mask, row| mask | 1 << (universe.groups[*row as usize] % 64))
        };
        let groups: Vec<u64> = (0..values as u32).map(groups_of).collect();
        (1..values as u32)
            .into_par_iter()
            .fold(
                || (Vec::new(), vec![0f32; values], Vec::new()),
                |(mut found, mut sums, mut touched): (Vec<u64>, Vec<f32>, Vec<u32>), value| {
                    let mut query = self.vectors[value as usize].clone();
                    query.sort_by(|left, right| {
                        postings[left.0 as usize]
                            .len()
                            .cmp(&postings[right.0 as usize].len())
                            .then(left.0.cmp(&right.0))
                    });
                    let mut read = 0;
                    for (word, weight) in query {
                        let list = &postings[word as usize];
                        if read > 0 && read + list.len() > self.postings {
                            break;
                        }
                        read += list.len();
                        for (other, other_weight) in list {
                            if sums[*other as usize] == 0.0 {
                                touched.push(*other);
                            }
                            sums[*other as usize] += weight * other_weight;
                        }
                    }
                    let mut best: Vec<(f32, u32)> = touched
                        .iter()
                        .filter(|other| {
                            **other != value
                                && (universe.within
                                    || groups[**other as usize] & !groups[value as usize] != 0
                                    || groups[**other as usize].count_ones() > 1)
                        })
                        .map(|other| (sums[*other as usize], *other))
                        .filter(|(sum, _)| *sum > self.least)
                        .collect();
                    for other in &touched {
                        sums[*other as usize] = 0.0;
                    }
                    touched.clear();
                    let content = |other: u32| comparison.keys[other as usize];
                    best.sort_unstable_by(|left, right| {
                        right.0.total_cmp(&left.0).then_with(|| content(left.1).cmp(&content(right.1)))
                    });
                    for (_, other) in best.into_iter().take(most) {
                        join(&rows_of[value as usize], &rows_of[other as usize], universe, &mut found);
                    }
                    // Rows of one value: neighbours only, they are equal here anyway.
                    let own = &rows_of[value as usize];
                    for (at, left) in own.iter().enumerate() {
                        for right in own.iter().skip(at + 1).take(24) {
                            push(*left, *right, universe, &mut found);
                        }
                    }
                    (found, sums, touched)
                },
            )
            .map(|(found, _, _)| found)
            .reduce(Vec::new, |mut left, mut right| {
                left.append(&mut right);
                left
            })
    }
}

fn join(left_rows: &[u32], right_rows: &[u32], universe: &Universe, found: &mut Vec<u64>) {
    for left in left_rows.iter().take(6) {
        for right in right_rows.iter().take(6) {
            push(*left, *right, universe, found);
        }
    }
}

fn push(left: u32, right: u32, universe: &Universe, found: &mut Vec<u64>) {
    if left != right && universe.admits(left, right) {
        found.push(u64::from(left.min(right)) << 32 | u64::from(left.max(right)));
    }
}
