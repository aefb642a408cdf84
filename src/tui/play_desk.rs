//! What does the plays screen ask of the rest of the house?

use crate::plays::Play;
use crate::plays::explain::Explanation;
use crate::plays::preview::Preview;
use crate::plays::tune::NewValue;
use crate::plays::walk::SourceRow;

/// A question of the plays screen. Each opens the warehouse only while it is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum PlayQuestion {
    /// Every play, with what it says of the last run.
    All,
    /// Why an account has its score.
    Explain {
        /// The play.
        play: String,
        /// The account.
        entity: String,
    },
    /// The source rows behind a field of a table other than accounts.
    Rows {
        /// The play.
        play: String,
        /// The account.
        entity: String,
        /// The table of the model.
        table: String,
        /// The field.
        field: String,
    },
    /// What a play would say with other numbers.
    Preview {
        /// The play.
        play: String,
        /// Its new numbers.
        values: Vec<NewValue>,
    },
    /// Write new numbers into `fourfold.toml`.
    Save {
        /// The play.
        play: String,
        /// Its new numbers.
        values: Vec<NewValue>,
    },
    /// What shipping would change in a repository.
    Draft {
        /// The play.
        play: String,
        /// The repository.
        repository: String,
    },
    /// Ship.
    Ship {
        /// The play.
        play: String,
        /// The repository.
        repository: String,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum PlayAnswer {
    /// Every play.
    All(Vec<PlayView>),
    /// The account's rows, taken apart.
    Explained(Vec<Explanation>),
    /// The source rows behind a field.
    Rows(Vec<SourceRow>),
    /// What the play would say.
    Previewed(Box<Preview>),
    /// The numbers are written; where.
    Saved(String),
    /// What shipping would change; None when the repository holds all of it already.
    Drafted(Option<Draft>),
    /// Where it went, in words.
    Shipped(String),
}

/// A play with what it says of the last run.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayView {
    /// The play, with the team's changes.
    pub play: Play,
    /// Whether a run includes it.
    pub enabled: bool,
    /// Whether the team changed it.
    pub changed: bool,
    /// What it says.
    pub preview: Preview,
}

/// What shipping would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The branch.
    pub branch: String,
    /// The files, with whether each is new.
    pub files: Vec<(String, bool)>,
    /// The changes, line by line.
    pub diff: Vec<String>,
}
