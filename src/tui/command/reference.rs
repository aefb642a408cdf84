//! What does the page of keys say?

use std::fmt::Write as _;

use super::{Keymap, TABLE};
use crate::tui::state::Screen;

/// The reference page as Markdown, made from the table.
#[must_use]
pub fn reference() -> String {
    let keymap = Keymap::default();
    let mut page = String::from(
        "# Keys of the terminal UI\n\n\
         Generated from the command table. Every command is also in the palette (`:`) by its name, and every key can be\n\
         changed in `keys.toml` in the user configuration directory:\n\n\
         ```toml\n[keys]\nsame = [\"a\", \"enter\"]\n```\n",
    );
    let everywhere = |screens: &[Screen]| screens.len() == Screen::ALL.len();
    section(&mut page, "Everywhere", &keymap, &|screens| everywhere(screens));
    for screen in Screen::ALL {
        section(&mut page, screen.title(), &keymap, &|screens| !everywhere(screens) && screens.contains(&screen));
    }
    page
}

fn section(page: &mut String, title: &str, keymap: &Keymap, belongs: &dyn Fn(&[Screen]) -> bool) {
    // Writing to a text cannot fail.
    let _ = write!(page, "\n## {title}\n\n| key | command | what it does |\n| --- | --- | --- |\n");
    for command in TABLE.iter().filter(|command| belongs(command.screens)) {
        let keys = keymap.labels(command).replace('|', "\\|");
        let _ = writeln!(page, "| `{keys}` | {} | {} |", command.name, command.doc);
    }
}
