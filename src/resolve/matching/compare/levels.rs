//! Which steps of agreement does each kind of field have, and what is expected of them before anything is learned?

use crate::resolve::matching::concept::MatchConcept;

/// One step of agreement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// In words, as a waterfall shows it.
    pub name: &'static str,
    /// The share of true matches expected on this level before learning, among those with both values.
    pub expected: f64,
    /// How far the rarity of the value counts on this level, 0 to 1.
    pub rarity: f64,
    /// The weight in bits this level never exceeds, whatever is learned.
    pub most: f64,
    /// Whether it tells at least as much as every level below; one that does not is as telling as learned.
    pub ordered: bool,
}

const fn level(name: &'static str, expected: f64, rarity: f64) -> Level {
    Level { name, expected, rarity, most: f64::INFINITY, ordered: true }
}

/// A level that stands beside the ones around it: which of them tells more is the table's to say.
const fn beside(name: &'static str, expected: f64, rarity: f64) -> Level {
    Level { name, expected, rarity, most: f64::INFINITY, ordered: false }
}

/// A level that speaks against a match, whatever is learned.
const fn against(name: &'static str, expected: f64, most: f64) -> Level {
    Level { name, expected, rarity: 0.0, most, ordered: true }
}

const MISSING: Level = level("one side empty", 0.0, 0.0);

/// Given and family names.
pub(crate) const NAME_PART: &[Level] = &[
    MISSING,
    level("different", 0.05, 0.0),
    level("somewhat alike", 0.03, 0.0),
    level("initial fits", 0.04, 0.0),
    level("first and last name swapped", 0.02, 0.5),
    level("nickname or close spelling", 0.12, 0.7),
    level("same", 0.74, 1.0),
];

/// Names of companies. Two names that share a word and each have another telling word are sisters (`Acme Bank`, `Acme
/// Leasing`): they share addresses and owners, so what else agrees must not make them one.
pub(crate) const COMPANY_NAME: &[Level] = &[
    MISSING,
    against("different", 0.03, -6.0),
    against("shares a word, both have others", 0.01, -4.0),
    level("one shortens the other", 0.08, 0.0),
    level("similar", 0.08, 0.3),
    level("nearly the same", 0.12, 0.7),
    level("same words", 0.2, 1.0),
    level("same", 0.47, 1.0),
];

/// Whole names of people.
pub(crate) const PERSON_NAME: &[Level] = &[
    MISSING,
    level("different", 0.03, 0.0),
    level("shares a word", 0.04, 0.0),
    level("one shortens the other", 0.08, 0.0),
    level("similar", 0.08, 0.3),
    level("nearly the same", 0.12, 0.7),
    level("same words", 0.2, 1.0),
    level("same", 0.45, 1.0),
];

/// Titles and free text.
pub(crate) const TEXT: &[Level] = &[
    MISSING,
    level("different", 0.03, 0.0),
    level("a little in common", 0.05, 0.0),
    level("something in common", 0.09, 0.0),
    level("alike", 0.13, 0.0),
    level("much alike", 0.16, 0.0),
    level("very much alike", 0.18, 0.0),
    level("nearly the same", 0.16, 0.3),
    level("same words", 0.2, 1.0),
];

/// Values that are right or wrong: identifiers, postal codes, towns, telephone numbers.
pub(crate) const SPELLED: &[Level] = &[
    MISSING,
    level("different", 0.1, 0.0),
    level("alike", 0.04, 0.2),
    level("one slip apart", 0.06, 0.6),
    level("same", 0.8, 1.0),
];

/// Telephone numbers: neighbours in one exchange differ in two digits, so only a single slip is near.
pub(crate) const PHONE: &[Level] =
    &[MISSING, level("different", 0.12, 0.0), level("one slip apart", 0.06, 0.6), level("same", 0.82, 1.0)];

/// One of few values.
pub(crate) const CATEGORY: &[Level] =
    &[MISSING, level("different", 0.1, 0.0), level("usual counterpart", 0.1, 0.5), level("same", 0.8, 1.0)];

/// Several values side by side.
pub(crate) const SET: &[Level] = &[
    MISSING,
    level("nothing in common", 0.35, 0.0),
    level("something in common", 0.2, 0.5),
    level("half in common", 0.15, 0.7),
    level("most in common", 0.1, 1.0),
    level("same", 0.2, 1.0),
];

/// Calendar dates.
pub(crate) const DATE: &[Level] = &[
    MISSING,
    level("different", 0.06, 0.0),
    level("same year", 0.04, 0.2),
    level("one part differs", 0.05, 0.3),
    level("one digit apart", 0.1, 0.6),
    level("same", 0.75, 1.0),
];

/// Numbers and money.
pub(crate) const NUMBER: &[Level] = &[
    MISSING,
    level("different", 0.2, 0.0),
    level("within a quarter", 0.1, 0.0),
    level("within a tenth", 0.1, 0.0),
    level("within 2 %", 0.1, 0.0),
    level("same", 0.5, 0.7),
];

/// Places on the map.
pub(crate) const PLACE: &[Level] = &[
    MISSING,
    level("far apart", 0.15, 0.0),
    level("within 200 km", 0.05, 0.0),
    level("within 50 km", 0.1, 0.0),
    level("within 5 km", 0.1, 0.3),
    level("same", 0.6, 1.0),
];

/// Street lines.
pub(crate) const STREET: &[Level] = &[
    MISSING,
    level("different", 0.1, 0.0),
    level("same street, other number", 0.05, 0.0),
    level("alike", 0.1, 0.5),
    level("nearly the same", 0.1, 0.8),
    level("same", 0.65, 1.0),
];

/// Mailboxes. A slip at one host tells more than one mailbox name at two where names are made of people's names, and less
/// where many short names share a host.
pub(crate) const EMAIL: &[Level] = &[
    MISSING,
    level("different", 0.1, 0.0),
    level("same domain", 0.05, 0.0),
    level("mailbox names alike", 0.05, 0.0),
    beside("one slip apart", 0.04, 0.4),
    level("same mailbox name, other domain", 0.05, 0.4),
    level("same mailbox name, mistyped domain", 0.01, 0.8),
    level("same", 0.7, 1.0),
];

/// Web domains.
pub(crate) const DOMAIN: &[Level] = &[
    MISSING,
    level("different", 0.12, 0.0),
    level("alike", 0.04, 0.3),
    level("same name, other suffix", 0.06, 0.8),
    level("same", 0.78, 1.0),
];

/// Model and part numbers inside text.
pub(crate) const CODES: &[Level] = &[
    MISSING,
    level("other codes", 0.15, 0.0),
    level("one code holds the other", 0.2, 0.5),
    level("same code", 0.65, 1.0),
];

/// The shares of levels among pairs of names that look alike and are not the same, where such are known: a person who
/// draws up a list of pairs leaves out those that nobody would take for one another. From level 1 up. Another person mostly
/// has another name in place of one, seldom one more: middle names are left out often. A word more makes another company.
pub(crate) fn among_lookalikes(concept: MatchConcept) -> Option<[f64; 7]> {
    match concept {
        MatchConcept::CompanyName => Some([0.33, 0.34, 0.18, 0.06, 0.05, 0.02, 0.02]),
        MatchConcept::PersonName => Some([0.25, 0.45, 0.06, 0.13, 0.05, 0.03, 0.03]),
        _ => None,
    }
}
