//! What does a field of the joined model feed?
//!
//! Fields feed fields by the rules of [`super::build`]; the table here says which. What else uses a field (conflicts, plays, dbt
//! models, reports) is added by whoever knows of it.

use serde::Serialize;

use crate::ident::FieldPath;

/// Something that a field feeds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Feed {
    /// `field`, `conflict`, `play`, `model`, or the kind of a report such as `dashboard`.
    pub kind: String,
    /// Its name: `accounts.arr`, a conflict's id, a model's column.
    pub name: String,
    /// More about it; empty when there is nothing to add.
    pub detail: String,
}

impl Feed {
    /// Names one.
    pub fn new(kind: impl Into<String>, name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { kind: kind.into(), name: name.into(), detail: detail.into() }
    }
}

/// Fields with the fields that are made of them.
const FEEDS: &[(&str, &[&str])] = &[
    ("subscriptions.mrr", &["accounts.mrr", "accounts.plan", "accounts.currency"]),
    ("subscriptions.arr", &["accounts.arr"]),
    ("subscriptions.plan", &["accounts.plan"]),
    ("subscriptions.currency", &["accounts.currency", "accounts.arr", "accounts.mrr"]),
    ("subscriptions.quantity", &["accounts.seats_bought"]),
    (
        "subscriptions.status",
        &["subscriptions.is_live", "accounts.status", "accounts.subscriptions_live", "accounts.arr", "accounts.mrr"],
    ),
    (
        "subscriptions.is_live",
        &[
            "accounts.subscriptions_live",
            "accounts.arr",
            "accounts.mrr",
            "accounts.seats_bought",
            "accounts.renewal_date",
        ],
    ),
    ("subscriptions.started_at", &["subscriptions.status", "accounts.customer_since"]),
    ("subscriptions.ended_at", &["subscriptions.status", "accounts.churned_on", "accounts.cancels_on"]),
    ("subscriptions.cancel_at", &["accounts.cancels_on"]),
    ("subscriptions.period_end", &["accounts.renewal_date"]),
    ("invoices.status", &["invoices.is_open", "accounts.open_invoices", "accounts.invoiced_12m"]),
    ("invoices.is_open", &["invoices.is_overdue", "accounts.open_invoices"]),
    ("invoices.amount", &["invoices.amount_open", "accounts.invoiced_12m"]),
    ("invoices.amount_paid", &["invoices.amount_open"]),
    ("invoices.amount_due", &["invoices.amount_open"]),
    ("invoices.amount_open", &["invoices.is_overdue", "accounts.overdue_amount"]),
    (
        "invoices.is_overdue",
        &["invoices.days_overdue", "accounts.overdue_amount", "accounts.overdue_invoices", "accounts.overdue_since"],
    ),
    ("invoices.due_at", &["invoices.is_overdue", "invoices.days_overdue", "accounts.overdue_since"]),
    ("invoices.issued_at", &["accounts.invoiced_12m"]),
    ("invoices.paid_at", &["accounts.last_paid_at"]),
    ("invoices.currency", &["accounts.overdue_amount", "accounts.invoiced_12m"]),
    ("tickets.status", &["tickets.is_open"]),
    (
        "tickets.is_open",
        &[
            "accounts.tickets_open",
            "accounts.tickets_open_urgent",
            "accounts.tickets_open_high",
            "accounts.tickets_open_normal",
            "accounts.tickets_open_low",
            "accounts.oldest_open_ticket_at",
            "people.tickets_open",
        ],
    ),
    (
        "tickets.priority",
        &[
            "accounts.tickets_open_urgent",
            "accounts.tickets_open_high",
            "accounts.tickets_open_normal",
            "accounts.tickets_open_low",
        ],
    ),
    (
        "tickets.created_at",
        &[
            "tickets.hours_to_solve",
            "accounts.tickets_90d",
            "accounts.last_ticket_at",
            "accounts.oldest_open_ticket_at",
            "accounts.hours_to_solve_90d",
            "people.tickets_90d",
            "people.last_ticket_at",
        ],
    ),
    (
        "tickets.solved_at",
        &["tickets.is_open", "tickets.hours_to_solve", "accounts.tickets_solved_90d", "accounts.hours_to_solve_90d"],
    ),
    ("tickets.satisfaction", &["tickets.is_satisfied"]),
    ("tickets.is_satisfied", &["accounts.csat", "accounts.csat_ratings"]),
    (
        "account_usage_daily.events",
        &["accounts.usage_events_7d", "accounts.usage_events_28d", "accounts.usage_events_prior_28d"],
    ),
    ("account_usage_daily.day", &["accounts.active_days_28d", "accounts.first_active_on", "accounts.last_active_on"]),
    ("accounts.arr", &["accounts.arr_reporting"]),
    ("accounts.mrr", &["accounts.mrr_reporting"]),
    (
        "accounts.currency",
        &[
            "accounts.overdue_amount",
            "accounts.invoiced_12m",
            "accounts.pipeline_amount",
            "accounts.fx_rate",
            "accounts.arr_reporting",
            "accounts.mrr_reporting",
        ],
    ),
    ("accounts.overdue_amount", &["accounts.overdue_reporting"]),
    ("accounts.fx_rate", &["accounts.arr_reporting", "accounts.mrr_reporting", "accounts.overdue_reporting"]),
    ("accounts.seats_bought", &["accounts.seat_utilisation"]),
    ("accounts.seats_used", &["accounts.seat_utilisation"]),
    ("accounts.active_users_28d", &["accounts.seats_used"]),
    ("accounts.usage_events_7d", &["accounts.usage_trend"]),
    ("accounts.usage_events_28d", &["accounts.usage_trend", "accounts.usage_change_28d"]),
    ("accounts.usage_events_prior_28d", &["accounts.usage_change_28d"]),
    ("accounts.last_active_on", &["accounts.days_silent"]),
    ("accounts.domains", &["accounts.is_internal"]),
    ("accounts.country", &["accounts.country_code"]),
    (
        "accounts.parent_entity_id",
        &["accounts.ultimate_parent_entity_id", "accounts.hierarchy_level", "accounts.child_count"],
    ),
    ("people.emails", &["people.is_internal"]),
    ("people.account_entity_id", &["accounts.people"]),
];

/// The fields that a field feeds directly.
#[must_use]
pub fn fed_by(field: &FieldPath) -> Vec<Feed> {
    let path = field.to_string();
    FEEDS
        .iter()
        .filter(|(from, _)| *from == path)
        .flat_map(|(_, to)| to.iter().map(|to| Feed::new("field", *to, "")))
        .collect()
}

/// The fields that a field is made of, for values that fourfold derives.
#[must_use]
pub fn feeding(field: &FieldPath) -> Vec<&'static str> {
    let path = field.to_string();
    FEEDS.iter().filter(|(_, to)| to.contains(&path.as_str())).map(|(from, _)| *from).collect()
}

/// Every field that the table names.
pub fn named() -> impl Iterator<Item = &'static str> {
    FEEDS.iter().flat_map(|(from, to)| std::iter::once(*from).chain(to.iter().copied()))
}
