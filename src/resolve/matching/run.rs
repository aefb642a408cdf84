//! How do the steps of a match follow each other?

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::assign;
use super::block::{self, Atom};
use super::cluster::{self, Clustering};
use super::estimate::{self, Seen};
use super::model::Model;
use super::neighbours;
use super::options::{MatchOptions, Uniqueness};
use super::outcome::{Estimates, MatchOutcome, ScoredPair};
use super::plan;
use super::sample::{SAMPLE, Universe};
use super::score::{Cache, Scorer};
use super::table::MatchTable;
use super::threshold;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::{CancelToken, Progress};
use crate::resolve::waterfall::probability_of;

/// Up to this many pairs every pair is compared.
const EXHAUSTIVE: f64 = 600_000.0;
/// Words are looked up by an inverted index in tables up to this size; larger ones use keys only.
const INDEXED_ROWS: usize = 200_000;
/// Nearest texts proposed for each text.
const NEAREST: usize = 10;
/// Pairs whose patterns are counted to learn from, at most.
const LEARN_FROM: usize = 3_000_000;

/// Finds the rows that are the same.
///
/// The table's columns say by their concept how they are compared (see [`super::infer`] to guess them).
///
/// # Errors
/// `Internal` for a malformed table, `Data` when there is nothing to compare, `Cancelled`.
pub fn match_table(
    table: &MatchTable,
    options: &MatchOptions,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<MatchOutcome> {
    table.check()?;
    check_rows(table, options)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .build()
        .map_err(|cause| Error::new(ErrorKind::Internal, "cannot start threads to match with").because(cause))?;
    pool.install(|| Run { table, options, progress, cancel }.run())
}

fn check_rows(table: &MatchTable, options: &MatchOptions) -> Result<()> {
    let rows = table.rows() as u32;
    let named = options
        .must_link
        .iter()
        .chain(&options.cannot_link)
        .copied()
        .chain(options.evidence.iter().map(|one| (one.left, one.right)));
    for (left, right) in named {
        if left >= rows || right >= rows {
            return Err(Error::internal(format!("a decision or evidence names row {} of {rows}", left.max(right))));
        }
    }
    Ok(())
}

struct Run<'a> {
    table: &'a MatchTable,
    options: &'a MatchOptions,
    progress: &'a dyn Progress,
    cancel: &'a CancelToken,
}

/// The candidate pairs, sorted, with the pass that found each.
struct Candidates {
    pairs: Vec<u64>,
    found_by: Vec<u8>,
    passes: Vec<String>,
    exhaustive: bool,
}

impl Run<'_> {
    fn run(&self) -> Result<MatchOutcome> {
        let table = self.table;
        self.progress.step("match: normalise");
        let comparisons = plan::comparisons(table);
        self.cancel.check()?;
        let within = table.group_names.len() < 2 || self.options.within_groups;
        let universe = Universe::new(&table.ids, &table.groups, within);
        let scorer = Scorer::new(comparisons, table.rows(), &self.options.evidence);
        self.progress.step("match: block");
        let candidates = self.candidates(&scorer, &universe)?;
        self.cancel.check()?;
        self.progress.step("match: compare");
        let patterns = patterns(&scorer, &candidates.pairs);
        self.cancel.check()?;
        self.progress.step("match: learn");
        let seen = self.seen(&scorer, &candidates, &patterns, &universe);
        let mut model = estimate::learn(&scorer.comparisons, &seen, universe.pairs, table.rows() as f64);
        model.calibrate(&self.options.calibration);
        self.cancel.check()?;
        self.progress.step("match: decide");
        let pairs = self.score(&scorer, &model, &candidates, &patterns);
        drop(patterns);
        Ok(self.decide(scorer, model, &universe, pairs, candidates))
    }

    fn candidates(&self, scorer: &Scorer, universe: &Universe) -> Result<Candidates> {
        let rows = self.table.rows();
        let mut passes = Vec::new();
        let mut lists: Vec<Vec<u64>> = Vec::new();
        let exhaustive = universe.pairs <= EXHAUSTIVE;
        if exhaustive {
            passes.push("every pair".to_owned());
            lists.push(every_pair(universe));
        } else {
            let atoms: Vec<Atom> = block::atoms(&scorer.comparisons, rows);
            let budget = budget(rows, self.options.candidates_per_row).min(universe.pairs / 20.0);
            let most_passes = if rows <= INDEXED_ROWS { 20 } else { 9 };
            for pass in block::plan(&atoms, &scorer.comparisons, universe.pairs, budget, most_passes) {
                self.cancel.check()?;
                lists.push(unique(block::pairs(&pass, &atoms, &scorer.comparisons, universe)));
                passes.push(pass.name);
            }
            if rows <= INDEXED_ROWS {
                for comparison in scorer.comparisons.iter().filter(|comparison| comparison.measure.word_count() > 0) {
                    self.cancel.check()?;
                    lists.push(unique(neighbours::pairs(comparison, universe, NEAREST)));
                    passes.push(format!("{} (nearest)", comparison.name));
                }
            }
        }
        let given: Vec<u64> = scorer
            .evidence_pairs()
            .into_iter()
            .chain(self.options.must_link.iter().map(|(left, right)| (*left.min(right), *left.max(right))))
            .filter(|(left, right)| left != right)
            .map(|(left, right)| u64::from(left) << 32 | u64::from(right))
            .collect();
        lists.push(unique(given));
        passes.push("given".to_owned());
        Ok(merge(lists, passes, exhaustive))
    }

    /// Counts patterns: of the candidates, of the random sample, of the decisions.
    fn seen(&self, scorer: &Scorer, candidates: &Candidates, patterns: &[u64], universe: &Universe) -> Vec<Seen> {
        let mut counted: FxHashMap<u64, Seen> = FxHashMap::default();
        let blank = |pattern: u64| Seen { pattern, candidates: 0.0, others: 0.0, sampled: 0.0, labelled: (0.0, 0.0) };
        let step = patterns.len().div_ceil(LEARN_FROM).max(1);
        for pattern in patterns.iter().step_by(step) {
            counted.entry(*pattern).or_insert_with(|| blank(*pattern)).candidates += step as f64;
        }
        if !candidates.exhaustive {
            let drawn: Vec<(u32, u32)> = universe
                .sample(if self.table.rows() > INDEXED_ROWS { SAMPLE / 2 } else { SAMPLE })
                .into_iter()
                .filter(|(left, right)| {
                    candidates.pairs.binary_search(&(u64::from(*left) << 32 | u64::from(*right))).is_err()
                })
                .collect();
            let keys: Vec<u64> = drawn.iter().map(|(left, right)| u64::from(*left) << 32 | u64::from(*right)).collect();
            let each = (universe.pairs - candidates.pairs.len() as f64).max(0.0) / keys.len().max(1) as f64;
            for pattern in self::patterns(scorer, &keys) {
                let seen = counted.entry(pattern).or_insert_with(|| blank(pattern));
                seen.others += each;
                seen.sampled += 1.0;
            }
        }
        let mut cache = Cache::new();
        for (list, same) in [(&self.options.must_link, true), (&self.options.cannot_link, false)] {
            for (left, right) in list {
                let pattern = scorer.pattern(*left.min(right), *left.max(right), &mut cache);
                let seen = counted.entry(pattern).or_insert_with(|| blank(pattern));
                if same { seen.labelled.0 += 1.0 } else { seen.labelled.1 += 1.0 }
            }
        }
        let mut seen: Vec<Seen> = counted.into_values().collect();
        seen.sort_unstable_by_key(|one| one.pattern);
        seen
    }

    fn score(&self, scorer: &Scorer, model: &Model, candidates: &Candidates, patterns: &[u64]) -> Vec<ScoredPair> {
        let floor = self.options.floor.clamp(1e-9, 0.5);
        let lowest = (floor / (1.0 - floor)).log2();
        (0..candidates.pairs.len())
            .into_par_iter()
            .with_min_len(8192)
            .filter_map(|at| {
                let (left, right) = ((candidates.pairs[at] >> 32) as u32, candidates.pairs[at] as u32);
                let weight = scorer.weight(model, left, right, patterns[at]);
                (weight >= lowest).then(|| ScoredPair {
                    left,
                    right,
                    weight,
                    probability: probability_of(weight),
                    pass: candidates.found_by[at],
                })
            })
            .collect()
    }

    fn decide(
        &self,
        scorer: Scorer,
        model: Model,
        universe: &Universe,
        pairs: Vec<ScoredPair>,
        candidates: Candidates,
    ) -> MatchOutcome {
        let rows = self.table.rows();
        let mut cannot: FxHashSet<(u32, u32)> = FxHashSet::default();
        cannot.extend(self.options.cannot_link.iter().map(|(left, right)| (*left.min(right), *left.max(right))));
        let threshold = self.options.threshold.unwrap_or(0.5).clamp(1e-6, 1.0 - 1e-9);
        let cut = (threshold / (1.0 - threshold)).log2();
        let clustering = Clustering {
            scorer: &scorer,
            model: &model,
            universe,
            cut,
            must: &self.options.must_link,
            cannot: &cannot,
        };
        let one_to_one = self.is_one_to_one(universe, &pairs, cut);
        let (clusters, matches) = if one_to_one {
            let allowed: Vec<ScoredPair> =
                pairs.iter().filter(|pair| !cannot.contains(&(pair.left, pair.right))).copied().collect();
            let matches = assign::one_to_one(&allowed, universe, cut);
            let mut sets = cluster::Sets::new(rows);
            for pair in &matches {
                sets.join(pair.left, pair.right);
            }
            for (left, right) in &self.options.must_link {
                sets.join(*left, *right);
            }
            ((0..rows as u32).map(|row| sets.find(row)).collect(), matches)
        } else {
            let clusters = cluster::clusters(&pairs, rows, &clustering);
            let matches = matches_of(&clusters, &pairs, &scorer, &model, universe);
            (clusters, matches)
        };
        let estimates: Estimates = threshold::estimates(&matches, &pairs);
        let warnings = threshold::doubts(&model, rows, matches.len());
        MatchOutcome {
            pairs,
            clusters,
            matches,
            model,
            threshold,
            estimates,
            one_to_one,
            passes: candidates.passes,
            candidates: candidates.pairs.len() as u64,
            warnings,
            scorer,
        }
    }

    /// Whether both sides are free of duplicates, so that each row has at most one partner.
    fn is_one_to_one(&self, universe: &Universe, pairs: &[ScoredPair], cut: f64) -> bool {
        match self.options.uniqueness {
            Uniqueness::OneToOne => true,
            Uniqueness::ManyToMany => false,
            Uniqueness::Infer => {
                if universe.within {
                    return false;
                }
                // Where rows have duplicates, strong pairs come in several for one row; where they have none, hardly ever.
                let mut partners = vec![0u32; universe.order.len()];
                let strong = pairs.iter().filter(|pair| pair.weight >= cut + 5.0);
                let mut count = 0u32;
                for pair in strong {
                    count += 1;
                    partners[pair.left as usize] += 1;
                    partners[pair.right as usize] += 1;
                }
                let several = partners.iter().filter(|partners| **partners > 1).count();
                let some = partners.iter().filter(|partners| **partners > 0).count();
                count > 0 && several * 3 < some
            }
        }
    }
}

/// How many candidate pairs a table of so many rows affords: small tables many for each row, large ones few.
fn budget(rows: usize, least: usize) -> f64 {
    (rows as f64) * (40.0 * 50_000.0 / rows.max(1) as f64).clamp(least as f64, 40.0)
}

fn every_pair(universe: &Universe) -> Vec<u64> {
    let rows = universe.order.len() as u32;
    (0..rows)
        .into_par_iter()
        .flat_map_iter(|left| {
            (left + 1..rows)
                .filter(move |right| universe.admits(left, *right))
                .map(move |right| u64::from(left) << 32 | u64::from(right))
        })
        .collect()
}

fn unique(mut pairs: Vec<u64>) -> Vec<u64> {
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

/// Merges sorted lists; the first pass that found a pair keeps it.
fn merge(lists: Vec<Vec<u64>>, passes: Vec<String>, exhaustive: bool) -> Candidates {
    let mut all: Vec<(u64, u8)> = Vec::with_capacity(lists.iter().map(Vec::len).sum());
    for (pass, list) in lists.into_iter().enumerate() {
        all.extend(list.into_iter().map(|pair| (pair, pass as u8)));
    }
    all.par_sort_unstable();
    all.dedup_by_key(|(pair, _)| *pair);
    let (pairs, found_by) = all.into_iter().unzip();
    Candidates { pairs, found_by, passes, exhaustive }
}

fn patterns(scorer: &Scorer, pairs: &[u64]) -> Vec<u64> {
    pairs
        .par_chunks(8192)
        .map_init(Cache::new, |cache, chunk| {
            chunk.iter().map(|pair| scorer.pattern((*pair >> 32) as u32, *pair as u32, cache)).collect::<Vec<u64>>()
        })
        .flatten_iter()
        .collect()
}

/// All admitted pairs inside clusters, with their weights.
fn matches_of(
    clusters: &[u32],
    pairs: &[ScoredPair],
    scorer: &Scorer,
    model: &Model,
    universe: &Universe,
) -> Vec<ScoredPair> {
    let mut members: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (row, label) in clusters.iter().enumerate() {
        if *label as usize != row {
            members.entry(*label).or_insert_with(|| vec![*label]).push(row as u32);
        }
    }
    let mut groups: Vec<Vec<u32>> = members.into_values().collect();
    groups.sort_unstable();
    let mut matches: Vec<ScoredPair> = groups
        .par_iter()
        .map_init(Cache::new, |cache, group| {
            let mut found = Vec::new();
            for (at, left) in group.iter().enumerate() {
                for right in group[at + 1..].iter().filter(|right| universe.admits(*left, **right)) {
                    let known = pairs.binary_search_by(|pair| (pair.left, pair.right).cmp(&(*left, *right)));
                    found.push(known.map_or_else(
                        |_| {
                            let pattern = scorer.pattern(*left, *right, cache);
                            let weight = scorer.weight(model, *left, *right, pattern);
                            ScoredPair {
                                left: *left,
                                right: *right,
                                weight,
                                probability: probability_of(weight),
                                pass: u8::MAX,
                            }
                        },
                        |at| pairs[at],
                    ));
                }
            }
            found
        })
        .flatten_iter()
        .collect();
    matches.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
    matches
}
