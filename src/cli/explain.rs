//! How is it shown in a shell what holds an entity together?

use std::fmt::Write as _;

use clap::Args;

use super::narrate::{Narrator, printable};
use super::signals::Interrupts;
use super::{Session, output};
use crate::engine::connect::{self, Access};
use crate::engine::explain::{self, Explanation, Parting, Tie};
use crate::error::Result;

/// `fourfold explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The account or person: its id (account:acc_…), its name, the beginning of its name, or its domain.
    entity: String,
    /// Print everything as JSON, also the values that were compared.
    #[arg(long)]
    json: bool,
    /// Show every pair with its bars.
    #[arg(long)]
    all: bool,
}

/// Pairs whose bars are shown unless all are asked for.
const SHOWN: usize = 3;
/// Records and pairs listed unless all are asked for.
const LISTED: usize = 20;
/// The width of the longest bar.
const BAR: usize = 20;

/// Reads and tells.
pub(crate) fn run(session: &Session, arguments: &ExplainArgs) -> Result<u8> {
    let workspace = session.workspace()?;
    let narrator = Narrator::new(true);
    let interrupts = Interrupts::watch()?;
    let warehouse = connect::open(&workspace, Access::read(session.patience), &narrator, &interrupts.token())?;
    let found = explain::explain(warehouse.as_ref(), workspace.config.warehouse.schema(), &arguments.entity)?;
    if arguments.json {
        output::json(&found)?;
    } else {
        output::line(words(&found, arguments.all).trim_end())?;
    }
    Ok(0)
}

fn words(found: &Explanation, all: bool) -> String {
    let mut out = String::new();
    let label = found.label.as_deref().map_or(String::new(), |label| format!("  {}", printable(label)));
    let _ = writeln!(out, "{}:{}{label}", found.kind, printable(&found.entity_id));
    let _ = writeln!(out, "\nrecords ({})", found.records.len());
    let most = if all { usize::MAX } else { LISTED };
    for (place, member) in found.records.iter().enumerate().take(most) {
        let weight = member.weight.map_or(String::new(), |weight| format!("  {weight:+.1} bits"));
        let by = if member.decided_by == "engine" {
            String::new()
        } else {
            format!("  by {}", printable(&member.decided_by))
        };
        let record = printable(&member.record.to_string());
        let _ = writeln!(out, "  {:>3}  {record}  {}{weight}{by}", place + 1, printable(&member.rule));
    }
    more(&mut out, found.records.len(), most);
    if found.records.len() < 2 {
        let _ = writeln!(out, "\nnothing holds it together: it is one record alone");
    } else {
        let _ = writeln!(out, "\npairs that hold it together ({}), the strongest first", found.edges.len());
        for tie in found.edges.iter().take(most) {
            let _ = writeln!(out, "  {}", edge(tie));
            if all {
                bars(&mut out, tie);
            }
        }
        more(&mut out, found.edges.len(), most);
        apart(&mut out, found, all);
    }
    if !found.near.is_empty() {
        let _ = writeln!(out, "\nclosest records that are not in it");
        for tie in &found.near {
            let _ = writeln!(out, "  {}", edge(tie));
        }
    }
    for note in &found.notes {
        let _ = writeln!(out, "\nnote: {}", printable(note));
    }
    out
}

fn apart(out: &mut String, found: &Explanation, all: bool) {
    if !found.bridges.is_empty() {
        let _ = writeln!(out, "\nbridges: each of these pairs alone holds a part");
        for bridge in found.bridges.iter().take(if all { usize::MAX } else { LISTED }) {
            let _ = writeln!(out, "  {}", parting(found, bridge));
        }
        more(out, found.bridges.len(), if all { usize::MAX } else { LISTED });
    }
    let Some(cut) = &found.weakest_cut else { return };
    let _ = writeln!(out, "\nwhere it would come apart first");
    let _ = writeln!(out, "  {}", parting(found, cut));
    if !all {
        for edge in cut.edges.iter().take(SHOWN) {
            bars(out, &found.edges[*edge]);
        }
    }
    if let Some(tie) = cut.edges.first().map(|edge| &found.edges[*edge])
        && cut.edges.len() == 1
        && tie.status == "matched"
        && let Some(pair) = &tie.pair_id
    {
        let _ = writeln!(out, "  deciding that pair {} is two would split it", printable(pair));
    }
}

fn parting(found: &Explanation, cut: &Parting) -> String {
    let part: Vec<String> = cut.records.iter().take(8).map(|place| (place + 1).to_string()).collect();
    let rest = found.records.len() - cut.records.len();
    let dots = if cut.records.len() > 8 { " …" } else { "" };
    let pairs = match cut.edges.as_slice() {
        [one] => format!("by pair {}", found.edges[*one].places.map(place).join("-")),
        several => format!("by {} pairs", several.len()),
    };
    let kind = if cut.records.len() == 1 { "record" } else { "records" };
    format!("{kind} {}{dots} from the other {rest}: held {pairs}, {:+.1} bits", part.join(", "), cut.bits)
}

fn place(place: Option<usize>) -> String {
    place.map_or_else(|| "?".to_owned(), |place| (place + 1).to_string())
}

fn edge(tie: &Tie) -> String {
    let name = match tie.places {
        [Some(left), Some(right)] => format!("{:>3}-{:<3}", left + 1, right + 1),
        [Some(known), None] => format!("{:>3} and {}", known + 1, printable(&tie.pair.right.to_string())),
        [None, Some(known)] => format!("{:>3} and {}", known + 1, printable(&tie.pair.left.to_string())),
        [None, None] => String::new(),
    };
    let mark = if tie.bridge { "  bridge" } else { "" };
    let pair = tie.pair_id.as_deref().map_or(String::new(), |pair| format!("  {}", printable(pair)));
    format!("{name}  {:>+6.1} bits  {}, {}{pair}{mark}", tie.weight, printable(&tie.status), printable(&tie.rule))
}

/// The bars of a pair: what each comparison adds to the sum.
fn bars(out: &mut String, tie: &Tie) {
    let longest = tie.waterfall.bars.iter().map(|bar| bar.weight.abs()).fold(1.0, f64::max);
    for bar in &tie.waterfall.bars {
        let length = (bar.weight.abs() / longest * BAR as f64).round() as usize;
        let block = if bar.weight < 0.0 { "▒" } else { "█" }.repeat(length);
        let level =
            if bar.left.is_empty() || bar.level != "evidence" { printable(&bar.level) } else { printable(&bar.left) };
        let level: String = level.chars().take(44).collect();
        let _ = writeln!(out, "        {:<14} {level:<44} {:>+6.1}  {block}", printable(&bar.comparison), bar.weight);
    }
    let _ = writeln!(
        out,
        "        {:<14} {:<44} {:>+6.1}",
        "sum",
        format!("probability {:.3}", tie.probability),
        tie.weight
    );
}

fn more(out: &mut String, count: usize, most: usize) {
    if count > most {
        let _ = writeln!(out, "  … and {} more (--all)", count - most);
    }
}
