//! Which words make up the name of a person, and which names are short for others?

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::fold::words;

static NICKNAMES: LazyLock<FxHashMap<&'static str, FxHashSet<&'static str>>> = LazyLock::new(|| {
    let mut names: FxHashMap<&'static str, FxHashSet<&'static str>> = FxHashMap::default();
    let english = include_str!("../../../assets/normalise/nicknames.tsv");
    let world = include_str!("../../../assets/normalise/given_names_world.tsv");
    for line in english.lines().chain(world.lines()) {
        let Some((name, short)) = line.split_once('\t') else { continue };
        for short in short.split(' ') {
            names.entry(name).or_default().insert(short);
            names.entry(short).or_default().insert(name);
        }
    }
    names
});

/// Words that stand before or after a name without being part of it.
const TITLES: [&str; 34] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "hon",
    "jr",
    "sr",
    "ii",
    "iii",
    "iv",
    "phd",
    "md",
    "esq",
    "dipl",
    "ing",
    "herr",
    "frau",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "capt",
    "captain",
    "major",
    "col",
    "gen",
];

/// The words of a person's name, folded, without titles and generational suffixes; `Doe, Jane` becomes `jane doe`.
///
/// A name that is nothing but a title keeps it.
#[must_use]
pub fn person_name(text: &str) -> Vec<String> {
    let ordered;
    let text = match text.split_once(',') {
        Some((family, given))
            if !given.trim().is_empty() && !given.contains(',') && family.split_whitespace().count() <= 3 =>
        {
            let given_words = words(given);
            if given_words.iter().all(|word| TITLES.contains(&word.as_str())) {
                text
            } else {
                ordered = format!("{} {}", given.trim(), family.trim());
                ordered.as_str()
            }
        }
        _ => text,
    };
    let all = words(text);
    let kept: Vec<String> = all.iter().filter(|word| !TITLES.contains(&word.as_str())).cloned().collect();
    if kept.is_empty() { all } else { kept }
}

/// Whether one given name is a known short form of the other, or its form in another language or transliteration: `bill` and
/// `william`, `sasha` and `aleksandr`, `mohamed` and `mohammed`. Both folded.
#[must_use]
pub fn are_nicknames(left: &str, right: &str) -> bool {
    NICKNAMES.get(left).is_some_and(|short| short.contains(right))
}

/// Whether the word is a given name or short form in the nickname list.
#[must_use]
pub fn is_known_given_name(word: &str) -> bool {
    NICKNAMES.contains_key(word)
}
