//! Who belongs to an account, and what do their mailboxes say about it?
//!
//! People carry their company's domain, and two accounts that list the same person may be one. Both are weaker than
//! what the account says of itself: an agency's people stand on all of its clients' accounts.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::units::Units;
use super::{Hint, HintClass, Hints};
use crate::resolve::extract::Extract;
use crate::resolve::extract::record::Field;
use crate::resolve::extract::words::{company_domain, domains_of, mails_of, name_key};
use crate::resolve::normalise::{self, Email};

/// A domain on which this many companies of unlike names have mailboxes belongs to none of them.
const UNLIKE_ON_A_MAIL_DOMAIN: usize = 3;

/// The same for domains that accounts name as their own: site builders, social networks.
const UNLIKE_ON_A_WEB_DOMAIN: usize = 6;

/// A mailbox on more accounts than this ties none of them.
const MOST_ACCOUNTS: usize = 8;

/// Domains of each account unit by where they stand.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Domains {
    /// Named by the account as its own.
    pub own: Vec<String>,
    /// Of the account's own mailboxes.
    pub mail: Vec<String>,
    /// Of most of its people.
    pub staff: Vec<String>,
}

/// What people and mailboxes say about accounts.
#[derive(Debug, Default)]
pub struct Staff {
    /// The domains of each unit.
    pub domains: Vec<Domains>,
    /// Domains on which unlike companies meet; they tie nobody.
    pub shared_domains: FxHashSet<String>,
    /// The mailboxes that stand on each account unit: its own and those of its people.
    mails: Vec<Vec<String>>,
}

impl Staff {
    /// Gathers what the records say. The team's own people stand on customers' accounts too, and say nothing there.
    #[must_use]
    pub fn of(accounts: &Extract<'_>, units: &Units, people: &Extract<'_>, own_domains: &FxHashSet<String>) -> Self {
        let mut staff = Self {
            domains: vec![Domains::default(); units.len()],
            shared_domains: FxHashSet::default(),
            mails: vec![Vec::new(); units.len()],
        };
        let mut counted: Vec<BTreeMap<String, u32>> = vec![BTreeMap::new(); units.len()];
        let ours = |mail: &Email| normalise::registrable_domain(&mail.domain).is_some_and(|d| own_domains.contains(&d));
        for record in people.records.iter().filter(|record| !record.internal) {
            let source = &people.tables[record.table as usize].source.id;
            let accounts_named = record.values(Field::AccountId).chain(record.values(Field::ConvertedAccountId));
            for account in accounts_named.filter_map(|id| accounts.directory.find(source, id)) {
                let unit = units.of_record[account as usize] as usize;
                for mail in mails_of(record) {
                    if let Some(domain) = company_domain(&mail) {
                        *counted[unit].entry(domain).or_default() += 1;
                    }
                    staff.mails[unit].push(mail.canonical());
                }
            }
        }
        for (unit, members) in units.members.iter().enumerate() {
            let domains = &mut staff.domains[unit];
            for record in members.iter().map(|member| &accounts.records[*member as usize]) {
                let web = record.values(Field::Website).chain(record.values(Field::Domain));
                domains.own.extend(web.filter_map(normalise::registrable_domain));
                for mail in mails_of(record).filter(|mail| record.internal || !ours(mail)) {
                    domains.mail.extend(company_domain(&mail));
                    staff.mails[unit].push(mail.canonical());
                }
            }
            let all: u32 = counted[unit].values().sum();
            domains.staff.extend(counted[unit].iter().filter(|(_, count)| **count * 2 > all).map(|(d, _)| d.clone()));
            for list in [&mut domains.own, &mut domains.mail, &mut staff.mails[unit]] {
                list.sort_unstable();
                list.dedup();
            }
            domains.own.retain(|domain| !normalise::is_free_mail(domain));
        }
        staff.shared_domains = shared_domains(accounts, units, &staff.domains);
        staff
    }

    /// The domains by which a unit is compared: its own; those of its mailboxes and people only where it has none, or
    /// where they are made of its name.
    #[must_use]
    pub fn telling_domains<'a>(&'a self, unit: u32, names: &[String]) -> Vec<&'a str> {
        let domains = &self.domains[unit as usize];
        let tells = |domain: &&String| !self.shared_domains.contains(domain.as_str());
        let mut found: Vec<&str> = domains.own.iter().filter(tells).map(String::as_str).collect();
        let own = !found.is_empty();
        for list in [&domains.mail, &domains.staff] {
            let alone = found.is_empty();
            for domain in list.iter().filter(tells) {
                if (alone && !own) || names.iter().any(|name| is_made_of(domain, name)) {
                    found.push(domain);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Accounts that list the same mailboxes.
    #[must_use]
    pub fn hints(&self, accounts: &Extract<'_>, units: &Units) -> Hints {
        let mut holders: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (unit, mails) in self.mails.iter().enumerate() {
            for mail in mails {
                holders.entry(mail).or_default().push(unit as u32);
            }
        }
        let source = |unit: u32| accounts.table(units.survivor(unit)).source.id.as_str();
        // How many mailboxes two units share, and how many of those stand on several accounts of one source.
        let mut shared: BTreeMap<(u32, u32), (u32, u32)> = BTreeMap::new();
        for units_with in holders.values().filter(|list| list.len() > 1 && list.len() <= MOST_ACCOUNTS) {
            let mut sources: Vec<&str> = units_with.iter().map(|unit| source(*unit)).collect();
            sources.sort_unstable();
            let before = sources.len();
            sources.dedup();
            let roams = sources.len() < before;
            for (at, one) in units_with.iter().enumerate() {
                for other in &units_with[at + 1..] {
                    let count = shared.entry((*one, *other)).or_default();
                    if roams { count.1 += 1 } else { count.0 += 1 }
                }
            }
        }
        let class = |count: &str, doubtful| HintClass {
            name: "shared people",
            detail: format!("{count} listed on both"),
            doubtful,
            declared: false,
            given: None,
        };
        let classes = vec![
            class("one mailbox is", false),
            class("several mailboxes are", false),
            class("mailboxes that other accounts list too are", true),
        ];
        let hints = shared
            .into_iter()
            .map(|((left, right), (clean, roaming))| {
                let class = match (clean, roaming) {
                    (0, _) => 2,
                    (1, _) => 0,
                    _ => 1,
                };
                Hint { left, right, class }
            })
            .collect();
        Hints { classes, hints }
    }
}

/// Whether a domain's label and a company's distinguishing words begin alike: `acmegroup.com` and `Acme`.
#[must_use]
pub fn is_made_of(domain: &str, name_key: &str) -> bool {
    let label: String = domain.split('.').next().unwrap_or(domain).chars().filter(|c| c.is_alphanumeric()).collect();
    let squeezed: String = name_key.chars().filter(|c| c.is_alphanumeric()).collect();
    let first = name_key.split(' ').next().unwrap_or(name_key);
    if label.len() < 3 || squeezed.len() < 3 {
        return !label.is_empty() && label == squeezed;
    }
    label.starts_with(&squeezed) || squeezed.starts_with(&label) || (first.len() >= 4 && label.starts_with(first))
}

/// The domains on which companies of unlike names meet in one source.
fn shared_domains(accounts: &Extract<'_>, units: &Units, domains: &[Domains]) -> FxHashSet<String> {
    // For each domain and source: the first words of the names found on it, with whether it was ever a web address.
    let mut found: FxHashMap<(&str, &str), (FxHashSet<String>, FxHashSet<String>)> = FxHashMap::default();
    for (unit, of) in domains.iter().enumerate() {
        let record = &accounts.records[units.survivor(unit as u32) as usize];
        let source = accounts.tables[record.table as usize].source.id.as_str();
        let Some(name) = record.first(Field::Name).map(name_key) else { continue };
        let Some(first) = name.split(' ').next().filter(|word| !word.is_empty()) else { continue };
        for (list, web) in [(&of.own, true), (&of.mail, false), (&of.staff, false)] {
            for domain in list.iter().filter(|domain| !is_made_of(domain, &name)) {
                let slot = found.entry((source, domain)).or_default();
                if web {
                    slot.0.insert(first.to_owned())
                } else {
                    slot.1.insert(first.to_owned())
                };
            }
        }
    }
    found
        .into_iter()
        .filter(|(_, (web, mail))| {
            web.len() >= UNLIKE_ON_A_WEB_DOMAIN
                || web.union(mail).count() >= UNLIKE_ON_A_MAIL_DOMAIN && !mail.is_empty()
        })
        .map(|((_, domain), _)| domain.to_owned())
        .collect()
}

/// Every domain a record itself carries, for relations by domain.
pub fn record_domains(extract: &Extract<'_>, record: u32) -> impl Iterator<Item = String> {
    domains_of(&extract.records[record as usize]).filter(|domain| !normalise::is_free_mail(domain))
}
