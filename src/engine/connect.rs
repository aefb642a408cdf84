//! How is the workspace's warehouse reached?

use std::path::Path;
use std::time::Duration;

use super::profiles::{self, Target};
use crate::config::{WarehouseSettings, Workspace};
use crate::error::{Error, Result};
use crate::progress::{CancelToken, Progress};
use crate::warehouse::{DuckDb, DuckDbOptions, Postgres, Warehouse};

/// How long to wait for another process that holds the embedded file, unless told otherwise.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// What will be done with the warehouse, and how long to wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Whether to publish or load; whoever only looks lets others look at the same time.
    pub write: bool,
    /// How long to wait for another process that holds the embedded file.
    pub patience: Duration,
}

impl Access {
    /// To look.
    #[must_use]
    pub fn read(patience: Duration) -> Self {
        Self { write: false, patience }
    }

    /// To publish or load.
    #[must_use]
    pub fn write(patience: Duration) -> Self {
        Self { write: true, patience }
    }
}

/// Opens the warehouse of a workspace.
///
/// # Errors
/// `Locked` when another process keeps the embedded file, naming it; `Config` when the connection is not described;
/// `Warehouse` when it cannot be reached.
pub fn open(
    workspace: &Workspace,
    access: Access,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Box<dyn Warehouse>> {
    open_settings(&workspace.root, &workspace.config.warehouse, access, progress, cancel)
}

/// Opens the warehouse that the settings describe, paths relative to `root`.
///
/// # Errors
/// As [`open`].
pub fn open_settings(
    root: &Path,
    settings: &WarehouseSettings,
    access: Access,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Box<dyn Warehouse>> {
    match settings {
        WarehouseSettings::Duckdb { path, .. } => {
            let path = root.join(path);
            if !access.write && !path.exists() {
                return Err(Error::not_found(format!("there is no warehouse file {} yet", path.display()))
                    .hint("`fourfold load DIR` loads exports into it"));
            }
            let options = DuckDbOptions { read_only: !access.write, ..DuckDbOptions::default() };
            Ok(Box::new(DuckDb::open_waiting(&path, &options, access.patience, progress, cancel)?))
        }
        WarehouseSettings::Postgres { url_env, dbt_profile, dbt_target, .. } => {
            let url = postgres_url(root, url_env.as_deref(), dbt_profile.as_deref(), dbt_target.as_deref())?;
            Ok(Box::new(Postgres::connect(&url)?))
        }
    }
}

fn postgres_url(root: &Path, variable: Option<&str>, profile: Option<&str>, target: Option<&str>) -> Result<String> {
    if let Some(variable) = variable {
        return match std::env::var(variable) {
            Ok(url) if !url.trim().is_empty() => Ok(url),
            _ => Err(Error::config(format!("the environment variable {variable} is not set"))
                .hint(format!("export {variable}=postgres://USER:PASSWORD@HOST/DATABASE"))),
        };
    }
    match profiles::read(root, profile, target)? {
        (_, Target::Postgres { url }) => Ok(url),
        (name, Target::Duckdb { .. }) => Err(Error::config(format!(
            "the dbt profile {name:?} describes a DuckDB file, but [warehouse] says engine = \"postgres\""
        ))),
    }
}
