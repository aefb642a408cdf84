//! Which sources are there, and what would another one bring?

use clap::{Args, Subcommand, ValueEnum};

use super::narrate::{Narrator, line as say, printable};
use super::signals::Interrupts;
use super::{Session, output};
use crate::config::Workspace;
use crate::engine::run::{RunOptions, Step};
use crate::engine::sources::{self, NewSource, Preview};
use crate::error::Result;
use crate::ident;

/// `fourfold sources`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SourcesArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the sources of the workspace.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show what joining a schema of the warehouse would change, and add it to fourfold.toml.
    Add {
        /// The source's name: the schema, unless --schema names it.
        name: String,
        /// The schema that holds it.
        #[arg(long, value_name = "NAME")]
        schema: Option<String>,
        /// The surface; recognised unless told.
        #[arg(long, value_enum)]
        surface: Option<Surface>,
        /// The known system, such as stripe; recognised unless told.
        #[arg(long, value_name = "SYSTEM")]
        system: Option<String>,
        /// Only show what would change.
        #[arg(long)]
        dry_run: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Surface {
    Product,
    Crm,
    Billing,
    Support,
}

/// Lists or adds.
pub(crate) fn run(session: &Session, arguments: &SourcesArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    match &arguments.what {
        None => list(&workspace, arguments.json),
        Some(What::List { json }) => list(&workspace, *json),
        Some(What::Add { name, schema, surface, system, dry_run, json }) => {
            let surface = surface.map(|surface| match surface {
                Surface::Product => ident::Surface::Product,
                Surface::Crm => ident::Surface::Crm,
                Surface::Billing => ident::Surface::Billing,
                Surface::Support => ident::Surface::Support,
            });
            let new = NewSource { name: name.clone(), schema: schema.clone(), surface, system: system.clone() };
            add(session, &workspace, &new, *dry_run, *json)
        }
    }
}

fn list(workspace: &Workspace, json: bool) -> Result<u8> {
    let sources = &workspace.config.sources;
    if json {
        output::json(sources)?;
        return Ok(0);
    }
    for (name, source) in sources {
        let schema = source.schema.as_deref().unwrap_or(name);
        let system = source.system.as_deref().unwrap_or("not known");
        output::line(&format!(
            "{:<20} {:<8} schema {:<20} {}",
            printable(name),
            source.surface,
            printable(schema),
            printable(system)
        ))?;
    }
    Ok(0)
}

fn add(session: &Session, workspace: &Workspace, new: &NewSource, dry_run: bool, json: bool) -> Result<u8> {
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let token = interrupts.token();
    let change = sources::change(workspace, new, &narrator, &token)?;
    let options = RunOptions {
        until: Step::Resolve,
        full: false,
        threads: session.threads(),
        patience: session.patience,
        force: false,
        purpose: "fourfold sources add",
        on_connect: &|canceller| interrupts.stop_statements(canceller),
    };
    let preview = sources::preview(workspace, &change, &options, &narrator, &token)?;
    narrator.finish();
    if json {
        output::json(&preview)?;
    } else {
        show(&preview)?;
    }
    if dry_run {
        say("nothing was written");
    } else {
        sources::add(workspace, &change)?;
        say("added to fourfold.toml; `fourfold run` joins it");
    }
    Ok(0)
}

fn show(preview: &Preview) -> Result<()> {
    let system = preview.system.as_deref().unwrap_or("unknown system");
    output::line(&format!("{}  {} · {}", printable(&preview.source), preview.surface, printable(system)))?;
    for (table, role, rows) in preview.tables.iter().filter(|(_, role, _)| role != "other") {
        output::line(&format!("  {:<28} {role:<18} {rows:>9} rows", printable(table)))?;
    }
    let others = preview.tables.iter().filter(|(_, role, _)| role == "other").count();
    if others > 0 {
        output::line(&format!("  and {others} tables that fourfold does not join"))?;
    }
    let pair = |word: &str, (now, then): (usize, usize)| {
        output::line(&format!("{word:<12} {now:>8} now, {then:>8} with it ({:+})", then as i64 - now as i64))
    };
    pair("accounts", preview.accounts)?;
    pair("people", preview.people)?;
    pair("to review", preview.to_review)?;
    pair("conflicts", preview.conflicts)?;
    output::line(&format!(
        "{} of its {} records belong to entities that other sources know",
        preview.matched, preview.records
    ))?;
    for (relation, count) in &preview.relations {
        output::line(&format!("{count} rows find their {}", relation.replace('_', " ")))?;
    }
    if preview.merged > 0 {
        output::line(&format!("{} entities of today would become one with another", preview.merged))?;
    }
    Ok(())
}
