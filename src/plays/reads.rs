//! Which fields of the model does a play read, and which of them stand behind each of its columns?

use std::collections::{BTreeMap, BTreeSet};

use super::definition::Play;
use super::published::Field;

/// The fields behind a play.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads {
    /// Every field that is read.
    pub fields: BTreeSet<Field>,
    /// The fields behind each column that the SQL gives.
    pub by_column: BTreeMap<String, BTreeSet<Field>>,
}

impl Reads {
    /// The fields behind a signal, a column or a common column of the play, such as `score`; none when there is no such thing.
    #[must_use]
    pub fn behind(&self, play: &Play, name: &str) -> BTreeSet<Field> {
        if let Some(fields) = self.by_column.get(name) {
            return fields.clone();
        }
        if let Some(signal) = play.signals.iter().find(|signal| signal.name == name) {
            return self.by_column.get(&signal.value).cloned().unwrap_or_default();
        }
        match name {
            "score" | "tier" | "drivers" | "known_share" => {
                play.signals.iter().filter_map(|signal| self.by_column.get(&signal.value)).flatten().cloned().collect()
            }
            _ => BTreeSet::new(),
        }
    }
}
