//! How is a walk from a field back to its rows shown in a shell?

use std::fmt::Write as _;
use std::io::Write;

use clap::Args;

use super::Session;
use super::narrate::Narrator;
use super::plays::walk::Shown;
use super::signals::Interrupts;
use crate::engine::connect::{self, Access};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::model::openlineage;
use crate::model::trace::{LISTED, Trace, TraceRequest, TracedCell, TracedPair, TracedPart};
use crate::warehouse::{Warehouse, printable};

/// `fourfold trace`.
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// The account or person: its id (`account:acc_…`), its name, the beginning of its name, or its domain. A row of the model by its
    /// kind and id: `invoice:stripe:in_1`.
    entity: String,
    /// The field, such as `arr`; or a column of a play, such as `health.score`.
    field: String,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// List every contributing row and every column of the source row.
    #[arg(long)]
    all: bool,
    /// Print only SQL that gives the value again.
    #[arg(long, conflicts_with_all = ["json", "openlineage"])]
    sql: bool,
    /// Print an OpenLineage event with the column's lineage.
    #[arg(long, conflicts_with = "json")]
    openlineage: bool,
    /// Pass over so many contributing rows; those that contribute most come first.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    offset: u64,
    /// List so many contributing rows at most.
    #[arg(long, value_name = "N", default_value_t = LISTED)]
    limit: u64,
}

/// Runs `fourfold trace` on the workspace.
///
/// # Errors
/// As [`trace`]; as the warehouse.
pub(crate) fn run(session: &Session, arguments: &TraceArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let narrator = Narrator::new(true);
    let interrupts = Interrupts::watch()?;
    let warehouse = connect::open(&workspace, Access::read(session.patience), &narrator, &interrupts.token())?;
    if let Some(named) = super::plays::walk::named(&workspace, &arguments.field)? {
        let shown = match arguments {
            TraceArgs { json: true, .. } => Shown::Json,
            TraceArgs { sql: true, .. } => Shown::Sql,
            TraceArgs { openlineage: true, .. } => Shown::OpenLineage,
            _ => Shown::Words { all: arguments.all },
        };
        let out = &mut std::io::stdout().lock();
        return super::plays::walk::run(&workspace, warehouse.as_ref(), &named, &arguments.entity, shown, out);
    }
    let found = crate::engine::trace::walk(&workspace, warehouse.as_ref(), &arguments.request())?;
    let schema = workspace.config.warehouse.schema();
    write(arguments, &found, warehouse.as_ref(), schema, &mut std::io::stdout().lock())
}

impl TraceArgs {
    fn request(&self) -> TraceRequest {
        TraceRequest {
            entity: self.entity.clone(),
            field: self.field.clone(),
            offset: self.offset,
            limit: if self.all { u64::from(u32::MAX) } else { self.limit },
        }
    }
}

/// As `run`, on an open warehouse and with its output going elsewhere.
///
/// # Errors
/// As [`trace`]; `Io` when the output cannot be written.
pub fn run_to(arguments: &TraceArgs, warehouse: &dyn Warehouse, schema: &str, out: &mut dyn Write) -> Result<u8> {
    let found = crate::model::trace::walk(warehouse, schema, &arguments.request())?;
    write(arguments, &found, warehouse, schema, out)
}

fn write(
    arguments: &TraceArgs,
    found: &Trace,
    warehouse: &dyn Warehouse,
    schema: &str,
    out: &mut dyn Write,
) -> Result<u8> {
    let as_json = |value: &serde_json::Value| {
        serde_json::to_string_pretty(value)
            .map(|text| text + "\n")
            .context(ErrorKind::Internal, || "cannot write the event as JSON".to_owned())
    };
    let text = if arguments.sql {
        let Some(sql) = &found.sql else {
            let what = if found.value.is_none() { "the field is empty" } else { "no SQL gives this value" };
            return Err(Error::not_found(format!("{what}: {}", printable(&found.rule)))
                .hint("without --sql the walk shows what is known"));
        };
        format!("{};\n", sql.trim_end())
    } else if arguments.openlineage {
        let space = openlineage::namespace(warehouse);
        as_json(&openlineage::of_trace(found, schema, &space, &|source| source.to_owned()))?
    } else if arguments.json {
        let mut text = serde_json::to_string_pretty(found)
            .context(ErrorKind::Internal, || "cannot write the trace as JSON".to_owned())?;
        text.push('\n');
        text
    } else {
        words(found, arguments.all)
    };
    out.write_all(text.as_bytes()).context(ErrorKind::Io, || "cannot write to standard output".to_owned())?;
    Ok(0)
}

/// How many rows and columns are listed unless all are asked for.
const SHORT: usize = 12;

fn words(trace: &Trace, all: bool) -> String {
    let mut out = String::new();
    let value = trace.value.as_deref().map_or_else(|| "(empty)".to_owned(), printable);
    let name = trace.name.as_deref().map_or(String::new(), |name| format!("  {}", printable(name)));
    line(&mut out, &format!("{}:{}{name}", trace.entity_kind, printable(&trace.entity_id)));
    line(&mut out, &format!("{} = {value}", trace.field));
    if let Some(documentation) = &trace.documentation {
        line(&mut out, &format!("  {documentation}"));
    }
    line(&mut out, &format!("  rule    {}", printable(&trace.rule)));
    if let Some(run) = &trace.run_id {
        let as_of = trace.as_of.as_deref().map_or(String::new(), |as_of| format!(", as of {}", printable(as_of)));
        line(&mut out, &format!("  run     {}{as_of}", printable(run)));
    }
    if let Some(winner) = &trace.winner {
        line(&mut out, &format!("  from    {}", place(winner)));
        for said in sync(winner).into_iter().chain(changed(winner)) {
            line(&mut out, &format!("  {said}"));
        }
    }
    if !trace.losers.is_empty() {
        line(&mut out, "\nlosing values");
        for loser in shown(&trace.losers, all) {
            let value = loser.value.as_deref().map_or_else(|| "(empty)".to_owned(), printable);
            line(&mut out, &format!("  {value}  {}", place(loser)));
            line(&mut out, &format!("    {}", printable(&loser.rule)));
            for said in sync(loser).into_iter().chain(changed(loser)) {
                line(&mut out, &format!("    {said}"));
            }
        }
        more(&mut out, trace.losers.len(), all);
    }
    parts(&mut out, trace, all);
    source_row(&mut out, trace, all);
    if !trace.links.is_empty() {
        line(&mut out, "\nrecords of this entity");
        for link in shown(&trace.links, all) {
            let weight = link.weight.map_or(String::new(), |weight| format!(", {weight:+.1} bits"));
            line(
                &mut out,
                &format!(
                    "  {}.{}:{}  {}{weight}, by {}",
                    printable(&link.source),
                    printable(&link.table),
                    printable(&link.pk),
                    printable(&link.rule),
                    printable(&link.decided_by)
                ),
            );
        }
        more(&mut out, trace.links.len(), all);
    }
    pairs(&mut out, trace, all);
    if !trace.conflicts.is_empty() {
        line(&mut out, "\nconflicts about it");
        for conflict in shown(&trace.conflicts, all) {
            let money = conflict.money_at_stake.map_or(String::new(), |money| {
                format!(", {money:.2} {} at stake", conflict.currency.as_deref().map_or_else(String::new, printable))
            });
            let words =
                format!("{} ({}{money}), {}: {}", conflict.kind, conflict.severity, conflict.status, conflict.detail);
            line(&mut out, &format!("  {}", printable(&words)));
        }
        more(&mut out, trace.conflicts.len(), all);
    }
    if !trace.made_of.is_empty() {
        line(&mut out, &format!("\nmade of  {}", trace.made_of.join(", ")));
    }
    let fed: Vec<_> = trace.feeds.iter().filter(|feed| feed.kind != "conflict").collect();
    if !fed.is_empty() {
        line(&mut out, "\nfeeds");
        for feed in shown(&fed, all) {
            line(
                &mut out,
                &format!("  {:<9} {}  {}", printable(&feed.kind), printable(&feed.name), printable(&feed.detail)),
            );
        }
        more(&mut out, fed.len(), all);
    }
    for note in &trace.notes {
        line(&mut out, &format!("\nnote: {}", printable(note)));
    }
    out
}

/// The pairs behind the links of the winning record, or of all where many rows count, each with its bars.
fn pairs(out: &mut String, trace: &Trace, all: bool) {
    let winner =
        trace.winner.as_ref().and_then(|cell| Some(format!("{}.{}:{}", cell.source, cell.table, cell.pk.as_deref()?)));
    let about: Vec<&TracedPair> = trace
        .pairs
        .iter()
        .filter(|pair| winner.as_ref().is_none_or(|winner| pair.left == *winner || pair.right == *winner))
        .collect();
    if about.is_empty() {
        return;
    }
    line(out, "\nwhy these records are one entity");
    for pair in shown(&about, all) {
        line(out, &printable(&format!("  {} with {}", pair.left, pair.right)));
        line(
            out,
            &printable(&format!(
                "    {} by {}, {:+.1} bits, p {:.3}",
                pair.status, pair.rule, pair.weight, pair.probability
            )),
        );
        for bar in pair.waterfall.bars.iter().filter(|bar| all || bar.weight.abs() >= 0.05) {
            line(out, &printable(&format!("    {:+6.1}  {}: {}", bar.weight, bar.comparison, bar.level)));
        }
        if let Some(decision) = &pair.decision {
            line(out, &printable(&format!("    decided: {decision}")));
        }
    }
    more(out, about.len(), all);
}

fn parts(out: &mut String, trace: &Trace, all: bool) {
    if let Some(check) = &trace.check {
        let verdict = if check.agrees { "agrees" } else { "DIFFERS" };
        line(
            out,
            &format!(
                "\n{}: {}, the field holds {}: {verdict}",
                check.how,
                printable(&check.rows_give),
                printable(&check.field_holds)
            ),
        );
    }
    let own: Vec<&TracedPart> = trace.parts.iter().filter(|part| part.of.is_none()).collect();
    let below: Vec<&TracedPart> = trace.parts.iter().filter(|part| part.of.is_some()).collect();
    if !own.is_empty() {
        let from = trace.part_offset + 1;
        let upto = trace.part_offset + own.len() as u64;
        let page = if (own.len() as u64) < trace.part_count { format!(", {from} to {upto}") } else { String::new() };
        line(out, &format!("\nrows behind it ({}{page}), those that contribute most first", trace.part_count));
        for part in shown(&own, all) {
            line(out, &format!("  {}", part_words(part)));
        }
        more(out, own.len(), all);
    }
    if !below.is_empty() {
        line(out, "\nwhat those rows are made of");
        for part in shown(&below, all) {
            let of = part.of.as_deref().map_or_else(String::new, printable);
            line(out, &format!("  {of}: {}", part_words(part)));
        }
        more(out, below.len(), all);
    }
}

fn part_words(part: &TracedPart) -> String {
    let column = part.column.as_deref().map_or(String::new(), |column| format!(".{}", printable(column)));
    let value = part.value.as_deref().map_or(String::new(), |value| format!(" = {}", printable(value)));
    let adds = match (part.part.as_str(), part.contribution.as_deref()) {
        ("adds", Some(amount)) => format!("  adds {}", printable(amount)),
        ("counts", _) => "  counts 1".to_owned(),
        _ => String::new(),
    };
    let now = match part.changed {
        Some(true) => format!("  (now {})", part.now.as_deref().map_or_else(|| "empty".to_owned(), printable)),
        _ => String::new(),
    };
    let related = part.related_by.as_deref().map_or(String::new(), |related| format!("  [{}]", printable(related)));
    format!(
        "{}.{}:{}{column}{value}{adds}{now}{related}",
        printable(&part.source),
        printable(&part.table),
        printable(&part.pk)
    )
}

fn source_row(out: &mut String, trace: &Trace, all: bool) {
    if trace.source_row.is_empty() {
        return;
    }
    line(out, "\nsource row as it is now");
    let width = trace.source_row.iter().map(|field| field.column.chars().count()).max().unwrap_or(0).min(40);
    let filled: Vec<_> =
        trace.source_row.iter().filter(|field| all || field.is_origin || field.value.is_some()).collect();
    for field in filled {
        let mark = if field.is_origin { ">" } else { " " };
        let value = field.value.as_deref().map_or(String::new(), printable);
        line(out, &format!("{mark} {:<width$}  {value}", printable(&field.column)));
    }
}

fn place(cell: &TracedCell) -> String {
    let pk = cell.pk.as_deref().map_or(String::new(), |pk| format!(":{}", printable(pk)));
    let column = cell.column.as_deref().map_or(String::new(), |column| format!(".{}", printable(column)));
    format!("{}.{}{pk}{column}", printable(&cell.source), printable(&cell.table))
}

fn sync(cell: &TracedCell) -> Option<String> {
    let synced = cell.synced_at.as_ref()?;
    let id = cell.sync_id.as_deref().map_or(String::new(), |id| format!(" in sync {}", printable(id)));
    let age = cell.age_hours.map_or(String::new(), |hours| format!(", {hours} h before the run"));
    Some(format!("landed  {}{id}{age}", printable(synced)))
}

fn changed(cell: &TracedCell) -> Option<String> {
    (cell.changed == Some(true)).then(|| {
        let now = cell.now.as_deref().map_or_else(|| "nothing".to_owned(), printable);
        format!("the source says {now} now: it changed since the run")
    })
}

fn shown<T>(items: &[T], all: bool) -> &[T] {
    if all { items } else { &items[..items.len().min(SHORT)] }
}

fn more(out: &mut String, count: usize, all: bool) {
    if !all && count > SHORT {
        line(out, &format!("  … and {} more (--all)", count - SHORT));
    }
}

/// Writing into a text cannot fail.
fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}
