//! What must be one entity, what must not, and what speaks against it?

use rustc_hash::FxHashSet;

use super::decisions::{Decisions, Positions};
use crate::resolve::evidence::units::{Sets, Units};
use crate::resolve::extract::Extract;
use crate::resolve::extract::record::Field;
use crate::resolve::normalise;

/// Two records of one source that name different sales regions.
const OTHER_REGION: f64 = -6.0;

/// Constraints between the records of one kind.
#[derive(Debug, Default)]
pub struct Constraints {
    /// Records decided to be one, as positions.
    pub together: Vec<(u32, u32)>,
    /// Records decided to be two.
    pub apart: Vec<(u32, u32)>,
    /// Records of which one is the other's parent in its source: edges, never merges.
    pub families: Vec<(u32, u32)>,
}

/// Gathers the constraints of one kind.
#[must_use]
pub fn gather(extract: &Extract<'_>, decisions: &Decisions) -> Constraints {
    let keys = (0..extract.records.len() as u32).map(|record| (record, extract.key(record)));
    let positions = Positions::of(decisions, keys);
    let mut constraints = Constraints::default();
    constraints.together.extend(decisions.together().iter().filter_map(|pair| positions.pair(&pair.key)));
    constraints.apart.extend(decisions.apart().iter().filter_map(|pair| positions.pair(&pair.key)));
    for (position, record) in extract.records.iter().enumerate() {
        let source = &extract.tables[record.table as usize].source.id;
        for parent in record.values(Field::ParentId).filter_map(|id| extract.directory.find(source, id)) {
            if parent != position as u32 {
                constraints.families.push((position as u32, parent));
            }
        }
    }
    constraints
}

impl Constraints {
    /// The pairs of records that are not tied into one unit although their source says so.
    #[must_use]
    pub fn untied(&self) -> FxHashSet<(u32, u32)> {
        self.apart.iter().map(|(one, other)| (*one.min(other), *one.max(other))).collect()
    }

    /// Decisions that units are one where at least one of them takes no part in matching: two units each. They hold all
    /// the same; only where another decision keeps the two apart that one stands.
    #[must_use]
    pub fn beside_rows(&self, units: &Units, row_of: &[Option<u32>]) -> Vec<(u32, u32)> {
        let unit = |record: u32| units.of_record[record as usize];
        let pair = |(one, other): &(u32, u32)| (unit(*one).min(unit(*other)), unit(*one).max(unit(*other)));
        let apart: FxHashSet<(u32, u32)> = self.apart.iter().map(pair).collect();
        let mut found: Vec<(u32, u32)> = self
            .together
            .iter()
            .map(pair)
            .filter(|(one, other)| one != other && !apart.contains(&(*one, *other)))
            .filter(|(one, other)| row_of[*one as usize].is_none() || row_of[*other as usize].is_none())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The units that decisions keep apart.
    #[must_use]
    pub fn units_apart(&self, units: &Units) -> Vec<(u32, u32)> {
        self.apart
            .iter()
            .map(|(one, other)| (units.of_record[*one as usize], units.of_record[*other as usize]))
            .collect()
    }

    /// The constraints between rows: what must end together, and what must not. Where both are asked of two rows, the
    /// decision to keep apart stands; where a family edge meets a decision that both are one, the decision stands.
    #[must_use]
    pub fn between_rows(
        &self,
        units: &Units,
        row_of: &[Option<u32>],
        warnings: &mut Vec<String>,
    ) -> (Vec<(u32, u32)>, Vec<(u32, u32)>) {
        let row = |record: u32| row_of[units.of_record[record as usize] as usize];
        let rows = |pairs: &[(u32, u32)]| {
            let mut found: Vec<(u32, u32)> = pairs
                .iter()
                .filter_map(|(one, other)| Some((row(*one)?, row(*other)?)))
                .filter(|(one, other)| one != other)
                .map(|(one, other)| (one.min(other), one.max(other)))
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let mut apart = rows(&self.apart);
        let mut together = rows(&self.together);
        together.retain(|pair| apart.binary_search(pair).is_err());
        // Decisions may contradict each other over several steps: one that would bring together what another keeps
        // apart is set aside.
        let mut sets = Sets::new(row_of.len());
        for (one, other) in &together {
            sets.union(*one, *other);
        }
        let before = together.len();
        let mut kept = together;
        if apart.iter().any(|(one, other)| sets.find(*one) == sets.find(*other)) {
            sets = Sets::new(row_of.len());
            kept.retain(|(one, other)| {
                let joined = [sets.find(*one), sets.find(*other)];
                let clash = apart.iter().any(|(left, right)| {
                    let parted = [sets.find(*left), sets.find(*right)];
                    joined == parted || (joined[0] == parted[1] && joined[1] == parted[0])
                });
                if !clash {
                    sets.union(*one, *other);
                }
                !clash
            });
        }
        if kept.len() < before {
            warnings.push(format!(
                "{} decisions that join records contradict decisions that keep them apart and are set aside",
                before - kept.len()
            ));
        }
        apart.extend(rows(&self.families).into_iter().filter(|(one, other)| sets.find(*one) != sets.find(*other)));
        apart.sort_unstable();
        apart.dedup();
        (kept, apart)
    }
}

/// What the names of two account units of one source say against them being one: different sales regions.
#[must_use]
pub fn other_region(extract: &Extract<'_>, units: &Units, one: u32, other: u32) -> Option<(&'static str, String, f64)> {
    let (one, other) = (units.survivor(one), units.survivor(other));
    if extract.table(one).family != extract.table(other).family {
        return None;
    }
    let region = |record: u32| {
        extract.records[record as usize].first(Field::Name).and_then(|name| normalise::company_name(name).region)
    };
    let (left, right) = (region(one)?, region(other)?);
    (left != right).then(|| ("region", format!("{left} against {right}"), OTHER_REGION))
}
