//! Which tables are written?

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Result;

use super::rows::{
    Account, Contact, Customer, DomainName, Group, Identify, Invoice, InvoiceLine, Lead, Member, Opportunity,
    Organization, Owner, Price, Product, Subscription, SubscriptionItem, SupportUser, Team, Ticket, Track,
};
use super::tables::{SecondWeek, Table};

/// The names of the two Stripe accounts, the American one first.
pub(super) const STRIPE: [&str; 2] = ["stripe_us", "stripe_eu"];

/// One Stripe account.
#[derive(Debug)]
pub(super) struct StripeTables {
    pub(super) customer: Table<Customer>,
    pub(super) product: Table<Product>,
    pub(super) price: Table<Price>,
    pub(super) subscription: Table<Subscription>,
    pub(super) item: Table<SubscriptionItem>,
    pub(super) invoice: Table<Invoice>,
    pub(super) line: Table<InvoiceLine>,
}

/// Every table of every source.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) account: Table<Account>,
    pub(super) contact: Table<Contact>,
    pub(super) lead: Table<Lead>,
    pub(super) opportunity: Table<Opportunity>,
    pub(super) owner: Table<Owner>,
    pub(super) stripe: [StripeTables; 2],
    pub(super) organization: Table<Organization>,
    pub(super) domain_name: Table<DomainName>,
    pub(super) support_user: Table<SupportUser>,
    pub(super) ticket: Table<Ticket>,
    pub(super) team: Table<Team>,
    pub(super) group: Table<Group>,
    pub(super) member: Table<Member>,
    pub(super) identify: Table<Identify>,
    pub(super) track: Table<Track>,
}

impl Output {
    /// Creates all files with their headers.
    pub(super) fn create(directory: &Path, second: SecondWeek) -> Result<Self> {
        let stripe = |at: usize| -> Result<StripeTables> {
            let source = STRIPE[at];
            Ok(StripeTables {
                customer: Table::create(directory, source, second)?,
                product: Table::create(directory, source, second)?,
                price: Table::create(directory, source, second)?,
                subscription: Table::create(directory, source, second)?,
                item: Table::create(directory, source, second)?,
                invoice: Table::create(directory, source, second)?,
                line: Table::create(directory, source, second)?,
            })
        };
        Ok(Self {
            account: Table::create(directory, "salesforce", second)?,
            contact: Table::create(directory, "salesforce", second)?,
            lead: Table::create(directory, "salesforce", second)?,
            opportunity: Table::create(directory, "salesforce", second)?,
            owner: Table::create(directory, "salesforce", second)?,
            stripe: [stripe(0)?, stripe(1)?],
            organization: Table::create(directory, "zendesk", second)?,
            domain_name: Table::create(directory, "zendesk", second)?,
            support_user: Table::create(directory, "zendesk", second)?,
            ticket: Table::create(directory, "zendesk", second)?,
            team: Table::create(directory, "zendesk", second)?,
            group: Table::create(directory, "product", second)?,
            member: Table::create(directory, "product", second)?,
            identify: Table::create(directory, "product", second)?,
            track: Table::create(directory, "product", second)?,
        })
    }

    /// Closes all files and counts their rows.
    pub(super) fn finish(self) -> Result<BTreeMap<String, u64>> {
        let mut counts = vec![
            self.account.finish()?,
            self.contact.finish()?,
            self.lead.finish()?,
            self.opportunity.finish()?,
            self.owner.finish()?,
            self.organization.finish()?,
            self.domain_name.finish()?,
            self.support_user.finish()?,
            self.ticket.finish()?,
            self.team.finish()?,
            self.group.finish()?,
            self.member.finish()?,
            self.identify.finish()?,
            self.track.finish()?,
        ];
        for tables in self.stripe {
            counts.push(tables.customer.finish()?);
            counts.push(tables.product.finish()?);
            counts.push(tables.price.finish()?);
            counts.push(tables.subscription.finish()?);
            counts.push(tables.item.finish()?);
            counts.push(tables.invoice.finish()?);
            counts.push(tables.line.finish()?);
        }
        Ok(counts.into_iter().flatten().collect())
    }
}
