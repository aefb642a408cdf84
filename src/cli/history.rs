//! What does `fourfold history` say?

use std::fmt::Write as _;

use clap::Args;

use super::narrate::{Narrator, printable};
use super::signals::Interrupts;
use super::{Session, output};
use crate::engine::connect::{self, Access};
use crate::engine::history::{self, EntityHistory, HistoryEvent};
use crate::error::Result;

/// `fourfold history`.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// The account or person: its id, also of one that ended, its name, the beginning of its name, or its domain. What
    /// happened to all of them last, without one.
    entity: Option<String>,
    /// How many events to list without an entity.
    #[arg(long, value_name = "N", default_value_t = 50)]
    last: usize,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

/// Records listed of one event.
const SHOWN: usize = 4;

/// Reads and tells.
pub(crate) fn run(session: &Session, arguments: &HistoryArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let narrator = Narrator::new(true);
    let interrupts = Interrupts::watch()?;
    let warehouse = connect::open(&workspace, Access::read(session.patience), &narrator, &interrupts.token())?;
    let schema = workspace.config.warehouse.schema();
    if let Some(entity) = &arguments.entity {
        let story = history::of_entity(warehouse.as_ref(), schema, entity)?;
        if arguments.json { output::json(&story)? } else { output::line(words(&story).trim_end())? }
    } else {
        let events = history::recent(warehouse.as_ref(), schema, arguments.last)?;
        if arguments.json {
            output::json(&events)?;
        } else if events.is_empty() {
            output::line("nothing has happened since the first run")?;
        } else {
            let text: String = events.iter().map(|event| told(event, None)).collect();
            output::line(text.trim_end())?;
        }
    }
    Ok(0)
}

fn words(story: &EntityHistory) -> String {
    let mut out = String::new();
    let label = story.label.as_deref().map_or(String::new(), |label| format!("  {}", printable(label)));
    let _ = writeln!(out, "{}{label}", printable(&story.entity_id));
    match (story.living, &story.born, &story.first_seen_run) {
        (false, _, _) => {
            let _ = writeln!(out, "  it is gone from the last run");
        }
        (true, Some(born), Some(run)) => {
            let _ = writeln!(out, "  first seen {} in run {}", printable(born), printable(run));
        }
        (true, _, _) => {
            let _ = writeln!(out, "  first seen before births were kept");
        }
    }
    if story.events.is_empty() {
        let _ = writeln!(out, "\nnothing has happened to it since");
    } else {
        out.push('\n');
    }
    for event in &story.events {
        out.push_str(&told(event, Some(&story.entity_id)));
    }
    out
}

/// One event; `of` is the entity whose story is told.
fn told(event: &HistoryEvent, of: Option<&str>) -> String {
    let mut out = String::new();
    let other = event.other_entity_id.as_deref().map(printable).unwrap_or_default();
    let entity = printable(&event.entity_id);
    let own = of == Some(event.entity_id.as_str());
    let what = match (event.event.as_str(), own) {
        ("merged_into", _) => format!("{entity} merged into {other}"),
        ("split_from", _) => format!("{entity} split from {other}"),
        ("moved", _) => format!("{} records went from {other} to {entity}", event.records.len()),
        (word, true) => word.to_owned(),
        (word, false) => format!("{entity} {word}"),
    };
    let label = if of.is_none() { event.label.as_deref() } else { None };
    let label = label.map_or(String::new(), |label| format!("  ({})", printable(label)));
    let day = event.at.get(..16).unwrap_or(&event.at).replace('T', " ");
    let _ = writeln!(out, "{}  {what}{label}", printable(&day));
    let _ = writeln!(out, "                  {}", printable(&event.reason));
    if event.decided_by.as_deref().is_some_and(|by| by != "engine") || event.pair_id.is_some() {
        let by = event.decided_by.as_deref().unwrap_or("engine");
        let pair = event.pair_id.as_deref().map_or(String::new(), |pair| format!(", pair {}", printable(pair)));
        let _ = writeln!(out, "                  by {}{pair}", printable(by));
    }
    for record in event.records.iter().take(SHOWN) {
        let _ = writeln!(out, "                  {}", printable(&record.to_string()));
    }
    if event.records.len() > SHOWN {
        let _ = writeln!(out, "                  … and {} more records (--json)", event.records.len() - SHOWN);
    }
    out
}
