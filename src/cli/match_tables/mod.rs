//! `fourfold match A [B]`: which rows of one table, or of two, are the same?

mod explain;
mod load;
mod report;
mod write;

use std::path::PathBuf;

use clap::Args;

use crate::error::{Context, Error, ErrorKind, Result};
use crate::progress::{CancelToken, Progress};
use crate::resolve::matching::{MatchOptions, match_table};

/// Resolve any table (find its duplicates) or any two (link them), without configuration.
///
/// What the columns mean, which pairs are compared and how much each agreement tells is learned from the tables alone;
/// the precision and recall to expect are printed. Where two tables turn out to be free of duplicates, rows are matched
/// one to one.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = LONGER)]
pub struct MatchArgs {
    /// The table: a CSV or JSON-lines file, also packed with gzip.
    pub left: PathBuf,
    /// A second table: pairs are looked for between the two only.
    pub right: Option<PathBuf>,
    /// Where to write the pairs (`left_id`, `right_id`, `weight`, `probability`); standard output when absent.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Where to write the clusters (`id`, `cluster_id`).
    #[arg(long, value_name = "FILE")]
    pub clusters: Option<PathBuf>,
    /// What a column means, instead of the guess: `--map org=company_name`.
    #[arg(long, value_name = "COLUMN=CONCEPT")]
    pub map: Vec<String>,
    /// What a person knows: columns, rules that decide pairs, sources without duplicates (see below).
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// Pairs a person decided: a CSV of `left_id`, `right_id` and `verdict` (same, different, unsure).
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,
    /// Score exactly these pairs and write them all: a CSV of `left_id` and `right_id`.
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,
    /// Show why two rows belong together or not, instead of writing pairs.
    #[arg(long, num_args = 2, value_names = ["LEFT", "RIGHT"])]
    pub explain: Option<Vec<String>>,
    /// Show what holds the cluster of a row together and where it would split, instead of writing pairs.
    #[arg(long, value_name = "ID", conflicts_with = "explain")]
    pub explain_cluster: Option<String>,
    /// The probability from which a pair counts as the same.
    #[arg(long, value_name = "P", value_parser = probability)]
    pub threshold: Option<f64>,
    /// Candidate pairs afforded for each row, about: more find more and take longer. Chosen by the tables' size when absent.
    #[arg(long, value_name = "N")]
    pub candidates: Option<f64>,
    /// Threads to use; the program's own option.
    #[arg(skip)]
    pub threads: usize,
    /// Write a report as JSON to standard output; pairs are then written only with `--out`.
    #[arg(long)]
    pub json: bool,
}

const LONGER: &str = "\
Rules file (TOML; a name is a column, or a concept that one column has):
  [columns]                      what a column means, as --map says it
  org = \"company_name\"
  note = \"ignore\"

  [[must_match]]                 rows that are one, whatever else differs
  name = \"one tax number\"        what its bar is called in --explain
  same = [\"vat_id\"]              equal; also close = [...] and different = [...]

  [[must_not_match]]             rows that are never one
  same = [\"company_name\"]
  different = [\"country\"]
  sources = [\"crm\", \"billing\"]  only between these two files, or inside one

  [[block]]                      rows to compare beside those found anyway
  same = [\"postal_code\", \"street\"]

  [[source]]                     a file none of whose rows are duplicates
  name = \"billing\"
  duplicates = false

  [[compare]]                    how much a column may say, in bits
  column = \"industry\"
  most = 1.0
  least = -1.0

Labels file (CSV): left_id,right_id,verdict with same, different or unsure. Decided pairs are
kept as decided, the weights and the probabilities are learned from them too.

Concepts: person_name, given_name, family_name, company_name, email, domain, phone, street,
house_number, city, postal_code, region, country, date, number, money, latitude, longitude,
identifier, code, category, title, name_list, free_text, ignore";

fn probability(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|value| *value > 0.0 && *value < 1.0)
        .ok_or_else(|| "a probability lies between 0 and 1".to_owned())
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
    let loaded = pool.install(|| load::load(args))?;
    report::columns(&loaded.table, progress);
    let labels = loaded.labels;
    if labels.unknown > 0 {
        progress.note(&format!("{} labels name no row of these tables and are left out", labels.unknown));
    }
    let options = MatchOptions {
        threads: args.threads,
        threshold: args.threshold,
        within_groups: false,
        must_link: labels.same,
        cannot_link: labels.different,
        rules: loaded.rules,
        only: loaded.pairs,
        candidates_per_row: args.candidates,
        ..MatchOptions::default()
    };
    let table = loaded.table;
    let outcome = match_table(&table, &options, progress, cancel)?;
    report::outcome(&outcome, progress);
    if let Some([left, right]) = args.explain.as_deref() {
        return explain::pair(&table, &outcome, left, right, args.json);
    }
    if let Some(id) = &args.explain_cluster {
        return explain::cluster(&table, &outcome, id, args.json);
    }
    pool.install(|| {
        if let Some(path) = &args.clusters {
            write::clusters(&table, &outcome.clusters, path)?;
        }
        if args.out.is_some() || !args.json {
            write::pairs(&table, &outcome.matches, args.out.as_deref())?;
        }
        Ok::<(), Error>(())
    })?;
    if args.json {
        report::json(&table, &outcome)?;
    }
    Ok(())
}
