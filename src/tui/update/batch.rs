//! How are many pairs decided at once: choose a group, look at a sample, see what it would do, say yes?

use crossterm::event::KeyCode;

use crate::resolve::evidence::units::Sets;
use crate::review::Verdict;
use crate::tui::effect::{Effect, GroupOf, Question, Write};
use crate::tui::event::GroupFound;
use crate::tui::keys::Key;
use crate::tui::state::State;
use crate::tui::state::overlay::{Batch, Group, Overlay};
use crate::tui::state::review::ReviewState;

/// Offers the groups that the pair belongs to.
pub fn open(state: &mut State) -> Vec<Effect> {
    let Some(pair) = state.review.current() else { return Vec::new() };
    let row = &pair.row;
    let (left, right) = super::masked::labels(state, row);
    let both = format!("{left} and {right}");
    let (one, other) = (&row.key.left.source.0, &row.key.right.source.0);
    let sources = if one <= other { format!("{one}+{other}") } else { format!("{other}+{one}") };
    let cluster = if row.cluster > 0 {
        GroupOf::Cluster(row.cluster)
    } else {
        GroupOf::Entities(vec![row.left_entity.clone(), row.right_entity.clone()])
    };
    let mut wanted = vec![
        (Group::named("rule", row.rule.clone()), GroupOf::Rule(row.rule.clone())),
        (Group::named("cluster", both), cluster),
        (Group::named("sources", sources.replace('+', " and ")), GroupOf::Sources(sources)),
    ];
    if let Some(filter) = &state.review.filter {
        wanted.push((Group::named("filter", filter.typed.clone()), GroupOf::Filter(filter.typed.clone())));
    }
    let (groups, questions): (Vec<Group>, Vec<GroupOf>) = wanted.into_iter().unzip();
    state.overlay = Some(Overlay::Batch(Batch { groups, selected: 0, verdict: None, inspect: None }));
    let ask = |(which, group)| Effect::Ask(Question::Group { which, group });
    questions.into_iter().enumerate().map(ask).collect()
}

pub(super) fn key(state: &mut State, key: Key, mut draft: Batch) -> Vec<Effect> {
    let group = draft.groups.get(draft.selected);
    let count = group.and_then(|group| group.positions.as_ref()).map_or(0, Vec::len);
    let sample = group.map_or(0, |group| group.sample.len());
    let mut effects = Vec::new();
    match (key.code, draft.verdict, draft.inspect) {
        (KeyCode::Esc | KeyCode::Char('q'), None, None) => return Vec::new(),
        (KeyCode::Esc | KeyCode::Char('q' | 'n'), Some(_), _) => draft.verdict = None,
        (KeyCode::Esc | KeyCode::Char('q'), None, Some(_)) => draft.inspect = None,
        (KeyCode::Tab | KeyCode::BackTab, ..) => {
            draft.inspect = if draft.inspect.is_none() && sample > 0 { Some(0) } else { None };
        }
        (KeyCode::Char('j') | KeyCode::Down, _, Some(at)) => {
            draft.inspect = Some((at + 1).min(sample.saturating_sub(1)));
        }
        (KeyCode::Char('k') | KeyCode::Up, _, Some(at)) => draft.inspect = Some(at.saturating_sub(1)),
        (KeyCode::Char('j') | KeyCode::Down, None, None) => {
            draft.selected = (draft.selected + 1) % draft.groups.len().max(1);
        }
        (KeyCode::Char('k') | KeyCode::Up, None, None) => {
            draft.selected = draft.selected.checked_sub(1).unwrap_or(draft.groups.len().saturating_sub(1));
        }
        (KeyCode::Char('a'), None, _) if count > 0 => draft.verdict = Some(Verdict::Same),
        (KeyCode::Char('x'), None, _) if count > 0 => draft.verdict = Some(Verdict::Different),
        (KeyCode::Char('u'), None, _) if count > 0 => draft.verdict = Some(Verdict::Unsure),
        (KeyCode::Enter | KeyCode::Char('y'), Some(verdict), _) => return store(state, draft, verdict),
        _ => {}
    }
    if let Some(position) = inspected(&draft)
        && !state.review.is_held(position)
        && !state.review.loading.contains(&position)
    {
        state.review.loading.push(position);
        effects.push(Effect::Ask(Question::Pair(position)));
    }
    state.overlay = Some(Overlay::Batch(draft));
    effects
}

/// The pair of the sample that is looked at.
#[must_use]
pub fn inspected(draft: &Batch) -> Option<u32> {
    let group = draft.groups.get(draft.selected)?;
    group.sample.get(draft.inspect?).map(|row| row.position)
}

fn store(state: &mut State, draft: Batch, verdict: Verdict) -> Vec<Effect> {
    let Some(group) = draft.groups.into_iter().nth(draft.selected) else { return Vec::new() };
    let positions = group.positions.unwrap_or_default();
    let name = format!("{} {}", group.sort, crate::tui::text::clean(&group.name));
    let ticket = state.ticket();
    state.say(format!("storing {} verdicts …", positions.len()));
    let (reviewer, at) = (state.setting.reviewer.clone(), state.now);
    vec![Effect::Store(ticket, Write::Batch { positions, verdict, name, reviewer, at })]
}

/// Takes the pairs of a group that was asked for: only those that are open.
pub(super) fn found(state: &mut State, which: usize, found: GroupFound) {
    let review = &state.review;
    let open: Vec<u32> = found.positions.into_iter().filter(|position| is_open(review, *position)).collect();
    let joins = joined(review, &found.joins);
    if let Some(Overlay::Batch(draft)) = &mut state.overlay
        && let Some(group) = draft.groups.get_mut(which)
    {
        group.sample = found.sample.into_iter().filter(|row| open.binary_search(&row.position).is_ok()).collect();
        group.weights = found.weights;
        group.money = found.money;
        group.joins = joins;
        group.positions = Some(open);
    }
}

fn is_open(review: &ReviewState, position: u32) -> bool {
    !review.closed.has(position) || review.skipped.contains(&position)
}

/// How many entities fewer there would be if all open pairs were the same.
fn joined(review: &ReviewState, pairs: &[(u32, u32, u32)]) -> u64 {
    let largest = pairs.iter().map(|(_, left, right)| left.max(right)).max().map_or(0, |largest| *largest as usize + 1);
    let mut sets = Sets::new(largest);
    let open = pairs.iter().filter(|(position, ..)| is_open(review, *position));
    open.filter(|(_, left, right)| sets.union(*left, *right)).count() as u64
}
