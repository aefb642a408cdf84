//! What do people call an entity?

use crate::ident::{EntityKind, Surface};
use crate::resolve::extract::Extract;
use crate::resolve::extract::record::Field;

/// Longer names are cut for screens.
const LONGEST: usize = 120;

/// The best name among records: of a living record, of the surface that people keep by hand, as complete as it comes.
#[must_use]
pub fn of(extract: &Extract<'_>, records: &[u32]) -> String {
    let best = records.iter().filter_map(|record| candidate(extract, *record)).min();
    best.map_or_else(|| fallback(extract, records), |(_, _, _, _, name)| clean(&name))
}

type Candidate = (bool, bool, u8, u32, String);

fn candidate(extract: &Extract<'_>, record: u32) -> Option<Candidate> {
    let of = &extract.records[record as usize];
    let name = match extract.kind {
        EntityKind::Account => of.first(Field::Name).map(str::to_owned),
        EntityKind::Person => of.person_name(),
    }?;
    let poor = match extract.kind {
        // A bare domain is a poor name for a company, one word a poor name for a person.
        EntityKind::Account => name.contains('.') && !name.contains(' '),
        EntityKind::Person => !name.trim().contains(' ') || name.contains('@'),
    };
    let rank = match extract.table(record).source.surface {
        Surface::Crm => 0,
        Surface::Billing => 1,
        Surface::Support => 2,
        Surface::Product => 3,
    };
    Some((of.deleted, poor, rank, record, name))
}

fn fallback(extract: &Extract<'_>, records: &[u32]) -> String {
    for field in [Field::Email, Field::Domain, Field::Website] {
        if let Some(value) = records.iter().find_map(|record| extract.records[*record as usize].first(field)) {
            return clean(value);
        }
    }
    records.first().map_or_else(String::new, |record| clean(&extract.records[*record as usize].pk))
}

/// Without control characters and with single blanks, cut at a character's border.
fn clean(name: &str) -> String {
    let spaced: String = name.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.chars().take(LONGEST).collect()
}
