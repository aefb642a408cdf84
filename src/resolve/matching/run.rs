//! How do the steps of a match follow each other?

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::assign;
use super::block::{self, Blocks};
use super::calibrate;
use super::candidates::{Candidates, Couple};
use super::cluster::{self, Clustering};
use super::concept::MatchConcept;
use super::counterparts;
use super::estimate::{self, Seen};
use super::keys;
use super::known::PairIndex;
use super::model::Model;
use super::neighbours;
use super::options::{MatchOptions, Uniqueness};
use super::outcome::{Estimates, MatchOutcome, ScoredPair};
use super::overlap;
use super::passes;
use super::plan;
use super::rules::BoundRules;
use super::sample::{SAMPLE, Universe};
use super::score::{Cache, Scorer};
use super::table::MatchTable;
use super::threshold;
use super::weigh::Weigher;
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
const LEARN_FROM: f64 = 3_000_000.0;
/// As many of a table too large to look all its words up: more change no answer.
const LEARN_FROM_LARGE: f64 = 300_000.0;

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

impl Run<'_> {
    fn run(&self) -> Result<MatchOutcome> {
        let table = self.table;
        self.progress.step("match: normalise");
        let comparisons = plan::comparisons(table);
        self.cancel.check()?;
        let within = table.group_names.len() < 2 || self.options.within_groups;
        let universe = Universe::new(&table.ids, &table.groups, within);
        let mut warnings = Vec::new();
        let rules = BoundRules::bind(&self.options.rules, table, &comparisons, &mut warnings)?;
        let mut scorer = Scorer::new(comparisons, table.rows(), &self.options.evidence);
        scorer.rules = rules;
        self.progress.step("match: block");
        let candidates = self.candidates(&scorer, &universe)?;
        self.cancel.check()?;
        self.progress.step("match: learn");
        let seen = self.seen(&scorer, &candidates, &universe);
        self.cancel.check()?;
        let mut model = estimate::learn(&scorer.comparisons, &seen, universe.pairs, table.rows() as f64);
        if counterparts::find(&mut scorer, &model, &candidates, &universe, self.cancel) {
            let seen = self.seen(&scorer, &candidates, &universe);
            model = estimate::learn(&scorer.comparisons, &seen, universe.pairs, table.rows() as f64);
        }
        model.calibrate(&self.options.calibration);
        self.adjust(&scorer, &mut model);
        self.cancel.check()?;
        self.progress.step("match: compare");
        let (pairs, compared) = self.score(&scorer, &model, &candidates, &universe);
        self.cancel.check()?;
        self.progress.step("match: decide");
        let passes = candidates.passes.clone();
        drop(candidates);
        Ok(self.decide(scorer, model, &universe, pairs, (passes, compared), warnings))
    }

    /// Fits the model to what a person said: limits of rules, decided pairs, the pairs that alone are asked for.
    fn adjust(&self, scorer: &Scorer, model: &mut Model) {
        model.limit(&scorer.rules.limits);
        let weigh = |model: &Model, pairs: &[(u32, u32)]| -> Vec<f64> {
            let weigher = Weigher::new(scorer, model);
            let mut cache = Cache::new();
            pairs.iter().map(|(left, right)| weigher.learned_weight(*left, *right, &mut cache)).collect()
        };
        if self.options.calibrate {
            let labels = [(&self.options.must_link, true), (&self.options.cannot_link, false)];
            let decided: Vec<(f64, bool)> = labels
                .into_iter()
                .flat_map(|(list, same)| weigh(model, list).into_iter().map(move |weight| (weight, same)))
                .collect();
            calibrate::by_decisions(model, &decided);
        }
        if let Some(only) = &self.options.only {
            calibrate::among_lookalikes(model, &scorer.comparisons);
            let weights = weigh(model, only);
            calibrate::prior_among(model, &weights);
        }
    }

    fn candidates(&self, scorer: &Scorer, universe: &Universe) -> Result<Candidates> {
        let rows = self.table.rows();
        let mut lists: Vec<(String, Vec<u64>)> = Vec::new();
        let (mut passes, mut atoms, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
        let exhaustive = universe.pairs <= EXHAUSTIVE;
        if exhaustive {
            lists.push(("every pair".to_owned(), every_pair(universe)));
        } else {
            atoms = keys::atoms(&scorer.comparisons, rows);
            let budget = budget(rows, self.options.candidates_per_row).min(universe.pairs / 20.0);
            let most_passes = if rows <= INDEXED_ROWS { 20 } else { 10 };
            let overlaps = overlap::overlaps(&atoms, &scorer.comparisons, universe);
            passes = passes::plan(&atoms, &scorer.comparisons, &overlaps, universe.pairs, budget, most_passes);
            blocks = passes
                .par_iter()
                .map(|pass| {
                    self.cancel.check()?;
                    Ok(block::blocks(pass, &atoms, &scorer.comparisons, universe))
                })
                .collect::<Result<Vec<Blocks>>>()?;
            if rows <= INDEXED_ROWS {
                for comparison in scorer.comparisons.iter().filter(|comparison| comparison.measure.word_count() > 0) {
                    self.cancel.check()?;
                    lists.push((
                        format!("{} (nearest)", comparison.name),
                        neighbours::pairs(comparison, universe, NEAREST),
                    ));
                    if matches!(comparison.concept, MatchConcept::CompanyName | MatchConcept::PersonName) {
                        lists.push((
                            format!("{} (spelt alike)", comparison.name),
                            neighbours::spelt_alike(comparison, universe, NEAREST),
                        ));
                    }
                }
            }
        }
        let given: Vec<u64> = scorer
            .evidence_pairs()
            .into_iter()
            .chain(self.options.must_link.iter().copied())
            .chain(self.options.only.iter().flatten().copied())
            .filter(|(left, right)| left != right)
            .map(|(left, right)| block::pair_of(left, right))
            .chain(scorer.rules.pairs(&scorer.comparisons, universe))
            .collect();
        lists.push(("given".to_owned(), given));
        Ok(Candidates::new(passes, atoms, blocks, lists, scorer, exhaustive))
    }

    /// Counts patterns: of the candidates, of the random sample, of the decisions.
    fn seen(&self, scorer: &Scorer, candidates: &Candidates, universe: &Universe) -> Vec<Seen> {
        let mut counted: FxHashMap<u64, Seen> = FxHashMap::default();
        let blank = |pattern: u64| Seen { pattern, candidates: 0.0, others: 0.0, sampled: 0.0, labelled: (0.0, 0.0) };
        let large = self.table.rows() > INDEXED_ROWS;
        let enough = if large { LEARN_FROM_LARGE } else { LEARN_FROM };
        let share = (enough / candidates.at_most().max(1) as f64).min(1.0);
        let sampled = universe.sampled(share);
        let visited = candidates.visit(scorer, universe, sampled.as_ref(), self.cancel, |couples, cache, found| {
            scorer.patterns(couples, cache, found);
        });
        for pattern in visited.found.iter().flatten() {
            counted.entry(*pattern).or_insert_with(|| blank(*pattern)).candidates += 1.0 / share;
        }
        if !candidates.exhaustive {
            let drawn: Vec<(u32, u32)> = universe.sample(if large { SAMPLE / 6 } else { SAMPLE });
            let patterns: Vec<u64> = drawn
                .par_chunks(2048)
                .map_init(Cache::new, |cache, chunk| {
                    let couples: Vec<Couple<'_>> = chunk
                        .iter()
                        .map(|(left, right)| scorer.couple(*left, *right))
                        .filter(|couple| !candidates.hold(couple, scorer))
                        .collect();
                    let mut patterns = Vec::with_capacity(couples.len());
                    couples.chunks(128).for_each(|couples| scorer.patterns(couples, cache, &mut patterns));
                    patterns
                })
                .flatten_iter()
                .collect();
            let each = (universe.pairs - visited.pairs as f64 / share).max(0.0) / patterns.len().max(1) as f64;
            for pattern in patterns {
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

    /// The candidate pairs from the floor up, and how many were compared.
    fn score(&self, scorer: &Scorer, model: &Model, candidates: &Candidates, universe: &Universe) -> (PairIndex, u64) {
        let floor = self.options.floor.clamp(0.0, 0.5);
        let lowest = (floor / (1.0 - floor)).log2();
        let weigher = Weigher::new(scorer, model);
        let visited = candidates.visit(scorer, universe, None, self.cancel, |couples, cache, found| {
            weigher.weigh(lowest, couples, cache, |couple, weight| {
                found.push(ScoredPair {
                    left: couple.left.min(couple.right),
                    right: couple.left.max(couple.right),
                    weight,
                    probability: probability_of(weight),
                    pass: couple.pass,
                });
            });
        });
        (PairIndex::new(visited.found, self.table.rows()), visited.pairs)
    }

    fn decide(
        &self,
        scorer: Scorer,
        model: Model,
        universe: &Universe,
        pairs: PairIndex,
        (passes, compared): (Vec<String>, u64),
        mut warnings: Vec<String>,
    ) -> MatchOutcome {
        let rows = self.table.rows();
        let mut cannot: FxHashSet<(u32, u32)> = FxHashSet::default();
        cannot.extend(self.options.cannot_link.iter().map(|(left, right)| (*left.min(right), *left.max(right))));
        let threshold = self.options.threshold.unwrap_or(0.5).clamp(1e-6, 1.0 - 1e-9);
        let cut = (threshold / (1.0 - threshold)).log2();
        let ruled = pairs.all().iter().filter(|pair| {
            BoundRules::decides(pair.weight) == Some(true) && !cannot.contains(&(pair.left, pair.right))
        });
        let must: Vec<(u32, u32)> =
            self.options.must_link.iter().copied().chain(ruled.map(|pair| (pair.left, pair.right))).collect();
        let weigher = Weigher::new(&scorer, &model);
        let clustering = Clustering { weigher: &weigher, known: &pairs, universe, cut, must: &must, cannot: &cannot };
        let one_to_one = scorer.rules.one_to_one() || self.is_one_to_one(universe, pairs.all(), cut);
        let (clusters, matches) = if let Some(only) = &self.options.only {
            let mut cache = Cache::new();
            let scored = only.iter().map(|(left, right)| weighed(*left, *right, &weigher, &mut cache)).collect();
            ((0..rows as u32).collect(), scored)
        } else if one_to_one {
            // Decided pairs come first, and their rows have no other partner.
            let decided: FxHashSet<u32> = must.iter().flat_map(|(left, right)| [*left, *right]).collect();
            let open = |pair: &&ScoredPair| {
                !decided.contains(&pair.left)
                    && !decided.contains(&pair.right)
                    && !cannot.contains(&(pair.left, pair.right))
            };
            let allowed: Vec<ScoredPair> = pairs.all().iter().filter(open).copied().collect();
            let mut matches = assign::one_to_one(&allowed, universe, cut);
            let mut cache = Cache::new();
            matches.extend(must.iter().filter(|(left, right)| universe.admits(*left, *right)).map(|(left, right)| {
                let (left, right) = (*left.min(right), *left.max(right));
                pairs.find(left, right).unwrap_or_else(|| weighed(left, right, &weigher, &mut cache))
            }));
            matches.sort_unstable_by_key(|pair| (pair.left, pair.right));
            matches.dedup_by_key(|pair| (pair.left, pair.right));
            let mut sets = cluster::Sets::new(rows);
            for pair in &matches {
                sets.join(pair.left, pair.right);
            }
            for (left, right) in &must {
                sets.join(*left, *right);
            }
            ((0..rows as u32).map(|row| sets.find(row)).collect(), matches)
        } else {
            let clusters = cluster::clusters(pairs.all(), rows, &clustering);
            let matches = matches_of(&clusters, &pairs, &weigher, universe);
            (clusters, matches)
        };
        let estimates: Estimates = if self.options.only.is_some() {
            threshold::given_estimates(&matches, threshold)
        } else if one_to_one {
            threshold::exclusive_estimates(&matches, pairs.all(), rows)
        } else {
            threshold::estimates(&matches, pairs.all())
        };
        warnings.extend(threshold::doubts(&model, rows, matches.len()));
        MatchOutcome {
            pairs: pairs.into_pairs(),
            clusters,
            matches,
            model,
            threshold,
            estimates,
            one_to_one,
            passes,
            candidates: compared,
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
                let mut partners = vec![0u32; universe.rows()];
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
fn budget(rows: usize, per_row: Option<f64>) -> f64 {
    rows as f64 * per_row.unwrap_or_else(|| (40.0 * 50_000.0 / rows.max(1) as f64).clamp(1.0, 40.0))
}

fn every_pair(universe: &Universe) -> Vec<u64> {
    let rows = universe.rows() as u32;
    (0..rows)
        .into_par_iter()
        .flat_map_iter(|left| {
            (left + 1..rows)
                .filter(move |right| universe.admits(left, *right))
                .map(move |right| block::pair_of(left, right))
        })
        .collect()
}

/// All admitted pairs inside clusters, with their weights, sorted.
fn matches_of(clusters: &[u32], pairs: &PairIndex, weigher: &Weigher<'_>, universe: &Universe) -> Vec<ScoredPair> {
    // Rows of one cluster in a ring: from each row to the next larger one, 0 behind the last.
    let mut next = vec![0u32; clusters.len()];
    let mut last: Vec<u32> = (0..clusters.len() as u32).collect();
    for (row, label) in clusters.iter().enumerate().filter(|(row, label)| **label as usize != *row) {
        next[last[*label as usize] as usize] = row as u32;
        last[*label as usize] = row as u32;
    }
    drop(last);
    (0..clusters.len())
        .into_par_iter()
        .with_min_len(4096)
        .fold(
            || (Vec::new(), None),
            |(mut found, mut cache): (Vec<ScoredPair>, Option<Cache>), row| {
                let left = row as u32;
                let mut right = next[row];
                while right != 0 {
                    if universe.admits(left, right) {
                        let known = pairs.find(left, right);
                        found
                            .push(known.unwrap_or_else(|| {
                                weighed(left, right, weigher, cache.get_or_insert_with(Cache::new))
                            }));
                    }
                    right = next[right as usize];
                }
                (found, cache)
            },
        )
        .map(|(found, _)| found)
        .reduce(Vec::new, |mut left, mut right| {
            left.append(&mut right);
            left
        })
}

/// A pair that no pass proposed, weighed.
fn weighed(left: u32, right: u32, weigher: &Weigher<'_>, cache: &mut Cache) -> ScoredPair {
    let weight = weigher.weight(left, right, cache);
    ScoredPair { left, right, weight, probability: probability_of(weight), pass: u8::MAX }
}
