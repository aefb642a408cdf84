//! How does the interview look: the questions, the answers to choose from, and what an answer would change?

use ratatui::layout::Rect;

use super::dialog::typed;
use super::list::{self, ListView};
use super::paint::{Paint, Words, below, centred, first};
use crate::chart::interview::Question;
use crate::chart::interview::answer::asks_for;
use crate::tui::plain::interview::{look_lines, money, preview_lines};
use crate::tui::state::State;
use crate::tui::state::interview::{AnswerDraft, InterviewState, Row, Shown, Stage};
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::{text, words};

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let interview = &state.interview;
    let window = centred(area, area.width.saturating_sub(4).min(140), area.height.saturating_sub(3));
    let title = match &interview.asked {
        Some(asked) => format!("interview: {} open, {} answered", asked.open.len(), asked.answered.len()),
        None => "interview".to_owned(),
    };
    let inside = paint.window(window, &title);
    if let Some(draft) = &interview.draft {
        drafting(paint, inside, draft);
        return;
    }
    if let Some(failure) = &interview.failure {
        let row = paint.prose(inside, 0, &failure.message, Meaning::Bad);
        for (at, hint) in failure.hints.iter().enumerate() {
            let words = vec![paint.say(text::clean(hint), Meaning::Dim)];
            paint.line(inside, row + at, words);
        }
        last_line(paint, inside, "esc leave");
        return;
    }
    if interview.asked.is_none() {
        let words = vec![paint.say("reading the questions …", Meaning::Dim)];
        paint.line(inside, 0, words);
        return;
    }
    if interview.is_empty() {
        paint.prose(
            inside,
            0,
            "Nothing is asked: the sources are understood, and their differences are settled.",
            Meaning::Good,
        );
        last_line(paint, inside, "esc leave");
        return;
    }
    let high = usize::from(inside.height);
    let rows = interview.len().min((high / 3).max(4));
    questions(paint, first(inside, rows), state);
    let detail = Rect { height: inside.height.saturating_sub(1), ..inside };
    match interview.here() {
        Some(Row::Open(question)) => one(paint, below(detail, rows), question, interview),
        Some(Row::Answered(_)) | None => answered(paint, below(detail, rows), interview),
    }
    let keys = if interview.withdrawing.is_some() {
        "take the answer and its rules out of fourfold.toml?   y yes   n no"
    } else {
        "1-9 or enter answer   tab next option   w take back   j k choose   r read again   esc leave"
    };
    last_line(paint, inside, keys);
}

fn last_line(paint: &mut Paint, inside: Rect, keys: &str) {
    let words = vec![paint.say(text::cut(keys, usize::from(inside.width)), Meaning::Key)];
    paint.line(inside, usize::from(inside.height).saturating_sub(1), words);
}

fn questions(paint: &mut Paint, area: Rect, state: &State) {
    let interview = &state.interview;
    let view = ListView {
        list: List::Questions,
        offset: state.view.offset(List::Questions),
        selected: interview.selected,
        total: interview.len(),
        focused: true,
    };
    let width = usize::from(area.width).saturating_sub(2);
    list::draw(paint, area, &view, |paint, index| interview.row(index).map(|row| line(paint, row, width)));
}

fn line(paint: &Paint, row: Row<'_>, width: usize) -> Words {
    let about = |about: &str| text::clean(about).replace("accounts.", "");
    let (meaning, left, right) = match row {
        Row::Open(question) => {
            let stake = question.money.first().map(|(currency, sum)| money(*sum, currency)).unwrap_or_default();
            let right = format!("{:>7} {stake:>10}", words::count(question.weight));
            (Meaning::Text, about(&question.about), right)
        }
        Row::Answered(answered) => {
            (Meaning::Dim, format!("answered · {}", about(&answered.about)), text::clean(&answered.answer))
        }
    };
    let room = width.saturating_sub(20);
    vec![
        paint.say(text::fit(&left, room), meaning),
        paint.say("  ", meaning),
        paint.say(text::fit_right(&right, 18), Meaning::Title),
    ]
}

/// The question under the cursor with its options.
fn one(paint: &mut Paint, area: Rect, question: &Question, interview: &InterviewState) {
    paint.rule(area, 0, &text::clean(&question.id), false);
    let mut row = paint.prose(area, 1, &text::clean(&question.text), Meaning::Title);
    row = paint.prose(area, row, &format!("decides {}", question.effect.words()), Meaning::Dim) + 1;
    options(paint, area, row, question, interview.option);
}

fn options(paint: &mut Paint, area: Rect, row: usize, question: &Question, chosen: usize) {
    for (number, option) in question.options.iter().enumerate() {
        let mark = if number == chosen { "▸ " } else { "  " };
        let words = vec![
            paint.say(mark, Meaning::Accent),
            paint.say(format!("{}  ", number + 1), Meaning::Key),
            paint.say(text::clean(option), Meaning::Text),
            paint.say(if number == 0 { "  (recommended)" } else { "" }, Meaning::Dim),
        ];
        paint.line(area, row + number, words);
    }
}

fn answered(paint: &mut Paint, area: Rect, interview: &InterviewState) {
    let Some(Row::Answered(answered)) = interview.here() else { return };
    paint.rule(area, 0, &text::clean(&answered.id), false);
    let said = format!("answered: {}", text::clean(&answered.answer));
    let mut row = paint.prose(area, 1, &said, Meaning::Title);
    let why = if answered.why.is_empty() { String::new() } else { format!(": \"{}\"", text::clean(&answered.why)) };
    row = paint.prose(area, row, &format!("{}, {}{why}", text::clean(&answered.who), answered.when), Meaning::Dim) + 1;
    match &answered.question {
        Some(question) => {
            row = paint.prose(area, row, &text::clean(&question.text), Meaning::Text) + 1;
            options(paint, area, row, question, interview.option);
        }
        None => {
            let words = "The last run no longer asks this. Take the answer back to be asked again after the next run.";
            paint.prose(area, row, words, Meaning::Dim);
        }
    }
}

/// An answer in the making.
fn drafting(paint: &mut Paint, inside: Rect, draft: &AnswerDraft) {
    let mut row = paint.prose(inside, 0, &text::clean(&draft.question.text), Meaning::Dim);
    row = paint.prose(inside, row, &format!("answer: {}", text::clean(&draft.option)), Meaning::Title) + 1;
    let asked = asks_for(&draft.question, &draft.option).unwrap_or_default();
    let lines = [
        (Stage::Words, format!("which ({asked})"), &draft.words),
        (Stage::Until, "until (2026-12-31; empty as the answer says)".to_owned(), &draft.until),
        (Stage::Why, "why (kept beside the rule)".to_owned(), &draft.why),
    ];
    for (stage, label, input) in lines {
        let is_here = draft.stage == stage;
        if !is_here && input.value().is_empty() {
            continue;
        }
        let label = format!("{label}: ");
        let room = usize::from(inside.width).saturating_sub(text::width(&label) + 1);
        let value = if is_here {
            typed(paint, input, room)
        } else {
            vec![paint.say(text::clean(input.value()), Meaning::Text)]
        };
        let words = [vec![paint.say(label, Meaning::Key)], value].concat();
        paint.line(inside, row, words);
        row += 1;
    }
    if draft.stage != Stage::Confirm {
        last_line(paint, inside, "enter goes on   esc drops the answer");
        return;
    }
    effect(paint, Rect { height: inside.height.saturating_sub(1), ..inside }, row + 1, draft);
    let keys = match &draft.look {
        Shown::Done(_) => "y save   p preview every value that changes   j k scroll   esc drop",
        _ => "esc drop",
    };
    last_line(paint, inside, keys);
}

/// What it would change: at once, and in the joined model once that was asked for.
fn effect(paint: &mut Paint, area: Rect, row: usize, draft: &AnswerDraft) {
    let mut lines: Vec<(String, Meaning)> = Vec::new();
    match &draft.preview {
        Shown::Nothing => {}
        Shown::Waiting => lines.push(("taking the steps of a run to see …".to_owned(), Meaning::Dim)),
        Shown::Done(preview) => lines.extend(preview_lines(preview).into_iter().map(|line| (line, Meaning::Text))),
        Shown::Failed(failure) => {
            lines.push((failure.message.clone(), Meaning::Bad));
            lines.extend(failure.hints.iter().map(|hint| (text::clean(hint), Meaning::Dim)));
        }
    }
    if !lines.is_empty() {
        lines.push((String::new(), Meaning::Text));
    }
    match &draft.look {
        Shown::Nothing | Shown::Waiting => lines.push(("looking …".to_owned(), Meaning::Dim)),
        Shown::Done(look) => {
            lines.extend(look_lines(&draft.question, look).into_iter().map(|line| (line, Meaning::Text)));
        }
        Shown::Failed(failure) => {
            lines.push((failure.message.clone(), Meaning::Bad));
            lines.extend(failure.hints.iter().map(|hint| (text::clean(hint), Meaning::Dim)));
        }
    }
    let room = below(area, row);
    let height = usize::from(room.height);
    paint.view.list(List::Effect, draft.scroll, height);
    let wrapped: Vec<(String, Meaning)> = lines
        .into_iter()
        .flat_map(|(line, meaning)| {
            text::wrap(&line, usize::from(room.width)).into_iter().map(move |line| (line, meaning)).collect::<Vec<_>>()
        })
        .collect();
    let scroll = draft.scroll.min(wrapped.len().saturating_sub(height));
    for (at, (line, meaning)) in wrapped.into_iter().skip(scroll).take(height).enumerate() {
        let words = vec![paint.say(line, meaning)];
        paint.line(room, at, words);
    }
}
