//! What does `fourfold init` do and say?

use std::path::PathBuf;

use clap::Args;

use super::narrate::{Narrator, line as say, printable};
use super::signals::Interrupts;
use super::{Session, load, output};
use crate::config::WarehouseSettings;
use crate::engine::init::{self, Made};
use crate::error::Result;

/// `fourfold init`.
#[derive(Debug, Args)]
#[command(after_help = "\
With --csv, each directory below DIR is a source and each file in it a table: DIR/<source>/<table>.csv, .csv.gz, .tsv,
.jsonl or .parquet. They are loaded into .fourfold/warehouse.duckdb. Without an option, the workspace starts empty.")]
pub(crate) struct InitArgs {
    /// Load exports into the embedded warehouse and recognise the sources in them.
    #[arg(long, value_name = "DIR", group = "from")]
    csv: Option<PathBuf>,
    /// Use the warehouse of a dbt profile; the only profile when no name is given.
    #[arg(long, value_name = "PROFILE", group = "from", num_args = 0..=1, default_missing_value = "")]
    dbt: Option<String>,
    /// Use the PostgreSQL server whose URL is in this environment variable.
    #[arg(long, value_name = "VAR", group = "from")]
    url_env: Option<String>,
    /// The schema that fourfold writes.
    #[arg(long, value_name = "NAME", default_value = "fourfold")]
    schema: String,
    /// Print what was recognised as JSON.
    #[arg(long)]
    json: bool,
}

/// Makes the workspace and shows what was recognised.
pub(crate) fn run(session: &Session, arguments: &InitArgs) -> Result<u8> {
    let root = &session.directory;
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let token = interrupts.token();
    let made = if let Some(directory) = &arguments.csv {
        let (made, report) = init::from_files(root, directory, &arguments.schema, &[], &narrator, &token)?;
        narrator.finish();
        load::tell(&report);
        made
    } else {
        let settings = match (&arguments.dbt, &arguments.url_env) {
            (Some(profile), _) => {
                init::settings_of_dbt(root, Some(profile.as_str()).filter(|name| !name.is_empty()), &arguments.schema)?
            }
            (None, Some(variable)) => WarehouseSettings::Postgres {
                url_env: Some(variable.clone()),
                dbt_profile: None,
                dbt_target: None,
                schema: arguments.schema.clone(),
            },
            (None, None) => return empty(root, &arguments.schema),
        };
        let made = init::from_warehouse(root, &settings, &narrator, &token)?;
        narrator.finish();
        made
    };
    show(&made, arguments.json)
}

fn empty(root: &std::path::Path, schema: &str) -> Result<u8> {
    init::must_be_new(root)?;
    let settings = WarehouseSettings::Duckdb { path: ".fourfold/warehouse.duckdb".into(), schema: schema.to_owned() };
    init::write_config(root, &init::render(&settings, &[], &[]))?;
    say("wrote fourfold.toml; it has no sources yet");
    say("`fourfold init --csv DIR` in a fresh directory reads exports; --dbt and --url-env connect a warehouse");
    Ok(0)
}

fn show(made: &Made, json: bool) -> Result<u8> {
    if json {
        output::json(&made.proposals)?;
        return Ok(0);
    }
    for proposal in &made.proposals {
        let what = match (&proposal.system, proposal.guessed) {
            (Some(system), _) => format!("{system} ({:.0} % sure)", proposal.confidence * 100.0),
            (None, true) => "unknown system; the surface is a guess".to_owned(),
            (None, false) => "unknown system".to_owned(),
        };
        output::line(&format!(
            "{:<20} {:<8} {:>4} tables  {what}",
            printable(&proposal.name),
            proposal.surface,
            proposal.tables
        ))?;
    }
    if !made.own_domains.is_empty() {
        say(&format!("our own domains seem to be: {}", printable(&made.own_domains.join(", "))));
    }
    say("wrote fourfold.toml: look it over, then `fourfold run`");
    Ok(0)
}
