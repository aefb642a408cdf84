//! The first line: which workspace, which screens, how old is what is shown?

use ratatui::layout::Rect;

use super::paint::Paint;
use crate::tui::state::{Opening, Screen, State};
use crate::tui::theme::Meaning;
use crate::tui::view::Hit;
use crate::tui::{text, words};

pub(crate) fn draw(paint: &mut Paint, area: Rect, state: &State) {
    // Six tabs and the age of the run leave a narrow terminal no room for the program's own name.
    let narrow = area.width < 100;
    let name = text::cut(&text::clean(&state.setting.workspace), if narrow { 12 } else { 40 });
    let mut left = if narrow {
        vec![paint.say(format!(" {name}  "), Meaning::Title)]
    } else {
        vec![paint.say(" fourfold ", Meaning::Title), paint.say(format!("{name}  "), Meaning::Dim)]
    };
    let mut x = area.x + left.iter().map(|span| text::width(&span.content) as u16).sum::<u16>();
    for (index, screen) in Screen::ALL.into_iter().enumerate() {
        let here = screen == state.screen;
        let (before, after) = if here && paint.theme.marks { ("[", "]") } else { (" ", " ") };
        let label = format!("{before}{} {}{after}", index + 1, screen.title());
        let width = text::width(&label) as u16;
        paint.view.hit(Rect { x, width, ..area }, Hit::Tab(screen));
        x += width;
        let style = if here { Meaning::Selected } else { Meaning::Text };
        left.push(paint.say(label, style));
    }
    let mut right = Vec::new();
    if state.setting.read_only {
        right.push(paint.say("read-only  ", Meaning::Warn));
    }
    if state.setting.blind {
        right.push(paint.say("blind  ", Meaning::Warn));
    }
    let age = match &state.opening {
        Opening::Loading => "opening …".to_owned(),
        Opening::Failed(_) => "no run".to_owned(),
        Opening::Ready => format!("run {}", words::ago(&state.run.finished_at, state.now)),
    };
    right.push(if state.newer_run {
        paint.say("newer run: ctrl-r ", Meaning::Warn)
    } else {
        paint.say(format!("{age} "), Meaning::Dim)
    });
    paint.line_both(area, 0, left, right);
}
