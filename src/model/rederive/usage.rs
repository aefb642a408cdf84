//! Which SQL counts the use of the product again?
//!
//! Sums of events come from `account_usage_daily`. Different people cannot be added up from days, so they are counted in the events
//! themselves, with users made people by the links of the run.

use super::Subject;
use crate::chart::source_map::TableEntry;
use crate::model::build::usage_sql::EventColumns;
use crate::model::cell::Day;
use crate::warehouse::ColumnType;

pub(super) fn query(subject: &Subject<'_>) -> Option<String> {
    let field = subject.trace.field.as_str();
    if subject.trace.entity_kind == "person" {
        return person(subject);
    }
    let quoted = subject.dialect.quote(field);
    let float = subject.dialect.type_name(ColumnType::Float);
    let today = subject.as_of()?.day();
    let daily = |expression: &str, window: Option<(i32, i32)>| {
        let days = match window {
            None => format!("day <= {}", date(subject, today.0)),
            Some((from, to)) => {
                format!("day > {} AND day <= {}", date(subject, today.0 - from), date(subject, today.0 - to))
            }
        };
        Some(format!(
            "SELECT {expression} AS {quoted}\nFROM {}\nWHERE account_entity_id = {} AND {days}",
            subject.model("account_usage_daily"),
            subject.id()
        ))
    };
    let sum = "CAST(COALESCE(SUM(events), 0) AS BIGINT)";
    let of_itself = |expression: String| {
        Some(format!(
            "SELECT {expression} AS {quoted}\nFROM {}\nWHERE entity_id = {}",
            subject.model("accounts"),
            subject.id()
        ))
    };
    match field {
        "usage_events_7d" => daily(sum, Some((7, 0))),
        "usage_events_28d" => daily(sum, Some((28, 0))),
        "usage_events_prior_28d" => daily(sum, Some((56, 28))),
        "active_days_28d" => daily("COUNT(DISTINCT day)", Some((28, 0))),
        "first_active_on" => daily("MIN(day)", None),
        "last_active_on" => daily("MAX(day)", None),
        "usage_trend" => of_itself(format!("CAST(usage_events_7d * 4 AS {float}) / usage_events_28d - 1")),
        "usage_change_28d" => of_itself(format!("CAST(usage_events_28d AS {float}) / usage_events_prior_28d - 1")),
        "seat_utilisation" => of_itself(format!("CAST(seats_used AS {float}) / seats_bought")),
        "days_silent" => {
            of_itself(subject.dialect.days_between("last_active_on", &subject.dialect.literal(&today.to_string())))
        }
        "active_users_7d" => people(subject, (7, 0)),
        "active_users_28d" => people(subject, (28, 0)),
        "active_users_prior_28d" => people(subject, (56, 28)),
        "seats_used" if subject.trace.rule.contains("events") => people(subject, (28, 0)),
        _ => None,
    }
}

fn date(subject: &Subject<'_>, day: i32) -> String {
    format!("CAST({} AS DATE)", subject.dialect.literal(&Day(day).to_string()))
}

/// Every table of events that is counted, with its source.
fn events<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = (&'a str, &'a TableEntry, EventColumns<'a>)> {
    subject.entries.iter().filter_map(|(source, entry)| {
        (entry.role == crate::catalog::Role::Event)
            .then(|| EventColumns::of(entry).map(|columns| (source.as_str(), entry, columns)))?
    })
}

/// The day of an event as text that sorts like days; None where the source counts seconds.
fn day(subject: &Subject<'_>, columns: &EventColumns<'_>) -> Option<String> {
    let is_number = matches!(columns.at.kind, ColumnType::Integer | ColumnType::Float | ColumnType::Decimal);
    (!is_number).then(|| columns.day(subject.dialect))
}

/// Different people with an event of the account in a window of days.
fn people(subject: &Subject<'_>, (from, to): (i32, i32)) -> Option<String> {
    let today = subject.as_of()?.day().0;
    let dialect = subject.dialect;
    let (after, until) = (Day(today - from).to_string(), Day(today - to).to_string());
    let mut branches = Vec::new();
    for (source, entry, columns) in events(subject) {
        let day = day(subject, &columns)?;
        let person = columns.person.map(|column| dialect.text(&format!("e.{}", dialect.quote(&column.name))));
        let group = columns.account.map(|column| dialect.text(&format!("e.{}", dialect.quote(&column.name))));
        let link = |kind: &str, key: &str| {
            format!(
                "(SELECT MIN(l.entity_id) FROM {} l WHERE l.source = {} AND l.kind = {} AND l.pk = trim({key}))",
                subject.model("links"),
                dialect.literal(source),
                dialect.literal(kind)
            )
        };
        let home = |key: &str| {
            format!(
                "(SELECT MIN(r.entity_id) FROM {} r WHERE r.source = {} AND r.relation = 'user_of_account' AND r.pk = trim({key}))",
                subject.model("relations"),
                dialect.literal(source)
            )
        };
        let account = match (&group, &person) {
            (Some(group), Some(person)) => format!("COALESCE({}, {})", link("account", group), home(person)),
            (Some(group), None) => link("account", group),
            (None, Some(person)) => home(person),
            (None, None) => return None,
        };
        // Who is no known person counts by the key, apart from others of that key in another table.
        let actor = person.as_ref().map_or_else(
            || dialect.text("NULL"),
            |person| {
                let own = dialect.literal(&format!("{source}.{} ", entry.name.table));
                format!("COALESCE({}, {own} || nullif(trim({person}), ''))", link("person", person))
            },
        );
        branches.push(format!(
            "SELECT {actor} AS actor FROM {table} e WHERE {living} AND {day} > {after} AND {day} <= {until} AND {account} = {id}",
            table = dialect.table(&entry.name),
            living = columns.living(dialect, entry),
            after = dialect.literal(&after),
            until = dialect.literal(&until),
            id = subject.id()
        ));
    }
    (!branches.is_empty()).then(|| {
        format!(
            "SELECT COUNT(DISTINCT actor) AS {}\nFROM (\n  {}\n) seen",
            dialect.quote(&subject.trace.field),
            branches.join("\n  UNION ALL ")
        )
    })
}

/// What one person did.
fn person(subject: &Subject<'_>) -> Option<String> {
    let dialect = subject.dialect;
    let today = subject.as_of()?.day().0;
    let (expression, is_recent) = match subject.trace.field.as_str() {
        "usage_events_28d" => ("COUNT(*)", true),
        "active_days_28d" => ("COUNT(DISTINCT day)", true),
        "last_active_on" => ("CAST(MAX(day) AS DATE)", false),
        _ => return None,
    };
    let mut branches = Vec::new();
    for (source, entry, columns) in events(subject) {
        let Some(person) = columns.person else { continue };
        let day = day(subject, &columns)?;
        let window = if is_recent {
            format!(
                " AND {day} > {} AND {day} <= {}",
                dialect.literal(&Day(today - 28).to_string()),
                dialect.literal(&Day(today).to_string())
            )
        } else {
            String::new()
        };
        branches.push(format!(
            "SELECT {day} AS day FROM {} e WHERE {} AND trim({}) IN (SELECT l.pk FROM {} l WHERE l.source = {} AND l.entity_id = {}){window}",
            dialect.table(&entry.name),
            columns.living(dialect, entry),
            dialect.text(&format!("e.{}", dialect.quote(&person.name))),
            subject.model("links"),
            dialect.literal(source),
            subject.id()
        ));
    }
    (!branches.is_empty()).then(|| {
        format!(
            "SELECT {expression} AS {}\nFROM (\n  {}\n) seen",
            dialect.quote(&subject.trace.field),
            branches.join("\n  UNION ALL ")
        )
    })
}
