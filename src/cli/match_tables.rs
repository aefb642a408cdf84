//! `fourfold match A [B]`: which rows of one table, or of two, are the same?

use std::path::PathBuf;

use clap::Args;

use super::match_write;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::progress::{CancelToken, Progress};
use crate::resolve::matching::{MatchConcept, MatchOptions, MatchOutcome, MatchTable, infer, match_table, read};

/// Resolve any table (find its duplicates) or any two (link them), without configuration.
#[derive(Debug, Clone, Args)]
#[expect(clippy::doc_markdown, reason = "these are help texts, which show no code marks")]
pub struct MatchArgs {
    /// The table: a CSV or JSON-lines file, also packed with gzip.
    pub left: PathBuf,
    /// A second table: pairs are looked for between the two only.
    pub right: Option<PathBuf>,
    /// Where to write the pairs (left_id, right_id, weight, probability); standard output when absent.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Where to write the clusters (id, cluster_id).
    #[arg(long, value_name = "FILE")]
    pub clusters: Option<PathBuf>,
    /// What a column means, instead of the guess: `--map org=company_name`.
    #[arg(long, value_name = "COLUMN=CONCEPT")]
    pub map: Vec<String>,
    /// Show why two rows belong together, instead of writing pairs.
    #[arg(long, num_args = 2, value_names = ["LEFT", "RIGHT"])]
    pub explain: Option<Vec<String>>,
    /// The probability from which a pair counts as the same.
    #[arg(long, value_name = "P")]
    pub threshold: Option<f64>,
    /// Threads to use; the program's own option.
    #[arg(skip)]
    pub threads: usize,
    /// Write a report as JSON to standard output.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command: data on standard output, narration through `progress`.
///
/// # Errors
/// Whatever reading, matching or writing reports.
pub fn run(args: &MatchArgs, progress: &dyn Progress, cancel: &CancelToken) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads)
        .build()
        .context(ErrorKind::Internal, || "cannot start threads".to_owned())?;
    progress.step("match: read");
    let table = pool.install(|| load(args))?;
    for column in &table.columns {
        progress.note(&format!("{}: {}", column.name, column.concept));
    }
    let options = MatchOptions {
        threads: args.threads,
        threshold: args.threshold,
        within_groups: false,
        ..MatchOptions::default()
    };
    let outcome = match_table(&table, &options, progress, cancel)?;
    report(&outcome, progress);
    if let Some([left, right]) = args.explain.as_deref() {
        return explain(&table, &outcome, left, right, args.json);
    }
    pool.install(|| {
        match_write::pairs(&table, &outcome.matches, args.out.as_deref())?;
        args.clusters.as_deref().map_or(Ok(()), |path| match_write::clusters(&table, &outcome.clusters, path))
    })
}

fn load(args: &MatchArgs) -> Result<MatchTable> {
    let mut left = read::read_table(&args.left)?;
    infer::infer(&mut left, &[]);
    let Some(path) = &args.right else {
        map_columns(&mut left, &args.map)?;
        return Ok(left);
    };
    let mut right = read::read_table(path)?;
    infer::infer(&mut right, &[]);
    let mut table = read::stack(&left, &right);
    infer::infer(&mut table, &[]);
    map_columns(&mut table, &args.map)?;
    Ok(table)
}

fn map_columns(table: &mut MatchTable, map: &[String]) -> Result<()> {
    for entry in map {
        let (name, concept) =
            entry.split_once('=').ok_or_else(|| Error::config(format!("--map {entry}: expected column=concept")))?;
        let concept: MatchConcept = concept.parse()?;
        let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        let column = table.columns.iter_mut().find(|column| column.name == name).ok_or_else(|| {
            Error::config(format!("--map {entry}: there is no column `{name}`"))
                .hint(format!("the columns are {}", names.join(", ")))
        })?;
        column.concept = concept;
    }
    Ok(())
}

fn report(outcome: &MatchOutcome, progress: &dyn Progress) {
    progress.note(&format!(
        "{} candidate pairs from {} passes: {}",
        outcome.candidates,
        outcome.passes.len(),
        outcome.passes.join("; ")
    ));
    progress.note(&format!(
        "{} pairs at probability {:.2} and above; expected precision {:.3}, recall {:.3}{}",
        outcome.matches.len(),
        outcome.threshold,
        outcome.estimates.precision,
        outcome.estimates.recall,
        if outcome.one_to_one { "; one to one" } else { "" }
    ));
    for warning in &outcome.warnings {
        progress.note(&format!("warning: {warning}"));
    }
}

#[expect(clippy::print_stdout, reason = "the explanation is the command's data")]
fn explain(table: &MatchTable, outcome: &MatchOutcome, left: &str, right: &str, json: bool) -> Result<()> {
    let find = |id: &str, last: bool| {
        let mut rows = (0..table.rows()).filter(|row| &table.ids[*row] == id);
        let found = if last { rows.next_back() } else { rows.next() };
        found.map(|row| row as u32).ok_or_else(|| Error::not_found(format!("no row has the id `{id}`")))
    };
    let (left, right) = (find(left, false)?, find(right, true)?);
    let waterfall = outcome.explain(table, left, right);
    if json {
        println!(
            "{}",
            serde_json::to_string(&waterfall).context(ErrorKind::Internal, || "cannot write JSON".to_owned())?
        );
        return Ok(());
    }
    for bar in &waterfall.bars {
        println!("{:>8.2}  {}: {}  [{}] [{}]", bar.weight, bar.comparison, bar.level, bar.left, bar.right);
    }
    println!("{:>8.2}  weight, probability {:.4}", waterfall.weight(), waterfall.probability());
    Ok(())
}
