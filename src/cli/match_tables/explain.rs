//! Why are two rows one, or a whole cluster?

use serde::Serialize;

use crate::cli::narrate::printable;
use crate::cli::output;
use crate::error::{Error, Result};
use crate::resolve::matching::{ClusterExplanation, Edge, MatchOutcome, MatchTable};

/// Edges printed of each kind; JSON holds all.
const SHOWN: usize = 12;

/// Prints the bars of a pair, which sum to its weight.
///
/// # Errors
/// `NotFound` for an id that no row has; `Io`.
pub(super) fn pair(table: &MatchTable, outcome: &MatchOutcome, left: &str, right: &str, json: bool) -> Result<()> {
    let (left, right) = (find(table, left, false)?, find(table, right, true)?);
    let waterfall = outcome.explain(table, left, right);
    if json {
        return output::json(&waterfall);
    }
    for bar in &waterfall.bars {
        let values = if bar.left.is_empty() && bar.right.is_empty() {
            String::new()
        } else {
            format!("  [{}] [{}]", printable(&bar.left), printable(&bar.right))
        };
        output::line(&format!("{:>8.2}  {}: {}{values}", bar.weight, printable(&bar.comparison), bar.level))?;
    }
    output::line(&format!("{:>8.2}  weight, probability {:.4}", waterfall.weight(), waterfall.probability()))
}

#[derive(Serialize)]
struct Shown<'a> {
    cluster_id: &'a str,
    rows: Vec<&'a str>,
    weighed: usize,
    holding: Vec<ShownEdge<'a>>,
    against: Vec<ShownEdge<'a>>,
    split: Option<ShownSplit<'a>>,
}

#[derive(Serialize)]
struct ShownEdge<'a> {
    left_id: &'a str,
    right_id: &'a str,
    weight: f64,
}

#[derive(Serialize)]
struct ShownSplit<'a> {
    left_ids: Vec<&'a str>,
    right_ids: Vec<&'a str>,
    edge: ShownEdge<'a>,
    average_weight: f64,
    pairs_above_threshold: usize,
}

/// Prints what holds the cluster of a row together, and which pair would split it.
///
/// # Errors
/// `NotFound` for an id that no row has; `Io`.
pub(super) fn cluster(table: &MatchTable, outcome: &MatchOutcome, id: &str, json: bool) -> Result<()> {
    let row = find(table, id, false)?;
    let explanation = outcome.explain_cluster(row);
    let name = |row: u32| &table.ids[row as usize];
    if json {
        let edge =
            |edge: &Edge| ShownEdge { left_id: name(edge.left), right_id: name(edge.right), weight: edge.weight };
        let names = |rows: &[u32]| rows.iter().map(|row| name(*row)).collect();
        return output::json(&Shown {
            cluster_id: name(outcome.clusters[row as usize]),
            rows: names(&explanation.rows),
            weighed: explanation.weighed,
            holding: explanation.holding.iter().map(edge).collect(),
            against: explanation.against.iter().map(edge).collect(),
            split: explanation.split.as_ref().map(|split| ShownSplit {
                left_ids: names(&split.one),
                right_ids: names(&split.other),
                edge: edge(&split.edge),
                average_weight: split.average,
                pairs_above_threshold: split.crossing,
            }),
        });
    }
    print_cluster(&explanation, &|row| printable(name(row)))
}

fn print_cluster(explanation: &ClusterExplanation, name: &dyn Fn(u32) -> String) -> Result<()> {
    let count = explanation.rows.len();
    if count == 1 {
        return output::line(&format!("{} stands alone", name(explanation.rows[0])));
    }
    output::line(&format!("{count} rows are one cluster"))?;
    if explanation.weighed < count {
        output::line(&format!("its first {} rows were weighed", explanation.weighed))?;
    }
    let list = |title: &str, edges: &[Edge]| -> Result<()> {
        if edges.is_empty() {
            return Ok(());
        }
        output::line(title)?;
        for edge in edges.iter().take(SHOWN) {
            output::line(&format!("{:>8.2}  {} - {}", edge.weight, name(edge.left), name(edge.right)))?;
        }
        if edges.len() > SHOWN {
            output::line(&format!("          and {} more", edges.len() - SHOWN))?;
        }
        Ok(())
    };
    list("held together by", &explanation.holding)?;
    list("spoken against by", &explanation.against)?;
    if let Some(split) = &explanation.split {
        let side = |rows: &[u32]| {
            let names: Vec<String> = rows.iter().take(SHOWN).map(|row| name(*row)).collect();
            let more = if rows.len() > SHOWN { format!(" and {} more", rows.len() - SHOWN) } else { String::new() };
            format!("{}{more}", names.join(", "))
        };
        output::line(&format!("would split at {} - {}", name(split.edge.left), name(split.edge.right)))?;
        output::line(&format!("{:>8.2}  its weight, the heaviest between the sides", split.edge.weight))?;
        output::line(&format!("{:>8.2}  the average weight between the sides", split.average))?;
        output::line(&format!("{:>8}  pairs between them reach the threshold alone", split.crossing))?;
        output::line(&format!("  one side: {}", side(&split.one)))?;
        output::line(&format!("  the other: {}", side(&split.other)))?;
    }
    Ok(())
}

fn find(table: &MatchTable, id: &str, last: bool) -> Result<u32> {
    let mut rows = (0..table.rows()).filter(|row| &table.ids[*row] == id);
    let found = if last { rows.next_back() } else { rows.next() };
    found.map(|row| row as u32).ok_or_else(|| Error::not_found(format!("no row has the id `{id}`")))
}
