//! How many slips of the pen are two short texts apart, if they are few, and can they be alike at all?

use rapidfuzz::distance::osa;

/// The optimal string alignment distance in bytes, or `most + 1` where it is more than `most`.
///
/// Most pairs are decided by their lengths and by what is left between their common ends, long before any table is
/// filled.
#[must_use]
pub fn slips(left: &str, right: &str, most: usize) -> usize {
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    if left.len().abs_diff(right.len()) > most {
        return most + 1;
    }
    let front = left.iter().zip(right).take_while(|(one, other)| one == other).count();
    (left, right) = (&left[front..], &right[front..]);
    let back = left.iter().rev().zip(right.iter().rev()).take_while(|(one, other)| one == other).count();
    (left, right) = (&left[..left.len() - back], &right[..right.len() - back]);
    // What differs between the common ends begins and ends with a difference: one slip leaves one of these.
    let distance = match (left, right) {
        ([], []) => 0,
        ([] | [_], [_]) | ([_], []) => 1,
        ([one, two], [three, four]) if (one, two) == (four, three) => 1,
        _ if most <= 1 => 2,
        ([], rest) | (rest, []) => rest.len(),
        ([_] | [_, _], [_] | [_, _]) => 2,
        _ => osa::distance(left.iter().copied(), right.iter().copied()),
    };
    distance.min(most + 1)
}

/// Whether two texts may have a Jaro-Winkler similarity of at least `least`, told by the letters they share.
///
/// Never wrong when it says no, and many times quicker than the similarity.
#[must_use]
pub fn may_be_alike(left: &str, right: &str, least: f64) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let letters = |text: &[u8]| text.iter().fold(0u64, |letters, byte| letters | 1 << (byte & 63));
    let held = |text: &[u8], letters: u64| text.iter().filter(|byte| letters >> (**byte & 63) & 1 == 1).count();
    let matched = held(left, letters(right)).min(held(right, letters(left))) as f64;
    if matched == 0.0 {
        return left.is_empty() && right.is_empty();
    }
    let front = left.iter().zip(right).take(4).take_while(|(one, other)| one == other).count() as f64;
    let alike = (matched / left.len() as f64 + matched / right.len() as f64 + 1.0) / 3.0;
    alike + front * 0.1 * (1.0 - alike) >= least
}
