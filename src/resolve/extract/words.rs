//! How are ids, domains and mailboxes of records written, so that equal ones are equal?

use super::metadata::FIRST_KEY;
use super::record::{Field, Record};
use crate::resolve::normalise::{self, Email};

/// An id as all systems that quote it agree to write it: without blanks, quotes and braces, Salesforce ids in their
/// 18 character form, UUIDs in lower case, whole numbers without `.0`. None for what can be no id.
#[must_use]
pub fn canonical_id(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'', '{', '}', '<', '>']);
    let text = text.strip_suffix(".0").filter(|head| head.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(text);
    if text.is_empty() || text.len() > 256 || text.chars().any(char::is_control) {
        return None;
    }
    if let Some(id) = normalise::salesforce_id_18(text) {
        return Some(id);
    }
    Some(if is_uuid(text) { text.to_ascii_lowercase() } else { text.to_owned() })
}

/// An id quoted as a link, such as `https://example.my.salesforce.com/0015500000Xyy06`: its last long part.
#[must_use]
pub fn id_in_link(text: &str) -> Option<&str> {
    let (_, path) = text.split_once("://")?;
    path.split(['/', '?', '=', '&', '#']).skip(1).filter(|part| part.len() >= 8 && !part.contains('.')).last()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether an id is long and odd enough that two systems do not use it for two things by chance.
#[must_use]
pub fn is_distinctive(id: &str) -> bool {
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    let letters = id.bytes().filter(u8::is_ascii_alphabetic).count();
    if letters == 0 { digits >= 9 } else { id.len() >= 6 && digits >= 2 }
}

/// The registrable domains of a record's own web addresses and mailboxes.
pub fn domains_of(record: &Record) -> impl Iterator<Item = String> {
    record
        .cells
        .iter()
        .filter(|cell| matches!(cell.field, Field::Website | Field::Domain | Field::Email))
        .filter_map(|cell| normalise::registrable_domain(&cell.value))
}

/// The same without what free JSON says: who is mentioned there need not be the record.
pub fn own_columns_domains(record: &Record) -> impl Iterator<Item = String> {
    record
        .cells
        .iter()
        .filter(|cell| matches!(cell.field, Field::Website | Field::Domain | Field::Email) && cell.column < FIRST_KEY)
        .filter_map(|cell| normalise::registrable_domain(&cell.value))
}

/// The mailboxes of a record, taken apart. Several in one value (`a@x.com; b@x.com`) are all read.
pub fn mails_of(record: &Record) -> impl Iterator<Item = Email> {
    record
        .values(Field::Email)
        .flat_map(|value| value.split([',', ';', ' ']).filter(|part| part.contains('@')).filter_map(normalise::email))
}

/// Whether a mailbox belongs to a function instead of a person.
#[must_use]
pub fn is_role(mail: &Email) -> bool {
    normalise::is_role_mailbox(&mail.local)
}

/// The registrable domain of a mailbox, unless anyone can have one there.
#[must_use]
pub fn company_domain(mail: &Email) -> Option<String> {
    normalise::registrable_domain(&mail.domain).filter(|domain| !normalise::is_free_mail(domain))
}

/// The part of a company name that tells it from others: folded, without legal form, region and former name.
#[must_use]
pub fn name_key(name: &str) -> String {
    normalise::company_name(name).text()
}
