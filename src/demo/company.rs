//! What is true of one customer, prospect or partner, whatever the systems say?

use rustc_hash::FxHashSet;

use super::calendar::{Calendar, DAY};
use super::dice::Dice;
use super::person::{FREE_MAIL, Mail, Person};
use super::places::Place;
use super::register::{Name, Register};
use super::vendor::{CURRENCIES, unit_amount};
use super::words::label;

/// Where a company stands with the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Pays.
    Customer,
    /// Used to pay.
    Former,
    /// Never paid.
    Prospect,
    /// An agency that pays for its clients.
    Partner,
}

/// What each record of a company carries at least, so that it can be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signs {
    /// Its domain, or else a full name with an address or an id.
    Any,
    /// Its domain.
    Domain,
    /// Its domain and its exact name, because another company has the same name or the same domain.
    Exact,
}

/// What was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contract {
    /// Position in `vendor::PLANS`.
    pub(super) plan: usize,
    /// Seats.
    pub(super) seats: i64,
    /// Billed by the year, else by the month.
    pub(super) yearly: bool,
    /// Position in `vendor::CURRENCIES`.
    pub(super) currency: usize,
    /// First day.
    pub(super) start: i64,
    /// Last day, if it ended.
    pub(super) ended: Option<i64>,
}

impl Contract {
    /// The price of one billing period in cents.
    pub(super) fn period_amount(&self) -> i64 {
        unit_amount(self.plan, self.currency, self.yearly) * self.seats
    }

    /// Annual recurring revenue in whole cents.
    pub(super) fn arr(&self) -> i64 {
        self.period_amount() * if self.yearly { 1 } else { 12 }
    }

    /// Seconds of one billing period; a month counts 30 days, a year 365.
    pub(super) fn period(&self) -> i64 {
        if self.yearly { 365 * DAY } else { 30 * DAY }
    }

    /// Start and end of the period that is running at `now`.
    pub(super) fn running(&self, now: i64) -> (i64, i64) {
        let past = (now.min(self.ended.unwrap_or(now)) - self.start).max(0) / self.period();
        let begin = self.start + past * self.period();
        (begin, begin + self.period())
    }
}

/// One true account.
#[derive(Debug, Clone)]
pub(super) struct Company {
    /// The id in the truth.
    pub(super) id: String,
    /// Names.
    pub(super) name: Name,
    /// Registrable domains, the main one first; none if it only uses private mailboxes.
    pub(super) domains: Vec<String>,
    /// The shared private mailbox of a company without a domain.
    pub(super) mailbox: String,
    /// What each of its records carries at least.
    pub(super) signs: Signs,
    /// Seat.
    pub(super) place: Place,
    /// Industry.
    pub(super) industry: &'static str,
    /// Employees.
    pub(super) employees: i64,
    /// Standing.
    pub(super) stage: Stage,
    /// When sales first wrote it down.
    pub(super) created: i64,
    /// Position of the account's owner in the vendor's staff.
    pub(super) owner: usize,
    /// The people.
    pub(super) people: Vec<Person>,
    /// What it bought, as of the first extract and a week later.
    pub(super) contracts: Option<[Contract; 2]>,
    /// The agency that pays its bills.
    pub(super) agency: Option<usize>,
    /// Its parent pays its bills.
    pub(super) parent_pays: bool,
    /// It appears in the second week only.
    pub(super) fresh: bool,
}

/// How large the company is: employees.
fn employees(dice: &mut Dice) -> i64 {
    match dice.weighted(&[30, 32, 22, 11, 5]) {
        0 => dice.between(3, 20),
        1 => dice.between(21, 100),
        2 => dice.between(101, 500),
        3 => dice.between(501, 2500),
        _ => dice.between(2501, 20_000),
    }
}

/// A contract that fits the size and country of a company.
fn contract(dice: &mut Dice, calendar: Calendar, place: &Place, employees: i64) -> Contract {
    let seats = match employees {
        ..21 => dice.between(1, 6),
        21..101 => dice.between(4, 25),
        101..501 => dice.between(15, 90),
        501..2501 => dice.between(60, 300),
        _ => dice.between(200, 1200),
    };
    let plan = match seats {
        ..6 => dice.weighted(&[60, 35, 5, 0]),
        6..40 => dice.weighted(&[10, 60, 28, 2]),
        40..150 => dice.weighted(&[0, 22, 58, 20]),
        _ => dice.weighted(&[0, 2, 38, 60]),
    };
    let currency = CURRENCIES.iter().position(|code| *code == place.country.currency).unwrap_or(0);
    let yearly = dice.chance(if seats < 10 { 250 } else { 750 });
    Contract { plan, seats, yearly, currency, start: calendar.ago(dice, 70, 1100), ended: None }
}

impl Company {
    /// A company that stands alone.
    pub(super) fn found(dice: &mut Dice, id: String, register: &mut Register, calendar: Calendar) -> Self {
        let place = Place::anywhere(dice);
        let (name, industry) = register.coin(dice, &place);
        Self::named(dice, id, (name, industry), place, register, calendar)
    }

    /// A company of a given name and place, with domains of its own.
    pub(super) fn named(
        dice: &mut Dice,
        id: String,
        (name, industry): (Name, &'static str),
        place: Place,
        register: &mut Register,
        calendar: Calendar,
    ) -> Self {
        let base = if name.split || dice.chance(600) { name.brand.clone() } else { name.core.clone() };
        let mut domains = vec![register.domain(dice, &base, &place)];
        if dice.chance(140) {
            let other = if dice.chance(500) { &name.core } else { &base };
            domains.push(register.domain(dice, other, &place));
        }
        if let Some(former) = &name.former {
            domains.push(register.domain(dice, former, &place));
        }
        let stage = [Stage::Customer, Stage::Prospect, Stage::Former][dice.weighted(&[50, 39, 11])];
        Self {
            id,
            name,
            domains,
            mailbox: String::new(),
            signs: Signs::Any,
            place,
            industry,
            employees: employees(dice),
            stage,
            created: 0,
            owner: 0,
            people: Vec::new(),
            contracts: None,
            agency: None,
            parent_pays: false,
            fresh: false,
        }
        .dated(dice, calendar)
    }

    /// Draws what depends on the stage: dates and the contract. Call again after changing the stage.
    pub(super) fn dated(mut self, dice: &mut Dice, calendar: Calendar) -> Self {
        self.contracts = None;
        self.created = calendar.ago(dice, 20, 1300);
        if matches!(self.stage, Stage::Customer | Stage::Former) {
            let mut now = contract(dice, calendar, &self.place, self.employees);
            let mut later = now.clone();
            if self.stage == Stage::Former {
                now.ended = Some(now.start + dice.between(45, 69) * DAY);
                later.ended = now.ended;
            } else if dice.chance(45) {
                later.seats += 1 + later.seats / 5;
            } else if dice.chance(15) {
                later.ended = Some(calendar.today + dice.between(1, 6) * DAY);
            }
            self.created = now.start - dice.between(10, 200) * DAY;
            self.contracts = Some([now, later]);
        }
        self
    }

    /// Takes the domains away: a small firm that lives in a private mailbox.
    pub(super) fn without_domain(mut self, dice: &mut Dice) -> Self {
        self.domains.clear();
        self.name.split = false;
        self.name.brand.clone_from(&self.name.core);
        self.name.former = None;
        self.signs = Signs::Exact;
        self.employees = dice.between(1, 9);
        self.mailbox = format!("{}@{}", label(&self.name.core), dice.pick(FREE_MAIL));
        self
    }

    /// Hires people whose names and addresses nobody in `taken` has.
    pub(super) fn hire(&mut self, dice: &mut Dice, next: &mut u64, taken: &mut FxHashSet<String>) {
        let count = match (self.stage, self.employees) {
            (Stage::Prospect, _) | (_, ..21) => dice.between(1, 3),
            (_, 21..501) => dice.between(2, 6),
            _ => dice.between(4, 10),
        };
        let label = label(&self.name.core);
        let scheme = dice.weighted(&[60, 25, 15]);
        let mail = Mail { domains: &self.domains, label: &label, scheme, country: self.place.country };
        for _ in 0..count {
            let id = format!("P{next:07}");
            *next += 1;
            let relative = self.people.last().filter(|_| dice.chance(60));
            self.people.push(Person::meet(dice, id, &mail, relative, taken));
        }
    }

    /// The main domain, or empty.
    pub(super) fn domain(&self) -> &str {
        self.domains.first().map_or("", String::as_str)
    }
}
