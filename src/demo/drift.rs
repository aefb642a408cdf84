//! What goes wrong in the second week, and how badly?
//!
//! One planted event of each sort that a drift pass should name; everything else that differs between the weeks is
//! ordinary business. `PLANTED` is the list of them, and the truth file is written from it. The first week does not depend
//! on how strong the drift of the second is.

use serde::Serialize;

use super::calendar::stamp;
use super::keys::short_form;
use super::rows::{
    Account, Contact, Customer, DomainName, Group, Identify, Invoice, InvoiceLine, Lead, Member, Opportunity,
    Organization, Owner, Price, Product, Subscription, SubscriptionItem, SupportUser, Team, Ticket, Track,
};
use super::vendor::PLANS;

/// What a table looks like in the second week.
pub(super) trait Drift {
    /// The name of a field's column in week 0 or 1, `None` where the column does not exist.
    fn column(field: &'static str, _week: usize) -> Option<&'static str> {
        Some(field)
    }

    /// Changes a row of the second week.
    fn drift(&mut self, _source: &str, _strength: Strength) {}

    /// What happens to a row in a week in which nothing goes wrong, at a moment of that week.
    fn ordinary(&mut self, _moment: i64) {}
}

/// How strong the drift of the second week is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// None at all: ordinary business.
    Harmless,
    /// A part of the rows, and easily overlooked.
    Faint,
    /// What a team would call drift.
    #[default]
    Clear,
    /// Hardly anything is left as it was.
    Gross,
}

impl Strength {
    fn of(self, [faint, clear, gross]: [usize; 3], harmless: usize) -> usize {
        match self {
            Self::Harmless => harmless,
            Self::Faint => faint,
            Self::Clear => clear,
            Self::Gross => gross,
        }
    }

    /// Of a hundred events in the last three days of the second week, how many arrive.
    pub(super) fn volume_left(self) -> usize {
        self.of([65, VOLUME_LEFT, 4], 100)
    }

    /// Of a thousand events of the second week, how many are delivered twice.
    pub(super) fn delivered_twice(self) -> usize {
        self.of([4, DELIVERED_TWICE, 80], 0)
    }

    /// Of a hundred leads, how many a clean-up deletes without a trace.
    pub(super) fn leads_deleted(self) -> usize {
        self.of([7, LEADS_DELETED, 60], 0)
    }

    /// Of a hundred events that the release brought or dropped, how many are affected.
    pub(super) fn events_changed(self) -> usize {
        self.of([40, 100, 100], 0)
    }
}

/// The plan that billing renames, and its new name.
const RENAMED_PLAN: (&str, &str) = (PLANS[2], "Scale");
/// The event that appears with the second week's release, and the one that the release dropped.
pub(super) const NEW_EVENT: (&str, &str) = ("report_scheduled", "Report Scheduled");
pub(super) const LOST_EVENT: (&str, &str) = ("dashboard_shared", "Dashboard Shared");
/// Of a hundred events in the last three days of the second week, how many arrive when the drift is clear.
pub(super) const VOLUME_LEFT: usize = 25;
/// Of a thousand events of the second week, how many are delivered twice when the drift is clear.
pub(super) const DELIVERED_TWICE: usize = 12;
/// Of a hundred leads, how many a clean-up deletes when the drift is clear.
const LEADS_DELETED: usize = 22;

/// Kind, source, table, column and what happened.
pub(super) const PLANTED: &[[&str; 5]] = &[
    ["value_renamed", "stripe_us", "product", "name", "the plan Business is called Scale"],
    ["value_renamed", "stripe_eu", "product", "name", "the plan Business is called Scale"],
    ["value_renamed", "stripe_us", "price", "nickname", "the plan Business is called Scale"],
    ["value_renamed", "stripe_eu", "price", "nickname", "the plan Business is called Scale"],
    ["new_value", "product", "tracks", "event", "report_scheduled appears"],
    ["vanished_value", "product", "tracks", "event", "dashboard_shared is no longer sent"],
    ["volume", "product", "tracks", "", "a quarter of the usual events on the last three days"],
    ["key_uniqueness", "product", "tracks", "id", "12 in 1000 events of the week are delivered twice"],
    ["column_renamed", "salesforce", "account", "seats_c", "now licensed_seats_c"],
    ["silent_null", "salesforce", "account", "renewal_date_c", "still landed, always null"],
    ["column_retyped", "salesforce", "lead", "number_of_employees", "a number became a band such as 51-200"],
    ["column_removed", "salesforce", "lead", "website", "no longer synced"],
    ["bulk_delete", "salesforce", "lead", "", "22 in 100 rows are gone, without a delete flag"],
    ["freshness", "salesforce", "opportunity", "_fivetran_synced", "nothing landed for the whole week"],
    [
        "unit_changed",
        "stripe_eu",
        "invoice",
        "amount_due",
        "units instead of cents, with the other amounts of the table",
    ],
    ["key_format", "zendesk", "organization", "external_id", "sf: and the 15-character id instead of the bare id"],
    ["column_added", "zendesk", "ticket", "is_ai_handled", "a new column"],
    ["join_rate", "zendesk", "ticket", "organization_id", "empty on about 70 in 100 tickets that had it"],
];

/// A number below 100 that only depends on a key.
pub(super) fn percentile(key: &str) -> usize {
    let hash = key
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    ((hash >> 20) % 100) as usize
}

impl Drift for Account {
    fn column(field: &'static str, week: usize) -> Option<&'static str> {
        Some(if week == 1 && field == "seats_c" { "licensed_seats_c" } else { field })
    }

    fn drift(&mut self, _source: &str, strength: Strength) {
        if percentile(&self.id) < strength.of([60, 100, 100], 0) {
            self.renewal_date_c.clear();
        }
    }
}

impl Drift for Lead {
    fn column(field: &'static str, week: usize) -> Option<&'static str> {
        (week == 0 || field != "website").then_some(field)
    }

    fn drift(&mut self, _source: &str, _strength: Strength) {
        let band = match self.number_of_employees.parse::<i64>() {
            Err(_) => return,
            Ok(..=10) => "1-10",
            Ok(..=50) => "11-50",
            Ok(..=200) => "51-200",
            Ok(..=1000) => "201-1000",
            Ok(_) => "1001+",
        };
        band.clone_into(&mut self.number_of_employees);
    }
}

impl Drift for Product {
    fn drift(&mut self, _source: &str, _strength: Strength) {
        self.name = self.name.replace(RENAMED_PLAN.0, RENAMED_PLAN.1);
    }
}

impl Drift for Price {
    fn drift(&mut self, _source: &str, _strength: Strength) {
        self.nickname = self.nickname.replace(RENAMED_PLAN.0, RENAMED_PLAN.1);
    }
}

impl Drift for Invoice {
    fn drift(&mut self, source: &str, strength: Strength) {
        if source == "stripe_eu" && percentile(&self.id) < strength.of([25, 100, 100], 0) {
            for amount in [
                &mut self.amount_due,
                &mut self.amount_paid,
                &mut self.amount_remaining,
                &mut self.subtotal,
                &mut self.tax,
                &mut self.total,
            ] {
                *amount /= 100;
            }
        }
    }
}

impl Drift for Organization {
    fn drift(&mut self, _source: &str, strength: Strength) {
        let changed = percentile(&self.id) < strength.of([30, 100, 100], 0);
        if changed && self.external_id.starts_with("001") {
            self.external_id = format!("sf:{}", short_form(&self.external_id));
        }
    }
}

impl Drift for Ticket {
    fn column(field: &'static str, week: usize) -> Option<&'static str> {
        (week == 1 || field != "is_ai_handled").then_some(field)
    }

    fn drift(&mut self, _source: &str, strength: Strength) {
        self.is_ai_handled = percentile(&self.id) % 10 == 3;
        if percentile(&self.id) < strength.of([25, 70, 97], 0) {
            self.organization_id.clear();
        }
    }
}

impl Drift for Opportunity {
    fn ordinary(&mut self, moment: i64) {
        // Some deal is always worked on.
        if percentile(&self.id) < 12 {
            self.last_modified_date = stamp(moment);
            self._fivetran_synced = stamp(moment + 900);
        }
    }
}

macro_rules! steady {
    ($($row:ty),* $(,)?) => { $(impl Drift for $row {})* };
}

steady!(
    Contact,
    Owner,
    Customer,
    Subscription,
    SubscriptionItem,
    InvoiceLine,
    DomainName,
    SupportUser,
    Team,
    Group,
    Member,
    Identify,
    Track,
);
