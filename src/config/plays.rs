//! What can a team change about a play in `fourfold.toml`?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `[plays.NAME]`: what the team states otherwise than the play does. What is not named stays as the play has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaySettings {
    /// Whether a run includes the play.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Parameters by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, toml::Value>,
    /// Weights and curves by signal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub signals: BTreeMap<String, SignalSettings>,
    /// The least score of tiers by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tiers: BTreeMap<String, f64>,
    /// The share of known weight below which the tier is `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_known: Option<f64>,
}

fn yes() -> bool {
    true
}

impl Default for PlaySettings {
    fn default() -> Self {
        Self {
            enabled: true,
            parameters: BTreeMap::new(),
            signals: BTreeMap::new(),
            tiers: BTreeMap::new(),
            least_known: None,
        }
    }
}

/// What a team changes about a signal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalSettings {
    /// How much it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// The value at which it is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// The value at which it is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
}
