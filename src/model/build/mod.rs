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
