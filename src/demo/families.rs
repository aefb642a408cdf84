//! Which companies belong together, and in what way?
//!
//! Companies are drawn in small families, so that whatever ties companies together (a parent, a namesake, a successor)
//! is known while they are written, and nothing has to be kept once they are.

use rustc_hash::FxHashSet;

use super::calendar::{Calendar, DAY};
use super::company::{Company, Signs, Stage};
use super::dice::{Dice, Quota};
use super::holdings::{Holdings, PLANTS, Plant, SHARES};
use super::keys::Keys;
use super::places::Place;
use super::register::{Name, Register};
use super::words::TRADES;

/// A company with its records and what ties it to its family.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) company: Company,
    pub(super) holdings: Holdings,
    /// Position of the parent in the family.
    pub(super) parent: Option<usize>,
    /// Position of the company whose business this one took over.
    pub(super) predecessor: Option<usize>,
    /// What sales noted.
    pub(super) note: String,
}

/// Of a hundred families: a parent with children, two namesakes, a takeover, a firm without domain.
const FAMILIES: [usize; 4] = [5, 2, 1, 3];
/// Of a hundred customers without family, how many are clients of an agency.
const CLIENTS: [usize; 1] = [8];

/// Draws one family after another.
#[derive(Debug)]
pub(super) struct Families {
    seed: u64,
    calendar: Calendar,
    owners: usize,
    pub(super) agencies: usize,
    drawn: u64,
    accounts: u64,
    people: u64,
    register: Register,
    kinds: Quota,
    plants: Quota,
    clients: Quota,
}

impl Families {
    /// Families under a seed. `agencies` partners are drawn first, by `agency`.
    pub(super) fn new(seed: u64, calendar: Calendar, owners: usize, agencies: usize) -> Self {
        Self {
            seed,
            calendar,
            owners,
            agencies,
            drawn: 0,
            accounts: 0,
            people: 0,
            register: Register::default(),
            kinds: Quota::new(seed, "families", &FAMILIES),
            plants: Quota::new(seed, "plants", &SHARES),
            clients: Quota::new(seed, "clients", &CLIENTS),
        }
    }

    /// People drawn so far.
    pub(super) fn people(&self) -> u64 {
        self.people
    }

    fn dice(&mut self) -> Dice {
        self.drawn += 1;
        Dice::new(self.seed, "family", self.drawn)
    }

    fn id(&mut self) -> String {
        self.accounts += 1;
        format!("A{:06}", self.accounts)
    }

    /// An agency that pays for its clients.
    pub(super) fn agency(&mut self, keys: &mut Keys) -> (Vec<Member>, Dice) {
        let mut dice = self.dice();
        let mut company = self.found(&mut dice);
        company.stage = Stage::Partner;
        company.employees = dice.between(12, 150);
        let company = company.dated(&mut dice, self.calendar);
        (self.settle(&mut dice, vec![(company, None)], keys), dice)
    }

    /// The next family, of at most `room` companies, and the dice that draw its records.
    pub(super) fn next(&mut self, room: usize, keys: &mut Keys) -> (Vec<Member>, Dice) {
        let mut dice = self.dice();
        let kind = if room < 4 { 0 } else { self.kinds.next() };
        let companies = match kind {
            1 => self.group(&mut dice),
            2 => self.namesakes(&mut dice),
            3 => self.takeover(&mut dice),
            4 => vec![(self.found(&mut dice).without_domain(&mut dice), None)],
            _ => vec![(self.single(&mut dice), None)],
        };
        let mut members = self.settle(&mut dice, companies, keys);
        if kind == 3 {
            members[0].note = format!("Business taken over by {}", members[1].company.name.legal());
            members[1].predecessor = Some(0);
        }
        (members, dice)
    }

    fn found(&mut self, dice: &mut Dice) -> Company {
        let id = self.id();
        Company::found(dice, id, &mut self.register, self.calendar)
    }

    fn single(&mut self, dice: &mut Dice) -> Company {
        let mut company = self.found(dice);
        if company.stage == Stage::Prospect && dice.chance(30) {
            company.fresh = true;
            company.created = self.calendar.first() + dice.between(1, 5) * DAY;
        }
        if company.stage == Stage::Customer && self.agencies > 0 && self.clients.next() > 0 {
            company.agency = Some(dice.below(self.agencies));
        }
        company
    }

    /// A parent and one to three children, abroad or in another trade, some under the parent's domain, some paid by it.
    fn group(&mut self, dice: &mut Dice) -> Vec<(Company, Option<usize>)> {
        let mut parent = self.found(dice);
        parent.stage = Stage::Customer;
        parent.employees = parent.employees.max(dice.between(300, 9000));
        let parent = parent.dated(dice, self.calendar);
        let mut out = vec![(parent.clone(), None)];
        for _ in 0..dice.between(1, 3) {
            let abroad = dice.chance(650);
            let place = if abroad {
                Place::abroad(dice, parent.place.country)
            } else {
                Place::within(dice, parent.place.country)
            };
            let trade = dice.pick(&TRADES);
            let core = if abroad {
                let country = place.country.names.get(1).copied().unwrap_or(place.country.names[0]);
                format!("{} {country}", parent.name.core)
            } else {
                format!("{} {}", parent.name.brand, trade.0)
            };
            if !self.register.take(&core) {
                continue;
            }
            let form = place.legal_form(dice);
            let name = Name { brand: core.clone(), core, form, former: None, native: None, split: false };
            let id = self.id();
            let industry = if abroad { parent.industry } else { trade.1 };
            let mut child = Company::named(dice, id, (name, industry), place, &mut self.register, self.calendar);
            if dice.chance(300) {
                child.domains = vec![parent.domain().to_owned()];
                child.signs = Signs::Exact;
                out[0].0.signs = Signs::Domain;
            }
            child.employees = dice.between(20, 600);
            if dice.chance(700) {
                child.stage = Stage::Customer;
            }
            let mut child = child.dated(dice, self.calendar);
            child.parent_pays = child.stage == Stage::Customer && dice.chance(600);
            if child.parent_pays {
                // The parent's Stripe account has one currency.
                let currency = parent.contracts.as_ref().map_or(0, |weeks| weeks[0].currency);
                for contract in child.contracts.iter_mut().flatten() {
                    contract.currency = currency;
                }
            }
            out.push((child, Some(0)));
        }
        out
    }

    /// Two companies that have nothing in common but their name.
    fn namesakes(&mut self, dice: &mut Dice) -> Vec<(Company, Option<usize>)> {
        let mut one = self.found(dice);
        one.signs = Signs::Exact;
        one.name.former = None;
        one.name.native = None;
        one.name.split = false;
        one.name.brand.clone_from(&one.name.core);
        let place = Place::abroad(dice, one.place.country);
        let name = Name { form: place.legal_form(dice), ..one.name.clone() };
        let id = self.id();
        let mut other = Company::named(dice, id, (name, one.industry), place, &mut self.register, self.calendar);
        other.signs = Signs::Exact;
        vec![(one, None), (other, None)]
    }

    /// A former customer whose business a customer of another name took over.
    fn takeover(&mut self, dice: &mut Dice) -> Vec<(Company, Option<usize>)> {
        let mut before = self.found(dice);
        before.stage = Stage::Former;
        let mut after = self.found(dice);
        after.stage = Stage::Customer;
        vec![(before.dated(dice, self.calendar), None), (after.dated(dice, self.calendar), None)]
    }

    /// Gives the companies their people, owners, plants and records.
    fn settle(&mut self, dice: &mut Dice, companies: Vec<(Company, Option<usize>)>, keys: &mut Keys) -> Vec<Member> {
        let mut taken = FxHashSet::default();
        let alone = companies.len() == 1;
        let mut members = Vec::with_capacity(companies.len());
        for (mut company, parent) in companies {
            company.owner = dice.below(self.owners);
            let mut plant = Plant::None;
            if company.stage == Stage::Customer && company.agency.is_none() && alone && !company.domains.is_empty() {
                plant = PLANTS[self.plants.next()];
            }
            match plant {
                Plant::Name => self.rename(dice, &mut company),
                Plant::Domain => {
                    // Only the name joins the two domains, so there must be one name.
                    company.name.brand.clone_from(&company.name.core);
                    company.name.split = false;
                    let domain = self.register.domain(dice, &company.name.core, &company.place);
                    company.domains.push(domain);
                }
                _ => {}
            }
            company.hire(dice, &mut self.people, &mut taken);
            let holdings = Holdings::draw(dice, &mut company, plant, keys, self.calendar);
            members.push(Member { company, holdings, parent, predecessor: None, note: String::new() });
        }
        members
    }

    /// A company that changed its name; the CRM was never told.
    fn rename(&mut self, dice: &mut Dice, company: &mut Company) {
        let (name, _) = self.register.coin(dice, &company.place);
        company.name.former = Some(name.core);
        company.name.native = None;
        company.signs = Signs::Exact;
    }
}
