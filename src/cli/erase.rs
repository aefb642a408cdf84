//! `fourfold erase`: how is somebody forgotten?

use std::io::{self, Write};
use std::path::Path;

use clap::Args;
use jiff::Timestamp;

use crate::error::{Context as _, Error, ErrorKind, Result};
use crate::ident::RecordKey;
use crate::review::ReviewLog;

/// The arguments of `fourfold erase`.
#[derive(Debug, Args)]
pub struct EraseArgs {
    /// The records of whom to forget, as screens spell them: `source.table:key`. Name every member of the entity.
    #[arg(required = true, value_name = "RECORD", value_parser = parse_record)]
    records: Vec<RecordKey>,
    /// Why, kept for good: a ticket number, not a name.
    #[arg(long, default_value = "", value_name = "TEXT")]
    reason: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs `fourfold erase` on the workspace's log and returns the exit code.
///
/// # Errors
/// What the review log reports; `Io` if standard output cannot be written.
pub fn run(args: &EraseArgs, log_path: &Path, reviewer: &str) -> Result<u8> {
    run_to(args, log_path, reviewer, &mut io::stdout().lock())
}

/// As [`run`], with its output going elsewhere.
///
/// # Errors
/// As [`run`].
pub fn run_to(args: &EraseArgs, log_path: &Path, reviewer: &str, out: &mut dyn Write) -> Result<u8> {
    if !log_path.exists() {
        return Err(Error::not_found(format!("there is no review log at {}", log_path.display()))
            .hint("Nothing was ever decided here, so that there is nothing to erase from it."));
    }
    let log = ReviewLog::open(log_path)?;
    let report = log.erase(&args.records, reviewer, &args.reason, Timestamp::now())?;
    let text = if args.json {
        serde_json::to_string(&report).context(ErrorKind::Internal, || "cannot spell JSON".to_owned())?
    } else {
        let mut text = format!(
            "emptied {} entries of the review log; {} decided pairs will not be asked again",
            report.entries, report.tombstones
        );
        if !report.wiped {
            text.push_str("\nanother program is reading an older state; run this again when it has finished");
        }
        text.push_str("\nout of reach of this command: the sources, the warehouse's time travel, backups, exports");
        text
    };
    writeln!(out, "{text}").context(ErrorKind::Io, || "cannot write the output".to_owned())?;
    Ok(0)
}

/// Reads `source.table:key`. A source's name holds no dot; the key may hold anything.
fn parse_record(text: &str) -> Result<RecordKey, String> {
    let wrong = || "spell the record as source.table:key, such as salesforce.account:0015g00000aBcDeAAK".to_owned();
    let (source, rest) = text.split_once('.').ok_or_else(wrong)?;
    let (table, pk) = rest.split_once(':').ok_or_else(wrong)?;
    if source.is_empty() || table.is_empty() || pk.is_empty() {
        return Err(wrong());
    }
    Ok(RecordKey::new(source, table, pk))
}
