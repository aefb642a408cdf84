//! Which comparisons and sources of this table does a rules file speak of?

use rustc_hash::FxHashMap;

use super::super::compare::Comparison;
use super::super::intern::mix;
use super::super::model::level_of;
use super::super::sample::Universe;
use super::super::table::MatchTable;
use super::{Condition, Name, Rules};
use crate::error::{Error, Result};
use crate::resolve::waterfall::Bar;

/// The weight in bits of a rule that decides a pair: more than all comparisons together can say.
const DECISIVE: f64 = 1000.0;

/// Rows that share the keys of a rule up to which each meets each; in larger groups each meets its neighbours.
const LARGEST_GROUP: usize = 64;

/// Rules that know the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct BoundRules {
    verdicts: Vec<BoundVerdict>,
    blocks: Vec<Vec<usize>>,
    /// For each source whether it is free of duplicates.
    unique: Vec<bool>,
    /// Comparison, lowest and highest weight.
    pub(crate) limits: Vec<(usize, f64, f64)>,
    groups: Vec<u16>,
}

#[derive(Debug, Clone)]
struct BoundVerdict {
    name: String,
    same: bool,
    /// Comparison, lowest and highest level that meets the condition.
    conditions: Vec<(usize, usize, usize)>,
    sources: Option<(u16, u16)>,
}

impl BoundRules {
    /// Finds what the rules name; a column that cannot be compared makes its rule idle, which `warnings` then says.
    ///
    /// # Errors
    /// `Config` with the place in the rules file for a name that is neither a column nor a concept, or no source.
    pub(crate) fn bind(
        rules: &Rules,
        table: &MatchTable,
        comparisons: &[Comparison],
        warnings: &mut Vec<String>,
    ) -> Result<Self> {
        let mut bound = Self { unique: vec![false; table.group_names.len()], ..Self::default() };
        if *rules == Rules::default() {
            return Ok(bound);
        }
        bound.groups.clone_from(&table.groups);
        let mut idle = |name: &Name| {
            warnings.push(format!("{}: column `{}` is not compared, so its rule does nothing", name.place, name.text));
        };
        for rule in &rules.verdicts {
            let mut conditions = Vec::new();
            for (name, how) in &rule.conditions {
                match comparison_of(name, table, comparisons)? {
                    None => idle(name),
                    Some(at) => {
                        let top = comparisons[at].levels.len() - 1;
                        let (low, high) = match how {
                            Condition::Same => (top, top),
                            Condition::Close => (top / 2 + 1, top),
                            Condition::Different => (1, 1),
                        };
                        conditions.push((at, low, high));
                    }
                }
            }
            let sources = match &rule.sources {
                Some((one, other)) => Some((source_of(one, table)?, source_of(other, table)?)),
                None => None,
            };
            if conditions.len() == rule.conditions.len() {
                bound.verdicts.push(BoundVerdict { name: rule.name.clone(), same: rule.same, conditions, sources });
            }
        }
        for block in &rules.blocks {
            let mut fields = Vec::new();
            for name in block {
                match comparison_of(name, table, comparisons)? {
                    Some(at) => fields.push(at),
                    None => idle(name),
                }
            }
            if fields.len() == block.len() {
                bound.blocks.push(fields);
            }
        }
        for limit in &rules.limits {
            match comparison_of(&limit.column, table, comparisons)? {
                Some(at) => bound.limits.push((
                    at,
                    limit.least.unwrap_or(f64::NEG_INFINITY),
                    limit.most.unwrap_or(f64::INFINITY),
                )),
                None => idle(&limit.column),
            }
        }
        for name in &rules.unique_sources {
            let at = source_of(name, table)?;
            bound.unique[usize::from(at)] = true;
        }
        Ok(bound)
    }

    /// Whether no rule can change a weight.
    pub(crate) fn is_silent(&self) -> bool {
        self.verdicts.is_empty() && !self.unique.contains(&true)
    }

    /// Whether both sources of a table of two are said to be free of duplicates.
    pub(crate) fn one_to_one(&self) -> bool {
        self.unique.len() == 2 && !self.unique.contains(&false)
    }

    /// What the rules add to a pair's weight, in bits.
    pub(crate) fn weight(&self, left: u32, right: u32, pattern: u64) -> f64 {
        self.said(left, right, pattern).map_or(0.0, |(_, weight)| weight)
    }

    /// The bar of the rule that decides a pair.
    pub(crate) fn bar(&self, left: u32, right: u32, pattern: u64) -> Option<Bar> {
        self.said(left, right, pattern).map(|(name, weight)| Bar {
            comparison: name.to_owned(),
            left: String::new(),
            right: String::new(),
            level: if weight > 0.0 { "must match" } else { "must not match" }.to_owned(),
            weight,
        })
    }

    /// Whether a weight says that a rule decided the pair.
    pub(crate) fn decides(weight: f64) -> Option<bool> {
        (weight.abs() > DECISIVE / 2.0).then_some(weight > 0.0)
    }

    /// The first rule that forbids a pair, else the first that demands it: a doubt weighs more.
    fn said(&self, left: u32, right: u32, pattern: u64) -> Option<(&str, f64)> {
        if self.is_silent() {
            return None;
        }
        let sources = (self.groups[left as usize], self.groups[right as usize]);
        if sources.0 == sources.1 && self.unique[usize::from(sources.0)] {
            return Some(("source without duplicates", -DECISIVE));
        }
        let holds = |rule: &&BoundVerdict| {
            rule.conditions.iter().all(|(at, low, high)| (*low..=*high).contains(&level_of(pattern, *at)))
                && rule.sources.is_none_or(|(one, other)| sources == (one, other) || sources == (other, one))
        };
        let first = |same: bool| self.verdicts.iter().filter(|rule| rule.same == same).find(holds);
        first(false)
            .map(|rule| (rule.name.as_str(), -DECISIVE))
            .or_else(|| first(true).map(|rule| (rule.name.as_str(), DECISIVE)))
    }

    /// Pairs that the rules put side by side: those of blocks, and those that a rule says are one.
    pub(crate) fn pairs(&self, comparisons: &[Comparison], universe: &Universe) -> Vec<u64> {
        let mut found = Vec::new();
        for fields in &self.blocks {
            shared(fields, comparisons, universe, &mut found);
        }
        for rule in self.verdicts.iter().filter(|rule| rule.same) {
            let equal: Vec<usize> = rule
                .conditions
                .iter()
                .filter(|(at, low, _)| low + 1 == comparisons[*at].levels.len())
                .map(|(at, ..)| *at)
                .collect();
            shared(&equal, comparisons, universe, &mut found);
        }
        found
    }
}

/// Pairs of rows that hold one value in each of the fields.
fn shared(fields: &[usize], comparisons: &[Comparison], universe: &Universe, found: &mut Vec<u64>) {
    let mut groups: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for row in &universe.order() {
        let mut keys = vec![0u64];
        for at in fields {
            let comparison = &comparisons[*at];
            let value = comparison.values[*row as usize];
            let elements = if value == 0 { &[] } else { comparison.elements_of(&value) };
            keys = keys
                .iter()
                .flat_map(|before| elements.iter().take(8).map(|one| mix(*before ^ comparison.keys[*one as usize])))
                .collect();
        }
        for key in keys {
            groups.entry(key).or_default().push(*row);
        }
    }
    for rows in groups.values().filter(|rows| rows.len() > 1) {
        for (at, left) in rows.iter().enumerate() {
            let reach = if rows.len() <= LARGEST_GROUP { rows.len() } else { 8 };
            for right in rows[at + 1..].iter().take(reach) {
                if universe.admits(*left, *right) {
                    found.push(u64::from(*left.min(right)) << 32 | u64::from(*left.max(right)));
                }
            }
        }
    }
}

/// The comparison of a column, or of the one concept a name means; None where it exists but is not compared.
fn comparison_of(name: &Name, table: &MatchTable, comparisons: &[Comparison]) -> Result<Option<usize>> {
    if let Some(column) = table.columns.iter().position(|column| column.name == name.text) {
        return Ok(comparisons
            .iter()
            .position(|comparison| comparison.columns == [column])
            .or_else(|| comparisons.iter().position(|comparison| comparison.columns.contains(&column))));
    }
    if let Ok(concept) = name.text.parse::<super::MatchConcept>() {
        return Ok(comparisons.iter().position(|comparison| comparison.concept == concept));
    }
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    Err(Error::config(format!("{}: there is no column or concept `{}`", name.place, name.text))
        .hint(format!("the columns are {}", names.join(", "))))
}

fn source_of(name: &Name, table: &MatchTable) -> Result<u16> {
    let found = table.group_names.iter().position(|group| *group == name.text).or_else(|| {
        // Files are sources by their name without its ending.
        table.group_names.iter().position(|group| group.split('.').next() == Some(name.text.as_str()))
    });
    found.map(|at| at as u16).ok_or_else(|| {
        Error::config(format!("{}: there is no source `{}`", name.place, name.text))
            .hint(format!("the sources are {}", table.group_names.join(", ")))
    })
}
