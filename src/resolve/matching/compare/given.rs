//! How far do two given names or two family names agree?

use rapidfuzz::distance::jaro_winkler;

use super::Measure;
use super::slips::slips;
use crate::resolve::matching::intern::{Dictionary, hash_text};
use crate::resolve::normalise::person::are_nicknames;
use std::sync::Arc;

/// Parts of people's names over a dictionary shared by given and family names.
pub(crate) struct NameParts {
    pub(crate) dictionary: Arc<Dictionary>,
}

impl Measure for NameParts {
    fn fetch(&self, value: u32) -> usize {
        self.dictionary.fetch(value)
    }

    fn highest(&self) -> u8 {
        5
    }

    fn level(&self, left: u32, right: u32) -> u8 {
        let (left, right) = (self.dictionary.text(left), self.dictionary.text(right));
        level_of(left, right)
    }

    fn part(&self, value: u32, _number: u8) -> u64 {
        hash_text(sound(self.dictionary.text(value)).as_bytes())
    }
}

/// The first letter and the next three consonant classes (after Soundex, Russell 1918): names that sound alike agree.
pub(crate) fn sound(name: &str) -> String {
    let class = |letter: u8| match letter {
        b'b' | b'f' | b'p' | b'v' | b'w' => b'1',
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => b'2',
        b'd' | b't' => b'3',
        b'l' => b'4',
        b'm' | b'n' => b'5',
        b'r' => b'6',
        _ => b'0',
    };
    let mut out = String::new();
    let mut last = b'0';
    for letter in name.bytes().filter(u8::is_ascii_alphanumeric) {
        let sounds = class(letter);
        if out.is_empty() {
            out.push(char::from(letter));
        } else if sounds != b'0' && sounds != last {
            out.push(char::from(sounds));
        }
        last = sounds;
        if out.len() == 4 {
            break;
        }
    }
    out
}

pub(crate) fn level_of(left: &str, right: &str) -> u8 {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.len() == 1 {
        return if long.starts_with(short) { 3 } else { 1 };
    }
    let slips = slips(short, long, 2);
    if (short.len() >= 3 && slips <= 1) || (short.len() >= 7 && slips <= 2) {
        return 5;
    }
    if short.contains(' ') || long.contains(' ') {
        // Double names: one part is enough to be alike, all parts of the shorter one are close.
        let shared =
            short.split(' ').filter(|part| part.len() > 1 && long.split(' ').any(|other| other == *part)).count();
        let parts = short.split(' ').count();
        if shared > 0 {
            return if shared == parts { 5 } else { 2 };
        }
        if short.replace(' ', "") == long.replace(' ', "") {
            return 5;
        }
    }
    if are_nicknames(short, long) {
        return 5;
    }
    let alike = jaro_winkler::similarity(short.bytes(), long.bytes());
    if alike >= 0.9 {
        5
    } else if alike >= 0.8 {
        2
    } else {
        1
    }
}
