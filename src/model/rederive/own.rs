//! Which SQL gives a value again that fourfold made itself, from the links, relations and the hierarchy of the run?

use super::Subject;
pub(super) fn query(subject: &Subject<'_>) -> Option<String> {
    let field = subject.trace.field.as_str();
    let (table, key) = subject.home();
    let (dialect, id) = (subject.dialect, subject.id());
    let quoted = dialect.quote(field);
    let itself = |expression: &str| {
        Some(format!("SELECT {expression} AS {quoted}\nFROM {}\nWHERE {key} = {id}", subject.model(table)))
    };
    let linked = |expression: &str| {
        Some(format!("SELECT {expression} AS {quoted}\nFROM {}\nWHERE entity_id = {id}", subject.model("links")))
    };
    let edge = |wanted: &str, of: &str, relation: &str| {
        Some(format!(
            "SELECT {wanted} AS {quoted}\nFROM {}\nWHERE {of} = {id} AND relation = '{relation}'",
            subject.model("hierarchy")
        ))
    };
    match (table, field) {
        ("accounts" | "people", "entity_id") => {
            Some(format!("SELECT entity_id\nFROM {}\nWHERE entity_id = {id}", subject.model("entities")))
        }
        ("accounts" | "people", "record_count") => linked("COUNT(*)"),
        ("accounts" | "people", "sources") => {
            let distinct = format!("SELECT DISTINCT source FROM {} WHERE entity_id = {id}", subject.model("links"));
            let ordered = dialect.ordered("source");
            Some(format!("SELECT string_agg(source, ',' ORDER BY {ordered}) AS {quoted}\nFROM ({distinct}) known"))
        }
        ("accounts", "parent_entity_id") => edge("MIN(parent_entity_id)", "child_entity_id", "child_of"),
        ("accounts", "billed_by_entity_id") => edge("MIN(parent_entity_id)", "child_entity_id", "bills_for"),
        ("accounts", "child_count") => Some(format!(
            "SELECT COUNT(*) AS {quoted}\nFROM {}\nWHERE parent_entity_id = {id}",
            subject.model("accounts")
        )),
        ("accounts", "ultimate_parent_entity_id") => Some(climb(subject, "entity_id", "depth DESC")),
        ("accounts", "hierarchy_level") => Some(climb(subject, "CAST(depth AS BIGINT)", "depth DESC")),
        ("accounts", "arr_reporting") => itself(&converted("arr")),
        ("accounts", "mrr_reporting") => itself(&converted("mrr")),
        ("accounts", "overdue_reporting") => itself(&converted("overdue_amount")),
        ("subscriptions", "is_live") => itself("COALESCE(status = 'active', FALSE)"),
        ("invoices", "amount_open") => {
            itself("COALESCE(LEAST(amount_due, amount - COALESCE(amount_paid, 0)), amount_due)")
        }
        ("invoices", "is_overdue") => {
            let as_of = subject.moment(subject.as_of()?.0);
            itself(&format!("is_open AND COALESCE(due_at < {as_of}, FALSE) AND COALESCE(amount_open > 0, FALSE)"))
        }
        ("invoices", "days_overdue") => {
            let seconds = |expression: &str| dialect.epoch_seconds(expression);
            let as_of = subject.moment(subject.as_of()?.0);
            itself(&format!("CAST(FLOOR(({} - {}) / 86400) AS BIGINT)", seconds(&as_of), seconds("due_at")))
        }
        ("tickets", "is_open") => itself("CASE WHEN status IS NULL THEN solved_at IS NULL ELSE status = 'open' END"),
        ("tickets", "hours_to_solve") => {
            let seconds = |expression: &str| dialect.epoch_seconds(expression);
            itself(&format!("({} - {}) / 3600", seconds("solved_at"), seconds("created_at")))
        }
        ("subscriptions" | "invoices" | "tickets", "account_entity_id") => {
            let relation = format!("{}_of_account", subject.trace.entity_kind);
            Some(related(subject, &relation))
        }
        ("tickets", "person_entity_id") => Some(related(subject, "ticket_of_person")),
        ("people", "account_entity_id") => Some(home(subject)),
        ("subscriptions" | "invoices" | "tickets", "subscription_id" | "invoice_id" | "ticket_id") => {
            itself("_source || ':' || _pk")
        }
        _ => None,
    }
}

fn converted(field: &str) -> String {
    format!("CAST({field} * CAST(fx_rate AS DECIMAL(18, 6)) AS DECIMAL(38, 6))")
}

/// Steps up the hierarchy, at most as many as anybody has.
fn climb(subject: &Subject<'_>, wanted: &str, order: &str) -> String {
    format!(
        "WITH RECURSIVE above AS (\n  SELECT entity_id, parent_entity_id, 0 AS depth FROM {accounts} WHERE entity_id = {id}\n  \
         UNION ALL\n  SELECT a.entity_id, a.parent_entity_id, above.depth + 1 FROM above JOIN {accounts} a ON a.entity_id = above.parent_entity_id \
         WHERE above.depth < 64\n)\nSELECT {wanted} AS {quoted}\nFROM above\nORDER BY {order}\nLIMIT 1",
        accounts = subject.model("accounts"),
        id = subject.id(),
        quoted = subject.dialect.quote(&subject.trace.field)
    )
}

/// The entity that a relation gives to the row.
fn related(subject: &Subject<'_>, relation: &str) -> String {
    let (table, key) = subject.home();
    format!(
        "SELECT MIN(r.entity_id) AS {quoted}\nFROM {relations} r JOIN {rows} t ON t._source = r.source AND t._table = r.{table_word} AND t._pk = r.pk\n\
         WHERE t.{key} = {id} AND r.relation = {relation}",
        quoted = subject.dialect.quote(&subject.trace.field),
        relations = subject.model("relations"),
        rows = subject.model(table),
        table_word = subject.dialect.quote("table"),
        id = subject.id(),
        relation = subject.dialect.literal(relation)
    )
}

/// The account that most records of a person name.
fn home(subject: &Subject<'_>) -> String {
    format!(
        "SELECT r.entity_id AS {quoted}\nFROM {relations} r JOIN {links} l ON l.source = r.source AND l.{table_word} = r.{table_word} AND l.pk = r.pk\n\
         WHERE l.entity_id = {id} AND r.relation = 'user_of_account'\nGROUP BY r.entity_id\nORDER BY COUNT(*) DESC, {ordered}\nLIMIT 1",
        quoted = subject.dialect.quote(&subject.trace.field),
        relations = subject.model("relations"),
        links = subject.model("links"),
        table_word = subject.dialect.quote("table"),
        id = subject.id(),
        ordered = subject.dialect.ordered("r.entity_id")
    )
}
