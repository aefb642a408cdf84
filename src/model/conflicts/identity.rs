//! Do the records of one account agree on its name, its domain and its country?

use super::{Evidence, Held};
use crate::chart::conflict::Conflict;
use crate::ident::Surface;
use crate::model::graph_index::EntityNumber;
use crate::model::transform::domains;
use crate::resolve::normalise::{company_name, country_code};

/// `name_mismatch`, `domain_mismatch` and `country_mismatch`: losing values that still differ after normalising, one a source.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<Conflict> {
    let mut found = Vec::new();
    found.extend(losers(evidence, account, "name_mismatch", "name", &names_differ));
    let known = known_domains(evidence, account);
    found.extend(losers(evidence, account, "domain_mismatch", "domain", &|_, other| {
        !known.iter().any(|known| known == other)
    }));
    found.extend(losers(
        evidence,
        account,
        "country_mismatch",
        "country",
        &|one, other| matches!((country_code(one), country_code(other)), (Some(one), Some(other)) if one != other),
    ));
    found
}

/// The surviving value against the best one of each other surface.
fn losers(
    evidence: &Evidence<'_, '_, '_>,
    account: EntityNumber,
    kind: &str,
    field: &str,
    differ: &dyn Fn(&str, &str) -> bool,
) -> Vec<Conflict> {
    let held = evidence.held(account, field);
    let Some(winner) = held.first().filter(|held| held.cell.rank == 0) else { return Vec::new() };
    let value = |held: &Held<'_>| held.cell.source.value(evidence.rows()).text().unwrap_or_default();
    let mine = value(winner);
    Surface::ALL
        .iter()
        .filter(|surface| **surface != winner.surface)
        .filter_map(|surface| Evidence::on(&held, *surface))
        .filter(|other| differ(&mine, &value(other)))
        .map(|other| {
            let (side_a, side_b) = (evidence.side(winner), evidence.side(&other));
            let detail = format!(
                "{field} is {:?} in {} and {:?} in {}",
                side_a.value, side_a.record.source, side_b.value, side_b.record.source
            );
            evidence.about(kind, account, &format!("accounts.{field}"), detail, [Some(side_a), Some(side_b)])
        })
        .collect()
}

/// Every domain on the records of the surface whose domain survived: a second domain that it knows is no disagreement.
fn known_domains(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<String> {
    let held = evidence.held(account, "domain");
    let Some(winner) = held.first() else { return Vec::new() };
    let mut known = Vec::new();
    for member in &evidence.members[account as usize] {
        let rows = evidence.rows().table(member.table);
        if rows.source.surface != winner.surface {
            continue;
        }
        for concept in ["account.website", "account.domain", "account.email"] {
            for &column in rows.columns_of(concept) {
                known.extend(rows.raw(member.row, column).map(domains).unwrap_or_default());
            }
        }
    }
    known
}

/// Whether two company names have no telling word in common; a former or trading name written beside one of them counts as its own,
/// and a name that is a domain is taken without its suffix.
fn names_differ(one: &str, other: &str) -> bool {
    let all = |text: &str| -> Vec<Vec<String>> {
        let bare = if text.contains(' ') { text } else { text.split('.').next().unwrap_or(text) };
        let name = company_name(bare);
        let mut found: Vec<Vec<String>> =
            name.former.iter().chain(&name.brand).map(|text| company_name(text).core).collect();
        found.push(name.core);
        found.retain(|words| !words.is_empty());
        found
    };
    let (one, other) = (all(one), all(other));
    if one.is_empty() || other.is_empty() {
        return false;
    }
    let related = |one: &[String], other: &[String]| {
        let (joined, other_joined) = (one.concat(), other.concat());
        one.iter().any(|word| other.contains(word)) || joined.contains(&other_joined) || other_joined.contains(&joined)
    };
    !one.iter().any(|one| other.iter().any(|other| related(one, other)))
}
