//! Which blocking passes run?
//!
//! Passes are planned from the table's own profile: fields are drawn as matching pairs are expected to agree on them, and
//! passes are taken as they find most pairs not yet found for the fewest comparisons.

use super::compare::Comparison;
use super::dependence::is_place;
use super::intern::mix;
use super::keys::Atom;
use super::overlap::Overlap;

/// Virtual matches drawn to plan the passes.
const DRAWS: usize = 4096;
/// Agreement is planned for as if rows erred more than usual, so that no field is leant on alone.
const CAUTION: f64 = 0.75;

/// One pass: the atoms that have to be shared together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pass {
    pub(crate) atoms: Vec<usize>,
    pub(crate) name: String,
}

/// Chooses passes: the fewest comparisons for the most virtual matches.
pub(crate) fn plan(
    atoms: &[Atom],
    comparisons: &[Comparison],
    overlaps: &[Overlap],
    pairs: f64,
    budget: f64,
    most_passes: usize,
) -> Vec<Pass> {
    let draws = draw_agreements(atoms, comparisons);
    let mut options: Vec<(Vec<usize>, f64)> = Vec::new();
    let cost = |members: &[usize]| match measured(members, atoms, comparisons, overlaps, pairs) {
        Some(cost) => cost,
        None => reckoned(members, atoms, comparisons) * pairs,
    };
    let fits = |members: &[usize]| {
        (1..members.len())
            .all(|at| !members[..at].iter().any(|one| atoms[*one].comparison == atoms[members[at]].comparison))
    };
    let most = budget / 2.5;
    for one in 0..atoms.len() {
        consider(vec![one], &cost, most, &mut options);
        for other in one + 1..atoms.len() {
            if fits(&[one, other]) {
                consider(vec![one, other], &cost, most, &mut options);
                for third in other + 1..atoms.len() {
                    if fits(&[one, other, third]) {
                        consider(vec![one, other, third], &cost, most, &mut options);
                    }
                }
            }
        }
    }
    let mut open = draws;
    let mut spent = 0.0;
    let mut passes: Vec<Pass> = Vec::new();
    let total = DRAWS as f64;
    while passes.len() < most_passes && !open.is_empty() {
        let best = options
            .iter()
            .filter(|(_, cost)| spent + cost <= budget)
            .map(|(members, cost)| {
                let mask = mask_of(members);
                let gain: u32 = open.iter().filter(|(drawn, _)| drawn & mask == mask).map(|(_, count)| count).sum();
                let gain = f64::from(gain);
                (gain / total / (cost / budget + 0.05), gain, members, *cost)
            })
            .max_by(|left, right| left.0.total_cmp(&right.0).then_with(|| right.2.cmp(left.2)));
        let Some((_, gain, members, cost)) = best else { break };
        if gain < total * 0.0008 {
            break;
        }
        let mask = mask_of(members);
        open.retain(|(drawn, _)| drawn & mask != mask);
        spent += cost;
        let names: Vec<&str> = members.iter().map(|at| atoms[*at].name.as_str()).collect();
        passes.push(Pass { atoms: members.clone(), name: names.join(" + ") });
    }
    passes
}

/// How likely two rows share all these atoms by chance, from each alone.
fn reckoned(members: &[usize], atoms: &[Atom], comparisons: &[Comparison]) -> f64 {
    // The parts of an address are shared together: only the finest of them narrows a pass.
    let (mut all, mut place) = (1.0, 1.0f64);
    for at in members {
        let chance = atoms[*at].chance * filled_share(atoms, comparisons, *at);
        if is_place(comparisons[atoms[*at].comparison].concept) {
            place = place.min(chance);
        } else {
            all *= chance;
        }
    }
    all * place
}

/// How many pairs share all these atoms without being matches, from a look at pairs that share the finest of them.
fn measured(
    members: &[usize],
    atoms: &[Atom],
    comparisons: &[Comparison],
    overlaps: &[Overlap],
    pairs: f64,
) -> Option<f64> {
    let by_chance = |at: usize| Some((overlaps[at].by_chance? * atoms[at].pairs).max(atoms[at].pairs * 0.02));
    let (finest, pairs_of_finest) = members
        .iter()
        .filter_map(|at| Some((*at, by_chance(*at)?)))
        .min_by(|left, right| left.1.total_cmp(&right.1).then(left.0.cmp(&right.0)))?;
    if members.len() == 1 {
        return Some(pairs_of_finest);
    }
    let alone = reckoned(&[finest], atoms, comparisons).max(1.0 / pairs.max(1.0));
    let expected = (reckoned(members, atoms, comparisons) / alone).clamp(0.0, 1.0);
    Some(pairs_of_finest * overlaps[finest].share_of(mask_of(members), expected))
}

fn mask_of(members: &[usize]) -> u64 {
    members.iter().fold(0, |mask, at| mask | 1 << at)
}

fn consider(members: Vec<usize>, cost: &impl Fn(&[usize]) -> f64, most: f64, options: &mut Vec<(Vec<usize>, f64)>) {
    let expected = cost(&members);
    if expected <= most {
        options.push((members, expected));
    }
}

fn filled_share(atoms: &[Atom], comparisons: &[Comparison], at: usize) -> f64 {
    let comparison = &comparisons[atoms[at].comparison];
    (f64::from(comparison.filled) / comparison.values.len().max(1) as f64).powi(2)
}

/// Virtual matches: sets of atoms shared, as bits, and how many matches share just these.
fn draw_agreements(atoms: &[Atom], comparisons: &[Comparison]) -> Vec<(u64, u32)> {
    let mut drawn: Vec<u64> = (0..DRAWS as u64)
        .map(|draw| {
            atoms.iter().enumerate().take(64).fold(0u64, |mask, (at, atom)| {
                // All atoms of one field share one draw, so that the coarse key agrees wherever the exact one does.
                let uniform = |salt: u64| {
                    (mix(mix(draw) ^ mix(salt * 1000 + atom.comparison as u64)) >> 11) as f64 / (1u64 << 53) as f64
                };
                let comparison = &comparisons[atom.comparison];
                let filled = f64::from(comparison.filled) / comparison.values.len().max(1) as f64;
                let agrees =
                    uniform(1) < filled && uniform(2) < CAUTION * atom.reach.min(atom.recall / filled.max(1e-9));
                if agrees { mask | 1 << at } else { mask }
            })
        })
        .collect();
    drawn.sort_unstable();
    drawn.chunk_by(|left, right| left == right).map(|run| (run[0], run.len() as u32)).collect()
}
