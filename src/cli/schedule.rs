//! What does `fourfold schedule` print?

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::narrate::line as say;
use super::{Session, output};
use crate::config::WarehouseSettings;
use crate::drift::schedule::{self, Plan};
use crate::error::{Context, Error, ErrorKind, Result};

/// `fourfold schedule`.
#[derive(Debug, Args)]
pub(crate) struct ScheduleArgs {
    /// For whom.
    #[arg(value_enum)]
    scheduler: Scheduler,
    /// When, by the scheduler's clock.
    #[arg(long, value_name = "HH:MM", default_value = "06:00")]
    at: String,
    /// On which day of the week; `daily` for every day.
    #[arg(long, value_name = "DAY", default_value = "monday")]
    on: String,
    /// The directory to write the files to, instead of standard output.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scheduler {
    /// A line of a crontab.
    Cron,
    /// A service and a timer.
    Systemd,
    /// A GitHub workflow.
    Github,
    /// An Airflow DAG.
    Airflow,
}

/// Prints or writes the unit.
pub(crate) fn run(session: &Session, arguments: &ScheduleArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let (hour, minute) = clock(&arguments.at)?;
    let weekday = match arguments.on.as_str() {
        "daily" => None,
        day => Some(schedule::weekday(day).ok_or_else(|| {
            Error::config(format!("{day:?} is no day of the week")).hint("say --on monday, or --on daily")
        })?),
    };
    let text = |path: &Path| -> Result<String> {
        path.to_str().map(str::to_owned).ok_or_else(|| Error::config(format!("{} is not a UTF-8 path", path.display())))
    };
    let program = std::env::current_exe().context(ErrorKind::Io, || "cannot tell where fourfold lies".to_owned())?;
    let url_env = match &workspace.config.warehouse {
        WarehouseSettings::Postgres { url_env, .. } => url_env.clone(),
        WarehouseSettings::Duckdb { .. } => None,
    };
    let plan = Plan {
        root: text(&workspace.root)?,
        program: text(&program)?,
        hour,
        minute,
        weekday,
        subdirectory: text(inside(&workspace.root))?,
        url_env,
    };
    plan.check()?;
    let files: Vec<(&str, String)> = match arguments.scheduler {
        Scheduler::Cron => vec![("fourfold.cron", schedule::cron(&plan))],
        Scheduler::Github => vec![("fourfold.yml", schedule::github(&plan))],
        Scheduler::Airflow => vec![("fourfold_drift.py", schedule::airflow(&plan))],
        Scheduler::Systemd => {
            let units = schedule::systemd(&plan);
            vec![("fourfold-drift.service", units.service), ("fourfold-drift.timer", units.timer)]
        }
    };
    let Some(directory) = &arguments.out else {
        for (name, text) in &files {
            if files.len() > 1 {
                output::line(&format!("# {name}"))?;
            }
            output::line(text.trim_end())?;
            if files.len() > 1 {
                output::line("")?;
            }
        }
        return Ok(0);
    };
    std::fs::create_dir_all(directory).context(ErrorKind::Io, || format!("cannot make {}", directory.display()))?;
    for (name, text) in files {
        let path = directory.join(name);
        if path.exists() {
            return Err(Error::config(format!("{} is already there", path.display()))
                .hint("remove it first, or write to another directory"));
        }
        std::fs::write(&path, text).context(ErrorKind::Io, || format!("cannot write {}", path.display()))?;
        say(&format!("wrote {}", path.display()));
    }
    Ok(0)
}

/// Where a directory lies inside its git repository; empty at its top, and where there is none.
fn inside(root: &Path) -> &Path {
    let top = root.ancestors().find(|directory| directory.join(".git").exists());
    top.and_then(|top| root.strip_prefix(top).ok()).unwrap_or(Path::new(""))
}

fn clock(text: &str) -> Result<(u8, u8)> {
    let parsed = text.split_once(':').and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
    parsed
        .filter(|(hour, minute)| *hour < 24 && *minute < 60)
        .ok_or_else(|| Error::config(format!("{text:?} is no time of day")).hint("write it as HH:MM, such as 06:00"))
}
