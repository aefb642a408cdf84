//! Does every column come from somewhere, also through the SQL that people wrote?

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::narrate::{Narrator, printable};
use super::signals::Interrupts;
use super::{Session, output};
use crate::engine::connect::{self, Access};
use crate::engine::sql_check::{self, SqlReport};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::{SqlDialect, StandInKind, Tables};

/// `fourfold lineage`.
#[derive(Debug, Args)]
pub(crate) struct LineageArgs {
    #[command(subcommand)]
    command: LineageCommand,
}

#[derive(Debug, Subcommand)]
enum LineageCommand {
    /// Name the columns that come from nowhere: in the published model, and in SQL.
    Check(CheckArgs),
}

/// `fourfold lineage check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A dbt project or its target directory after `dbt compile`, a directory of .sql files, or one of them; without any, what
    /// `[lineage] sql` names, and the published model alone where it names nothing.
    paths: Vec<PathBuf>,
    /// The dialect of the SQL; by the dbt manifest, else by the workspace's engine.
    #[arg(long, value_name = "NAME")]
    dialect: Option<String>,
    /// Kinds of stand-ins that are no finding: null, constant, generated.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    allow: Vec<String>,
    /// Exit with 3 when something was found.
    #[arg(long)]
    check: bool,
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
    /// Do not open the warehouse: believe every table that no file makes.
    #[arg(long)]
    offline: bool,
}

pub(crate) fn run(session: &Session, arguments: &LineageArgs) -> Result<u8> {
    let LineageCommand::Check(arguments) = &arguments.command;
    let dialect = arguments.dialect.as_deref().map(named).transpose()?;
    let allowed = arguments.allow.iter().map(|kind| allowed(kind)).collect::<Result<Vec<StandInKind>>>()?;
    let mut report = SqlReport::default();
    let (tables, paths, own_dialect) = known(session, arguments, &mut report)?;
    if paths.is_empty() && arguments.offline {
        return Err(Error::config("there is nothing to check")
            .hint("name a .sql file or the target directory of a dbt project"));
    }
    sql_check::check(&paths, dialect, &tables, &mut report)?;
    if report.dialect.is_empty() {
        report.dialect = format!("{:?}", dialect.or(own_dialect).unwrap_or_default()).to_lowercase();
    }
    if arguments.json {
        output::json(&report)?;
    } else {
        words(&report, &allowed)?;
    }
    let found = report.open(&allowed);
    Ok(if arguments.check && found > 0 { 3 } else { 0 })
}

/// The tables of the workspace's warehouse, and the paths to check. Without a workspace, SQL is checked by itself.
fn known(
    session: &Session,
    arguments: &CheckArgs,
    report: &mut SqlReport,
) -> Result<(Tables, Vec<PathBuf>, Option<SqlDialect>)> {
    let mut paths = arguments.paths.clone();
    let workspace = match session.workspace() {
        Ok(workspace) => workspace,
        Err(error) if error.kind == ErrorKind::NotFound && !paths.is_empty() => {
            return Ok((Tables::trusting(), paths, None));
        }
        Err(error) => return Err(error),
    };
    if paths.is_empty() {
        paths.extend(workspace.config.lineage.sql.iter().map(|path| workspace.root.join(path)));
    }
    if arguments.offline {
        return Ok((Tables::trusting(), paths, None));
    }
    let narrator = Narrator::new(true);
    let interrupts = Interrupts::watch()?;
    let warehouse = connect::open(&workspace, Access::read(session.patience), &narrator, &interrupts.token())?;
    let schema = workspace.config.warehouse.schema();
    let tables = sql_check::known_tables(warehouse.as_ref(), schema, report)?;
    Ok((tables, paths, Some(SqlDialect::from(warehouse.dialect()))))
}

fn named(name: &str) -> Result<SqlDialect> {
    SqlDialect::named(name).ok_or_else(|| {
        let known: Vec<&str> = SqlDialect::names().collect();
        Error::config(format!("{:?} is no dialect that can be read", printable(name)))
            .hint(format!("there are: {}", known.join(", ")))
    })
}

fn allowed(kind: &str) -> Result<StandInKind> {
    [StandInKind::Null, StandInKind::Constant, StandInKind::Generated]
        .into_iter()
        .find(|known| known.as_str() == kind)
        .ok_or_else(|| {
            Error::config(format!("{:?} is no kind of stand-in", printable(kind)))
                .hint("there are: null, constant, generated")
        })
}

fn words(report: &SqlReport, allowed: &[StandInKind]) -> Result<()> {
    for fault in &report.faults {
        output::line(&printable(&format!("{}:{}", fault.file, fault.fault)))?;
    }
    for found in &report.orphans {
        let orphan = &found.orphan;
        let place = if orphan.line > 0 { format!(":{}:{}", orphan.line, orphan.at) } else { String::new() };
        let mark = match (orphan.accepted, allowed.contains(&orphan.kind)) {
            (true, _) => " [meant]",
            (false, true) => " [allowed]",
            (false, false) => "",
        };
        output::line(&printable(&format!("{}{place}: {}{mark}", found.file, orphan.words())))?;
        if !found.reaches.is_empty() {
            output::line(&printable(&format!("    and with it {}", found.reaches.join(", "))))?;
        }
    }
    for orphaned in &report.orphaned {
        output::line(&printable(&format!("published {orphaned}")))?;
    }
    for model in &report.uncompiled {
        output::line(&printable(&format!("{model}: not compiled; run `dbt compile`")))?;
    }
    if !report.absent.is_empty() {
        output::line(&printable(&format!("no source feeds {}: always empty", report.absent.join(", "))))?;
    }
    let files = if report.files == 0 {
        String::new()
    } else {
        format!(
            "{} files of {} SQL, {} columns, {} lead to a column or rows of a table; ",
            report.files, report.dialect, report.columns, report.resolved
        )
    };
    output::line(&format!("{files}{} to look at", report.open(allowed)))
}
