//! How is each table of the joined model made from source rows and the entity graph?

pub mod account_billing;
pub mod account_contract;
pub mod account_fields;
pub mod account_invoices;
pub mod account_money;
pub mod account_sales;
pub mod account_support;
pub mod account_usage;
pub mod accounts;
pub mod invoices;
pub mod opportunities;
pub mod people;
pub mod price;
pub mod subscriptions;
pub mod tickets;
pub mod usage;
pub mod usage_sql;

/// The fields of the joined model that survive from several records, such as `accounts.name`: those that a rule can be about.
pub fn fields() -> impl Iterator<Item = String> {
    let of = |table: &'static str, specs: &'static [account_fields::FieldSpec]| {
        specs.iter().map(move |spec| format!("{table}.{}", spec.field))
    };
    of("accounts", account_fields::ACCOUNT_FIELDS).chain(of("people", account_fields::PERSON_FIELDS))
}
