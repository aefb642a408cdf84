//! The map: cells, kinds, conflicts, and the ways from there.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use fourfold::tui::effect::Effect;
use fourfold::tui::event::Event;
use fourfold::tui::state::Screen;
use fourfold::tui::state::map::{MapDepth, MapFocus};
use fourfold::tui::state::trace::TraceFocus;

use super::company::company;
use super::drive::Drive;

fn click(drive: &mut Drive, wanted: &str) {
    let text = drive.text();
    let (row, line) = text.lines().enumerate().find(|(_, line)| line.contains(wanted)).expect("it is on the screen");
    let column = fourfold::tui::text::width(&line[..line.find(wanted).unwrap()]) as u16;
    let kind = MouseEventKind::Down(MouseButton::Left);
    drive.event(Event::Mouse(MouseEvent { kind, column, row: row as u16, modifiers: KeyModifiers::NONE }));
    drive.frame();
}

#[test]
fn from_a_kind_to_a_conflict_to_its_cell_and_all_the_way_back() {
    let mut drive = Drive::new(&company(30), (80, 24), "mono");
    drive.keys("<tab><enter>");
    assert_eq!(drive.state.map.depth, MapDepth::Kind);
    assert!(drive.shows("what to do: Decide which of the two is right"), "{}", drive.text());
    drive.keys("j<enter>");
    assert_eq!(drive.state.map.depth, MapDepth::One);
    assert!(drive.shows("2 of 16"));
    drive.keys("t");
    assert_eq!((drive.state.screen, drive.state.trace.focus), (Screen::Trace, TraceFocus::Fields));
    assert_eq!(drive.state.trace.cell().unwrap().field, "status");
    drive.keys("[");
    assert_eq!((drive.state.screen, drive.state.map.depth), (Screen::Map, MapDepth::One));
    assert_eq!(drive.state.map.conflicts.selected, 1);
    drive.keys("]");
    assert_eq!(drive.state.screen, Screen::Trace);
    drive.keys("[<esc><esc>");
    assert_eq!(drive.state.map.depth, MapDepth::Overview);
}

#[test]
fn from_a_conflict_to_the_pairs_of_its_entity() {
    let mut drive = Drive::new(&company(30), (80, 24), "mono");
    drive.keys("<tab><enter>r");
    assert_eq!(drive.state.screen, Screen::Review);
    drive.keys("[");
    assert_eq!(drive.state.screen, Screen::Map);
}

#[test]
fn the_mouse_opens_what_is_clicked() {
    let mut drive = Drive::new(&company(30), (80, 24), "mono");
    click(&mut drive, "amount disagreement");
    assert_eq!((drive.state.map.focus, drive.state.map.kind), (MapFocus::Conflicts, 1));
    click(&mut drive, "amount disagreement");
    assert_eq!(drive.state.map.depth, MapDepth::Kind);
    click(&mut drive, "3 Trace");
    assert_eq!(drive.state.screen, Screen::Trace);
    click(&mut drive, "? help");
    assert!(drive.state.overlay.is_some());
    click(&mut drive, "On this screen");
    assert!(drive.state.overlay.is_none());
    let wheel = MouseEvent { kind: MouseEventKind::ScrollDown, column: 5, row: 8, modifiers: KeyModifiers::NONE };
    drive.event(Event::Mouse(wheel));
    assert_eq!(drive.state.trace.list.selected, 3);
    drive.keys("M");
    assert_eq!(drive.outside, [Effect::Mouse(false)]);
}

#[test]
fn columns_follow_the_cursor_sideways() {
    let mut data = company(6);
    let more: Vec<_> = (0..9)
        .map(|index| {
            let mut source = data.map.sources[1].clone();
            source.id = fourfold::ident::SourceId::new(format!("crm_region_{index}"));
            source
        })
        .collect();
    data.map.sources.extend(more);
    let mut drive = Drive::new(&data, (80, 24), "mono");
    assert!(!drive.shows("zendesk"));
    for _ in 0..20 {
        drive.keys("l");
    }
    assert_eq!(drive.state.map.column, 13);
    assert!(drive.shows("zendesk"), "{}", drive.text());
    assert!(drive.shows("← more"));
}

#[test]
fn no_source_no_conflict_no_problem() {
    let mut data = company(6);
    data.conflicts.clear();
    let mut drive = Drive::new(&data, (80, 24), "mono");
    assert!(drive.shows("do not contradict each other"));
    drive.keys("<tab><enter>");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "open: there is nothing to open");
    data.map.sources.clear();
    let mut drive = Drive::new(&data, (80, 24), "mono");
    assert!(drive.shows("No source is charted yet"));
    drive.keys("jjll<tab><enter>y");
}
