//! What does `fourfold review` do?

use std::io::{BufReader, BufWriter, Write};

use clap::Args;

use super::ui::{self, Opening};
use super::{Session, reviewer};
use crate::error::{Context, ErrorKind, Result};
use crate::snapshot::SnapshotReader;
use crate::tui::plain::{self, PlainOptions};
use crate::tui::{LogBackend, Screen};

/// `fourfold review`.
#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    /// Ask line by line instead of opening the UI: for screen readers, pipes and slow links.
    #[arg(long)]
    plain: bool,
    /// Show scores only after the verdict.
    #[arg(long)]
    blind: bool,
    /// Show personal data at once; the log notes it for each pair.
    #[arg(long, requires = "plain")]
    reveal: bool,
    /// Ask only the pairs on which reviewers differ; a verdict settles them.
    #[arg(long, requires = "plain")]
    disagreements: bool,
    /// Ask only pairs that this rule proposed.
    #[arg(long, value_name = "RULE", requires = "plain")]
    rule: Option<String>,
    /// Ask only pairs with a record of this source.
    #[arg(long, value_name = "SOURCE", requires = "plain")]
    source: Option<String>,
    /// Ask only about accounts, or only about people.
    #[arg(long, value_name = "KIND", requires = "plain", value_parser = ["account", "person"])]
    kind: Option<String>,
    /// Look, decide nothing.
    #[arg(long, conflicts_with = "plain")]
    read_only: bool,
    /// The theme: terminal, dark, light, contrast, mono.
    #[arg(long, value_name = "NAME", conflicts_with = "plain")]
    theme: Option<String>,
}

/// Opens the queue.
pub(crate) fn run(session: &Session, arguments: &ReviewArgs) -> Result<u8> {
    if !arguments.plain {
        return ui::run(
            session,
            Opening {
                screen: Some(Screen::Review),
                read_only: arguments.read_only,
                blind: arguments.blind,
                theme: arguments.theme.clone(),
                ..Opening::default()
            },
        );
    }
    let workspace = session.workspace()?;
    workspace.state()?;
    let snapshot = SnapshotReader::open(&workspace.snapshot())?;
    let backend = LogBackend::open(&workspace.review_log())?;
    let kind = arguments.kind.as_ref().map(|kind| {
        if kind == "person" { crate::ident::EntityKind::Person } else { crate::ident::EntityKind::Account }
    });
    let options = PlainOptions {
        reviewer: reviewer(),
        blind: arguments.blind,
        reveal: arguments.reveal,
        disagreements: arguments.disagreements,
        rule: arguments.rule.clone(),
        source: arguments.source.clone(),
        kind,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut input = BufReader::new(std::io::stdin().lock());
    plain::review(&snapshot, &backend, &options, &mut input, &mut out)?;
    out.flush().context(ErrorKind::Io, || "cannot write to standard output".to_owned())?;
    Ok(0)
}
