//! What does `fourfold test` do and say?

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::narrate::{Narrator, line as say, printable};
use super::signals::Interrupts;
use super::{Session, output, reviewer};
use crate::engine::labels::{self, Labels};
use crate::engine::regression::{self, Case, CaseState, Quality, TestReport, Tested};
use crate::engine::strata;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::review::ReviewLog;
use crate::review::estimates::Estimate;

/// `fourfold test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// Exit with 3 when an example or a decision does not hold.
    #[arg(long)]
    check: bool,
    /// Draw N pairs to be labelled, from every stratum, and write them to --out.
    #[arg(long, value_name = "N", requires = "out", value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
    /// The CSV file of the sample: fill its column verdict with same, different or unsure.
    #[arg(long, value_name = "FILE", requires = "sample")]
    out: Option<PathBuf>,
    /// Another seed draws another sample.
    #[arg(long, value_name = "SEED", default_value_t = 0, requires = "sample")]
    seed: u64,
    /// Count the labels of this file.
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// Write the labels into the review log too: they are decisions from then on.
    #[arg(long, requires = "labels")]
    record: bool,
}

/// Cases listed.
const SHOWN: usize = 20;

/// Tests and tells.
pub(crate) fn run(session: &Session, arguments: &TestArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let given = arguments.labels.as_deref().map(read).transpose()?.unwrap_or_default();
    if arguments.record && given.is_empty() {
        return Err(Error::config("the file holds no label to record").hint("fill its column `verdict`"));
    }
    let narrator = Narrator::new(session.quiet);
    let interrupts = Interrupts::watch()?;
    let tested = regression::test(
        &workspace,
        &given,
        session.threads(),
        session.patience,
        &|canceller| interrupts.stop_statements(canceller),
        &narrator,
        &interrupts.token(),
    )
    .map_err(|error| if interrupts.token().is_cancelled() { Error::cancelled() } else { error })?;
    narrator.finish();
    if let (Some(count), Some(file)) = (arguments.sample, &arguments.out) {
        let log = ReviewLog::open(&workspace.review_log())?;
        let drawn = strata::draw(&tested.unaided, &log.effective()?, count as usize, arguments.seed);
        write(&drawn, file)?;
        say(&format!(
            "{} pairs to label are in {}: fill the column verdict with same, different or unsure",
            drawn.len(),
            file.display()
        ));
        say(&format!(
            "then `fourfold test --labels {}`, with --record to keep the labels as decisions",
            file.display()
        ));
    }
    if arguments.record {
        record(&workspace.review_log(), &given, &tested)?;
    }
    if arguments.json {
        output::json(&tested.report)?;
    } else {
        output::line(words(&tested.report).trim_end())?;
    }
    Ok(if arguments.check && !tested.report.passed { 3 } else { 0 })
}

fn read(file: &Path) -> Result<Labels> {
    let mut handle = std::fs::File::open(file).context(ErrorKind::Io, || format!("cannot read {}", file.display()))?;
    labels::read(&mut handle, &file.display().to_string())
}

/// Writes the sample whole or not at all.
fn write(pairs: &[&crate::resolve::graph::CandidatePair], file: &Path) -> Result<()> {
    let fail = || format!("cannot write {}", file.display());
    let mut partial = file.to_owned().into_os_string();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let mut handle = std::fs::File::create(&partial).context(ErrorKind::Io, fail)?;
    let written = labels::write(pairs, &mut handle)
        .and_then(|()| handle.sync_all().context(ErrorKind::Io, fail))
        .and_then(|()| std::fs::rename(&partial, file).context(ErrorKind::Io, fail));
    if written.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    written
}

fn record(log: &Path, given: &Labels, tested: &Tested) -> Result<()> {
    let log = ReviewLog::open(log)?;
    let decisions = given.decisions(&reviewer(), jiff::Timestamp::now(), &tested.unaided.pairs);
    let known = log.effective()?;
    let fresh: Vec<_> =
        decisions.into_iter().filter(|decision| !known.is_answered(&decision.pair, &decision.reviewer)).collect();
    if fresh.is_empty() {
        say("every label is in the review log already");
        return Ok(());
    }
    log.append_batch("clerical sample", &fresh)?;
    say(&format!("{} labels are decisions now; `fourfold run` follows them", fresh.len()));
    Ok(())
}

fn words(report: &TestReport) -> String {
    let mut out = String::new();
    let broken = |cases: &[Case]| cases.iter().filter(|case| case.state != CaseState::Held).count();
    let held = report.examples.len() - broken(&report.examples);
    let _ = writeln!(out, "examples of rules  {held} of {} hold", report.examples.len());
    cases(&mut out, report.examples.iter().filter(|case| case.state != CaseState::Held));
    for rule in &report.untested_rules {
        let _ = writeln!(out, "  the rule \"{}\" has no example", printable(rule));
    }
    let decisions = &report.decisions;
    let gone =
        if decisions.gone > 0 { format!(", {} speak of records that are gone", decisions.gone) } else { String::new() };
    let _ = writeln!(out, "decisions          {} of {} hold{gone}", decisions.held, decisions.cases);
    cases(&mut out, decisions.broken.iter());
    let there = decisions.engine_agrees + decisions.engine_differs.len();
    if there > 0 {
        let _ = writeln!(out, "the engine alone   would decide {} of {there} alike", decisions.engine_agrees);
        cases(&mut out, decisions.engine_differs.iter());
    }
    for quality in &report.quality {
        tell_quality(&mut out, quality);
    }
    out
}

fn cases<'a>(out: &mut String, cases: impl Iterator<Item = &'a Case>) {
    let all: Vec<&Case> = cases.collect();
    for case in all.iter().take(SHOWN) {
        let weight = case.weight.map_or_else(|| "never compared".to_owned(), |weight| format!("{weight:+.1} bits"));
        let what = match case.state {
            CaseState::Gone => "a record is gone",
            _ => weight.as_str(),
        };
        let _ = writeln!(
            out,
            "  {}  {} and {} should be {}: {what} ({})",
            case.pair_id,
            printable(&case.pair.left.to_string()),
            printable(&case.pair.right.to_string()),
            case.expected.as_str(),
            printable(&case.by)
        );
    }
    if all.len() > SHOWN {
        let _ = writeln!(out, "  … and {} more (--json)", all.len() - SHOWN);
    }
}

fn tell_quality(out: &mut String, quality: &Quality) {
    let population: u64 = quality.strata.iter().map(|stratum| stratum.sample.population).sum();
    let checked: u64 = quality.strata.iter().map(|stratum| stratum.sample.checked).sum();
    let _ = writeln!(out, "\n{} pairs: {population} candidates, {checked} labelled at random", quality.kind);
    if population == 0 {
        return;
    }
    let _ = writeln!(out, "  {:<10} {:>9} {:>9} {:>9} {:>9}", "stratum", "from", "pairs", "labelled", "same");
    for stratum in &quality.strata {
        let name = if stratum.sample.matched { "matched" } else { "not" };
        let _ = writeln!(
            out,
            "  {name:<10} {:>9} {:>9} {:>9} {:>9}",
            stratum.from, stratum.sample.population, stratum.sample.checked, stratum.sample.same
        );
    }
    let share = |estimate: Option<Estimate>| match estimate {
        Some(Estimate { value, low, high }) => {
            format!("{:.1} %, 95 % sure between {:.1} % and {:.1} %", value * 100.0, low * 100.0, high * 100.0)
        }
        None => "not known: a stratum has no label (`fourfold test --sample 100 --out FILE` draws some)".to_owned(),
    };
    let _ = writeln!(out, "  precision  {}", share(quality.precision));
    let _ = writeln!(out, "  recall     {} (among the candidates)", share(quality.recall));
}
