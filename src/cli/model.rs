//! What does `fourfold model` build, and what would other rules change?

use clap::Args;

use super::interview::{print_preview, with_progress};
use super::{Session, run};
use crate::config::{Config, Survivorship, SurvivorshipRule};
use crate::engine::preview::{self, PreviewOptions};
use crate::error::{Error, Result};

/// `fourfold model`.
#[derive(Debug, Args)]
pub(crate) struct ModelArgs {
    /// Compare everything again, whatever the last run remembers; the graph is the same, only later.
    #[arg(long)]
    full: bool,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
    /// Show what fourfold.toml as it is now would change against the last run, and publish nothing.
    #[arg(long)]
    preview: bool,
    /// With --preview: show what this rule would change, such as accounts.name=priority:crm,billing or accounts.plan=recency.
    #[arg(long = "rule", value_name = "FIELD=RULE", requires = "preview")]
    rules: Vec<String>,
}

/// Builds and publishes, or previews.
pub(crate) fn run(session: &Session, arguments: &ModelArgs) -> Result<u8> {
    if !arguments.preview {
        return run::model(session, arguments.full, arguments.json);
    }
    let workspace = session.workspace()?;
    let mut rules = workspace.config.clone();
    for rule in &arguments.rules {
        add(&mut rules, rule)?;
    }
    let found = with_progress(session, |on_connect, narrator, cancel| {
        let options = PreviewOptions { threads: session.threads(), patience: session.patience, on_connect };
        if arguments.rules.is_empty() {
            preview::against_last_run(&workspace, &rules, &options, narrator, cancel)
        } else {
            preview::against_rules(&workspace, &rules, &mut None, &options, narrator, cancel)
        }
    })?;
    print_preview(&found, arguments.json)
}

/// Adds a rule as the command line writes it, checked like the file.
fn add(rules: &mut Config, text: &str) -> Result<()> {
    let wrong = || {
        Error::config(format!("{text:?} is no rule"))
            .hint("write it as accounts.name=priority:crm,billing")
            .hint("rules are: priority:SOURCES, source:SOURCES, recency, most_complete")
    };
    let (field, rule) = text.split_once('=').ok_or_else(wrong)?;
    let (word, sources) = rule.split_once(':').unwrap_or((rule, ""));
    let rule = SurvivorshipRule::parse(word.trim()).ok_or_else(wrong)?;
    let sources: Vec<String> =
        sources.split(',').map(|source| source.trim().to_owned()).filter(|source| !source.is_empty()).collect();
    let known = crate::model::build::fields().any(|path| path == field.trim());
    if !known {
        let fields: Vec<String> = crate::model::build::fields().collect();
        return Err(Error::config(format!("{:?} is no field that survives from several records", field.trim()))
            .hint(format!("fields are: {}", fields.join(", "))));
    }
    let stated = Survivorship {
        rule,
        sources,
        who: String::new(),
        when: String::new(),
        why: String::new(),
        question: String::new(),
        segments: Vec::new(),
    };
    rules.survivorship.insert(field.trim().to_owned(), stated);
    let text = toml::to_string(rules).map_err(|cause| Error::internal("cannot spell the rules").because(cause))?;
    *rules = Config::parse(&text, "--rule")?;
    Ok(())
}
