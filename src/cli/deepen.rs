//! What does `fourfold deepen` propose, and how is it answered?

use clap::{Args, Subcommand};

use super::narrate::{Narrator, line as say, printable};
use super::signals::Interrupts;
use super::{Session, output, reviewer};
use crate::config::Workspace;
use crate::drift::deepen::Proposal;
use crate::drift::store::DriftStore;
use crate::engine::connect::{self, Access};
use crate::engine::deepen;
use crate::error::{Error, Result};

/// `fourfold deepen`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct DeepenArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// Print the proposals as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write a proposal to fourfold.toml, with its test.
    Accept {
        /// The proposal, or the beginning of its id.
        id: String,
    },
    /// Do not propose it again.
    Refuse {
        /// The proposal, or the beginning of its id.
        id: String,
    },
    /// Show what was accepted and whether it held.
    History {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Proposes or answers.
pub(crate) fn run(session: &Session, arguments: &DeepenArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    match &arguments.what {
        Some(What::History { json }) => return history(&workspace, *json),
        Some(What::Accept { id }) => {
            let proposal = pick(&proposals(session, &workspace)?, id)?;
            deepen::accept(&workspace, &proposal, &reviewer(), jiff::Timestamp::now())?;
            say(&format!("wrote to fourfold.toml: {}", printable(&proposal.title)));
            say("`fourfold run` takes it in, and every later report says whether it holds");
        }
        Some(What::Refuse { id }) => {
            let proposal = pick(&proposals(session, &workspace)?, id)?;
            deepen::refuse(&workspace, &proposal, &reviewer(), jiff::Timestamp::now())?;
            say(&format!("not proposed again: {}", printable(&proposal.title)));
        }
        None => show(&proposals(session, &workspace)?, arguments.json)?,
    }
    Ok(0)
}

fn proposals(session: &Session, workspace: &Workspace) -> Result<Vec<Proposal>> {
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let token = interrupts.token();
    let warehouse = connect::open(workspace, Access::read(session.patience), &narrator, &token)?;
    interrupts.stop_statements(warehouse.canceller());
    let chart = crate::chart::chart(warehouse.as_ref(), &workspace.config, &narrator, &token)?;
    let found = deepen::propose(workspace, warehouse.as_ref(), &chart.map)?;
    narrator.finish();
    Ok(found)
}

fn pick(proposals: &[Proposal], id: &str) -> Result<Proposal> {
    let mut alike =
        proposals.iter().filter(|proposal| proposal.id == id || id.len() >= 4 && proposal.id.starts_with(id));
    alike.next().filter(|_| alike.next().is_none()).cloned().ok_or_else(|| {
        Error::not_found(format!("there is no proposal {:?}, or several that begin so", printable(id)))
            .hint("`fourfold deepen` lists them with their ids; what was answered is not proposed again")
    })
}

fn show(proposals: &[Proposal], json: bool) -> Result<()> {
    if json {
        return output::json(&proposals);
    }
    if proposals.is_empty() {
        return output::line("nothing to propose: decide more pairs, or load another source");
    }
    for proposal in proposals {
        output::line(&format!("{}  {}", proposal.id, printable(&proposal.title)))?;
        for (word, lines) in [("seen", &proposal.seen), ("would", &proposal.would)] {
            for line in lines {
                output::line(&format!("    {word:<6}{}", printable(line)))?;
            }
        }
        output::line(&format!("    {:<6}{}", "test", printable(&proposal.test)))?;
        output::line(&format!("    {:<6}fourfold deepen accept {}", "", proposal.id))?;
        output::line("")?;
    }
    Ok(())
}

fn history(workspace: &Workspace, json: bool) -> Result<u8> {
    let rows = DriftStore::open_read_only(&workspace.drift())?.proposals()?;
    if json {
        output::json(&rows)?;
        return Ok(0);
    }
    for row in &rows {
        let title =
            serde_json::from_str::<Proposal>(&row.body).map_or_else(|_| row.id.clone(), |proposal| proposal.title);
        let (held, not) = row.held;
        let runs =
            if held + not == 0 { "no run since".to_owned() } else { format!("held in {held} of {} runs", held + not) };
        let said = if row.said.is_empty() { String::new() } else { format!("; {}", row.said) };
        let day = row.at.get(..10).unwrap_or(&row.at);
        output::line(&format!("{day}  {:<9} by {:<12} {}", row.status, printable(&row.who), printable(&title)))?;
        if row.status == "accepted" {
            output::line(&format!("            {runs}{}", printable(&said)))?;
        }
    }
    Ok(0)
}
