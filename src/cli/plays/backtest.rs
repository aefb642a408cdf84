//! How is a back-test shown: counts and intervals, and what could not be rebuilt?

use super::super::narrate::{line as say, printable};
use super::super::{Session, output};
use crate::engine::plays as engine;
use crate::error::{Error, Result};
use crate::plays::backtest::{Backtest, Group, backtest};

/// Back-tests a play for each number of weeks.
pub(super) fn run(session: &Session, name: &str, weeks: &[u32], json: bool) -> Result<u8> {
    if let Some(wrong) = weeks.iter().find(|weeks| !(1..=520).contains(*weeks)) {
        return Err(Error::config(format!("{wrong} weeks: name 1 to 520")));
    }
    let workspace = session.workspace()?;
    let library = engine::library(&workspace)?;
    let play = super::named(&library, name)?;
    let (warehouse, _interrupts) = super::look(session, &workspace)?;
    let published = engine::published(warehouse.as_ref(), &workspace)?;
    engine::reads(&play, warehouse.as_ref(), &workspace)?;
    let schema = workspace.config.warehouse.schema();
    let found: Vec<Backtest> = weeks
        .iter()
        .map(|weeks| backtest(&play, warehouse.as_ref(), schema, &published, *weeks))
        .collect::<Result<_>>()?;
    if json {
        output::json(&found)?;
        return Ok(0);
    }
    for one in &found {
        show(one)?;
    }
    if let Some(first) = found.first() {
        for note in &first.notes {
            output::line(&format!("note: {}", printable(note)))?;
        }
    }
    say("counts of one past stretch, not a promise; intervals are 95 % (Wilson)");
    Ok(0)
}

fn show(found: &Backtest) -> Result<()> {
    output::line(&format!(
        "{} {} weeks back: as of {}, and who had {} by {}",
        printable(&found.play),
        found.weeks,
        found.day,
        found.outcome,
        found.until
    ))?;
    output::line(&format!(
        "  {:<18} {:>9} {:>10} {:>8}   95 % interval   weight known",
        "tier then", "accounts", found.outcome, "share"
    ))?;
    for group in &found.groups {
        output::line(&row(group))?;
    }
    output::line("")
}

fn row(group: &Group) -> String {
    let mark = if group.fires { "▸" } else { " " };
    let known = group.known_share.map_or_else(String::new, |share| format!("{:.0} %", 100.0 * share));
    format!(
        "{mark} {:<18} {:>9} {:>10} {:>6.1} %   {:>5.1} – {:>5.1} %   {known:>8}",
        printable(&group.tier),
        group.accounts,
        group.came_true,
        100.0 * group.share,
        100.0 * group.low,
        100.0 * group.high
    )
}
