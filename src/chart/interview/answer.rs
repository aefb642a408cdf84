//! Which rules does an answer become?
//!
//! An answer is one of the question's options, for some with a few words more (a role, a concept, columns of a key). What comes out are
//! changes of `fourfold.toml`; nothing is written here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::wording::{EACH, FOR_A_WHILE};
use super::{Place, Question};
use crate::chart::conflict::{Conflict, Side};
use crate::chart::detect::normal;
use crate::chart::stated;
use crate::config::edit::RuleEdit;
use crate::config::{Accepted, Config, Exclusion, Grain, GrainRule, Survivorship, SurvivorshipRule, Unkeyed};
use crate::error::{Error, Result};

/// Days for which a difference is accepted unless the operator says otherwise.
const A_WHILE: i32 = 90;

/// What an operator answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// The question's id.
    pub question: String,
    /// One of its options.
    pub answer: String,
    /// What an option such as `something else` asks for besides.
    pub text: String,
    /// The last day on which a difference is accepted, where the operator names one.
    pub until: Option<Date>,
    /// Who.
    pub who: String,
    /// When, RFC 3339.
    pub when: String,
    /// Why.
    pub why: String,
}

/// Whether an option asks for a few words more, and for which.
#[must_use]
pub fn asks_for(question: &Question, option: &str) -> Option<&'static str> {
    match (&question.place, option) {
        (Place::Table { .. }, "something else") => Some("what one row is, such as account, person or invoice"),
        (Place::Column { .. }, "something else") => Some("the concept, such as account.domain"),
        (Place::Conflicts { .. }, "yes, something else") => Some("the concept, such as account.former_name"),
        (Place::Conflicts { .. }, "name the columns") => Some("the columns of the key, by comma"),
        _ => None,
    }
}

/// Whether an option accepts a difference, so that a last day makes sense.
#[must_use]
pub fn accepts(option: &str) -> bool {
    option.contains("accept") || ["keep them", "leave it as it is", "no longer in use"].contains(&option)
}

/// The rules that a reply makes. `conflicts` are those the question is about; `today` is the day from which acceptance counts.
///
/// # Errors
/// `Config` when the answer is none of the options, or its words are missing or mean nothing.
pub fn rules(
    question: &Question,
    conflicts: &[&Conflict],
    reply: &Reply,
    config: &Config,
    today: Date,
) -> Result<Vec<RuleEdit>> {
    if !question.options.contains(&reply.answer) {
        return Err(Error::config(format!("{:?} is no answer to question {}", reply.answer, question.id))
            .hint(format!("answers are: {}", question.options.join(" | "))));
    }
    let asked = asks_for(question, &reply.answer);
    if let Some(asked) = asked.filter(|_| reply.text.trim().is_empty()) {
        return Err(Error::config(format!("the answer {:?} needs {asked}", reply.answer)));
    }
    match &question.place {
        Place::Table { source, table, role } => of_table(source, table, role, reply),
        Place::Column { source, table, column, concept } => of_column(source, table, column, concept, reply),
        Place::Conflicts { kind, field, one, other } => {
            let group = Group { question, kind, field, one: one.as_deref(), other: other.as_deref(), conflicts };
            group.rules(reply, config, today)
        }
    }
}

fn of_table(source: &str, table: &str, role: &str, reply: &Reply) -> Result<Vec<RuleEdit>> {
    let role = match reply.answer.as_str() {
        "no, leave the table out" => "other",
        "something else" => reply.text.trim(),
        _ => role,
    };
    if stated::role_of(role).is_none() {
        return Err(stated::unknown_role(&format!("[sources.{source}.tables.{table}]"), role));
    }
    Ok(vec![RuleEdit::set(&["sources", source, "tables", table, "role"], &role)?])
}

fn of_column(source: &str, table: &str, column: &str, concept: &str, reply: &Reply) -> Result<Vec<RuleEdit>> {
    let concept = match reply.answer.as_str() {
        "yes" => concept,
        "something else" => reply.text.trim(),
        _ => "",
    };
    Ok(vec![concept_edit(source, table, column, concept)?])
}

fn concept_edit(source: &str, table: &str, column: &str, concept: &str) -> Result<RuleEdit> {
    if !concept.is_empty() {
        stated::check_concept(&format!("[sources.{source}.tables.{table}]"), concept)?;
    }
    RuleEdit::set(&["sources", source, "tables", table, "concepts", column], &concept)
}

/// The conflicts of a question.
struct Group<'a> {
    question: &'a Question,
    kind: &'a str,
    field: &'a str,
    one: Option<&'a str>,
    other: Option<&'a str>,
    conflicts: &'a [&'a Conflict],
}

impl Group<'_> {
    fn rules(&self, reply: &Reply, config: &Config, today: Date) -> Result<Vec<RuleEdit>> {
        let answer = reply.answer.as_str();
        if answer == EACH || answer == "no, decide each" || answer == "it should be filled: repair" {
            return Ok(Vec::new());
        }
        if accepts(answer) {
            return Ok(vec![self.accept(reply, today)?]);
        }
        match self.kind {
            "internal_or_test" => self.exclusions(reply),
            "shared_domain" | "stale_cross_id" => self.ignored(reply),
            "one_to_many_billing" => self.grain(reply),
            "duplicate_table" => self.tables(answer),
            "migration_scar_field" => self.relic(reply, today),
            "no_primary_key" => self.key(reply),
            _ => self.survivorship(reply, config),
        }
    }

    /// The tables of both sides, as `source.table`.
    fn between(&self) -> Vec<String> {
        self.one.into_iter().chain(self.other).map(str::to_owned).collect()
    }

    fn accept(&self, reply: &Reply, today: Date) -> Result<RuleEdit> {
        let for_a_while = reply.answer.ends_with(FOR_A_WHILE);
        let until = reply.until.or_else(|| {
            let days = jiff::Span::new().try_days(A_WHILE).ok()?;
            for_a_while.then(|| today.checked_add(days).ok()).flatten()
        });
        RuleEdit::append(
            "accepted",
            &Accepted {
                conflict: None,
                kind: Some(self.kind.to_owned()),
                field: Some(self.field.to_owned()),
                between: self.between(),
                until: until.map(|day| day.to_string()),
                who: reply.who.clone(),
                when: reply.when.clone(),
                why: reply.why.clone(),
                question: self.question.id.clone(),
            },
        )
    }

    /// The chosen source first, then the other, then whatever stood in the rule.
    fn survivorship(&self, reply: &Reply, config: &Config) -> Result<Vec<RuleEdit>> {
        let source =
            |table: Option<&str>| table.and_then(|table| table.split('.').next()).unwrap_or_default().to_owned();
        let (one, other) = (source(self.one), source(self.other));
        let second = if reply.answer == one { other } else { one };
        let mut sources = vec![reply.answer.clone(), second];
        let stated = config.survivorship.get(self.field);
        for more in stated.into_iter().flat_map(|rule| &rule.sources) {
            if !sources.contains(more) {
                sources.push(more.clone());
            }
        }
        sources.retain(|source| !source.is_empty());
        let rule = Survivorship {
            rule: SurvivorshipRule::Priority,
            sources,
            who: reply.who.clone(),
            when: reply.when.clone(),
            why: reply.why.clone(),
            question: self.question.id.clone(),
            segments: stated.map(|rule| rule.segments.clone()).unwrap_or_default(),
        };
        Ok(vec![RuleEdit::set(&["survivorship", self.field], &rule)?])
    }

    /// The sides that stand for the records in question.
    fn sides(&self) -> impl Iterator<Item = &Side> {
        self.conflicts.iter().filter_map(|conflict| conflict.side_a.as_ref()).filter(|side| !side.value.is_empty())
    }

    /// One exclusion for each column; mailboxes go by their domain, so that colleagues who come later are meant too.
    fn exclusions(&self, reply: &Reply) -> Result<Vec<RuleEdit>> {
        let mut columns: BTreeMap<(&str, &str, &str), BTreeSet<String>> = BTreeMap::new();
        for side in self.sides() {
            let value = side.value.trim().to_lowercase();
            let pattern = match value.rsplit_once('@') {
                Some((_, domain)) if !value.contains(char::is_whitespace) => format!("*@{domain}"),
                // In a pattern the star is no star of the value any more.
                _ => value,
            };
            let place = (side.record.source.as_str(), side.record.table.as_str(), side.column.as_str());
            columns.entry(place).or_default().insert(pattern);
        }
        if columns.is_empty() {
            return Err(self.nothing_listed());
        }
        columns
            .into_iter()
            .map(|((source, table, column), values)| {
                RuleEdit::append(
                    "exclude",
                    &Exclusion {
                        source: Some(source.to_owned()),
                        table: Some(table.to_owned()),
                        field: column.to_owned(),
                        value: String::new(),
                        values: values.into_iter().collect(),
                        reason: reply.why.clone(),
                        who: reply.who.clone(),
                        when: reply.when.clone(),
                        question: self.question.id.clone(),
                    },
                )
            })
            .collect()
    }

    fn nothing_listed(&self) -> Error {
        Error::data(format!("the last run lists no record behind question {}", self.question.id))
            .hint("`fourfold run` lists them anew")
    }

    /// Domains and mailboxes everywhere, ids in the column that keeps them.
    fn ignored(&self, reply: &Reply) -> Result<Vec<RuleEdit>> {
        let mut columns: BTreeMap<(Option<&str>, Option<&str>, &str), BTreeSet<String>> = BTreeMap::new();
        for conflict in self.conflicts {
            let Some(side) = &conflict.side_a else { continue };
            if self.kind == "shared_domain" {
                let values = shared_values(self.field, &side.value, conflict.side_b.as_ref().map(|side| &*side.value));
                columns.entry((None, None, self.field)).or_default().extend(values);
            } else if !side.value.trim().is_empty() {
                let place = (Some(side.record.source.as_str()), Some(side.record.table.as_str()), side.column.as_str());
                columns.entry(place).or_default().insert(side.value.trim().to_owned());
            }
        }
        columns.retain(|_, values| !values.is_empty());
        if columns.is_empty() {
            return Err(self.nothing_listed());
        }
        columns
            .into_iter()
            .map(|((source, table, field), values)| {
                RuleEdit::append(
                    "ignore",
                    &Unkeyed {
                        source: source.map(str::to_owned),
                        table: table.map(str::to_owned),
                        field: field.to_owned(),
                        values: values.into_iter().collect(),
                        who: reply.who.clone(),
                        when: reply.when.clone(),
                        why: reply.why.clone(),
                        question: self.question.id.clone(),
                    },
                )
            })
            .collect()
    }

    fn grain(&self, reply: &Reply) -> Result<Vec<RuleEdit>> {
        let rule = if reply.answer == "roll them up" { GrainRule::RollUp } else { GrainRule::Apart };
        let source = self.one.and_then(|table| table.split('.').next()).unwrap_or_default().to_owned();
        let grain = Grain {
            source,
            rule,
            who: reply.who.clone(),
            when: reply.when.clone(),
            why: reply.why.clone(),
            question: self.question.id.clone(),
        };
        Ok(vec![RuleEdit::append("grain", &grain)?])
    }

    /// Both tables get the role that is meant, so that nothing is guessed about them any more.
    fn tables(&self, answer: &str) -> Result<Vec<RuleEdit>> {
        let first = self.conflicts.first().and_then(|conflict| conflict.side_a.as_ref().zip(conflict.side_b.as_ref()));
        let (loser, kept) = first.ok_or_else(|| self.nothing_listed())?;
        let source = loser.record.source.as_str();
        let role_of = |table: &str, role: &str| RuleEdit::set(&["sources", source, "tables", table, "role"], &role);
        let (loser, kept) = (loser.value.as_str(), kept.value.as_str());
        if answer == format!("read {kept}") {
            return Ok(vec![role_of(loser, "other")?]);
        }
        if answer == "read both" {
            return Ok(vec![role_of(loser, self.field)?]);
        }
        Ok(vec![role_of(loser, self.field)?, role_of(kept, "other")?])
    }

    fn relic(&self, reply: &Reply, today: Date) -> Result<Vec<RuleEdit>> {
        let side = self.conflicts.first().and_then(|conflict| conflict.side_a.as_ref());
        let side = side.ok_or_else(|| self.nothing_listed())?;
        let (source, table) = (side.record.source.as_str(), side.record.table.as_str());
        let role = self.field.split('.').next().unwrap_or_default();
        let concept = match reply.answer.as_str() {
            "no, ignore it" => String::new(),
            "yes, an id of the old system" => format!("{role}.external_id"),
            _ => reply.text.trim().to_owned(),
        };
        Ok(vec![concept_edit(source, table, &side.column, &concept)?, self.accept(reply, today)?])
    }

    fn key(&self, reply: &Reply) -> Result<Vec<RuleEdit>> {
        let side = self.conflicts.first().and_then(|conflict| conflict.side_a.as_ref());
        let side = side.ok_or_else(|| self.nothing_listed())?;
        let path = |key| ["sources", side.record.source.as_str(), "tables", side.record.table.as_str(), key];
        if reply.answer == "leave the table out" {
            return Ok(vec![RuleEdit::set(&path("role"), &"other")?]);
        }
        let columns: Vec<&str> = reply.text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        Ok(vec![RuleEdit::set(&path("primary_key"), &columns)?])
    }
}

/// What two records share: the domains, or the mailbox, that both values name.
pub(crate) fn shared_values(field: &str, one: &str, other: Option<&str>) -> Vec<String> {
    let read = |text: &str| -> Vec<String> {
        if field == "account.email" { normal::email(text).into_iter().collect() } else { normal::domains(text) }
    };
    let mine = read(one);
    match other.map(read) {
        Some(theirs) => mine.into_iter().filter(|value| theirs.contains(value)).collect(),
        None => mine,
    }
}
