//! Which agreements come together for other reasons than a match?
//!
//! A town and its postal code, a household that moved: in each class of pairs the fields
//! that say the same are joined in a tree, the pairs of fields with most mutual information first (Chow and Liu, 1968).

use super::compare::Comparison;
use super::concept::MatchConcept;
use super::estimate::{Parents, Seen};
use super::model::level_of;

/// Whether a field is a part of an address or a place on the map.
pub(crate) fn is_place(concept: MatchConcept) -> bool {
    matches!(
        concept,
        MatchConcept::Street
            | MatchConcept::HouseNumber
            | MatchConcept::City
            | MatchConcept::PostalCode
            | MatchConcept::Region
            | MatchConcept::Country
            | MatchConcept::Latitude
    )
}

/// How much of a chance agreement on one field is an agreement on the other, before any pair is seen: one street is in one
/// town, so the parts of an address agree together.
pub(crate) fn implied(parent: MatchConcept, child: MatchConcept) -> f64 {
    if is_place(parent) && is_place(child) { 0.5 } else { 0.0 }
}

/// The tree of comparisons that say the same thing in one class: the edges with most mutual information, no rings.
pub(crate) fn tree(
    comparisons: &[Comparison],
    seen: &[Seen],
    share: &dyn Fn(usize) -> f64,
    rows: f64,
    matches: bool,
) -> Parents {
    let count = comparisons.len();
    let mut edges: Vec<(f64, usize, usize)> = Vec::new();
    for one in 0..count {
        for other in one + 1..count {
            let size = (comparisons[one].levels.len(), comparisons[other].levels.len());
            let (information, pairs) = mutual_information(seen, share, (one, other), size);
            // Chance alone gives about one bit for each cell of the table, and 20 bits a thousand rows change no answer.
            let cells = (size.0 * size.1) as f64;
            let enough = if matches {
                information * pairs > 1.5 * cells && information > 0.03
            } else {
                information * pairs > rows * 0.02 + cells
            };
            let known = if matches { 0.0 } else { 2.0 * implied(comparisons[one].concept, comparisons[other].concept) };
            if enough || known > 0.0 {
                edges.push((information + known, one, other));
            }
        }
    }
    edges.sort_by(|left, right| right.0.total_cmp(&left.0).then((left.1, left.2).cmp(&(right.1, right.2))));
    let mut group: Vec<usize> = (0..count).collect();
    let mut neighbours = vec![Vec::new(); count];
    for (_, one, other) in edges {
        let (from, to) = (group[one], group[other]);
        if from != to {
            group.iter_mut().filter(|member| **member == from).for_each(|member| *member = to);
            neighbours[one].push(other);
            neighbours[other].push(one);
        }
    }
    let mut parents = vec![None; count];
    let mut reached = vec![false; count];
    // The finest field of each tree leads: a street implies its town, hardly the other way round.
    let mut roots: Vec<usize> = (0..count).collect();
    roots.sort_by(|one, other| {
        coincidence(&comparisons[*one]).total_cmp(&coincidence(&comparisons[*other])).then(one.cmp(other))
    });
    for root in roots {
        let mut open = vec![root];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut reached[at], true) {
                continue;
            }
            for next in neighbours[at].iter().copied().filter(|next| !reached[*next]) {
                parents[next] = Some(at);
                open.push(next);
            }
        }
    }
    parents
}

/// The mutual information in bits of two comparisons' levels over the pairs of one class with both filled, and how many
/// such pairs there are. Only cells that enough pairs truly seen support count.
fn mutual_information(
    seen: &[Seen],
    share: &dyn Fn(usize) -> f64,
    fields: (usize, usize),
    size: (usize, usize),
) -> (f64, f64) {
    let mut joint = vec![vec![(0.0, 0.0); size.1]; size.0];
    let (mut row_sums, mut column_sums, mut total) = (vec![0.0; size.0], vec![0.0; size.1], 0.0);
    for (at, pattern) in seen.iter().enumerate() {
        let (row, column) = (level_of(pattern.pattern, fields.0), level_of(pattern.pattern, fields.1));
        if row == 0 || column == 0 {
            continue;
        }
        let part = share(at);
        let pairs = (pattern.candidates + pattern.others) * part;
        joint[row][column].0 += pairs;
        joint[row][column].1 += (pattern.candidates + pattern.sampled) * part;
        row_sums[row] += pairs;
        column_sums[column] += pairs;
        total += pairs;
    }
    let mut information = 0.0;
    for (row, cells) in joint.iter().enumerate() {
        for (column, (pairs, support)) in cells.iter().enumerate() {
            if *support >= 5.0 {
                information += pairs / total * (pairs * total / (row_sums[row] * column_sums[column])).log2();
            }
        }
    }
    (information.max(0.0), total)
}

/// The chance that two filled rows hold the same value.
pub(crate) fn coincidence(comparison: &Comparison) -> f64 {
    let filled = f64::from(comparison.filled.max(1));
    let pairs: f64 = comparison.counts.iter().skip(1).map(|count| (f64::from(*count) / filled).powi(2)).sum();
    pairs.max(1.0 / (filled * filled))
}
