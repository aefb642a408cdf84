//! Which records does a company have in which system, and what do they claim?

use super::calendar::{Calendar, DAY};
use super::company::{Company, Contract, Stage};
use super::dice::Dice;
use super::keys::{Keys, short_form};
use super::places::Place;
use super::vendor::{CURRENCIES, PLANS};

/// The disagreement planted on a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plant {
    None,
    Status,
    Amount,
    Plan,
    Seats,
    Owner,
    Currency,
    Name,
    Country,
    Domain,
    WonNotBilled,
    BilledNotWon,
    OneToMany,
    Timing,
}

/// Of every hundred customers, how many get each plant, in the order of `PLANTS` from the second on.
pub(super) const SHARES: [usize; 13] = [4, 5, 4, 5, 4, 2, 2, 3, 2, 3, 3, 6, 2];
/// The plants by the number that the quota deals.
pub(super) const PLANTS: [Plant; 14] = [
    Plant::None,
    Plant::Status,
    Plant::Amount,
    Plant::Plan,
    Plant::Seats,
    Plant::Owner,
    Plant::Currency,
    Plant::Name,
    Plant::Country,
    Plant::Domain,
    Plant::WonNotBilled,
    Plant::BilledNotWon,
    Plant::OneToMany,
    Plant::Timing,
];

/// One customer record of a Stripe account and the contract it is billed for.
#[derive(Debug, Clone)]
pub(super) struct Bill {
    /// Position in `output::STRIPE`.
    pub(super) region: usize,
    /// `cus_...`.
    pub(super) customer: String,
    /// What is billed, as of both weeks; none on the copy that a move between Stripe accounts left behind.
    pub(super) contracts: Option<[Contract; 2]>,
}

/// What the systems say in one week where they could disagree.
#[derive(Debug, Clone)]
pub(super) struct Claims {
    /// The CRM's account type.
    pub(super) kind: &'static str,
    /// The CRM's plan, seats, annual revenue in cents, currency and renewal.
    pub(super) plan: Option<usize>,
    pub(super) seats: i64,
    pub(super) arr: i64,
    pub(super) currency: usize,
    pub(super) renewal: i64,
    /// The CRM's owner.
    pub(super) owner: usize,
    /// Plan and seats that the product grants.
    pub(super) granted: (Option<usize>, i64),
}

/// The records of one company.
#[derive(Debug, Clone)]
pub(super) struct Holdings {
    pub(super) plant: Plant,
    /// The CRM account, a living duplicate, a duplicate that was merged away, and the id of one that was also purged.
    pub(super) crm: Option<String>,
    pub(super) twin: Option<String>,
    pub(super) merged: Option<String>,
    pub(super) purged: Option<String>,
    /// The living duplicate is merged away in the second week.
    pub(super) twin_merges: bool,
    pub(super) account_number: u64,
    pub(super) bills: Vec<Bill>,
    pub(super) organization: Option<String>,
    pub(super) organization_twin: Option<String>,
    pub(super) group: Option<String>,
    pub(super) group_twin: Option<String>,
    pub(super) claims: [Claims; 2],
    /// The owner that billing names.
    pub(super) success: usize,
    /// The address that billing has.
    pub(super) billing_place: Place,
}

/// A cross id as another system keeps it, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct CrossId {
    /// The id, empty on half of the records.
    pub(super) id: String,
    /// The kind of conflict it is, if it is one.
    pub(super) fault: Option<&'static str>,
}

impl Holdings {
    /// Draws the records of a company.
    pub(super) fn draw(
        dice: &mut Dice,
        company: &mut Company,
        plant: Plant,
        keys: &mut Keys,
        calendar: Calendar,
    ) -> Self {
        let customer = company.stage == Stage::Customer;
        if plant == Plant::Status && dice.chance(500) {
            for contract in company.contracts.iter_mut().flatten() {
                contract.ended = Some(calendar.today - dice.between(12, 40) * DAY);
            }
        }
        if plant == Plant::OneToMany {
            // Enough seats to split.
            for contract in company.contracts.iter_mut().flatten() {
                contract.seats += 4;
            }
        }
        let loose = company.fresh || company.domains.is_empty();
        let crm = (plant != Plant::BilledNotWon || loose || dice.chance(600)).then(|| keys.salesforce("001"));
        let has = crm.is_some() && !company.fresh;
        let twin = (has && dice.chance(75)).then(|| keys.salesforce("001"));
        let merged = (has && dice.chance(55)).then(|| keys.salesforce("001"));
        let purged = (has && dice.chance(20)).then(|| keys.salesforce("001"));
        let [organization, group] = match company.stage {
            _ if company.fresh => [0, 0],
            Stage::Customer => [780, 880],
            Stage::Former => [550, 450],
            Stage::Prospect => [70, 300],
            Stage::Partner => [400, 250],
        };
        let organization = dice.chance(organization).then(|| keys.zendesk());
        // What the product says differently needs a workspace that says it.
        let group = (dice.chance(group) || matches!(plant, Plant::Plan | Plant::Seats | Plant::Domain))
            .then(|| format!("org_{}", dice.hexadecimal(20)));
        let home = usize::from(company.place.country.europe);
        Self {
            plant,
            twin_merges: twin.is_some() && dice.chance(150),
            account_number: keys.number(10_000_000),
            bills: bills(dice, company, plant, home),
            organization_twin: organization.as_ref().filter(|_| dice.chance(40)).map(|_| keys.zendesk()),
            group_twin: group
                .as_ref()
                .filter(|_| customer && dice.chance(60))
                .map(|_| format!("org_{}", dice.hexadecimal(20))),
            claims: claims(dice, company, plant, calendar),
            success: company.owner,
            billing_place: match plant {
                Plant::Country => Place::abroad(dice, company.place.country),
                _ => company.place.clone(),
            },
            crm,
            twin,
            merged,
            purged,
            organization,
            group,
        }
    }

    /// The Salesforce id that another system keeps for this company: empty half of the time, sometimes in the short
    /// form, sometimes of a merged or purged duplicate, rarely of `stray`, another company.
    pub(super) fn cross_id(&self, dice: &mut Dice, filled: usize, stray: Option<&str>) -> CrossId {
        let Some(crm) = self.crm.as_deref().filter(|_| dice.chance(filled)) else { return CrossId::default() };
        let gone = self.purged.as_deref().or(self.merged.as_deref()).filter(|_| dice.chance(500));
        let (id, fault) = match (gone, stray.filter(|_| dice.chance(25)), self.twin.as_deref()) {
            (Some(gone), ..) => (gone, Some("dangling_tombstone")),
            (None, Some(stray), _) => (stray, Some("stale_cross_id")),
            (None, None, Some(twin)) if dice.chance(300) => (twin, None),
            _ => (crm, None),
        };
        let id = if dice.chance(300) { short_form(id) } else { id.to_owned() };
        CrossId { id, fault }
    }
}

/// Who is billed, where, and for what.
fn bills(dice: &mut Dice, company: &Company, plant: Plant, home: usize) -> Vec<Bill> {
    let Some(contracts) = company.contracts.clone() else { return Vec::new() };
    if company.parent_pays || plant == Plant::WonNotBilled {
        return Vec::new();
    }
    let customer = || String::from("cus_");
    let mut out =
        vec![Bill { region: home, customer: customer() + &dice.alphanumeric(14), contracts: Some(contracts.clone()) }];
    if plant == Plant::OneToMany {
        let split = [dice.between(20, 45), 0];
        let mut rest = contracts;
        for contract in &mut rest {
            contract.seats = (contract.seats * split[0] / 100).max(1);
        }
        if let Some(first) = &mut out[0].contracts {
            for (contract, part) in first.iter_mut().zip(&rest) {
                contract.seats = (contract.seats - part.seats).max(1);
            }
        }
        out.push(Bill { region: home, customer: customer() + &dice.alphanumeric(14), contracts: Some(rest) });
    } else if dice.chance(35) {
        // A move between the Stripe accounts copies the customer with its id.
        out.push(Bill { region: 1 - home, customer: out[0].customer.clone(), contracts: None });
    }
    out
}

/// What the CRM and the product say in both weeks, after the plant.
fn claims(dice: &mut Dice, company: &Company, plant: Plant, calendar: Calendar) -> [Claims; 2] {
    let skew = dice.pick(&[70, 80, 85, 115, 125, 140]);
    let shift = dice.between(1, 3) as usize;
    let more = dice.between(2, 9);
    let days = dice.between(4, 12);
    let product_differs = dice.chance(500);
    let reassigned = dice.chance(20);
    let cuts = [calendar.first(), calendar.second()];
    [0, 1].map(|week| {
        let contract = company.contracts.as_ref().map(|weeks| &weeks[week]);
        let alive = contract.is_some_and(|contract| contract.ended.is_none_or(|end| end > cuts[week]));
        let mut claims = Claims {
            kind: match company.stage {
                Stage::Customer if !alive => "Former customer",
                Stage::Customer => "Customer",
                Stage::Former => "Former customer",
                Stage::Prospect => "Prospect",
                Stage::Partner => "Partner",
            },
            plan: contract.map(|contract| contract.plan),
            seats: contract.map_or(0, |contract| contract.seats),
            arr: contract.filter(|_| alive || plant == Plant::Status).map_or(0, Contract::arr),
            currency: contract.map_or(0, |contract| contract.currency),
            renewal: contract.map_or(0, |contract| contract.running(calendar.today).1),
            owner: company.owner,
            granted: (contract.map(|contract| contract.plan), contract.map_or(0, |contract| contract.seats)),
        };
        match plant {
            Plant::Status if alive => claims.kind = if shift == 1 { "Prospect" } else { "Former customer" },
            Plant::Status => claims.kind = "Customer",
            Plant::Amount => claims.arr = claims.arr * skew / 100,
            Plant::Plan => {
                let other = claims.plan.map(|plan| (plan + shift) % PLANS.len());
                if product_differs { claims.granted.0 = other } else { claims.plan = other }
            }
            Plant::Seats => {
                if product_differs {
                    claims.granted.1 += more;
                } else {
                    claims.seats += more;
                }
            }
            Plant::Owner => claims.owner = usize::MAX,
            Plant::Currency => claims.currency = (claims.currency + 1) % CURRENCIES.len(),
            Plant::Timing => claims.renewal += days * DAY,
            _ => {}
        }
        if week == 1 && reassigned && plant == Plant::None {
            claims.owner = usize::MAX;
        }
        claims
    })
}
