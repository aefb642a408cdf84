//! Why does an account have its score: signals, what each adds, and the fields behind them?

use ratatui::layout::Rect;

use crate::plays::explain::{Explanation, FieldValue};
use crate::tui::state::State;
use crate::tui::state::plays::Line;
use crate::tui::text;
use crate::tui::theme::Meaning;
use crate::tui::view::List;
use crate::tui::widgets::list::{self, ListView};
use crate::tui::widgets::paint::{Paint, Words, below};

/// How wide the longest bar is.
const BAR: f64 = 20.0;

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    let plays = &state.plays;
    let lines = plays.lines();
    let title = plays.view().map_or_else(String::new, |view| text::clean(&view.play.title));
    paint.rule(area, 0, &format!("{title}: from a score to its fields, enter walks on to the rows"), true);
    let view = ListView {
        list: List::Plays,
        offset: state.view.offset(List::Plays),
        selected: plays.line,
        total: lines.len(),
        focused: true,
    };
    list::draw(paint, below(area, 1), &view, |paint, index| {
        Some(match lines.get(index)? {
            Line::Row(row) => whole(paint, row),
            Line::Signal(row, place) => signal(paint, row, *place),
            Line::Column(row, place) => {
                let column = &row.columns[*place];
                let value = column.value.as_deref().map_or_else(|| "(empty)".to_owned(), text::clean);
                vec![
                    paint.say(format!("{:<18} ", text::clean(&column.column)), Meaning::Title),
                    paint.say(value, Meaning::Text),
                ]
            }
            Line::Field(_, field) => from(paint, field),
        })
    });
}

fn whole(paint: &Paint, row: &Explanation) -> Words {
    let score = row.score.map_or_else(|| "-".to_owned(), |score| format!("{score:.1}"));
    let share = row.known_share.map_or_else(|| "?".to_owned(), |share| format!("{:.0}", 100.0 * share));
    let as_of = row.inputs_as_of.as_deref().unwrap_or("an unknown time");
    vec![
        paint.say(text::clean(row.name.as_deref().unwrap_or(&row.entity_id)), Meaning::Title),
        paint.say(format!("  {score} {} ", text::clean(&row.tier)), Meaning::Accent),
        paint.say(
            format!(
                "on {share} % of the weight · inputs as of {} · run {}",
                text::clean(as_of),
                text::clean(&row.run_id)
            ),
            Meaning::Dim,
        ),
    ]
}

fn signal(paint: &Paint, row: &Explanation, place: usize) -> Words {
    let signal = &row.signals[place];
    let most = row.signals.iter().filter_map(|signal| signal.points).fold(1.0_f64, f64::max);
    let blocks = signal.points.map_or(0, |points| (points / most * BAR).round().max(0.0) as usize);
    let points = signal.points.map_or_else(|| "     -".to_owned(), |points| format!("{points:>6.1}"));
    let said = signal.words.as_deref().map_or_else(|| "not known, and not counted".to_owned(), text::clean);
    let meaning = if signal.points.is_some() { Meaning::Text } else { Meaning::Dim };
    vec![
        paint.say(points, Meaning::Accent),
        paint.say(format!(" {:<20} ", "█".repeat(blocks)), Meaning::Accent),
        paint.say(format!("{:<13} ", text::cut(&text::clean(&signal.signal), 13)), Meaning::Title),
        paint.say(said, meaning),
    ]
}

fn from(paint: &Paint, field: &FieldValue) -> Words {
    let value = field.value.as_deref().map_or_else(String::new, |value| format!(" = {}", text::clean(value)));
    vec![
        paint.say(" ".repeat(28), Meaning::Dim),
        paint.say(format!("← {}.{}", text::clean(&field.table), text::clean(&field.field)), Meaning::Dim),
        paint.say(value, Meaning::Text),
    ]
}
