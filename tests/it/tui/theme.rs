//! Themes by meaning.

use fourfold::tui::theme::{Meaning, Theme};
use ratatui::style::{Color, Modifier};

use super::company::company;
use super::drive::Drive;

const ALL: [Meaning; 12] = [
    Meaning::Text,
    Meaning::Dim,
    Meaning::Title,
    Meaning::Accent,
    Meaning::Key,
    Meaning::Good,
    Meaning::Bad,
    Meaning::Warn,
    Meaning::Differs,
    Meaning::Selected,
    Meaning::Border,
    Meaning::Masked,
];

fn chosen(variables: &[(&str, &str)]) -> String {
    let find = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Theme::choose(None, find).unwrap()[0].name.clone()
}

#[test]
fn the_environment_chooses() {
    assert_eq!(chosen(&[]), "terminal");
    assert_eq!(chosen(&[("COLORFGBG", "15;0")]), "dark");
    assert_eq!(chosen(&[("COLORFGBG", "0;default;15")]), "light");
    assert_eq!(chosen(&[("COLORFGBG", "12;8")]), "dark");
    assert_eq!(chosen(&[("COLORFGBG", "15;0"), ("NO_COLOR", "1")]), "mono");
    assert_eq!(chosen(&[("NO_COLOR", "")]), "terminal", "an empty NO_COLOR is none");
    let wrong = Theme::choose(Some("pink"), |_| None).unwrap_err();
    assert!(wrong.hints[0].contains("contrast"));
}

#[test]
fn without_colour_nothing_is_coloured_and_differences_carry_marks() {
    for theme in Theme::shipped().unwrap().iter().filter(|theme| theme.marks) {
        for meaning in ALL {
            let style = theme.style(meaning);
            assert_eq!((style.fg, style.bg), (None, None), "{} {meaning:?}", theme.name);
        }
    }
    let mut drive = Drive::new(&company(6), (80, 24), "mono");
    drive.keys("2");
    let buffer = drive.frame();
    assert!(buffer.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    assert!(drive.shows("{+ GmbH}"), "{}", drive.text());
}

#[test]
fn differences_are_underlined_in_every_theme_and_the_cursor_shows() {
    for theme in Theme::shipped().unwrap() {
        assert!(theme.style(Meaning::Differs).add_modifier.contains(Modifier::UNDERLINED), "{}", theme.name);
        let selected = theme.style(Meaning::Selected);
        assert!(selected.bg.is_some() || selected.add_modifier.contains(Modifier::REVERSED), "{}", theme.name);
    }
    let mut drive = Drive::new(&company(6), (80, 24), "dark");
    drive.keys("2");
    let buffer = drive.frame();
    let text = drive.text();
    let row = text.lines().position(|line| line.contains("Northwind Analytics GmbH")).unwrap() as u16;
    let underlined: String = (0..80)
        .filter(|x| buffer[(*x, row)].modifier.contains(Modifier::UNDERLINED))
        .map(|x| buffer[(x, row)].symbol())
        .collect();
    assert_eq!(underlined, " GmbH");
}

#[test]
fn a_wrong_theme_is_named_with_its_place() {
    let error = Theme::parse("name = \"x\"\n[styles]\ntext = { fg = \"bleu\" }\n", "my.toml").unwrap_err();
    assert!(error.message.contains("`bleu` is no colour"), "{}", error.message);
    let error = Theme::parse("name = \"x\"\n[styles]\ntxt = {}\n", "my.toml").unwrap_err();
    assert!(error.message.starts_with("my.toml:3"), "{}", error.message);
}

#[test]
fn themes_go_round() {
    let mut drive = Drive::new(&company(6), (80, 24), "dark");
    let mut seen = vec![drive.state.theme.name.clone()];
    for _ in 0..5 {
        drive.keys("T");
        seen.push(drive.state.theme.name.clone());
    }
    assert_eq!(seen, ["dark", "light", "contrast", "mono", "terminal", "dark"]);
}
