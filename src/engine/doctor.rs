//! Is everything as it should be, before a run and after one?

use serde::Serialize;

use super::connect::{self, Access};
use crate::catalog::Role;
use crate::chart;
use crate::config::Workspace;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::{CancelToken, Progress};
use crate::review::ReviewLog;
use crate::warehouse::{self, KeyColumn, TableName, Warehouse};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, and someone should look.
    Warning,
    /// It does not work.
    Failed,
}

/// One thing looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// How it ended.
    pub state: State,
    /// What was seen.
    pub detail: String,
    /// What to do, when something should be done.
    pub hints: Vec<String>,
}

/// Everything that was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The checks, in the order made.
    pub checks: Vec<Check>,
    /// What an administrator would run to give the role just what it needs.
    pub grant_script: Option<String>,
}

impl Diagnosis {
    fn add(&mut self, name: &str, state: State, detail: impl Into<String>) -> &mut Check {
        self.checks.push(Check { name: name.to_owned(), state, detail: detail.into(), hints: Vec::new() });
        let last = self.checks.len() - 1;
        &mut self.checks[last]
    }

    fn add_error(&mut self, name: &str, error: &Error) {
        let check = self.add(name, State::Failed, error.message.clone());
        check.hints.clone_from(&error.hints);
    }

    /// The worst state of all checks.
    #[must_use]
    pub fn worst(&self) -> State {
        self.checks.iter().map(|check| check.state).max().unwrap_or(State::Ok)
    }
}

/// Looks at the workspace, its warehouse and its review log; changes nothing.
///
/// # Errors
/// `Cancelled`; everything else becomes a check.
pub fn diagnose(
    workspace: &Workspace,
    access: Access,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Diagnosis> {
    let mut diagnosis = Diagnosis::default();
    let sources = workspace.config.sources.len();
    if sources == 0 {
        diagnosis
            .add("configuration", State::Failed, "fourfold.toml names no source")
            .hints
            .push("`fourfold init --csv DIR` in a fresh directory recognises exports".to_owned());
    } else {
        diagnosis.add("configuration", State::Ok, format!("{sources} sources in fourfold.toml"));
    }
    review_log(workspace, &mut diagnosis);
    match connect::open(workspace, access, progress, cancel) {
        Ok(warehouse) => {
            diagnosis.add("warehouse", State::Ok, warehouse.describe());
            look_inside(workspace, warehouse.as_ref(), &mut diagnosis, progress, cancel)?;
        }
        Err(error) if error.kind == ErrorKind::Cancelled => return Err(error),
        Err(error) => diagnosis.add_error("warehouse", &error),
    }
    Ok(diagnosis)
}

fn review_log(workspace: &Workspace, diagnosis: &mut Diagnosis) {
    let path = workspace.review_log();
    if !path.exists() {
        diagnosis.add("review log", State::Ok, "no decision was made yet");
        return;
    }
    match ReviewLog::open_read_only(&path).and_then(|log| log.verify(None)) {
        Ok(report) => {
            if let Some(broken) = &report.broken {
                diagnosis
                    .add(
                        "review log",
                        State::Failed,
                        format!("the hash chain is broken at entry {}: {}", broken.seq, broken.reason),
                    )
                    .hints
                    .push("compare with an export or a backup: `fourfold log verify` tells more".to_owned());
            } else {
                diagnosis.add("review log", State::Ok, format!("{} entries, the hash chain holds", report.entries));
            }
        }
        Err(error) => diagnosis.add_error("review log", &error),
    }
}

fn look_inside(
    workspace: &Workspace,
    warehouse: &dyn Warehouse,
    diagnosis: &mut Diagnosis,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<()> {
    let own = workspace.config.warehouse.schema();
    let schemas: Vec<String> = workspace
        .config
        .sources
        .iter()
        .map(|(name, settings)| settings.schema.clone().unwrap_or_else(|| name.clone()))
        .collect();
    match warehouse::privileges(warehouse, &schemas, own) {
        Ok(rights) => {
            rights_checks(&rights, own, diagnosis);
            diagnosis.grant_script = Some(warehouse::grant_script(warehouse.dialect(), &rights.role, &schemas, own));
        }
        Err(error) => diagnosis.add_error("rights", &error),
    }
    match chart::chart(warehouse, &workspace.config, progress, cancel) {
        Ok(chart) => {
            for source in &chart.map.sources {
                let joined = source.tables.iter().filter(|table| table.role != Role::Other).count();
                let state = if joined == 0 { State::Warning } else { State::Ok };
                let detail = format!(
                    "{} of {} tables are joined; {}",
                    joined,
                    source.tables.len(),
                    source.system.as_deref().unwrap_or("unknown system")
                );
                let check = diagnosis.add(&format!("source {}", source.id), state, detail);
                if joined == 0 {
                    check.hints.push("state the tables' roles under [sources.NAME.tables.TABLE]".to_owned());
                }
            }
            let keys: Vec<KeyColumn> = key_columns(&chart.map);
            match warehouse::check_cardinality(warehouse, &keys) {
                Ok(()) => {
                    diagnosis.add("masking", State::Ok, format!("{} key columns keep their values apart", keys.len()));
                }
                Err(error) => diagnosis.add_error("masking", &error),
            }
        }
        Err(error) if error.kind == ErrorKind::Cancelled => return Err(error),
        Err(error) => diagnosis.add_error("sources", &error),
    }
    last_run(warehouse, own, diagnosis);
    Ok(())
}

fn rights_checks(rights: &warehouse::Privileges, own: &str, diagnosis: &mut Diagnosis) {
    let names = |tables: &[TableName]| tables.iter().take(5).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if rights.unreadable.is_empty() && rights.unseen_schemas.is_empty() {
        diagnosis.add("read the sources", State::Ok, format!("{} can read every source table", rights.role));
    } else {
        let missing = [rights.unseen_schemas.join(", "), names(&rights.unreadable)].join(" ");
        diagnosis
            .add("read the sources", State::Failed, format!("{} cannot read {}", rights.role, missing.trim()))
            .hints
            .push("`fourfold doctor --grants` prints the script for an administrator".to_owned());
    }
    if rights.can_create {
        diagnosis.add("write its own schema", State::Ok, format!("{} can create tables in {own}", rights.role));
    } else {
        diagnosis
            .add("write its own schema", State::Failed, format!("{} cannot create tables in {own}", rights.role))
            .hints
            .push("`fourfold doctor --grants` prints the script for an administrator".to_owned());
    }
    if rights.writable.is_empty() && rights.writable_schemas.is_empty() {
        diagnosis.add("write nothing else", State::Ok, format!("{} cannot write to a source", rights.role));
    } else {
        let what = [rights.writable_schemas.join(", "), names(&rights.writable)].join(" ");
        diagnosis.add(
            "write nothing else",
            State::Warning,
            format!(
                "{} could write to {}; fourfold never does, but a role of its own is safer",
                rights.role,
                what.trim()
            ),
        );
    }
    for note in &rights.notes {
        diagnosis.add("note", State::Ok, note.clone());
    }
}

/// The columns that joins stand on: keys, and the ids and addresses by which records find each other.
fn key_columns(map: &chart::source_map::SourceMap) -> Vec<KeyColumn> {
    let mut keys = Vec::new();
    for table in map.sources.iter().flat_map(|source| &source.tables).filter(|table| table.role != Role::Other) {
        for column in &table.columns {
            let joins = table.primary_key.contains(&column.name)
                || column
                    .concept
                    .as_deref()
                    .is_some_and(|concept| matches!(concept.rsplit_once('.'), Some((_, "email" | "domain"))));
            if joins {
                keys.push(KeyColumn { table: table.name.clone(), column: column.name.clone() });
            }
        }
    }
    keys
}

fn last_run(warehouse: &dyn Warehouse, own: &str, diagnosis: &mut Diagnosis) {
    let dialect = warehouse.dialect();
    let published = warehouse.tables(own).is_ok_and(|tables| tables.iter().any(|table| table.name.table == "runs"));
    if !published {
        diagnosis
            .add("last run", State::Warning, "nothing was published yet")
            .hints
            .push("`fourfold run` takes every step and publishes".to_owned());
        return;
    }
    let statement =
        format!("SELECT {} FROM {}", dialect.text("max(run_id)"), dialect.table(&TableName::new(own, "runs")));
    match warehouse.query(&statement, &[]) {
        Ok(rows) => {
            diagnosis.add("last run", State::Ok, rows.text(0, 0).unwrap_or("unknown").to_owned());
        }
        Err(error) => diagnosis.add_error("last run", &error),
    }
}
