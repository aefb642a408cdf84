//! What did the joined model look like on a day in the past, as far as dated rows tell?

use std::collections::{BTreeMap, BTreeSet};

use crate::model::shape;
use crate::plays::published::Published;
use crate::warehouse::{ColumnType, Dialect};

/// The model of a day.
pub(super) struct Past {
    /// The queries that rebuild it, with their names.
    pub(super) queries: Vec<(String, String)>,
    /// The text for each table of the model.
    pub(super) tables: BTreeMap<String, String>,
    /// Fields that are not known for that day.
    pub(super) absent: BTreeSet<String>,
    /// What could not be rebuilt, in words.
    pub(super) notes: Vec<String>,
}

/// Whether a subscription brought revenue on a day.
pub(super) fn live(alias: &str, day: &str) -> String {
    format!(
        "({alias}started_at <= {day} AND coalesce({alias}ended_at > {day}, {alias}is_live) AND {alias}status IN ('active', 'ended'))"
    )
}

/// Fields of an account that hardly change, and are taken as they are now.
const LASTING: [&str; 22] = [
    "entity_id",
    "name",
    "legal_name",
    "former_name",
    "domain",
    "website",
    "city",
    "region",
    "postal_code",
    "country",
    "country_code",
    "industry",
    "employees",
    "annual_revenue",
    "owner",
    "owner_email",
    "currency",
    "created_at",
    "is_internal",
    "parent_entity_id",
    "ultimate_parent_entity_id",
    "users",
];

/// Rebuilds the model of a day, `2026-01-05`.
pub(super) fn rebuild(dialect: Dialect, published: &Published, day: &str) -> Past {
    let date = format!("CAST({} AS DATE)", dialect.literal(day));
    let name = |table: &str| published.tables.get(table).cloned().unwrap_or_default();
    let mut notes = vec![
        "names, sizes, countries, owners and parents are taken as they are now".to_owned(),
        "people active in four weeks are not kept by day: the busiest day stands for them, which is too few".to_owned(),
        "a price or seat count that changed within a subscription is taken as it is now".to_owned(),
    ];
    let mut absent = published.absent.clone();
    let mut unknown = |fields: &[&str], why: &str| {
        for field in fields {
            absent.insert(format!("accounts.{field}"));
        }
        notes.push(format!("not known then: {} ({why})", fields.join(", ")));
    };
    unknown(&["csat"], "ratings carry no day");
    let has = |field: &str| !published.absent.contains(field);
    let pays_dated = has("invoices.paid_at") && has("invoices.due_at");
    if !pays_dated {
        unknown(&["overdue_amount"], "no source says when invoices were paid");
    }
    let solves_dated = has("tickets.solved_at");
    if !solves_dated {
        unknown(
            &["tickets_open", "tickets_open_urgent", "tickets_open_high"],
            "no source says when tickets were solved",
        );
    }
    let mut queries = vec![
        ("subscriptions_then".to_owned(), subscriptions(dialect, &name("subscriptions"), &date)),
        (
            "account_usage_daily_then".to_owned(),
            format!("SELECT * FROM {} WHERE day <= {date}", name("account_usage_daily")),
        ),
        (
            "invoices_then".to_owned(),
            format!("SELECT * FROM {} WHERE coalesce(issued_at, created_at) <= {date}", name("invoices")),
        ),
        ("tickets_then".to_owned(), format!("SELECT * FROM {} WHERE created_at <= {date}", name("tickets"))),
    ];
    queries.push(("accounts_then".to_owned(), accounts(dialect, &name("accounts"), &date, pays_dated, solves_dated)));
    let mut tables: BTreeMap<String, String> =
        ["accounts", "subscriptions", "invoices", "tickets", "account_usage_daily"]
            .map(|table| (table.to_owned(), format!("{table}_then")))
            .into();
    tables.insert("people".to_owned(), name("people"));
    Past { queries, tables, absent, notes }
}

/// Subscriptions that had begun; those that end later go on, and their yearly periods stand a whole number of years earlier.
fn subscriptions(dialect: Dialect, table: &str, date: &str) -> String {
    let live = live("", date);
    let items: Vec<String> = columns("subscriptions")
        .into_iter()
        .map(|(column, kind)| {
            let quoted = dialect.quote(column);
            let kind = dialect.type_name(kind);
            let value = match column {
                "is_live" => format!("coalesce({live}, false)"),
                "status" => format!("CASE WHEN {live} THEN 'active' WHEN ended_at <= {date} THEN 'ended' ELSE status END"),
                "ended_at" => format!("CASE WHEN ended_at <= {date} THEN ended_at END"),
                "cancel_at" | "canceled_at" => format!("CASE WHEN canceled_at <= {date} THEN {quoted} END"),
                "period_end" => format!(
                    "CASE WHEN lower({}) IN ('year', '12 months') THEN CAST(period_end AS DATE) - CAST(365 * floor({} / 365.0) AS INTEGER) END",
                    dialect.quote("interval"),
                    dialect.days_between(date, "period_end")
                ),
                "period_start" => "NULL".to_owned(),
                _ => quoted.clone(),
            };
            format!("CAST({value} AS {kind}) AS {quoted}")
        })
        .collect();
    format!("SELECT {} FROM {table} WHERE coalesce(started_at, created_at) <= {date}", items.join(", "))
}

fn columns(table: &str) -> Vec<(&'static str, ColumnType)> {
    shape::tables()
        .into_iter()
        .filter(|(name, _)| *name == table)
        .flat_map(|(_, columns)| columns.into_iter().map(|column| (column.name, column.kind)))
        .collect()
}

fn accounts(dialect: Dialect, table: &str, date: &str, pays_dated: bool, solves_dated: bool) -> String {
    let known_use = |value: &str| format!("CASE WHEN n.usage_events_28d IS NOT NULL THEN coalesce({value}, 0) END");
    let open = |extra: &str| {
        if solves_dated {
            format!("CASE WHEN n.tickets_open IS NOT NULL THEN coalesce(t.{extra}, 0) END")
        } else {
            "NULL".to_owned()
        }
    };
    let ratio = dialect.ratio("4 * u.week", "u.month");
    let items: Vec<String> = columns("accounts")
        .into_iter()
        .map(|(column, kind)| {
            let quoted = dialect.quote(column);
            let value = match column {
                name if LASTING.contains(&name) => format!("n.{quoted}"),
                "status" => "CASE WHEN s.mrr > 0 THEN 'customer' WHEN s.ended > 0 THEN 'churned' \
                     WHEN n.status IN ('customer', 'churned') THEN 'prospect' ELSE n.status END"
                    .to_owned(),
                "mrr" => "coalesce(s.mrr, 0)".to_owned(),
                "arr" => "12 * coalesce(s.mrr, 0)".to_owned(),
                "plan" => "CASE WHEN s.mrr > 0 THEN n.plan END".to_owned(),
                "seats_bought" => "s.seats".to_owned(),
                "renewal_date" => "s.renewal".to_owned(),
                "subscriptions_live" => "s.live".to_owned(),
                "usage_events_7d" => known_use("u.week"),
                "usage_events_28d" => known_use("u.month"),
                "usage_trend" => format!("CASE WHEN u.month > 0 THEN {ratio} - 1 END"),
                "active_users_7d" => known_use("u.week_peak"),
                "active_users_28d" | "seats_used" => known_use("u.month_peak"),
                "active_days_28d" => known_use("u.days"),
                "first_active_on" => "u.first_day".to_owned(),
                "last_active_on" => "u.last_day".to_owned(),
                "days_silent" => dialect.days_between("u.last_day", date),
                "overdue_amount" if pays_dated => {
                    "CASE WHEN n.overdue_amount IS NOT NULL THEN coalesce(v.overdue, 0) END".to_owned()
                }
                "tickets_open" => open("open_all"),
                "tickets_open_urgent" => open("open_urgent"),
                "tickets_open_high" => open("open_high"),
                "tickets_90d" => "CASE WHEN n.tickets_90d IS NOT NULL THEN coalesce(t.recent, 0) END".to_owned(),
                _ => "NULL".to_owned(),
            };
            format!("CAST({value} AS {}) AS {quoted}", dialect.type_name(kind))
        })
        .collect();
    let unsolved = if solves_dated { format!("(solved_at IS NULL OR solved_at > {date})") } else { "false".to_owned() };
    let unpaid = if pays_dated {
        format!("due_at <= {date} AND coalesce(paid_at > {date}, true) AND status IN ('open', 'paid', 'uncollectible')")
    } else {
        "false".to_owned()
    };
    format!(
        "SELECT {items} FROM {table} n \
         LEFT JOIN (SELECT account_entity_id, sum(CASE WHEN is_live THEN mrr END) AS mrr, sum(CASE WHEN is_live THEN quantity END) AS seats, \
         sum(CASE WHEN is_live THEN 1 ELSE 0 END) AS live, sum(CASE WHEN status = 'ended' THEN 1 ELSE 0 END) AS ended, \
         min(CASE WHEN is_live THEN CAST(period_end AS DATE) END) AS renewal FROM subscriptions_then GROUP BY account_entity_id) s \
         ON s.account_entity_id = n.entity_id \
         LEFT JOIN (SELECT account_entity_id, sum(CASE WHEN day > {week} THEN events ELSE 0 END) AS week, \
         sum(CASE WHEN day > {month} THEN events ELSE 0 END) AS month, max(CASE WHEN day > {week} THEN active_users END) AS week_peak, \
         max(CASE WHEN day > {month} THEN active_users END) AS month_peak, count(DISTINCT CASE WHEN day > {month} THEN day END) AS days, \
         min(day) AS first_day, max(day) AS last_day FROM account_usage_daily_then GROUP BY account_entity_id) u \
         ON u.account_entity_id = n.entity_id \
         LEFT JOIN (SELECT account_entity_id, sum(CASE WHEN {unpaid} THEN amount END) AS overdue FROM invoices_then GROUP BY account_entity_id) v \
         ON v.account_entity_id = n.entity_id \
         LEFT JOIN (SELECT account_entity_id, sum(CASE WHEN {unsolved} THEN 1 ELSE 0 END) AS open_all, \
         sum(CASE WHEN {unsolved} AND priority = 'urgent' THEN 1 ELSE 0 END) AS open_urgent, \
         sum(CASE WHEN {unsolved} AND priority = 'high' THEN 1 ELSE 0 END) AS open_high, \
         sum(CASE WHEN created_at > {quarter} THEN 1 ELSE 0 END) AS recent FROM tickets_then GROUP BY account_entity_id) t \
         ON t.account_entity_id = n.entity_id",
        items = items.join(", "),
        week = format_args!("({date} - 7)"),
        month = format_args!("({date} - 28)"),
        quarter = format_args!("({date} - 90)"),
    )
}
