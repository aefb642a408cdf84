//! How do verdicts reach other tools, and come back?

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::{print, print_json};
use crate::catalog::Role;
use crate::error::{Context as _, Error, ErrorKind, Result};
use crate::ident::{EntityKind, RecordKey};
use crate::review::ReviewLog;
use crate::review::exchange::openrefine::Table;
use crate::review::exchange::{ExchangeReport, Incoming, nomenklatura, openrefine, reconciliation};
use crate::snapshot::SnapshotReader;

/// In whose words verdicts travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Every entry with its chain, as JSON lines: loses nothing.
    #[default]
    Log,
    /// Edges of nomenklatura's resolver, as JSON lines.
    Nomenklatura,
    /// Operations of OpenRefine's history.
    Openrefine,
    /// Answers of a reconciliation service, as OpenRefine asks for them.
    Reconciliation,
}

/// How records are named in a file of another tool.
#[derive(Debug, Args, Default)]
pub struct NamedArgs {
    /// The file's format.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Log)]
    pub format: Format,
    /// Where cells or queries hold bare keys: of which table, as SOURCE.TABLE.
    #[arg(long, value_name = "SOURCE.TABLE", value_parser = table)]
    pub left: Option<(String, String)>,
    /// Where matches or candidates hold bare keys: of which table, as SOURCE.TABLE.
    #[arg(long, value_name = "SOURCE.TABLE", value_parser = table)]
    pub right: Option<(String, String)>,
}

fn table(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('.') {
        Some((source, table)) if !source.is_empty() && !table.is_empty() => Ok((source.to_owned(), table.to_owned())),
        _ => Err("write it as SOURCE.TABLE, such as salesforce.account".to_owned()),
    }
}

/// Writes what stands in another tool's words; what does not fit is said on standard error.
///
/// # Errors
/// `Log` when the log cannot be read; `Io` when `out` takes no more.
pub(super) fn export(log: &ReviewLog, format: Format, column: &str, out: &mut dyn Write) -> Result<usize> {
    let outgoing = log.judged()?;
    let written = match format {
        Format::Log => return log.export(out),
        Format::Nomenklatura => nomenklatura::write(&outgoing, out)?,
        Format::Openrefine => openrefine::write(&outgoing, column, out)?,
        Format::Reconciliation => reconciliation::write(&outgoing, out)?,
    };
    let left_behind = outgoing.judged.len().saturating_sub(written);
    for (count, what) in [
        (left_behind, "judgements have no word there and stay behind"),
        (outgoing.disputed, "disputed pairs stay behind until somebody settles them"),
        (outgoing.relations, "relations (child-of, bills-for, successor-of) are written as plain differences"),
    ] {
        if count > 0 {
            crate::cli::narrate::line(&format!("note: {count} {what}"));
        }
    }
    Ok(written)
}

/// Writes beside the file first, so that an export is there whole or not at all.
///
/// # Errors
/// As [`export`].
pub(super) fn export_file(log: &ReviewLog, format: Format, column: &str, file: &Path) -> Result<usize> {
    let cannot = || format!("cannot write {}", file.display());
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let mut out = BufWriter::new(File::create(&part).context(ErrorKind::Io, cannot)?);
    let count = export(log, format, column, &mut out)?;
    let written = out.into_inner().context(ErrorKind::Io, cannot)?;
    written.sync_all().context(ErrorKind::Io, cannot)?;
    std::fs::rename(&part, file).context(ErrorKind::Io, cannot)?;
    Ok(count)
}

/// The file, or standard input for `-`.
pub(super) fn opened(file: &Path) -> Result<Box<dyn BufRead>> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(file).context(ErrorKind::Io, || format!("cannot open {}", file.display()))?;
    Ok(Box::new(BufReader::new(opened)))
}

/// Takes in judgements of another tool.
///
/// # Errors
/// `NotFound` before the first run, which tells accounts from people; `Data` when the file is not of that format.
pub(super) fn import(
    file: &Path,
    named: &NamedArgs,
    log_path: &Path,
    reviewer: &str,
    json: bool,
    out: &mut dyn Write,
) -> Result<()> {
    let mut input = opened(file)?;
    let incoming = read(&mut *input, named)?;
    let snapshot = SnapshotReader::open(&log_path.with_file_name("snapshot.sqlite"))
        .map_err(|error| error.hint("the run tells which tables hold accounts and which hold people"))?;
    let map = snapshot.map()?;
    let kind_of = |record: &RecordKey| {
        let source = map.source(&record.source)?;
        let table = source.tables.iter().find(|table| table.name.table == record.table)?;
        match table.role {
            Role::Account => Some(EntityKind::Account),
            Role::Person => Some(EntityKind::Person),
            _ => None,
        }
    };
    let log = ReviewLog::open(log_path)?;
    let name = format!("import of {}", file.file_name().map_or("standard input".into(), |name| name.to_string_lossy()));
    let report = log.import_judged(&incoming, &name, reviewer, Timestamp::now(), &kind_of)?;
    if json {
        return print_json(&report, out);
    }
    told(&report, out)
}

fn read(input: &mut dyn BufRead, named: &NamedArgs) -> Result<Incoming> {
    if named.format == Format::Nomenklatura {
        return nomenklatura::read(input);
    }
    let mut text = String::new();
    input.read_to_string(&mut text).context(ErrorKind::Io, || "cannot read the file".to_owned())?;
    let (left, right): (&Table, &Table) = (&named.left, &named.right);
    match named.format {
        Format::Openrefine => openrefine::read(&text, left, right),
        Format::Reconciliation => reconciliation::read(&text, left, right),
        Format::Log | Format::Nomenklatura => Err(Error::internal("a format that is read elsewhere")),
    }
}

fn told(report: &ExchangeReport, out: &mut dyn Write) -> Result<()> {
    let ExchangeReport { read, added, known, strange, foreign, passed_over } = *report;
    print(out, &format!("read {read} judgements: {added} stored as one batch, {known} were known already"))?;
    for (count, what) in [
        (strange, "are about tables that hold neither accounts nor people"),
        (foreign, "name records that fourfold does not know; --left and --right name their tables"),
        (passed_over, "carry no judgement on two records"),
    ] {
        if count > 0 {
            print(out, &format!("{count} {what}"))?;
        }
    }
    Ok(())
}
