//! Which fields does an account have, out of which concepts, and whose word counts when sources differ?
//!
//! The order of surfaces is the built-in answer: names as sales keeps them, money as billing keeps it. `fourfold.toml` replaces it
//! field by field.

use crate::ident::Surface;
use crate::model::survivorship::Choice;
use crate::model::transform::Transform;

/// A field that survives from the records of an entity.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// The name in the model.
    pub field: &'static str,
    /// What it is read from; the first filled concept of a record counts.
    pub concepts: &'static [(&'static str, Transform)],
    /// How a value is chosen when nobody stated otherwise.
    pub choice: Choice,
    /// Whose word counts, best first.
    pub surfaces: &'static [Surface],
    /// What it means.
    pub documentation: &'static str,
}

impl FieldSpec {
    const fn new(
        field: &'static str,
        concepts: &'static [(&'static str, Transform)],
        surfaces: &'static [Surface],
        documentation: &'static str,
    ) -> Self {
        Self { field, concepts, choice: Choice::Priority, surfaces, documentation }
    }

    const fn by(mut self, choice: Choice) -> Self {
        self.choice = choice;
        self
    }
}

/// Names and people: sales first.
pub const SALES_FIRST: &[Surface] = &[Surface::Crm, Surface::Billing, Surface::Support, Surface::Product];
/// Money and contracts: billing first.
pub const BILLING_FIRST: &[Surface] = &[Surface::Billing, Surface::Crm, Surface::Product, Surface::Support];
const ANY: &[Surface] = &[];

use Transform::{Currency, Domain, FormerName, Integer, Lifecycle, Money, Text, Timestamp};

/// The fields of accounts that come from one record each, in the order of the table.
pub const ACCOUNT_FIELDS: &[FieldSpec] = &[
    FieldSpec::new("name", &[("account.name", Text)], SALES_FIRST, "The name people use."),
    FieldSpec::new(
        "legal_name",
        &[("account.name", Text)],
        BILLING_FIRST,
        "The name on contracts and invoices, as billing writes it.",
    ),
    FieldSpec::new(
        "former_name",
        &[("account.former_name", Text), ("account.name", FormerName)],
        SALES_FIRST,
        "A name it had before, also as a name itself tells: (formerly X).",
    ),
    FieldSpec::new(
        "domain",
        &[("account.website", Domain), ("account.domain", Domain)],
        SALES_FIRST,
        "The main registrable domain.",
    ),
    FieldSpec::new("website", &[("account.website", Text)], SALES_FIRST, "The web address as written."),
    FieldSpec::new("phone", &[("account.phone", Text)], SALES_FIRST, "The telephone number as written."),
    FieldSpec::new("street", &[("account.street", Text)], BILLING_FIRST, "Street and number."),
    FieldSpec::new("city", &[("account.city", Text)], BILLING_FIRST, "City."),
    FieldSpec::new("region", &[("account.region", Text)], BILLING_FIRST, "State or province."),
    FieldSpec::new("postal_code", &[("account.postal_code", Text)], BILLING_FIRST, "Postal code."),
    FieldSpec::new("country", &[("account.country", Text)], BILLING_FIRST, "Country as written."),
    FieldSpec::new(
        "country_code",
        &[("account.country", Transform::CountryCode)],
        BILLING_FIRST,
        "Country by ISO 3166-1 alpha-2.",
    ),
    FieldSpec::new("industry", &[("account.industry", Text)], SALES_FIRST, "Industry."),
    FieldSpec::new("employees", &[("account.employees", Integer)], SALES_FIRST, "How many people work there."),
    FieldSpec::new(
        "annual_revenue",
        &[("account.annual_revenue", Money)],
        SALES_FIRST,
        "What the company turns over a year, in the currency of the source.",
    ),
    FieldSpec::new(
        "status",
        &[("account.status", Lifecycle)],
        BILLING_FIRST,
        "customer, trial, churned, prospect or partner.",
    ),
    FieldSpec::new("owner", &[("account.owner_name", Text)], SALES_FIRST, "The colleague who owns the account."),
    FieldSpec::new(
        "owner_email",
        &[("account.owner_email", Transform::Email)],
        SALES_FIRST,
        "The address of the colleague who owns the account.",
    ),
    FieldSpec::new("plan", &[("account.plan", Text)], BILLING_FIRST, "The plan of the largest live subscription."),
    FieldSpec::new(
        "arr",
        &[("account.arr", Money)],
        BILLING_FIRST,
        "Recurring revenue a year in `currency`: the monthly amounts of live subscriptions times twelve.",
    ),
    FieldSpec::new("mrr", &[("account.mrr", Money)], BILLING_FIRST, "Recurring revenue a month in `currency`."),
    FieldSpec::new(
        "currency",
        &[("account.currency", Currency)],
        BILLING_FIRST,
        "The currency of its money: that of the largest recurring revenue.",
    ),
    FieldSpec::new(
        "seats_bought",
        &[("account.seats", Integer)],
        BILLING_FIRST,
        "Units of live subscriptions, or what another source says was bought.",
    ),
    FieldSpec::new(
        "renewal_date",
        &[("account.renewal_date", Transform::Date)],
        BILLING_FIRST,
        "The first day on which a live subscription ends its period.",
    ),
    FieldSpec::new(
        "created_at",
        &[("account.created_at", Timestamp)],
        ANY,
        "When the first of its records was made, UTC.",
    )
    .by(Choice::Earliest),
    FieldSpec::new(
        "updated_at",
        &[("account.updated_at", Timestamp)],
        ANY,
        "When the last of its records changed, UTC.",
    )
    .by(Choice::Latest),
];

/// The fields of people that come from one record each.
pub const PERSON_FIELDS: &[FieldSpec] = &[
    FieldSpec::new("name", &[("person.name", Text)], SALES_FIRST, "The full name. Personal data."),
    FieldSpec::new("given_name", &[("person.given_name", Text)], SALES_FIRST, "The given name. Personal data."),
    FieldSpec::new("family_name", &[("person.family_name", Text)], SALES_FIRST, "The family name. Personal data."),
    FieldSpec::new("email", &[("person.email", Transform::Email)], SALES_FIRST, "The main address. Personal data."),
    FieldSpec::new("phone", &[("person.phone", Text)], SALES_FIRST, "The telephone number as written. Personal data."),
    FieldSpec::new("title", &[("person.title", Text)], SALES_FIRST, "The job title."),
    FieldSpec::new(
        "role",
        &[("person.role", Text)],
        &[Surface::Product, Surface::Support, Surface::Crm, Surface::Billing],
        "What the person may do in the source.",
    ),
    FieldSpec::new(
        "company_name",
        &[("person.company_name", Text)],
        SALES_FIRST,
        "The company as the person names it.",
    ),
    FieldSpec::new("city", &[("person.city", Text)], SALES_FIRST, "City. Personal data."),
    FieldSpec::new("country", &[("person.country", Text)], SALES_FIRST, "Country as written."),
    FieldSpec::new(
        "created_at",
        &[("person.created_at", Timestamp)],
        ANY,
        "When the first of the records was made, UTC.",
    )
    .by(Choice::Earliest),
    FieldSpec::new(
        "updated_at",
        &[("person.updated_at", Timestamp)],
        ANY,
        "When the last of the records changed, UTC.",
    )
    .by(Choice::Latest),
];
