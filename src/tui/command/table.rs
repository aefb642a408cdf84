//! What can be done, in one table? Name, doc, default keys and screens of every command.

use super::{Command, needs};
use crate::tui::effect::Effect;
use crate::tui::state::{Screen, State};
use crate::tui::update::{app, batch, go, log, map, motion, review, trace, verdict};

type Enabled = fn(&State) -> Result<(), String>;
type Run = fn(&mut State) -> Vec<Effect>;

const ALL: &[Screen] = &Screen::ALL;
const MAP: &[Screen] = &[Screen::Map];
const REVIEW: &[Screen] = &[Screen::Review];
const TRACE: &[Screen] = &[Screen::Trace];
const LOG: &[Screen] = &[Screen::Log];
const NOT_REVIEW: &[Screen] = &[Screen::Map, Screen::Trace, Screen::Plays, Screen::Drift, Screen::Log];
const FILTERED: &[Screen] = &[Screen::Review, Screen::Trace, Screen::Log];
const DECIDING: &[Screen] = &[Screen::Review, Screen::Log];
const PERSONAL: &[Screen] = &[Screen::Review, Screen::Trace];

/// Every command, in the order in which the footer and the help page show them.
#[rustfmt::skip]
pub static TABLE: &[Command] = &[
    c("same", "same", &["a"], REVIEW, needs::verdict, verdict::same,
        "One entity."),
    c("different", "different", &["x"], REVIEW, needs::verdict, verdict::different,
        "Two entities."),
    c("unsure", "unsure", &["u"], REVIEW, needs::verdict, verdict::unsure,
        "You looked and cannot tell; the pair is kept for someone else."),
    c("skip", "skip", &["space"], REVIEW, needs::verdict, verdict::skip,
        "Pass over it for now; it comes back at the end."),
    c("child-of", "child", &["c"], REVIEW, needs::relation, verdict::child_of,
        "Two entities, one a subsidiary, division or branch of the other; asks which."),
    c("bills-for", "bills", &["b"], REVIEW, needs::relation, verdict::bills_for,
        "Two entities, one pays for the other; asks which."),
    c("successor-of", "succeeds", &["s"], REVIEW, needs::relation, verdict::successor_of,
        "Two entities, one took the place of the other; asks which."),
    c("open", "open", &["enter"], NOT_REVIEW, needs::row, go::open,
        "Open what is under the cursor."),
    c("undo", "undo", &["z"], REVIEW, needs::log, verdict::undo,
        "Take back your latest verdict or batch, also one of an earlier sitting."),
    c("undo-this", "undo this", &["z"], LOG, needs::undoable, log::undo_this,
        "Take back the decision under the cursor, or its whole batch."),
    c("redo", "", &["Z"], DECIDING, needs::log, verdict::redo,
        "Put back what was last undone."),
    c("note", "note", &["n"], REVIEW, needs::verdict, review::note,
        "Write a note that is stored with your verdict."),
    c("waterfall", "weights", &["w"], REVIEW, needs::pair, review::waterfall,
        "Show the bars that make up the match weight."),
    c("evidence", "evidence", &["e"], REVIEW, needs::pair, review::evidence,
        "Show what the neighbours say: shared domains, contacts, invoices, tickets."),
    c("effect", "effect", &["i"], REVIEW, needs::pair, review::effect,
        "Show what a verdict would change: entities merged, money, conflicts."),
    c("batch", "batch", &["B"], REVIEW, needs::verdict, batch::open,
        "Decide all open pairs of a rule or a cluster at once, after a preview."),
    c("lineage", "lineage", &["l"], REVIEW, needs::pair, review::lineage,
        "Trace the entity of the left record."),
    c("walk", "walk", &["w"], TRACE, needs::cell, trace::walk,
        "Walk the field back to its rows in the warehouse."),
    c("reveal", "reveal", &["r"], PERSONAL, needs::masked, review::reveal,
        "Show the masked values of the chosen field; the log keeps that you looked."),
    c("reveal-all", "", &["R"], REVIEW, needs::masked_pair, review::reveal_all,
        "Show every masked value of this pair; the log keeps that you looked."),
    c("source", "open source", &["o"], REVIEW, needs::addresses, review::open_source,
        "Open both records in their source systems."),
    c("list", "", &["L"], REVIEW, needs::run, review::toggle_list,
        "Show or hide the queue beside the pair."),
    c("filter", "filter", &["/"], FILTERED, needs::run, review::filter,
        "Filter the list as you type; in Review also `rule:` `source:` `kind:`, `is:open` `is:decided` `is:audit` `is:bridge`."),
    c("trace-conflict", "trace", &["t"], MAP, needs::conflict_entity, map::trace,
        "Trace the field of this conflict back to its rows."),
    c("review-conflict", "review", &["r"], MAP, needs::conflict_entity, map::review,
        "Review the pair of this conflict, or the pairs of its entity."),
    c("close", "", &["esc", "backspace"], ALL, needs::nothing, go::close,
        "Go one step out: close what is open, clear the filter."),
    c("down", "", &["j", "down"], ALL, needs::nothing, motion::down,
        "Next row; in Review the next pair."),
    c("up", "", &["k", "up"], ALL, needs::nothing, motion::up,
        "Previous row; in Review the previous pair."),
    c("page-down", "", &["pagedown", "ctrl-d"], ALL, needs::nothing, motion::page_down,
        "One page down."),
    c("page-up", "", &["pageup", "ctrl-u"], ALL, needs::nothing, motion::page_up,
        "One page up."),
    c("top", "", &["g", "home"], ALL, needs::nothing, motion::top,
        "First row."),
    c("bottom", "", &["G", "end"], ALL, needs::nothing, motion::bottom,
        "Last row."),
    c("left", "", &["h", "left"], NOT_REVIEW, needs::nothing, motion::left,
        "One column or part to the left."),
    c("right", "", &["l", "right"], NOT_REVIEW, needs::nothing, motion::right,
        "One column or part to the right."),
    c("next-part", "", &["tab"], ALL, needs::nothing, motion::next_part,
        "Next part of the screen; in Review the next field."),
    c("previous-part", "", &["backtab"], ALL, needs::nothing, motion::previous_part,
        "Previous part of the screen; in Review the previous field."),
    c("copy", "copy", &["y"], ALL, needs::copyable, go::copy,
        "Copy what is under the cursor to the clipboard, also over SSH."),
    c("map", "", &["1"], ALL, needs::nothing, go::map,
        "Go to the map: concepts by sources, and conflicts."),
    c("review", "", &["2"], ALL, needs::nothing, go::review,
        "Go to the queue of pairs."),
    c("trace", "", &["3"], ALL, needs::nothing, go::trace,
        "Go to the fields of the joined model and where they come from."),
    c("plays", "", &["4"], ALL, needs::nothing, go::plays,
        "Go to the plays: workflows on the joined model."),
    c("drift", "", &["5"], ALL, needs::nothing, go::drift,
        "Go to what moved since the run before, and what it touched."),
    c("log", "", &["6"], ALL, needs::nothing, go::log,
        "Go to the decisions."),
    c("back", "", &["["], ALL, needs::a_way_back, go::back,
        "Go back to where you were."),
    c("forward", "", &["]"], ALL, needs::a_way_forward, go::forward,
        "Go forward again."),
    c("reload", "", &["ctrl-r"], ALL, needs::nothing, app::reload,
        "Load the newest run."),
    c("theme", "", &["T"], ALL, needs::nothing, app::theme,
        "Change the theme."),
    c("mouse", "", &["M"], ALL, needs::nothing, app::mouse,
        "Catch the mouse or leave it to the terminal, for selecting text."),
    c("redraw", "", &["ctrl-l"], ALL, needs::nothing, app::redraw,
        "Draw the screen anew."),
    c("suspend", "", &["ctrl-z"], ALL, needs::nothing, app::suspend,
        "Go to the background; `fg` comes back."),
    c("commands", "commands", &[":"], ALL, needs::nothing, app::palette,
        "Find a command by its name."),
    c("help", "help", &["?"], ALL, needs::nothing, app::help,
        "Show every key of this screen."),
    c("quit", "quit", &["q", "ctrl-c"], ALL, needs::nothing, app::quit,
        "Leave; what you decided is stored."),
];

const fn c(
    name: &'static str,
    label: &'static str,
    keys: &'static [&'static str],
    screens: &'static [Screen],
    enabled: Enabled,
    run: Run,
    doc: &'static str,
) -> Command {
    Command { name, label, doc, keys, screens, enabled, run }
}
