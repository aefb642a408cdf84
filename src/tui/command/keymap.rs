//! Which key does what: the table's own keys, and what `keys.toml` says instead?

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{Command, TABLE, find};
use crate::error::{Error, Result};
use crate::tui::keys::Key;
use crate::tui::state::Screen;

/// Keys to commands, screen by screen.
#[derive(Debug)]
pub struct Keymap {
    bindings: FxHashMap<(Screen, Key), &'static Command>,
    shown: FxHashMap<&'static str, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysFile {
    #[serde(default)]
    keys: BTreeMap<String, Vec<String>>,
}

impl Default for Keymap {
    fn default() -> Self {
        // The table's own keys do not clash; a test holds that.
        Self::with(&BTreeMap::new(), "keys.toml")
            .unwrap_or_else(|_| Self { bindings: FxHashMap::default(), shown: FxHashMap::default() })
    }
}

impl Keymap {
    /// The table's keys, changed by the text of a `keys.toml`:
    ///
    /// ```toml
    /// [keys]
    /// same = ["a", "enter"]
    /// ```
    ///
    /// # Errors
    /// `Config` for an unknown command, a text that is no key, or a key that would do two things on one screen.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let file: KeysFile = toml::from_str(text).map_err(|cause| {
            let line = text.get(..cause.span().map_or(0, |span| span.start)).unwrap_or("").matches('\n').count() + 1;
            Error::config(format!("{name}:{line}: {}", cause.message()))
        })?;
        Self::with(&file.keys, name)
    }

    fn with(changes: &BTreeMap<String, Vec<String>>, name: &str) -> Result<Self> {
        if let Some(unknown) = changes.keys().find(|wanted| find(wanted).is_none()) {
            return Err(Error::config(format!("{name}: there is no command `{unknown}`"))
                .hint("`?` in the terminal UI and the key reference list every command by its name"));
        }
        let mut bindings: FxHashMap<(Screen, Key), &'static Command> = FxHashMap::default();
        let mut shown = FxHashMap::default();
        for command in TABLE {
            let wanted: Vec<&str> = match changes.get(command.name) {
                Some(keys) => keys.iter().map(String::as_str).collect(),
                None => command.keys.to_vec(),
            };
            let mut labels = Vec::new();
            for text in wanted {
                let key = Key::parse(text).ok_or_else(|| {
                    Error::config(format!("{name}: `{text}` for `{}` is no key", command.name))
                        .hint("keys are written like `a`, `Z`, `ctrl-r`, `enter`, `space`, `f5`")
                })?;
                labels.push(key.label());
                for screen in command.screens {
                    match bindings.get(&(*screen, key)) {
                        Some(other) if other.name != command.name => {
                            return Err(Error::config(format!(
                                "{name}: `{text}` would do two things on {}: `{}` and `{}`",
                                screen.title(),
                                other.name,
                                command.name
                            ))
                            .hint("give one of the two another key"));
                        }
                        _ => {
                            bindings.insert((*screen, key), command);
                        }
                    }
                }
            }
            shown.insert(command.name, labels.join(" "));
        }
        Ok(Self { bindings, shown })
    }

    /// What a key does on a screen.
    #[must_use]
    pub fn command(&self, screen: Screen, key: Key) -> Option<&'static Command> {
        self.bindings.get(&(screen, key)).copied()
    }

    /// All keys of a command, as they are shown.
    #[must_use]
    pub fn labels(&self, command: &Command) -> &str {
        self.shown.get(command.name).map_or("", String::as_str)
    }

    /// The first key of a command, as it is shown.
    #[must_use]
    pub fn label(&self, command: &Command) -> &str {
        let all = self.labels(command);
        all.split(' ').next().unwrap_or("")
    }
}
