//! Do the rows still give the value?

use super::Check;
use super::kept::{Kept, Recount};
use crate::model::cell::{Amount, Day};
use crate::model::parse;

/// How many days a field of use covers.
pub(super) fn window(field: &str) -> Option<i32> {
    match field {
        "usage_events_7d" | "active_users_7d" => Some(7),
        "usage_events_28d" | "active_users_28d" | "active_days_28d" | "usage_trend" | "usage_change_28d"
        | "seats_used" => Some(28),
        "usage_events_prior_28d" | "active_users_prior_28d" => Some(56),
        "first_active_on" | "last_active_on" | "days_silent" | "seat_utilisation" => Some(i32::MAX),
        _ => None,
    }
}

/// Adds the contributions up again, or counts the rows, or the days.
pub(super) fn check(kept: &mut Kept) {
    let Some(value) = kept.trace.value.clone() else { return };
    kept.trace.check = by_days(kept, &value).or_else(|| by_parts(kept, &value));
    if let Some(Recount { events, .. }) = kept.recount
        && let Some(then) = kept.trace.as_of.as_deref().and_then(parse::day).and_then(|today| {
            let (first, last) = days(&kept.trace.field, today)?;
            Some(within(kept, first, last).iter().map(|(_, events, _)| events).sum::<i64>())
        })
    {
        kept.trace.notes.push(if events == then {
            format!("the source still counts {events} events")
        } else {
            format!("the source counts {events} events now, the run counted {then}")
        });
    }
}

/// The days that a field covers: the first and the last.
pub(super) fn days(field: &str, today: Day) -> Option<(Day, Day)> {
    let days = window(field)?;
    let first = Day(today.0.saturating_sub(days).saturating_add(1));
    Some((first, if days == 56 { Day(today.0 - 28) } else { today }))
}

/// Days with events, their events and users.
fn within(kept: &Kept, first: Day, last: Day) -> Vec<(Day, i64, i64)> {
    let days = kept.days.iter().filter_map(|(day, events, users)| Some((parse::day(day)?, *events, *users)));
    days.filter(|(day, ..)| *day >= first && *day <= last).collect()
}

/// All contributions, also those that are not listed.
fn by_parts(kept: &Kept, value: &str) -> Option<Check> {
    if let Some(sum) = kept.total {
        let holds = parse::money(value)?;
        let shown = if value.contains('.') { sum.to_string() } else { (sum.0 / Amount::SCALE).to_string() };
        return Some(Check {
            how: format!("sum of {} contributions", kept.trace.part_count),
            rows_give: shown,
            field_holds: value.to_owned(),
            agrees: sum == holds,
        });
    }
    let counts = kept.counted > 0 || (kept.behind == 0 && kept.trace.rule.contains("count("));
    let nothing = kept.behind == 0 && kept.trace.rule.contains("sum(");
    (counts || nothing).then(|| {
        let shown = if nothing && value.contains('.') { Amount::ZERO.to_string() } else { kept.counted.to_string() };
        Check {
            how: if nothing { "sum of no contributions".to_owned() } else { "count of rows".to_owned() },
            agrees: value == shown,
            rows_give: shown,
            field_holds: value.to_owned(),
        }
    })
}

fn by_days(kept: &Kept, value: &str) -> Option<Check> {
    if kept.trace.entity_kind != "account" {
        return None;
    }
    if kept.trace.winner.as_ref()?.transform != "aggregate" {
        return None;
    }
    let today = kept.trace.as_of.as_deref().and_then(parse::day)?;
    let (first, last) = days(&kept.trace.field, today)?;
    let days = within(kept, first, last);
    if kept.trace.rule.contains("distinct people") {
        return people(kept, &days, value);
    }
    let within: Vec<(Day, i64)> = days.iter().map(|(day, events, _)| (*day, *events)).collect();
    let (how, give) = match kept.trace.field.as_str() {
        "usage_events_7d" | "usage_events_28d" | "usage_events_prior_28d" => (
            format!("sum of events over {} days with any", within.len()),
            within.iter().map(|(_, events)| events).sum::<i64>().to_string(),
        ),
        "active_days_28d" => ("count of days with events".to_owned(), within.len().to_string()),
        "first_active_on" => {
            ("first day with events".to_owned(), within.iter().map(|(day, _)| *day).min()?.to_string())
        }
        "last_active_on" => ("last day with events".to_owned(), within.iter().map(|(day, _)| *day).max()?.to_string()),
        _ => return None,
    };
    Some(Check { how, agrees: give == value, rows_give: give, field_holds: value.to_owned() })
}

/// People who come on several days are one person each, so days do not add up to people: they are counted in the events themselves.
/// Where that cannot be done, there are at least as many as on the busiest day, and at most as many as events.
fn people(kept: &Kept, days: &[(Day, i64, i64)], value: &str) -> Option<Check> {
    let holds: i64 = value.parse().ok()?;
    if let Some(Recount { people, .. }) = kept.recount {
        return Some(Check {
            how: "different people behind the events in the source".to_owned(),
            agrees: people == holds,
            rows_give: people.to_string(),
            field_holds: value.to_owned(),
        });
    }
    let least = days.iter().map(|(.., users)| *users).max().unwrap_or(0);
    let most = days.iter().map(|(_, events, _)| events).sum::<i64>();
    Some(Check {
        how: format!("people on the busiest of {} days, and events of them all", days.len()),
        agrees: (least..=most).contains(&holds),
        rows_give: format!("{least} to {most}"),
        field_holds: value.to_owned(),
    })
}
