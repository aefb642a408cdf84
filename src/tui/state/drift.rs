//! What does the drift screen know?

use crate::drift::cause::Cause;
use crate::drift::finding::Finding;
use crate::drift::report::View;
use crate::tui::event::Failure;

/// How far the screen is opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DriftDepth {
    /// The causes, one line each.
    #[default]
    List,
    /// One cause with its evidence and its consequences.
    One,
    /// Rows of the source behind a finding.
    Rows,
}

/// Rows of the source behind a finding.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum DriftRows {
    /// Not asked for.
    #[default]
    None,
    /// Being read.
    Loading,
    /// There they are, the names of the columns first.
    Done(Vec<Vec<String>>),
    /// They cannot be read.
    Failed(Failure),
}

/// The drift screen.
#[derive(Debug, Clone, Default)]
pub struct DriftState {
    /// The report with what people did about it.
    pub report: Option<Box<View>>,
    /// Why there is none.
    pub failure: Option<Failure>,
    /// Whether the report has been asked for.
    pub asked: bool,
    /// The causes to show, by their place in the report: open ones first.
    pub findings: Vec<usize>,
    /// The cause under the cursor.
    pub selected: usize,
    /// The first row shown.
    pub offset: usize,
    /// How far it is opened.
    pub depth: DriftDepth,
    /// The finding of the cause that is looked at.
    pub finding: usize,
    /// The first line shown of what is opened.
    pub scroll: usize,
    /// Rows of the source.
    pub rows: DriftRows,
}

impl DriftState {
    /// Takes a report and stays on the cause that was looked at, where it is still there.
    pub fn take(&mut self, report: Box<View>) {
        let before = self.cause().map(|cause| cause.id.clone());
        let mut places: Vec<usize> = (0..report.report.causes.len()).collect();
        places.sort_by_key(|place| report.is_quiet(&report.report.causes[*place]));
        let kept = before.and_then(|id| places.iter().position(|place| report.report.causes[*place].id == id));
        self.findings = places;
        self.report = Some(report);
        self.failure = None;
        match kept {
            Some(place) => self.selected = place,
            None => {
                self.selected = self.selected.min(self.findings.len().saturating_sub(1));
                self.depth = DriftDepth::List;
            }
        }
    }

    /// The cause under the cursor.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.report.as_ref()?.report.causes.get(*self.findings.get(self.selected)?)
    }

    /// The finding that is looked at.
    #[must_use]
    pub fn here(&self) -> Option<&Finding> {
        let findings = &self.cause()?.findings;
        findings.get(if self.depth == DriftDepth::List { 0 } else { self.finding.min(findings.len() - 1) })
    }

    /// The next cause that asks for attention, after the one under the cursor.
    #[must_use]
    pub fn next_open(&self) -> Option<usize> {
        let report = self.report.as_ref()?;
        let open = |place: &usize| {
            self.findings.get(*place).is_some_and(|cause| !report.is_quiet(&report.report.causes[*cause]))
        };
        (self.selected + 1..self.findings.len()).chain(0..self.selected).find(open)
    }
}
