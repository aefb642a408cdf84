//! Which words are the invented names made of?
//!
//! Everything is composed from word lists written for this generator. No list holds a company or a person; a
//! composed name that exists somewhere does so by accident.

use std::sync::LazyLock;

use super::dice::Dice;

/// The lines of a list.
fn lines(text: &'static str) -> Vec<&'static str> {
    text.lines().filter(|line| !line.is_empty()).collect()
}

/// The lines of a list of two columns.
fn pairs(text: &'static str) -> Vec<(&'static str, &'static str)> {
    text.lines().filter_map(|line| line.split_once('|')).collect()
}

macro_rules! list {
    ($(#[$doc:meta])* $name:ident, $read:ident, $kind:ty, $file:literal) => {
        $(#[$doc])*
        pub(super) static $name: LazyLock<Vec<$kind>> =
            LazyLock::new(|| $read(include_str!(concat!("../../assets/demo/", $file))));
    };
}

type Pair = (&'static str, &'static str);

list!(
    /// A given name and its short form, which may be empty.
    GIVEN, pairs, Pair, "given_names.txt");
list!(
    /// Family names.
    FAMILY, lines, &'static str, "family_names.txt");
list!(
    /// First halves of compound words.
    COINED_FORE, lines, &'static str, "coined_fore.txt");
list!(
    /// Second halves of compound words.
    COINED_HIND, lines, &'static str, "coined_hind.txt");
list!(
    /// First halves of made-up words.
    SYLLABLE_FORE, lines, &'static str, "syllable_fore.txt");
list!(
    /// Second halves of made-up words.
    SYLLABLE_HIND, lines, &'static str, "syllable_hind.txt");
list!(
    /// Stems that are not ASCII.
    UNICODE_STEMS, lines, &'static str, "unicode_stems.txt");
list!(
    /// Names in Japanese script and how the company writes itself abroad.
    NATIVE, pairs, Pair, "native_names.txt");
list!(
    /// What a company trades in, and the industry that is.
    TRADES, pairs, Pair, "trades.txt");
list!(
    /// Job titles.
    TITLES, lines, &'static str, "titles.txt");
list!(
    /// Ticket subjects.
    SUBJECTS, lines, &'static str, "subjects.txt");

/// The same word with a capital first letter.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One invented word such as `Copperline` or `Quorivant`.
pub(super) fn stem(dice: &mut Dice) -> String {
    let (fore, hind) = if dice.chance(620) {
        (dice.pick(&COINED_FORE), dice.pick(&COINED_HIND))
    } else {
        (dice.pick(&SYLLABLE_FORE), dice.pick(&SYLLABLE_HIND))
    };
    capital(&format!("{fore}{hind}"))
}

/// Lower-case ASCII letters and digits of a text: `Küsten & Werk` becomes `kustenwerk`.
pub(super) fn label(text: &str) -> String {
    deunicode::deunicode(text)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// One slip of the keyboard in the middle of a word; short words stay.
pub(super) fn typo(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 6 {
        return text.to_owned();
    }
    let place = 2 + dice.below(letters.len().min(12) - 4);
    match dice.below(3) {
        0 => {
            letters.remove(place);
        }
        1 => letters.swap(place, place + 1),
        _ => letters.insert(place, letters[place]),
    }
    letters.into_iter().collect()
}
