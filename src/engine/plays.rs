//! How do plays take part in a run, and how are they looked at afterwards?

use super::lock::RunLock;
use super::snapshot::SnapshotInput;
use crate::config::{WarehouseSettings, Workspace};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::model::publish::PublishInput;
use crate::plays::preview::preview;
use crate::plays::publish::{self, StageInput};
use crate::plays::published::{self, Published};
use crate::plays::reads::Reads;
use crate::plays::ship::{self, Draft, ShipInput, Shipped};
use crate::plays::{Library, Play, check};
use crate::progress::{CancelToken, Progress};
use crate::review::ReviewLog;
use crate::warehouse::{Dialect, Publication, Warehouse};

/// The plays of a workspace, with the team's changes.
///
/// # Errors
/// As [`Library::load`].
pub fn library(workspace: &Workspace) -> Result<Library> {
    Library::load(&workspace.root, &workspace.config.plays)
}

/// The plays that a run includes, with the fields that each reads. Asked before the long steps, so that a fault in a play's SQL is
/// told at once.
///
/// # Errors
/// As [`publish::ready`].
pub fn ready<'a>(
    library: &'a Library,
    warehouse: &dyn Warehouse,
    workspace: &Workspace,
) -> Result<Vec<(&'a Play, Reads)>> {
    publish::ready(library, warehouse.dialect(), workspace.config.warehouse.schema())
}

/// The step of a run.
pub struct Step<'a> {
    /// The plays.
    pub ready: &'a [(&'a Play, Reads)],
    /// Whether they are asked for; tables of earlier runs are taken away when not, since they speak of another model.
    pub included: bool,
}

/// Builds the tables of plays in a run's publication.
///
/// # Errors
/// As [`publish::stage`].
pub fn stage(
    publication: &mut Publication<'_>,
    input: &PublishInput<'_>,
    step: &Step<'_>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Vec<(String, u64)>> {
    if !step.included {
        publish::remove(publication, input.warehouse, input.schema)?;
        return Ok(Vec::new());
    }
    progress.step("plays");
    let absent = input.model.absent_fields.iter().map(|field| format!("{}.{}", field.table, field.field)).collect();
    let stage = StageInput {
        warehouse: input.warehouse,
        schema: input.schema,
        plays: step.ready,
        run_id: input.run_id,
        as_of: input.as_of,
        absent: &absent,
        again: false,
    };
    publish::stage(publication, &stage, progress, cancel)
}

/// Runs the enabled plays on the model that the last run published, and publishes what they say. Returns the tables with their rows.
///
/// # Errors
/// `NotFound` when nothing was published yet; as [`publish::stage`]; `Locked` when another run is under way.
pub fn again(
    workspace: &Workspace,
    warehouse: &dyn Warehouse,
    library: &Library,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Vec<(String, u64)>> {
    let _lock = RunLock::take(&workspace.lock(), "fourfold plays")?;
    let ready = ready(library, warehouse, workspace)?;
    let published = published(warehouse, workspace)?;
    progress.step("plays");
    let schema = workspace.config.warehouse.schema();
    let as_of: jiff::Timestamp = format!("{}T00:00:00Z", published.day)
        .parse()
        .context(ErrorKind::Data, || format!("the run's day {} cannot be read", published.day))?;
    let mut publication = Publication::begin(warehouse, schema, &published.run_id)?;
    let stage = StageInput {
        warehouse,
        schema,
        plays: &ready,
        run_id: &published.run_id,
        as_of,
        absent: &published.absent,
        again: true,
    };
    let made = publish::stage(&mut publication, &stage, progress, cancel)?;
    publication.commit()?;
    let log = ReviewLog::open(&workspace.review_log())?;
    let shown = SnapshotInput { warehouse, config: &workspace.config, log: Some(&log) };
    super::snapshot::write(&workspace.snapshot(), &shown, progress)?;
    Ok(made)
}

/// The last run as plays see it.
///
/// # Errors
/// As [`published::read`].
pub fn published(warehouse: &dyn Warehouse, workspace: &Workspace) -> Result<Published> {
    published::read(warehouse, workspace.config.warehouse.schema())
}

/// The fields that a play reads.
///
/// # Errors
/// As [`check::reads`].
pub fn reads(play: &Play, warehouse: &dyn Warehouse, workspace: &Workspace) -> Result<Reads> {
    check::reads(play, warehouse.dialect(), workspace.config.warehouse.schema())
}

/// The dialect of a workspace's warehouse, without asking it.
#[must_use]
pub fn dialect(workspace: &Workspace) -> Dialect {
    match workspace.config.warehouse {
        WarehouseSettings::Duckdb { .. } => Dialect::DuckDb,
        WarehouseSettings::Postgres { .. } => Dialect::Postgres,
    }
}

/// The id of the account that somebody means: by id, name, the beginning of the name, or domain.
///
/// # Errors
/// `NotFound` when none or several fit, naming those that are alike.
pub fn account(warehouse: &dyn Warehouse, schema: &str, text: &str) -> Result<String> {
    let found = crate::model::trace::trace(warehouse, schema, text, "name")?;
    if found.entity_kind != "account" {
        return Err(Error::not_found(format!("{text:?} is a {}, and plays speak of accounts", found.entity_kind)));
    }
    Ok(found.entity_id)
}

/// The branch on which plays are shipped unless another one is named.
#[must_use]
pub fn usual_branch(plays: &[String]) -> String {
    match plays {
        [one] => format!("fourfold/{}", one.replace('_', "-")),
        _ => "fourfold/plays".to_owned(),
    }
}

/// Makes the commit that ships plays, without moving anything; None when the repository holds all of it already.
///
/// # Errors
/// As [`ship::draft`]; `NotFound` for a play that is not there, or that the last run did not include.
pub fn draft(
    workspace: &Workspace,
    warehouse: &dyn Warehouse,
    names: &[String],
    repository: &std::path::Path,
    branch: Option<&str>,
) -> Result<Option<Draft>> {
    let library = library(workspace)?;
    let published = published(warehouse, workspace)?;
    let schema = workspace.config.warehouse.schema();
    let mut plays: Vec<Shipped> = Vec::new();
    for name in names {
        let entry = library.get(name)?;
        if plays.iter().any(|known| known.play.name == entry.play.name) {
            continue;
        }
        if !published.plays.contains(&entry.play.table()) {
            return Err(Error::not_found(format!("the last run did not include the play {name}"))
                .hint("`fourfold plays` runs the plays on its model; what is shipped reads what they publish"));
        }
        let reads = reads(&entry.play, warehouse, workspace)?;
        let preview = preview(&entry.play, warehouse, schema, &published, &reads.fields, SHOWN)?;
        plays.push(Shipped { play: entry.play.clone(), plain: entry.plain.clone(), preview });
    }
    ship::draft(&ShipInput {
        plays: &plays,
        repository,
        dialect: warehouse.dialect(),
        schema,
        published: &published,
        branch,
    })
}

/// How many changed accounts a pull request lists.
const SHOWN: usize = 20;
