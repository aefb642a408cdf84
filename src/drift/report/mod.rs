//! How does a team read what moved in ten minutes?
//!
//! One line a cause, its consequences below, and everything else a key or a click away. The same [`Report`] becomes
//! Markdown, a page that needs nothing but itself, and JSON.

mod escape;
mod html;
mod markdown;
mod page;
mod plot;
mod text;

pub use html::html;
pub use markdown::markdown;
pub use text::text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cause::Cause;
use super::finding::{Finding, Severity};
use super::invariant::Broken;
use super::store::Standing;

/// What one run found against an older one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The run.
    pub run_id: String,
    /// The run compared with; None for the first one.
    pub reference: Option<String>,
    /// The moment of the data, in seconds since 1970.
    pub as_of: i64,
    /// The moment of the data compared with.
    pub reference_as_of: Option<i64>,
    /// How many older baselines said what is usual.
    pub past: usize,
    /// Whether the run was published.
    pub published: bool,
    /// What is broken: the last good run stays published, unless the team publishes nevertheless.
    pub broken: Vec<Broken>,
    /// Which run is published while this one is not.
    pub stays: Option<String>,
    /// Renames that were confirmed and kept the join whole in this run.
    pub mappings: Vec<String>,
    /// Runs that failed, were killed or did not happen.
    pub health: Vec<String>,
    /// Whether accepted proposals held.
    pub proposals: Vec<String>,
    /// What moved, grouped by cause.
    pub causes: Vec<Cause>,
}

impl Report {
    /// Every finding, cause by cause.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.causes.iter().flat_map(|cause| &cause.findings)
    }

    /// A finding by its id, or by the beginning of it that no other has.
    #[must_use]
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        let exact = self.findings().find(|finding| finding.id == id);
        exact.or_else(|| {
            let mut alike = self.findings().filter(|finding| id.len() >= 4 && finding.id.starts_with(id));
            alike.next().filter(|_| alike.next().is_none())
        })
    }
}

/// A report with what people did about it, at a moment.
#[derive(Debug, Clone, Default, Serialize)]
pub struct View {
    /// The report.
    pub report: Report,
    /// Where findings stand.
    pub standing: BTreeMap<String, Standing>,
    /// The run in which each finding was first seen.
    pub first_seen: BTreeMap<String, String>,
}

impl View {
    /// The causes that ask for attention: those with a finding that is neither accepted nor snoozed.
    pub fn open(&self) -> impl Iterator<Item = &Cause> {
        self.report.causes.iter().filter(|cause| !self.is_quiet(cause))
    }

    /// The causes that nobody needs to look at now.
    pub fn quiet(&self) -> impl Iterator<Item = &Cause> {
        self.report.causes.iter().filter(|cause| self.is_quiet(cause))
    }

    /// Whether a cause is accepted or snoozed: what is said of its headline counts for its consequences.
    #[must_use]
    pub fn is_quiet(&self, cause: &Cause) -> bool {
        self.standing.get(&cause.id).is_some_and(Standing::is_quiet)
            || cause.findings.iter().all(|finding| self.standing.get(&finding.id).is_some_and(Standing::is_quiet))
    }

    /// Whether a cause was not in any report before.
    #[must_use]
    pub fn is_new(&self, cause: &Cause) -> bool {
        self.first_seen.get(&cause.id).is_none_or(|run| *run == self.report.run_id)
    }

    /// Open causes by severity.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        [Severity::High, Severity::Medium, Severity::Low]
            .map(|severity| self.open().filter(|cause| cause.severity == severity).count())
    }
}

/// A day and hour in UTC: `2026-01-12 06:00`.
#[must_use]
pub fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| "-".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

/// What the report is about, in one line.
fn heading(report: &Report) -> String {
    match report.reference_as_of {
        Some(before) => format!("data up to {} against {} (UTC)", moment(report.as_of), moment(before)),
        None => format!("data up to {} (UTC), the first baseline", moment(report.as_of)),
    }
}

/// How many causes there are, in words.
fn summary(view: &View) -> String {
    let [high, medium, low] = view.counts();
    let quiet = view.quiet().count();
    let mut words = match high + medium + low {
        0 if view.report.reference.is_none() => "A baseline is kept; the next run says what moved.".to_owned(),
        0 => "Nothing moved that asks for attention.".to_owned(),
        1 => format!(
            "1 cause: {}.",
            ["high", "medium", "low"][if high > 0 {
                0
            } else if medium > 0 {
                1
            } else {
                2
            }]
        ),
        all => format!("{all} causes: {high} high, {medium} medium, {low} low."),
    };
    if quiet > 0 {
        words.push_str(&format!(" {quiet} accepted or snoozed."));
    }
    words
}
