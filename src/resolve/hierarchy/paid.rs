//! Who pays for whom?
//!
//! A subscription that stands on one account's bill and says in its metadata that it was bought for another, a billing
//! customer that holds the id of an account below the one it belongs to, and one whose invoices go to a mailbox of another
//! company.

use rustc_hash::{FxHashMap, FxHashSet};

use super::edges::Edge;
use crate::catalog::Role;
use crate::error::Result;
use crate::ident::Surface;
use crate::progress::CancelToken;
use crate::resolve::ResolveInput;
use crate::resolve::entities::Resolved;
use crate::resolve::evidence::Hints;
use crate::resolve::evidence::staff::{Staff, is_made_of};
use crate::resolve::extract::record::Field;
use crate::resolve::extract::words::{canonical_id, company_domain, is_distinctive, is_role, mails_of, name_key};
use crate::resolve::relate::documents::read_documents;

/// A billing mailbox on one company's domain that this many other companies use is that of an agency, whatever it is called.
const CLIENTS: usize = 2;

/// A name held by more entities than this names none of them.
const MOST_NAMESAKES: usize = 1;

/// Which entities a text may mean.
pub struct Mentions {
    by_name: FxHashMap<String, Vec<u32>>,
    /// The words of all names of each entity.
    words: FxHashMap<u32, FxHashSet<String>>,
    by_id: FxHashMap<String, u32>,
}

impl Mentions {
    /// Notes the names and the keys of all accounts.
    #[must_use]
    pub fn of(accounts: &Resolved<'_>) -> Self {
        let mut mentions =
            Self { by_name: FxHashMap::default(), words: FxHashMap::default(), by_id: FxHashMap::default() };
        for (position, record) in accounts.extract.records.iter().enumerate() {
            let entity = accounts.entity(position as u32);
            for name in record.values(Field::Name) {
                let key = name_key(name);
                mentions.words.entry(entity).or_default().extend(key.split(' ').map(str::to_owned));
                let entities = mentions.by_name.entry(key).or_default();
                if !entities.contains(&entity) {
                    entities.push(entity);
                }
            }
            if let Some(id) = canonical_id(&record.pk).filter(|id| is_distinctive(id)) {
                mentions.by_id.insert(id, entity);
            }
        }
        mentions
    }

    /// The account behind an id, in whatever source.
    #[must_use]
    pub fn by_id(&self, text: &str) -> Option<u32> {
        let tail = text.rsplit(':').next().unwrap_or(text);
        [text, tail].into_iter().filter_map(canonical_id).find_map(|id| self.by_id.get(&id).copied())
    }

    /// The only account of that name, legal form and region apart.
    #[must_use]
    pub fn by_name(&self, text: &str) -> Option<u32> {
        self.by_name_near(text, &FxHashSet::default())
    }

    /// The account that a payer means: of that name, else the only one below it whose names hold a word by which the text
    /// differs from the payer's own names (`Acme Chile` on the bill of Acme).
    fn meant_by(&self, payer: u32, text: &str, near: &FxHashSet<u32>) -> Option<u32> {
        if let Some(found) = self.by_name_near(text, near) {
            return Some(found);
        }
        let own = self.words.get(&payer)?;
        let key = name_key(text);
        let telling: Vec<&str> = key.split(' ').filter(|word| word.len() >= 3 && !own.contains(*word)).collect();
        if telling.is_empty() || telling.len() == key.split(' ').count() {
            return None;
        }
        let mut meant = near.iter().filter(|entity| {
            self.words.get(entity).is_some_and(|words| telling.iter().any(|word| words.contains(*word)))
        });
        meant.next().filter(|_| meant.next().is_none()).copied()
    }

    /// The account of that name: among `near` ones, else the only one there is.
    fn by_name_near(&self, text: &str, near: &FxHashSet<u32>) -> Option<u32> {
        let key = name_key(text);
        let found = self.by_name.get(&key).filter(|_| key.len() >= 3)?;
        let related: Vec<u32> = found.iter().copied().filter(|entity| near.contains(entity)).collect();
        match (related.as_slice(), found.as_slice()) {
            ([one], _) => Some(*one),
            ([], [one]) if found.len() <= MOST_NAMESAKES => Some(*one),
            _ => None,
        }
    }
}

/// The edges of payments, given the edges of parents.
///
/// # Errors
/// As the warehouse; `Cancelled`.
pub fn edges(
    input: &ResolveInput<'_>,
    accounts: &Resolved<'_>,
    hints: &Hints,
    mentions: &Mentions,
    edges: &mut Vec<Edge>,
    cancel: &CancelToken,
) -> Result<()> {
    let mut below: FxHashMap<u32, FxHashSet<u32>> = FxHashMap::default();
    for edge in edges.iter().filter(|edge| edge.relation == "child_of") {
        below.entry(edge.parent).or_default().insert(edge.child);
    }
    let none = FxHashSet::default();
    // Ids of a child on the parent's billing record.
    for hint in hints.hints.iter().filter(|hint| hints.classes[hint.class as usize].name == "cross id") {
        for (payer, paid) in [(hint.left, hint.right), (hint.right, hint.left)] {
            let table = accounts.extract.table(accounts.units.survivor(payer));
            let (above, under) =
                (accounts.settled.entity_of[payer as usize], accounts.settled.entity_of[paid as usize]);
            if table.source.surface == Surface::Billing && below.get(&above).unwrap_or(&none).contains(&under) {
                let basis = hints.classes[hint.class as usize].detail.clone();
                edges.push(Edge { child: under, parent: above, rank: 1, relation: "bills_for", basis });
            }
        }
    }
    for (source, table) in input.map.tables_of(Role::Subscription) {
        let basis = format!("{}.{} metadata", source.id, table.name.table);
        let concepts = ["subscription.account_id", "subscription.metadata"];
        if table.column_of(concepts[1]).is_none() {
            continue;
        }
        read_documents(input, table, &concepts, cancel, &mut |_, values| {
            let (Some(account), Some(json)) = (values[0], values[1]) else { return };
            let Some(payer) = accounts.extract.directory.find(&source.id, account) else { return };
            let payer = accounts.entity(payer);
            let near = below.get(&payer).unwrap_or(&none);
            for (key, text) in leaves(json) {
                let named = mentions
                    .by_id(&text)
                    .or_else(|| says_for_whom(&key).then(|| mentions.meant_by(payer, &text, near))?);
                if let Some(paid) = named.filter(|paid| *paid != payer) {
                    edges.push(Edge {
                        child: paid,
                        parent: payer,
                        rank: 1,
                        relation: "bills_for",
                        basis: format!("{basis} {key}"),
                    });
                }
            }
        })?;
    }
    Ok(())
}

/// The edges that billing mailboxes give away: an invoice that goes to the accounts department of another company, known
/// by its domain, is paid by that company. What its own domain or name says of an account comes first, and a domain that
/// several accounts call their own says nothing.
pub fn of_mailboxes(accounts: &Resolved<'_>, staff: &Staff, edges: &mut Vec<Edge>) {
    let mut owners: FxHashMap<&str, Option<u32>> = FxHashMap::default();
    let mut own: FxHashSet<(u32, &str)> = FxHashSet::default();
    let mut names: FxHashMap<u32, Vec<String>> = FxHashMap::default();
    for unit in 0..accounts.units.len() as u32 {
        let entity = accounts.settled.entity_of[unit as usize];
        for member in &accounts.units.members[unit as usize] {
            names
                .entry(entity)
                .or_default()
                .extend(accounts.extract.records[*member as usize].values(Field::Name).map(name_key));
        }
        if accounts.extract.records[accounts.units.survivor(unit) as usize].aside.is_some() {
            continue;
        }
        for domain in &staff.domains[unit as usize].own {
            own.insert((entity, domain));
            owners
                .entry(domain)
                .and_modify(|owner| *owner = owner.filter(|known| *known == entity))
                .or_insert(Some(entity));
        }
    }
    // Paid, payer, whether the mailbox is a department's, and what says so.
    let mut found: Vec<(u32, u32, bool, String)> = Vec::new();
    for (position, record) in accounts.extract.records.iter().enumerate() {
        let table = accounts.extract.table(position as u32);
        if table.source.surface != Surface::Billing || record.deleted || record.internal || record.aside.is_some() {
            continue;
        }
        let paid = accounts.entity(position as u32);
        for mail in mails_of(record) {
            let Some(domain) = company_domain(&mail) else { continue };
            let payer = owners.get(domain.as_str()).copied().flatten().filter(|payer| *payer != paid);
            let Some(payer) = payer.filter(|_| !own.contains(&(paid, domain.as_str()))) else { continue };
            if names.get(&paid).into_iter().flatten().any(|name| is_made_of(&domain, name)) {
                continue;
            }
            let basis = format!("{}.{} mailbox at {domain}", table.source.id, table.entry.name.table);
            found.push((paid, payer, is_role(&mail), basis));
        }
    }
    let mut clients: FxHashMap<u32, FxHashSet<u32>> = FxHashMap::default();
    for (paid, payer, ..) in &found {
        clients.entry(*payer).or_default().insert(*paid);
    }
    for (child, parent, department, basis) in found {
        if department || clients[&parent].len() >= CLIENTS {
            edges.push(Edge { child, parent, rank: 2, relation: "bills_for", basis });
        }
    }
}

/// Whether a key says for whom something was bought, rather than anything else that has a name.
fn says_for_whom(key: &str) -> bool {
    let bare: String = key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    [
        "for",
        "behalf",
        "beneficiary",
        "client",
        "enduser",
        "endcustomer",
        "customer",
        "account",
        "company",
        "entity",
        "subsidiary",
        "child",
        "consumer",
        "tenant",
        "workspace",
        "org",
    ]
    .iter()
    .any(|word| bare.contains(word))
}

/// The texts of a JSON object with their keys.
fn leaves(json: &str) -> Vec<(String, String)> {
    fn walk(value: &serde_json::Value, key: &str, depth: usize, out: &mut Vec<(String, String)>) {
        match value {
            serde_json::Value::Object(entries) if depth < 4 => {
                for (name, inner) in entries {
                    walk(inner, name, depth + 1, out);
                }
            }
            serde_json::Value::String(text) if !text.trim().is_empty() && text.len() < 256 => {
                out.push((key.to_owned(), text.trim().to_owned()));
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    if json.len() <= crate::resolve::extract::read::LONGEST_JSON
        && json.len() > 2
        && let Ok(value) = serde_json::from_str(json)
    {
        walk(&value, "", 0, &mut out);
    }
    out
}
