//! Which rules of matching did the team state, and with which examples?

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::ident::{EntityKind, PairKey, RecordKey};

/// What a rule or an example says about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleVerdict {
    /// One entity.
    Same,
    /// Two entities.
    Different,
}

impl RuleVerdict {
    /// The word used in `fourfold.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
        }
    }
}

/// A field that rules compare, after normalisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleField {
    /// The name: of a company without its legal form, of a person in any order.
    Name,
    /// The registrable domain of web addresses; shared mail hosts never count.
    Domain,
    /// The mailbox, plus tags apart.
    Email,
    /// The telephone number.
    Phone,
    /// Street and number.
    Street,
    /// The postal code.
    PostalCode,
    /// The city.
    City,
    /// The country.
    Country,
    /// An id that another system knows.
    Id,
    /// A person's job title.
    Title,
    /// The industry.
    Industry,
}

/// A rule: where the fields in `same` agree and those in `differ` do not, it adds a bar to the pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchRule {
    /// What it is called in bars, tests and messages.
    pub name: String,
    /// Accounts or people.
    pub kind: EntityKind,
    /// Fields on which both records must agree: at least one.
    pub same: Vec<RuleField>,
    /// Fields that both records must have, with no value in common.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differ: Vec<RuleField>,
    /// What it speaks for.
    pub verdict: RuleVerdict,
    /// How strongly, in bits; 20 is a million to one.
    #[serde(default = "default_bits")]
    pub bits: f64,
    /// Pairs of records on which it is tested by `fourfold test`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<RuleExample>,
}

/// Two records and what is right for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleExample {
    /// One record, as `source.table:key`.
    pub left: String,
    /// The other record.
    pub right: String,
    /// What is right.
    pub verdict: RuleVerdict,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

fn default_bits() -> f64 {
    20.0
}

/// The strongest a rule may speak: decisions stand above it.
const MOST_BITS: f64 = 100.0;

impl RuleExample {
    /// The two records; None when one of them is not written as `source.table:key`.
    #[must_use]
    pub fn pair(&self) -> Option<PairKey> {
        Some(PairKey::new(record(&self.left)?, record(&self.right)?))
    }
}

/// Reads `source.table:key`, as screens and exports write records.
#[must_use]
pub fn record(text: &str) -> Option<RecordKey> {
    let (place, pk) = text.split_once(':')?;
    let (source, table) = place.split_once('.')?;
    let filled = [source, table, pk].iter().all(|part| !part.trim().is_empty());
    filled.then(|| RecordKey::new(source.trim(), table.trim(), pk))
}

/// Checks the rules of a file.
///
/// # Errors
/// `Config`, naming the rule.
pub(super) fn check(rules: &[MatchRule], name: &str) -> Result<()> {
    for (place, rule) in rules.iter().enumerate() {
        let wrong = |what: String| Err(Error::config(format!("{name}: [[resolve.rules]] \"{}\" {what}", rule.name)));
        if rule.name.trim().is_empty() {
            return Err(Error::config(format!("{name}: [[resolve.rules]] number {} has no name", place + 1)));
        }
        if rules[..place].iter().any(|other| other.name == rule.name) {
            return wrong("is there twice: give each rule a name of its own".to_owned());
        }
        if rule.same.is_empty() {
            return wrong("names no field in `same`: a rule needs one on which both records agree".to_owned());
        }
        if !(rule.bits > 0.0 && rule.bits <= MOST_BITS) {
            return wrong(format!("has bits = {}: they must lie above 0 and at most {MOST_BITS}", rule.bits));
        }
        for example in &rule.examples {
            match example.pair() {
                None => {
                    return wrong(format!(
                        "has an example of {:?} and {:?}: records are written source.table:key",
                        example.left, example.right
                    ));
                }
                Some(pair) if pair.left == pair.right => {
                    return wrong(format!("has an example of {:?} with itself", example.left));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}
