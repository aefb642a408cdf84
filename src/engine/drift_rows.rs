//! Which rows of the source show what a finding says?

use crate::chart::source_map::SourceMap;
use crate::config::Workspace;
use crate::drift::finding::{Finding, FindingKind};
use crate::error::{Error, Result};
use crate::warehouse::{Column, ColumnType, TableName, TableShape, Value, Warehouse};

/// Rows that are read at most.
const MOST: usize = 200;
/// Columns that are shown at most.
const COLUMNS: usize = 12;

/// Rows behind a finding, the names of the columns first: the key, the column itself, and what fits besides.
///
/// # Errors
/// `NotFound` when the finding is about no table, or when the table is gone; `Warehouse` when it cannot be read.
pub fn rows(workspace: &Workspace, warehouse: &dyn Warehouse, finding: &Finding) -> Result<Vec<Vec<String>>> {
    let Some(source) = workspace.config.sources.get(&finding.source) else {
        return Err(Error::not_found("this finding is about no table of a source")
            .hint("open one of the other findings of its cause, or `fourfold trace` an account that it touches"));
    };
    let schema = source.schema.as_deref().unwrap_or(&finding.source);
    let shapes = warehouse.tables(schema)?;
    let shape = shapes.iter().find(|shape| shape.name.table == finding.table).ok_or_else(|| {
        Error::not_found(format!("{}.{} is not in the warehouse any more", finding.source, finding.table))
    })?;
    let key = key_of(workspace, warehouse, finding, shape);
    let columns = shown(shape, &key, finding);
    let dialect = warehouse.dialect();
    let listed: Vec<String> = columns
        .iter()
        .map(|column| dialect.text_as(&format!("t.{}", dialect.quote(&column.name)), column.kind))
        .collect();
    let (condition, values) = condition(warehouse, shape, finding, &key);
    let order: Vec<String> = (1..=columns.len()).map(|place| place.to_string()).collect();
    let sql = format!(
        "SELECT {} FROM {} AS t {condition} ORDER BY {} LIMIT {MOST}",
        listed.join(", "),
        dialect.table(&shape.name),
        order.join(", ")
    );
    let rows = warehouse.query(&sql, &values)?;
    let mut found = vec![columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>()];
    found.extend((0..rows.len()).map(|row| {
        (0..columns.len()).map(|column| rows.text(row, column).unwrap_or_default().to_owned()).collect::<Vec<_>>()
    }));
    Ok(found)
}

/// The primary key, as it was published.
fn key_of(workspace: &Workspace, warehouse: &dyn Warehouse, finding: &Finding, shape: &TableShape) -> Vec<String> {
    let stated = workspace.config.sources.get(&finding.source).and_then(|source| source.tables.get(&finding.table));
    if let Some(keys) = stated.and_then(|table| table.primary_key.clone()) {
        return keys;
    }
    let published = super::snapshot::published_map(warehouse, workspace.config.warehouse.schema()).unwrap_or_default();
    let known = table_of(&published, finding).filter(|keys| !keys.is_empty());
    let known = known.filter(|keys| keys.iter().all(|key| shape.columns.iter().any(|column| column.name == *key)));
    known.or_else(|| shape.columns.first().map(|column| vec![column.name.clone()])).unwrap_or_default()
}

fn table_of(map: &SourceMap, finding: &Finding) -> Option<Vec<String>> {
    let source = map.sources.iter().find(|source| source.id.as_str() == finding.source)?;
    let table = source.tables.iter().find(|table| table.name.table == finding.table)?;
    Some(table.primary_key.clone())
}

fn shown<'a>(shape: &'a TableShape, key: &[String], finding: &Finding) -> Vec<&'a Column> {
    let renamed = finding.rename.as_ref().map(|rename| rename.to.as_str());
    let first = |column: &&Column| {
        key.contains(&column.name) || column.name == finding.column || Some(column.name.as_str()) == renamed
    };
    let mut columns: Vec<&Column> = shape.columns.iter().filter(first).collect();
    columns.extend(shape.columns.iter().filter(|column| !first(column)));
    columns.truncate(COLUMNS);
    columns
}

/// What tells the rows of a finding from others.
fn condition(warehouse: &dyn Warehouse, shape: &TableShape, finding: &Finding, key: &[String]) -> (String, Vec<Value>) {
    let dialect = warehouse.dialect();
    let text = |column: &Column| dialect.text_as(&format!("t.{}", dialect.quote(&column.name)), column.kind);
    let column = shape.columns.iter().find(|column| column.name == finding.column);
    match (finding.kind, column) {
        (FindingKind::SilentNull | FindingKind::NullRate | FindingKind::JoinRate, Some(column)) => {
            (format!("WHERE coalesce({}, '') = ''", text(column)), Vec::new())
        }
        (FindingKind::NewValue | FindingKind::ValueRenamed, Some(column)) if !finding.after.is_empty() => {
            (format!("WHERE strpos({}, $1) > 0", text(column)), vec![Value::from(finding.after.as_str())])
        }
        (FindingKind::VanishedValue, Some(column)) if !finding.before.is_empty() => {
            (format!("WHERE {} = $1", text(column)), vec![Value::from(finding.before.as_str())])
        }
        (FindingKind::KeyUniqueness, _) if !key.is_empty() => {
            let names: Vec<String> = key.iter().map(|name| dialect.quote(name)).collect();
            let same: Vec<String> = names.iter().map(|name| format!("t.{name} = d.{name}")).collect();
            let list = names.join(", ");
            let table = dialect.table(&TableName::new(shape.name.schema.clone(), shape.name.table.clone()));
            (
                format!(
                    "JOIN (SELECT {list} FROM {table} GROUP BY {list} HAVING count(*) > 1 ORDER BY {list} LIMIT 50) AS d ON {}",
                    same.join(" AND ")
                ),
                Vec::new(),
            )
        }
        (_, Some(column)) if column.kind != ColumnType::Json => {
            (format!("WHERE coalesce({}, '') <> ''", text(column)), Vec::new())
        }
        _ => (String::new(), Vec::new()),
    }
}
