//! How are many pairs decided at once: choose a group, look at it, say yes?

use crossterm::event::KeyCode;

use crate::review::Verdict;
use crate::tui::effect::{Effect, Question, Write};
use crate::tui::keys::Key;
use crate::tui::state::State;
use crate::tui::state::overlay::{Batch, Group, Overlay};

/// Offers the groups that the pair belongs to.
pub fn open(state: &mut State) -> Vec<Effect> {
    let Some(pair) = state.review.current() else { return Vec::new() };
    let entities = vec![pair.row.left_entity.clone(), pair.row.right_entity.clone()];
    let rule = pair.row.rule.clone();
    let cluster = format!("{} and {}", pair.row.left_label, pair.row.right_label);
    let group = |by_rule, name| Group { by_rule, name, positions: None, sample: Vec::new() };
    let groups = vec![group(true, rule.clone()), group(false, cluster)];
    state.overlay = Some(Overlay::Batch(Batch { groups, selected: 0, verdict: None }));
    vec![
        Effect::Ask(Question::Group { rule: Some(rule), entities: Vec::new() }),
        Effect::Ask(Question::Group { rule: None, entities }),
    ]
}

pub(super) fn key(state: &mut State, key: Key, mut draft: Batch) -> Vec<Effect> {
    let count = draft.groups.get(draft.selected).and_then(|group| group.positions.as_ref()).map_or(0, Vec::len);
    match (key.code, draft.verdict) {
        (KeyCode::Esc | KeyCode::Char('q'), None) => return Vec::new(),
        (KeyCode::Esc | KeyCode::Char('q' | 'n'), Some(_)) => draft.verdict = None,
        (KeyCode::Char('j') | KeyCode::Down, None) => draft.selected = (draft.selected + 1) % draft.groups.len().max(1),
        (KeyCode::Char('k') | KeyCode::Up, None) => {
            draft.selected = draft.selected.checked_sub(1).unwrap_or(draft.groups.len().saturating_sub(1));
        }
        (KeyCode::Char('a'), None) if count > 0 => draft.verdict = Some(Verdict::Same),
        (KeyCode::Char('x'), None) if count > 0 => draft.verdict = Some(Verdict::Different),
        (KeyCode::Char('u'), None) if count > 0 => draft.verdict = Some(Verdict::Unsure),
        (KeyCode::Enter | KeyCode::Char('y'), Some(verdict)) => return store(state, draft, verdict),
        _ => {}
    }
    state.overlay = Some(Overlay::Batch(draft));
    Vec::new()
}

fn store(state: &mut State, draft: Batch, verdict: Verdict) -> Vec<Effect> {
    let Some(group) = draft.groups.into_iter().nth(draft.selected) else { return Vec::new() };
    let positions = group.positions.unwrap_or_default();
    let sort = if group.by_rule { "rule" } else { "cluster" };
    let name = format!("{sort} {}", crate::tui::text::clean(&group.name));
    let ticket = state.ticket();
    state.say(format!("storing {} verdicts …", positions.len()));
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Batch { positions, verdict, name, reviewer, at })]
}

/// Takes the pairs of a group that was asked for: only those that are open.
pub(super) fn found(state: &mut State, by_rule: bool, positions: Vec<u32>, sample: Vec<crate::snapshot::PairRow>) {
    let open: Vec<u32> = positions.into_iter().filter(|position| !state.review.closed.has(*position)).collect();
    if let Some(Overlay::Batch(draft)) = &mut state.overlay
        && let Some(group) = draft.groups.iter_mut().find(|group| group.by_rule == by_rule)
    {
        group.sample = sample.into_iter().filter(|row| open.binary_search(&row.position).is_ok()).collect();
        group.positions = Some(open);
    }
}
