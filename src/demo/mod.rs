//! What does a believable company look like in four systems, and what is true behind them?
//!
//! Larkspur Metrics, an invented maker of analytics software, meets its customers in Salesforce, two Stripe accounts,
//! Zendesk and its own product (Segment-style events). [`generate`] writes those systems as connectors land them, for
//! two weeks, with the mess that fourfold exists for, and the truth to score against:
//!
//! | path | what |
//! | --- | --- |
//! | `week1/<source>/<table>.csv` | the first extract |
//! | `week2/<source>/<table>.csv` | the whole second extract, a week later: ordinary business and planted drift |
//! | `truth/accounts.csv`, `truth/people.csv` | the true entity of each record of the first week |
//! | `truth/relations.csv` | to whom users, tickets, invoices and subscriptions belong |
//! | `truth/hierarchy.csv` | `child_of`, `bills_for` (the parent pays for the child), `successor_of` |
//! | `truth/conflicts.csv`, `truth/drift.csv` | what was planted |
//! | `truth/week2/` | the first four for the second week |
//!
//! Everything follows from the seed and the date: the same options give the same bytes on every platform. Families of
//! companies are drawn and written one after another, so memory grows only with the register of taken names.
//!
//! How hard is it? Each record keeps at least one sign that singles out its company: a domain of its own, a full name
//! with the address, or an id of another system. Left without one are, by construction, only people: a private address
//! typed without a workspace or organisation (under 1 in 200 people records). Stale ids that point to another company
//! (about 1 in 100 cross ids) contradict the domain beside them. So under 1 % is truly ambiguous.
//!
//! Records of tests and of the vendor itself are `internal` in the truth; shared and role mailboxes have no person.
//! Names of companies and people are composed from word lists (`assets/demo`) and stand for nobody.

mod calendar;
mod company;
mod contacts;
mod deals;
mod dice;
mod drift;
mod families;
mod holdings;
mod internal;
mod keys;
mod naming;
mod onward;
mod output;
mod person;
mod places;
mod planted;
mod product;
mod register;
mod rows;
mod salesforce;
mod stripe;
mod subscriptions;
mod table_file;
mod tables;
mod truth;
mod usage;
mod vendor;
pub mod weeks;
mod words;
mod world;
mod zendesk;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::error::{Context, Error, ErrorKind, Result};
use crate::progress::{CancelToken, Progress};

use calendar::Calendar;
use company::Stage;
use dice::Dice;
use drift::PLANTED;
pub use drift::Strength;
use families::{Families, Member};
use keys::Keys;
use output::Output;
use tables::SecondWeek;
use truth::Truth;
use vendor::Vendor;
use world::{Agency, World};

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    /// True companies, agencies among them; from 20 on every sort of mess appears.
    pub accounts: usize,
    /// The seed of every choice.
    pub seed: u64,
    /// The day of the first extract; the second is a week later.
    pub today: jiff::civil::Date,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self { accounts: 300, seed: 7, today: jiff::civil::date(2026, 1, 5) }
    }
}

/// What the second week is like: by default one planted drift of each sort, clear, and no growth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Week {
    /// How strong its drift is.
    pub strength: Strength,
    /// How many more of a hundred events happen than in the weeks before.
    pub growth: usize,
}

/// What was generated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DemoSummary {
    /// Rows by `week/source/table`, headers not counted.
    pub rows: BTreeMap<String, u64>,
    /// True companies.
    pub accounts: usize,
    /// Those of them that are customers in the first week.
    pub customers: usize,
    /// True people of these companies.
    pub people: u64,
    /// Planted disagreements of the first week by kind.
    pub conflicts: BTreeMap<String, u64>,
    /// Planted drift events of the second week.
    pub drift: usize,
}

/// The parts that are moved into place once all of them are complete.
const PARTS: [&str; 3] = ["week1", "week2", "truth"];
/// Events that one extract holds at most, whatever the number of accounts; fewer accounts have 150 a customer.
const MOST_EVENTS: usize = 2_500_000;

/// Writes the demo company under `directory`, which is created if it is not there.
///
/// Nothing appears under its final name before everything is written.
///
/// # Errors
/// `Config` if the directory already holds a demo or no accounts are asked for, `Io` if it cannot be written,
/// `Cancelled` if `cancel` was pulled.
pub fn generate(
    directory: &Path,
    options: &DemoOptions,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<DemoSummary> {
    generate_with(directory, options, Week::default(), progress, cancel)
}

/// As [`generate`], with another second week; the first one stays as it is.
///
/// # Errors
/// As [`generate`].
pub fn generate_with(
    directory: &Path,
    options: &DemoOptions,
    week: Week,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<DemoSummary> {
    if options.accounts == 0 {
        return Err(Error::config("a demo company needs at least one account").hint("ask for 300, the default"));
    }
    if let Some(part) = PARTS.iter().find(|part| directory.join(part).exists()) {
        return Err(Error::config(format!("{} is already there", directory.join(part).display()))
            .hint("name an empty directory for the demo, or remove the old demo first"));
    }
    let partial = directory.join(".demo-partial");
    let outcome = clear(&partial)
        .and_then(|()| write(&partial, options, week, progress, cancel))
        .and_then(|summary| publish(&partial, directory).map(|()| summary));
    // A failed run leaves nothing; its own error matters more than one of this removal.
    if let Err(error) = clear(&partial)
        && outcome.is_ok()
    {
        return Err(error);
    }
    outcome
}

/// Removes what an earlier run left.
fn clear(partial: &Path) -> Result<()> {
    if partial.exists() {
        fs::remove_dir_all(partial).context(ErrorKind::Io, || format!("cannot remove {}", partial.display()))?;
    }
    Ok(())
}

fn publish(partial: &Path, directory: &Path) -> Result<()> {
    for part in PARTS {
        let target = directory.join(part);
        fs::rename(partial.join(part), &target)
            .context(ErrorKind::Io, || format!("cannot move the demo to {}", target.display()))?;
    }
    Ok(())
}

fn write(
    directory: &Path,
    options: &DemoOptions,
    week: Week,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<DemoSummary> {
    progress.step("demo: write the company");
    let total = options.accounts;
    let mut keys = Keys::new(options.seed);
    let vendor = Vendor::new(options.seed, total, &mut keys);
    let calendar = Calendar::new(options.today);
    let second = SecondWeek { strength: week.strength, moment: calendar.first() + 5 * calendar::DAY };
    let mut world = World {
        calendar,
        keys,
        agencies: Vec::new(),
        out: Output::create(directory, second)?,
        truth: Truth::create(directory, week.strength)?,
        events: (MOST_EVENTS * 2 / total).clamp(1, 150) as i64,
        stray: None,
        week,
        teams: Vec::new(),
        vendor,
    };
    let mut dice = Dice::new(options.seed, "vendor's records", 0);
    salesforce::owners(&mut world, &mut dice)?;
    stripe::catalogue(&mut world, &mut dice)?;
    zendesk::desk(&mut world, &mut dice)?;
    internal::write(&mut world, &mut dice, total)?;
    subscriptions::left_behind(&mut world, &mut dice, total)?;

    let agencies = if total < 20 { 0 } else { (total / 150).max(2) };
    let mut families = Families::new(options.seed, world.calendar, world.vendor.owners, agencies);
    let mut summary = DemoSummary::default();
    if week.strength > Strength::Harmless {
        summary.drift = PLANTED.len();
    }
    let mut clients = vec![0; agencies];
    while summary.accounts < total {
        cancel.check()?;
        progress.advance(summary.accounts as u64, total as u64);
        let (members, mut dice) = if summary.accounts < agencies {
            let (members, dice) = families.agency(&mut world.keys);
            world.agencies.extend(members.iter().map(agency));
            (members, dice)
        } else {
            families.next(total - summary.accounts, &mut world.keys)
        };
        for at in 0..members.len() {
            company(&mut world, &mut dice, &members, at)?;
            summary.customers += usize::from(members[at].company.stage == Stage::Customer);
            if let Some(agency) = members[at].company.agency {
                clients[agency] += 1;
            }
        }
        world.stray = members.last().and_then(|member| member.holdings.crm.clone());
        summary.accounts += members.len();
    }
    let agencies: Vec<_> = world
        .agencies
        .iter()
        .zip(clients)
        .map(|(agency, clients)| (agency.id.clone(), agency.domain.clone(), clients))
        .collect();
    planted::declare_columns(&mut world.truth, &agencies)?;
    summary.people = families.people();
    summary.rows = world.out.finish()?;
    summary.conflicts = world.truth.finish()?;
    progress.advance(total as u64, total as u64);
    Ok(summary)
}

/// What clients' records need of an agency.
fn agency(member: &Member) -> Agency {
    let company = &member.company;
    Agency {
        id: company.id.clone(),
        domain: company.domain().to_owned(),
        people: company
            .people
            .iter()
            .map(|person| (person.id.clone(), person.given, person.family, person.email.clone()))
            .collect(),
    }
}

/// Writes all records of one company and what ties it to others.
fn company(world: &mut World, dice: &mut Dice, family: &[Member], at: usize) -> Result<()> {
    let member = &family[at];
    salesforce::company(world, dice, family, at)?;
    stripe::company(world, dice, family, at)?;
    zendesk::company(world, dice, family, at)?;
    product::company(world, dice, member)?;
    planted::declare(world, member)?;
    let id = &member.company.id;
    if let Some(parent) = member.parent {
        world.truth.edge(id, &family[parent].company.id, "child_of")?;
    }
    if let Some(before) = member.predecessor {
        world.truth.edge(id, &family[before].company.id, "successor_of")?;
    }
    if let Some(agency) = member.company.agency.and_then(|at| world.agencies.get(at)) {
        let payer = agency.id.clone();
        world.truth.edge(id, &payer, "bills_for")?;
    }
    Ok(())
}
