//! Which disagreements were planted on a company, and what do both sides say?

use crate::error::Result;

use super::calendar::{Calendar, day};
use super::company::Company;
use super::families::Member;
use super::holdings::{Holdings, Plant};
use super::salesforce::money;
use super::truth::{Planted, Truth};
use super::vendor::{CURRENCIES, PLANS, Vendor};
use super::world::World;

/// Kind and column of the disagreements that a column has as a whole.
const COLUMNS: &[[&str; 4]] = &[
    ["key_format_split", "zendesk.organization.external_id", "18 characters", "15 characters"],
    ["key_format_split", "product.groups.salesforce_account_id", "18 characters", "15 characters"],
    ["type_mismatched_join", "product.groups.account_number", "00004711", "4711"],
    ["metadata_key_drift", "stripe_us.customer.metadata", "salesforce_id", "salesforceId"],
    ["metadata_key_drift", "stripe_eu.customer.metadata", "salesforce_id", "SalesforceAccountId"],
    ["silent_null", "salesforce.contact.department", "", ""],
    ["migration_scar_field", "salesforce.account.legacy_crm_id_c", "SUG-000001", ""],
];

/// Writes what was planted on one company.
pub(super) fn declare(world: &mut World, member: &Member) -> Result<()> {
    let Member { company, holdings, .. } = member;
    let truth = &mut world.truth;
    if let [one, other, ..] = company.domains.as_slice() {
        let field = "domain";
        truth.conflict(&Planted { kind: "many_domains", account: &company.id, field, one, other })?;
    }
    if let Some((kind, field, one, other)) = disagreement(company, holdings, &world.vendor, world.calendar) {
        truth.conflict(&Planted { kind, account: &company.id, field, one: &one, other: &other })?;
    }
    Ok(())
}

/// Writes what was planted on columns and agencies.
pub(super) fn declare_columns(truth: &mut Truth, agencies: &[(String, String, u64)]) -> Result<()> {
    for [kind, field, one, other] in COLUMNS {
        truth.conflict(&Planted { kind, account: "", field, one, other })?;
    }
    for (account, domain, clients) in agencies.iter().filter(|(_, _, clients)| *clients > 1) {
        let one = format!("ap@{domain}");
        let other = format!("{clients} clients");
        truth.conflict(&Planted { kind: "shared_domain", account, field: "email", one: &one, other: &other })?;
    }
    Ok(())
}

type Disagreement = (&'static str, &'static str, String, String);

/// Kind, field, what the CRM says and what the other side says.
fn disagreement(company: &Company, holdings: &Holdings, vendor: &Vendor, calendar: Calendar) -> Option<Disagreement> {
    let [contract, _] = company.contracts.as_ref()?;
    let claims = &holdings.claims[0];
    let plan = |plan: Option<usize>| plan.map_or_else(String::new, |plan| PLANS[plan].to_owned());
    let currency = |at: usize| CURRENCIES[at].to_uppercase();
    Some(match holdings.plant {
        Plant::None => return None,
        Plant::Status => {
            let billed = if contract.ended.is_some() { "canceled" } else { "active" };
            ("status_disagreement", "status", claims.kind.to_owned(), billed.to_owned())
        }
        Plant::Amount => ("amount_disagreement", "arr", money(claims.arr), money(contract.arr())),
        // The CRM or the product differs; billing is right.
        Plant::Plan if claims.granted.0 == Some(contract.plan) => {
            ("plan_mismatch", "plan", plan(claims.plan), plan(Some(contract.plan)))
        }
        Plant::Plan => ("plan_mismatch", "plan", plan(claims.plan), plan(claims.granted.0)),
        Plant::Seats if claims.granted.1 == contract.seats => {
            ("seats_mismatch", "seats", claims.seats.to_string(), contract.seats.to_string())
        }
        Plant::Seats => ("seats_mismatch", "seats", claims.seats.to_string(), claims.granted.1.to_string()),
        Plant::Owner => {
            let email = |at: usize| vendor.staff[at].person.email.clone();
            ("owner_mismatch", "owner", email((company.owner + 1) % vendor.owners), email(holdings.success))
        }
        Plant::Currency => ("currency_mismatch", "currency", currency(claims.currency), currency(contract.currency)),
        Plant::Name => {
            ("name_mismatch", "name", company.name.former.clone().unwrap_or_default(), company.name.core.clone())
        }
        Plant::Country => {
            let country = |place: &super::places::Place| place.country.code.to_owned();
            ("country_mismatch", "country", country(&company.place), country(&holdings.billing_place))
        }
        Plant::Domain => {
            let last = company.domains.last().cloned().unwrap_or_default();
            ("domain_mismatch", "domain", company.domain().to_owned(), last)
        }
        Plant::WonNotBilled => ("won_not_billed", "subscription", "Closed Won".into(), String::new()),
        Plant::BilledNotWon => ("billed_not_won", "opportunity", String::new(), "active".into()),
        Plant::OneToMany => ("one_to_many_billing", "customer", "1".into(), holdings.bills.len().to_string()),
        Plant::Timing => ("timing", "renewal_date", day(claims.renewal), day(contract.running(calendar.today).1)),
    })
}
