//! What does `fourfold conflicts` show and change?

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::json;

use super::interview::{json_done, money};
use super::narrate::printable;
use super::{Session, output, reviewer};
use crate::chart::conflict::Side;
use crate::chart::kinds;
use crate::chart::standing::Ledger;
use crate::engine::desk::{Desk, Mark};
use crate::error::{Error, Result};
use crate::snapshot::roll_up::row_of;
use crate::snapshot::{ConflictRow, KindTrend, SnapshotReader, SurfaceCount};

/// `fourfold conflicts`.
#[derive(Debug, Args)]
pub(crate) struct ConflictsArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show conflicts, the gravest first (the default).
    List(ListArgs),
    /// Show everything about one.
    Show {
        /// Its id; the first characters are enough.
        id: String,
    },
    /// Count them surface against surface, field by field, and against last week.
    Map,
    /// Accept a difference that is known, for good or up to a day.
    Accept {
        /// Their ids.
        #[arg(required = true)]
        ids: Vec<String>,
        /// The last day, such as 2026-12-31; then it is open again.
        #[arg(long, value_name = "DAY", conflicts_with = "days")]
        until: Option<Date>,
        /// For so many days from today.
        #[arg(long, value_name = "N")]
        days: Option<i32>,
        #[command(flatten)]
        why: WhyArgs,
    },
    /// Say who looks after it; an empty name takes it from whoever did.
    Assign {
        /// Who.
        owner: String,
        /// Their ids.
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        why: WhyArgs,
    },
    /// Say something about it.
    Note {
        /// Its id.
        id: String,
        /// What.
        text: String,
    },
    /// Let the value of one source stand, for this entity; the next run follows it.
    Choose {
        /// Its id.
        id: String,
        /// The source, on one of its sides.
        source: String,
        #[command(flatten)]
        why: WhyArgs,
    },
    /// Take back what was said of it alone, so that it is open again.
    Reopen {
        /// Their ids.
        #[arg(required = true)]
        ids: Vec<String>,
    },
}

#[derive(Debug, Args, Default)]
struct WhyArgs {
    /// Why, in your words; it stands beside the rule.
    #[arg(long, value_name = "WORDS", default_value = "", hide_default_value = true)]
    why: String,
}

#[derive(Debug, Args, Default)]
struct ListArgs {
    /// Only of this kind, such as timing.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only with this status; `all` shows every one.
    #[arg(long, value_enum, value_name = "STATUS", default_value_t = Status::Open)]
    status: Status,
    /// Only those that this person looks after.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Only about this field, such as accounts.arr or account.arr.
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
    /// Only about this entity: its id, or a part of its name.
    #[arg(long, value_name = "ENTITY")]
    entity: Option<String>,
    /// Only with a side in this source or surface; twice for both sides.
    #[arg(long, value_name = "SOURCE")]
    side: Vec<String>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Status {
    #[default]
    Open,
    Accepted,
    Closed,
    All,
}

/// Lists, shows, counts or marks.
pub(crate) fn run(session: &Session, arguments: &ConflictsArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let desk = Desk::new(&workspace.root, session.threads(), session.patience);
    let default = What::List(ListArgs::default_list());
    let (ids, mark, why) = match arguments.what.as_ref().unwrap_or(&default) {
        What::List(list) => return self::list(&desk, &workspace, list, arguments.json),
        What::Show { id } => return show(&desk, id, arguments.json),
        What::Map => return self::map(&SnapshotReader::open(&workspace.snapshot())?, arguments.json),
        What::Accept { ids, until, days, why } => {
            (ids.clone(), Mark::Accept { until: last_day(*until, *days)? }, &why.why)
        }
        What::Assign { owner, ids, why } => (ids.clone(), Mark::Assign { owner: owner.clone() }, &why.why),
        What::Note { id, text } => (vec![id.clone()], Mark::Note { text: text.clone() }, &String::new()),
        What::Choose { id, source, why } => (vec![id.clone()], Mark::Choose { source: source.clone() }, &why.why),
        What::Reopen { ids } => (ids.clone(), Mark::Reopen, &String::new()),
    };
    let marked = desk.mark(&ids, &mark, &reviewer(), why)?;
    if arguments.json {
        return json_done(&marked);
    }
    for marked in &marked {
        output::line(&printable(&format!("{}  {}", marked.id, standing(&marked.ledger))))?;
    }
    Ok(0)
}

impl ListArgs {
    fn default_list() -> Self {
        Self { limit: 50, ..Self::default() }
    }
}

fn last_day(until: Option<Date>, days: Option<i32>) -> Result<Option<Date>> {
    let Some(days) = days else { return Ok(until) };
    let today = jiff::Zoned::now().date();
    let last = jiff::Span::new().try_days(days).and_then(|span| today.checked_add(span));
    last.map(Some).map_err(|_| Error::config(format!("{days} days from today is out of range")))
}

/// What has become of a conflict, in one line.
fn standing(ledger: &Ledger) -> String {
    let mut said = vec![ledger.status.to_owned()];
    if let Some(until) = &ledger.until {
        said.push(if ledger.expired {
            format!("accepted until {until}, which is over")
        } else {
            format!("until {until}")
        });
    }
    if !ledger.reason.is_empty() {
        said.push(ledger.reason.clone());
    }
    if let Some(quote) = &ledger.quote {
        let why = if quote.why.is_empty() { String::new() } else { format!(": \"{}\"", quote.why) };
        said.push(format!("{}{why}", quote.who));
    }
    if let Some(owner) = &ledger.owner {
        said.push(format!("looked after by {owner}"));
    }
    said.join(" · ")
}

fn list(desk: &Desk, workspace: &crate::config::Workspace, wanted: &ListArgs, json: bool) -> Result<u8> {
    if let Some(kind) = wanted.kind.as_ref().filter(|kind| kinds::by_id(kind).is_none()) {
        let known: Vec<&str> = kinds::ALL.iter().map(|kind| kind.id).collect();
        return Err(
            Error::config(format!("{kind:?} is no kind of conflict")).hint(format!("kinds are: {}", known.join(", ")))
        );
    }
    let surface_of = |source: &str| workspace.config.sources.get(source).map(|source| source.surface);
    let fits = |(row, ledger): &(ConflictRow, Ledger)| {
        let conflict = &row.conflict;
        let status = match wanted.status {
            Status::All => true,
            Status::Open => ledger.status == "open",
            Status::Accepted => ledger.status == "accepted",
            Status::Closed => ledger.status == "closed",
        };
        let sides: Vec<&Side> = [&conflict.side_a, &conflict.side_b].into_iter().flatten().collect();
        let stands = |place: &String| {
            sides.iter().any(|side| {
                side.record.source.as_str() == place
                    || surface_of(side.record.source.as_str()).is_some_and(|surface| surface.as_str() == place)
            })
        };
        let entity = wanted.entity.as_ref().is_none_or(|entity| {
            conflict.entity.as_ref().is_some_and(|id| id.as_str() == entity)
                || (!row.label.is_empty() && row.label.to_lowercase().contains(&entity.to_lowercase()))
        });
        status
            && entity
            && wanted.kind.as_ref().is_none_or(|kind| *kind == conflict.kind)
            && wanted.owner.as_ref().is_none_or(|owner| ledger.owner.as_ref() == Some(owner))
            && wanted.field.as_ref().is_none_or(|field| row_of(field) == row_of(&conflict.field))
            && wanted.side.iter().all(stands)
    };
    let all: Vec<(ConflictRow, Ledger)> = desk.conflicts()?.into_iter().filter(fits).collect();
    if json {
        let shown: Vec<_> = all.iter().take(wanted.limit).map(|(row, ledger)| in_json(row, ledger)).collect();
        return json_done(&shown);
    }
    for (row, ledger) in all.iter().take(wanted.limit) {
        output::line(&printable(&line(row, ledger)))?;
    }
    let left = all.len().saturating_sub(wanted.limit);
    if left > 0 {
        super::narrate::line(&format!("and {left} more; --limit shows them"));
    }
    if all.is_empty() {
        super::narrate::line("no such conflict");
    }
    Ok(0)
}

fn in_json(row: &ConflictRow, ledger: &Ledger) -> serde_json::Value {
    json!({ "conflict": row.conflict, "label": row.label, "ledger": ledger })
}

fn line(row: &ConflictRow, ledger: &Ledger) -> String {
    let conflict = &row.conflict;
    let stake = conflict
        .money_at_stake
        .map_or(String::new(), |sum| format!("  {}", money(&[(conflict.currency.clone().unwrap_or_default(), sum)])));
    let owner = ledger.owner.as_ref().map(|owner| format!("  @{owner}")).unwrap_or_default();
    let status = if ledger.status == "open" { String::new() } else { format!("  ({})", ledger.status) };
    format!(
        "{}  {:<6}  {:<20}  {}{stake}{owner}{status}",
        conflict.id,
        conflict.severity.as_str(),
        conflict.kind,
        conflict.detail
    )
}

fn show(desk: &Desk, id: &str, json: bool) -> Result<u8> {
    let (row, ledger) = desk.conflict(id)?;
    if json {
        return json_done(&in_json(&row, &ledger));
    }
    let conflict = &row.conflict;
    output::line(&printable(&line(&row, &ledger)))?;
    output::line(&printable(&format!("  {}", standing(&ledger))))?;
    if let Some(entity) = &conflict.entity {
        output::line(&printable(&format!("  about {} ({entity}), {}", row.label, conflict.field)))?;
    }
    for side in [&conflict.side_a, &conflict.side_b].into_iter().flatten() {
        output::line(&printable(&format!("  {}  {} = {:?}", side.record, side.column, side.value)))?;
    }
    for note in &ledger.notes {
        output::line(&printable(&format!("  {} ({}): {}", note.who, note.when, note.note)))?;
    }
    if let Some(kind) = kinds::by_id(&conflict.kind) {
        output::line(&printable(&format!("  what to do: {}", kind.action)))?;
    }
    Ok(0)
}

fn map(snapshot: &SnapshotReader, json: bool) -> Result<u8> {
    let (cells, trends) = (snapshot.surface_counts()?, snapshot.conflict_trends()?);
    if json {
        return json_done(&json!({ "surfaces": cells, "trends": trends }));
    }
    output::line(&format!("{:<34} {:<20} {:>7} {:>7}  at stake", "field", "surfaces", "listed", "open"))?;
    for SurfaceCount { field, one, other, count, open, money: sums } in &cells {
        let surfaces = other.map_or_else(|| one.to_string(), |other| format!("{one} against {other}"));
        let shown = format!("{field:<34} {surfaces:<20} {count:>7} {open:>7}  {}", money(sums));
        output::line(printable(&shown).trim_end())?;
    }
    for KindTrend { kind, since, before, fresh, .. } in &trends {
        output::line(&printable(&format!(
            "{kind}: {before} open on {}, {fresh} new since",
            &since[..since.len().min(10)]
        )))?;
    }
    Ok(0)
}
