//! Which normal text do the comparisons and the blocking passes see for a value?

use super::concept::MatchConcept;
use super::table::{MatchColumn, VALUE_SEPARATOR};
use crate::resolve::normalise::{self, fold, words};

/// Whether a text is words of small letters and digits with one space between: folding would not change it.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut before = b' ';
    for byte in bytes {
        if !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || (*byte == b' ' && before != b' ')) {
            return false;
        }
        before = *byte;
    }
    before != b' '
}

/// Letters and digits only, folded: `AB-12 3` is `ab123`. Adds to `into`, as all functions here that take it.
pub(crate) fn identifier(text: &str, into: &mut String) {
    let from = into.len();
    if text.is_ascii() {
        into.extend(text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        into.extend(fold(text).chars().filter(char::is_ascii_alphanumeric));
    }
    if matches!(&into[from..], "na" | "none" | "null" | "nan" | "unknown" | "0") {
        into.truncate(from);
    }
}

/// Folded words, one space between.
pub(crate) fn plain_words(text: &str, into: &mut String) {
    let from = into.len();
    if is_plain(text) {
        into.push_str(text);
    } else {
        join(words(text).iter().map(String::as_str), into);
    }
    if matches!(&into[from..], "na" | "n a" | "none" | "null" | "nan" | "unknown") {
        into.truncate(from);
    }
}

fn join<'a>(words: impl Iterator<Item = &'a str>, into: &mut String) {
    for (at, word) in words.enumerate() {
        if at > 0 {
            into.push(' ');
        }
        into.push_str(word);
    }
}

/// A given or family name: folded words without titles.
pub(crate) fn name_part(text: &str, into: &mut String) {
    if text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        into.push_str(text);
    } else {
        plain_words(text, into);
    }
}

/// The name of a person, without titles.
pub(crate) fn person_name(text: &str, into: &mut String) {
    join(normalise::person_name(text).iter().map(String::as_str), into);
}

/// `number|words` of a street line.
pub(crate) fn street_key(text: &str, into: &mut String) {
    if !is_plain(text) {
        let street = normalise::street(text);
        if !street.number.is_empty() || !street.words.is_empty() {
            into.push_str(&street.number);
            into.push('|');
            join(street.words.iter().map(String::as_str), into);
        }
        return;
    }
    let number = text.split(' ').position(normalise::address::is_house_number);
    if let Some(number) = number {
        into.push_str(text.split(' ').nth(number).unwrap_or_default());
    }
    into.push('|');
    let others = text.split(' ').enumerate().filter(|(at, _)| Some(*at) != number);
    join(others.map(|(_, word)| normalise::address::street_word(word)), into);
}

/// Eight digits of a date; nothing for what is none.
pub(crate) fn date_key(text: &str, into: &mut String) {
    if let Some(digits) = normalise::date::date_digits(text) {
        into.extend(digits.iter().map(|digit| char::from(*digit)));
    }
}

/// A mailbox as its provider sees it; nothing for what is none.
pub(crate) fn mailbox(text: &str, into: &mut String) {
    if is_plain_mailbox(text) {
        into.push_str(text);
        return;
    }
    if let Some(email) = normalise::email(text) {
        into.push_str(&email.base);
        into.push('@');
        into.push_str(&email.domain);
    }
}

/// Whether a mailbox is written as its provider sees it: in small letters, without a tag, the host a plain name.
fn is_plain_mailbox(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-');
    let gmail = matches!(host, "gmail.com" | "googlemail.com");
    let ending = host.rsplit('.').next().unwrap_or_default();
    !local.is_empty()
        && local.bytes().all(|byte| part(byte) && !(gmail && byte == b'.'))
        && host != "googlemail.com"
        && host.bytes().all(part)
        && ending.len() >= 2
        && ending.len() + 1 < host.len()
        && ending.bytes().all(|byte| byte.is_ascii_lowercase())
        && !host.contains("..")
        && !host.starts_with(['.', '-'])
        && !host.starts_with("www.")
}

/// The registrable domain of a web address, if it may name a company.
pub(crate) fn domain(text: &str, into: &mut String) {
    if let Some(domain) = normalise::domain::plain_domain(text) {
        if !normalise::is_free_mail(domain) {
            into.push_str(domain);
        }
    } else if let Some(domain) = normalise::registrable_domain(text).filter(|domain| !normalise::is_free_mail(domain)) {
        into.push_str(&domain);
    }
}

/// The digits that identify a telephone line.
pub(crate) fn phone(text: &str, into: &mut String) {
    if let Some(key) = normalise::phone::phone_key(text) {
        into.push_str(&key);
    }
}

/// The ISO code of a country, or its folded words.
pub(crate) fn country(text: &str, into: &mut String) {
    match normalise::country_code(text) {
        Some(code) => into.push_str(code),
        None => plain_words(text, into),
    }
}

/// A number, written one way.
pub(crate) fn number(text: &str, into: &mut String) {
    if let Some(number) = normalise::number::number(text) {
        into.push_str(&number.to_string());
    }
}

/// Words of a text, with codes broken by marks also joined.
pub(crate) fn text_key(text: &str, into: &mut String) {
    join(words(text).iter().map(String::as_str).filter(|word| !STOP_WORDS.contains(word)), into);
}

const STOP_WORDS: [&str; 16] =
    ["the", "a", "an", "of", "and", "for", "in", "on", "to", "with", "by", "or", "is", "at", "from", "as"];

/// One name in a list of names: family name and first initial, so that `D. S. Mackay` meets `Mackay, Scott`.
pub(crate) fn list_name(text: &str, into: &mut String) {
    let name = normalise::person_name(text);
    match name.as_slice() {
        [first, .., family] => join([family.as_str(), &first[..1]].into_iter(), into),
        _ => join(name.iter().map(String::as_str), into),
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
