//! Which runs were published before, and what does this one add?

use super::PublishInput;
use super::rows::{Shape, Slot, load as load_rows};
use crate::error::Result;
use crate::warehouse::{ColumnType, Publication, TableName, Warehouse};

use ColumnType::Text;

const RUNS: &Shape =
    &[("run_id", Text), ("started", Text), ("finished", Text), ("as_of", Text), ("version", Text), ("counts", Text)];

/// The rows of runs published before, oldest first; none on the first run.
pub(super) fn earlier(warehouse: &dyn Warehouse, schema: &str) -> Result<Vec<Vec<Option<String>>>> {
    let known = warehouse.schemas()?.iter().any(|name| name.eq_ignore_ascii_case(schema))
        && warehouse.tables(schema)?.iter().any(|table| table.name.table == "runs");
    if !known {
        return Ok(Vec::new());
    }
    let dialect = warehouse.dialect();
    let columns: Vec<String> = RUNS.iter().map(|(name, _)| dialect.quote(name)).collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {}, {}",
        columns.join(", "),
        dialect.table(&TableName::new(schema, "runs")),
        dialect.ordered(&columns[1]),
        dialect.ordered(&columns[0])
    );
    let rows = warehouse.query(&sql, &[])?;
    Ok((0..rows.len())
        .map(|row| (0..RUNS.len()).map(|column| rows.text(row, column).map(str::to_owned)).collect())
        .collect())
}

/// Loads earlier runs and this one.
pub(super) fn load(
    publication: &mut Publication<'_>,
    input: &PublishInput<'_>,
    earlier: &[Vec<Option<String>>],
) -> Result<u64> {
    let model = input.model;
    let mut counts = serde_json::Map::new();
    for table in &model.tables {
        counts.insert(table.name.to_owned(), table.rows().into());
    }
    for (name, count) in [
        ("entities", input.graph.entities.len()),
        ("links", input.graph.links.len()),
        ("relations", input.graph.relations.len()),
        ("pairs", input.graph.pairs.len()),
        ("conflicts", model.conflicts.len() + input.chart_conflicts.len()),
        ("lineage_cells", model.lineage.cells.len()),
        ("lineage_parts", model.lineage.parts.len()),
    ] {
        counts.insert(name.to_owned(), count.into());
    }
    let this = vec![
        Slot::words(input.run_id),
        Slot::own(input.started.to_string()),
        Slot::own(jiff::Timestamp::now().to_string()),
        Slot::own(input.as_of.to_string()),
        Slot::words(env!("CARGO_PKG_VERSION")),
        Slot::own(serde_json::Value::Object(counts).to_string()),
    ];
    let rows = earlier
        .iter()
        .filter(|row| row.first().and_then(Option::as_deref) != Some(input.run_id))
        .map(|row| row.iter().map(|text| text.as_deref().into()).collect::<Vec<Slot<'_>>>())
        .chain(std::iter::once(this));
    load_rows(publication, "runs", RUNS, rows)
}
