//! Does one account live on several domains?

use super::Evidence;
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::model::graph_index::EntityNumber;
use crate::model::source_rows::CellRef;
use crate::model::transform::domains;
use crate::resolve::normalise::{is_free_mail, registrable_domain};

/// `many_domains`: records of one account name domains of their own, each of which would part the account for whoever joins by domain.
/// Those that are reported as a mismatch already are not reported twice.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>, account: EntityNumber, known: &[Conflict]) -> Option<Conflict> {
    let rows = evidence.rows();
    let mut found: Vec<(String, CellRef)> = Vec::new();
    let mut add = |domain: String, cell: CellRef| {
        if !is_free_mail(&domain) && !found.iter().any(|(known, _)| *known == domain) {
            found.push((domain, cell));
        }
    };
    for member in evidence.members[account as usize].iter().filter(|member| !member.dead) {
        let table = rows.table(member.table);
        for concept in ["account.website", "account.domain"] {
            for &column in table.columns_of(concept) {
                let cell = CellRef { table: member.table, row: member.row, column };
                for domain in table.raw(member.row, column).map(domains).unwrap_or_default() {
                    add(domain, cell);
                }
            }
        }
        for &column in table.columns_of("account.email") {
            let cell = CellRef { table: member.table, row: member.row, column };
            let mail = table.raw(member.row, column).and_then(|text| text.trim().rsplit_once('@'));
            if let Some(domain) = mail.and_then(|(_, domain)| registrable_domain(domain)) {
                add(domain, cell);
            }
        }
        for (place, row) in rows.children(&table.source.id, Role::AccountDomain, table.key(member.row)) {
            let of = rows.table(place);
            for &column in of.columns_of("account_domain.domain") {
                for domain in of.raw(row, column).map(domains).unwrap_or_default() {
                    add(domain, CellRef { table: place, row, column });
                }
            }
        }
    }
    let [(_, first), (_, second), ..] = found.as_slice() else { return None };
    if known.iter().any(|conflict| conflict.kind == "domain_mismatch") {
        return None;
    }
    let listed: Vec<&str> = found.iter().map(|(domain, _)| domain.as_str()).take(5).collect();
    let detail = format!("{} has {} domains: {}", evidence.name(account), found.len(), listed.join(", "));
    let sides = [Some(evidence.side_of(*first)), Some(evidence.side_of(*second))];
    let mut conflict = evidence.about("many_domains", account, "accounts.domains", detail, sides);
    // Also when one more comes in, it is the same conflict.
    conflict.id = format!(
        "c{}",
        crate::ident::short_hash(&format!(
            "many_domains\u{1f}{}",
            conflict.entity.as_ref().map_or("", |id| id.as_str())
        ))
    );
    Some(conflict)
}
