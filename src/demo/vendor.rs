//! Who is the demo company, what does it sell, and who works there?

use rustc_hash::FxHashSet;

use super::dice::Dice;
use super::keys::Keys;
use super::person::{Mail, Person};
use super::places::COUNTRIES;

/// The company that runs the demo: an invented maker of analytics software.
pub(super) const NAME: &str = "Larkspur Metrics";
/// Its own domain; records under it are internal.
pub(super) const DOMAIN: &str = "larkspurmetrics.io";
/// What it sells, from the smallest.
pub(super) const PLANS: [&str; 4] = ["Starter", "Team", "Business", "Enterprise"];
/// The currencies of its price list.
pub(super) const CURRENCIES: [&str; 3] = ["usd", "eur", "gbp"];
/// Price of one seat a month in cents, by plan and currency. A year costs ten months.
const SEAT: [[i64; 3]; 4] = [[1500, 1400, 1200], [2900, 2700, 2300], [4900, 4500, 3900], [7900, 7300, 6300]];

/// One seat of a plan for one billing period, in cents.
pub(super) fn unit_amount(plan: usize, currency: usize, yearly: bool) -> i64 {
    SEAT[plan][currency] * if yearly { 10 } else { 1 }
}

/// Someone who works at the vendor.
#[derive(Debug)]
pub(super) struct Colleague {
    /// The person.
    pub(super) person: Person,
    /// The Salesforce user.
    pub(super) user: String,
    /// The Zendesk user, if the person answers tickets.
    pub(super) agent: Option<String>,
    /// The product user, if the person has one.
    pub(super) member: Option<String>,
}

/// One of the two Stripe accounts' catalogue: product ids by plan, price ids by plan, currency and interval.
#[derive(Debug)]
pub(super) struct Catalogue {
    /// `prod_...` by plan.
    pub(super) products: Vec<String>,
    /// `price_...` at `((plan * 3) + currency) * 2 + yearly`.
    pub(super) prices: Vec<String>,
}

impl Catalogue {
    /// The price of a plan.
    pub(super) fn price(&self, plan: usize, currency: usize, yearly: bool) -> &str {
        &self.prices[(plan * CURRENCIES.len() + currency) * 2 + usize::from(yearly)]
    }
}

/// Everything that exists before the first customer.
#[derive(Debug)]
pub(super) struct Vendor {
    /// The people, owners of accounts first.
    pub(super) staff: Vec<Colleague>,
    /// How many of them own accounts.
    pub(super) owners: usize,
    /// Price lists of the American and the European Stripe account.
    pub(super) catalogues: [Catalogue; 2],
}

impl Vendor {
    /// The vendor, sized for its number of accounts.
    pub(super) fn new(seed: u64, accounts: usize, keys: &mut Keys) -> Self {
        let mut dice = Dice::new(seed, "vendor", 0);
        let owners = (accounts / 60).clamp(6, 120);
        let agents = owners / 2;
        let domains = [DOMAIN.to_owned()];
        let mail = Mail { domains: &domains, label: "larkspur", scheme: 0, country: &COUNTRIES[0] };
        let mut taken = FxHashSet::default();
        let staff = (0..owners + agents)
            .map(|at| Colleague {
                person: Person::meet(&mut dice, format!("S{at:04}"), &mail, None, &mut taken),
                user: keys.salesforce("005"),
                agent: (at >= owners).then(|| keys.zendesk()),
                member: dice.chance(500).then(|| dice.uuid()),
            })
            .collect();
        let catalogues = [(); 2].map(|()| Catalogue {
            products: PLANS.iter().map(|_| format!("prod_{}", dice.alphanumeric(14))).collect(),
            prices: (0..PLANS.len() * CURRENCIES.len() * 2)
                .map(|_| format!("price_1{}", dice.alphanumeric(23)))
                .collect(),
        });
        Self { staff, owners, catalogues }
    }

    /// Someone who answers tickets.
    pub(super) fn agent(&self, dice: &mut Dice) -> &str {
        let at = self.owners + dice.below(self.staff.len() - self.owners);
        self.staff[at].agent.as_deref().unwrap_or_default()
    }
}
