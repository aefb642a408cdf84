//! How is any text folded so that case, accents and scripts stop mattering?

use deunicode::deunicode;
use unicode_normalization::UnicodeNormalization;

/// Folds text: Unicode compatibility forms (NFKC), transliteration to ASCII, lower case, single spaces.
///
/// `"Łódź  ＧＭＢＨ"` becomes `"lodz gmbh"`. Control characters become spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return squeeze(text);
    }
    let compatible: String = text.nfkc().collect();
    squeeze(&deunicode(&compatible))
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending = false;
    for character in text.chars() {
        if character.is_whitespace() || character.is_control() {
            pending = !out.is_empty();
        } else {
            if pending {
                out.push(' ');
                pending = false;
            }
            out.push(character.to_ascii_lowercase());
        }
    }
    out
}

/// The words of a text after [`fold`]: runs of letters and digits.
///
/// Apostrophes vanish (`o'neil` is `oneil`), a dot between single letters vanishes (`b.v.` is `bv`), and everything else
/// that is no letter or digit parts words. HTML entities such as `&#225;` and `&amp;` are read first.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let decoded;
    let text = if text.contains('&') && text.contains(';') {
        decoded = decode_entities(text);
        decoded.as_str()
    } else {
        text
    };
    let folded = fold(text);
    let bytes = folded.as_bytes();
    let mut out: Vec<String> = Vec::new();
    let mut current = String::new();
    for (at, character) in folded.char_indices() {
        match character {
            'a'..='z' | '0'..='9' => current.push(character),
            '\'' | '`' => {}
            '.' if joins_letters(bytes, at) => {}
            '&' | '+' if !(at > 0 && bytes[at - 1].is_ascii_digit()) => {
                take_word(&mut out, &mut current);
                out.push("and".to_owned());
            }
            _ => take_word(&mut out, &mut current),
        }
    }
    take_word(&mut out, &mut current);
    out
}

/// Whether the dot at `at` stands after one single letter (`b.v.`), so that the letters are one word.
pub(super) fn joins_letters(bytes: &[u8], at: usize) -> bool {
    let single_before =
        at > 0 && bytes[at - 1].is_ascii_alphabetic() && (at == 1 || !bytes[at - 2].is_ascii_alphanumeric());
    let single_after = bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
        && bytes.get(at + 2).is_none_or(|next| !next.is_ascii_alphanumeric());
    single_before && single_after
}

fn take_word(out: &mut Vec<String>, current: &mut String) {
    if !current.is_empty() {
        out.push(std::mem::take(current));
    }
}

/// Reads the numeric and the common named HTML entities that exports leave in text.
fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        let end = tail.find(';').filter(|end| *end <= 8);
        if let Some((character, end)) = end.and_then(|end| entity(&tail[..end]).map(|character| (character, end))) {
            out.push(character);
            rest = &tail[end + 1..];
        } else {
            out.push('&');
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix("#x") {
        return u32::from_str_radix(number, 16).ok().and_then(char::from_u32);
    }
    if let Some(number) = name.strip_prefix('#') {
        return number.parse().ok().and_then(char::from_u32);
    }
    let base = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "szlig" => 'ß',
        _ if name.len() > 2 => {
            let mut letters = name.chars();
            let base = letters.next().filter(char::is_ascii_alphabetic);
            let accents = ["acute", "grave", "uml", "circ", "tilde", "cedil", "ring", "slash", "caron"];
            return base.filter(|_| accents.contains(&letters.as_str()));
        }
        _ => return None,
    };
    Some(base)
}
