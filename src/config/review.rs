//! What does a workspace say about reviewing: the sample, links to source systems, calibrated weights?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::address::{Address, is_host, is_word};
use crate::error::{Error, Result};

/// Pairs drawn from each stratum, unless the workspace says otherwise.
const DRAWN: u32 = 12;

/// How pairs are put before a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReviewSettings {
    /// Pairs drawn at random from each stratum, for the estimates of precision and recall; 0 draws none.
    pub sample: u32,
}

impl Default for ReviewSettings {
    fn default() -> Self {
        Self { sample: DRAWN }
    }
}

/// Where a source shows its records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkSettings {
    /// The host of the team's own instance, such as `acme.lightning.force.com`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The account, portal, project or workspace in the system, where its addresses name one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Addresses of a team's own tables, such as `https://crm.example.com/customers/{pk}`, by table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, String>,
}

/// What decisions taught about the weights of one kind, accepted by a person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationSettings {
    /// Bits added to every pair.
    #[serde(default)]
    pub shift: f64,
    /// What each comparison is multiplied by.
    #[serde(default)]
    pub factors: BTreeMap<String, f64>,
    /// Who accepted it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// On what ground.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// Checks where a source is said to show its records.
pub(super) fn check_links(source: &str, links: &LinkSettings, name: &str) -> Result<()> {
    if let Some(host) = links.host.as_deref().filter(|host| !is_host(host)) {
        return Err(Error::config(format!("{name}: [links.{source}] host {host:?} is no host name"))
            .hint("a host looks like acme.lightning.force.com, without https:// and without a path"));
    }
    if let Some(account) = links.account.as_deref().filter(|account| !is_word(account)) {
        return Err(Error::config(format!("{name}: [links.{source}] account {account:?} is no word"))
            .hint("an account holds letters, digits, `-` and `_`"));
    }
    for (table, template) in &links.tables {
        Address::new(template, links.host.as_deref(), links.account.as_deref()).map_err(|error| {
            let message = format!("{name}: [links.{source}.tables] {table}: {}", error.message);
            error.hints.into_iter().fold(Error::config(message), Error::hint)
        })?;
    }
    Ok(())
}

/// Checks a calibration.
pub(super) fn check_calibration(kind: &str, calibration: &CalibrationSettings, name: &str) -> Result<()> {
    if !["account", "person"].contains(&kind) {
        return Err(Error::config(format!("{name}: [resolve.calibration.{kind}] names neither account nor person")));
    }
    if !calibration.shift.is_finite() || calibration.shift.abs() > 20.0 {
        return Err(Error::config(format!("{name}: [resolve.calibration.{kind}] shift must lie between -20 and 20")));
    }
    match calibration.factors.iter().find(|(_, factor)| !(0.0..=10.0).contains(*factor)) {
        Some((comparison, _)) => Err(Error::config(format!(
            "{name}: [resolve.calibration.{kind}.factors] \"{comparison}\" must lie between 0 and 10"
        ))),
        None => Ok(()),
    }
}
