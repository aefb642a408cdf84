//! What does the plays screen know?

use crate::plays::explain::{Explanation, FieldValue};
use crate::plays::preview::Preview;
use crate::plays::statement::settings;
use crate::plays::tune::NewValue;
use crate::plays::walk::SourceRow;
use crate::tui::event::Failure;
use crate::tui::play_desk::{Draft, PlayView};

/// How far in the person is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlaysDepth {
    /// The plays.
    #[default]
    List,
    /// Who one play names.
    One,
    /// Why one account has its score.
    Account,
    /// The source rows behind a field.
    Rows,
    /// The numbers of a play, being changed.
    Tune,
    /// What shipping would change.
    Ship,
}

/// The plays screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlaysState {
    /// The plays of the workspace, in the order to show them.
    pub views: Vec<PlayView>,
    /// The play under the cursor.
    pub selected: usize,
    /// How far in the person is.
    pub depth: PlaysDepth,
    /// Whether the plays were asked for in this run.
    pub asked: bool,
    /// What is being worked out, in words.
    pub waiting: Option<&'static str>,
    /// Why the plays cannot be shown.
    pub failure: Option<Failure>,
    /// The account under the cursor among those that fire.
    pub account: usize,
    /// The account's rows, taken apart.
    pub explained: Vec<Explanation>,
    /// The line under the cursor in them.
    pub line: usize,
    /// The field whose source rows are shown, and those.
    pub rows: (String, Vec<SourceRow>),
    /// The row under the cursor among them.
    pub row: usize,
    /// The numbers being changed.
    pub tuning: Tuning,
    /// What shipping would change.
    pub draft: Option<Draft>,
    /// The first line of it that is shown.
    pub scroll: usize,
    /// The repository that was named last.
    pub repository: String,
}

/// Numbers of a play, being changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tuning {
    /// The numbers as they are now in thought.
    pub values: Vec<NewValue>,
    /// As they stand.
    pub before: Vec<NewValue>,
    /// The number under the cursor.
    pub at: usize,
    /// What the play would say with them.
    pub effect: Option<Preview>,
}

impl Tuning {
    /// The numbers of a play.
    #[must_use]
    pub fn of(view: &PlayView) -> Self {
        let values = settings(&view.play);
        Self { before: values.clone(), values, at: 0, effect: None }
    }

    /// The numbers that differ.
    #[must_use]
    pub fn changed(&self) -> Vec<NewValue> {
        let differs = |(new, old): &(&NewValue, &NewValue)| (new.1 - old.1).abs() > f64::EPSILON;
        self.values.iter().zip(&self.before).filter(differs).map(|(new, _)| new.clone()).collect()
    }
}

/// A line of an account's explanation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line<'a> {
    /// The row as a whole.
    Row(&'a Explanation),
    /// A signal, by its place.
    Signal(&'a Explanation, usize),
    /// A column of the play.
    Column(&'a Explanation, usize),
    /// A field behind the signal or column above it.
    Field(&'a Explanation, &'a FieldValue),
}

impl PlaysState {
    /// The play under the cursor.
    #[must_use]
    pub fn view(&self) -> Option<&PlayView> {
        self.views.get(self.selected)
    }

    /// The lines of the explanation.
    #[must_use]
    pub fn lines(&self) -> Vec<Line<'_>> {
        let mut lines = Vec::new();
        for row in &self.explained {
            lines.push(Line::Row(row));
            for (place, signal) in row.signals.iter().enumerate() {
                lines.push(Line::Signal(row, place));
                lines.extend(signal.fields.iter().map(|field| Line::Field(row, field)));
            }
            if row.signals.is_empty() {
                for (place, column) in row.columns.iter().enumerate() {
                    lines.push(Line::Column(row, place));
                    lines.extend(column.fields.iter().map(|field| Line::Field(row, field)));
                }
            }
        }
        lines
    }

    /// How many rows the cursor can stand on.
    #[must_use]
    pub fn length(&self) -> usize {
        match self.depth {
            PlaysDepth::List => self.views.len(),
            PlaysDepth::One => self.view().map_or(0, |view| view.preview.fired.len()),
            PlaysDepth::Account => self.lines().len(),
            PlaysDepth::Rows => self.rows.1.len(),
            PlaysDepth::Tune => self.tuning.values.len(),
            PlaysDepth::Ship => self.draft.as_ref().map_or(0, |draft| draft.diff.len()),
        }
    }

    /// The row under the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        match self.depth {
            PlaysDepth::List => self.selected,
            PlaysDepth::One => self.account,
            PlaysDepth::Account => self.line,
            PlaysDepth::Rows => self.row,
            PlaysDepth::Tune => self.tuning.at,
            PlaysDepth::Ship => self.scroll,
        }
    }

    /// Puts the cursor on a row, as far as there is one.
    pub fn set_cursor(&mut self, row: usize) {
        let row = row.min(self.length().saturating_sub(1));
        match self.depth {
            PlaysDepth::List => self.selected = row,
            PlaysDepth::One => self.account = row,
            PlaysDepth::Account => self.line = row,
            PlaysDepth::Rows => self.row = row,
            PlaysDepth::Tune => self.tuning.at = row,
            PlaysDepth::Ship => self.scroll = row,
        }
    }
}
