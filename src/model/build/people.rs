//! What do all sources together say of each person?

use super::account_fields::PERSON_FIELDS;
use super::accounts::{kind_of, other_fields};
use super::usage::Usage;
use crate::config::Config;
use crate::error::Result;
use crate::model::cell::Cell;
use crate::model::graph_index::{EntityNumber, GraphIndex};
use crate::model::lineage::{Lineage, Owner, Source};
use crate::model::members::{Member, offers};
use crate::model::reader::Reader;
use crate::model::sheet::{Parts, Sheet};
use crate::model::source_rows::{CellRef, WHOLE_ROW};
use crate::model::survivorship::Candidate;
use crate::model::survivorship::rules::FieldRule;
use crate::model::table::{ModelColumn, ModelTable, TableWriter};
use crate::model::transform::Transform;
use crate::progress::CancelToken;
use crate::warehouse::ColumnType;

const TOTALS: [ModelColumn; 2] = [
    ModelColumn::cells("emails", ColumnType::Text, "All addresses, by comma. Personal data."),
    ModelColumn::cells("last_active_on", ColumnType::Date, "The last day with an event in the product."),
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

/// Builds `people`.
///
/// # Errors
/// `Internal` when rows do not fit their columns; `Cancelled`.
#[expect(clippy::too_many_arguments, reason = "everything that people are made of, once")]
pub fn build(
    reader: &mut Reader<'_, '_>,
    index: &GraphIndex<'_>,
    config: &Config,
    members: &[Vec<Member>],
    homes: &[Option<EntityNumber>],
    usage: &Usage,
    lineage: &mut Lineage,
    cancel: &CancelToken,
) -> Result<ModelTable> {
    let rules: Vec<FieldRule> = PERSON_FIELDS
        .iter()
        .map(|spec| FieldRule::of(config, "people", spec.field, spec.choice, spec.surfaces))
        .collect();
    let documentation = "One row a human being, as all sources together know them. Personal data.";
    let mut writer = TableWriter::new("people", documentation, columns());
    for number in 0..index.people.len() {
        if number % 4096 == 0 {
            cancel.check()?;
        }
        let members = &members[number];
        let mut offered = Vec::with_capacity(PERSON_FIELDS.len());
        for spec in PERSON_FIELDS {
            let mut found = offers(reader, spec, members);
            if spec.field == "name" {
                found.extend(spelt_out(reader, members));
            }
            offered.push(found);
        }
        let emails = addresses(reader, members);
        let mut sheet = Sheet::new(reader.rows, lineage, Owner::Person(number as EntityNumber));
        sheet.own(Cell::words(index.people[number].id.as_str()));
        let others = other_fields(reader.rows, PERSON_FIELDS, &rules, &offered);
        for ((spec, rule), candidates) in PERSON_FIELDS.iter().zip(&rules).zip(offered) {
            let rule = rule.pick(index.people[number].id.as_str(), &|field| others.get(field).cloned());
            sheet.settle(spec.field, rule, candidates);
        }
        let words: Vec<String> = emails.iter().filter_map(|(_, value)| value.text()).collect();
        sheet.sum("emails", "distinct(email)", Cell::words(&words.join(",")), Vec::new(), &emails);
        match usage.people.get(&(number as EntityNumber)) {
            Some((day, table)) => {
                let rule = "max(day of events)";
                sheet.aggregate("last_active_on", rule, Cell::Date(*day), *table, WHOLE_ROW, Parts::default());
            }
            None => sheet.own(Cell::Null),
        }
        let home = homes[number].map(|account| index.accounts[account as usize].id.as_str());
        sheet.own(home.map_or(Cell::Null, Cell::words));
        let internal = words
            .iter()
            .filter_map(|address| address.rsplit('@').next())
            .any(|domain| config.own_domains.iter().any(|own| own.trim().eq_ignore_ascii_case(domain)));
        sheet.own(Cell::Boolean(internal));
        let entity = index.people[number];
        let mut sources: Vec<&str> = entity.members.iter().map(|record| record.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        sheet.own(Cell::words(&sources.join(",")));
        sheet.own(Cell::Integer(entity.members.len() as i64));
        writer.push(&sheet.cells)?;
    }
    writer.finish()
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
