//! What does one column mean in a table whose role is known?

use super::{Seen, share};
use crate::catalog::Role;
use crate::catalog::dictionary::Dictionary;
use crate::catalog::names::{compact, singular, words};
use crate::warehouse::ColumnType;

/// A guess is worth telling from here on.
const FLOOR: f64 = 0.5;

/// The roles to which a property `<word>_id` points.
const TARGETS: &[(&str, Role)] = &[
    ("account_id", Role::Account),
    ("person_id", Role::Person),
    ("owner_id", Role::Owner),
    ("subscription_id", Role::Subscription),
    ("price_id", Role::Price),
    ("product_id", Role::Product),
    ("invoice_id", Role::Invoice),
    ("ticket_id", Role::Ticket),
    ("opportunity_id", Role::Opportunity),
];

/// The property of the role that a column holds, with a confidence; None when it says nothing.
///
/// `prefixes` and `suffixes` are what a team's own columns carry, or what all columns of the table share.
#[must_use]
pub fn property_of(
    dictionary: &Dictionary,
    role: Role,
    column: Seen<'_>,
    prefixes: &[String],
    suffixes: &[String],
) -> Option<(&'static str, f64)> {
    let bare = bare(column.name, prefixes, suffixes);
    let by_name = pointer(dictionary, role, &bare).or_else(|| synonym(dictionary, role, &bare));
    let by_name = by_name.and_then(|(property, confidence)| {
        let confidence = confidence * fitness(role, property, column);
        (confidence >= FLOOR).then_some((property, confidence))
    });
    by_name.or_else(|| by_values(role, column))
}

/// The name without what is common to many columns.
#[must_use]
pub fn bare(name: &str, prefixes: &[String], suffixes: &[String]) -> String {
    let lower = name.to_lowercase();
    let mut bare = lower.as_str();
    if let Some(cut) =
        prefixes.iter().filter_map(|prefix| bare.strip_prefix(prefix.as_str())).min_by_key(|cut| cut.len())
        && !cut.is_empty()
    {
        bare = cut;
    }
    if let Some(cut) =
        suffixes.iter().filter_map(|suffix| bare.strip_suffix(suffix.as_str())).min_by_key(|cut| cut.len())
        && !cut.is_empty()
    {
        bare = cut.trim_end_matches('_');
    }
    bare.to_owned()
}

/// A column that points to a record of another role, such as `kunden_id`.
fn pointer(dictionary: &Dictionary, role: Role, name: &str) -> Option<(&'static str, f64)> {
    let stem = dictionary.key_stem(name)?;
    if stem.is_empty() {
        return None;
    }
    let known = |property: &str| role.properties().iter().find(|own| **own == property).copied();
    for (property, target) in TARGETS {
        let Some(property) = known(property) else { continue };
        let Some(words) = dictionary.of(*target) else { continue };
        // The record's own number is no pointer.
        if *target != role && words.tables.contains(&stem) {
            return Some((property, 0.85));
        }
    }
    None
}

/// A name that the dictionary lists for a property, alone or after the table's own word (`customer_status`).
fn synonym(dictionary: &Dictionary, role: Role, name: &str) -> Option<(&'static str, f64)> {
    let role_words = dictionary.of(role)?;
    let whole = compact(name);
    let parts = words(name);
    let rest = (parts.len() > 1 && role_words.tables.contains(&singular(&parts[0]))).then(|| parts[1..].concat());
    let mut best: Option<(&'static str, f64)> = None;
    for (property, synonyms) in &role_words.columns {
        let Some(property) = role.properties().iter().find(|own| *own == property).copied() else { continue };
        for (rank, synonym) in synonyms.iter().enumerate() {
            let trust = 0.88 - 0.008 * (rank.min(20) as f64);
            let confidence = if *synonym == whole {
                trust
            } else if rest.as_ref() == Some(synonym) {
                trust - 0.05
            } else {
                continue;
            };
            if best.is_none_or(|(_, most)| confidence > most) {
                best = Some((property, confidence));
            }
        }
    }
    best
}

/// What the values say about a guess by name: 1 when they fit or when there are none, less when they do not.
fn fitness(role: Role, property: &str, column: Seen<'_>) -> f64 {
    let numbers: &[&str] = &["integer", "decimal"];
    let days: &[&str] = &["timestamp", "date"];
    let shapes: &[&str] = match property {
        "email" | "owner_email" => &["email"],
        "domain" => &["domain", "url", "json"],
        "website" => &["url", "domain"],
        "amount" | "amount_paid" | "amount_due" | "arr" | "mrr" | "quantity" | "seats" | "interval_count" => numbers,
        "annual_revenue" | "employees" => &["integer", "decimal", "text"],
        _ if property.ends_with("_at") || property.ends_with("_date") || property == "at" => days,
        "period_start" | "period_end" => days,
        "metadata" | "properties" => &["json"],
        "currency" => &["currency_code", "text"],
        "is_won" | "is_closed" | "live_mode" | "paid" | "delinquent" | "active" => &["boolean", "integer"],
        "deleted" => &["boolean", "integer", "timestamp", "date"],
        "name" if role == Role::Account => {
            // A company called 1984 exists; a column full of numbers, e-mails or ids holds no names.
            return share(column.profile, &["integer", "decimal", "email", "uuid", "timestamp", "boolean", "prefix:"])
                .map_or(1.0, |share| if share > 0.5 { 0.4 } else { 1.0 });
        }
        _ => return 1.0,
    };
    match share(column.profile, shapes) {
        None if shapes == numbers || shapes == days => match column.kind {
            ColumnType::Boolean | ColumnType::Json => 0.5,
            _ => 0.9,
        },
        None => 0.9,
        Some(share) if share >= 0.8 => 1.0,
        Some(share) if share >= 0.4 => 0.85,
        // Values may be hashed or masked: doubt, but for the most telling names only doubt.
        Some(_) if property == "email" || property == "domain" || property == "website" => 0.65,
        Some(_) => 0.4,
    }
}

/// What the values alone say.
fn by_values(role: Role, column: Seen<'_>) -> Option<(&'static str, f64)> {
    let has = |property: &str| role.properties().iter().find(|own| **own == property).copied();
    let mostly = |shapes: &[&str]| share(column.profile, shapes).is_some_and(|share| share >= 0.8);
    let enough = column.profile.distinct >= 3;
    if enough && mostly(&["email"]) && matches!(role, Role::Account | Role::Person) {
        return has("email").map(|property| (property, 0.6));
    }
    if enough && mostly(&["url"]) && role == Role::Account && column.profile.distinct * 10 > column.profile.nulls {
        return has("website").map(|property| (property, 0.55));
    }
    if enough && mostly(&["domain"]) && role == Role::Account {
        return has("domain").map(|property| (property, 0.6));
    }
    None
}
