//! What does `fourfold chart` show?

use std::collections::BTreeMap;

use clap::Args;

use super::narrate::printable;
use super::{Session, output, run};
use crate::catalog::Role;
use crate::chart::source_map::{SourceEntry, TableEntry};
use crate::engine::run::{RunOutcome, Step};
use crate::error::Result;

/// `fourfold chart`.
#[derive(Debug, Args)]
pub(crate) struct ChartArgs {
    /// Print the source map and its conflicts as JSON.
    #[arg(long)]
    json: bool,
    /// Show every table and column, also those that mean nothing to fourfold.
    #[arg(long)]
    all: bool,
    /// Exit with 3 when there is a conflict of high severity.
    #[arg(long)]
    check: bool,
}

/// Charts and shows.
pub(crate) fn run(session: &Session, arguments: &ChartArgs) -> Result<u8> {
    let outcome = run::execute(session, &session.workspace()?, Step::Chart, "fourfold chart")?;
    if arguments.json {
        output::json(&serde_json::json!({
            "sources": outcome.chart.map.sources,
            "conflicts": outcome.chart.conflicts,
        }))?;
    } else {
        for source in &outcome.chart.map.sources {
            show_source(source, arguments.all)?;
        }
        show_conflicts(&outcome)?;
    }
    let grave = outcome.chart.conflicts.iter().any(|conflict| conflict.severity.as_str() == "high");
    Ok(if arguments.check && grave { 3 } else { 0 })
}

fn show_source(source: &SourceEntry, all: bool) -> Result<()> {
    let system = source.system.as_deref().unwrap_or("unknown system");
    output::line(&format!(
        "{}  {} · {} · {:.0} % sure{}",
        printable(source.id.as_str()),
        source.surface,
        printable(system),
        source.confidence * 100.0,
        source.loader.as_ref().map(|loader| format!(" · loaded by {}", printable(loader))).unwrap_or_default()
    ))?;
    let mut others = 0;
    for table in &source.tables {
        if table.role == Role::Other && !all {
            others += 1;
            continue;
        }
        show_table(table, all)?;
    }
    if others > 0 {
        output::line(&format!("  and {others} tables that fourfold does not join (--all shows them)"))?;
    }
    output::line("")
}

fn show_table(table: &TableEntry, all: bool) -> Result<()> {
    let key = if table.primary_key.is_empty() { "no key".to_owned() } else { table.primary_key.join("+") };
    output::line(&format!(
        "  {:<28} {:<18} {:>9} rows  key {:<12} {}",
        printable(&table.name.table),
        table.role.as_str(),
        table.rows,
        printable(&key),
        table.newest_sync.as_deref().map(|sync| format!("fresh to {}", printable(sync))).unwrap_or_default()
    ))?;
    for column in &table.columns {
        let meaning = match (&column.concept, all) {
            (Some(concept), _) => concept.as_str(),
            (None, true) => "-",
            (None, false) => continue,
        };
        let filled = table.rows.saturating_sub(column.profile.nulls);
        let share = if table.rows == 0 { 0.0 } else { filled as f64 * 100.0 / table.rows as f64 };
        let format = column.profile.formats.first().map_or("", |(format, _)| format.as_str());
        output::line(&format!(
            "      {:<30} {:<32} {share:>5.1} % filled {:>9} distinct  {}",
            printable(&column.name),
            printable(meaning),
            column.profile.distinct,
            printable(format)
        ))?;
    }
    Ok(())
}

fn show_conflicts(outcome: &RunOutcome) -> Result<()> {
    let mut kinds: BTreeMap<(u8, &str), (usize, &str)> = BTreeMap::new();
    for conflict in &outcome.chart.conflicts {
        let entry = kinds.entry((conflict.severity as u8, &conflict.kind)).or_insert((0, &conflict.detail));
        entry.0 += 1;
    }
    output::line(&format!("{} conflicts that the sources show by themselves", outcome.chart.conflicts.len()))?;
    for ((severity, kind), (count, example)) in kinds {
        let severity = ["high", "medium", "low"].get(usize::from(severity)).copied().unwrap_or("low");
        output::line(&format!("  {severity:<7} {count:>6}  {kind:<28} {}", printable(example)))?;
    }
    Ok(())
}
