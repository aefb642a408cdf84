//! What should a person be asked, given what was found?
//!
//! The questions follow from the map and the conflicts alone, so the same findings give the same questions under the same
//! ids, and an answer in `fourfold.toml` is found again. Answers say who, when and why, and become rules.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::conflict::Conflict;
use super::kinds;
use super::source_map::{Origin, SourceMap};
use crate::catalog::Role;
use crate::config::Answer;
use crate::ident::short_hash;

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
    /// What the answer changes.
    pub effect: Effect,
    /// How many conflicts or rows hang on it.
    pub weight: u64,
    /// Money that hangs on it, a year, by currency.
    pub money: Vec<(String, f64)>,
}

/// The questions that the findings give rise to, the weightiest first.
#[must_use]
pub fn questions(map: &SourceMap, conflicts: &[Conflict]) -> Vec<Question> {
    let mut asked = of_conflicts(conflicts);
    asked.extend(of_mappings(map));
    asked.sort_by(|one, other| {
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

/// Where a group of conflicts stands: kind, field, and the two tables.
type Place = (String, String, Option<String>, Option<String>);

fn of_conflicts(conflicts: &[Conflict]) -> Vec<Question> {
    let mut groups: BTreeMap<Place, Vec<&Conflict>> = BTreeMap::new();
    for conflict in conflicts.iter().filter(|conflict| conflict.status == "open") {
        let table = |side: &Option<super::conflict::Side>| {
            side.as_ref().map(|side| format!("{}.{}", side.record.source, side.record.table))
        };
        let place = (conflict.kind.clone(), conflict.field.clone(), table(&conflict.side_a), table(&conflict.side_b));
        groups.entry(place).or_default().push(conflict);
    }
    groups.into_iter().filter_map(|(place, group)| ask(&place, &group)).collect()
}

fn ask((kind, field, one, other): &Place, group: &[&Conflict]) -> Option<Question> {
    let here = one.as_deref().unwrap_or("the sources");
    let there = other.as_deref().unwrap_or("nothing");
    let count = group.len();
    let (text, options, effect) = wording(kind, field, here, there, group)?;
    let about = match (one, other) {
        (Some(one), Some(other)) if one != other => format!("{kind}: {field} of {one} and {other}"),
        (Some(one), _) => format!("{kind}: {field} of {one}"),
        _ => format!("{kind}: {field}"),
    };
    let id = format!("q{}", short_hash(&[kind, field, here, there].join("\u{1f}")));
    debug_assert!(kinds::by_id(kind).is_some(), "a conflict of a kind that is not listed");
    Some(Question { id, text, options, about, effect, weight: count as u64, money: money_of(group) })
}

/// The question, the answers to choose from, and what an answer changes; None for kinds that are repaired and not answered.
fn wording(
    kind: &str,
    field: &str,
    here: &str,
    there: &str,
    group: &[&Conflict],
) -> Option<(String, Vec<String>, Effect)> {
    let source = |table: &str| table.split('.').next().unwrap_or(table).to_owned();
    let (left, right) = (source(here), source(there));
    let count = group.len();
    let records = if count == 1 { "1 record".to_owned() } else { format!("{count} records") };
    let first = group.first()?;
    let value = |side: &Option<super::conflict::Side>| side.as_ref().map_or("", |side| side.value.as_str()).to_owned();
    let wording = match kind {
        "status_disagreement"
        | "amount_disagreement"
        | "plan_mismatch"
        | "seats_mismatch"
        | "owner_mismatch"
        | "country_mismatch"
        | "name_mismatch"
        | "domain_mismatch" => (
            format!("{count} accounts have one {field} in {left} and another in {right}. Which one is right?"),
            vec![left.clone(), right.clone(), "decide each".to_owned(), "accept for 90 days".to_owned()],
            Effect::Survivorship,
        ),
        "currency_mismatch" => (
            format!("{count} customers of {left} are invoiced in another currency than their own. Is that meant?"),
            vec!["yes, accept".to_owned(), "no, decide each".to_owned()],
            Effect::Acceptance,
        ),
        "timing" => (
            format!(
                "{count} dates of {left} and {right} lie a few days apart with equal amounts. Are they the same event?"
            ),
            vec!["yes, accept".to_owned(), "no, decide each".to_owned()],
            Effect::Acceptance,
        ),
        "internal_or_test" => (
            format!(
                "{records} of {here} look internal or like tests, such as {:?}. Leave them out?",
                value(&first.side_a)
            ),
            vec!["leave them out".to_owned(), "keep them".to_owned(), "decide each".to_owned()],
            Effect::Exclusion,
        ),
        "shared_domain" => (
            format!(
                "{count} domains or mailboxes of {here} stand on several companies, such as {}. Never join companies by them?",
                value(&first.side_a)
            ),
            vec!["never join by them".to_owned(), "decide each".to_owned()],
            Effect::Exclusion,
        ),
        "one_to_many_billing" => (
            format!(
                "{count} further customers of {here} name an account that another one names too. Roll them up to the account?"
            ),
            vec!["roll them up".to_owned(), "keep them apart".to_owned(), "decide each".to_owned()],
            Effect::Mapping,
        ),
        "stale_cross_id" => (
            format!(
                "{count} ids that {here} keeps of another system lead to nothing or to a deleted record. Stop using them as keys?"
            ),
            vec!["stop using them".to_owned(), "decide each".to_owned()],
            Effect::Exclusion,
        ),
        "duplicate_table" => (
            first.detail.clone() + ". Is that right?",
            vec![
                format!("read {}", value(&first.side_b)),
                format!("read {}", value(&first.side_a)),
                "read both".to_owned(),
            ],
            Effect::Source,
        ),
        "silent_null" if first.severity != super::conflict::Severity::Low => (
            format!("{}. Is it still in use?", first.detail),
            vec!["it should be filled: repair".to_owned(), "no longer in use".to_owned()],
            Effect::Acceptance,
        ),
        "migration_scar_field" => (
            format!("{}. Does it still mean anything?", first.detail),
            vec![
                "no, ignore it".to_owned(),
                "yes, an id of the old system".to_owned(),
                "yes, something else".to_owned(),
            ],
            Effect::Mapping,
        ),
        "no_primary_key" => (
            format!("{}. Which columns name a row?", first.detail),
            vec!["leave it as it is".to_owned(), "leave the table out".to_owned(), "name the columns".to_owned()],
            Effect::Mapping,
        ),
        _ => return None,
    };
    Some(wording)
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

/// What was guessed about tables and columns that matter: one question for each table, and one for each doubtful column.
fn of_mappings(map: &SourceMap) -> Vec<Question> {
    const DOUBTFUL: f64 = 0.7;
    let mut asked = Vec::new();
    for source in &map.sources {
        for table in source.tables.iter().filter(|table| table.role != Role::Other) {
            let place = format!("{}.{}", source.id, table.name.table);
            if table.origin == Origin::Inferred {
                asked.push(Question {
                    id: format!("q{}", short_hash(&format!("role\u{1f}{place}"))),
                    text: format!(
                        "{place} is in no catalog; its rows seem to be of the kind {} ({:.0} % sure). Is that right?",
                        table.role,
                        table.confidence * 100.0
                    ),
                    options: vec![
                        format!("yes, {}", table.role),
                        "no, leave the table out".to_owned(),
                        "something else".to_owned(),
                    ],
                    about: format!("role of {place}"),
                    effect: Effect::Mapping,
                    weight: table.rows,
                    money: Vec::new(),
                });
            }
            for column in &table.columns {
                let Some(concept) = &column.concept else { continue };
                if column.origin == Some(Origin::Inferred) && column.confidence < DOUBTFUL {
                    asked.push(Question {
                        id: format!("q{}", short_hash(&format!("concept\u{1f}{place}\u{1f}{}", column.name))),
                        text: format!(
                            "Does {} of {place} hold {concept}, such as {}?",
                            column.name,
                            example(&column.profile)
                        ),
                        options: vec![
                            "yes".to_owned(),
                            "no, it means nothing here".to_owned(),
                            "something else".to_owned(),
                        ],
                        about: format!("concept of {place}.{}", column.name),
                        effect: Effect::Mapping,
                        weight: table.rows.saturating_sub(column.profile.nulls),
                        money: Vec::new(),
                    });
                }
            }
        }
    }
    asked
}

fn example(profile: &super::source_map::ColumnProfile) -> String {
    let value = profile.top.first().map(|(value, _)| value.clone()).or_else(|| profile.min.clone());
    value.map_or_else(|| "nothing yet".to_owned(), |value| format!("{value:?}"))
}
