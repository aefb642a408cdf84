//! Which plays are there, what do they need, are they sound, and what did the last run say?

use super::super::narrate::{line as say, printable};
use super::super::{Session, output};
use crate::config::Workspace;
use crate::engine::plays as engine;
use crate::error::{ErrorKind, Result};
use crate::plays::definition::Origin;
use crate::plays::library::Entry;
use crate::plays::preview::missing;
use crate::plays::published::Published;
use crate::plays::{Library, Play, check as checks, scores};
use crate::warehouse::Warehouse;

/// Lists every play.
pub(super) fn run(session: &Session, json: bool) -> Result<u8> {
    let workspace = session.workspace()?;
    let library = engine::library(&workspace)?;
    // Plays can be read before there is a run; then there is simply nothing to say of the last one.
    let seen = match super::look(session, &workspace) {
        Ok((warehouse, _interrupts)) => match engine::published(warehouse.as_ref(), &workspace) {
            Ok(published) => Some((warehouse, published)),
            Err(error) if error.kind == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        },
        Err(error) if error.kind == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut listed = Vec::new();
    for entry in &library.entries {
        let tiers = match &seen {
            Some((warehouse, published)) => {
                scores::tiers(&entry.play, warehouse.as_ref(), workspace.config.warehouse.schema(), published)?
            }
            None => None,
        };
        let published = seen.as_ref().map(|(_, published)| published);
        if json {
            listed.push(described(entry, published, tiers.as_deref()));
        } else {
            show(entry, published, tiers.as_deref())?;
        }
    }
    if json {
        output::json(&listed)?;
    } else if seen.is_none() {
        say("nothing was published yet: `fourfold run` scores accounts");
    }
    Ok(0)
}

/// Where a play comes from, in words.
fn origin(entry: &Entry) -> String {
    let from = match &entry.play.origin {
        Origin::BuiltIn => "built in".to_owned(),
        Origin::File { definition, .. } => {
            let name = definition.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let replaces = if entry.replaces { ", in place of the built-in one" } else { "" };
            format!("plays/{name}{replaces}")
        }
    };
    let changed = if entry.play == entry.plain { "" } else { ", changed in fourfold.toml" };
    let off = if entry.enabled { "" } else { ", switched off" };
    format!("{from}{changed}{off}")
}

fn described(entry: &Entry, published: Option<&Published>, tiers: Option<&[(String, u64)]>) -> serde_json::Value {
    let counts = |tiers: &[(String, u64)]| -> serde_json::Map<String, serde_json::Value> {
        tiers.iter().map(|(tier, rows)| (tier.clone(), (*rows).into())).collect()
    };
    serde_json::json!({
        "play": entry.play.name,
        "title": entry.play.title,
        "about": entry.play.about,
        "origin": origin(entry),
        "enabled": entry.enabled,
        "needs": needed(&entry.play),
        "missing": published.map(|published| missing(&entry.play, &published.absent)),
        "tiers": tiers.map(counts),
    })
}

/// Every field that a play states to need, in order.
pub(super) fn needed(play: &Play) -> Vec<String> {
    let own = play.needs.iter().map(|need| need.field.clone());
    let mut fields: Vec<String> = own.chain(play.signals.iter().flat_map(|signal| signal.needs.clone())).collect();
    fields.sort();
    fields.dedup();
    fields
}

fn show(entry: &Entry, published: Option<&Published>, tiers: Option<&[(String, u64)]>) -> Result<()> {
    let play = &entry.play;
    output::line(&format!("{}  {} · {}", printable(&play.name), printable(&play.title), printable(&origin(entry))))?;
    let question = play.about.split_inclusive(['.', '?']).next().unwrap_or_default().trim().replace('\n', " ");
    output::line(&format!("  {}", printable(&question)))?;
    if let Some(tiers) = tiers {
        output::line(&format!("  {}", counted(play, tiers)))?;
    }
    for gap in published.map(|published| missing(play, &published.absent)).unwrap_or_default() {
        output::line(&format!("  no source has {}: {}", printable(&gap.field), printable(&gap.effect)))?;
    }
    output::line("")
}

/// Tiers with their rows in one line; those that fire are marked.
fn counted(play: &Play, tiers: &[(String, u64)]) -> String {
    let total: u64 = tiers.iter().map(|(_, rows)| rows).sum();
    let each: Vec<String> = tiers
        .iter()
        .map(|(tier, rows)| format!("{}{rows} {}", if play.fires(tier) { "▸" } else { "" }, printable(tier)))
        .collect();
    format!("{total} rows: {}", each.join(", "))
}

/// What the plays say that were just published, a line each.
pub(super) fn summary(workspace: &Workspace, warehouse: &dyn Warehouse, library: &Library) -> Result<()> {
    let published = engine::published(warehouse, workspace)?;
    for play in library.enabled() {
        let schema = workspace.config.warehouse.schema();
        if let Some(tiers) = scores::tiers(play, warehouse, schema, &published)? {
            output::line(&format!("{:<20} {}", printable(&play.name), counted(play, &tiers)))?;
        }
    }
    Ok(())
}

/// Checks plays; 3 when one is not sound.
pub(super) fn check(session: &Session, names: &[String], json: bool) -> Result<u8> {
    let workspace = session.workspace()?;
    let library = engine::library(&workspace)?;
    let plays: Vec<Play> = if names.is_empty() {
        library.entries.iter().map(|entry| entry.play.clone()).collect()
    } else {
        names.iter().map(|name| super::named(&library, name)).collect::<Result<_>>()?
    };
    let dialect = engine::dialect(&workspace);
    let schema = workspace.config.warehouse.schema();
    let mut faults = Vec::new();
    for play in &plays {
        let found = checks::faults(play, dialect, schema)?;
        if !json {
            for fault in &found {
                output::line(&printable(&fault.to_string()))?;
            }
            if found.is_empty() {
                output::line(&format!("{}: sound, {} examples agree", printable(&play.name), play.examples.len()))?;
            }
        }
        faults.extend(found);
    }
    if json {
        output::json(&faults)?;
    }
    if faults.is_empty() {
        return Ok(0);
    }
    if !json {
        say(&format!("{} faults in {} plays", faults.len(), plays.len()));
    }
    Ok(3)
}
