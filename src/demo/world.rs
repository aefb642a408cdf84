//! What do the writers of all systems share?

use super::Week;
use super::calendar::Calendar;
use super::keys::Keys;
use super::output::Output;
use super::truth::Truth;
use super::vendor::Vendor;

/// An agency, as far as its clients' records need it.
#[derive(Debug, Clone)]
pub(super) struct Agency {
    /// The true account.
    pub(super) id: String,
    /// Its domain.
    pub(super) domain: String,
    /// Its people: true id, given and family name, address.
    pub(super) people: Vec<(String, &'static str, &'static str, String)>,
}

/// Everything that outlives one family.
#[derive(Debug)]
pub(super) struct World {
    pub(super) calendar: Calendar,
    pub(super) keys: Keys,
    pub(super) vendor: Vendor,
    pub(super) agencies: Vec<Agency>,
    pub(super) out: Output,
    pub(super) truth: Truth,
    /// Events of a customer over the eight weeks before the first extract.
    pub(super) events: i64,
    /// The Salesforce id of an account of the family before: what a stale cross id points to.
    pub(super) stray: Option<String>,
    /// What the second week is like.
    pub(super) week: Week,
    /// The teams of the support desk.
    pub(super) teams: Vec<String>,
}
