//! What do the keys of each system look like?

use super::dice::Dice;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The six last places of a Salesforce id.
const SPACE: u64 = 62 * 62 * 62 * 62 * 62 * 62;
/// Coprime to 62, so that stepping by it visits every id once, in an order that says nothing.
const STEP: u64 = 35_184_372_089;

/// Hands out keys that never repeat and whose order says nothing about who owns them.
#[derive(Debug)]
pub(super) struct Keys {
    start: u64,
    given: u64,
}

impl Keys {
    /// Keys under a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self { start: Dice::new(seed, "keys", 0).between(0, 1 << 31) as u64, given: 0 }
    }

    fn next(&mut self) -> u64 {
        self.given += 1;
        self.given
    }

    /// An 18-character Salesforce id; the prefix names the object (001 account, 003 contact ...).
    pub(super) fn salesforce(&mut self, prefix: &str) -> String {
        let mut number = (self.start + self.next() * STEP) % SPACE;
        let mut tail = [b'0'; 6];
        for place in tail.iter_mut().rev() {
            *place = DIGITS[(number % 62) as usize];
            number /= 62;
        }
        let short = format!("{prefix}5g0000{}", String::from_utf8_lossy(&tail));
        let check = checksum(&short);
        short + &check
    }

    /// A Zendesk id: twelve digits.
    pub(super) fn zendesk(&mut self) -> String {
        format!("36{:010}", self.number(9_999_999_967))
    }

    /// A number below `room`, given once as long as the step and the room have no divisor in common.
    pub(super) fn number(&mut self, room: u64) -> u64 {
        (self.start + self.next() * 6_180_339_887) % room
    }
}

/// The three letters that make a 15-character Salesforce id safe to compare without case: each of the three blocks of
/// five characters gives one letter, whose bits say which of the five are capitals.
pub(super) fn checksum(short: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    short
        .as_bytes()
        .chunks(5)
        .map(|block| {
            let bits =
                block.iter().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase()).map(|(bit, _)| 1 << bit).sum();
            let bits: usize = bits;
            char::from(LETTERS[bits & 31])
        })
        .collect()
}

/// The 15-character form that reports and old exports carry.
pub(super) fn short_form(id: &str) -> String {
    id.chars().take(15).collect()
}
