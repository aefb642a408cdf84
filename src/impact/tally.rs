//! What have the verdicts of a sitting changed, all together?

use std::collections::BTreeMap;

use super::blast::Effect;

/// A running total. What is taken back is subtracted, so the numbers are signed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Entities that became one with another.
    pub merged: i64,
    /// Entities that came into being by a split.
    pub split: i64,
    /// Records whose entity changed.
    pub records: i64,
    /// Conflicts closed.
    pub closed: i64,
    /// Conflicts opened.
    pub opened: i64,
    /// Owners that have to agree who keeps the customer.
    pub owners: i64,
    /// Play outputs that change.
    pub plays: i64,
    /// Revenue that now stands on one customer instead of two, by currency.
    pub revenue: BTreeMap<String, f64>,
}

impl Tally {
    /// What one verdict adds.
    #[must_use]
    pub fn of(effect: &Effect) -> Self {
        let revenue = if effect.merged > 0 {
            effect.revenue.iter().map(|(currency, (left, right))| (currency.clone(), left + right)).collect()
        } else {
            BTreeMap::new()
        };
        Self {
            merged: i64::from(effect.merged),
            split: i64::from(effect.split),
            records: effect.records as i64,
            closed: effect.closed() as i64,
            opened: effect.opens.len() as i64,
            owners: i64::from(effect.owners.is_some()),
            plays: effect.plays.len() as i64,
            revenue,
        }
    }

    /// Adds another, or takes it away.
    pub fn add(&mut self, other: &Self, sign: i64) {
        self.merged += sign * other.merged;
        self.split += sign * other.split;
        self.records += sign * other.records;
        self.closed += sign * other.closed;
        self.opened += sign * other.opened;
        self.owners += sign * other.owners;
        self.plays += sign * other.plays;
        for (currency, amount) in &other.revenue {
            let sum = self.revenue.entry(currency.clone()).or_insert(0.0);
            *sum += sign as f64 * amount;
            if sum.abs() < 0.005 {
                self.revenue.remove(currency);
            }
        }
    }

    /// Whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
