//! Which entity does somebody mean?

use crate::error::{Error, Result};
use crate::warehouse::{ColumnType, Dialect, TableName, Value, Warehouse, printable};

/// An entity that was found, and its field.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) table: &'static str,
    pub(super) field: String,
    pub(super) documentation: Option<String>,
    pub(super) origin: String,
    pub(super) own_rule: Option<String>,
    /// Whether no source feeds the field.
    pub(super) is_absent: bool,
}

/// Kinds with their tables and the column of their ids.
pub(super) const KINDS: [(&str, &str, &str); 5] = [
    ("account", "accounts", "entity_id"),
    ("person", "people", "entity_id"),
    ("subscription", "subscriptions", "subscription_id"),
    ("invoice", "invoices", "invoice_id"),
    ("ticket", "tickets", "ticket_id"),
];

struct Match {
    kind: String,
    id: String,
    name: Option<String>,
    rank: i64,
}

/// Finds the entity and the field in one round trip.
pub(super) fn entity(warehouse: &dyn Warehouse, schema: &str, text: &str, field: &str) -> Result<Found> {
    let field = field.rsplit('.').next().unwrap_or(field).trim();
    let (wanted, sql, values) = question(warehouse.dialect(), schema, text);
    let rows = warehouse.query(&sql, &values)?;
    let mut matches = Vec::new();
    let mut fields = Vec::new();
    for row in 0..rows.len() {
        let cell = |column: usize| rows.text(row, column).map(str::to_owned);
        if rows.text(row, 0) == Some("entity") {
            matches.push(Match {
                kind: cell(1).unwrap_or_default(),
                id: cell(2).unwrap_or_default(),
                name: cell(3),
                rank: rows.text(row, 4).and_then(|rank| rank.parse().ok()).unwrap_or(9),
            });
        } else {
            fields.push([cell(1), cell(2), cell(3), cell(4), cell(5), cell(6)].map(Option::unwrap_or_default));
        }
    }
    let chosen = choose(matches, wanted)?;
    let table = KINDS.iter().find(|(kind, _, _)| *kind == chosen.kind).map_or("accounts", |(_, table, _)| *table);
    let Some([_, name, origin, rule, documentation, absent]) =
        fields.iter().find(|[of, name, ..]| of == table && name == field).cloned()
    else {
        return Err(unknown_field(table, field, &fields));
    };
    Ok(Found {
        kind: chosen.kind,
        id: chosen.id,
        name: chosen.name,
        table,
        field: name,
        documentation: Some(documentation).filter(|text| !text.is_empty()),
        origin,
        own_rule: Some(rule).filter(|rule| !rule.is_empty()),
        is_absent: absent == "true",
    })
}

/// Finds the entity alone: its kind, id and name.
pub(super) fn named(warehouse: &dyn Warehouse, schema: &str, text: &str) -> Result<(String, String, Option<String>)> {
    let (wanted, sql, values) = question(warehouse.dialect(), schema, text);
    let rows = warehouse.query(&sql, &values)?;
    let matches = (0..rows.len())
        .filter(|row| rows.text(*row, 0) == Some("entity"))
        .map(|row| Match {
            kind: rows.text(row, 1).unwrap_or_default().to_owned(),
            id: rows.text(row, 2).unwrap_or_default().to_owned(),
            name: rows.text(row, 3).map(str::to_owned),
            rank: rows.text(row, 4).and_then(|rank| rank.parse().ok()).unwrap_or(9),
        })
        .collect();
    choose(matches, wanted).map(|found| (found.kind, found.id, found.name))
}

/// What to ask for an entity named by a text: the text without its kind, the statement, its values.
fn question<'text>(dialect: Dialect, schema: &str, text: &'text str) -> (&'text str, String, Vec<Value>) {
    let (kind, wanted) = match text.split_once(':') {
        Some((kind, rest)) if KINDS.iter().any(|(known, _, _)| *known == kind) => (Some(kind), rest.trim()),
        _ => (None, text.trim()),
    };
    let by_id = is_id(wanted) || kind.is_some_and(|kind| !matches!(kind, "account" | "person"));
    let sql = query(dialect, schema, kind, by_id);
    let start: String = wanted.chars().take(3).collect();
    let mut values = vec![Value::from(wanted)];
    if !by_id {
        values.push(Value::from(format!("{}%", like(wanted))));
        values.push(Value::from(format!("%{}%", like(wanted))));
        values.push(Value::from(format!("{}%", like(&start))));
    }
    (wanted, sql, values)
}

/// A text without the two letters that mean something to LIKE.
fn like(text: &str) -> String {
    text.to_lowercase().replace(['%', '_', '\\'], "_")
}

/// Whether a text is written as fourfold writes ids of accounts and people: those are looked up, not searched for.
fn is_id(text: &str) -> bool {
    text.strip_prefix("acc_").or(text.strip_prefix("per_")).is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

fn query(dialect: Dialect, schema: &str, kind: Option<&str>, by_id: bool) -> String {
    let table = |name: &str| dialect.table(&TableName::new(schema, name));
    let (one, none) = ("CAST($1 AS VARCHAR(1000))", "CAST(NULL AS VARCHAR(1000))");
    let mut branches = Vec::new();
    for (known, name, id) in KINDS {
        if kind.is_some_and(|kind| kind != known) || (kind.is_none() && !matches!(known, "account" | "person")) {
            continue;
        }
        let (label, also) = match known {
            "account" => ("name", format!("OR domain = lower({one})")),
            "person" => ("name", format!("OR email = lower({one})")),
            _ => (id, String::new()),
        };
        if by_id {
            branches.push(format!(
                "SELECT 'entity' AS tag, '{known}' AS kind, {id} AS id, {label} AS label, '0' AS grade, {none} AS more, {none} AS last \
                 FROM {} WHERE {id} = {one}",
                table(name)
            ));
            continue;
        }
        branches.push(format!(
            "SELECT * FROM (SELECT 'entity' AS tag, '{known}' AS kind, {id} AS id, {label} AS label, \
             CASE WHEN {id} = {one} THEN '0' WHEN lower({label}) = lower({one}) {also} THEN '1' \
             WHEN lower({label}) LIKE CAST($2 AS VARCHAR(1000)) THEN '2' WHEN lower({label}) LIKE CAST($3 AS VARCHAR(1000)) THEN '3' \
             WHEN lower({label}) LIKE CAST($4 AS VARCHAR(1000)) THEN '4' END AS grade, {none} AS more, {none} AS last FROM {}) {known}_found \
             WHERE grade IS NOT NULL",
            table(name)
        ));
    }
    let fields = format!(
        "SELECT 'field', model_table, field, origin, COALESCE(rule, ''), COALESCE(documentation, ''), {} FROM {}",
        dialect.text_as("is_absent", ColumnType::Boolean),
        table("model_columns")
    );
    let entities = branches.join(" UNION ALL ");
    format!(
        "SELECT tag, kind, id, label, grade, more, last FROM (SELECT * FROM ({entities}) entities ORDER BY grade, {} LIMIT 40) best \
         UNION ALL {fields}",
        dialect.ordered("id")
    )
}

fn choose(mut matches: Vec<Match>, wanted: &str) -> Result<Match> {
    let best = matches.iter().map(|found| found.rank).min().unwrap_or(9);
    if best < 4 {
        matches.retain(|found| found.rank == best);
        if matches.len() == 1
            && let Some(only) = matches.pop()
        {
            return Ok(only);
        }
    }
    let listed = |matches: &[Match]| {
        matches
            .iter()
            .take(8)
            .map(|found| {
                format!(
                    "{}:{} ({})",
                    found.kind,
                    printable(&found.id),
                    printable(found.name.as_deref().unwrap_or("no name"))
                )
            })
            .collect::<Vec<_>>()
            .join(", ")
    };
    if best < 4 {
        return Err(Error::not_found(format!("{:?} fits {} entities", printable(wanted), matches.len()))
            .hint(format!("say which: {}", listed(&matches))));
    }
    let lowered = wanted.to_lowercase();
    let alike = |found: &Match| {
        let name = found.name.as_deref().unwrap_or_default().to_lowercase();
        rapidfuzz::distance::jaro_winkler::normalized_similarity(name.chars(), lowered.chars())
    };
    matches.sort_by(|one, other| alike(other).total_cmp(&alike(one)).then_with(|| one.id.cmp(&other.id)));
    let error = Error::not_found(format!("no account or person is called {:?}", printable(wanted)))
        .hint("an entity is named by its id (account:acc_…), its name, the beginning of its name, or its domain");
    Err(if matches.is_empty() { error } else { error.hint(format!("did you mean {}?", listed(&matches))) })
}

fn unknown_field(table: &str, field: &str, fields: &[[String; 6]]) -> Error {
    let mut names: Vec<&str> =
        fields.iter().filter(|[of, ..]| of == table).map(|[_, name, ..]| name.as_str()).collect();
    let alike = |name: &str| rapidfuzz::distance::jaro_winkler::normalized_similarity(name.chars(), field.chars());
    let all = names.join(", ");
    names.sort_by(|one, other| alike(other).total_cmp(&alike(one)));
    let error = Error::not_found(format!("{table} has no field {:?}", printable(field)));
    match names.first().filter(|name| alike(name) > 0.8) {
        Some(close) => error.hint(format!("did you mean {close}?")).hint(format!("fields: {all}")),
        None => error.hint(format!("fields: {all}")),
    }
}
