//! Which domains, memberships and colleagues do the smaller tables name?

use rustc_hash::{FxHashMap, FxHashSet};

use super::Extract;
use super::read::{Liveness, read_rows};
use super::record::{Cell, Field};
use super::words;
use crate::catalog::Role;
use crate::chart::source_map::{SourceEntry, TableEntry};
use crate::error::Result;
use crate::progress::CancelToken;
use crate::resolve::ResolveInput;
use crate::resolve::normalise;

/// The column of values that stand in another table than their record.
pub const ELSEWHERE: u16 = u16::MAX;

/// The team's own domains: those of the configuration, else the one on which most colleagues (CRM users, support
/// agents) have their mailbox.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub fn own_domains(
    input: &ResolveInput<'_>,
    cancel: &CancelToken,
    warnings: &mut Vec<String>,
) -> Result<FxHashSet<String>> {
    let configured: FxHashSet<String> = input
        .config
        .own_domains
        .iter()
        .map(|domain| normalise::registrable_domain(domain).unwrap_or_else(|| domain.to_lowercase()))
        .collect();
    if !configured.is_empty() {
        return Ok(configured);
    }
    let mut counts: FxHashMap<String, u64> = FxHashMap::default();
    let mut all = 0_u64;
    for (_, table) in input.map.tables_of(Role::Owner) {
        let Some(column) = table.column_of("owner.email") else { continue };
        read_rows(input.warehouse, table, &[&column.name], cancel, &mut |row| {
            if let Some(mail) = row.get(0).and_then(normalise::email) {
                all += 1;
                if let Some(domain) = words::company_domain(&mail) {
                    *counts.entry(domain).or_default() += 1;
                }
            }
            Ok(())
        })?;
    }
    let best = counts.into_iter().max_by(|one, other| one.1.cmp(&other.1).then_with(|| other.0.cmp(&one.0)));
    let Some((domain, count)) = best.filter(|(_, count)| *count >= 3 && *count * 2 > all) else {
        return Ok(configured);
    };
    warnings.push(format!(
        "own_domains is not set in fourfold.toml: {domain}, the domain of {count} of {all} colleagues, is taken as the \
         team's own"
    ));
    Ok(std::iter::once(domain).collect())
}

/// Adds the rows of domain tables (`organization` to `domain_name`) to their accounts.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub fn domains(input: &ResolveInput<'_>, accounts: &mut Extract<'_>, cancel: &CancelToken) -> Result<()> {
    each_pair(
        input,
        Role::AccountDomain,
        ("account_domain.account_id", "account_domain.domain"),
        cancel,
        &mut |source, _, account, domain| {
            if let Some(record) = accounts.directory.find(&source.id, account) {
                add(accounts, record, Field::Domain, domain);
            }
        },
    )
}

/// Adds the rows of membership tables (`contact` to `company`) to their people.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub fn memberships(input: &ResolveInput<'_>, people: &mut Extract<'_>, cancel: &CancelToken) -> Result<()> {
    each_pair(
        input,
        Role::AccountPerson,
        ("account_person.account_id", "account_person.person_id"),
        cancel,
        &mut |source, _, account, person| {
            if let Some(record) = people.directory.find(&source.id, person) {
                add(people, record, Field::AccountId, account);
            }
        },
    )
}

fn add(extract: &mut Extract<'_>, record: u32, field: Field, value: &str) {
    let cells = &mut extract.records[record as usize].cells;
    if !cells.iter().any(|cell| cell.field == field && cell.value.as_ref() == value) {
        cells.push(Cell { field, column: ELSEWHERE, value: value.into() });
    }
}

/// The rows of every table of a role that holds pairs of ids; only the newest version of a pair, and only living ones.
/// Pairs come sorted, so that the order of rows never matters.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub fn each_pair(
    input: &ResolveInput<'_>,
    role: Role,
    concepts: (&str, &str),
    cancel: &CancelToken,
    each: &mut dyn FnMut(&SourceEntry, &TableEntry, &str, &str),
) -> Result<()> {
    for (source, table) in input.map.tables_of(role) {
        let (Some(left), Some(right)) = (table.column_of(concepts.0), table.column_of(concepts.1)) else { continue };
        let mut columns = vec![left.name.as_str(), right.name.as_str()];
        let liveness = Liveness::plan(table, &format!("{role}.deleted"), &mut columns);
        let version = table.version_column.as_deref();
        columns.extend(version);
        let version_at = columns.len() - 1;
        let mut pairs: FxHashMap<(String, String), (Option<String>, bool)> = FxHashMap::default();
        read_rows(input.warehouse, table, &columns, cancel, &mut |row| {
            if let (Some(one), Some(two)) = (row.get(0), row.get(1)) {
                let state = (version.and_then(|_| row.get(version_at)).map(str::to_owned), !liveness.is_deleted(row));
                pairs
                    .entry((one.to_owned(), two.to_owned()))
                    .and_modify(|kept| {
                        if state > *kept {
                            kept.clone_from(&state);
                        }
                    })
                    .or_insert(state);
            }
            Ok(())
        })?;
        let mut living: Vec<(String, String)> =
            pairs.into_iter().filter(|(_, (_, alive))| *alive).map(|(pair, _)| pair).collect();
        living.sort();
        for (one, two) in &living {
            each(source, table, one, two);
        }
    }
    Ok(())
}
