//! What does a person know about these tables that their columns do not say?
//!
//! A rules file is TOML. Each name in it is a column, or a concept that one column has:
//!
//! ```toml
//! [columns]                     # what a column means, as --map says it
//! org = "company_name"
//! note = "ignore"
//!
//! [[must_match]]                # rows that are one, whatever else differs
//! name = "one tax number"
//! same = ["vat_id"]
//!
//! [[must_not_match]]            # rows that are never one
//! name = "other country"
//! same = ["company_name"]
//! different = ["country"]
//! sources = ["crm", "billing"]  # between these two sources only
//!
//! [[block]]                     # rows to compare beside those found anyway
//! same = ["postal_code", "street"]
//!
//! [[source]]                    # a source none of whose rows are duplicates
//! name = "billing"
//! duplicates = false
//!
//! [[compare]]                   # how much a column may say, in bits
//! column = "industry"
//! most = 1.0
//! least = -1.0
//! ```

mod bind;
mod parse;

pub(crate) use bind::BoundRules;

use super::concept::MatchConcept;

/// A rules file; empty by default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// What columns mean.
    pub columns: Vec<(Name, MatchConcept)>,
    /// Which pairs are or are not one entity.
    pub verdicts: Vec<VerdictRule>,
    /// Fields whose joint agreement makes a candidate pair.
    pub blocks: Vec<Vec<Name>>,
    /// Sources without duplicates.
    pub unique_sources: Vec<Name>,
    /// How far a comparison's weight may go.
    pub limits: Vec<Limit>,
}

/// A rule that decides pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictRule {
    /// What its bar is called.
    pub name: String,
    /// Whether its pairs are one entity or never are.
    pub same: bool,
    /// What has to hold, all of it.
    pub conditions: Vec<(Name, Condition)>,
    /// The two sources it speaks of; one twice for pairs inside it; none for all.
    pub sources: Option<(Name, Name)>,
}

/// How two values have to agree; an empty one meets no condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Equal after normalisation.
    Same,
    /// On the upper half of the field's levels.
    Close,
    /// Both filled with nothing in common.
    Different,
}

/// Bounds of one comparison's weight in bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// The field.
    pub column: Name,
    /// Never below.
    pub least: Option<f64>,
    /// Never above.
    pub most: Option<f64>,
}

/// A name with the place it was written at, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: String,
    /// `rules.toml:3:9`.
    pub place: String,
}
