//! How many slips of the pen are two short texts apart, if they are few?

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
        ([], [_]) | ([_], [] | [_]) => 1,
        ([one, two], [three, four]) if (one, two) == (four, three) => 1,
        _ if most <= 1 => 2,
        ([], rest) | (rest, []) => rest.len(),
        ([_] | [_, _], [_] | [_, _]) => 2,
        _ => osa::distance(left.iter().copied(), right.iter().copied()),
    };
    distance.min(most + 1)
}
