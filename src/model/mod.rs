//! What do we know of each account and person when all four surfaces are read together, and how do we know it?
//!
//! | module | question |
//! | --- | --- |
//! | [`source_rows`] | which source rows are read, and how is a cell of them named? |
//! | [`parse`], [`transform`] | how does source text become a value? |
//! | [`graph_index`], [`members`] | which rows speak for which entity? |
//! | [`survivorship`] | which of several values survives? |
//! | [`build`] | how is each table made? |
//! | [`lineage`], [`orphans`] | where does each cell come from, and does each say so? |
//! | [`conflicts`] | where do surfaces disagree about one entity? |
//! | [`publish`] | how does it all reach the warehouse at once? |
//! | [`trace`] | how does one field walk back to its rows? |
//! | [`openlineage`] | how does lineage look to tools that speak OpenLineage? |
//! | [`feeds`] | what does a field feed? |
//! | [`rederive`] | which SQL gives a value again? |

pub mod build;
pub mod cell;
pub mod conflicts;
pub mod feeds;
pub mod graph_index;
pub mod lineage;
pub mod members;
pub mod openlineage;
pub mod orphans;
pub mod parse;
pub mod publish;
pub mod reader;
pub mod rederive;
pub mod row_table;
pub mod shape;
pub mod sheet;
pub mod source_rows;
pub mod survivorship;
pub mod sync;
pub mod table;
pub mod trace;
pub mod transform;

use self::build::accounts::{AccountInput, ByAccount};
use self::cell::Moment;
use self::graph_index::GraphIndex;
use self::lineage::Lineage;
use self::orphans::ColumnMapping;
use self::reader::Reader;
use self::source_rows::{SourceRows, TableRows};
use self::sync::SyncLog;
use self::table::ModelTable;
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::source_map::SourceMap;
use crate::config::Config;
use crate::error::Result;
use crate::ident::FieldPath;
use crate::progress::{CancelToken, Progress};
use crate::resolve::graph::EntityGraph;
use crate::warehouse::Warehouse;

/// Everything the joined model is made from.
pub struct ModelInput<'map> {
    /// Where the sources are.
    pub warehouse: &'map dyn Warehouse,
    /// What the chart found.
    pub map: &'map SourceMap,
    /// What resolution found.
    pub graph: &'map EntityGraph,
    /// What the team decided.
    pub config: &'map Config,
    /// The moment of the run: it parts past from future.
    pub as_of: jiff::Timestamp,
    /// The name of the run.
    pub run_id: &'map str,
}

/// The joined model, not published yet.
pub struct Model<'map> {
    /// The tables, in the order to publish them.
    pub tables: Vec<ModelTable>,
    /// Where each cell of the entity tables comes from.
    pub lineage: Lineage,
    /// Where each column of the other tables comes from.
    pub mappings: Vec<ColumnMapping>,
    /// Disagreements about values.
    pub conflicts: Vec<Conflict>,
    /// Columns that no source feeds.
    pub absent_fields: Vec<FieldPath>,
    /// What was passed over, for the reader: duplicate keys, rows without a key, unreadable values.
    pub notes: Vec<String>,
    /// The rows that lineage points into.
    pub rows: SourceRows<'map>,
    /// The entity ids behind the numbers in lineage, accounts first.
    pub account_ids: Vec<String>,
    /// The ids of people.
    pub person_ids: Vec<String>,
    /// The ids of subscriptions.
    pub subscription_ids: Vec<String>,
    /// What has become of each conflict; the engine fills it before publishing.
    pub ledger: Vec<publish::ledger::LedgerRow>,
}

/// The moment that parts past from future: when the newest row of any source landed, at most `now`. Counted from it, the same rows give
/// the same model whenever they are read, and a loader that stands still does not turn everybody into a silent customer.
#[must_use]
pub fn as_of(map: &SourceMap, now: jiff::Timestamp) -> jiff::Timestamp {
    let synced = map.sources.iter().flat_map(|source| &source.tables).filter_map(|table| table.newest_sync.as_deref());
    synced
        .filter_map(parse::moment)
        .max()
        .and_then(|moment| jiff::Timestamp::from_microsecond(moment.0).ok())
        .map_or(now, |newest| newest.min(now))
}

/// Roles whose rows the model reads.
const READ: [Role; 11] = [
    Role::Account,
    Role::Person,
    Role::Owner,
    Role::Subscription,
    Role::SubscriptionItem,
    Role::Price,
    Role::Product,
    Role::Invoice,
    Role::Ticket,
    Role::Opportunity,
    Role::AccountDomain,
];

/// Builds the joined model, with the origin of every cell and every disagreement about a value.
///
/// # Errors
/// `Warehouse` when a source cannot be read; `Cancelled`; `Internal` when a value has no origin.
pub fn build<'map>(input: &ModelInput<'map>, progress: &dyn Progress, cancel: &CancelToken) -> Result<Model<'map>> {
    build_with(input, Lineage::default(), progress, cancel)
}

/// Builds the joined model without the origins of its cells: what lineage costs is the difference. Nothing of it is to be published.
///
/// # Errors
/// As [`build`].
pub fn build_without_lineage<'map>(
    input: &ModelInput<'map>,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Model<'map>> {
    build_with(input, Lineage::off(), progress, cancel)
}

fn build_with<'map>(
    input: &ModelInput<'map>,
    mut lineage: Lineage,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Model<'map>> {
    let as_of = Moment::from(input.as_of);
    check_fields(input.config)?;
    progress.step("model: read");
    let rows = read(input, as_of, progress, cancel)?;
    let index = GraphIndex::new(input.graph);
    let mut reader = Reader::new(&rows, as_of);
    progress.step("model: subscriptions, invoices, tickets");
    let (subscriptions, subscription_facts) = build::subscriptions::build(&mut reader, &index, &mut lineage)?;
    cancel.check()?;
    let (invoices, invoice_facts) = build::invoices::build(&mut reader, &index)?;
    cancel.check()?;
    let (tickets, ticket_facts) = build::tickets::build(&mut reader, &index)?;
    progress.step("model: usage");
    let (daily, usage) = build::usage::build(input.warehouse, &rows, &index, as_of.day(), cancel)?;
    progress.step("model: accounts");
    let account_members = members::account_members(&mut reader, &index);
    let by_account = ByAccount::new(index.accounts.len(), &subscription_facts, &invoice_facts, &ticket_facts);
    let opportunities = build::opportunities::by_account(&mut reader, &index);
    let person_members = members::person_members(&mut reader, &index);
    let homes = build::people::homes(&reader, &index, &person_members);
    let inhabitants = build::people::inhabitants(&index, &person_members, &homes);
    let mut account_input = AccountInput {
        reader: &mut reader,
        index: &index,
        config: input.config,
        members: &account_members,
        subscriptions: &subscription_facts,
        invoices: &invoice_facts,
        tickets: &ticket_facts,
        usage: &usage,
        opportunities: &opportunities,
        people: &inhabitants,
    };
    let (accounts, account_facts) =
        build::accounts::build(&mut account_input, &by_account, &mut lineage, progress, cancel)?;
    progress.step("model: people");
    let people = build::people::build(
        &mut build::people::PersonInput {
            reader: &mut reader,
            index: &index,
            config: input.config,
            members: &person_members,
            homes: &homes,
            usage: &usage,
            tickets: &ticket_facts,
        },
        &mut lineage,
        cancel,
    )?;
    lineage.sort();
    progress.step("model: conflicts");
    let conflicts = conflicts::find(
        &mut conflicts::Evidence {
            reader: &mut reader,
            index: &index,
            lineage: &lineage,
            members: &account_members,
            person_members: &person_members,
            homes: &homes,
            by_account: &by_account,
            subscriptions: &subscription_facts,
            invoices: &invoice_facts,
            tickets: &ticket_facts,
            facts: &account_facts,
            usage: &usage,
            config: input.config,
        },
        cancel,
    )?;
    progress.step("model: orphan check");
    let mappings = orphans::mappings(&rows, &usage.tables);
    let tables = vec![accounts, people, subscriptions, invoices, tickets, daily];
    let absent_fields =
        if lineage.is_off() { Vec::new() } else { orphans::check(&tables, &lineage, &mappings, &rows)? };
    let notes = notes(&rows, &usage, &absent_fields);
    let subscription_ids =
        subscription_facts.iter().map(|fact| row_table::row_id(&rows, fact.table, fact.row)).collect();
    let ids = |entities: &[&crate::resolve::graph::Entity]| {
        entities.iter().map(|entity| entity.id.as_str().to_owned()).collect()
    };
    let (account_ids, person_ids) = (ids(&index.accounts), ids(&index.people));
    Ok(Model {
        tables,
        lineage,
        mappings,
        conflicts,
        absent_fields,
        notes,
        rows,
        account_ids,
        person_ids,
        subscription_ids,
        ledger: Vec::new(),
    })
}

/// A rule about a field that is not there would be a rule without effect.
fn check_fields(config: &Config) -> Result<()> {
    for field in config.survivorship.keys().chain(config.choices.iter().map(|choice| &choice.field)) {
        if build::fields().any(|known| known == *field) {
            continue;
        }
        let likeness =
            |known: &String| rapidfuzz::distance::levenshtein::normalized_similarity(known.chars(), field.chars());
        let near = build::fields().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
        let mut error = crate::error::Error::config(format!(
            "fourfold.toml: {field:?} is no field of the joined model that survives from several records"
        ));
        if let Some(near) = near {
            error = error.hint(format!("did you mean {near:?}?"));
        }
        return Err(error);
    }
    Ok(())
}

fn read<'map>(
    input: &ModelInput<'map>,
    as_of: Moment,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<SourceRows<'map>> {
    let mut tables = Vec::new();
    let total = input.map.sources.iter().map(|source| source.tables.len() as u64).sum();
    let mut done = 0;
    for source in &input.map.sources {
        let log = SyncLog::read(input.warehouse, source)?;
        for table in &source.tables {
            cancel.check()?;
            done += 1;
            progress.advance(done, total);
            if table.role == Role::Event {
                tables.push(TableRows::unread(source, table));
            } else if READ.contains(&table.role) {
                tables.push(TableRows::read(input.warehouse, source, table, log.as_ref(), as_of)?);
            }
        }
    }
    let mut rows = SourceRows::new(tables);
    if survivorship::history::is_asked(input.config) {
        rows.changes = survivorship::history::read(input.warehouse, &rows, cancel)?;
    }
    Ok(rows)
}

fn notes(rows: &SourceRows<'_>, usage: &build::usage::Usage, absent: &[FieldPath]) -> Vec<String> {
    let mut notes = Vec::new();
    let name = |table: &TableRows<'_>| format!("{}.{}", table.source.id, table.table.name.table);
    for table in &rows.tables {
        if table.without_key > 0 {
            notes.push(format!("{}: {} rows without a key were left aside", name(table), table.without_key));
        }
        if table.duplicates > 0 {
            notes.push(format!("{}: {} rows with a key of another row were left aside", name(table), table.duplicates));
        }
    }
    for (place, events) in &usage.homeless {
        notes.push(format!("{}: {events} events belong to no known account", name(rows.table(*place))));
    }
    for (place, events) in &usage.timeless {
        notes.push(format!("{}: {events} events have a time that cannot be read", name(rows.table(*place))));
    }
    if !absent.is_empty() {
        let fields: Vec<String> = absent.iter().map(ToString::to_string).collect();
        notes.push(format!("no source feeds {}: published empty", fields.join(", ")));
    }
    notes
}
