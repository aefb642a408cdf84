//! Which entities, links and relations did the last run publish? A rule of survivorship changes none of them.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::ident::{EntityId, EntityKind, RecordKey};
use crate::resolve::graph::{Entity, EntityGraph, HierarchyEdge, Link, Relation};
use crate::warehouse::{Rows, TableName, Warehouse};

/// The published graph without its pairs; None before the first run.
///
/// # Errors
/// `Warehouse` when the published tables cannot be read.
pub(super) fn graph(warehouse: &dyn Warehouse, schema: &str) -> Result<Option<EntityGraph>> {
    let tables = warehouse.tables(schema)?;
    let has = |name: &str| tables.iter().any(|table| table.name.table == name);
    if !["entities", "links", "relations", "hierarchy"].into_iter().all(has) {
        return Ok(None);
    }
    let dialect = warehouse.dialect();
    let select = |table: &str, columns: &[&str]| -> Result<Rows> {
        let listed: Vec<String> = columns.iter().map(|name| dialect.text(&dialect.quote(name))).collect();
        let order: Vec<String> = (1..=columns.len()).map(|place| place.to_string()).collect();
        let name = dialect.table(&TableName::new(schema, table));
        warehouse.query(&format!("SELECT {} FROM {name} ORDER BY {}", listed.join(", "), order.join(", ")), &[])
    };
    let mut graph = EntityGraph::default();
    let mut members: BTreeMap<String, Vec<RecordKey>> = BTreeMap::new();
    let links = select("links", &["entity_id", "kind", "source", "table", "pk", "rule", "decided_by"])?;
    for row in 0..links.len() {
        let text = |column: usize| links.text(row, column).unwrap_or_default();
        let record = RecordKey::new(text(2), text(3), text(4));
        members.entry(text(0).to_owned()).or_default().push(record.clone());
        graph.links.push(Link {
            entity: EntityId::new(text(0)),
            kind: kind(text(1)),
            record,
            rule: text(5).to_owned(),
            weight: None,
            decided_by: text(6).to_owned(),
        });
    }
    let entities = select("entities", &["entity_id", "kind", "label"])?;
    for row in 0..entities.len() {
        let text = |column: usize| entities.text(row, column).unwrap_or_default();
        let mut members = members.remove(text(0)).unwrap_or_default();
        members.sort();
        graph.entities.push(Entity {
            id: EntityId::new(text(0)),
            kind: kind(text(1)),
            label: text(2).to_owned(),
            members,
        });
    }
    let relations = select("relations", &["source", "table", "pk", "relation", "entity_id", "rule"])?;
    for row in 0..relations.len() {
        let text = |column: usize| relations.text(row, column).unwrap_or_default();
        graph.relations.push(Relation {
            record: RecordKey::new(text(0), text(1), text(2)),
            relation: text(3).to_owned(),
            entity: EntityId::new(text(4)),
            rule: text(5).to_owned(),
            weight: None,
        });
    }
    let edges = select("hierarchy", &["child_entity_id", "parent_entity_id", "relation", "basis"])?;
    for row in 0..edges.len() {
        let text = |column: usize| edges.text(row, column).unwrap_or_default();
        graph.hierarchy.push(HierarchyEdge {
            child: EntityId::new(text(0)),
            parent: EntityId::new(text(1)),
            relation: text(2).to_owned(),
            basis: text(3).to_owned(),
        });
    }
    graph.hierarchy.sort();
    Ok(Some(graph))
}

fn kind(word: &str) -> EntityKind {
    if word == EntityKind::Person.as_str() { EntityKind::Person } else { EntityKind::Account }
}
