//! What do an account's subscriptions add up to?
//!
//! Amounts in different currencies are never added: the account's currency is that of its largest recurring revenue, and what
//! stands in another one is left out and named as a conflict.

use std::collections::BTreeMap;

use super::subscriptions::SubscriptionFact;
use crate::catalog::Role;
use crate::ident::Surface;
use crate::model::cell::{Amount, Cell, Moment};
use crate::model::lineage::Source;
use crate::model::members::Member;
use crate::model::parse::SubscriptionState;
use crate::model::sheet::Parts;
use crate::model::source_rows::SourceRows;
use crate::model::survivorship::Candidate;
use crate::model::transform::Transform;

/// The subscriptions of one account.
pub struct Billing<'a> {
    /// All of them.
    pub all: Vec<&'a SubscriptionFact>,
    /// The currency of the largest recurring revenue.
    pub currency: Option<String>,
    as_of: Moment,
}

impl<'a> Billing<'a> {
    /// Gathers them.
    #[must_use]
    pub fn of(facts: &'a [SubscriptionFact], places: &[u32], as_of: Moment) -> Self {
        let all: Vec<&SubscriptionFact> = places.iter().map(|place| &facts[*place as usize]).collect();
        let mut by_currency: BTreeMap<&str, Amount> = BTreeMap::new();
        for fact in &all {
            if let (Some(mrr), Some(currency)) = (fact.recurring(), fact.currency()) {
                let sum = by_currency.entry(currency).or_default();
                *sum = sum.plus(mrr);
            }
        }
        let largest = by_currency
            .iter()
            .max_by(|one, other| one.1.cmp(other.1).then_with(|| other.0.cmp(one.0)))
            .map(|(currency, _)| (*currency).to_owned());
        let currency = largest.or_else(|| all.iter().find_map(|fact| fact.currency()).map(str::to_owned));
        Self { all, currency, as_of }
    }

    /// Those that count as recurring revenue.
    pub fn live(&self) -> impl Iterator<Item = &'a SubscriptionFact> + '_ {
        self.all.iter().copied().filter(|fact| fact.state == SubscriptionState::Live)
    }

    /// The live ones in the account's currency, and those without one.
    pub fn counted(&self) -> impl Iterator<Item = &'a SubscriptionFact> + '_ {
        self.live().filter(|fact| fact.currency().is_none() || fact.currency() == self.currency.as_deref())
    }

    /// The largest live one.
    #[must_use]
    pub fn largest(&self) -> Option<&'a SubscriptionFact> {
        self.live().max_by(|one, other| {
            one.monthly.amount.cmp(&other.monthly.amount).then((other.table, other.row).cmp(&(one.table, one.row)))
        })
    }
}

fn offer(fact: &SubscriptionFact, value: Cell, source: Source, derivation: &'static str) -> Candidate {
    Candidate {
        value,
        source,
        table: fact.table,
        place: 0,
        derivation,
        via: None,
        dead: false,
        changed: None,
        filled: u32::MAX,
        order: (fact.table, fact.row),
    }
}

/// What subscriptions offer for a field of the account.
#[must_use]
pub fn billing_offers(rows: &SourceRows<'_>, billing: &Billing<'_>, field: &str) -> Option<(Candidate, Parts)> {
    match field {
        "status" => status(rows, billing),
        "plan" => {
            let fact = billing.live().filter(|fact| fact.monthly.plan.is_some()).max_by(|one, other| {
                one.monthly.amount.cmp(&other.monthly.amount).then((other.table, other.row).cmp(&(one.table, one.row)))
            })?;
            let source = Source::Cell(fact.monthly.plan?, Transform::Text);
            Some((offer(fact, source.value(rows), source, "plan of the largest live subscription"), Parts::default()))
        }
        "mrr" => recurring(billing, "sum(subscriptions.mrr)", |fact| fact.monthly.amount),
        "arr" => recurring(billing, "sum(subscriptions.mrr * 12)", |fact| fact.monthly.yearly),
        "currency" => {
            let fact = billing
                .largest()
                .into_iter()
                .chain(billing.live())
                .chain(billing.all.iter().copied())
                .find(|fact| fact.currency().is_some() && fact.currency() == billing.currency.as_deref())?;
            let (cell, _) = fact.monthly.currency.as_ref()?;
            let source = Source::Cell(*cell, Transform::Currency);
            Some((
                offer(fact, source.value(rows), source, "currency of the largest recurring revenue"),
                Parts::default(),
            ))
        }
        "seats_bought" => seats(billing),
        "renewal_date" => {
            let (fact, cell) = billing
                .live()
                .filter_map(|fact| fact.period_end.map(|(cell, end)| (fact, cell, end)))
                .filter(|(_, _, end)| *end >= billing.as_of)
                .min_by(|one, other| one.2.cmp(&other.2).then(one.1.cmp(&other.1)))
                .map(|(fact, cell, _)| (fact, cell))?;
            let source = Source::Cell(cell, Transform::Date);
            Some((
                offer(fact, source.value(rows), source, "next end of a live subscription's period"),
                Parts::default(),
            ))
        }
        _ => None,
    }
}

/// The best state of any subscription decides.
fn status(rows: &SourceRows<'_>, billing: &Billing<'_>) -> Option<(Candidate, Parts)> {
    let rank = |state: SubscriptionState| match state {
        SubscriptionState::Live => 0,
        SubscriptionState::Trial => 1,
        SubscriptionState::Pending => 2,
        SubscriptionState::Ended => 3,
    };
    let fact = billing
        .all
        .iter()
        .filter(|fact| fact.state_cell.is_some())
        .min_by_key(|fact| (rank(fact.state), fact.table, fact.row))?;
    let cell = fact.state_cell?;
    let word = match fact.state {
        SubscriptionState::Live => "customer",
        SubscriptionState::Trial => "trial",
        SubscriptionState::Pending => "prospect",
        SubscriptionState::Ended => "churned",
    };
    let value = Cell::words(word);
    let plain = Source::Cell(cell, Transform::SubscriptionLifecycle);
    if plain.value(rows) == value {
        return Some((offer(fact, value, plain, "subscription_lifecycle"), Parts::default()));
    }
    let source = Source::aggregate(value.clone(), cell);
    let parts = Parts { reads: vec![(cell, Cell::Null)], ..Parts::default() };
    Some((offer(fact, value, source, "lifecycle(subscriptions.status)"), parts))
}

fn recurring(
    billing: &Billing<'_>,
    derivation: &'static str,
    amount: impl Fn(&SubscriptionFact) -> Option<Amount>,
) -> Option<(Candidate, Parts)> {
    let mut counted: Vec<&SubscriptionFact> = billing.counted().filter(|fact| fact.monthly.amount.is_some()).collect();
    let nothing_live = billing.live().next().is_none();
    if counted.is_empty() && nothing_live {
        counted = billing.all.clone();
    }
    let first = *counted.first()?;
    let mut sum = Amount::ZERO;
    let mut parts = Parts::default();
    for fact in &counted {
        let amount = fact.recurring().and_then(|_| amount(fact)).unwrap_or(Amount::ZERO);
        sum = sum.plus(amount);
        parts.adds.push((fact.cell(), Cell::Amount(amount)));
    }
    let cell = first.cell();
    let value = Cell::Amount(sum);
    let source = Source::aggregate(value.clone(), cell);
    Some((offer(first, value, source, derivation), parts))
}

fn seats(billing: &Billing<'_>) -> Option<(Candidate, Parts)> {
    let mut sum = 0_i64;
    let mut parts = Parts::default();
    for fact in billing.live() {
        for (cell, quantity) in &fact.monthly.quantity_adds {
            sum = sum.saturating_add(*quantity);
            parts.adds.push((*cell, Cell::Integer(*quantity)));
        }
    }
    let (cell, _) = parts.adds.first()?;
    let source = Source::aggregate(Cell::Integer(sum), *cell);
    let fact = billing.largest()?;
    Some((offer(fact, Cell::Integer(sum), source, "sum(subscriptions.quantity)"), parts))
}

/// The table of that role in the source of one of the account's records of that surface: where its rows would stand if there
/// were any.
#[must_use]
pub fn table_beside(rows: &SourceRows<'_>, members: &[Member], role: Role, surface: Surface) -> Option<u16> {
    members
        .iter()
        .map(|member| rows.table(member.table).source)
        .filter(|source| source.surface == surface)
        .find_map(|source| rows.of_role(role).find(|(_, table)| table.source.id == source.id).map(|(place, _)| place))
}
