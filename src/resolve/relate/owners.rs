//! Which account does a domain lead to, where no id does?

use rustc_hash::FxHashMap;

use crate::resolve::entities::Resolved;
use crate::resolve::evidence::staff::Staff;
use crate::resolve::extract::record::Field;
use crate::resolve::extract::words::name_key;
use crate::resolve::normalise;

/// The account entity of every domain that leads to exactly one.
#[derive(Debug, Default)]
pub struct DomainOwners(FxHashMap<String, Option<u32>>);

impl DomainOwners {
    /// Notes the domains of all accounts: those they call their own before those of their people. A domain of several
    /// entities (a parent and its children, an agency and its clients) leads to none.
    #[must_use]
    pub fn of(accounts: &Resolved<'_>, staff: &Staff) -> Self {
        let mut own: FxHashMap<String, Option<u32>> = FxHashMap::default();
        let mut told: FxHashMap<String, Option<u32>> = FxHashMap::default();
        for unit in 0..accounts.units.len() as u32 {
            let entity = accounts.settled.entity_of[unit as usize];
            let survivor = &accounts.extract.records[accounts.units.survivor(unit) as usize];
            if survivor.aside.is_some() {
                continue;
            }
            for domain in &staff.domains[unit as usize].own {
                note(&mut own, domain, entity);
            }
            let names: Vec<String> = survivor.values(Field::Name).map(name_key).collect();
            for domain in staff.telling_domains(unit, &names) {
                note(&mut told, domain, entity);
            }
        }
        for shared in &staff.shared_domains {
            own.insert(shared.clone(), None);
        }
        for (domain, entity) in told {
            own.entry(domain).or_insert(entity);
        }
        Self(own)
    }

    /// The account of a mailbox or web address, by its registrable domain.
    #[must_use]
    pub fn find(&self, address: &str) -> Option<u32> {
        let domain = normalise::registrable_domain(address)?;
        if normalise::is_free_mail(&domain) {
            return None;
        }
        self.0.get(&domain).copied().flatten()
    }
}

fn note(map: &mut FxHashMap<String, Option<u32>>, domain: &str, entity: u32) {
    map.entry(domain.to_owned())
        .and_modify(|owner| {
            if *owner != Some(entity) {
                *owner = None;
            }
        })
        .or_insert(Some(entity));
}
