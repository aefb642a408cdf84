//! The head of a pair: which place in the queue, which records, how fresh, what stands already?

use ratatui::layout::Rect;

use crate::ident::RecordKey;
use crate::snapshot::RecordNote;
use crate::tui::event::PairDetail;
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::{Paint, Words};
use crate::tui::{text, words};

/// Draws it and says how many rows it took.
pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State, detail: &PairDetail) -> usize {
    let review = &state.review;
    let row = &detail.row;
    let place = match review.outside {
        Some(_) => "not in the queue".to_owned(),
        None => {
            let of = crate::tui::widgets::list::place(review.list.selected, review.list.len());
            if review.filter.is_some() { format!("{of} filtered") } else { of }
        }
    };
    let mut left = vec![paint.say(place, Meaning::Title), paint.say(format!(" · {}", row.kind), Meaning::Text)];
    if !state.setting.blind || review.verdicts.contains_key(&row.position) {
        let weight = format!(" · {} bits p {:.2}", words::bits(row.weight), row.probability);
        left.push(paint.say(weight, Meaning::Text));
    }
    let (sign, meaning) = super::queue::reason_sign(row);
    let reason = text::clean(&row.reason.replace('+', ", "));
    if row.reason == "uncertain" {
        left.push(paint.say(format!(" · {reason}"), Meaning::Dim));
    } else if !row.reason.is_empty() {
        left.push(paint.say(format!(" · {sign} {reason}"), meaning));
    }
    left.push(paint.say(format!(" · {}", text::clean(&row.rule)), Meaning::Dim));
    let right = row.money.map_or_else(Words::new, |amount| {
        let unit = if area.width >= 100 { " a year" } else { "" };
        vec![paint.say(format!("{}{unit}", words::money(amount, row.currency.as_deref())), Meaning::Title)]
    });
    paint.line_both(area, 0, left, right);
    let Some(standing) = standing(paint, state, detail) else { return records(paint, area, 1, state, detail) };
    paint.line(area, 1, standing);
    records(paint, area, 2, state, detail)
}

fn records(paint: &mut Paint, area: Rect, row: usize, state: &State, detail: &PairDetail) -> usize {
    let (label, value) = super::fields::columns(usize::from(area.width));
    let side = |record: &RecordKey, note: &RecordNote| {
        let age = note.synced_at.as_ref().map_or(String::new(), |at| format!(" · {}", words::age(at, state.now)));
        let place = format!("{}.{}", record.source, record.table);
        let room = value.saturating_sub(text::width(&age));
        (text::cut_middle(&text::clean(&place), room) + &age, text::cut_middle(&text::clean(&record.pk), value))
    };
    let (left_place, left_pk) = side(&detail.row.key.left, &detail.body.left_note);
    let (right_place, right_pk) = side(&detail.row.key.right, &detail.body.right_note);
    let line = |paint: &Paint, name: &str, left: &str, right: &str, meaning| -> Words {
        vec![
            paint.say(text::fit(name, label), Meaning::Dim),
            paint.say(text::fit(left, value), meaning),
            paint.say("   ", Meaning::Text),
            paint.say(text::fit(right, value), meaning),
        ]
    };
    let words = line(paint, "  source", &left_place, &right_place, Meaning::Accent);
    paint.line(area, row, words);
    let words = line(paint, "  record", &left_pk, &right_pk, Meaning::Dim);
    paint.line(area, row + 1, words);
    row + 2
}

/// What is known about the pair already, in one line.
fn standing(paint: &Paint, state: &State, detail: &PairDetail) -> Option<Words> {
    let review = &state.review;
    let position = detail.row.position;
    if let Some(pending) = review.pending.iter().find(|pending| pending.row.position == position) {
        let verdict = pending.verdict.map_or("pass", |verdict| verdict.as_str());
        return Some(vec![paint.say(format!("storing: {verdict} …"), Meaning::Warn)]);
    }
    if let Some(note) =
        detail.body.reopened.as_ref().filter(|_| review.verdicts.get(&position).is_none_or(|given| given.stale))
    {
        let fields: Vec<String> = note.changed.iter().map(|field| text::clean(field)).collect();
        let words = format!(
            "↻ asked again: {} changed since {} by {}",
            fields.join(", "),
            text::clean(&note.verdict),
            text::clean(&note.reviewer)
        );
        return Some(vec![paint.say(words, Meaning::Warn)]);
    }
    if let Some(given) = review.verdicts.get(&position) {
        let who = text::clean(&given.reviewer);
        let words = if given.disputed {
            format!("! reviewers differ; your verdict settles it (last: {} by {who})", given.verdict)
        } else {
            format!("decided: {} by {who}; another verdict takes its place", given.verdict)
        };
        return Some(vec![paint.say(words, if given.disputed { Meaning::Bad } else { Meaning::Good })]);
    }
    if let Some(verdict) = review.implied_for(&detail.row) {
        return Some(vec![paint.say(format!("answered by other verdicts: {verdict}"), Meaning::Good)]);
    }
    if let Some(around) = review.around_of(&detail.row)
        && (around.question.left.len() > 1 || around.question.right.len() > 1)
        && around.question.left != around.question.right
    {
        let [left, right] = &around.sides;
        let words = format!(
            "as you have decided so far: {} on the left, {} on the right",
            words::counted(left.entities as u64, "entity", "entities"),
            words::counted(right.entities as u64, "entity", "entities")
        );
        return Some(vec![paint.say(words, Meaning::Accent)]);
    }
    if let Some((_, note)) = review.note.as_ref().filter(|(about, _)| *about == position) {
        return Some(vec![paint.say(format!("note: {}", text::clean(note)), Meaning::Accent)]);
    }
    None
}
