//! Which plays are there, and what did the team change about them?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::definition::{Origin, Play};
use super::read;
use crate::config::PlaySettings;
use crate::error::{Context, Error, ErrorKind, Result};

/// The plays that are shipped, in the order in which they are listed: name, definition, SQL.
const BUILT_IN: [(&str, &str, &str); 6] = [
    (
        "product_qualified",
        include_str!("../../assets/plays/product_qualified.toml"),
        include_str!("../../assets/plays/product_qualified.sql"),
    ),
    ("health", include_str!("../../assets/plays/health.toml"), include_str!("../../assets/plays/health.sql")),
    ("expansion", include_str!("../../assets/plays/expansion.toml"), include_str!("../../assets/plays/expansion.sql")),
    (
        "churn_risk",
        include_str!("../../assets/plays/churn_risk.toml"),
        include_str!("../../assets/plays/churn_risk.sql"),
    ),
    ("routing", include_str!("../../assets/plays/routing.toml"), include_str!("../../assets/plays/routing.sql")),
    (
        "arr_bridge",
        include_str!("../../assets/plays/arr_bridge.toml"),
        include_str!("../../assets/plays/arr_bridge.sql"),
    ),
];

/// Where a team keeps its own plays, below the workspace.
pub const DIRECTORY: &str = "plays";

/// A play as it stands in a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The play, with the team's changes.
    pub play: Play,
    /// The play as its file has it.
    pub plain: Play,
    /// Whether a run includes it.
    pub enabled: bool,
    /// Whether it stands in for a shipped play of the same name.
    pub replaces: bool,
}

impl Entry {
    /// The text of the definition as its file has it.
    ///
    /// # Errors
    /// `Io` when the file cannot be read any more.
    pub fn source(&self) -> Result<String> {
        match &self.play.origin {
            Origin::BuiltIn => Ok(BUILT_IN
                .iter()
                .find(|(name, ..)| *name == self.play.name)
                .map_or_else(String::new, |(_, definition, _)| (*definition).to_owned())),
            Origin::File { definition, .. } => std::fs::read_to_string(definition)
                .context(ErrorKind::Io, || format!("cannot read the play {}", definition.display())),
        }
    }
}

/// Every play of a workspace.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    /// The plays, shipped ones first.
    pub entries: Vec<Entry>,
}

impl Library {
    /// Reads the shipped plays and those below `root`, and applies what the team states.
    ///
    /// # Errors
    /// `Config` with file, line and column for a play that does not hang together, or naming the setting that fits no play.
    pub fn load(root: &Path, settings: &BTreeMap<String, PlaySettings>) -> Result<Self> {
        let mut entries = Vec::new();
        for (name, definition, sql) in BUILT_IN {
            let plain = read::parse(definition, &format!("{name}.toml (built in)"), sql, Origin::BuiltIn)?;
            entries.push(Entry { play: plain.clone(), plain, enabled: true, replaces: false });
        }
        for file in files(&root.join(DIRECTORY))? {
            let plain = read::file(&file)?;
            let own = Entry { play: plain.clone(), plain, enabled: true, replaces: false };
            match entries.iter_mut().find(|entry| entry.play.name == own.play.name) {
                Some(shipped) => *shipped = Entry { replaces: true, ..own },
                None => entries.push(own),
            }
        }
        for (name, changed) in settings {
            let Some(entry) = entries.iter_mut().find(|entry| entry.play.name == *name) else {
                let known: Vec<&str> = entries.iter().map(|entry| entry.play.name.as_str()).collect();
                return Err(Error::config(format!("fourfold.toml: [plays.{name}] fits no play"))
                    .hint(format!("plays are: {}", known.join(", "))));
            };
            entry.play = changed_play(&entry.plain, changed)?;
            entry.enabled = changed.enabled;
        }
        Ok(Self { entries })
    }

    /// The shipped plays alone, as they are.
    ///
    /// # Errors
    /// `Config` when one does not hang together, which a test excludes.
    pub fn shipped() -> Result<Self> {
        Self::load(Path::new("/nonexistent"), &BTreeMap::new())
    }

    /// A play by its name.
    ///
    /// # Errors
    /// `NotFound`, naming the plays that there are.
    pub fn get(&self, name: &str) -> Result<&Entry> {
        self.entries.iter().find(|entry| entry.play.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.entries.iter().map(|entry| entry.play.name.as_str()).collect();
            Error::not_found(format!("there is no play {name:?}"))
                .hint(format!("plays are: {}", known.join(", ")))
                .hint(format!("`fourfold plays new {name}` begins one"))
        })
    }

    /// The plays that a run includes.
    pub fn enabled(&self) -> impl Iterator<Item = &Play> {
        self.entries.iter().filter(|entry| entry.enabled).map(|entry| &entry.play)
    }
}

/// The definitions in a directory, sorted; none when there is no such directory.
fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let fail = || format!("cannot read the directory {}", directory.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).context(ErrorKind::Io, fail)? {
        let path = entry.context(ErrorKind::Io, fail)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A play with changes.
///
/// # Errors
/// `Config` for a change of something that the play does not have, or that leaves it senseless.
pub fn changed_play(plain: &Play, changes: &PlaySettings) -> Result<Play> {
    let mut play = plain.clone();
    let name = &plain.name;
    let unknown = |what: &str, wanted: &str, known: Vec<&str>| {
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Error::config(format!(
            "fourfold.toml: [plays.{name}] changes the {what} {wanted:?}, which the play does not have"
        ))
        .hint(format!("it has: {known}"))
    };
    for (parameter, value) in &changes.parameters {
        let known = plain.parameters.keys().map(String::as_str).collect();
        let Some(own) = play.parameters.get_mut(parameter) else { return Err(unknown("parameter", parameter, known)) };
        if !alike(&own.value, value) {
            return Err(Error::config(format!(
                "fourfold.toml: [plays.{name}.parameters] {parameter} is of another type"
            ))
            .hint(format!("the play has {parameter} = {}", own.value)));
        }
        own.value = value.clone();
    }
    for (signal, change) in &changes.signals {
        let known = plain.signals.iter().map(|signal| signal.name.as_str()).collect();
        let Some(own) = play.signals.iter_mut().find(|own| own.name == *signal) else {
            return Err(unknown("signal", signal, known));
        };
        own.weight = change.weight.unwrap_or(own.weight);
        own.from = change.from.or(own.from);
        own.to = change.to.or(own.to);
    }
    for (tier, from) in &changes.tiers {
        let known = plain.tiers.iter().map(|tier| tier.name.as_str()).collect();
        let Some(own) = play.tiers.iter_mut().find(|own| own.name == *tier) else {
            return Err(unknown("tier", tier, known));
        };
        own.from = *from;
    }
    play.least_known = changes.least_known.unwrap_or(play.least_known);
    read::validate(&play).map_err(|(_, message)| Error::config(format!("fourfold.toml: [plays.{name}]: {message}")))?;
    Ok(play)
}

fn alike(one: &toml::Value, other: &toml::Value) -> bool {
    let number = |value: &toml::Value| matches!(value, toml::Value::Integer(_) | toml::Value::Float(_));
    one.same_type(other) || (number(one) && number(other))
}
