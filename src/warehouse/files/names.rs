//! What are the columns and tables of a file called in the warehouse?

use rustc_hash::FxHashSet;

use crate::ident::short_hash;
use crate::warehouse::Dialect;

/// Gives every column a name that is not empty, not taken (whatever its case) and not longer than the engine keeps. Says
/// what was changed.
pub(super) fn columns(raw: &[String], dialect: Dialect) -> (Vec<String>, Vec<String>) {
    let (mut taken, mut names, mut notes) = (FxHashSet::default(), Vec::with_capacity(raw.len()), Vec::new());
    for (index, raw) in raw.iter().enumerate() {
        let trimmed = raw.trim().trim_start_matches('\u{feff}').replace('\0', "");
        let wanted = if trimmed.is_empty() { format!("column_{}", index + 1) } else { trimmed };
        let name = free(&fitting(&wanted, dialect), dialect, &mut taken);
        if name != *raw {
            notes.push(format!("column {} `{}` is called `{name}`", index + 1, raw.trim()));
        }
        names.push(name);
    }
    (names, notes)
}

/// The name itself, or with `_2`, `_3` ... when it is taken.
pub(super) fn free(wanted: &str, dialect: Dialect, taken: &mut FxHashSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        let suffix = format!("_{number}");
        let room = dialect.longest_name().map_or(usize::MAX, |longest| longest - suffix.len());
        name = format!("{}{suffix}", cut(wanted, room));
        number += 1;
    }
    name
}

/// A name that the engine keeps whole: longer ones end in a hash, so that two stay two.
pub(super) fn fitting(name: &str, dialect: Dialect) -> String {
    // PostgreSQL gives every table these columns.
    let system = matches!(name, "ctid" | "xmin" | "xmax" | "cmin" | "cmax" | "tableoid");
    if dialect == Dialect::Postgres && system {
        return format!("{name}_");
    }
    match dialect.longest_name() {
        Some(longest) if name.len() > longest => {
            format!("{}_{}", cut(name, longest - 9), &short_hash(name)[..8])
        }
        _ => name.to_owned(),
    }
}

fn cut(name: &str, bytes: usize) -> &str {
    &name[..name.floor_char_boundary(bytes)]
}

/// Whether a column of that name holds keys, codes or numbers that are dialled, and so stays text: `Id`, `account_id`,
/// `userid`, `PostalCode`, `phone_number`, `external_ref`.
pub(super) fn is_key(name: &str) -> bool {
    const WORDS: [&str; 40] = [
        "id",
        "ids",
        "key",
        "keys",
        "uuid",
        "guid",
        "code",
        "codes",
        "zip",
        "zipcode",
        "postal",
        "postcode",
        "phone",
        "phones",
        "mobile",
        "fax",
        "tel",
        "telephone",
        "msisdn",
        "iban",
        "bic",
        "swift",
        "vat",
        "ein",
        "tin",
        "ssn",
        "duns",
        "siren",
        "siret",
        "sku",
        "ref",
        "reference",
        "external",
        "token",
        "hash",
        "serial",
        "pk",
        "fk",
        "sfid",
        "vatin",
    ];
    const OWNERS: [&str; 24] = [
        "user",
        "account",
        "acct",
        "org",
        "organization",
        "organisation",
        "customer",
        "client",
        "contact",
        "company",
        "person",
        "ticket",
        "invoice",
        "subscription",
        "product",
        "order",
        "object",
        "record",
        "parent",
        "owner",
        "member",
        "session",
        "device",
        "group",
    ];
    let words = words(name);
    let last_is_number =
        words.len() > 1 && words.last().is_some_and(|word| matches!(word.as_str(), "number" | "no" | "nr" | "num"));
    last_is_number
        || words.iter().any(|word| {
            WORDS.contains(&word.as_str())
                || word.strip_suffix("id").is_some_and(|owner| OWNERS.contains(&owner))
                || word.strip_suffix("number").is_some_and(|owner| OWNERS.contains(&owner) || owner == "phone")
        })
}

/// The words of `snake_case`, `camelCase`, `PascalCase` and `kebab-case`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for (place, character) in name.char_indices() {
        let next_is_lower = name[place + character.len_utf8()..].chars().next().is_some_and(char::is_lowercase);
        let boundary = character.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && next_is_lower);
        if !character.is_alphanumeric() || boundary {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}
