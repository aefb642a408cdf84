//! How does the person look at one group of the queue: a rule, two sources, a cluster, a reason?

use crossterm::event::KeyCode;

use super::search;
use crate::snapshot::{GroupBy, PairGroup};
use crate::tui::effect::Effect;
use crate::tui::filter::quoted;
use crate::tui::keys::Key;
use crate::tui::state::State;
use crate::tui::state::overlay::Overlay;

/// Shows the groups.
pub fn open(state: &mut State) -> Vec<Effect> {
    state.overlay = Some(Overlay::Groups { by: GroupBy::Rule, selected: 0 });
    Vec::new()
}

/// The groups of one sort.
#[must_use]
pub fn rows(state: &State, by: GroupBy) -> Vec<&PairGroup> {
    state.review.groups.iter().filter(|group| group.by == by).collect()
}

/// The filter that leaves a group of the queue.
#[must_use]
pub fn filter_of(group: &PairGroup) -> String {
    match group.by {
        GroupBy::Rule => format!("rule:{}", quoted(&group.name)),
        GroupBy::Sources => format!("between:{}", quoted(&group.name)),
        GroupBy::Cluster => format!("cluster:{}", group.name),
        GroupBy::Reason => group.name.split('+').map(|reason| format!("is:{reason}")).collect::<Vec<_>>().join(" "),
    }
}

pub(super) fn key(state: &mut State, key: Key, by: GroupBy, selected: usize) -> Vec<Effect> {
    let rows = rows(state, by);
    let last = rows.len().saturating_sub(1);
    let place = GroupBy::ALL.iter().position(|known| *known == by).unwrap_or(0);
    let sorts = GroupBy::ALL.len();
    let (by, selected) = match key.code {
        KeyCode::Esc | KeyCode::Char('q') => return Vec::new(),
        KeyCode::Enter => {
            let Some(filter) = rows.get(selected).map(|group| filter_of(group)) else { return Vec::new() };
            return search::set(state, &filter);
        }
        KeyCode::Char('j') | KeyCode::Down => (by, (selected + 1).min(last)),
        KeyCode::Char('k') | KeyCode::Up => (by, selected.saturating_sub(1)),
        KeyCode::PageDown => (by, (selected + 10).min(last)),
        KeyCode::PageUp => (by, selected.saturating_sub(10)),
        KeyCode::Tab | KeyCode::Char('l') | KeyCode::Right => (GroupBy::ALL[(place + 1) % sorts], 0),
        KeyCode::BackTab | KeyCode::Char('h') | KeyCode::Left => (GroupBy::ALL[(place + sorts - 1) % sorts], 0),
        _ => (by, selected),
    };
    state.overlay = Some(Overlay::Groups { by, selected });
    Vec::new()
}
