//! How does the lineage of the model look to tools that speak OpenLineage?
//!
//! One `RunEvent` for each run, with the joined tables as outputs and the facet `columnLineage` on each, as of OpenLineage 2-0-2 and the
//! facet's version 1-2-0 (<https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json>).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::trace::Trace;
use crate::error::Result;
use crate::warehouse::{TableName, Warehouse};

const EVENT: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
const COLUMN_LINEAGE: &str =
    "https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet";
const SCHEMA: &str = "https://openlineage.io/spec/facets/1-1-1/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet";
const DOCUMENTATION: &str =
    "https://openlineage.io/spec/facets/1-0-1/DocumentationDatasetFacet.json#/$defs/DocumentationDatasetFacet";
const PRODUCER: &str = concat!("https://crates.io/crates/fourfold/", env!("CARGO_PKG_VERSION"));

/// Where the tables are: the namespace of OpenLineage, such as `duckdb` or `postgres://host:5432`, without secrets.
#[must_use]
pub fn namespace(warehouse: &dyn Warehouse) -> String {
    let described = warehouse.describe();
    match described.split_once(' ') {
        Some(("duckdb", file)) => format!("duckdb://{file}"),
        Some((engine, place)) => format!("{engine}://{}", place.trim_start_matches("postgres://")),
        None => described,
    }
}

/// Where one field of a table comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Input {
    /// The schema of the source, or of the model.
    schema: String,
    table: String,
    column: String,
    subtype: &'static str,
    description: String,
}

/// A table that is made from the model, such as that of a play.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// Its name.
    pub table: String,
    /// What it holds.
    pub documentation: String,
    /// Its columns.
    pub columns: Vec<MadeColumn>,
}

/// A column of such a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MadeColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// What it means.
    pub documentation: String,
    /// How it is made, in words.
    pub rule: String,
    /// The published tables and columns that it is made from; none for what is stated.
    pub inputs: BTreeSet<(String, String)>,
}

impl Made {
    fn output(&self, space: &str, schema: &str) -> Value {
        let mut fields = Map::new();
        for column in &self.columns {
            let listed: Vec<Value> = column
                .inputs
                .iter()
                .map(|(table, field_name)| {
                    field(
                        space,
                        &Input {
                            schema: schema.to_owned(),
                            table: table.clone(),
                            column: field_name.clone(),
                            subtype: "TRANSFORMATION",
                            description: column.rule.clone(),
                        },
                    )
                })
                .collect();
            fields.insert(column.name.clone(), json!({"inputFields": listed}));
        }
        let shape: Vec<Value> = self
            .columns
            .iter()
            .map(|column| {
                let description = format!("{} ({})", column.documentation, column.rule);
                json!({"name": column.name, "type": column.kind, "description": description})
            })
            .collect();
        json!({
            "namespace": space,
            "name": format!("{schema}.{}", self.table),
            "facets": {
                "schema": facet(SCHEMA, &json!({"fields": shape})),
                "documentation": facet(DOCUMENTATION, &json!({"description": self.documentation})),
                "columnLineage": facet(COLUMN_LINEAGE, &json!({"fields": fields})),
            },
        })
    }
}

/// The event of some columns of one table that is made from the model.
#[must_use]
pub fn of_made(made: &Made, schema: &str, namespace: &str, run: &str, at: Option<&str>) -> Value {
    let tables: BTreeSet<&String> =
        made.columns.iter().flat_map(|column| column.inputs.iter().map(|(table, _)| table)).collect();
    let inputs: Vec<Value> =
        tables.into_iter().map(|table| json!({"namespace": namespace, "name": format!("{schema}.{table}")})).collect();
    envelope(namespace, Some(run), at, &inputs, &[made.output(namespace, schema)])
}

/// A UUID of the run's name, so that the same run is the same event wherever it is written (version 8: our own hash).
fn run_uuid(run: &str) -> String {
    let hash = format!("{}{}", crate::ident::short_hash(run), crate::ident::short_hash(&format!("{run}\u{1f}")));
    format!("{}-{}-8{}-9{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}

/// The event of the last published run, with tables that were made from its model.
///
/// # Errors
/// `Warehouse` when the published tables cannot be read.
pub fn event(warehouse: &dyn Warehouse, schema: &str, made: &[Made]) -> Result<Value> {
    let dialect = warehouse.dialect();
    let table = |name: &str| dialect.table(&TableName::new(schema, name));
    let (table_word, column_word) = (dialect.quote("table"), dialect.quote("column"));
    let order = |names: &[&str]| {
        names.iter().map(|name| format!("{} NULLS FIRST", dialect.ordered(name))).collect::<Vec<_>>().join(", ")
    };
    let schemas = warehouse
        .query(&format!("SELECT DISTINCT source, {} FROM {}", dialect.quote("schema"), table("source_map")), &[])?;
    let schemas: BTreeMap<String, String> = (0..schemas.len())
        .map(|row| {
            let text = |column: usize| schemas.text(row, column).unwrap_or_default().to_owned();
            (text(0), text(1))
        })
        .collect();
    let sql = format!(
        "SELECT model_table, field, source, {table_word}, {column_word}, rule FROM {} UNION \
         SELECT CASE entity_kind WHEN 'person' THEN 'people' WHEN 'subscription' THEN 'subscriptions' ELSE 'accounts' END, \
         field, source, {table_word}, COALESCE({column_word}, ''), CASE WHEN transform = 'aggregate' THEN 'aggregate' ELSE '' END \
         FROM {} WHERE is_winner UNION \
         SELECT CASE entity_kind WHEN 'person' THEN 'people' WHEN 'subscription' THEN 'subscriptions' ELSE 'accounts' END, \
         field, source, {table_word}, COALESCE({column_word}, ''), 'aggregate' FROM {} ORDER BY 1, 2, 3, 4, 5, 6",
        table("lineage_columns"),
        table("lineage_cells"),
        table("lineage_parts")
    );
    let rows = warehouse.query(&sql, &[])?;
    let mut inputs: BTreeMap<(String, String), Vec<Input>> = BTreeMap::new();
    for row in 0..rows.len() {
        let text = |column: usize| rows.text(row, column).unwrap_or_default().to_owned();
        let rule = text(5);
        let source = text(2);
        inputs.entry((text(0), text(1))).or_default().push(Input {
            schema: schemas.get(&source).cloned().unwrap_or(source),
            table: text(3),
            column: text(4),
            subtype: subtype(&rule),
            description: rule,
        });
    }
    let columns = warehouse.query(
        &format!(
            "SELECT model_table, field, type, COALESCE(rule, ''), COALESCE(documentation, '') FROM {} ORDER BY {}",
            table("model_columns"),
            order(&["model_table"])
        ),
        &[],
    )?;
    let documentation =
        warehouse.query(&format!("SELECT model_table, documentation FROM {}", table("model_tables")), &[])?;
    let run = warehouse.query(
        &format!("SELECT run_id, finished FROM {0} WHERE started = (SELECT MAX(started) FROM {0})", table("runs")),
        &[],
    )?;
    let space = namespace(warehouse);
    let mut outputs = Vec::new();
    let mut sources = BTreeSet::new();
    for place in 0..documentation.len() {
        let name = documentation.text(place, 0).unwrap_or_default();
        let mut fields = Map::new();
        let mut shape = Vec::new();
        for row in 0..columns.len() {
            let text = |column: usize| columns.text(row, column).unwrap_or_default();
            if text(0) != name {
                continue;
            }
            shape.push(json!({"name": text(1), "type": text(2), "description": text(4)}));
            let known = inputs.get(&(name.to_owned(), text(1).to_owned()));
            let mut listed: Vec<Value> = Vec::new();
            for input in known.into_iter().flatten() {
                sources.insert(format!("{}.{}", input.schema, input.table));
                listed.push(field(&space, input));
            }
            if listed.is_empty() {
                listed.extend(own(&space, schema, text(3)));
            }
            if !listed.is_empty() {
                fields.insert(text(1).to_owned(), json!({"inputFields": listed}));
            }
        }
        outputs.push(json!({
            "namespace": space,
            "name": format!("{schema}.{name}"),
            "facets": {
                "schema": facet(SCHEMA, &json!({"fields": shape})),
                "documentation": facet(DOCUMENTATION, &json!({"description": documentation.text(place, 1).unwrap_or_default()})),
                "columnLineage": facet(COLUMN_LINEAGE, &json!({"fields": fields})),
            },
        }));
    }
    outputs.extend(made.iter().map(|made| made.output(&space, schema)));
    outputs.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
    let inputs: Vec<Value> = sources.into_iter().map(|name| json!({"namespace": space, "name": name})).collect();
    Ok(envelope(&space, run.text(0, 0), run.text(0, 1), &inputs, &outputs))
}

/// The event of one field of one entity: its dataset with the one column.
#[must_use]
pub fn of_trace(trace: &Trace, schema: &str, namespace: &str, schema_of: &dyn Fn(&str) -> String) -> Value {
    let table = match trace.entity_kind.as_str() {
        "person" => "people",
        "subscription" => "subscriptions",
        "invoice" => "invoices",
        "ticket" => "tickets",
        _ => "accounts",
    };
    let winner = trace.winner.iter().map(|cell| Input {
        schema: schema_of(&cell.source),
        table: cell.table.clone(),
        column: cell.column.clone().unwrap_or_default(),
        subtype: subtype(&cell.transform),
        description: cell.rule.clone(),
    });
    let parts = trace.parts.iter().map(|part| Input {
        schema: schema_of(&part.source),
        table: part.table.clone(),
        column: part.column.clone().unwrap_or_default(),
        subtype: "AGGREGATION",
        description: part.part.clone(),
    });
    let mut found: Vec<Input> = winner.chain(parts).collect();
    found.sort();
    found.dedup();
    let mut listed: Vec<Value> = found.iter().map(|input| field(namespace, input)).collect();
    if listed.is_empty() {
        listed.extend(own(namespace, schema, &trace.rule));
    }
    let mut sources: Vec<String> = found.iter().map(|input| format!("{}.{}", input.schema, input.table)).collect();
    sources.dedup();
    let inputs: Vec<Value> = sources.into_iter().map(|name| json!({"namespace": namespace, "name": name})).collect();
    let mut fields = Map::new();
    if !listed.is_empty() {
        fields.insert(trace.field.clone(), json!({"inputFields": listed}));
    }
    let output = json!({
        "namespace": namespace,
        "name": format!("{schema}.{table}"),
        "facets": {"columnLineage": facet(COLUMN_LINEAGE, &json!({"fields": fields}))},
    });
    envelope(namespace, trace.run_id.as_deref(), trace.as_of.as_deref(), &inputs, &[output])
}

fn envelope(namespace: &str, run: Option<&str>, at: Option<&str>, inputs: &[Value], outputs: &[Value]) -> Value {
    json!({
        "eventType": "COMPLETE",
        "eventTime": at.unwrap_or("1970-01-01T00:00:00Z"),
        "producer": PRODUCER,
        "schemaURL": EVENT,
        "run": {"runId": run_uuid(run.unwrap_or_default())},
        "job": {"namespace": namespace, "name": "fourfold.run"},
        "inputs": inputs,
        "outputs": outputs,
    })
}

fn facet(url: &str, body: &Value) -> Value {
    let mut facet = Map::new();
    facet.insert("_producer".to_owned(), PRODUCER.into());
    facet.insert("_schemaURL".to_owned(), url.into());
    if let Value::Object(members) = body {
        facet.extend(members.iter().map(|(name, member)| (name.clone(), member.clone())));
    }
    Value::Object(facet)
}

fn field(namespace: &str, input: &Input) -> Value {
    json!({
        "namespace": namespace,
        "name": format!("{}.{}", input.schema, input.table),
        "field": input.column,
        "transformations": [{
            "type": "DIRECT",
            "subtype": input.subtype,
            "description": input.description,
            "masking": false,
        }],
    })
}

/// The tables that a rule of fourfold's own names: `fourfold:links (table links)`.
fn own(namespace: &str, schema: &str, rule: &str) -> Option<Value> {
    let table = rule.split_once("(table ")?.1.trim_end_matches(')');
    Some(json!({
        "namespace": namespace,
        "name": format!("{schema}.{table}"),
        "field": "entity_id",
        "transformations": [{"type": "INDIRECT", "subtype": "JOIN", "description": rule, "masking": false}],
    }))
}

fn subtype(rule: &str) -> &'static str {
    match rule {
        "" => "IDENTITY",
        "aggregate" => "AGGREGATION",
        rule if rule.starts_with("count(") || rule.starts_with("sum(") => "AGGREGATION",
        _ => "TRANSFORMATION",
    }
}
