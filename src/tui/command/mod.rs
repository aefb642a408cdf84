//! What can be done, where, with which key, and why not right now?
//!
//! One table ([`TABLE`]) feeds the key bindings, the footer, the help page, the palette and the generated reference
//! (`assets/reference/keys.md`); nothing else knows a key.

mod keymap;
mod needs;
mod reference;
mod table;

pub use keymap::Keymap;
pub use reference::reference;
pub use table::TABLE;

use super::effect::Effect;
use super::state::{Screen, State};

/// Something that can be done.
pub struct Command {
    /// Its name: in the palette and in `keys.toml`.
    pub name: &'static str,
    /// The word in the footer; empty when it is not shown there.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// Its default keys, the first being the one to show.
    pub keys: &'static [&'static str],
    /// Where it works.
    pub screens: &'static [Screen],
    /// Whether it can be done now; otherwise why not.
    pub enabled: fn(&State) -> Result<(), String>,
    /// Does it.
    pub run: fn(&mut State) -> Vec<Effect>,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Command {
    /// Whether it works on that screen.
    #[must_use]
    pub fn is_on(&self, screen: Screen) -> bool {
        self.screens.contains(&screen)
    }
}

/// A command by its name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Command> {
    TABLE.iter().find(|command| command.name == name)
}
