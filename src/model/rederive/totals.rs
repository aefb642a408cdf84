//! Which SQL computes a total by its rule from the rows of the joined model?

use super::Subject;
use crate::model::cell::DAY_MICROS;
use crate::warehouse::ColumnType;

pub(super) fn query(subject: &Subject<'_>) -> Option<String> {
    match subject.trace.entity_kind.as_str() {
        "account" => account(subject),
        "person" => person(subject),
        _ => None,
    }
}

fn account(subject: &Subject<'_>) -> Option<String> {
    let field = subject.trace.field.as_str();
    let mine = format!("account_entity_id = {}", subject.id());
    let currency = format!(
        "(currency IS NULL OR currency = (SELECT currency FROM {} WHERE entity_id = {}))",
        subject.model("accounts"),
        subject.id()
    );
    let float = subject.dialect.type_name(ColumnType::Float);
    let (table, expression, condition) = match field {
        "arr" | "mrr" => return Some(recurring(subject, field)),
        "seats_bought" => ("subscriptions", "SUM(quantity)".to_owned(), "is_live".to_owned()),
        "subscriptions_live" => ("subscriptions", "COUNT(*)".to_owned(), "is_live".to_owned()),
        "people" => ("people", "COUNT(*)".to_owned(), String::new()),
        "open_invoices" => ("invoices", "COUNT(*)".to_owned(), "is_open".to_owned()),
        "overdue_invoices" => ("invoices", "COUNT(*)".to_owned(), "is_overdue".to_owned()),
        "overdue_amount" => {
            ("invoices", "COALESCE(SUM(amount_open), 0)".to_owned(), format!("is_overdue AND {currency}"))
        }
        "invoiced_12m" => (
            "invoices",
            "COALESCE(SUM(amount), 0)".to_owned(),
            format!(
                "{} AND COALESCE(status, 'open') NOT IN ('draft', 'void') AND {currency}",
                within(subject, "issued_at", 365)?
            ),
        ),
        "tickets_open" => ("tickets", "COUNT(*)".to_owned(), "is_open".to_owned()),
        "tickets_open_urgent" => ("tickets", "COUNT(*)".to_owned(), "is_open AND priority = 'urgent'".to_owned()),
        "tickets_open_high" => ("tickets", "COUNT(*)".to_owned(), "is_open AND priority = 'high'".to_owned()),
        "tickets_open_normal" => {
            ("tickets", "COUNT(*)".to_owned(), "is_open AND priority IN ('normal', 'medium')".to_owned())
        }
        "tickets_open_low" => ("tickets", "COUNT(*)".to_owned(), "is_open AND priority = 'low'".to_owned()),
        "tickets_90d" => ("tickets", "COUNT(*)".to_owned(), within(subject, "created_at", 90)?),
        "tickets_solved_90d" => ("tickets", "COUNT(*)".to_owned(), within(subject, "solved_at", 90)?),
        "hours_to_solve_90d" => {
            let seconds = |column: &str| subject.dialect.epoch_seconds(column);
            let minutes = format!("FLOOR(({} - {}) / 60)", seconds("solved_at"), seconds("created_at"));
            (
                "tickets",
                format!("CAST(SUM({minutes}) AS {float}) / COUNT(*) / 60"),
                format!("{} AND solved_at >= created_at", within(subject, "solved_at", 90)?),
            )
        }
        "csat" => (
            "tickets",
            format!("CAST(SUM(CASE WHEN is_satisfied THEN 1 ELSE 0 END) AS {float}) / COUNT(is_satisfied)"),
            "is_satisfied IS NOT NULL".to_owned(),
        ),
        "csat_ratings" => ("tickets", "COUNT(is_satisfied)".to_owned(), "is_satisfied IS NOT NULL".to_owned()),
        _ => return None,
    };
    Some(select(subject, table, &expression, &mine, &condition))
}

/// Recurring revenue in the currency of the largest; zero when nothing is live.
fn recurring(subject: &Subject<'_>, field: &str) -> String {
    let (table, id) = (subject.model("subscriptions"), subject.id());
    let largest = format!(
        "SELECT currency FROM {table} WHERE account_entity_id = {id} AND is_live AND mrr IS NOT NULL AND currency IS NOT NULL \
         GROUP BY currency ORDER BY SUM(mrr) DESC, {} LIMIT 1",
        subject.dialect.ordered("currency")
    );
    format!(
        "SELECT CAST(COALESCE(SUM({field}), 0) AS DECIMAL(38, 6)) AS {}\nFROM {table}\nWHERE account_entity_id = {id} AND is_live\n  \
         AND (currency IS NULL OR currency = ({largest}))",
        subject.dialect.quote(field)
    )
}

fn person(subject: &Subject<'_>) -> Option<String> {
    let mine = format!("person_entity_id = {}", subject.id());
    let condition = match subject.trace.field.as_str() {
        "tickets_open" => "is_open".to_owned(),
        "tickets_90d" => within(subject, "created_at", 90)?,
        _ => return None,
    };
    Some(select(subject, "tickets", "COUNT(*)", &mine, &condition))
}

fn select(subject: &Subject<'_>, table: &str, expression: &str, mine: &str, condition: &str) -> String {
    let more = if condition.is_empty() { String::new() } else { format!("\n  AND {condition}") };
    let kind = match subject.trace.field.as_str() {
        "overdue_amount" | "invoiced_12m" => Some("DECIMAL(38, 6)"),
        "seats_bought" => Some("BIGINT"),
        _ => None,
    };
    let expression = kind.map_or_else(|| expression.to_owned(), |kind| format!("CAST({expression} AS {kind})"));
    format!(
        "SELECT {expression} AS {}\nFROM {}\nWHERE {mine}{more}",
        subject.dialect.quote(&subject.trace.field),
        subject.model(table)
    )
}

/// The days up to the run, as the run counted them.
fn within(subject: &Subject<'_>, column: &str, days: i64) -> Option<String> {
    let as_of = subject.as_of()?.0;
    let (since, until) = (subject.moment(as_of - days * DAY_MICROS), subject.moment(as_of));
    Some(format!("{column} > {since} AND {column} <= {until}"))
}
