//! Which style has which meaning?
//!
//! Screens name meanings, never colours; a theme gives each meaning a style. Nothing is said by colour alone: wherever
//! a style carries meaning, a sign or a word stands beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use crate::error::{Error, Result};

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// Ordinary text.
    Text,
    /// Text that may be overlooked.
    Dim,
    /// A heading.
    Title,
    /// What is in focus, or chosen.
    Accent,
    /// A key to press.
    Key,
    /// Speaks for; went well.
    Good,
    /// Speaks against; went wrong.
    Bad,
    /// Deserves a look.
    Warn,
    /// Differs from the other side.
    Differs,
    /// The row under the cursor.
    Selected,
    /// Lines between parts.
    Border,
    /// Hidden characters.
    Masked,
}

/// A style for every meaning.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Theme {
    /// What it is called.
    pub name: String,
    /// Whether differences also carry `[-…]` and `{+…}`, because styles may not show.
    pub marks: bool,
    styles: BTreeMap<Meaning, Style>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    name: String,
    #[serde(default)]
    marks: bool,
    styles: BTreeMap<Meaning, StyleFile>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StyleFile {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
    reverse: bool,
}

const SHIPPED: [(&str, &str); 5] = [
    ("terminal", include_str!("../../assets/themes/terminal.toml")),
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    ("contrast", include_str!("../../assets/themes/contrast.toml")),
    ("mono", include_str!("../../assets/themes/mono.toml")),
];

impl Theme {
    /// Reads a theme; `name` is for messages.
    ///
    /// # Errors
    /// `Config` with the place of the mistake.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let file: ThemeFile = toml::from_str(text).map_err(|cause| {
            let line = text.get(..cause.span().map_or(0, |span| span.start)).unwrap_or("").matches('\n').count() + 1;
            Error::config(format!("{name}:{line}: {}", cause.message())).hint("the shipped themes show every key")
        })?;
        let styles = file
            .styles
            .into_iter()
            .map(|(meaning, style)| style.read(name).map(|style| (meaning, style)))
            .collect::<Result<_>>()?;
        Ok(Self { name: file.name, marks: file.marks, styles })
    }

    /// The shipped themes: `terminal` (the terminal's own colours), `dark`, `light`, `contrast`, `mono`.
    ///
    /// # Errors
    /// Never, as a test reads them all.
    pub fn shipped() -> Result<Vec<Arc<Self>>> {
        SHIPPED.iter().map(|(name, text)| Self::parse(text, name).map(Arc::new)).collect()
    }

    /// The shipped themes, the wanted one first. Without a wish the environment decides: `NO_COLOR` means `mono`, a
    /// known background means `dark` or `light`, and otherwise the terminal's own colours are used.
    ///
    /// # Errors
    /// `Config` when there is no such theme.
    pub fn choose(wanted: Option<&str>, environment: impl Fn(&str) -> Option<String>) -> Result<Vec<Arc<Self>>> {
        let mut themes = Self::shipped()?;
        let no_color = environment("NO_COLOR").is_some_and(|value| !value.is_empty());
        let name = match wanted {
            Some(name) => name.to_owned(),
            None if no_color || environment("TERM").as_deref() == Some("dumb") => "mono".to_owned(),
            None => background(environment("COLORFGBG").as_deref()).to_owned(),
        };
        let Some(place) = themes.iter().position(|theme| theme.name == name) else {
            let names: Vec<&str> = themes.iter().map(|theme| theme.name.as_str()).collect();
            return Err(Error::config(format!("there is no theme `{}`", super::text::clean(&name)))
                .hint(format!("the themes are {}", names.join(", "))));
        };
        themes.rotate_left(place);
        Ok(themes)
    }

    /// The style of a meaning.
    #[must_use]
    pub fn style(&self, meaning: Meaning) -> Style {
        self.styles.get(&meaning).copied().unwrap_or_default()
    }
}

/// `COLORFGBG` is `15;0` or `15;default;0`: the last number is the background among the sixteen colours.
fn background(colours: Option<&str>) -> &'static str {
    match colours.and_then(|text| text.rsplit(';').next()).and_then(|last| last.parse::<u8>().ok()) {
        Some(7 | 9..=15) => "light",
        Some(0..=6 | 8) => "dark",
        _ => "terminal",
    }
}

impl StyleFile {
    fn read(self, name: &str) -> Result<Style> {
        let mut style = Style { fg: colour(self.fg, name)?, bg: colour(self.bg, name)?, ..Style::default() };
        for (wanted, modifier) in [
            (self.bold, Modifier::BOLD),
            (self.dim, Modifier::DIM),
            (self.italic, Modifier::ITALIC),
            (self.underline, Modifier::UNDERLINED),
            (self.reverse, Modifier::REVERSED),
        ] {
            if wanted {
                style = style.add_modifier(modifier);
            }
        }
        Ok(style)
    }
}

fn colour(text: Option<String>, name: &str) -> Result<Option<Color>> {
    let Some(text) = text else { return Ok(None) };
    let colour = text.parse().map_err(|_| {
        Error::config(format!("{name}: `{}` is no colour", super::text::clean(&text)))
            .hint("colours are names (`blue`), numbers of the 256 (`75`) or `#rrggbb`")
    })?;
    Ok(Some(colour))
}
