//! What would a verdict change?

use ratatui::layout::Rect;

use crate::impact::Effect;
use crate::tui::event::{Around, PairDetail, SideNow};
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::Paint;
use crate::tui::{text, words};

/// Rows wanted.
pub(super) fn height(state: &State, detail: &PairDetail, width: u16) -> usize {
    let room = usize::from(width).saturating_sub(LABEL);
    lines(state, detail).iter().map(|(_, said, _)| text::wrap(said, room).len()).sum()
}

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State, detail: &PairDetail) {
    let width = usize::from(area.width);
    let mut row = 0;
    for (label, said, meaning) in lines(state, detail) {
        for (index, line) in text::wrap(&said, width.saturating_sub(LABEL)).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let words =
                vec![paint.say(text::fit(&format!("  {label}"), LABEL), Meaning::Dim), paint.say(line, meaning)];
            paint.line(area, row, words);
            row += 1;
        }
    }
}

const LABEL: usize = 15;

type Line = (&'static str, String, Meaning);

fn lines(state: &State, detail: &PairDetail) -> Vec<Line> {
    let Some(around) = state.review.around_of(&detail.row) else {
        return vec![("", "working out what a verdict would change …".to_owned(), Meaning::Dim)];
    };
    let noun = detail.row.kind.as_str();
    let [left, right] = &around.sides;
    if left.records == 0 && right.records == 0 {
        return vec![("", "the last run does not know both entities".to_owned(), Meaning::Dim)];
    }
    let joined = around.question.left == around.question.right;
    let mut lines = Vec::new();
    if joined {
        lines.push(("now one", describe(left), Meaning::Text));
        inside(&mut lines, around, noun);
    } else {
        lines.push(("left", describe(left), Meaning::Text));
        lines.push(("right", describe(right), Meaning::Text));
        between(&mut lines, around, noun);
    }
    let open = left.conflicts + if joined { 0 } else { right.conflicts };
    if open == 0 {
        lines.push(("conflicts", "none is open on them".to_owned(), Meaning::Dim));
    } else {
        lines.push(("conflicts", format!("{} on them", words::counted(open, "is open", "are open")), Meaning::Dim));
    }
    lines
}

fn between(lines: &mut Vec<Line>, around: &Around, noun: &str) {
    let effect = &around.blast.same;
    let [left, right] = &around.sides;
    let entities = left.entities + right.entities;
    let many = if noun == "person" { "people" } else { "accounts" };
    let mut said = format!(
        "{entities} {many} become one with {}",
        words::counted(left.records + right.records, "record", "records")
    );
    for (currency, (one, other)) in &effect.revenue {
        if *one != 0.0 || *other != 0.0 {
            said.push_str(&format!(" · {} a year", words::money(one + other, Some(currency))));
        }
    }
    lines.push(("a same", said, Meaning::Good));
    changes(lines, effect);
    if let Some((one, other)) = &effect.owners {
        let said = format!("owned by {} and {}: one keeps it", text::clean(one), text::clean(other));
        lines.push(("", said, Meaning::Warn));
    }
    lines.push(("x c b s", "they stay two, also when later evidence ties them".to_owned(), Meaning::Text));
}

fn inside(lines: &mut Vec<Line>, around: &Around, noun: &str) {
    lines.push(("a same", "nothing moves; the tie becomes a decision".to_owned(), Meaning::Text));
    let effect = &around.blast.apart;
    if effect.parts.len() < 2 {
        let said = "the two records are kept apart; the next run says how the rest falls".to_owned();
        lines.push(("x c b s", said, Meaning::Warn));
        return;
    }
    let sizes: Vec<String> = effect.parts.iter().map(|part| part.len().to_string()).collect();
    let said = format!("the {noun} splits in {}: {} records", effect.parts.len(), sizes.join(" and "));
    lines.push(("x c b s", said, Meaning::Warn));
    for part in effect.parts.iter().skip(1).take(2) {
        let names: Vec<String> = part.iter().take(3).map(|record| text::clean(&record.to_string())).collect();
        let more = part.len().saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push(("", format!("leaves: {}{more}", names.join(", ")), Meaning::Dim));
    }
    changes(lines, effect);
}

fn changes(lines: &mut Vec<Line>, effect: &Effect) {
    if effect.closed() > 0 {
        let kinds: Vec<String> = effect.closes.keys().take(3).map(|kind| text::clean(kind)).collect();
        let said = format!("closes {}: {}", words::counted(effect.closed(), "conflict", "conflicts"), kinds.join(", "));
        lines.push(("", said, Meaning::Good));
    }
    for opens in effect.opens.iter().take(3) {
        let (one, other) = (text::cut(&text::clean(&opens.left), 24), text::cut(&text::clean(&opens.right), 24));
        lines.push(("", format!("opens {}: {} {one} ≠ {other}", opens.kind, opens.field), Meaning::Warn));
    }
    let more = effect.opens.len().saturating_sub(3);
    if more > 0 {
        lines.push(("", format!("opens {more} more"), Meaning::Warn));
    }
    for play in effect.plays.iter().take(3) {
        let value = |value: &Option<String>| {
            value.as_deref().map_or("–".to_owned(), |value| text::cut(&text::clean(value), 20))
        };
        let said = format!("play {}: {} | {}", text::clean(&play.what), value(&play.left), value(&play.right));
        lines.push(("", said, Meaning::Text));
    }
    let more = effect.plays.len().saturating_sub(3);
    if more > 0 {
        lines.push(("", format!("{more} more play outputs change"), Meaning::Text));
    }
}

fn describe(side: &SideNow) -> String {
    let mut said = text::cut(&text::clean(&side.label), 40);
    if side.entities > 1 {
        said.push_str(&format!(" with {} more, by your verdicts", side.entities - 1));
    }
    said.push_str(&format!(
        " · {} in {}",
        words::counted(side.records, "record", "records"),
        text::clean(&side.sources.join(", "))
    ));
    if !side.status.is_empty() {
        said.push_str(&format!(" · {}", text::clean(&side.status)));
    }
    for (currency, amount) in &side.revenue {
        said.push_str(&format!(" · {}", words::money(*amount, Some(currency))));
    }
    if let Some(owner) = &side.owner {
        said.push_str(&format!(" · owner {}", text::cut(&text::clean(owner), 24)));
    }
    said
}
