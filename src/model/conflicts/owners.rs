//! Who looks after the account, and does everybody agree?

use super::Evidence;
use crate::chart::conflict::{Conflict, Side};
use crate::ident::Surface;
use crate::model::graph_index::EntityNumber;
use crate::model::source_rows::CellRef;
use crate::resolve::normalise::words;

/// `owner_mismatch`: the owner in sales against the one that another surface names, also in free metadata.
pub(super) fn detect(evidence: &mut Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<Conflict> {
    let names = evidence.held(account, "owner");
    let mails = evidence.held(account, "owner_email");
    let sales_name = Evidence::on(&names, Surface::Crm);
    let sales_mail = Evidence::on(&mails, Surface::Crm);
    let known: Vec<String> = [&sales_name, &sales_mail]
        .into_iter()
        .flatten()
        .filter_map(|held| held.cell.source.value(evidence.rows()).text())
        .collect();
    let Some(first) = sales_mail.as_ref().or(sales_name.as_ref()) else { return Vec::new() };
    let mut others: Vec<Side> = Vec::new();
    for held in names.iter().chain(&mails).filter(|held| held.surface != Surface::Crm) {
        others.push(evidence.side(held));
    }
    others.extend(in_metadata(evidence, account));
    let Some(other) = others.into_iter().find(|side| !known.iter().any(|known| same_person(known, &side.value))) else {
        return Vec::new();
    };
    let by_mail = other.value.contains('@');
    let mine = if by_mail { first } else { sales_name.as_ref().unwrap_or(first) };
    let side_a = evidence.side(mine);
    let detail = format!(
        "{} belongs to {} in {} and to {} in {}",
        evidence.name(account),
        side_a.value,
        side_a.record.source,
        other.value,
        other.record.source
    );
    vec![evidence.about("owner_mismatch", account, "accounts.owner", detail, [Some(side_a), Some(other)])]
}

/// Whether two texts name one colleague: the same address, or the same words; an address matches a name that it spells.
fn same_person(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let mut words = words(text.split('@').next().unwrap_or(text));
        words.sort();
        words
    };
    match (one.contains('@'), other.contains('@')) {
        (true, true) => one.trim().eq_ignore_ascii_case(other.trim()),
        _ => plain(one) == plain(other),
    }
}

/// Values under a key that ends in `owner` in the JSON that other systems keep on the account.
fn in_metadata(evidence: &mut Evidence<'_, '_, '_>, account: EntityNumber) -> Vec<Side> {
    let mut found = Vec::new();
    for member in &evidence.members[account as usize] {
        let rows = evidence.reader.rows.table(member.table);
        if member.dead || rows.source.surface == Surface::Crm {
            continue;
        }
        let Some((column, text)) = rows.cell(member.row, "account.metadata") else { continue };
        let Ok(serde_json::Value::Object(object)) = serde_json::from_str::<serde_json::Value>(text) else { continue };
        for (key, value) in &object {
            let bare: String = key.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
            if !(bare.ends_with("owner")
                || bare.ends_with("owneremail")
                || bare.ends_with("ownername")
                || bare == "csm")
            {
                continue;
            }
            if let Some(value) = value.as_str().filter(|value| !value.trim().is_empty()) {
                let origin = CellRef { table: member.table, row: member.row, column };
                found.push(Side { value: value.trim().to_owned(), ..evidence.side_of(origin) });
            }
        }
    }
    found
}
