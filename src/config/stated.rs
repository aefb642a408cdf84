//! Which rules can a person state, and what does each apply to?
//!
//! A rule that an operator's answer made says who stated it, when and why, and names the question, so that it can be found
//! again and withdrawn. A rule that was written by hand may leave all of that out.

use serde::{Deserialize, Serialize};

/// Records that take no part, such as test tenants.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The source; every source when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The table as it is called in the warehouse; every table when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// A concept such as `account.name`, or a column.
    pub field: String,
    /// The value, in any case; `*` stands for any text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Further values, written alike.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who stated it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// The question it answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
}

impl Exclusion {
    /// Every value, in lower case.
    pub fn patterns(&self) -> impl Iterator<Item = String> + '_ {
        let first = (!self.value.trim().is_empty()).then_some(&self.value);
        first.into_iter().chain(&self.values).map(|value| value.trim().to_lowercase())
    }
}

/// Whether a text in lower case fits a pattern in which `*` stands for any text.
#[must_use]
pub fn fits(text: &str, pattern: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut left) = text.strip_prefix(head) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((last, middle)) = parts.split_last() else { return true };
    for part in middle {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

/// Values that say nothing about who a record is: an agency's domain, an id that leads to a deleted record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unkeyed {
    /// The source; every source when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The table; every table when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// `account.domain`, `account.email`, or a column that holds ids of another system.
    pub field: String,
    /// The values.
    pub values: Vec<String>,
    /// Who stated it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The question it answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
}

/// A difference that is known and accepted: one conflict, or all of one kind between two places.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The id of one conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
    /// The kind, such as `status_disagreement`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The field, such as `accounts.status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Sources, or tables as `source.table`, that its sides must stand in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub between: Vec<String>,
    /// The last day on which it is accepted, such as `2026-03-31`; for good when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Who.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The question it answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
}

/// Whose word counts for one field of one entity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The entity's stable id.
    pub entity: String,
    /// The field, such as `accounts.arr`.
    pub field: String,
    /// The source, or the surface, whose value stands.
    pub source: String,
    /// The conflict that it ends.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub conflict: String,
    /// Who.
    pub who: String,
    /// When, RFC 3339.
    pub when: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// Whether several billing customers that name one account are one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grain {
    /// The billing source.
    pub source: String,
    /// What to do with them.
    pub rule: GrainRule,
    /// Who.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The question it answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
}

/// What becomes of several billing customers that name one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrainRule {
    /// They are one account.
    RollUp,
    /// Each is an account of its own.
    Apart,
}

/// Who looks after a conflict, and what was said of it. Later ones come after earlier ones; the last owner counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// The id of the conflict.
    pub conflict: String,
    /// Who looks after it from now on; empty for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who says so.
    pub who: String,
    /// When, RFC 3339.
    pub when: String,
}

/// How one field picks its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survivorship {
    /// The rule.
    pub rule: SurvivorshipRule,
    /// Sources or surfaces, best first, for `priority` and `source`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Who stated it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The question it answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// Entities for which another rule holds; the first that fits counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
}

/// Another rule for some entities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// For which.
    pub when: Condition,
    /// The rule.
    pub rule: SurvivorshipRule,
    /// Sources or surfaces, best first, for `priority` and `source`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// What tells the entities of a segment from others: another field of the same table, as it survives without segments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The other field, such as `country`.
    pub field: String,
    /// It is one of these, in any case; `*` stands for any text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub is: Vec<String>,
    /// It is a number that is at least so large.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// It is a number that is smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
}

impl Condition {
    /// Whether a value fits; no value never does.
    #[must_use]
    pub fn holds(&self, value: Option<&str>) -> bool {
        let Some(value) = value else { return false };
        let lower = value.trim().to_lowercase();
        let listed = self.is.is_empty() || self.is.iter().any(|is| fits(&lower, &is.trim().to_lowercase()));
        let number = lower.parse::<f64>().ok();
        let enough = self.at_least.is_none_or(|least| number.is_some_and(|number| number >= least));
        let small = self.below.is_none_or(|below| number.is_some_and(|number| number < below));
        listed && enough && small
    }
}

/// How one value is chosen among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurvivorshipRule {
    /// The first source in the list that has a value.
    Priority,
    /// The most recently changed value: of the field where the source keeps its history, else of the record.
    Recency,
    /// Only the sources in the list, even when they have none.
    Source,
    /// The record with the most fields filled.
    MostComplete,
}

impl SurvivorshipRule {
    /// The word in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::Recency => "recency",
            Self::Source => "source",
            Self::MostComplete => "most_complete",
        }
    }

    /// Reads the word in the file.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Priority, Self::Recency, Self::Source, Self::MostComplete].into_iter().find(|rule| rule.as_str() == word)
    }

    /// Whether it says nothing without a list of sources.
    #[must_use]
    pub fn needs_sources(self) -> bool {
        matches!(self, Self::Priority | Self::Source)
    }
}

/// What an operator answered to a question of the interview.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// What it was about, for whoever reads the file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// The answer.
    pub answer: String,
    /// Who.
    pub who: String,
    /// When, RFC 3339.
    pub when: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The keys of this file that the answer set, with what stood there before, so that it can be withdrawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// A key of the file that an answer set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The key with its path, as TOML writes it.
    pub key: String,
    /// The value that stood there before; nothing did when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}
