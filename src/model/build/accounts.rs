//! What do all sources together say of each account?

use super::account_billing::{Billing, billing_offers};
use super::account_fields::{ACCOUNT_FIELDS, FieldSpec};
use super::account_usage::UsageSources;
use super::invoices::InvoiceFact;
use super::opportunities::OpportunityFact;
use super::subscriptions::SubscriptionFact;
use super::tickets::TicketFact;
use super::usage::Usage;
use super::{account_contract, account_invoices, account_money, account_sales, account_support, account_usage};
use crate::catalog::Role;
use crate::config::Config;
use crate::error::Result;
use crate::model::cell::{Amount, Cell};
use crate::model::graph_index::{EntityNumber, GraphIndex};
use crate::model::lineage::{Lineage, Owner, Source};
use crate::model::members::{Member, offers};
use crate::model::reader::Reader;
use crate::model::sheet::{Parts, Sheet};
use crate::model::source_rows::CellRef;
use crate::model::survivorship::{Candidate, Rule};
use crate::model::table::{ModelColumn, ModelTable, TableWriter};
use crate::model::transform::{Transform, domains};
use crate::progress::{CancelToken, Progress};
use crate::warehouse::ColumnType;

/// Everything that accounts are made of.
pub struct AccountInput<'a, 'rows, 'map> {
    /// Reads source cells.
    pub reader: &'a mut Reader<'rows, 'map>,
    /// The entity graph.
    pub index: &'a GraphIndex<'a>,
    /// What the team decided.
    pub config: &'a Config,
    /// The records of each account.
    pub members: &'a [Vec<Member>],
    /// All subscriptions.
    pub subscriptions: &'a [SubscriptionFact],
    /// All invoices.
    pub invoices: &'a [InvoiceFact],
    /// All tickets.
    pub tickets: &'a [TicketFact],
    /// Use of the product.
    pub usage: &'a Usage,
    /// The opportunities of each account.
    pub opportunities: &'a [Vec<OpportunityFact>],
    /// The records of the people of each account, one of each person.
    pub people: &'a [Vec<CellRef>],
}

/// What other rooms need to know of an account.
#[derive(Debug, Clone, Default)]
pub struct AccountFact {
    /// The name people use.
    pub name: Option<String>,
    /// Recurring revenue a year.
    pub arr: Option<Amount>,
    /// Its currency.
    pub currency: Option<String>,
}

/// The subscriptions, invoices and tickets of each account, by their places.
pub struct ByAccount {
    /// Subscriptions.
    pub subscriptions: Vec<Vec<u32>>,
    /// Invoices.
    pub invoices: Vec<Vec<u32>>,
    /// Tickets.
    pub tickets: Vec<Vec<u32>>,
}

impl ByAccount {
    /// Sorts everything to its account.
    #[must_use]
    pub fn new(
        accounts: usize,
        subscriptions: &[SubscriptionFact],
        invoices: &[InvoiceFact],
        tickets: &[TicketFact],
    ) -> Self {
        let group = |owners: &mut dyn Iterator<Item = Option<EntityNumber>>| {
            let mut groups = vec![Vec::new(); accounts];
            for (place, owner) in owners.enumerate() {
                if let Some(owner) = owner {
                    groups[owner as usize].push(place as u32);
                }
            }
            groups
        };
        Self {
            subscriptions: group(&mut subscriptions.iter().map(|fact| fact.account)),
            invoices: group(&mut invoices.iter().map(|fact| fact.account)),
            tickets: group(&mut tickets.iter().map(|fact| fact.account)),
        }
    }
}

const DOMAINS: ModelColumn = ModelColumn::cells("domains", ColumnType::Text, "All registrable domains, by comma.");
const PEOPLE: ModelColumn =
    ModelColumn::cells("people", ColumnType::Integer, "People whose account it is, users of the product or not.");

const OWN: [ModelColumn; 8] = [
    ModelColumn::own("is_internal", ColumnType::Boolean, "fourfold:own_domains", "Whether it is the team itself."),
    ModelColumn::own(
        "parent_entity_id",
        ColumnType::Text,
        "fourfold:hierarchy child_of (table hierarchy)",
        "The account directly above.",
    ),
    ModelColumn::own(
        "ultimate_parent_entity_id",
        ColumnType::Text,
        "fourfold:hierarchy to its top (table hierarchy)",
        "The account above all others; itself when it stands alone.",
    ),
    ModelColumn::own(
        "hierarchy_level",
        ColumnType::Integer,
        "fourfold:hierarchy steps to its top (table hierarchy)",
        "How many accounts stand above it: 0 for one that stands alone or on top.",
    ),
    ModelColumn::own(
        "child_count",
        ColumnType::Integer,
        "fourfold:hierarchy child_of (table hierarchy)",
        "How many accounts stand directly below it.",
    ),
    ModelColumn::own(
        "billed_by_entity_id",
        ColumnType::Text,
        "fourfold:hierarchy bills_for (table hierarchy)",
        "The account that pays for it, where another one does.",
    ),
    ModelColumn::own(
        "sources",
        ColumnType::Text,
        "fourfold:links (table links)",
        "The sources that know it, by comma.",
    ),
    ModelColumn::own(
        "record_count",
        ColumnType::Integer,
        "fourfold:links (table links)",
        "How many records are linked to it.",
    ),
];

/// The fields of accounts whose cells have origins of their own, in order.
#[must_use]
pub fn columns() -> Vec<ModelColumn> {
    let mut columns =
        vec![ModelColumn::own("entity_id", ColumnType::Text, "fourfold:entity_id (table entities)", "The stable id.")];
    columns.extend(ACCOUNT_FIELDS.iter().map(|spec| ModelColumn::cells(spec.field, kind_of(spec), spec.documentation)));
    columns.push(DOMAINS);
    columns.push(PEOPLE);
    columns.extend(account_contract::COLUMNS);
    columns.extend(account_invoices::COLUMNS);
    columns.extend(account_support::COLUMNS);
    columns.extend(account_usage::COLUMNS);
    columns.extend(account_sales::COLUMNS);
    columns.extend(account_money::COLUMNS);
    columns.extend(OWN);
    columns
}

/// The type of a field's values.
#[must_use]
pub fn kind_of(spec: &FieldSpec) -> ColumnType {
    spec.concepts.first().map_or(ColumnType::Text, |(_, transform)| transform.kind())
}

/// Builds `accounts`.
///
/// # Errors
/// `Internal` when rows do not fit their columns; `Cancelled`.
pub fn build(
    input: &mut AccountInput<'_, '_, '_>,
    by_account: &ByAccount,
    lineage: &mut Lineage,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<(ModelTable, Vec<AccountFact>)> {
    let rules: Vec<Rule> = ACCOUNT_FIELDS
        .iter()
        .map(|spec| Rule::in_force(input.config, "accounts", spec.field, spec.choice, spec.surfaces))
        .collect();
    let documentation = "One row an account: a company, as all sources together know it.";
    let mut writer = TableWriter::new("accounts", documentation, columns());
    let mut facts = Vec::with_capacity(input.index.accounts.len());
    let usage_sources = UsageSources::new(input);
    for number in 0..input.index.accounts.len() {
        if number % 1024 == 0 {
            cancel.check()?;
            progress.advance(number as u64, input.index.accounts.len() as u64);
        }
        let (cells, fact) = account(input, by_account, &usage_sources, &rules, number as EntityNumber, lineage);
        writer.push(&cells)?;
        facts.push(fact);
    }
    Ok((writer.finish()?, facts))
}

fn account(
    input: &mut AccountInput<'_, '_, '_>,
    by_account: &ByAccount,
    usage_sources: &UsageSources,
    rules: &[Rule],
    number: EntityNumber,
    lineage: &mut Lineage,
) -> (Vec<Cell>, AccountFact) {
    let slot = number as usize;
    let members = &input.members[slot];
    let billing = Billing::of(input.subscriptions, &by_account.subscriptions[slot], input.reader.as_of);
    let known_domains = domain_cells(input.reader, members);
    let mut offered: Vec<Vec<(Candidate, Parts)>> = Vec::with_capacity(ACCOUNT_FIELDS.len());
    for spec in ACCOUNT_FIELDS {
        let mut found = offers(input.reader, spec, members);
        found.extend(billing_offers(input.reader.rows, &billing, spec.field));
        found.extend(owner_offers(input.reader, spec.field, members));
        if spec.field == "domain" && found.is_empty() {
            let readable = known_domains
                .iter()
                .filter(|(candidate, _)| candidate.source.value(input.reader.rows) == candidate.value);
            found.extend(readable.map(|(candidate, _)| (candidate.clone(), Parts::default())));
        }
        offered.push(found);
    }
    let rows = input.reader.rows;
    let mut sheet = Sheet::new(rows, lineage, Owner::Account(number));
    let entity = input.index.accounts[slot];
    sheet.own(Cell::words(entity.id.as_str()));
    let mut fact = AccountFact::default();
    let (mut mrr, mut seats) = (None, None);
    for ((spec, rule), candidates) in ACCOUNT_FIELDS.iter().zip(rules).zip(offered) {
        let value = sheet.settle(spec.field, rule, candidates);
        match spec.field {
            "name" => fact.name = value.text(),
            "arr" => fact.arr = value.as_amount(),
            "currency" => fact.currency = value.text(),
            "mrr" => mrr = value.as_amount(),
            "seats_bought" => seats = value.as_integer(),
            _ => {}
        }
    }
    let currency = fact.currency.as_deref();
    all_domains(&mut sheet, &known_domains);
    inhabited(&mut sheet, &input.people[slot]);
    account_contract::contracted(&mut sheet, input, &billing, members);
    let overdue = account_invoices::owed(&mut sheet, input, &by_account.invoices[slot], members, currency);
    account_support::asked(&mut sheet, input, &by_account.tickets[slot], members);
    account_usage::used(&mut sheet, input, usage_sources, number, members, seats);
    account_sales::sold(&mut sheet, input, number, members, currency);
    account_money::converted(&mut sheet, input.config, currency, [fact.arr, mrr, overdue]);
    own(&mut sheet, input, number, &known_domains);
    (sheet.cells, fact)
}

/// The owner stands in a table of colleagues, under a key on the account.
fn owner_offers(reader: &mut Reader<'_, '_>, field: &str, members: &[Member]) -> Vec<(Candidate, Parts)> {
    let (concept, transform) = match field {
        "owner" => ("owner.name", Transform::Text),
        "owner_email" => ("owner.email", Transform::Email),
        _ => return Vec::new(),
    };
    members
        .iter()
        .filter_map(|member| member.look_up(reader, "account.owner_id", Role::Owner, concept, transform))
        .map(|candidate| (candidate, Parts::default()))
        .collect()
}

/// Every domain that a record of the account names, also in a table of domains; the part of a billing address behind the `@` counts
/// where it is no free mail.
fn domain_cells(reader: &mut Reader<'_, '_>, members: &[Member]) -> Vec<(Candidate, CellRef)> {
    let mut found: Vec<(Candidate, CellRef)> = Vec::new();
    let mut add = |candidate: Candidate, cell: CellRef| {
        if !found.iter().any(|(known, _)| known.value == candidate.value) {
            found.push((candidate, cell));
        }
    };
    for member in members.iter().filter(|member| !member.dead) {
        let rows = reader.rows.table(member.table);
        for concept in ["account.website", "account.domain"] {
            for &column in rows.columns_of(concept) {
                let cell = CellRef { table: member.table, row: member.row, column };
                for domain in rows.raw(member.row, column).map(domains).unwrap_or_default() {
                    let source = Source::Cell(cell, Transform::Domain);
                    add(member.offer(Cell::Text(domain), source, Transform::Domain.name()), cell);
                }
            }
        }
        if let Some((cell, value)) = reader.cell(member.table, member.row, "account.email", Transform::CompanyMail) {
            add(member.offer(value, Source::Cell(cell, Transform::CompanyMail), Transform::CompanyMail.name()), cell);
        }
        let (source, key) = (rows.source.id.clone(), rows.key(member.row).to_owned());
        for (table, row) in reader.rows.children(&source, Role::AccountDomain, &key) {
            if let Some((cell, value)) = reader.cell(table, row, "account_domain.domain", Transform::Domain) {
                add(member.offer(value, Source::Cell(cell, Transform::Domain), Transform::Domain.name()), cell);
            }
        }
    }
    found
}

/// How many people belong to the account; none is not the same as zero where no source keeps people.
fn inhabited(sheet: &mut Sheet<'_, '_>, people: &[CellRef]) {
    match people.first() {
        Some(first) => {
            let count = Cell::Integer(people.len() as i64);
            let parts = Parts { counts: people.to_vec(), ..Parts::default() };
            sheet.aggregate("people", "count(people)", count, first.table, first.column, parts);
        }
        None => sheet.own(Cell::Null),
    }
}

fn all_domains(sheet: &mut Sheet<'_, '_>, domains: &[(Candidate, CellRef)]) {
    let mut words: Vec<String> = domains.iter().filter_map(|(candidate, _)| candidate.value.text()).collect();
    words.sort();
    let reads: Vec<(CellRef, Cell)> =
        domains.iter().map(|(candidate, cell)| (*cell, candidate.value.clone())).collect();
    sheet.sum("domains", "distinct(registrable_domain)", Cell::words(&words.join(",")), Vec::new(), &reads);
}

fn own(
    sheet: &mut Sheet<'_, '_>,
    input: &AccountInput<'_, '_, '_>,
    number: EntityNumber,
    domains: &[(Candidate, CellRef)],
) {
    let index = input.index;
    let entity = index.accounts[number as usize];
    let internal = domains
        .iter()
        .filter_map(|(candidate, _)| candidate.value.as_str())
        .any(|domain| input.config.own_domains.iter().any(|own| own.trim().eq_ignore_ascii_case(domain)));
    sheet.own(Cell::Boolean(internal));
    let id = |number: EntityNumber| Cell::words(index.accounts[number as usize].id.as_str());
    sheet.own(index.parents[number as usize].map_or(Cell::Null, id));
    sheet.own(id(index.ultimate(number)));
    sheet.own(Cell::Integer(i64::from(index.level(number))));
    sheet.own(Cell::Integer(i64::from(index.children[number as usize])));
    sheet.own(index.payers[number as usize].map_or(Cell::Null, id));
    let mut sources: Vec<&str> = entity.members.iter().map(|record| record.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    sheet.own(Cell::words(&sources.join(",")));
    sheet.own(Cell::Integer(entity.members.len() as i64));
}
