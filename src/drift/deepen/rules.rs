//! Which rule would have decided what people decided, again and again?

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, MinedRule, Proposal};

/// Fields that a rule may compare.
const FIELDS: [&str; 11] =
    ["name", "domain", "email", "phone", "street", "postal_code", "city", "country", "id", "title", "industry"];
/// Decisions that a rule must agree with.
const FEWEST: usize = 5;
/// The least share of decisions that it may agree with, as the lower end of a 90 % interval.
const SURE: f64 = 0.7;
/// Of as many pairs as a rule would decide, the share that it may overturn besides.
const OVERTURNED: f64 = 0.1;
/// Examples that are kept as its test.
const EXAMPLES: usize = 4;

/// On which fields two records agree and on which they do not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PairSigns {
    /// Fields that are the same.
    pub same: BTreeSet<String>,
    /// Fields that both have and that are different.
    pub differ: BTreeSet<String>,
}

impl PairSigns {
    /// The signs of a waterfall: comparisons with the words of their levels.
    #[must_use]
    pub fn of<'a>(bars: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut signs = Self::default();
        for (comparison, level) in bars {
            let field = comparison.replace(' ', "_");
            if !FIELDS.contains(&field.as_str()) {
                continue;
            }
            if level == "same" {
                signs.same.insert(field);
            } else if level == "different" {
                signs.differ.insert(field);
            }
        }
        signs
    }

    /// Whether a rule speaks of such a pair.
    #[must_use]
    pub fn fit(&self, rule: &MinedRule) -> bool {
        rule.same.iter().all(|field| self.same.contains(field))
            && rule.differ.iter().all(|field| self.differ.contains(field))
    }
}

/// A pair that a person decided.
#[derive(Debug, Clone)]
pub struct DecidedPair {
    /// `account` or `person`.
    pub kind: String,
    /// Both records as `source.table:key`.
    pub records: (String, String),
    /// Whether they are one entity.
    pub same: bool,
    /// What was compared.
    pub signs: PairSigns,
}

/// Where a pair stands that nobody decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It waits for a person.
    Waits,
    /// It is one entity without anybody being asked.
    Same,
    /// It is two.
    Different,
}

/// A pair that nobody decided.
#[derive(Debug, Clone)]
pub struct OpenPair {
    /// `account` or `person`.
    pub kind: String,
    /// What was compared.
    pub signs: PairSigns,
    /// Where it stands.
    pub stands: Stands,
    /// For how many pairs like it this one stands, where not all of them were read.
    pub weight: f64,
}

/// What a rule would do to pairs that nobody decided.
#[derive(Debug, Clone, Copy, Default)]
struct Reach {
    /// Pairs that it would decide instead of a person.
    waiting: usize,
    /// Pairs that stand the other way without anybody having asked.
    overturned: usize,
}

impl Reach {
    fn of(rule: &MinedRule, open: &[OpenPair]) -> Self {
        let against = if rule.verdict == "same" { Stands::Different } else { Stands::Same };
        let (mut waiting, mut overturned) = (0.0, 0.0);
        for pair in open.iter().filter(|pair| pair.kind == rule.kind && pair.signs.fit(rule)) {
            if pair.stands == Stands::Waits {
                waiting += pair.weight;
            } else if pair.stands == against {
                overturned += pair.weight;
            }
        }
        Self { waiting: waiting.round() as usize, overturned: overturned.round() as usize }
    }

    /// People are asked what is hard to tell, and what they say of that is not true of every pair that looks the same: a
    /// rule that overturns much of what nobody doubts has learned how the questions were chosen.
    fn is_bearable(self) -> bool {
        self.overturned as f64 <= OVERTURNED * self.waiting as f64
    }
}

/// Rules that agree with what people decided, those that would decide most first; of two that decide the same the simpler.
#[must_use]
pub fn mine(decided: &[DecidedPair], open: &[OpenPair]) -> Vec<Proposal> {
    let mut candidates: BTreeMap<(String, Vec<String>, Vec<String>), (usize, usize)> = BTreeMap::new();
    for pair in decided {
        for (same, differ) in conditions(&pair.signs) {
            let counts = candidates.entry((pair.kind.clone(), same, differ)).or_default();
            if pair.same { counts.0 += 1 } else { counts.1 += 1 }
        }
    }
    let mut found: Vec<(Reach, usize, MinedRule)> = Vec::new();
    for ((kind, same, differ), (for_it, against)) in candidates {
        let (verdict, right, wrong) =
            if for_it >= against { ("same", for_it, against) } else { ("different", against, for_it) };
        if right < FEWEST || lower(right, right + wrong) < SURE {
            continue;
        }
        let rule = MinedRule {
            name: name(&same, &differ, verdict),
            kind,
            same,
            differ,
            verdict: verdict.to_owned(),
            examples: Vec::new(),
        };
        let reach = Reach::of(&rule, open);
        if reach.is_bearable() {
            found.push((reach, right, rule));
        }
    }
    found.sort_by(|one, other| {
        let size = |rule: &MinedRule| rule.same.len() + rule.differ.len();
        (other.0.waiting.cmp(&one.0.waiting))
            .then(size(&one.2).cmp(&size(&other.2)))
            .then(other.1.cmp(&one.1))
            .then_with(|| one.2.name.cmp(&other.2.name))
    });
    let mut kept: Vec<(Reach, usize, MinedRule)> = Vec::new();
    for candidate in found {
        // A rule that only narrows another one which decides as much adds nothing.
        let covered = kept.iter().any(|(_, _, rule)| {
            rule.kind == candidate.2.kind
                && rule.verdict == candidate.2.verdict
                && rule.same.iter().all(|field| candidate.2.same.contains(field))
                && rule.differ.iter().all(|field| candidate.2.differ.contains(field))
        });
        if !covered && kept.len() < 8 {
            kept.push(candidate);
        }
    }
    kept.into_iter().map(|(reach, _, rule)| propose(rule, reach, decided)).collect()
}

fn propose(mut rule: MinedRule, reach: Reach, decided: &[DecidedPair]) -> Proposal {
    let fitting: Vec<&DecidedPair> =
        decided.iter().filter(|pair| pair.kind == rule.kind && pair.signs.fit(&rule)).collect();
    let agrees = |pair: &&&DecidedPair| pair.same == (rule.verdict == "same");
    let right: Vec<&&DecidedPair> = fitting.iter().filter(agrees).collect();
    let wrong: Vec<&&DecidedPair> = fitting.iter().filter(|pair| !agrees(pair)).collect();
    let examples: Vec<(String, String)> = right.iter().take(EXAMPLES).map(|pair| pair.records.clone()).collect();
    let seen = format!("people decided {} such pairs so, and {} otherwise", right.len(), wrong.len());
    let errors: Vec<String> = wrong
        .iter()
        .take(EXAMPLES)
        .map(|pair| format!("it would have been wrong on {} and {}", pair.records.0, pair.records.1))
        .collect();
    rule.examples = examples;
    let verdict = rule.verdict.clone();
    let title = format!("{}s: {}", rule.kind, rule.name);
    let mut proposal = Proposal::new(title, Change::Rule(rule));
    proposal.seen.push(seen);
    proposal.seen.extend(errors);
    let (bits, verdict) = if verdict == "same" { ("+20", "one") } else { ("-20", "two") };
    proposal.would.push(match reach.waiting {
        0 => "no pair waits for it now; it speaks for pairs to come".to_owned(),
        1 => format!("1 pair that waits for a person would be called {verdict} ({bits} bits)"),
        many => format!("{many} pairs that wait for a person would be called {verdict} ({bits} bits)"),
    });
    if reach.overturned > 0 {
        let now = if verdict == "one" { "two" } else { "one" };
        proposal
            .would
            .push(format!("{} that stand as {now} without a decision would become {verdict}", reach.overturned));
    }
    "`fourfold test` runs it on the decided pairs kept as its examples, and every later run on new decisions"
        .clone_into(&mut proposal.test);
    proposal
}

fn name(same: &[String], differ: &[String], verdict: &str) -> String {
    let words =
        |fields: &[String]| fields.iter().map(|field| field.replace('_', " ")).collect::<Vec<_>>().join(" and ");
    let mut text = format!("same {}", words(same));
    if !differ.is_empty() {
        text.push_str(&format!(" but another {}", words(differ)));
    }
    text.push_str(if verdict == "same" { ": one" } else { ": two" });
    text
}

/// One or two fields that agree, with none or one that does not.
fn conditions(signs: &PairSigns) -> Vec<(Vec<String>, Vec<String>)> {
    let same: Vec<&String> = signs.same.iter().collect();
    let mut agreeing: Vec<Vec<String>> = same.iter().map(|field| vec![(*field).clone()]).collect();
    for (at, one) in same.iter().enumerate() {
        agreeing.extend(same[at + 1..].iter().map(|other| vec![(*one).clone(), (*other).clone()]));
    }
    let mut found = Vec::new();
    for fields in agreeing {
        found.push((fields.clone(), Vec::new()));
        found.extend(signs.differ.iter().map(|field| (fields.clone(), vec![field.clone()])));
    }
    found
}

/// The lower end of Wilson's interval at 90 %.
fn lower(hits: usize, total: usize) -> f64 {
    let (hits, total, z) = (hits as f64, total as f64, 1.645);
    if total == 0.0 {
        return 0.0;
    }
    let share = hits / total;
    let center = share + z * z / (2.0 * total);
    let margin = z * (share * (1.0 - share) / total + z * z / (4.0 * total * total)).sqrt();
    (center - margin) / (1.0 + z * z / total)
}
