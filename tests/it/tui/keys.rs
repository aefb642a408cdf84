//! Keys, remapping, pasting, and the palette.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use fourfold::tui::command::{Keymap, TABLE};
use fourfold::tui::event::Event;
use fourfold::tui::keys::Key;
use fourfold::tui::state::Screen;
use fourfold::tui::state::overlay::Overlay;

use super::company::company;
use super::drive::Drive;

#[test]
fn every_command_can_be_reached_and_no_key_does_two_things() {
    // Building the map fails on a clash; the default hides that, so it is built from an empty file here.
    let keymap = Keymap::parse("", "keys.toml").unwrap();
    for command in TABLE {
        assert!(!command.doc.is_empty() && command.doc.ends_with('.'), "{}", command.name);
        assert!(!command.screens.is_empty(), "{}", command.name);
        for text in command.keys {
            let key = Key::parse(text).unwrap_or_else(|| panic!("{text}"));
            for screen in command.screens {
                assert_eq!(keymap.command(*screen, key).unwrap().name, command.name);
            }
        }
    }
    let mut names: Vec<&str> = TABLE.iter().map(|command| command.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TABLE.len());
}

#[test]
fn keys_can_be_changed_and_mistakes_are_named() {
    let keymap = Keymap::parse("[keys]\nsame = [\"f5\", \"ctrl-a\"]\n", "keys.toml").unwrap();
    let key = |text: &str| Key::parse(text).unwrap();
    assert_eq!(keymap.command(Screen::Review, key("f5")).unwrap().name, "same");
    assert!(keymap.command(Screen::Review, key("a")).is_none());
    let clash = Keymap::parse("[keys]\nsame = [\"x\"]\n", "keys.toml").unwrap_err();
    assert!(clash.message.contains("two things on Review"), "{}", clash.message);
    let unknown = Keymap::parse("[keys]\nsome = [\"x\"]\n", "keys.toml").unwrap_err();
    assert!(unknown.message.contains("no command `some`"), "{}", unknown.message);
    let wrong = Keymap::parse("[keys]\nsame = [\"shift-shift\"]\n", "keys.toml").unwrap_err();
    assert!(wrong.message.contains("is no key"), "{}", wrong.message);
    assert!(Keymap::parse("[key]\n", "keys.toml").unwrap_err().message.contains("keys.toml:1"));
}

#[test]
fn a_key_is_pressed_once_also_where_its_release_is_reported() {
    let mut drive = Drive::new(&company(6), (80, 24), "mono");
    drive.keys("2");
    let mut release = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
    release.kind = KeyEventKind::Release;
    drive.event(Event::Key(release));
    assert_eq!(drive.state.review.sitting.decided, 0);
}

#[test]
fn pasted_text_never_works_as_keys() {
    let mut drive = Drive::new(&company(6), (80, 24), "mono");
    drive.keys("2");
    drive.event(Event::Paste("aaaa\nq".into()));
    assert_eq!(drive.state.review.sitting.decided, 0);
    assert!(drive.outside.is_empty());
    drive.keys("/");
    drive.event(Event::Paste("blau\u{1b}werk".into()));
    assert_eq!(drive.state.review.filter.as_ref().unwrap().typed, "blau werk");
}

#[test]
fn a_disabled_key_says_why() {
    let mut drive = Drive::with(&company(6), (80, 24), "mono", |setting| setting.read_only = true);
    drive.keys("2a");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "same: opened with --read-only");
    assert!(drive.shows("(a same)"), "the footer shows it without colour");
    drive.keys("?");
    assert!(drive.shows("Not now: opened with --read-only"));
}

#[test]
fn the_palette_finds_commands_by_what_they_do() {
    let mut drive = Drive::new(&company(6), (80, 24), "mono");
    drive.keys("2:difrent");
    assert!(drive.shows("different"), "{}", drive.text());
    drive.keys("<esc>:take back");
    assert!(drive.shows("undo"));
    drive.keys("<enter>");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "there is nothing to take back");
    drive.keys(":zzzz");
    assert!(drive.shows("no command is called that"));
    drive.keys("<ctrl-c>");
    assert!(drive.state.overlay.is_none());
}

#[test]
fn the_palette_opens_a_pair_by_its_address() {
    let data = company(6);
    let id = data.pairs[4].pair.key.id();
    let mut drive = Drive::new(&data, (80, 24), "mono");
    drive.keys(&format!(":fourfold://review/{id}<enter>"));
    assert_eq!(drive.state.screen, Screen::Review);
    assert_eq!(drive.state.review.here(), Some(4));
}

#[test]
fn help_lists_every_command_of_the_screen() {
    let mut drive = Drive::new(&company(6), (200, 80), "mono");
    for key in ["1", "2", "3", "4", "5", "6"] {
        drive.keys(key).keys("?");
        assert!(matches!(drive.state.overlay, Some(Overlay::Help { .. })));
        let page = drive.text();
        for command in TABLE.iter().filter(|command| command.is_on(drive.state.screen)) {
            let start: String = command.doc.chars().take(24).collect();
            assert!(page.contains(&start), "{} is missing", command.name);
        }
        drive.keys("<esc>");
    }
}

#[test]
fn keys_are_written_as_they_are_read() {
    for text in ["a", "Z", "?", "space", "ctrl-r", "alt-x", "enter", "f12", "backtab"] {
        assert!(Key::parse(text).is_some(), "{text}");
    }
    for text in ["", "ctrl-", "f13", "ab", "shift-a"] {
        assert!(Key::parse(text).is_none(), "{text}");
    }
    let shifted = Key::from_event(KeyEvent::new(KeyCode::Char('z'), KeyModifiers::SHIFT));
    assert_eq!(shifted, Key::parse("Z").unwrap());
}
