//! How is the entity graph written?

use super::PublishInput;
use super::lineage::Note;
use super::rows::{Shape, Slot, load as load_rows};
use crate::error::Result;
use crate::ident::{EntityKind, PairKey};
use crate::resolve::graph::{Birth, CandidatePair, EntityGraph, Link, Relation};
use crate::warehouse::{ColumnType, Publication};

use ColumnType::{Float, Integer, Text};

const ENTITIES: &Shape = &[
    ("entity_id", Text),
    ("kind", Text),
    ("label", Text),
    ("record_count", Integer),
    ("born", Text),
    ("first_seen_run", Text),
];

const LINKS: &Shape = &[
    ("entity_id", Text),
    ("kind", Text),
    ("source", Text),
    ("table", Text),
    ("pk", Text),
    ("rule", Text),
    ("weight", Float),
    ("decided_by", Text),
];

const RELATIONS: &Shape = &[
    ("source", Text),
    ("table", Text),
    ("pk", Text),
    ("relation", Text),
    ("entity_id", Text),
    ("rule", Text),
    ("weight", Float),
];

const HIERARCHY: &Shape = &[("child_entity_id", Text), ("parent_entity_id", Text), ("relation", Text), ("basis", Text)];

const PAIRS: &Shape = &[
    ("pair_id", Text),
    ("kind", Text),
    ("left_source", Text),
    ("left_table", Text),
    ("left_pk", Text),
    ("right_source", Text),
    ("right_table", Text),
    ("right_pk", Text),
    ("weight", Float),
    ("probability", Float),
    ("status", Text),
    ("rule", Text),
    ("waterfall", Text),
    ("fields", Text),
];

const EVENTS: &Shape =
    &[("entity_id", Text), ("event", Text), ("other_entity_id", Text), ("records", Text), ("reason", Text)];

/// Loads the tables of the graph.
pub(super) fn load(publication: &mut Publication<'_>, input: &PublishInput<'_>, note: Note<'_>) -> Result<()> {
    let graph: &EntityGraph = input.graph;
    let now = Birth { at: Some(input.started.to_string()), run: Some(input.run_id.to_owned()) };
    let entities = graph.entities.iter().map(|entity| {
        let birth = graph.births.get(&entity.id).unwrap_or(&now);
        vec![
            Slot::words(entity.id.as_str()),
            Slot::words(kind(entity.kind)),
            Slot::words(&entity.label),
            Slot::Integer(entity.members.len() as i64),
            birth.at.as_deref().into(),
            birth.run.as_deref().into(),
        ]
    });
    note("entities", load_rows(publication, "entities", ENTITIES, entities)?)?;
    // Rows of one entity lie together, so that an engine that keeps the least and greatest value of each block skips most of them.
    let mut links: Vec<&Link> = graph.links.iter().collect();
    links.sort_by(|one, other| (&one.entity, &one.record).cmp(&(&other.entity, &other.record)));
    let links = links.into_iter().map(|link| {
        vec![
            Slot::words(link.entity.as_str()),
            Slot::words(kind(link.kind)),
            Slot::words(link.record.source.as_str()),
            Slot::words(&link.record.table),
            Slot::words(&link.record.pk),
            Slot::words(&link.rule),
            link.weight.into(),
            Slot::words(&link.decided_by),
        ]
    });
    note("links", load_rows(publication, "links", LINKS, links)?)?;
    let mut relations: Vec<&Relation> = graph.relations.iter().collect();
    relations.sort_by(|one, other| {
        (&one.entity, &one.relation, &one.record).cmp(&(&other.entity, &other.relation, &other.record))
    });
    let relations = relations.into_iter().map(|relation| {
        vec![
            Slot::words(relation.record.source.as_str()),
            Slot::words(&relation.record.table),
            Slot::words(&relation.record.pk),
            Slot::words(&relation.relation),
            Slot::words(relation.entity.as_str()),
            Slot::words(&relation.rule),
            relation.weight.into(),
        ]
    });
    note("relations", load_rows(publication, "relations", RELATIONS, relations)?)?;
    let edges = graph.hierarchy.iter().map(|edge| {
        vec![
            Slot::words(edge.child.as_str()),
            Slot::words(edge.parent.as_str()),
            Slot::words(&edge.relation),
            Slot::words(&edge.basis),
        ]
    });
    note("hierarchy", load_rows(publication, "hierarchy", HIERARCHY, edges)?)?;
    note("pairs", load_rows(publication, "pairs", PAIRS, graph.pairs.iter().map(pair))?)?;
    let events = graph.history.iter().map(|event| {
        vec![
            Slot::words(event.entity.as_str()),
            Slot::words(&event.event),
            event.other.as_ref().map(crate::ident::EntityId::as_str).into(),
            Slot::own(event.records.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
            Slot::words(&event.reason),
        ]
    });
    note("entity_events", load_rows(publication, "entity_events", EVENTS, events)?)
}

fn kind(kind: EntityKind) -> &'static str {
    kind.as_str()
}

fn pair(pair: &CandidatePair) -> Vec<Slot<'_>> {
    let PairKey { left, right } = &pair.key;
    vec![
        Slot::own(pair.key.id()),
        Slot::words(kind(pair.kind)),
        Slot::words(left.source.as_str()),
        Slot::words(&left.table),
        Slot::words(&left.pk),
        Slot::words(right.source.as_str()),
        Slot::words(&right.table),
        Slot::words(&right.pk),
        Slot::Float(pair.weight),
        Slot::Float(pair.probability),
        Slot::words(pair.status.as_str()),
        Slot::words(&pair.rule),
        json(&pair.waterfall),
        json(&pair.fields),
    ]
}

/// A structure as JSON text; these hold only text and finite numbers, which always write.
pub(super) fn json(value: &impl serde::Serialize) -> Slot<'static> {
    serde_json::to_string(value).map_or(Slot::Null, Slot::own)
}
