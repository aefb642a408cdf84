//! How is each table of the joined model made from source rows and the entity graph?

pub mod account_billing;
pub mod account_fields;
pub mod account_support;
pub mod account_usage;
pub mod accounts;
pub mod invoices;
pub mod people;
pub mod price;
pub mod subscriptions;
pub mod tickets;
pub mod usage;
pub mod usage_sql;
