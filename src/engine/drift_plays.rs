//! What do the published plays read, and what do they give out?
//!
//! By what is published alone: `play_inputs` names the fields behind each play, and `play_<name>` holds what it said. A
//! workspace that ships no play has neither.

use std::collections::BTreeMap;

use crate::drift::baseline::PlayOutput;
use crate::error::Result;
use crate::warehouse::{ColumnType, TableName, Warehouse};

/// The table that names the fields behind each play.
const INPUTS: &str = "play_inputs";

/// The plays that are published, by name; none where none is.
///
/// # Errors
/// `Warehouse` when their tables cannot be read.
pub(super) fn published(warehouse: &dyn Warehouse, schema: &str) -> Result<Vec<PlayOutput>> {
    let tables = warehouse.tables(schema)?;
    let shape = |name: &str| tables.iter().find(|shape| shape.name.table == name);
    let named = |name: &str, columns: &[&str]| {
        shape(name)
            .is_some_and(|shape| columns.iter().all(|wanted| shape.columns.iter().any(|column| column.name == *wanted)))
    };
    if !named(INPUTS, &["play", "model_table", "field"]) {
        return Ok(Vec::new());
    }
    let dialect = warehouse.dialect();
    let table = |name: &str| dialect.table(&TableName::new(schema, name));
    let inputs = warehouse.query(
        &format!(
            "SELECT DISTINCT {}, {}, {} FROM {} ORDER BY 1, 2, 3",
            dialect.text("play"),
            dialect.text("model_table"),
            dialect.text("field"),
            table(INPUTS)
        ),
        &[],
    )?;
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in 0..inputs.len() {
        let cell = |column: usize| inputs.text(row, column).unwrap_or_default();
        fields.entry(cell(0).to_owned()).or_default().push(format!("{}.{}", cell(1), cell(2)));
    }
    let mut plays = Vec::new();
    for (play, fields) in fields {
        let mut output = PlayOutput { play: play.clone(), fields, ..PlayOutput::default() };
        let own = [format!("play_{play}"), play.clone()].into_iter().find(|name| named(name, &["score"]));
        if let Some(own) = own {
            let float = dialect.type_name(ColumnType::Float);
            let said = warehouse.query(
                &format!("SELECT count(*), count(score), CAST(avg(score) AS {float}) FROM {}", table(&own)),
                &[],
            )?;
            let count = |column| said.integer(0, column).and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
            (output.fired, output.scored, output.mean) = (count(0), count(1), said.float(0, 2).unwrap_or(0.0));
        }
        plays.push(output);
    }
    Ok(plays)
}
