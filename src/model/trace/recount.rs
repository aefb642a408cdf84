//! What do the tables of events give for an account's days now?
//!
//! Events are counted by user where they are, and users become people as in the run: days do not add up to people, but users do.

use std::collections::{BTreeMap, BTreeSet};

use super::kept::{Kept, Recount, User};
use super::readd;
use crate::catalog::Role;
use crate::chart::source_map::TableEntry;
use crate::model::build::usage_sql::EventColumns;
use crate::model::cell::Day;
use crate::model::parse;
use crate::warehouse::{ColumnType, Dialect, Value};

/// What rows that count begin with; the place of their table follows.
pub(super) const TAG: &str = "recount:";

/// How many users are asked for at most.
const MOST_USERS: usize = 2000;

/// What is counted again.
pub(super) struct Question<'a> {
    tables: Vec<(&'a TableEntry, EventColumns<'a>, Vec<String>)>,
    first: Day,
    last: Day,
}

/// What to count again for a field; None where it does not count events, or where its events cannot be told by user and day.
pub(super) fn of<'a>(kept: &Kept, tables: &'a [(String, TableEntry)]) -> Option<Question<'a>> {
    let field = kept.trace.field.as_str();
    let counts_events = matches!(field, "usage_events_7d" | "usage_events_28d" | "usage_events_prior_28d");
    if kept.trace.entity_kind != "account" || !(counts_events || kept.trace.rule.contains("distinct people")) {
        return None;
    }
    let (first, last) = readd::days(field, kept.trace.as_of.as_deref().and_then(parse::day)?)?;
    let events: Vec<&(String, TableEntry)> = tables.iter().filter(|(_, entry)| entry.role == Role::Event).collect();
    let tracks = |entry: &TableEntry| entry.system_table.as_deref() == Some("tracks");
    let mut counted = Vec::new();
    for (source, entry) in &events {
        // As the model does: beside a table of all tracked events, tables of single events would count them twice.
        if !tracks(entry) && events.iter().any(|(of, other)| of == source && tracks(other)) {
            continue;
        }
        let Some(columns) = EventColumns::of(entry) else { continue };
        let tells_day = matches!(columns.at.kind, ColumnType::Timestamp | ColumnType::Date | ColumnType::Text);
        if columns.account.is_some() || columns.person.is_none() || !tells_day {
            return None;
        }
        let users: Vec<String> =
            kept.users.iter().filter(|user| user.source == *source).map(|user| user.pk.clone()).collect();
        if users.len() > MOST_USERS {
            return None;
        }
        if !users.is_empty() {
            counted.push((entry, columns, users));
        }
    }
    (!counted.is_empty()).then_some(Question { tables: counted, first, last })
}

impl Question<'_> {
    /// One branch a table of events: the tag, the user, how many events.
    pub(super) fn branches(&self, dialect: Dialect, width: usize, values: &mut Vec<Value>) -> Vec<String> {
        let text = dialect.type_name(ColumnType::Text);
        let mut bind = |value: &str| {
            values.push(Value::from(value));
            format!("CAST({} AS {text})", dialect.placeholder(values.len()))
        };
        let mut branches = Vec::new();
        for (place, (entry, columns, users)) in self.tables.iter().enumerate() {
            let Some(person) = columns.person else { continue };
            let who = dialect.quote(&person.name);
            let who = if person.kind == ColumnType::Text { who } else { dialect.text(&who) };
            let users: Vec<String> = users.iter().map(|user| bind(user)).collect();
            let (first, last) = (bind(&self.first.to_string()), bind(&self.last.to_string()));
            let mut items = vec![format!("'{TAG}{place}'"), who.clone(), dialect.text("COUNT(*)")];
            items.resize(width + 2, format!("CAST(NULL AS {text})"));
            branches.push(format!(
                "(SELECT {} FROM {} WHERE {}{} AND {who} IN ({}) AND {day} >= {first} AND {day} <= {last} GROUP BY {who})",
                items.join(", "),
                dialect.table(&entry.name),
                columns.living(dialect, entry),
                columns.between(dialect, self.first, self.last),
                users.join(", "),
                day = columns.day(dialect),
            ));
        }
        branches
    }
}

/// Adds up what each user did, by the place of the table, the user and the count.
pub(super) fn total(counted: &[(String, String, Option<&str>)], users: &[User]) -> Recount {
    let people: BTreeMap<&str, &str> =
        users.iter().filter_map(|user| Some((user.pk.as_str(), user.person.as_deref()?))).collect();
    let mut seen = BTreeSet::new();
    let mut events = 0;
    for (table, user, count) in counted {
        events += count.and_then(|count| count.parse::<i64>().ok()).unwrap_or(0);
        // Who is no known person counts by the key, apart from others of that key in another table.
        match people.get(user.as_str()) {
            Some(person) => seen.insert(("", *person)),
            None => seen.insert((table.as_str(), user.as_str())),
        };
    }
    Recount { events, people: seen.len() as i64 }
}
