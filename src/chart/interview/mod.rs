//! What should a person be asked, given what was found?
//!
//! The questions follow from the map and the conflicts alone, so the same findings give the same questions under the same
//! ids, and an answer in `fourfold.toml` is found again. Answers say who, when and why, and become rules.
//!
//! | module | question |
//! | --- | --- |
//! | `wording` | how is a question about a group of conflicts worded? |
//! | `mapping` | what was guessed about tables and columns, and should be asked? |
//! | [`answer`] | which rules does an answer become? |

pub mod answer;
mod mapping;
mod wording;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::mapping::of_mappings;
use self::wording::wording;
use super::conflict::{Conflict, Side};
use super::kinds;
use super::source_map::SourceMap;
use crate::config::Answer;
use crate::ident::{Surface, short_hash};

/// What an answer changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Which value of a field survives.
    Survivorship,
    /// Which records take no part.
    Exclusion,
    /// What a column or a table means.
    Mapping,
    /// A difference that is known and accepted for a while.
    Acceptance,
    /// Which table is read.
    Source,
}

impl Effect {
    /// In words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Survivorship => "whose value stands in the joined model",
            Self::Exclusion => "which records or values take part",
            Self::Mapping => "what a table or column means",
            Self::Acceptance => "whether the difference stays listed",
            Self::Source => "which table is read",
        }
    }
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Place {
    /// Conflicts of one kind about one field between two tables.
    Conflicts {
        /// The kind.
        kind: String,
        /// The field.
        field: String,
        /// The table of the first side, as `source.table`.
        one: Option<String>,
        /// The table of the other side.
        other: Option<String>,
    },
    /// What the rows of a table are.
    Table {
        /// The source.
        source: String,
        /// The table.
        table: String,
        /// What they seem to be.
        role: String,
    },
    /// What a column means.
    Column {
        /// The source.
        source: String,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What it seems to mean.
        concept: String,
    },
}

impl Place {
    /// The place of a conflict.
    #[must_use]
    pub fn of(conflict: &Conflict) -> Self {
        let table =
            |side: &Option<Side>| side.as_ref().map(|side| format!("{}.{}", side.record.source, side.record.table));
        Self::Conflicts {
            kind: conflict.kind.clone(),
            field: conflict.field.clone(),
            one: table(&conflict.side_a),
            other: table(&conflict.side_b),
        }
    }
}

/// A question to operators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Stable over runs as long as it is about the same thing.
    pub id: String,
    /// The question, one sentence or two.
    pub text: String,
    /// The answers to choose from, the recommended one first.
    pub options: Vec<String>,
    /// What it is about: a kind of conflict or a concept, and where.
    pub about: String,
    /// The same, for programs.
    pub place: Place,
    /// What the answer changes.
    pub effect: Effect,
    /// How many conflicts or rows hang on it.
    pub weight: u64,
    /// Money that hangs on it, a year, by currency.
    pub money: Vec<(String, f64)>,
}

/// The questions that the findings give rise to, the weightiest first. Conflicts that are settled give none.
#[must_use]
pub fn questions(map: &SourceMap, conflicts: &[Conflict]) -> Vec<Question> {
    asked(map, conflicts, false)
}

/// The same with those whose conflicts were settled and whose mappings were stated, so that an answer can be looked at again.
#[must_use]
pub fn every_question(map: &SourceMap, conflicts: &[Conflict]) -> Vec<Question> {
    asked(map, conflicts, true)
}

fn asked(map: &SourceMap, conflicts: &[Conflict], settled: bool) -> Vec<Question> {
    let mut asked = of_conflicts(map, conflicts, settled);
    asked.extend(of_mappings(map, settled));
    asked.sort_by(|one, other| {
        // Sums of several currencies order questions and are shown nowhere.
        let money = |question: &Question| question.money.iter().map(|(_, amount)| *amount).sum::<f64>();
        money(other).total_cmp(&money(one)).then(other.weight.cmp(&one.weight)).then_with(|| one.id.cmp(&other.id))
    });
    asked
}

/// The questions that nobody has answered yet.
#[must_use]
pub fn open<'question>(questions: &'question [Question], answers: &[Answer]) -> Vec<&'question Question> {
    questions.iter().filter(|question| !answers.iter().any(|answer| answer.question == question.id)).collect()
}

fn of_conflicts(map: &SourceMap, conflicts: &[Conflict], settled: bool) -> Vec<Question> {
    let mut groups: BTreeMap<Place, Vec<&Conflict>> = BTreeMap::new();
    for conflict in conflicts.iter().filter(|conflict| settled || conflict.status == "open") {
        groups.entry(Place::of(conflict)).or_default().push(conflict);
    }
    groups
        .into_iter()
        .filter_map(|(place, group)| ask(place, &group))
        .map(|question| recommended(map, question))
        .collect()
}

/// Puts the answer first that is recommended: on money and contracts, billing has the first word.
fn recommended(map: &SourceMap, mut question: Question) -> Question {
    const CONTRACTS: [&str; 5] =
        ["status_disagreement", "amount_disagreement", "revenue_residual", "plan_mismatch", "seats_mismatch"];
    let about_contracts =
        matches!(&question.place, Place::Conflicts { kind, .. } if CONTRACTS.contains(&kind.as_str()));
    let bills = |name: &String| {
        map.sources.iter().any(|source| source.id.as_str() == name && source.surface == Surface::Billing)
    };
    if about_contracts
        && let [first, second, ..] = question.options.as_slice()
        && bills(second)
        && !bills(first)
    {
        question.options.swap(0, 1);
    }
    question
}

fn ask(place: Place, group: &[&Conflict]) -> Option<Question> {
    let Place::Conflicts { kind, field, one, other } = &place else { return None };
    let here = one.as_deref().unwrap_or("the sources");
    let there = other.as_deref().unwrap_or("nothing");
    let (text, options, effect) = wording(kind, field, here, there, group)?;
    let about = match (one, other) {
        (Some(one), Some(other)) if one != other => format!("{kind}: {field} of {one} and {other}"),
        (Some(one), _) => format!("{kind}: {field} of {one}"),
        _ => format!("{kind}: {field}"),
    };
    let id = format!("q{}", short_hash(&[kind, field, here, there].join("\u{1f}")));
    debug_assert!(kinds::by_id(kind).is_some(), "a conflict of a kind that is not listed");
    let (weight, money) = (group.len() as u64, money_of(group));
    Some(Question { id, text, options, about, place, effect, weight, money })
}

fn money_of(group: &[&Conflict]) -> Vec<(String, f64)> {
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for conflict in group {
        if let Some(amount) = conflict.money_at_stake {
            *sums.entry(conflict.currency.clone().unwrap_or_default()).or_default() += amount;
        }
    }
    sums.into_iter().collect()
}
