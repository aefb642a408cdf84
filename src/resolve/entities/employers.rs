//! What speaks against two people of one name being one person?
//!
//! The mailbox of a person is made of the name, so two namesakes at two companies agree twice and are still two people.
//! Where neither company nor mail host joins them, the agreement of their mailboxes is no second witness, and working for
//! two companies speaks against them.

use rustc_hash::FxHashMap;

use crate::resolve::evidence::units::Units;
use crate::resolve::extract::Extract;
use crate::resolve::extract::words::{company_domain, is_role, mails_of};
use crate::resolve::waterfall::Waterfall;

/// How often one person is found at two companies: bits.
const TWO_COMPANIES: f64 = -5.0;

/// Nothing says where one of them works: a name alone is not enough.
const UNKNOWN_COMPANY: f64 = -4.0;

/// Where the people of each unit work and have their mail.
#[derive(Debug)]
pub struct Employers<'a> {
    account: &'a [Option<u32>],
    /// Sorted numbers of whole mailboxes, of hosts, and of those hosts that are companies' own.
    mails: Vec<Vec<u32>>,
    hosts: Vec<Vec<u32>>,
    companies: Vec<Vec<u32>>,
}

impl<'a> Employers<'a> {
    /// Gathers them; `account` is the account of each unit.
    #[must_use]
    pub fn of(extract: &Extract<'_>, units: &Units, account: &'a [Option<u32>]) -> Self {
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let mut number = |text: String| {
            let next = numbers.len() as u32;
            *numbers.entry(text).or_insert(next)
        };
        let mut found = Self { account, mails: Vec::new(), hosts: Vec::new(), companies: Vec::new() };
        for members in &units.members {
            let (mut mails, mut hosts, mut companies) = (Vec::new(), Vec::new(), Vec::new());
            for record in members {
                for mail in mails_of(&extract.records[*record as usize]).filter(|mail| !is_role(mail)) {
                    mails.push(number(mail.canonical()));
                    hosts.push(number(mail.domain.clone()));
                    companies.extend(company_domain(&mail).map(&mut number));
                }
            }
            for list in [&mut mails, &mut hosts, &mut companies] {
                list.sort_unstable();
                list.dedup();
            }
            found.mails.push(mails);
            found.hosts.push(hosts);
            found.companies.push(companies);
        }
        found
    }

    /// What speaks against two units; `explain` gives the bars of what was compared.
    #[must_use]
    pub fn against(
        &self,
        one: u32,
        other: u32,
        explain: &dyn Fn() -> Waterfall,
    ) -> Option<(&'static str, String, f64)> {
        let (left, right) = (one as usize, other as usize);
        let accounts = (self.account[left], self.account[right]);
        let same_account = accounts.0.is_some() && accounts.0 == accounts.1;
        let two_accounts = matches!(accounts, (Some(one), Some(other)) if one != other);
        if same_account || meet(&self.mails[left], &self.mails[right]) {
            return None;
        }
        if meet(&self.companies[left], &self.companies[right]) {
            return None;
        }
        if meet(&self.hosts[left], &self.hosts[right]) {
            return two_accounts.then(|| ("company", "other company".to_owned(), TWO_COMPANIES));
        }
        let both_write = !self.mails[left].is_empty() && !self.mails[right].is_empty();
        let echoed: f64 = if both_write {
            explain().bars.iter().filter(|bar| bar.comparison == "email").map(|bar| bar.weight.max(0.0)).sum()
        } else {
            0.0
        };
        let two_companies = two_accounts || !self.companies[left].is_empty() && !self.companies[right].is_empty();
        let (detail, weight) = if two_companies {
            ("other company, and mailboxes are made of names", TWO_COMPANIES)
        } else {
            ("no company in common, and mailboxes are made of names", UNKNOWN_COMPANY)
        };
        Some(("company", detail.to_owned(), weight - echoed))
    }
}

/// Whether two sorted lists share an element.
fn meet(one: &[u32], other: &[u32]) -> bool {
    one.iter().any(|element| other.binary_search(element).is_ok())
}
