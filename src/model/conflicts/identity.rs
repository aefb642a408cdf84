//! Do the records of one account agree on its name, its domain and its country?

use super::{Evidence, Held};
use crate::chart::conflict::Conflict;
use crate::ident::Surface;
use crate::model::graph_index::EntityNumber;
use crate::resolve::normalise::{company_name, country_code};

/// `name_mismatch`, `domain_mismatch` and `country_mismatch`: losing values that still differ after normalising, one a source.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<Conflict> {
    let mut found = Vec::new();
    found.extend(losers(evidence, account, "name_mismatch", "name", &names_differ));
    found.extend(losers(evidence, account, "domain_mismatch", "domain", &|one, other| one != other));
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

/// Whether the telling words of two company names differ, each having one that the other lacks; a former or trading name written
/// beside one of them counts as its own.
fn names_differ(one: &str, other: &str) -> bool {
    let (one, other) = (company_name(one), company_name(other));
    let within = |few: &[String], many: &[String]| few.iter().all(|word| many.contains(word));
    if within(&one.core, &other.core) || within(&other.core, &one.core) {
        return false;
    }
    let joined = |words: &[String]| words.concat();
    if joined(&one.core) == joined(&other.core) {
        return false;
    }
    let also = |name: &crate::resolve::normalise::CompanyName| -> Vec<Vec<String>> {
        name.former.iter().chain(&name.brand).map(|text| company_name(text).core).collect()
    };
    !also(&one).iter().any(|core| within(core, &other.core) || within(&other.core, core))
        && !also(&other).iter().any(|core| within(core, &one.core) || within(&one.core, core))
}
