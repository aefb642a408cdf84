//! Which normal text do the comparisons and the blocking passes see for a value?

use super::concept::MatchConcept;
use super::table::{MatchColumn, VALUE_SEPARATOR};
use crate::resolve::normalise::{self, company, fold, words};

/// Letters and digits only, folded: `AB-12 3` is `ab123`.
pub(crate) fn identifier(text: &str) -> String {
    let mut folded = fold(text);
    folded.retain(|character| character.is_ascii_alphanumeric());
    let known_empty = matches!(folded.as_str(), "na" | "none" | "null" | "nan" | "unknown" | "0" | "");
    if known_empty { String::new() } else { folded }
}

/// Folded words, one space between.
pub(crate) fn plain_words(text: &str) -> String {
    let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let joined = if plain { text.to_owned() } else { words(text).join(" ") };
    if matches!(joined.as_str(), "na" | "n a" | "none" | "null" | "nan" | "unknown") { String::new() } else { joined }
}

/// A given or family name: folded words without titles.
pub(crate) fn name_part(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return text.to_owned();
    }
    plain_words(text)
}

/// `core words|legal form`, abbreviations of common words spelt out; the core alone where no form is written.
pub(crate) fn company_key(text: &str) -> String {
    let name = company::company_name(text);
    let core: Vec<&str> = name.core.iter().map(|word| company::common_word(word)).collect();
    let joined = core.join(" ");
    if name.legal_form.is_empty() { joined } else { format!("{joined}|{}", name.legal_form) }
}

/// `number|words` of a street line.
pub(crate) fn street_key(text: &str) -> String {
    let street = normalise::street(text);
    if street.number.is_empty() && street.words.is_empty() {
        String::new()
    } else {
        format!("{}|{}", street.number, street.words.join(" "))
    }
}

/// Eight digits of a date; empty for what is none.
pub(crate) fn date_key(text: &str) -> String {
    normalise::date::date_digits(text)
        .map(|digits| digits.iter().map(|digit| char::from(*digit)).collect())
        .unwrap_or_default()
}

/// Words of a text, with codes broken by marks also joined.
pub(crate) fn text_key(text: &str) -> String {
    let mut out = words(text);
    out.retain(|word| !STOP_WORDS.contains(&word.as_str()));
    out.join(" ")
}

const STOP_WORDS: [&str; 16] =
    ["the", "a", "an", "of", "and", "for", "in", "on", "to", "with", "by", "or", "is", "at", "from", "as"];

/// One name in a list of names: family name and first initial, so that `D. S. Mackay` meets `Mackay, Scott`.
pub(crate) fn list_name(text: &str) -> String {
    let name = normalise::person_name(text);
    match name.as_slice() {
        [first, .., family] => format!("{family} {}", &first[..1]),
        _ => name.join(" "),
    }
}

/// What parts the values of a column's cells, if many cells hold several.
pub(crate) fn separator(column: &MatchColumn) -> Option<&'static str> {
    let sample = column.distinct().min(400) as u32;
    if sample == 0 {
        return None;
    }
    ["**", "|", ";", "\u{1f}", ", "].into_iter().find(|mark| {
        let holding = (1..=sample).filter(|cell| column.cell_text(*cell).contains(mark)).count();
        holding * 10 >= sample as usize * 3
    })
}

/// Model and part numbers in a text: words of at least four characters with letters and digits, or of five digits and
/// more, marks inside removed.
pub(crate) fn codes(text: &str, concept: MatchConcept) -> Vec<String> {
    text.split(|character: char| {
        character.is_whitespace() || matches!(character, ',' | '(' | ')' | VALUE_SEPARATOR | '/' | ';' | '"' | '\'')
    })
    .filter_map(|part| {
        let code: String =
            part.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect();
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        let letters = code.len() - digits;
        let fits = (digits >= 1 && letters >= 1 && code.len() >= 4 && digits * 4 >= code.len())
            || (letters == 0 && digits >= 5);
        let measure = UNITS
            .iter()
            .any(|unit| code.strip_suffix(unit).is_some_and(|front| front.bytes().all(|byte| byte.is_ascii_digit())));
        ((fits && !measure && code.len() <= 24) || (concept == MatchConcept::Code && code.len() >= 3)).then_some(code)
    })
    .collect()
}

/// Endings of measures, which look like codes and name no product.
const UNITS: [&str; 26] = [
    "mm",
    "cm",
    "inch",
    "in",
    "ft",
    "gb",
    "mb",
    "tb",
    "kb",
    "ghz",
    "mhz",
    "khz",
    "hz",
    "watt",
    "watts",
    "w",
    "v",
    "mp",
    "megapixel",
    "p",
    "x",
    "rpm",
    "th",
    "nd",
    "lbs",
    "oz",
];
