//! What would another source bring to the join?

use std::collections::BTreeMap;

use super::connect::{self, Access};
use super::edit::edit;
use super::init;
use super::run::{self, RunOptions, Step};
use crate::config::workspace::CONFIG_FILE;
use crate::config::{Config, Workspace};
use crate::drift::deepen::{Change, write};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::ident::Surface;
use crate::progress::{CancelToken, Progress};

/// A source to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Its name.
    pub name: String,
    /// Its schema, where that has another name.
    pub schema: Option<String>,
    /// Its surface; recognised when absent.
    pub surface: Option<Surface>,
    /// Its system; recognised when absent.
    pub system: Option<String>,
}

/// What joining a source would change.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Preview {
    /// The source.
    pub source: String,
    /// Its surface.
    pub surface: String,
    /// The known system.
    pub system: Option<String>,
    /// Tables that take part.
    pub tables: Vec<(String, String, u64)>,
    /// Accounts and people now and with it.
    pub accounts: (usize, usize),
    /// People now and with it.
    pub people: (usize, usize),
    /// Its records of accounts and people.
    pub records: usize,
    /// Those whose entity another source knows.
    pub matched: usize,
    /// Pairs that wait for a person, now and with it.
    pub to_review: (usize, usize),
    /// Rows of it that find their account or person, by relation.
    pub relations: BTreeMap<String, usize>,
    /// Entities of today that would become one.
    pub merged: usize,
    /// Conflicts of the sources, now and with it.
    pub conflicts: (usize, usize),
}

/// The change to `fourfold.toml` that adds a source.
///
/// # Errors
/// `NotFound` when there is no such schema; `Config` when its surface cannot be told, or when it is there already.
pub fn change(workspace: &Workspace, new: &NewSource, progress: &dyn Progress, cancel: &CancelToken) -> Result<Change> {
    if workspace.config.sources.contains_key(&new.name) {
        return Err(Error::config(format!("fourfold.toml has a source {:?} already", new.name))
            .hint("`fourfold sources list` shows them"));
    }
    let warehouse = connect::open(workspace, Access::read(connect::PATIENCE), progress, cancel)?;
    let schema = new.schema.as_deref().unwrap_or(&new.name);
    let proposals = init::propose(warehouse.as_ref(), workspace.config.warehouse.schema())?;
    let Some(found) = proposals.iter().find(|proposal| proposal.name == schema) else {
        let known: Vec<&str> = proposals.iter().map(|proposal| proposal.name.as_str()).collect();
        return Err(Error::not_found(format!("there is no schema {schema:?} with tables in the warehouse"))
            .hint(format!("there are: {}", known.join(", ")))
            .hint("`fourfold load DIR` loads DIR/<source>/<table>.csv into the embedded warehouse"));
    };
    if found.guessed && new.surface.is_none() {
        return Err(Error::config(format!("it cannot be told what {schema:?} is"))
            .hint("say --surface product, crm, billing or support"));
    }
    Ok(Change::Source {
        name: new.name.clone(),
        schema: new.schema.clone(),
        surface: new.surface.unwrap_or(found.surface).as_str().to_owned(),
        system: new.system.clone().or_else(|| found.system.clone()),
    })
}

/// Writes the change.
///
/// # Errors
/// As of an edit.
pub fn add(workspace: &Workspace, change: &Change) -> Result<()> {
    edit(workspace, |text| Ok((write(text, change)?, ())))
}

/// Charts and resolves with and without the source; publishes and writes nothing.
///
/// # Errors
/// As a run.
pub fn preview(
    workspace: &Workspace,
    change: &Change,
    options: &RunOptions<'_>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Preview> {
    let Change::Source { name, surface, system, .. } = change else {
        return Err(Error::internal("only a source can be previewed"));
    };
    let path = workspace.root.join(CONFIG_FILE);
    let text = std::fs::read_to_string(&path).context(ErrorKind::Io, || format!("cannot read {}", path.display()))?;
    let config = Config::parse(&write(&text, change)?, CONFIG_FILE)?;
    let with = Workspace { root: workspace.root.clone(), config };
    let until = RunOptions { until: Step::Resolve, ..*options };
    let today = run::run(workspace, &until, progress, cancel)?;
    let then = run::run(&with, &until, progress, cancel)?;
    let mut preview = Preview {
        source: name.clone(),
        surface: surface.clone(),
        system: system.clone(),
        accounts: (today.counts.accounts, then.counts.accounts),
        people: (today.counts.people, then.counts.people),
        to_review: (today.counts.to_review, then.counts.to_review),
        conflicts: (today.chart.conflicts.len(), then.chart.conflicts.len()),
        ..Preview::default()
    };
    for source in then.chart.map.sources.iter().filter(|source| source.id.as_str() == name) {
        preview.tables = source
            .tables
            .iter()
            .map(|table| (table.name.table.clone(), table.role.as_str().to_owned(), table.rows))
            .collect();
    }
    let Some(graph) = &then.graph else { return Ok(preview) };
    for entity in &graph.entities {
        let own = entity.members.iter().filter(|record| record.source.as_str() == name).count();
        preview.records += own;
        if own < entity.members.len() {
            preview.matched += own;
        }
    }
    for relation in graph.relations.iter().filter(|relation| relation.record.source.as_str() == name) {
        *preview.relations.entry(relation.relation.clone()).or_default() += 1;
    }
    let merges = |graph: &crate::resolve::graph::EntityGraph| {
        graph.history.iter().filter(|event| event.event == "merged_into").count()
    };
    preview.merged = merges(graph).saturating_sub(today.graph.as_ref().map_or(0, merges));
    Ok(preview)
}
