//! Why can a command not be used right now?

use crate::tui::state::map::{MapDepth, MapFocus, MapTable};
use crate::tui::state::trace::Walk;
use crate::tui::state::{Opening, Screen, State};
use crate::tui::update::{copied, masked};

type Answer = Result<(), String>;

fn unless(wrong: bool, reason: &str) -> Answer {
    if wrong { Err(reason.to_owned()) } else { Ok(()) }
}

#[expect(clippy::unnecessary_wraps, reason = "one shape for all needs of the table")]
pub(super) fn nothing(_state: &State) -> Answer {
    Ok(())
}

pub(super) fn run(state: &State) -> Answer {
    match &state.opening {
        Opening::Ready => Ok(()),
        Opening::Loading => Err("the last run is being opened".to_owned()),
        Opening::Failed(_) => Err("there is no run to show".to_owned()),
    }
}

pub(super) fn log(state: &State) -> Answer {
    unless(state.setting.read_only, "opened with --read-only")
}

pub(super) fn pair(state: &State) -> Answer {
    run(state)?;
    unless(state.review.here().is_none(), "no pair is left to look at")?;
    unless(state.review.current().is_none(), "the pair is being loaded")
}

pub(super) fn verdict(state: &State) -> Answer {
    log(state)?;
    pair(state)?;
    unless(!state.review.decisions_known, "earlier decisions are still being read")
}

pub(super) fn groups(state: &State) -> Answer {
    run(state)?;
    unless(state.review.groups.is_empty(), "nothing is asked")
}

pub(super) fn relation(state: &State) -> Answer {
    verdict(state)?;
    let person = state.review.current().is_some_and(|pair| pair.row.kind == crate::ident::EntityKind::Person);
    unless(person, "only accounts stand in such a relation")
}

pub(super) fn masked(state: &State) -> Answer {
    if state.screen == Screen::Review {
        pair(state)?;
    }
    log(state)?;
    unless(!masked::here(state), "this field is not masked")
}

pub(super) fn masked_pair(state: &State) -> Answer {
    pair(state)?;
    log(state)?;
    unless(masked::of_pair(state).is_empty(), "nothing of this pair is masked")
}

pub(super) fn addresses(state: &State) -> Answer {
    pair(state)?;
    let known = state
        .review
        .current()
        .is_some_and(|pair| pair.body.left_note.url.is_some() || pair.body.right_note.url.is_some());
    unless(!known, "neither source has a known address; [links] in fourfold.toml says where it is")
}

pub(super) fn row(state: &State) -> Answer {
    run(state)?;
    let empty = match state.screen {
        Screen::Map => match state.map.depth {
            MapDepth::Overview => match (state.map.focus, state.map.shows) {
                (MapFocus::Conflicts, _) => state.map.kinds.is_empty(),
                (MapFocus::Matrix, MapTable::Sources) => state.map.matrix.rows.is_empty(),
                (MapFocus::Matrix, MapTable::Surfaces) => state.map.facing.rows.is_empty(),
            },
            MapDepth::Kind => state.map.conflicts.is_empty(),
            MapDepth::One => state.map.conflicts.current().is_none(),
        },
        Screen::Review => true,
        Screen::Trace => state.trace.list.is_empty() && state.trace.entity.is_none(),
        Screen::Log if state.log.shows_disputes => {
            state.log.reviewers.as_ref().is_none_or(|reviewers| reviewers.disputed.is_empty())
        }
        Screen::Plays => state.plays.length() == 0,
        Screen::Drift => state.drift.findings.is_empty(),
        Screen::Log => state.log.rows.is_empty(),
    };
    unless(empty, "there is nothing to open")
}

/// A conflict is open, and rules can be written.
pub(super) fn conflict(state: &State) -> Answer {
    log(state)?;
    run(state)?;
    unless(state.map.depth == MapDepth::Overview, "open a conflict first")?;
    unless(state.map.conflicts.current().is_none(), "there is no conflict under the cursor")
}

/// A conflict about two values of one entity is open.
pub(super) fn two_values(state: &State) -> Answer {
    conflict(state)?;
    let current = state.map.conflicts.current().map(|row| &row.conflict);
    let about_value = current.is_some_and(|conflict| {
        conflict.entity.is_some()
            && conflict.side_a.is_some()
            && conflict.side_b.is_some()
            && crate::chart::standing::is_about_a_value(&conflict.kind)
    });
    unless(!about_value, "this conflict is not about two values of one entity")
}

/// A conflict that is not open is under the cursor.
pub(super) fn settled(state: &State) -> Answer {
    conflict(state)?;
    let open = state.map.conflicts.current().is_some_and(|row| state.map.ledger(&row.conflict).status == "open");
    unless(open, "it is open")
}

pub(super) fn batch(state: &State) -> Answer {
    undoable(state)?;
    let row = state.log.rows.get(state.log.selected);
    let batch = row.and_then(|row| row.entry.decision()).and_then(|decision| decision.batch.as_ref());
    unless(batch.is_none(), "it was not given in a batch")
}

pub(super) fn finding_shown(state: &State) -> Answer {
    run(state)?;
    unless(state.drift.cause().is_none(), "nothing moved")
}

pub(super) fn finding(state: &State) -> Answer {
    log(state)?;
    finding_shown(state)
}

pub(super) fn rename(state: &State) -> Answer {
    finding(state)?;
    let proposed = state.drift.cause().is_some_and(|cause| cause.findings.iter().any(|one| one.rename.is_some()));
    unless(!proposed, "no rename is proposed here")
}

pub(super) fn answered(state: &State) -> Answer {
    finding(state)?;
    let quiet = state.drift.report.as_ref().zip(state.drift.cause()).is_some_and(|(view, cause)| view.is_quiet(cause));
    unless(!quiet, "it is open")
}

pub(super) fn play(state: &State) -> Answer {
    run(state)?;
    unless(state.plays.view().is_none(), "the plays are being read")
}

pub(super) fn weighed(state: &State) -> Answer {
    play(state)?;
    let none = state.plays.view().is_none_or(|view| view.play.signals.is_empty());
    unless(none, "this play weighs no signals")
}

pub(super) fn conflict_entity(state: &State) -> Answer {
    run(state)?;
    unless(state.map.depth == MapDepth::Overview, "open a kind of conflict first")?;
    let entity = state.map.conflicts.current().and_then(|row| row.conflict.entity.as_ref());
    unless(entity.is_none(), "this conflict is about a source, not about one entity")
}

pub(super) fn cell(state: &State) -> Answer {
    run(state)?;
    unless(state.trace.cell().is_none(), "choose an account or a person first")
}

pub(super) fn walked(state: &State) -> Answer {
    cell(state)?;
    unless(!matches!(state.trace.current_walk(), Walk::Done(_)), "walk to the rows first (w)")?;
    unless(masked::here(state), "the field is masked (r reveals it)")
}

pub(super) fn undoable(state: &State) -> Answer {
    log(state)?;
    unless(state.log.shows_disputes, "the disagreements are shown; d goes back to the entries")?;
    let Some(row) = state.log.rows.get(state.log.selected) else { return Err("the log is empty".to_owned()) };
    unless(row.entry.decision().is_none(), "only decisions can be taken back")?;
    unless(row.entry.undone, "it is taken back already")
}

pub(super) fn copyable(state: &State) -> Answer {
    unless(copied::text(state).is_none(), "there is nothing to copy here")
}

pub(super) fn a_way_back(state: &State) -> Answer {
    unless(!state.history.can_go_back(), "this is where you started")
}

pub(super) fn a_way_forward(state: &State) -> Answer {
    unless(!state.history.can_go_forward(), "this is where you came back from")
}
