//! Where does a source system show a record, and can a hostile key lead anywhere else?
//!
//! A template is an `https` address with places for the team's host, its account and the record's key. Whatever fills a
//! place is checked or encoded so that it can only ever fill that place: a host is a host name, an account is a word,
//! and of a key every character that means something in an address is percent-encoded (RFC 3986, section 2.1).

use std::fmt::Write as _;

use crate::error::{Error, Result};

/// Longer keys are no keys of a system that shows records in a browser.
const LONGEST_KEY: usize = 256;

/// An address with a place for the key; host and account are filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    before: String,
    after: String,
}

impl Address {
    /// Fills host and account into a template; None when the template needs one that is not given.
    ///
    /// # Errors
    /// `Config` when the template is no `https` address with one `{pk}` after its host, or when host or account hold
    /// what they must not.
    pub fn new(template: &str, host: Option<&str>, account: Option<&str>) -> Result<Option<Self>> {
        let wrong = |what: &str| {
            Error::config(format!("the address {template:?} {what}"))
                .hint("addresses look like https://crm.example.com/customers/{pk}")
        };
        let rest = template.strip_prefix("https://").ok_or_else(|| wrong("does not begin with https://"))?;
        let (place, path) = rest.split_once('/').ok_or_else(|| wrong("has no path"))?;
        let Some(place) = filled(place, host, account) else { return Ok(None) };
        let Some(path) = filled(path, host, account) else { return Ok(None) };
        if !is_host(&place) {
            return Err(wrong(&format!("has a host that is none: {place:?}")));
        }
        if account.is_some_and(|account| !is_word(account)) {
            return Err(wrong("has an account that is no word of letters, digits, `-` and `_`"));
        }
        if path.chars().any(|character| character.is_control() || character.is_whitespace()) {
            return Err(wrong("holds blanks or control characters"));
        }
        let (before, after) = path.split_once("{pk}").ok_or_else(|| wrong("has no {pk}"))?;
        if after.contains("{pk}") || before.contains(['{', '}']) || after.contains(['{', '}']) {
            return Err(wrong("may hold {host}, {account} and, once, {pk}"));
        }
        Ok(Some(Self { before: format!("https://{place}/{before}"), after: after.to_owned() }))
    }

    /// The address of a record; None for a key that no address can hold.
    #[must_use]
    pub fn of(&self, key: &str) -> Option<String> {
        // Browsers take a step up for dots, also for encoded ones.
        if key.is_empty() || key.len() > LONGEST_KEY || key.chars().all(|character| character == '.') {
            return None;
        }
        if key.chars().any(char::is_control) {
            return None;
        }
        Some(format!("{}{}{}", self.before, encoded(key), self.after))
    }
}

fn filled(part: &str, host: Option<&str>, account: Option<&str>) -> Option<String> {
    let mut out = part.to_owned();
    for (place, value) in [("{host}", host), ("{account}", account)] {
        if out.contains(place) {
            out = out.replace(place, value?);
        }
    }
    Some(out)
}

/// A host name with at least two labels, and perhaps a port.
#[must_use]
pub fn is_host(text: &str) -> bool {
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253
        && name.contains('.')
        && name.split('.').all(is_label)
        && port.is_none_or(|port| !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A word that can stand in a path.
#[must_use]
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Everything but the unreserved characters as `%XX`.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
