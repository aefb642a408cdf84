//! What can a table be, and what can a column mean?
//!
//! A concept is written `role.property`, such as `account.domain`. Roles and properties are a closed list, so that a
//! misspelt one in `fourfold.toml` or in a catalog file is an error with a suggestion and not a silent nothing.

use serde::{Deserialize, Serialize};

/// What one row of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A company: CRM account, billing customer, support organisation, product group.
    Account,
    /// A human being: contact, lead, requester, product user.
    Person,
    /// A colleague of the team itself: CRM user, support agent.
    Owner,
    /// A subscription of an account.
    Subscription,
    /// One line of a subscription.
    SubscriptionItem,
    /// What one unit of a product costs: Stripe price or plan, rate plan charge.
    Price,
    /// What is sold.
    Product,
    /// An invoice to an account.
    Invoice,
    /// One line of an invoice.
    InvoiceLine,
    /// A support case.
    Ticket,
    /// Something a user did in the product.
    Event,
    /// A sale in progress or done.
    Opportunity,
    /// A domain that belongs to an account, one a row.
    AccountDomain,
    /// A person belongs to an account, one a row.
    AccountPerson,
    /// An opportunity belongs to an account, one a row.
    AccountOpportunity,
    /// A ticket belongs to an account, one a row.
    AccountTicket,
    /// A ticket belongs to a person, one a row.
    PersonTicket,
    /// The loader's own log of its syncs.
    SyncLog,
    /// Known or unknown, but nothing that fourfold joins.
    Other,
}

/// The properties of each role. `*_id` properties hold the key of another record of the same source.
pub const PROPERTIES: &[(Role, &[&str])] = &[
    (
        Role::Account,
        &[
            "id",
            "name",
            "former_name",
            "website",
            "domain",
            "email",
            "phone",
            "street",
            "city",
            "region",
            "postal_code",
            "country",
            "industry",
            "employees",
            "annual_revenue",
            "status",
            "owner_id",
            "owner_name",
            "owner_email",
            "parent_id",
            "plan",
            "arr",
            "mrr",
            "seats",
            "currency",
            "renewal_date",
            "created_at",
            "updated_at",
            "deleted",
            "merged_into",
            "merged_ids",
            "external_id",
            "metadata",
            "description",
            "live_mode",
            "delinquent",
            "active",
        ],
    ),
    (
        Role::Person,
        &[
            "id",
            "name",
            "given_name",
            "family_name",
            "email",
            "phone",
            "title",
            "account_id",
            "company_name",
            "street",
            "city",
            "region",
            "postal_code",
            "country",
            "role",
            "owner_id",
            "created_at",
            "updated_at",
            "deleted",
            "merged_into",
            "merged_ids",
            "external_id",
            "converted_account_id",
            "converted_person_id",
            "metadata",
            "active",
        ],
    ),
    (Role::Owner, &["id", "name", "email", "active"]),
    (
        Role::Subscription,
        &[
            "id",
            "account_id",
            "status",
            "plan",
            "price_id",
            "quantity",
            "amount",
            "mrr",
            "currency",
            "interval",
            "started_at",
            "ended_at",
            "cancel_at",
            "canceled_at",
            "period_start",
            "period_end",
            "created_at",
            "updated_at",
            "deleted",
            "external_id",
            "metadata",
            "previous_id",
            "live_mode",
        ],
    ),
    (
        Role::SubscriptionItem,
        &["id", "subscription_id", "price_id", "quantity", "amount", "mrr", "deleted", "updated_at"],
    ),
    (
        Role::Price,
        &["id", "product_id", "name", "amount", "currency", "interval", "interval_count", "active", "deleted"],
    ),
    (Role::Product, &["id", "name", "active", "deleted"]),
    (
        Role::Invoice,
        &[
            "id",
            "account_id",
            "subscription_id",
            "number",
            "status",
            "amount",
            "amount_paid",
            "amount_due",
            "currency",
            "issued_at",
            "due_at",
            "paid_at",
            "paid",
            "period_start",
            "period_end",
            "created_at",
            "updated_at",
            "deleted",
            "metadata",
            "email",
            "live_mode",
        ],
    ),
    (
        Role::InvoiceLine,
        &["id", "invoice_id", "account_id", "subscription_id", "price_id", "amount", "currency", "quantity", "deleted"],
    ),
    (
        Role::Ticket,
        &[
            "id",
            "account_id",
            "person_id",
            "email",
            "status",
            "priority",
            "subject",
            "created_at",
            "updated_at",
            "solved_at",
            "satisfaction",
            "merged_into",
            "merged_ids",
            "deleted",
            "assignee_id",
        ],
    ),
    (Role::Event, &["id", "person_id", "anonymous_id", "account_id", "name", "at", "received_at", "properties"]),
    (
        Role::Opportunity,
        &[
            "id",
            "account_id",
            "name",
            "stage",
            "amount",
            "currency",
            "closed_at",
            "is_won",
            "is_closed",
            "owner_id",
            "created_at",
            "updated_at",
            "deleted",
        ],
    ),
    (Role::AccountDomain, &["account_id", "domain", "deleted"]),
    (Role::AccountPerson, &["account_id", "person_id", "deleted"]),
    (Role::AccountOpportunity, &["account_id", "opportunity_id", "deleted"]),
    (Role::AccountTicket, &["account_id", "ticket_id", "deleted"]),
    (Role::PersonTicket, &["person_id", "ticket_id", "deleted"]),
    (Role::SyncLog, &["sync_id", "started_at", "ended_at", "status"]),
];

impl Role {
    /// The word used in files and in the first part of a concept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Person => "person",
            Self::Owner => "owner",
            Self::Subscription => "subscription",
            Self::SubscriptionItem => "subscription_item",
            Self::Price => "price",
            Self::Product => "product",
            Self::Invoice => "invoice",
            Self::InvoiceLine => "invoice_line",
            Self::Ticket => "ticket",
            Self::Event => "event",
            Self::Opportunity => "opportunity",
            Self::AccountDomain => "account_domain",
            Self::AccountPerson => "account_person",
            Self::AccountOpportunity => "account_opportunity",
            Self::AccountTicket => "account_ticket",
            Self::PersonTicket => "person_ticket",
            Self::SyncLog => "sync_log",
            Self::Other => "other",
        }
    }

    /// The properties a column of such a table can have.
    #[must_use]
    pub fn properties(self) -> &'static [&'static str] {
        PROPERTIES.iter().find(|(role, _)| *role == self).map_or(&[], |(_, properties)| properties)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
