//! What is one row of an unknown table?

use super::Seen;
use super::column::property_of;
use crate::catalog::Role;
use crate::catalog::dictionary::Dictionary;
use crate::catalog::names::{common_prefixes, table_forms};

/// What a table was taken for.
#[derive(Debug, Clone)]
pub struct Guess {
    /// The role.
    pub role: Role,
    /// 0 to 0.9.
    pub confidence: f64,
    /// The properties of the columns with their confidence, by position.
    pub properties: Vec<Option<(&'static str, f64)>>,
}

/// The best role for a table, when it is confident enough to be used; `noise` are words in the table's name that speak
/// of the source. `has_key` says whether a column names its rows.
#[must_use]
pub fn guess(
    dictionary: &Dictionary,
    name: &str,
    noise: &[String],
    columns: &[Seen<'_>],
    has_key: bool,
) -> Option<Guess> {
    let forms = table_forms(name, noise);
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let prefixes: Vec<String> = common_prefixes(&names).into_iter().take(1).collect();
    let mut best: Option<Guess> = None;
    for words in &dictionary.roles {
        let whole = forms.iter().any(|form| words.tables.contains(form));
        let ends =
            !whole && forms.iter().any(|form| words.tables.iter().any(|word| word.len() > 4 && form.ends_with(word)));
        let properties: Vec<Option<(&'static str, f64)>> =
            columns.iter().map(|column| property_of(dictionary, words.role, *column, &prefixes, &[])).collect();
        let confidence = confidence(words.role, whole, ends, &properties, has_key);
        if confidence >= 0.5 && best.as_ref().is_none_or(|best| confidence > best.confidence) {
            best = Some(Guess { role: words.role, confidence, properties });
        }
    }
    best.map(|mut guess| {
        keep_the_best(&mut guess.properties);
        guess
    })
}

/// How sure we are that a table has a role, from its name and what its columns hold.
fn confidence(role: Role, named: bool, ends: bool, properties: &[Option<(&'static str, f64)>], has_key: bool) -> f64 {
    let has =
        |property: &str| properties.iter().flatten().any(|(own, confidence)| *own == property && *confidence >= 0.5);
    let any = |list: &[&str]| list.iter().filter(|property| has(property)).count();
    let needed = match role {
        Role::Account => has_key && any(&["name", "domain", "website"]) > 0,
        Role::Person => {
            has_key && (has("email") || (has("given_name") && has("family_name")) || (named && has("name")))
        }
        Role::Owner => has_key && named && any(&["email", "name"]) > 0,
        Role::Subscription => {
            has_key && has("account_id") && any(&["status", "plan", "amount", "mrr", "started_at", "period_end"]) > 0
        }
        Role::Invoice => has_key && has("account_id") && any(&["amount", "amount_due", "amount_paid"]) > 0,
        Role::Ticket => has_key && any(&["subject", "status"]) > 0 && any(&["account_id", "person_id", "email"]) > 0,
        Role::Event => {
            any(&["person_id", "account_id", "anonymous_id"]) > 0 && has("at") && (named || ends || has("name"))
        }
        Role::Opportunity => has_key && any(&["stage", "amount"]) > 0 && (has("account_id") || named),
        Role::SubscriptionItem => has("subscription_id") && any(&["quantity", "amount", "mrr", "price_id"]) > 0,
        Role::InvoiceLine => has("invoice_id") && has("amount"),
        Role::Price => has_key && named && has("amount"),
        Role::Product => has_key && named && has("name"),
        Role::AccountDomain => has("account_id") && has("domain") && properties.len() <= 8,
        Role::AccountPerson => has("account_id") && has("person_id") && named,
        _ => false,
    };
    if !needed {
        return 0.0;
    }
    let telling = match role {
        Role::Account => {
            any(&["website", "domain", "industry", "employees", "annual_revenue", "arr", "mrr", "parent_id", "plan"])
        }
        Role::Person => any(&["email", "given_name", "family_name", "title", "account_id", "company_name"]),
        Role::Subscription => any(&["plan", "interval", "period_end", "started_at", "mrr", "quantity", "price_id"]),
        Role::Invoice => any(&["number", "due_at", "issued_at", "amount_due", "paid_at", "currency"]),
        Role::Ticket => any(&["subject", "priority", "solved_at", "assignee_id", "person_id"]),
        Role::Event => any(&["person_id", "name", "properties", "anonymous_id"]),
        Role::Opportunity => any(&["stage", "amount", "closed_at", "account_id"]),
        _ => 1,
    };
    let by_name = if named {
        0.5
    } else if ends {
        0.35
    } else {
        0.24
    };
    let by_columns = 0.14 * (telling.min(3) as f64);
    // Without a name, only columns that speak for themselves are believed.
    if !named && !ends && telling < 2 {
        return 0.0;
    }
    (by_name + by_columns).min(0.88)
}

/// Of several columns with one property the best stay; properties that may be many stay all.
fn keep_the_best(properties: &mut [Option<(&'static str, f64)>]) {
    const MANY: &[&str] = &["email", "domain", "phone", "external_id", "merged_ids", "deleted"];
    let all: Vec<(&'static str, f64)> = properties.iter().flatten().copied().collect();
    for slot in properties.iter_mut() {
        if let Some((property, confidence)) = *slot
            && !MANY.contains(&property)
            && all.iter().any(|(other, more)| *other == property && *more > confidence)
        {
            *slot = None;
        }
    }
}
