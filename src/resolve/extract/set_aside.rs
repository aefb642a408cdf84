//! Which rows take no part: excluded by the team, tests, and the team's own people?

use rustc_hash::FxHashSet;

use super::read::{TextRow, is_false};
use super::record::{Aside, Cell, Field, ReadTable, Record};
use super::words;
use crate::chart::source_map::TableEntry;
pub use crate::config::stated::fits as like;
use crate::config::{Config, Exclusion, Unkeyed};
use crate::ident::{EntityKind, Surface};
use crate::resolve::normalise;

/// The exclusions of `fourfold.toml`; for a table, with the positions of the columns to look at.
#[derive(Debug, Default)]
pub struct Exclusions {
    rules: Vec<Exclusion>,
    /// Position in the list of columns, pattern.
    checks: Vec<(usize, String)>,
}

impl Exclusions {
    /// Takes the rules of the configuration.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { rules: config.exclude.clone(), checks: Vec::new() }
    }

    /// The rules that speak of this table, with their columns added to the list of those to read.
    #[must_use]
    pub fn for_table<'map>(&self, source: &str, table: &'map TableEntry, columns: &mut Vec<&'map str>) -> Self {
        let mut checks = Vec::new();
        for rule in &self.rules {
            let source_fits = rule.source.as_deref().is_none_or(|name| name == source);
            let table_fits = rule.table.as_deref().is_none_or(|name| name == table.name.table);
            if !source_fits || !table_fits {
                continue;
            }
            for column in &table.columns {
                if column.name == rule.field || column.concept.as_deref() == Some(rule.field.as_str()) {
                    for pattern in rule.patterns() {
                        checks.push((columns.len(), pattern));
                    }
                    columns.push(&column.name);
                }
            }
        }
        Self { rules: Vec::new(), checks }
    }

    /// Whether a rule excludes the row.
    #[must_use]
    pub fn hit(&self, row: &TextRow<'_>) -> bool {
        self.checks.iter().any(|(position, pattern)| {
            row.get(*position).is_some_and(|value| like(value.trim().to_lowercase().as_str(), pattern))
        })
    }
}

/// Takes values away that the team declared to be no evidence, so that nothing is found or joined by them. The model still shows them.
pub fn ignore(records: &mut [Record], tables: &[ReadTable<'_>], rules: &[Unkeyed]) {
    if rules.is_empty() {
        return;
    }
    for record in records {
        let table = &tables[record.table as usize];
        let mine: Vec<&Unkeyed> = rules
            .iter()
            .filter(|rule| rule.source.as_deref().is_none_or(|name| name == table.source.id.as_str()))
            .filter(|rule| rule.table.as_deref().is_none_or(|name| name == table.entry.name.table))
            .collect();
        if !mine.is_empty() {
            record.cells.retain(|cell| !mine.iter().any(|rule| is_ignored(rule, cell)));
        }
    }
}

/// A rule about domains takes every address there too; a rule about a column takes the ids it lists.
fn is_ignored(rule: &Unkeyed, cell: &Cell) -> bool {
    let listed = |value: &str| rule.values.iter().any(|known| known.trim().eq_ignore_ascii_case(value));
    match cell.field {
        Field::Website | Field::Domain | Field::Email if rule.field.starts_with("account.") => {
            let domain = normalise::registrable_domain(&cell.value);
            domain.is_some_and(|domain| listed(&domain)) || listed(cell.value.trim())
        }
        Field::Identifier if !rule.field.starts_with("account.") => listed(cell.value.trim()),
        _ => false,
    }
}

/// Marks the records of the team itself, and sets test records aside. Returns how many it set aside.
pub fn mark(
    records: &mut [Record],
    tables: &[ReadTable<'_>],
    own_domains: &FxHashSet<String>,
    live_mixed: &[bool],
) -> u64 {
    let mut tests = 0;
    for record in records {
        let table = &tables[record.table as usize];
        let mixed = live_mixed.get(record.table as usize).copied().unwrap_or(false);
        record.internal = is_internal(record, table.source.surface, own_domains);
        if is_test(record, table.kind, mixed) {
            record.aside = Some(Aside::Test);
            tests += 1;
        } else if table.kind == EntityKind::Person && is_function(record) {
            record.aside = Some(Aside::Function);
        }
    }
    tests
}

/// A colleague: a mailbox on an own domain, or an agent of the support desk (elsewhere an admin is a customer's).
fn is_internal(record: &Record, surface: Surface, own_domains: &FxHashSet<String>) -> bool {
    let colleague = surface == Surface::Support
        && record
            .values(Field::Role)
            .any(|role| ["agent", "admin", "owner", "light-agent"].iter().any(|word| role.eq_ignore_ascii_case(word)));
    colleague || words::own_columns_domains(record).any(|domain| own_domains.contains(&domain))
}

/// Whether a person's record stands for a function: nothing but role mailboxes, and nobody's name.
fn is_function(record: &Record) -> bool {
    let mut mails = words::mails_of(record).peekable();
    if mails.peek().is_none() || !mails.all(|mail| words::is_role(&mail)) {
        return false;
    }
    record.person_name().is_none_or(|name| {
        let words = normalise::person_name(&name);
        words.len() < 2 || words.iter().any(|word| normalise::is_role_mailbox(word))
    })
}

fn is_test(record: &Record, kind: EntityKind, live_mixed: bool) -> bool {
    if live_mixed && record.first(Field::LiveMode).is_some_and(is_false) {
        return true;
    }
    let named = match kind {
        EntityKind::Account => record.values(Field::Name).any(is_test_name),
        EntityKind::Person => false,
    };
    named || words::domains_of(record).any(|domain| is_test_domain(&domain))
}

/// Domains that are reserved for examples and tests (RFC 2606, RFC 6761).
fn is_test_domain(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or(domain);
    ["test", "invalid", "localhost"].contains(&last)
        || ["example.com", "example.org", "example.net"].iter().any(|reserved| {
            domain == *reserved || domain.strip_suffix(reserved).is_some_and(|head| head.ends_with('.'))
        })
}

/// Whether every word of a name is one that people give to test records, and at least one says so outright.
#[must_use]
pub fn is_test_name(name: &str) -> bool {
    const OUTRIGHT: &[&str] = &["test", "tests", "testing", "dummy", "sandbox", "demo", "asdf", "qa", "staging"];
    const FILLING: &[&str] = &[
        "account",
        "accounts",
        "company",
        "customer",
        "org",
        "organization",
        "organisation",
        "tenant",
        "do",
        "not",
        "use",
        "delete",
        "me",
        "please",
        "internal",
        "only",
        "for",
        "the",
        "my",
        "a",
        "user",
        "workspace",
        "team",
        "inc",
        "data",
        "env",
        "environment",
        "record",
        "ignore",
        "this",
        "new",
        "old",
        "foo",
        "bar",
        "dev",
    ];
    let lower = name.to_lowercase();
    let mut outright = false;
    for word in lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        if OUTRIGHT.contains(&bare) {
            outright = true;
        } else if !bare.is_empty() && !FILLING.contains(&bare) {
            return false;
        }
    }
    outright || lower.contains("do not use")
}
