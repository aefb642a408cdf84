//! What hangs on a place that moved: which concepts, fields, entities with their money, decisions, conflicts and plays?
//!
//! By lineage, not by name: the model says for each of its cells which source column it was read from.

mod before;
mod now;
mod plays;
pub mod values;

pub use before::PublishedLineage;
pub use now::{Attribution, attribute};
pub use plays::attribute_plays;

use serde::{Deserialize, Serialize};

/// What hangs on a finding.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// What the place means, such as `account.seats`.
    pub concepts: Vec<String>,
    /// Fields of the joined model that are read from it, such as `accounts.seats_bought`.
    pub fields: Vec<String>,
    /// How many accounts and people have such a field.
    pub entities: u64,
    /// The accounts with most money among them.
    pub examples: Vec<EntityImpact>,
    /// Recurring revenue a year of the accounts, by currency.
    pub money: Vec<(String, f64)>,
    /// Standing decisions made on a value that changed.
    pub decisions: u64,
    /// Conflicts that name the place and were not there before, by kind.
    pub conflicts: Vec<(String, u64)>,
    /// Plays that read one of the fields.
    pub plays: Vec<String>,
}

/// An account that is touched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntityImpact {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Recurring revenue a year.
    pub arr: Option<f64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
}

/// How many accounts are named with a finding.
pub const EXAMPLES: usize = 5;

impl Impact {
    /// Whether nothing hangs on it.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.fields.is_empty()
            && self.entities == 0
            && self.decisions == 0
            && self.conflicts.is_empty()
            && self.plays.is_empty()
    }

    /// In one line: `accounts.seats_bought · 212 entities · 1.2M USD · 3 decisions`.
    #[must_use]
    pub fn line(&self) -> String {
        let mut parts = Vec::new();
        match self.fields.as_slice() {
            [] => {}
            [one] => parts.push(one.clone()),
            [one, two] => parts.push(format!("{one}, {two}")),
            [one, two, rest @ ..] => parts.push(format!("{one}, {two} and {} more fields", rest.len())),
        }
        let count = |number: u64, one: &str, many: &str| match number {
            0 => None,
            1 => Some(format!("1 {one}")),
            number => Some(format!("{number} {many}")),
        };
        parts.extend(count(self.entities, "entity", "entities"));
        let money: Vec<String> = self.money.iter().map(|(code, amount)| amount_words(*amount, code)).collect();
        if !money.is_empty() {
            parts.push(format!("{} a year", money.join(" + ")));
        }
        parts.extend(count(self.decisions, "decision", "decisions"));
        let conflicts: u64 = self.conflicts.iter().map(|(_, count)| count).sum();
        parts.extend(count(conflicts, "new conflict", "new conflicts"));
        if !self.plays.is_empty() {
            parts.push(format!("plays: {}", self.plays.join(", ")));
        }
        parts.join(" · ")
    }
}

/// An amount for people to read: `1.2M USD`.
#[must_use]
pub fn amount_words(amount: f64, currency: &str) -> String {
    let size = amount.abs();
    let number = if size >= 999_500.0 {
        format!("{:.1}M", amount / 1_000_000.0)
    } else if size >= 1000.0 {
        format!("{:.0}k", amount / 1000.0)
    } else {
        format!("{amount:.0}")
    };
    format!("{number} {currency}")
}
