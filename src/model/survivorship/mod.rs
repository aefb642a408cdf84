//! Which of several values survives, and in which order do the others follow?
//!
//! Every field has a built-in rule; `[survivorship]` in `fourfold.toml` and operators' answers replace it. Losing values stay visible.
//!
//! | module | question |
//! | --- | --- |
//! | [`rules`] | which rule holds for one field of one entity? |
//! | [`history`] | when did one field of a record last change? |

pub mod history;
pub mod rules;

use std::cmp::Ordering;

use super::cell::{Cell, Moment};
use super::lineage::Source;
use super::source_rows::{CellRef, SourceRows};
use crate::chart::source_map::SourceEntry;
use crate::config::Config;
use crate::ident::Surface;

/// How one field picks its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// How.
    pub choice: Choice,
    /// Sources or surfaces, best first.
    pub sources: Vec<String>,
    /// The order of surfaces among sources that the list does not name.
    pub fallback: Vec<Surface>,
    /// `built-in`, `fourfold.toml`, or the operator who answered.
    pub stated_by: String,
}

/// The ways of choosing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The first source in the list that has a value; sources that are not listed come last.
    Priority,
    /// The most recently changed value: by the field's own history where the source keeps one, else by the record's last change.
    Recency,
    /// Only listed sources.
    Source,
    /// The value of the record with the most filled fields.
    MostComplete,
    /// The smallest value.
    Earliest,
    /// The greatest value.
    Latest,
}

impl Choice {
    /// The word in lineage and in `fourfold.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::Recency => "recency",
            Self::Source => "source",
            Self::MostComplete => "most_complete",
            Self::Earliest => "earliest",
            Self::Latest => "latest",
        }
    }
}

/// A value that a field could have.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The value.
    pub value: Cell,
    /// Where it comes from.
    pub source: Source,
    /// The source table of the record that offers it.
    pub table: u16,
    /// How good its source is under the rule in force; set by [`Rule::order`].
    pub place: usize,
    /// How it was read or derived, in words for lineage; empty when it stands as it is.
    pub derivation: &'static str,
    /// A key that led from the entity's own record to the row with the value.
    pub via: Option<CellRef>,
    /// Whether the record is deleted in its source.
    pub dead: bool,
    /// When the value last changed, as far as is known.
    pub changed: Option<Moment>,
    /// Whether that is the field's own time; otherwise it is the record's: by its own word, or by its sync.
    pub by_field: bool,
    /// How many fields of the record are filled.
    pub filled: u32,
    /// The place of the record, as the last word on order.
    pub order: (u16, u32),
}

impl Rule {
    /// The rule in force for `table.field`: an operator's answer, else `fourfold.toml`, else the built-in one.
    #[must_use]
    pub fn in_force(config: &Config, table: &str, field: &str, choice: Choice, surfaces: &[Surface]) -> Self {
        let path = format!("{table}.{field}");
        let question = format!("survivorship:{path}");
        let answered = config
            .answers
            .iter()
            .filter(|answer| answer.question == question)
            .max_by(|one, other| one.when.cmp(&other.when));
        if let Some(answer) = answered {
            let sources: Vec<String> = answer
                .answer
                .split([',', '>'])
                .map(|part| part.trim().to_owned())
                .filter(|part| known(config, part))
                .collect();
            if !sources.is_empty() {
                let (choice, stated_by) = (Choice::Priority, format!("operator {}", answer.who));
                return Self { choice, sources, fallback: surfaces.to_vec(), stated_by };
            }
        }
        if let Some(stated) = config.survivorship.get(&path) {
            // An answer of the interview writes its rule into the file, with the name of who gave it.
            let stated_by =
                if stated.who.is_empty() { "fourfold.toml".to_owned() } else { format!("operator {}", stated.who) };
            let choice = rules::of_word(stated.rule);
            return Self { choice, sources: stated.sources.clone(), fallback: surfaces.to_vec(), stated_by };
        }
        let sources = surfaces.iter().map(|surface| surface.as_str().to_owned()).collect();
        Self { choice, sources, fallback: Vec::new(), stated_by: "built-in".to_owned() }
    }

    /// The rule in words for lineage.
    #[must_use]
    pub fn words(&self) -> String {
        let stated = if self.stated_by == "built-in" { String::new() } else { format!(" ({})", self.stated_by) };
        if self.sources.is_empty() {
            format!("{}{stated}", self.choice.as_str())
        } else {
            format!("{}:{}{stated}", self.choice.as_str(), self.sources.join(">"))
        }
    }

    /// Why a candidate won or lost, in words for lineage.
    #[must_use]
    pub fn reason(&self, candidate: &Candidate) -> String {
        let mut reason = self.words();
        if self.choice == Choice::Recency {
            reason.push_str(if candidate.by_field { "; field-level" } else { "; record-level" });
        }
        if !candidate.derivation.is_empty() {
            reason.push_str("; ");
            reason.push_str(candidate.derivation);
        }
        reason
    }

    fn place(&self, source: &SourceEntry) -> usize {
        let listed =
            self.sources.iter().position(|named| named == source.id.as_str() || named == source.surface.as_str());
        listed.unwrap_or_else(|| {
            let after = self.fallback.iter().position(|surface| *surface == source.surface);
            self.sources.len() + after.unwrap_or(self.fallback.len())
        })
    }

    /// Puts candidates in order, the surviving one first. Under [`Choice::Source`] candidates of other sources do not survive even when
    /// they are alone; the number of those that may survive is returned.
    pub fn order(&self, rows: &SourceRows<'_>, candidates: &mut [Candidate]) -> usize {
        for candidate in candidates.iter_mut() {
            candidate.place = self.place(rows.table(candidate.table).source);
            if self.choice == Choice::Recency
                && let Some(moment) = changed(rows, candidate)
            {
                candidate.changed = Some(moment);
                candidate.by_field = true;
            }
        }
        candidates.sort_by(|one, other| self.compare(one, other));
        if self.choice == Choice::Source {
            candidates.iter().take_while(|candidate| candidate.place < self.sources.len()).count()
        } else {
            candidates.len()
        }
    }

    fn compare(&self, one: &Candidate, other: &Candidate) -> Ordering {
        let listed = || one.place.cmp(&other.place);
        let living = || one.dead.cmp(&other.dead);
        let newest = || other.changed.cmp(&one.changed);
        let fullest = || other.filled.cmp(&one.filled);
        let last = || one.order.cmp(&other.order).then_with(|| one.value.text().cmp(&other.value.text()));
        let least = || magnitude(&one.value).cmp(&magnitude(&other.value));
        let order = match self.choice {
            Choice::Source => listed().then_with(living).then_with(newest).then_with(fullest),
            Choice::Priority => living().then_with(listed).then_with(newest).then_with(fullest),
            Choice::Recency => living().then_with(newest).then_with(listed).then_with(fullest),
            Choice::MostComplete => living().then_with(fullest).then_with(newest).then_with(listed),
            Choice::Earliest => living().then_with(least).then_with(listed),
            Choice::Latest => living().then_with(|| least().reverse()).then_with(listed),
        };
        order.then_with(last)
    }
}

/// When the cell of a candidate last changed, or the key that led to it.
fn changed(rows: &SourceRows<'_>, candidate: &Candidate) -> Option<Moment> {
    let cell = candidate.via.or(match candidate.source {
        Source::Cell(cell, _) => Some(cell),
        Source::Aggregate { .. } => None,
    })?;
    rows.changes.of(cell)
}

fn known(config: &Config, name: &str) -> bool {
    config.sources.contains_key(name) || Surface::ALL.iter().any(|surface| surface.as_str() == name)
}

/// Values that can be earliest or latest are moments, days and numbers.
fn magnitude(value: &Cell) -> i128 {
    match value {
        Cell::Timestamp(_) | Cell::Date(_) => value.as_moment().map_or(0, |moment| i128::from(moment.0)),
        Cell::Integer(number) => i128::from(*number),
        Cell::Amount(amount) => amount.0,
        _ => 0,
    }
}
