//! What differs between two baselines, beyond growth, weekdays and ordinary updates?
//!
//! One detector for each type of drift; all of them are pure. Two baselines are enough; a longer past only widens what
//! counts as usual for this very series.

mod format;
mod freshness;
mod graph;
mod join;
mod keys;
mod nulls;
mod pair;
mod past;
mod plays;
mod rename;
mod schema;
mod spread;
mod unit;
mod unit_part;
mod value_rename;
mod values;
mod volume;

pub use pair::{Pairing, TablePair};
pub use past::Past;
pub use plays::{TierMove, plays};
pub use volume::unusual_days;

use super::baseline::Baseline;
use super::finding::{Finding, Severity};
use crate::config::{ConfirmedRename, DriftSettings, Thresholds};

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// Two baselines to compare, and what came before them.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    /// The older baseline.
    pub before: &'a Baseline,
    /// The newer one.
    pub now: &'a Baseline,
    /// Still older ones, oldest first.
    pub past: &'a [Past],
    /// What the team decided.
    pub settings: &'a DriftSettings,
    /// Decisions made on facts that changed.
    pub reopened: usize,
}

impl<'a> Comparison<'a> {
    /// The thresholds.
    #[must_use]
    pub fn thresholds(&self) -> &'a Thresholds {
        &self.settings.thresholds
    }

    /// The renames that a person confirmed.
    #[must_use]
    pub fn renames(&self) -> &'a [ConfirmedRename] {
        &self.settings.renames
    }
}

/// Everything that moved, in the order of the places; what the team ignores is left out.
#[must_use]
pub fn detect(comparison: &Comparison<'_>) -> Vec<Finding> {
    let pairing = Pairing::new(comparison);
    let mut findings = Vec::new();
    schema::find(&pairing, &mut findings);
    for pair in &pairing.tables {
        nulls::find(comparison, pair, &mut findings);
        volume::find(comparison, pair, &mut findings);
        freshness::find(comparison, pair, &mut findings);
        keys::find(comparison, pair, &mut findings);
        format::find(pair, &mut findings);
        let renamed = value_rename::find(comparison, pair, &mut findings);
        values::find(comparison, pair, &renamed, &mut findings);
        let units = unit::find(pair, &mut findings);
        spread::find(comparison, pair, &units, &mut findings);
    }
    join::find(comparison, &pairing, &mut findings);
    graph::find(comparison, &mut findings);
    findings.retain(|finding| !is_ignored(comparison.settings, finding));
    order(&mut findings);
    findings.dedup_by(|later, first| later.id == first.id);
    findings
}

/// Gravest first, then by place, so that the same baselines give the same list.
fn order(findings: &mut [Finding]) {
    findings.sort_by(|one, other| {
        let key = |finding: &Finding| {
            (finding.severity, finding.source.clone(), finding.table.clone(), finding.column.clone())
        };
        key(one)
            .cmp(&key(other))
            .then(one.kind.cmp(&other.kind))
            .then_with(|| one.id.cmp(&other.id))
            .then_with(|| other.effect.total_cmp(&one.effect))
    });
}

fn is_ignored(settings: &DriftSettings, finding: &Finding) -> bool {
    let fits = |wanted: Option<&str>, own: &str| wanted.is_none_or(|wanted| wanted == own);
    settings.ignore.iter().any(|ignored| {
        ignored.source == finding.source
            && fits(ignored.kind.as_deref(), finding.kind.as_str())
            && fits(ignored.table.as_deref(), &finding.table)
            && fits(ignored.column.as_deref(), &finding.column)
    })
}

/// How much it matters that something happens to a column: keys and money most, what means nothing least.
pub(crate) fn weight(concept: Option<&str>, is_key: bool) -> Severity {
    match concept {
        Some(_) if is_key => Severity::High,
        Some(concept) if matters(concept) => Severity::High,
        Some(_) => Severity::Medium,
        None if is_key => Severity::Medium,
        None => Severity::Low,
    }
}

/// Whether a concept carries the join or the money.
fn matters(concept: &str) -> bool {
    let property = concept.rsplit('.').next().unwrap_or(concept);
    ["domain", "email", "website", "arr", "mrr", "amount", "plan", "status", "currency", "seats", "quantity", "deleted"]
        .iter()
        .any(|word| property.starts_with(word))
}

/// A share as people read it.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent == 0.0 || percent >= 9.95 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}
