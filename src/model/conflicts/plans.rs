//! Do sales, billing and the product agree on what was bought?

use super::{Evidence, Held};
use crate::chart::conflict::Conflict;
use crate::config::Renamed;
use crate::ident::Surface;
use crate::model::graph_index::EntityNumber;
use crate::resolve::normalise::words;

/// `plan_mismatch`, `seats_mismatch` and `timing`.
pub(super) fn detect(evidence: &Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<Conflict> {
    let mut found = Vec::new();
    let same = |one: &str, other: &str| same_plan(&today(evidence, one), &today(evidence, other));
    found.extend(pairs(evidence, account, "plan_mismatch", "plan", &|one, other| !same(one, other)));
    found.extend(pairs(evidence, account, "seats_mismatch", "seats_bought", &|one, other| one != other));
    found.extend(super::amounts::timing(evidence, account));
    found
}

/// Workspaces beside the real one.
const BESIDE: [&str; 5] = ["sandbox", "test", "demo", "internal", "staging"];

/// Billing against sales and the product; sales against the product where billing is silent. A surface that holds several records of the
/// account disagrees only when none of them agrees.
fn pairs(
    evidence: &Evidence<'_, '_, '_>,
    account: EntityNumber,
    kind: &str,
    field: &str,
    differ: &dyn Fn(&str, &str) -> bool,
) -> Vec<Conflict> {
    let value = |held: &Held<'_>| held.cell.source.value(evidence.rows()).text();
    let mut held = evidence.held(account, field);
    held.retain(|held| value(held).is_some_and(|text| !BESIDE.contains(&text.to_lowercase().as_str())));
    let on = |surface| Evidence::on(&held, surface);
    let (sales, billing, product) = (on(Surface::Crm), on(Surface::Billing), on(Surface::Product));
    let sides: Vec<(Held<'_>, Held<'_>)> = match (sales, billing, product) {
        (sales, Some(billing), product) => {
            sales.into_iter().chain(product).map(|held| (held, billing.clone())).collect()
        }
        (Some(sales), None, Some(product)) => vec![(sales, product)],
        _ => Vec::new(),
    };
    sides
        .into_iter()
        .filter_map(|(one, other)| {
            let (said, billed) = (value(&one)?, value(&other)?);
            let agrees = held
                .iter()
                .filter(|other| other.surface == one.surface)
                .filter_map(value)
                .any(|said| !differ(&said, &billed));
            if agrees {
                return None;
            }
            let (side_a, side_b) = (evidence.side(&one), evidence.side(&other));
            let detail = format!(
                "{}: {} says {said}, {} says {billed}",
                evidence.name(account),
                side_a.record.source,
                side_b.record.source
            );
            let path = format!("accounts.{field}");
            Some(evidence.about(kind, account, &path, detail, [Some(side_a), Some(side_b)]))
        })
        .collect()
}

/// What a plan is called today: a rename that a person confirmed in one source holds for the old name in all of them.
fn today(evidence: &Evidence<'_, '_, '_>, plan: &str) -> String {
    let renamed = &evidence.config.drift.renames;
    let renames = renamed.iter().filter(|rename| rename.what == Renamed::Value && !rename.from.is_empty());
    renames
        .fold(plan.to_lowercase(), |plan, rename| plan.replace(&rename.from.to_lowercase(), &rename.to.to_lowercase()))
}

/// Whether two names mean one plan: the words of one, without those that every plan has, are among those of the other.
fn same_plan(one: &str, other: &str) -> bool {
    const COMMON: [&str; 14] = [
        "plan",
        "monthly",
        "month",
        "annual",
        "annually",
        "yearly",
        "year",
        "usd",
        "eur",
        "gbp",
        "per",
        "seat",
        "the",
        "subscription",
    ];
    let telling = |text: &str| -> Vec<String> {
        let all = words(text);
        let kept: Vec<String> = all.iter().filter(|word| !COMMON.contains(&word.as_str())).cloned().collect();
        if kept.is_empty() { all } else { kept }
    };
    let (one, other) = (telling(one), telling(other));
    let within = |few: &[String], many: &[String]| few.iter().all(|word| many.contains(word));
    within(&one, &other) || within(&other, &one)
}
