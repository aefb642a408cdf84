//! Which columns does each table have? The names are those under which connectors land them; the `_c` columns are the
//! custom fields that such a company adds.

#![expect(clippy::struct_field_names, reason = "the names are those of the sources")]

use super::tables::{Cells, Row};

/// Declares a table: its row type, and its header from the field names.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident = $table:literal { $($field:ident: $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default)]
        pub(super) struct $name { $(pub(super) $field: $kind),* }

        impl Row for $name {
            const TABLE: &'static str = $table;
            const HEADER: &'static [&'static str] = &[$(stringify!($field)),*];

            fn cells(&self, out: &mut Cells) {
                $(out.push(&self.$field);)*
            }
        }
    };
}

table!(
    /// Salesforce accounts.
    Account = "account" {
        id: String, is_deleted: bool, master_record_id: String, name: String, r#type: &'static str, parent_id: String,
        billing_street: String, billing_city: String, billing_state: String, billing_postal_code: String,
        billing_country: String, billing_country_code: String, phone: String, website: String, industry: String,
        number_of_employees: Option<i64>, annual_revenue: Option<i64>, account_number: String, account_source: &'static str,
        description: String, owner_id: String, currency_iso_code: String, created_date: String,
        last_modified_date: String, last_activity_date: String, stripe_customer_id_c: String, arr_c: Option<String>,
        plan_c: &'static str, seats_c: Option<i64>, renewal_date_c: String, domain_aliases_c: String,
        legacy_crm_id_c: String, _fivetran_active: bool, _fivetran_synced: String,
    }
);

table!(
    /// Salesforce contacts.
    Contact = "contact" {
        id: String, is_deleted: bool, master_record_id: String, account_id: String, first_name: String,
        last_name: String, name: String, email: String, phone: String, mobile_phone: String, title: &'static str,
        department: &'static str, mailing_city: String, mailing_country: String, owner_id: String,
        lead_source: &'static str, created_date: String, last_modified_date: String, _fivetran_active: bool,
        _fivetran_synced: String,
    }
);

table!(
    /// Salesforce leads.
    Lead = "lead" {
        id: String, is_deleted: bool, first_name: String, last_name: String, name: String, company: String,
        email: String, phone: String, website: String, title: &'static str, city: String, country: String,
        industry: String, number_of_employees: String, lead_source: &'static str, status: &'static str,
        is_converted: bool, converted_account_id: String, converted_contact_id: String, converted_date: String,
        owner_id: String, created_date: String, last_modified_date: String, _fivetran_active: bool,
        _fivetran_synced: String,
    }
);

table!(
    /// Salesforce opportunities.
    Opportunity = "opportunity" {
        id: String, is_deleted: bool, account_id: String, name: String, amount: String, currency_iso_code: String,
        close_date: String, created_date: String, stage_name: &'static str, is_closed: bool, is_won: bool,
        probability: i64, forecast_category: &'static str, lead_source: &'static str, r#type: &'static str,
        owner_id: String, last_modified_date: String, _fivetran_active: bool, _fivetran_synced: String,
    }
);

table!(
    /// Salesforce users: the owners of accounts.
    Owner = "user" {
        id: String, name: String, first_name: String, last_name: String, email: String, username: String,
        is_active: bool, title: &'static str, department: &'static str, user_type: &'static str, created_date: String,
        _fivetran_deleted: bool, _fivetran_synced: String,
    }
);

table!(
    /// Stripe customers.
    Customer = "customer" {
        id: String, created: String, email: String, name: String, description: String, phone: String,
        address_line_1: String, address_city: String, address_state: String, address_postal_code: String,
        address_country: String, currency: &'static str, delinquent: bool, balance: i64, is_deleted: bool,
        livemode: bool, metadata: String, _fivetran_synced: String,
    }
);

table!(
    /// Stripe products.
    Product = "product" {
        id: String, name: String, active: bool, r#type: &'static str, unit_label: &'static str, is_deleted: bool,
        livemode: bool, created: String, updated: String, _fivetran_synced: String,
    }
);

table!(
    /// Stripe prices; amounts in cents.
    Price = "price" {
        id: String, product_id: String, nickname: String, currency: &'static str, unit_amount: i64,
        recurring_interval: &'static str, recurring_interval_count: i64, r#type: &'static str,
        billing_scheme: &'static str, active: bool, is_deleted: bool, livemode: bool, created: String,
        _fivetran_synced: String,
    }
);

table!(
    /// Stripe subscriptions.
    Subscription = "subscription" {
        id: String, customer_id: String, status: &'static str, created: String, start_date: String,
        current_period_start: String, current_period_end: String, cancel_at: String, cancel_at_period_end: bool,
        canceled_at: String, ended_at: String, trial_start: String, trial_end: String, quantity: i64,
        billing: &'static str, livemode: bool, metadata: String, _fivetran_synced: String,
    }
);

table!(
    /// Stripe subscription items; a connector lands the price under `plan_id`.
    SubscriptionItem = "subscription_item" {
        id: String, subscription_id: String, plan_id: String, quantity: i64, created: String, metadata: &'static str,
        _fivetran_synced: String,
    }
);

table!(
    /// Stripe invoices; amounts in cents.
    Invoice = "invoice" {
        id: String, customer_id: String, subscription_id: String, number: String, currency: &'static str,
        status: &'static str, paid: bool, amount_due: i64, amount_paid: i64, amount_remaining: i64, subtotal: i64,
        tax: i64, total: i64, attempt_count: i64, billing_reason: &'static str, period_start: String,
        period_end: String, due_date: String, created: String, is_deleted: bool, livemode: bool,
        metadata: &'static str, _fivetran_synced: String,
    }
);

table!(
    /// Stripe invoice lines; amounts in cents.
    InvoiceLine = "invoice_line_item" {
        id: String, invoice_id: String, subscription_id: String, subscription_item_id: String, price_id: String,
        amount: i64, currency: &'static str, description: String, quantity: i64, r#type: &'static str,
        proration: bool, period_start: String, period_end: String, livemode: bool, _fivetran_synced: String,
    }
);

table!(
    /// Zendesk organisations.
    Organization = "organization" {
        id: String, name: String, external_id: String, details: String, notes: String, group_id: String,
        shared_tickets: bool, shared_comments: bool, created_at: String, updated_at: String, url: String,
        _fivetran_deleted: bool, _fivetran_synced: String,
    }
);

table!(
    /// Zendesk organisations' domains.
    DomainName = "domain_name" {
        organization_id: String, index: i64, domain_name: String, _fivetran_synced: String,
    }
);

table!(
    /// Zendesk users: requesters and agents.
    SupportUser = "user" {
        id: String, name: String, email: String, organization_id: String, role: &'static str, phone: String,
        active: bool, verified: bool, suspended: bool, locale: &'static str, time_zone: &'static str,
        created_at: String, updated_at: String, last_login_at: String, _fivetran_deleted: bool,
        _fivetran_synced: String,
    }
);

table!(
    /// Zendesk tickets.
    Ticket = "ticket" {
        id: String, subject: String, organization_id: String, requester_id: String, submitter_id: String,
        assignee_id: String, group_id: String, status: &'static str, priority: &'static str, r#type: &'static str,
        via_channel: &'static str, satisfaction_rating_score: &'static str, is_public: bool,
        created_at: String, updated_at: String, due_at: String, is_ai_handled: bool, _fivetran_deleted: bool,
        _fivetran_synced: String,
    }
);

table!(
    /// Zendesk groups of agents.
    Team = "group" {
        id: String, name: &'static str, created_at: String, updated_at: String, _fivetran_deleted: bool,
        _fivetran_synced: String,
    }
);

table!(
    /// Product workspaces, from `group` calls.
    Group = "groups" {
        id: String, name: String, domain: String, plan: String, seats: Option<i64>, salesforce_account_id: String,
        account_number: Option<i64>, country: String, created_at: String, received_at: String, uuid_ts: String,
    }
);

table!(
    /// Product users, from `identify` calls, the last state of each.
    Member = "users" {
        id: String, email: String, name: String, group_id: String, role: &'static str, created_at: String,
        received_at: String, uuid_ts: String,
    }
);

table!(
    /// `identify` calls, one row each.
    Identify = "identifies" {
        id: String, user_id: String, anonymous_id: String, email: String, name: String, original_timestamp: String,
        sent_at: String, received_at: String, timestamp: String, uuid_ts: String,
    }
);

table!(
    /// `track` calls, one row each.
    Track = "tracks" {
        id: String, user_id: String, anonymous_id: String, event: &'static str, event_text: &'static str,
        context_group_id: String, context_library_name: &'static str, original_timestamp: String, sent_at: String,
        received_at: String, timestamp: String, uuid_ts: String,
    }
);
