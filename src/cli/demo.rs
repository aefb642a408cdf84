//! What does `fourfold demo` do and say?

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;

use super::narrate::{Narrator, line as say};
use super::signals::Interrupts;
use super::{Session, load, output, run, ui};
use crate::config::Workspace;
use crate::config::workspace::CONFIG_FILE;
use crate::demo::{self, DemoOptions};
use crate::engine;
use crate::engine::run::Step;
use crate::error::{Context, Error, ErrorKind, Result};

/// `fourfold demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// The directory to make; it must not exist, be empty, or hold an earlier demo.
    #[arg(value_name = "DIR", default_value = "fourfold-demo")]
    directory: PathBuf,
    /// Print what was found and the next commands instead of opening the UI.
    #[arg(long)]
    no_tui: bool,
    /// How many companies the demo company sells to, roughly.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(20..=1_000_000))]
    accounts: u32,
    /// The day of the first week's extract, such as 2026-01-05; the Monday of last week unless told. The same day and
    /// seed give the same bytes.
    #[arg(long, value_name = "DATE")]
    today: Option<jiff::civil::Date>,
    /// How many weekly extracts to write, two at least: DIR/data/week1 is loaded, the others wait for `fourfold load`.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..=52))]
    weeks: u32,
    /// Another seed gives another company.
    #[arg(long, value_name = "N", default_value_t = 7)]
    seed: u64,
}

/// Makes the demo, runs every step, opens the UI.
pub(crate) fn run(session: &Session, arguments: &DemoArgs) -> Result<u8> {
    let root = session.directory.join(&arguments.directory);
    let fresh = !is_demo(&root)?;
    let shown = root.display();
    if fresh {
        say(&format!("making a demo company in {shown}"));
        make(session, &root, arguments)?;
    } else {
        say(&format!("{shown} holds a demo already; running it again (remove the directory to start afresh)"));
    }
    let workspace = Workspace::find(&root)?;
    let outcome = run::execute(session, &workspace, Step::Drift, "fourfold demo")?;
    if !arguments.no_tui && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return ui::run(&Session { directory: root, ..*session }, ui::Opening::default());
    }
    run::print_counts(&outcome.counts, Step::Plays)?;
    next(&arguments.directory, &outcome)
}

/// Whether the directory holds an earlier demo; one that holds anything else is refused.
fn is_demo(root: &Path) -> Result<bool> {
    if root.join("data/truth").is_dir() && root.join(CONFIG_FILE).is_file() && root.join(".fourfold").is_dir() {
        return Ok(true);
    }
    let occupied = match std::fs::read_dir(root) {
        Ok(mut entries) => entries.next().is_some(),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => false,
        Err(cause) => return Err(Error::io(format!("cannot look into {}", root.display())).because(cause)),
    };
    if occupied {
        return Err(Error::config(format!("{} is not empty", root.display()))
            .hint("name another directory: `fourfold demo DIR`")
            .hint("if an earlier demo was interrupted there, remove the directory first"));
    }
    Ok(false)
}

fn make(session: &Session, root: &Path, arguments: &DemoArgs) -> Result<()> {
    std::fs::create_dir_all(root).context(ErrorKind::Io, || format!("cannot make {}", root.display()))?;
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let options = DemoOptions {
        accounts: arguments.accounts as usize,
        seed: arguments.seed,
        today: arguments.today.unwrap_or_else(last_week),
    };
    demo::generate(&root.join("data"), &options, &narrator, &interrupts.token())?;
    if arguments.weeks > 2 {
        let last = arguments.weeks as usize;
        demo::weeks::further(&root.join("data"), last, arguments.seed, &narrator, &interrupts.token())?;
    }
    let (_, report) =
        engine::init::from_files(root, &root.join("data/week1"), "fourfold", &[], &narrator, &interrupts.token())?;
    narrator.finish();
    load::tell(&report);
    Ok(())
}

/// The Monday of last week, so that the second week ends this Monday and figures of the last 28 days mean something.
fn last_week() -> jiff::civil::Date {
    let today = jiff::Zoned::now().date();
    let back = i64::from(today.weekday().to_monday_zero_offset()) + 7;
    today.checked_sub(jiff::Span::new().days(back)).unwrap_or(today)
}

/// The commands to try next, with real values from this run.
fn next(directory: &Path, outcome: &engine::run::RunOutcome) -> Result<u8> {
    let account = outcome
        .graph
        .iter()
        .flat_map(|graph| &graph.entities)
        .filter(|entity| entity.kind == crate::ident::EntityKind::Account)
        .max_by_key(|entity| (entity.members.len(), std::cmp::Reverse(entity.id.clone())));
    let directory = directory.display();
    output::line("")?;
    output::line("next:")?;
    output::line(&format!("  cd {directory}"))?;
    output::line("  fourfold                                  the terminal UI: map, review, trace, log")?;
    output::line("  fourfold chart                            the source map and its conflicts, as text")?;
    if let Some(account) = account {
        output::line(&format!("  fourfold trace {} arr      a number back to its rows", account.id))?;
    }
    output::line("  fourfold export conflicts                 every named disagreement, as CSV")?;
    output::line("  fourfold load data/week2 && fourfold run  a week later")?;
    output::line("  fourfold drift                            what moved in that week")?;
    Ok(0)
}
