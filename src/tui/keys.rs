//! How is a key written, in the table, in `keys.toml` and on the screen?

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with what is held down. Shift is part of the character itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Whether Ctrl is held.
    pub control: bool,
    /// Whether Alt is held.
    pub alt: bool,
}

const NAMED: &[(&str, &str, KeyCode)] = &[
    ("space", "space", KeyCode::Char(' ')),
    ("enter", "enter", KeyCode::Enter),
    ("esc", "esc", KeyCode::Esc),
    ("tab", "tab", KeyCode::Tab),
    ("backtab", "shift-tab", KeyCode::BackTab),
    ("backspace", "backspace", KeyCode::Backspace),
    ("delete", "delete", KeyCode::Delete),
    ("up", "↑", KeyCode::Up),
    ("down", "↓", KeyCode::Down),
    ("left", "←", KeyCode::Left),
    ("right", "→", KeyCode::Right),
    ("home", "home", KeyCode::Home),
    ("end", "end", KeyCode::End),
    ("pageup", "pgup", KeyCode::PageUp),
    ("pagedown", "pgdn", KeyCode::PageDown),
];

impl Key {
    /// Takes a key from the terminal.
    #[must_use]
    pub fn from_event(event: KeyEvent) -> Self {
        let code = match event.code {
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            // Some terminals send a small letter with Shift held.
            KeyCode::Char(letter) if event.modifiers.contains(KeyModifiers::SHIFT) && letter.is_ascii_lowercase() => {
                KeyCode::Char(letter.to_ascii_uppercase())
            }
            code => code,
        };
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        Self { code, control, alt }
    }

    /// Reads `a`, `Z`, `ctrl-c`, `alt-x`, `enter`, `f1`; None when it is no key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("ctrl-").filter(|rest| !rest.is_empty()) {
            return Self::parse(rest).map(|key| Self { control: true, ..key });
        }
        if let Some(rest) = text.strip_prefix("alt-").filter(|rest| !rest.is_empty()) {
            return Self::parse(rest).map(|key| Self { alt: true, ..key });
        }
        let plain = |code| Some(Self { code, control: false, alt: false });
        if let Some((.., code)) = NAMED.iter().find(|(name, ..)| *name == text) {
            return plain(*code);
        }
        if let Some(number) = text.strip_prefix('f').and_then(|digits| digits.parse::<u8>().ok()) {
            return (1..=12).contains(&number).then_some(()).and_then(|()| plain(KeyCode::F(number)));
        }
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => plain(KeyCode::Char(character)),
            _ => None,
        }
    }

    /// How the key is shown.
    #[must_use]
    pub fn label(&self) -> String {
        let mut out = String::new();
        if self.control {
            out.push_str("ctrl-");
        }
        if self.alt {
            out.push_str("alt-");
        }
        match NAMED.iter().find(|(.., code)| *code == self.code) {
            Some((_, shown, _)) => out.push_str(shown),
            None => match self.code {
                KeyCode::Char(character) => out.push(character),
                KeyCode::F(number) => out.push_str(&format!("f{number}")),
                _ => out.push('?'),
            },
        }
        out
    }

    /// The typed character, when the key types one.
    #[must_use]
    pub fn typed(&self) -> Option<char> {
        match self.code {
            KeyCode::Char(character) if !self.control && !self.alt => Some(character),
            _ => None,
        }
    }
}
