//! Does sales call somebody a customer whom billing does not, or the other way round?

use super::Evidence;
use crate::chart::conflict::Conflict;
use crate::ident::Surface;
use crate::model::graph_index::EntityNumber;

/// `status_disagreement`: what sales and billing say of one account cannot both be true; nor can the product be in daily use by
/// somebody whom both call gone.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<Conflict> {
    let held = evidence.held(account, "status");
    let word = |surface: Surface| {
        let held = Evidence::on(&held, surface)?;
        let word = held.cell.source.value(evidence.rows()).text()?;
        Some((held, word))
    };
    let (Some((sales, said)), Some((billing, billed))) = (word(Surface::Crm), word(Surface::Billing)) else {
        return Vec::new();
    };
    let contradicts =
        matches!((said.as_str(), billed.as_str()), ("customer", "churned") | ("churned" | "prospect", "customer"));
    if !contradicts {
        return Vec::new();
    }
    let (side_a, side_b) = (evidence.side(&sales), evidence.side(&billing));
    let detail = format!(
        "{} is {:?} in {} and {:?} in {}",
        evidence.name(account),
        side_a.value,
        side_a.record.source,
        side_b.value,
        side_b.record.source
    );
    vec![evidence.about("status_disagreement", account, "accounts.status", detail, [Some(side_a), Some(side_b)])]
}
