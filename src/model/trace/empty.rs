//! Why is a field empty?

use super::find::Found;
use super::view::Trace;

/// Says which rule left an empty field empty.
pub(super) fn explain(trace: &mut Trace, found: &Found) {
    if trace.value.is_some() {
        return;
    }
    let why = if !trace.losers.is_empty() {
        let rule = trace.losers.first().map(|loser| loser.rule.clone()).unwrap_or_default();
        format!("left empty by {rule}: it lets none of the {} values below survive", trace.losers.len())
    } else if let Some(formula) = formula(&found.field) {
        formula.to_owned()
    } else if found.is_absent {
        format!(
            "no source gives {}.{} to anybody: no column feeds it, or every such column is empty",
            found.table, found.field
        )
    } else if let Some(rule) = &found.own_rule {
        format!("{rule} gives nothing here")
    } else {
        match found.origin.as_str() {
            "row" => trace.winner.as_ref().map_or_else(
                || "no column of the source table feeds it".to_owned(),
                |cell| {
                    let column = cell.column.as_deref().unwrap_or_default();
                    let how = if cell.transform.is_empty() { "text" } else { &cell.transform };
                    format!(
                        "{}.{}.{column} is empty in this row, or holds nothing that reads as {how}",
                        cell.source, cell.table
                    )
                },
            ),
            _ => silent(trace, &found.field),
        }
    };
    trace.rule.clone_from(&why);
    trace.notes.retain(|note| !note.starts_with("no source has a value") && !note.starts_with("the rule lets none"));
    trace.notes.push(why);
}

/// Fields that survive are empty when no record offers a value; totals when the surface that keeps such rows does not know the entity.
fn silent(trace: &Trace, field: &str) -> String {
    let sources: std::collections::BTreeSet<&str> = trace.links.iter().map(|link| link.source.as_str()).collect();
    let known = sources.into_iter().collect::<Vec<_>>().join(", ");
    let known = if known.is_empty() { "no source".to_owned() } else { known };
    let keeper = match field {
        "users" | "first_active_on" | "last_active_on" | "days_silent" | "seats_used" => Some("product"),
        field if field.starts_with("usage_") || field.starts_with("active_") => Some("product"),
        field if field.contains("ticket") || field.starts_with("csat") || field.starts_with("hours_to_solve") => {
            Some("support")
        }
        field if field.contains("invoice") || field.starts_with("overdue") || field == "last_paid_at" => {
            Some("billing")
        }
        "subscriptions_live" | "customer_since" | "cancels_on" | "churned_on" => Some("billing"),
        "open_opportunities" | "pipeline_amount" | "next_close_on" | "last_won_on" => Some("crm"),
        _ => None,
    };
    match keeper {
        Some(surface) => format!(
            "no {surface} row gives a value: the entity is known to {known}; where {surface} does not know it, empty is not zero"
        ),
        None => format!(
            "no record offers a value: the entity has records in {known}, and none fills a column of this meaning"
        ),
    }
}

/// What a ratio lacks where it is empty.
fn formula(field: &str) -> Option<&'static str> {
    Some(match field {
        "seat_utilisation" => "seats_used / seats_bought: one of the two is empty, or none was bought",
        "usage_trend" => {
            "usage_events_7d * 4 / usage_events_28d - 1: there was no event in 28 days, or no use is known"
        }
        "usage_change_28d" => {
            "usage_events_28d / usage_events_prior_28d - 1: there was no event in the 28 days before, or no use is known"
        }
        _ => return None,
    })
}
