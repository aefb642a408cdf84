//! `fourfold log`: what was decided, is it untouched, and how does it travel?

pub(crate) mod agreement;
mod exchange;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::{Context as _, Error, ErrorKind, Result};
use crate::review::{Action, BatchId, Entry, EntryId, Filter, ReviewLog, Target};

/// The arguments of `fourfold log`.
#[derive(Debug, Args)]
pub struct LogArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// Print JSON: one object a line, or one object for a report.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show entries, the newest first (the default).
    List(ListArgs),
    /// Recompute the hash chain and name the first entry that is not what it was.
    Verify {
        /// A head that an earlier verification printed; without it, an end that was cut off goes unseen.
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
    /// Write every entry as JSON lines, or what stands in the words of another tool.
    Export {
        /// The file to write; standard output without it.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// The format.
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = exchange::Format::Log)]
        format: exchange::Format,
        /// For OpenRefine: the column whose cells name the records.
        #[arg(long, value_name = "NAME", default_value = "record")]
        column: String,
    },
    /// Merge an export into this log, or take in the judgements of another tool. Importing twice changes nothing.
    Import {
        /// The export; `-` reads standard input.
        file: PathBuf,
        #[command(flatten)]
        named: exchange::NamedArgs,
    },
    /// Show how far every two reviewers agree, with Cohen's kappa.
    Agreement,
    /// Show the pairs on which reviewers differ; `fourfold review --plain --disagreements` settles them.
    Disagreements,
    /// Take back a decision or a batch.
    Undo(TargetArgs),
    /// Put back in force what was undone.
    Redo(TargetArgs),
}

#[derive(Debug, Args, Default)]
struct ListArgs {
    /// Only this reviewer's entries.
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
    /// Only what this rule decided or proposed.
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// Only this batch.
    #[arg(long, value_name = "BATCH")]
    batch: Option<String>,
    /// Only from this day on (UTC, such as 2026-03-31).
    #[arg(long, value_name = "DAY")]
    since: Option<Date>,
    /// Only up to this day, included.
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// Only decisions, without undos, skips and other events.
    #[arg(long)]
    decisions: bool,
    /// At most so many entries [default: 100].
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Debug, Args)]
struct TargetArgs {
    /// The name of a decision (its first digits are enough) or of a batch; without it, your own last.
    target: Option<String>,
}

/// Runs `fourfold log` on the workspace's log and returns the exit code.
///
/// # Errors
/// What the review log reports; `Io` if standard output cannot be written.
pub fn run(args: &LogArgs, log_path: &Path, reviewer: &str) -> Result<u8> {
    let mut out = BufWriter::new(io::stdout().lock());
    let code = run_to(args, log_path, reviewer, &mut out)?;
    out.flush().context(ErrorKind::Io, || "cannot write to standard output".to_owned())?;
    Ok(code)
}

/// As [`run`], with its output going elsewhere.
///
/// # Errors
/// As [`run`].
pub fn run_to(args: &LogArgs, log_path: &Path, reviewer: &str, out: &mut dyn Write) -> Result<u8> {
    let default = What::List(ListArgs::default());
    match args.what.as_ref().unwrap_or(&default) {
        What::List(list) => show(list, &ReviewLog::open_read_only(log_path)?, args.json, out).map(|()| 0),
        What::Verify { head } => verify(head.as_deref(), &ReviewLog::open_read_only(log_path)?, args.json, out),
        What::Export { out: file, format, column } => {
            let log = ReviewLog::open_read_only(log_path)?;
            match file {
                None => exchange::export(&log, *format, column, out)?,
                Some(file) => exchange::export_file(&log, *format, column, file)?,
            };
            Ok(0)
        }
        What::Import { file, named } if named.format == exchange::Format::Log => {
            import(file, &ReviewLog::open(log_path)?, reviewer, args.json, out).map(|()| 0)
        }
        What::Import { file, named } => exchange::import(file, named, log_path, reviewer, args.json, out).map(|()| 0),
        What::Agreement => agreement::agreements(&ReviewLog::open_read_only(log_path)?, args.json, out).map(|()| 0),
        What::Disagreements => {
            agreement::disagreements(&ReviewLog::open_read_only(log_path)?, args.json, out).map(|()| 0)
        }
        What::Undo(target) => toggle(target, log_path, reviewer, true, args.json, out).map(|()| 0),
        What::Redo(target) => toggle(target, log_path, reviewer, false, args.json, out).map(|()| 0),
    }
}

fn show(args: &ListArgs, log: &ReviewLog, json: bool, out: &mut dyn Write) -> Result<()> {
    let filter = Filter {
        reviewer: args.reviewer.clone(),
        rule: args.rule.clone(),
        batch: args.batch.clone().map(BatchId),
        since: args.since.map(start_of).transpose()?,
        until: args.until.map(|day| day.tomorrow().map_err(|_| no_such_day(day)).and_then(start_of)).transpose()?,
        decisions_only: args.decisions,
        limit: args.limit.unwrap_or(100),
        ..Filter::default()
    };
    for entry in log.history(&filter)? {
        if json {
            print_json(&entry, out)?;
        } else {
            print(out, &line(&entry))?;
        }
    }
    Ok(())
}

fn verify(head: Option<&str>, log: &ReviewLog, json: bool, out: &mut dyn Write) -> Result<u8> {
    let known = head.map(|text| {
        EntryId::parse(text.trim()).ok_or_else(|| {
            Error::config("`--head` is no hash of 64 hexadecimal digits").hint("`fourfold log verify` prints it.")
        })
    });
    let report = log.verify(known.transpose()?)?;
    if json {
        print_json(&report, out)?;
    } else if let Some(broken) = &report.broken {
        print(out, &format!("broken at row {}: {}", broken.seq, broken.reason))?;
        print(out, &format!("rows before it: {}, intact", report.entries))?;
    } else {
        let (entries, imported, erased) = (report.entries, report.imported, report.erased);
        print(out, &format!("intact: {entries} entries ({imported} imported, {erased} erased)"))?;
        if let Some(head) = report.head {
            print(out, &format!("head: {head}"))?;
            print(out, "Keep the head elsewhere: a hash chain cannot show that its own end was cut off.")?;
        }
    }
    Ok(u8::from(!report.is_intact()))
}

fn import(file: &Path, log: &ReviewLog, reviewer: &str, json: bool, out: &mut dyn Write) -> Result<()> {
    let mut input = exchange::opened(file)?;
    let report = log.import(&mut *input, reviewer, Timestamp::now())?;
    if json {
        return print_json(&report, out);
    }
    let known = report.read - report.added;
    print(out, &format!("imported {} entries; {known} were known already", report.added))?;
    if report.erased > 0 {
        print(out, &format!("erased personal data in {} entries, as the other log had", report.erased))?;
    }
    Ok(())
}

fn toggle(args: &TargetArgs, path: &Path, reviewer: &str, undo: bool, json: bool, out: &mut dyn Write) -> Result<()> {
    let log = ReviewLog::open(path)?;
    let target = if let Some(name) = &args.target {
        named_target(&log, name)?
    } else {
        let last = if undo { log.undoable(reviewer)? } else { log.redoable(reviewer)? };
        let word = if undo { "undo" } else { "redo" };
        last.ok_or_else(|| Error::not_found(format!("{} has nothing to {word}", clean(reviewer))))?
    };
    let at = Timestamp::now();
    let entry = if undo { log.undo(&target, reviewer, at)? } else { log.redo(&target, reviewer, at)? };
    if json {
        return print_json(&entry, out);
    }
    print(out, &format!("{} {target}; the next run follows it", if undo { "took back" } else { "put back" }))
}

/// A batch's name, or the first digits of a decision's.
fn named_target(log: &ReviewLog, name: &str) -> Result<Target> {
    let is_batch = name.len() == 17 && name.starts_with('b') && name.chars().all(|digit| digit.is_ascii_hexdigit());
    if is_batch { Ok(Target::Batch(BatchId(name.to_owned()))) } else { Ok(Target::Entry(log.find(name)?.id)) }
}

/// One entry as a line for people.
fn line(entry: &Entry) -> String {
    let about = |text: Option<String>| text.map_or_else(|| "(erased)".to_owned(), |text| clean(&text));
    let what = match &entry.what {
        Action::Create => "began this log".to_owned(),
        Action::Decide(decision) => {
            let pair = decision.pair.as_ref().map(|pair| format!("{} | {}", pair.left, pair.right));
            let batch = decision.batch.as_ref().map(|batch| format!("  batch {batch}")).unwrap_or_default();
            let rule = decision.rule.as_ref().map(|rule| format!("  rule {rule}")).unwrap_or_default();
            let note = decision.note.as_ref().map(|note| format!("  \"{note}\"")).unwrap_or_default();
            format!("{}  {}{}", decision.verdict, about(pair), clean(&format!("{batch}{rule}{note}")))
        }
        Action::Undo { target } => format!("undid {target}"),
        Action::Redo { target } => format!("redid {target}"),
        Action::Skip { pair } => {
            format!("skipped {}", about(pair.as_ref().map(|pair| format!("{} | {}", pair.left, pair.right))))
        }
        Action::Reveal { record, field } => {
            format!("was shown {} of {}", clean(field), about(record.as_ref().map(ToString::to_string)))
        }
        Action::Erase { entries } => format!("erased personal data from {entries} entries"),
        Action::Import { entries } => format!("merged {entries} entries of another log"),
    };
    let state = match (entry.undone, entry.imported) {
        (true, _) => "  (undone)",
        (false, true) => "  (imported)",
        (false, false) => "",
    };
    let at = entry.at.strftime("%Y-%m-%d %H:%M:%SZ");
    format!("{}  {at}  {}  {what}{state}", entry.id.short(), clean(&entry.reviewer))
}

/// Keys and notes come from outside: nothing in them may steer the terminal or break the line.
fn clean(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

fn start_of(day: Date) -> Result<Timestamp> {
    day.to_zoned(TimeZone::UTC).map(|start| start.timestamp()).map_err(|_| no_such_day(day))
}

fn no_such_day(day: Date) -> Error {
    Error::config(format!("{day} is out of range"))
}

fn print(out: &mut dyn Write, text: &str) -> Result<()> {
    writeln!(out, "{text}").context(ErrorKind::Io, || "cannot write the output".to_owned())
}

fn print_json(value: &impl serde::Serialize, out: &mut dyn Write) -> Result<()> {
    let text = serde_json::to_string(value).context(ErrorKind::Internal, || "cannot spell JSON".to_owned())?;
    print(out, &text)
}
