//! What did the plays of this run say, and whose tier is another than in the run published before?
//!
//! Asked once the run is published, since plays are built in its publication: `play_<name>` holds what each said, and
//! `play_scores_before` what the run before it had said.

use crate::drift::baseline::PlayOutput;
use crate::drift::detect::TierMove;
use crate::error::Result;
use crate::plays::Play;
use crate::plays::publish::BEFORE;
use crate::plays::reads::Reads;
use crate::warehouse::{ColumnType, Dialect, TableName, Warehouse};

/// What plays said.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Of each play, how much.
    pub outputs: Vec<PlayOutput>,
    /// Entities in another tier than before.
    pub moves: Vec<TierMove>,
}

/// What the published plays say.
///
/// # Errors
/// `Warehouse` when their tables cannot be read.
pub(super) fn said(warehouse: &dyn Warehouse, schema: &str, ready: &[(&Play, Reads)]) -> Result<Said> {
    let tables = warehouse.tables(schema)?;
    let is_there = |name: &str| tables.iter().any(|shape| shape.name.table == name);
    let mut said = Said::default();
    for (output, (play, _)) in super::plays::read_by(ready).into_iter().zip(ready) {
        if is_there(&play.table()) {
            said.outputs.push(counted(warehouse, schema, play, output)?);
            if is_there(BEFORE) {
                said.moves.extend(moved(warehouse, schema, play)?);
            }
        }
    }
    Ok(said)
}

/// How many rows ask for an action, how many have a score, and the mean score.
fn counted(warehouse: &dyn Warehouse, schema: &str, play: &Play, mut output: PlayOutput) -> Result<PlayOutput> {
    let dialect = warehouse.dialect();
    let float = dialect.type_name(ColumnType::Float);
    let rows = warehouse.query(
        &format!(
            "SELECT {}, count(*), count(score), CAST(sum(score) AS {float}) FROM {} GROUP BY 1 ORDER BY 1",
            dialect.text("tier"),
            dialect.table(&TableName::new(schema, play.table()))
        ),
        &[],
    )?;
    let count = |row, column| rows.integer(row, column).and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
    let mut sum = 0.0;
    for row in 0..rows.len() {
        if rows.text(row, 0).is_some_and(|tier| play.fires(tier)) {
            output.fired += count(row, 1);
        }
        output.scored += count(row, 2);
        sum += rows.float(row, 3).unwrap_or(0.0);
    }
    // Rounded, so that the order in which an engine adds does not show in the last digits.
    output.mean = if output.scored > 0 { (1e4 * sum / output.scored as f64).round() / 1e4 } else { 0.0 };
    Ok(output)
}

/// Entities that have a tier in both runs, and not the same.
fn moved(warehouse: &dyn Warehouse, schema: &str, play: &Play) -> Result<Vec<TierMove>> {
    let dialect = warehouse.dialect();
    let rows = warehouse.query(
        &format!(
            "SELECT {}, {}, {} FROM {} AS n JOIN {} AS b ON b.play = {} AND b.{} = {} WHERE b.tier <> n.tier ORDER BY 1, 2, 3",
            dialect.text("n.entity_id"),
            dialect.text("b.tier"),
            dialect.text("n.tier"),
            dialect.table(&TableName::new(schema, play.table())),
            dialect.table(&TableName::new(schema, BEFORE)),
            dialect.literal(&play.name),
            dialect.quote("key"),
            key(dialect, play),
        ),
        &[],
    )?;
    let cell = |row, column| rows.text(row, column).unwrap_or_default().to_owned();
    Ok((0..rows.len())
        .map(|row| TierMove { play: play.name.clone(), entity: cell(row, 0), before: cell(row, 1), now: cell(row, 2) })
        .collect())
}

/// The key of a row as it is kept of the run before.
fn key(dialect: Dialect, play: &Play) -> String {
    let text = dialect.type_name(ColumnType::Text);
    let parts: Vec<String> =
        play.key.iter().map(|column| format!("CAST(n.{} AS {text})", dialect.quote(column))).collect();
    format!("concat_ws(':', {})", parts.join(", "))
}
