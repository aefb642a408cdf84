//! What do all sources together say of each person?

use super::account_fields::PERSON_FIELDS;
use super::accounts::kind_of;
use super::tickets::TicketFact;
use super::usage::Usage;
use crate::config::Config;
use crate::error::Result;
use crate::model::cell::{Cell, DAY_MICROS};
use crate::model::graph_index::{EntityNumber, GraphIndex};
use crate::model::lineage::{Lineage, Owner, Source};
use crate::model::members::{Member, offers};
use crate::model::parse::TicketState;
use crate::model::reader::Reader;
use crate::model::sheet::{Parts, Sheet};
use crate::model::source_rows::{CellRef, WHOLE_ROW};
use crate::model::survivorship::{Candidate, Rule};
use crate::model::table::{ModelColumn, ModelTable, TableWriter};
use crate::model::transform::Transform;
use crate::progress::CancelToken;
use crate::warehouse::ColumnType;

const TOTALS: [ModelColumn; 7] = [
    ModelColumn::cells("emails", ColumnType::Text, "All addresses, by comma. Personal data."),
    ModelColumn::cells("usage_events_28d", ColumnType::Integer, "Events in the 28 days up to the run, days in UTC."),
    ModelColumn::cells("active_days_28d", ColumnType::Integer, "Different days with an event in 28 days."),
    ModelColumn::cells("last_active_on", ColumnType::Date, "The last day with an event in the product, in UTC."),
    ModelColumn::cells("tickets_open", ColumnType::Integer, "Tickets of the person that nobody has solved."),
    ModelColumn::cells("tickets_90d", ColumnType::Integer, "Tickets that the person made in the last 90 days."),
    ModelColumn::cells("last_ticket_at", ColumnType::Timestamp, "When the last ticket was made, UTC."),
];

const OWN: [ModelColumn; 4] = [
    ModelColumn::own(
        "account_entity_id",
        ColumnType::Text,
        "fourfold:relation user_of_account (table relations)",
        "The account the person belongs to: the one that most of the records name.",
    ),
    ModelColumn::own("is_internal", ColumnType::Boolean, "fourfold:own_domains", "Whether it is a colleague."),
    ModelColumn::own(
        "sources",
        ColumnType::Text,
        "fourfold:links (table links)",
        "The sources that know the person, by comma.",
    ),
    ModelColumn::own(
        "record_count",
        ColumnType::Integer,
        "fourfold:links (table links)",
        "How many records are linked.",
    ),
];

/// The columns of `people`.
#[must_use]
pub fn columns() -> Vec<ModelColumn> {
    let mut columns =
        vec![ModelColumn::own("entity_id", ColumnType::Text, "fourfold:entity_id (table entities)", "The stable id.")];
    columns.extend(PERSON_FIELDS.iter().map(|spec| ModelColumn::cells(spec.field, kind_of(spec), spec.documentation)));
    columns.extend(TOTALS);
    columns.extend(OWN);
    columns
}

/// The account that each person belongs to: the one that most of the records name, then the first by id.
#[must_use]
pub fn homes(reader: &Reader<'_, '_>, index: &GraphIndex<'_>, members: &[Vec<Member>]) -> Vec<Option<EntityNumber>> {
    let related: Vec<_> = reader.rows.tables.iter().map(|rows| index.related_rows("user_of_account", rows)).collect();
    let home = |members: &Vec<Member>| {
        let mut named: Vec<(bool, EntityNumber)> = members
            .iter()
            .filter_map(|member| Some((member.dead, related[member.table as usize].of(member.row)?)))
            .collect();
        named.sort_unstable();
        named
            .chunk_by(|one, other| one == other)
            .min_by_key(|group| (group[0].0, std::cmp::Reverse(group.len()), group[0].1))
            .map(|group| group[0].1)
    };
    members.iter().map(home).collect()
}

/// One record of each person, by the account that is the person's home.
#[must_use]
pub fn inhabitants(
    index: &GraphIndex<'_>,
    members: &[Vec<Member>],
    homes: &[Option<EntityNumber>],
) -> Vec<Vec<CellRef>> {
    let mut found = vec![Vec::new(); index.accounts.len()];
    for (members, home) in members.iter().zip(homes) {
        let living = members.iter().find(|member| !member.dead).or(members.first());
        if let (Some(home), Some(member)) = (home, living) {
            found[*home as usize].push(CellRef { table: member.table, row: member.row, column: WHOLE_ROW });
        }
    }
    found
}

/// Everything that people are made of.
pub struct PersonInput<'a, 'rows, 'map> {
    /// Reads source cells.
    pub reader: &'a mut Reader<'rows, 'map>,
    /// The entity graph.
    pub index: &'a GraphIndex<'a>,
    /// What the team decided.
    pub config: &'a Config,
    /// The records of each person.
    pub members: &'a [Vec<Member>],
    /// The account of each person.
    pub homes: &'a [Option<EntityNumber>],
    /// Use of the product.
    pub usage: &'a Usage,
    /// All tickets.
    pub tickets: &'a [TicketFact],
}

/// Builds `people`.
///
/// # Errors
/// `Internal` when rows do not fit their columns; `Cancelled`.
pub fn build(input: &mut PersonInput<'_, '_, '_>, lineage: &mut Lineage, cancel: &CancelToken) -> Result<ModelTable> {
    let rules: Vec<Rule> = PERSON_FIELDS
        .iter()
        .map(|spec| Rule::in_force(input.config, "people", spec.field, spec.choice, spec.surfaces))
        .collect();
    let documentation = "One row a human being, as all sources together know them. Personal data.";
    let mut writer = TableWriter::new("people", documentation, columns());
    let mut asked: Vec<Vec<u32>> = vec![Vec::new(); input.index.people.len()];
    for (place, fact) in input.tickets.iter().enumerate() {
        if let Some(person) = fact.person {
            asked[person as usize].push(place as u32);
        }
    }
    for (number, asked) in asked.iter().enumerate() {
        if number % 4096 == 0 {
            cancel.check()?;
        }
        let cells = person(input, &rules, number as EntityNumber, asked, lineage);
        writer.push(&cells)?;
    }
    writer.finish()
}

fn person(
    input: &mut PersonInput<'_, '_, '_>,
    rules: &[Rule],
    number: EntityNumber,
    asked: &[u32],
    lineage: &mut Lineage,
) -> Vec<Cell> {
    let slot = number as usize;
    let members = &input.members[slot];
    let mut offered = Vec::with_capacity(PERSON_FIELDS.len());
    for spec in PERSON_FIELDS {
        let mut found = offers(input.reader, spec, members);
        if spec.field == "name" {
            found.extend(spelt_out(input.reader, members));
        }
        offered.push(found);
    }
    let emails = addresses(input.reader, members);
    let mut sheet = Sheet::new(input.reader.rows, lineage, Owner::Person(number));
    sheet.own(Cell::words(input.index.people[slot].id.as_str()));
    for ((spec, rule), candidates) in PERSON_FIELDS.iter().zip(rules).zip(offered) {
        sheet.settle(spec.field, rule, candidates);
    }
    let words: Vec<String> = emails.iter().filter_map(|(_, value)| value.text()).collect();
    sheet.sum("emails", "distinct(email)", Cell::words(&words.join(",")), Vec::new(), &emails);
    used(&mut sheet, input, number);
    tickets(&mut sheet, input, asked);
    let home = input.homes[slot].map(|account| input.index.accounts[account as usize].id.as_str());
    sheet.own(home.map_or(Cell::Null, Cell::words));
    let internal = words
        .iter()
        .filter_map(|address| address.rsplit('@').next())
        .any(|domain| input.config.own_domains.iter().any(|own| own.trim().eq_ignore_ascii_case(domain)));
    sheet.own(Cell::Boolean(internal));
    let entity = input.index.people[slot];
    let mut sources: Vec<&str> = entity.members.iter().map(|record| record.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    sheet.own(Cell::words(&sources.join(",")));
    sheet.own(Cell::Integer(entity.members.len() as i64));
    sheet.cells
}

/// What a person did in the product. Who did nothing in 28 days but something before has zero; who was never seen has nothing.
fn used(sheet: &mut Sheet<'_, '_>, input: &PersonInput<'_, '_, '_>, number: EntityNumber) {
    let Some((day, table)) = input.usage.people.get(&number) else {
        for _ in 0..3 {
            sheet.own(Cell::Null);
        }
        return;
    };
    let recent = input.usage.recent.get(&number).copied().unwrap_or_default();
    for (field, rule, value) in [
        ("usage_events_28d", "count(events) over 28 days", Cell::Integer(recent.events_28d)),
        ("active_days_28d", "count(distinct day of events) over 28 days", Cell::Integer(recent.active_days_28d())),
        ("last_active_on", "max(day of events)", Cell::Date(*day)),
    ] {
        sheet.aggregate(field, rule, value, *table, WHOLE_ROW, Parts::default());
    }
}

/// What a person asked support. Who never asked has nothing, which is not the same as zero.
fn tickets(sheet: &mut Sheet<'_, '_>, input: &PersonInput<'_, '_, '_>, places: &[u32]) {
    let facts: Vec<&TicketFact> = places.iter().map(|place| &input.tickets[*place as usize]).collect();
    let Some(table) = facts.first().map(|fact| fact.table) else {
        for _ in 0..3 {
            sheet.own(Cell::Null);
        }
        return;
    };
    let as_of = input.reader.as_of;
    let since = as_of.0 - 90 * DAY_MICROS;
    let whole = |fact: &TicketFact| CellRef { table: fact.table, row: fact.row, column: WHOLE_ROW };
    let open: Vec<CellRef> = facts
        .iter()
        .filter(|fact| fact.state == TicketState::Open)
        .map(|fact| fact.state_cell.unwrap_or_else(|| whole(fact)))
        .collect();
    let recent: Vec<CellRef> = facts
        .iter()
        .filter_map(|fact| fact.created)
        .filter(|(_, moment)| moment.0 > since && *moment <= as_of)
        .map(|(cell, _)| cell)
        .collect();
    for (field, rule, counts) in [
        ("tickets_open", "count(tickets where open)", open),
        ("tickets_90d", "count(tickets where created_at within 90 days)", recent),
    ] {
        let column = counts.first().map_or(WHOLE_ROW, |cell| cell.column);
        let value = Cell::Integer(counts.len() as i64);
        sheet.aggregate(field, rule, value, table, column, Parts { counts, ..Parts::default() });
    }
    let last =
        facts.iter().filter_map(|fact| fact.created).max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
    match last {
        Some((cell, _)) => sheet.plain("last_ticket_at", cell, Transform::Timestamp),
        None => sheet.own(Cell::Null),
    }
}

/// A full name out of its two halves, for records that keep only those.
fn spelt_out(reader: &mut Reader<'_, '_>, members: &[Member]) -> Vec<(Candidate, Parts)> {
    let mut found = Vec::new();
    for member in members {
        if reader.words(member.table, member.row, "person.name").is_some() {
            continue;
        }
        let halves: Vec<(CellRef, Cell)> = ["person.given_name", "person.family_name"]
            .iter()
            .filter_map(|concept| reader.cell(member.table, member.row, concept, Transform::Text))
            .collect();
        let Some((first, _)) = halves.first() else { continue };
        let words: Vec<&str> = halves.iter().filter_map(|(_, half)| half.as_str()).collect();
        let value = Cell::words(&words.join(" "));
        let source = Source::aggregate(value.clone(), *first);
        found
            .push((member.offer(value, source, "given_name family_name"), Parts { reads: halves, ..Parts::default() }));
    }
    found
}

/// Every different address, sorted.
fn addresses(reader: &mut Reader<'_, '_>, members: &[Member]) -> Vec<(CellRef, Cell)> {
    let mut found: Vec<(CellRef, Cell)> = Vec::new();
    for member in members {
        if let Some((cell, value)) = reader.cell(member.table, member.row, "person.email", Transform::Email)
            && !found.iter().any(|(_, known)| *known == value)
        {
            found.push((cell, value));
        }
    }
    found.sort_by(|(_, one), (_, other)| one.as_str().cmp(&other.as_str()));
    found
}
