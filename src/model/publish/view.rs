//! How does SQL show the lineage of every cell in one shape, whichever way it is kept?

use crate::model::table::{ColumnOrigin, ModelTable};
use crate::warehouse::{Dialect, TableName};

/// The columns of the view `lineage`, which are the first columns of `fourfold export lineage`.
pub const COLUMNS: [&str; 11] =
    ["entity_kind", "entity_id", "field", "value", "source", "table", "pk", "column", "sync_id", "synced_at", "rule"];

/// Tables with row origins: the word for their rows, and the expression that names a row.
const ROW_TABLES: [(&str, &str, &str); 4] = [
    ("subscriptions", "subscription", "t.subscription_id"),
    ("invoices", "invoice", "t.invoice_id"),
    ("tickets", "ticket", "t.ticket_id"),
    ("account_usage_daily", "account_usage_daily", "t.account_entity_id || ':' || CAST(t.day AS VARCHAR(10))"),
];

/// The statement that makes the view. Surviving plain values stand once; an aggregate stands once for each row that contributes to it.
#[must_use]
pub fn create(dialect: Dialect, schema: &str, tables: &[ModelTable]) -> String {
    let table = |name: &str| dialect.table(&TableName::new(schema, name));
    let list = |alias: &str| -> String {
        COLUMNS.iter().map(|name| format!("{alias}.{}", dialect.quote(name))).collect::<Vec<_>>().join(", ")
    };
    let mut branches =
        vec![format!("SELECT {} FROM {} c WHERE c.is_winner AND c.parts = 0", list("c"), table("lineage_cells"))];
    branches.push(format!(
        "SELECT c.entity_kind, c.entity_id, c.field, c.value, p.source, p.{table_word}, p.pk, p.{column_word}, p.sync_id, p.synced_at, c.rule \
         FROM {cells} c JOIN {parts} p ON p.entity_id = c.entity_id AND p.field = c.field AND p.entity_kind = c.entity_kind \
         WHERE c.is_winner AND c.parts > 0 AND p.contributes",
        table_word = dialect.quote("table"),
        column_word = dialect.quote("column"),
        cells = table("lineage_cells"),
        parts = table("lineage_parts"),
    ));
    for (name, kind, id) in ROW_TABLES {
        let Some(shape) = tables.iter().find(|table| table.name == name) else { continue };
        for column in shape.columns.iter().filter(|column| column.origin == ColumnOrigin::Row) {
            let value = format!("t.{}", dialect.quote(column.name));
            branches.push(format!(
                "SELECT {kind}, {id}, {field}, {text}, t._source, t._table, t._pk, m.{column_word}, t._sync_id, t._synced_at, m.rule \
                 FROM {rows} t JOIN {columns} m ON m.model_table = {model_table} AND m.field = {field} AND m.source = t._source \
                 AND m.{table_word} = t._table WHERE {value} IS NOT NULL",
                kind = dialect.literal(kind),
                field = dialect.literal(column.name),
                model_table = dialect.literal(name),
                text = dialect.text_as(&value, column.kind),
                column_word = dialect.quote("column"),
                table_word = dialect.quote("table"),
                rows = table(name),
                columns = table("lineage_columns"),
            ));
        }
    }
    let names: Vec<String> = COLUMNS.iter().map(|name| dialect.quote(name)).collect();
    format!("CREATE OR REPLACE VIEW {} ({}) AS {}", table("lineage"), names.join(", "), branches.join(" UNION ALL "))
}
