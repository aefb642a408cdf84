//! Which street and which house does an address line mean?

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::fold::words;

static STREET_WORDS: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut spellings = FxHashMap::default();
    for line in include_str!("../../../assets/normalise/street_words.tsv").lines() {
        let mut cells = line.split('\t');
        let Some(word) = cells.next() else { continue };
        spellings.entry(word).or_insert(word);
        for spelling in cells {
            spellings.entry(spelling).or_insert(word);
        }
    }
    spellings
});

/// A street line taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Street {
    /// The house number with its letter, the first run of digits of the line: `12`, `12a`; empty when none is written.
    pub number: String,
    /// The words of the street, abbreviations spelt out, in the order written.
    pub words: Vec<String>,
}

/// Takes a street line apart: `"435 S. La Cienega Blvd."` has number `435` and words `south la cienega boulevard`.
#[must_use]
pub fn street(text: &str) -> Street {
    let mut out = Street::default();
    for word in words(text) {
        if out.number.is_empty() && is_house_number(&word) {
            out.number = word;
        } else {
            out.words.push(street_word(&word).to_owned());
        }
    }
    out
}

/// Whether a folded word of a street line can be its house number: `12a` can, `2nd` names a street.
#[must_use]
pub fn is_house_number(word: &str) -> bool {
    word.as_bytes().first().is_some_and(u8::is_ascii_digit) && !is_ordinal(word)
}

/// A folded word of a street line with its abbreviation spelt out: `blvd` is `boulevard`.
#[must_use]
pub fn street_word(word: &str) -> &str {
    STREET_WORDS.get(word).copied().unwrap_or(word)
}

/// Whether the word names the kind of a street, a direction or a part of a building.
#[must_use]
pub fn is_street_word(word: &str) -> bool {
    STREET_WORDS.contains_key(word)
}

fn is_ordinal(word: &str) -> bool {
    ["st", "nd", "rd", "th"]
        .iter()
        .any(|ending| word.strip_suffix(ending).is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())))
}
