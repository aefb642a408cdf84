//! The table of commands.

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
const NOT_REVIEW: &[Screen] = &[Screen::Map, Screen::Trace, Screen::Log];
const FILTERED: &[Screen] = &[Screen::Review, Screen::Trace, Screen::Log];
const DECIDING: &[Screen] = &[Screen::Review, Screen::Log];
const PERSONAL: &[Screen] = &[Screen::Review, Screen::Trace];

/// Every command, in the order in which the footer and the help page show them.
pub static TABLE: &[Command] = &[
    c("same", "same", "One entity.", &["a"], REVIEW, needs::verdict, verdict::same),
    c("different", "different", "Two entities.", &["x"], REVIEW, needs::verdict, verdict::different),
    c("unsure", "unsure", "You looked and cannot tell; the pair is kept for someone else.", &["u"], REVIEW, needs::verdict, verdict::unsure),
    c("skip", "skip", "Pass over it for now; it comes back at the end.", &["space"], REVIEW, needs::verdict, verdict::skip),
    c("child-of", "child of", "Two entities, one a subsidiary, division or branch of the other; asks which.", &["c"], REVIEW, needs::relation, verdict::child_of),
    c("bills-for", "bills for", "Two entities, one pays for the other; asks which.", &["b"], REVIEW, needs::relation, verdict::bills_for),
    c("successor-of", "successor", "Two entities, one took the place of the other; asks which.", &["s"], REVIEW, needs::relation, verdict::successor_of),
    c("undo", "undo", "Take back your latest verdict or batch, also one of an earlier sitting.", &["z"], REVIEW, needs::log, verdict::undo),
    c("undo-this", "undo this", "Take back the decision under the cursor, or its whole batch.", &["z"], LOG, needs::undoable, log::undo_this),
    c("redo", "", "Put back what was last undone.", &["Z"], DECIDING, needs::log, verdict::redo),
    c("note", "note", "Write a note that is stored with your verdict.", &["n"], REVIEW, needs::verdict, review::note),
    c("waterfall", "weights", "Show the bars that make up the match weight.", &["w"], REVIEW, needs::pair, review::waterfall),
    c("evidence", "evidence", "Show what the neighbours say: shared domains, contacts, invoices, tickets.", &["e"], REVIEW, needs::pair, review::evidence),
    c("effect", "effect", "Show what a verdict would change: entities merged, money, conflicts.", &["i"], REVIEW, needs::pair, review::effect),
    c("batch", "batch", "Decide all open pairs of a rule or a cluster at once, after a preview.", &["B"], REVIEW, needs::verdict, batch::open),
    c("lineage", "lineage", "Trace the entity of the left record.", &["l"], REVIEW, needs::pair, review::lineage),
    c("reveal", "reveal", "Show the masked values of the chosen field; the log keeps that you looked.", &["r"], PERSONAL, needs::masked, review::reveal),
    c("reveal-all", "", "Show every masked value of this pair; the log keeps that you looked.", &["R"], REVIEW, needs::masked_pair, review::reveal_all),
    c("source", "open source", "Open both records in their source systems.", &["o"], REVIEW, needs::addresses, review::open_source),
    c("list", "", "Show or hide the queue beside the pair.", &["L"], REVIEW, needs::run, review::toggle_list),
    c("open", "open", "Open what is under the cursor.", &["enter"], NOT_REVIEW, needs::row, go::open),
    c("trace-conflict", "trace", "Trace the field of this conflict back to its rows.", &["t"], MAP, needs::conflict_entity, map::trace),
    c("review-conflict", "review", "Review the pair of this conflict, or the pairs of its entity.", &["r"], MAP, needs::conflict_entity, map::review),
    c("close", "", "Go one step out: close what is open, clear the filter.", &["esc", "backspace"], ALL, needs::nothing, go::close),
    c("down", "", "Next row; in Review the next pair.", &["j", "down"], ALL, needs::nothing, motion::down),
    c("up", "", "Previous row; in Review the previous pair.", &["k", "up"], ALL, needs::nothing, motion::up),
    c("page-down", "", "One page down.", &["pagedown", "ctrl-d"], ALL, needs::nothing, motion::page_down),
    c("page-up", "", "One page up.", &["pageup", "ctrl-u"], ALL, needs::nothing, motion::page_up),
    c("top", "", "First row.", &["g", "home"], ALL, needs::nothing, motion::top),
    c("bottom", "", "Last row.", &["G", "end"], ALL, needs::nothing, motion::bottom),
    c("left", "", "One column or part to the left.", &["h", "left"], NOT_REVIEW, needs::nothing, motion::left),
    c("right", "", "One column or part to the right.", &["l", "right"], NOT_REVIEW, needs::nothing, motion::right),
    c("next-part", "", "Next part of the screen; in Review the next field.", &["tab"], ALL, needs::nothing, motion::next_part),
    c("previous-part", "", "Previous part of the screen; in Review the previous field.", &["backtab"], ALL, needs::nothing, motion::previous_part),
    c("filter", "filter", "Filter the list as you type. In Review also `rule:`, `source:`, `kind:`, `is:open`, `is:decided`, `is:unsure`, `is:skipped`, `is:audit`, `is:bridge`.", &["/"], FILTERED, needs::run, review::filter),
    c("walk", "walk", "Walk the field back to its rows in the warehouse.", &["w"], TRACE, needs::cell, trace::walk),
    c("copy", "copy", "Copy what is under the cursor to the clipboard, also over SSH.", &["y"], ALL, needs::copyable, go::copy),
    c("map", "", "Go to the map: concepts by sources, and conflicts.", &["1"], ALL, needs::nothing, go::map),
    c("review", "", "Go to the queue of pairs.", &["2"], ALL, needs::nothing, go::review),
    c("trace", "", "Go to the fields of the joined model and where they come from.", &["3"], ALL, needs::nothing, go::trace),
    c("log", "", "Go to the decisions.", &["4"], ALL, needs::nothing, go::log),
    c("back", "", "Go back to where you were.", &["["], ALL, needs::a_way_back, go::back),
    c("forward", "", "Go forward again.", &["]"], ALL, needs::a_way_forward, go::forward),
    c("reload", "", "Load the newest run.", &["ctrl-r"], ALL, needs::nothing, app::reload),
    c("theme", "", "Change the theme.", &["T"], ALL, needs::nothing, app::theme),
    c("mouse", "", "Catch the mouse or leave it to the terminal, for selecting text.", &["M"], ALL, needs::nothing, app::mouse),
    c("redraw", "", "Draw the screen anew.", &["ctrl-l"], ALL, needs::nothing, app::redraw),
    c("suspend", "", "Go to the background; `fg` comes back.", &["ctrl-z"], ALL, needs::nothing, app::suspend),
    c("commands", "commands", "Find a command by its name.", &[":"], ALL, needs::nothing, app::palette),
    c("help", "help", "Show every key of this screen.", &["?"], ALL, needs::nothing, app::help),
    c("quit", "quit", "Leave; what you decided is stored.", &["q", "ctrl-c"], ALL, needs::nothing, app::quit),
];

const fn c(
    name: &'static str,
    label: &'static str,
    doc: &'static str,
    keys: &'static [&'static str],
    screens: &'static [Screen],
    enabled: Enabled,
    run: Run,
) -> Command {
    Command { name, label, doc, keys, screens, enabled, run }
}
