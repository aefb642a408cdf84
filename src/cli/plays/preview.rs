//! How is a preview shown in a shell: who fires, what moved, who changes tier or owner?

use super::super::narrate::{line as say, printable};
use super::super::{Session, output};
use crate::engine::plays as engine;
use crate::error::Result;
use crate::plays::preview::{BARS, Change, Fired, Preview, preview};

/// Previews a play.
pub(super) fn run(session: &Session, name: &str, rows: usize, json: bool) -> Result<u8> {
    let workspace = session.workspace()?;
    let library = engine::library(&workspace)?;
    let play = super::named(&library, name)?;
    let (warehouse, _interrupts) = super::look(session, &workspace)?;
    let published = engine::published(warehouse.as_ref(), &workspace)?;
    let reads = engine::reads(&play, warehouse.as_ref(), &workspace)?;
    let schema = workspace.config.warehouse.schema();
    let found = preview(&play, warehouse.as_ref(), schema, &published, &reads.fields, rows)?;
    if json {
        output::json(&found)?;
        return Ok(0);
    }
    show(&found)?;
    if found.compared_with.is_none() {
        say("no run has published this play yet, so there is nothing to compare with");
    }
    Ok(0)
}

fn show(found: &Preview) -> Result<()> {
    let as_of = found.inputs_as_of.as_deref().map_or_else(String::new, |moment| format!(" · inputs as of {moment}"));
    output::line(&format!("{}  run {}{}", printable(&found.title), printable(&found.run_id), printable(&as_of)))?;
    let known =
        found.known_share.map_or_else(String::new, |share| format!(", {:.0} % of the weight known", 100.0 * share));
    output::line(&format!("{} rows, {} fire{known}", found.rows, found.fired_count))?;
    for gap in &found.missing {
        output::line(&format!("no source has {}: {}", printable(&gap.field), printable(&gap.effect)))?;
    }
    tiers(found)?;
    distribution(found)?;
    if !found.fired.is_empty() {
        output::line("\nwho fires")?;
        for row in &found.fired {
            output::line(&fired(row))?;
        }
        more(found.fired_count, found.fired.len())?;
    }
    if found.compared_with.is_some() {
        output::line(&format!(
            "\nagainst run {}: {} change tier, {} change owner, {} new, {} gone",
            printable(found.compared_with.as_deref().unwrap_or_default()),
            found.tier_changes,
            found.owner_changes,
            found.fresh,
            found.gone
        ))?;
        for row in &found.changes {
            output::line(&changed(row))?;
        }
    }
    Ok(())
}

fn tiers(found: &Preview) -> Result<()> {
    output::line("")?;
    for count in &found.tiers {
        let moved = if found.compared_with.is_some() {
            format!("{:>+8}", count.rows as i64 - count.before as i64)
        } else {
            String::new()
        };
        let mark = if count.fires { "▸" } else { " " };
        output::line(&format!("{mark} {:<18} {:>9}{moved}", printable(&count.tier), count.rows))?;
    }
    Ok(())
}

/// One bar for five points of score: now in full blocks, then the last run's count.
fn distribution(found: &Preview) -> Result<()> {
    let most = found.bars.iter().chain(&found.bars_before).copied().max().unwrap_or(0);
    if most == 0 {
        return Ok(());
    }
    let compares = found.compared_with.is_some();
    output::line(&format!("\nscore      rows{}", if compares { "  before" } else { "" }))?;
    for bar in 0..BARS {
        let (now, before) = (found.bars[bar], found.bars_before[bar]);
        let blocks = "█".repeat((now * 40).div_ceil(most) as usize);
        let then = if compares { format!("{before:>8}") } else { String::new() };
        let step = 100 / BARS;
        output::line(&format!("{:>3} - {:<3} {now:>7}{then}  {blocks}", bar * step, (bar + 1) * step))?;
    }
    let mean = |mean: Option<f64>| mean.map_or_else(|| "-".to_owned(), |mean| format!("{mean:.1}"));
    if found.mean.is_some() {
        let then = if compares { format!(", in the last run {}", mean(found.mean_before)) } else { String::new() };
        output::line(&format!("mean {}{then}", mean(found.mean)))?;
    }
    Ok(())
}

fn score(score: Option<f64>) -> String {
    score.map_or_else(|| "-".to_owned(), |score| format!("{score:.1}"))
}

fn fired(row: &Fired) -> String {
    let owner = row.owner.as_deref().map_or_else(String::new, |owner| format!("  [{}]", printable(owner)));
    format!(
        "  {:>5} {:<12} {}{owner}\n        {}",
        score(row.score),
        printable(&row.tier),
        printable(row.name.as_deref().unwrap_or(&row.key)),
        printable(&row.drivers)
    )
}

fn changed(row: &Change) -> String {
    let tier = |tier: &Option<String>| tier.as_deref().map_or_else(|| "none".to_owned(), printable);
    let owner = if row.owner == row.owner_before || row.tier.is_none() || row.tier_before.is_none() {
        String::new()
    } else {
        let word = |owner: &Option<String>| owner.as_deref().map_or_else(|| "nobody".to_owned(), printable);
        format!("  owner {} → {}", word(&row.owner_before), word(&row.owner))
    };
    format!(
        "  {}  {} {} → {} {}{owner}",
        printable(row.name.as_deref().unwrap_or(&row.key)),
        tier(&row.tier_before),
        score(row.score_before),
        tier(&row.tier),
        score(row.score)
    )
}

fn more(all: u64, shown: usize) -> Result<()> {
    if all > shown as u64 {
        output::line(&format!("  … and {} more (--rows)", all - shown as u64))?;
    }
    Ok(())
}
