//! Which fields of the model does a play read, and which of them stand behind each of its columns?

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Play, Scoring};
use super::published::Field;

/// Where a column of a play comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Fields of the model.
    Fields(BTreeSet<Field>),
    /// The run makes it.
    Run,
    /// The play's SQL states it: a word such as the name of a grain.
    Stated,
}

impl Origin {
    /// The word for it in exports.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Fields(_) => "fields",
            Self::Run => "run",
            Self::Stated => "stated",
        }
    }

    /// How a column of that origin is made, in words.
    #[must_use]
    pub fn rule(&self, play: &Play, name: &str) -> &'static str {
        match (name, self) {
            ("run_id", _) => "made by the run: its id",
            ("inputs_as_of", _) => "made by the run: the oldest of the newest syncs in play_inputs",
            (_, Self::Run) => "made by the run",
            (_, Self::Stated) => "stated by the play's SQL",
            _ if play.scoring == Scoring::Given => "the play's SQL",
            ("score", _) => "100 * sum(weight * signal) / sum(weight) over the signals that are known",
            ("tier", _) => "the range in which the score lies",
            ("drivers", _) => "the weightiest signals in words",
            ("known_share", _) => "the weight of the signals that are known / all weight",
            _ => "the play's SQL",
        }
    }
}

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
                let signals = play.signals.iter().map(|signal| &signal.value);
                // Who takes no part has a tier for it, and words that go before the drivers are read from somewhere too.
                let besides: [Option<&String>; 2] = match name {
                    "tier" => [play.disqualified.as_ref(), None],
                    "drivers" => [play.disqualified.as_ref(), play.lead.as_ref()],
                    _ => [None, None],
                };
                let columns = signals.chain(besides.into_iter().flatten());
                columns.filter_map(|column| self.by_column.get(column)).flatten().cloned().collect()
            }
            _ => BTreeSet::new(),
        }
    }

    /// Where a column that the play gives comes from. What a play's own SQL works out from no field but by which rows there are
    /// rests on everything that it reads.
    #[must_use]
    pub fn origin(&self, play: &Play, name: &str) -> Origin {
        if ["inputs_as_of", "run_id"].contains(&name) {
            return Origin::Run;
        }
        let behind = self.behind(play, name);
        if !behind.is_empty() {
            return Origin::Fields(behind);
        }
        let scores = ["score", "tier", "drivers", "known_share"].contains(&name);
        if scores && play.scoring == Scoring::Given { Origin::Fields(self.fields.clone()) } else { Origin::Stated }
    }
}
