//! Why is this one entity, and where would it come apart?

use serde::Serialize;

use super::pair_rows;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::ident::{PairKey, RecordKey};
use crate::model::trace::find_entity;
use crate::resolve::cohesion::{Cut, Edge, cohesion};
use crate::resolve::waterfall::Waterfall;
use crate::warehouse::{Rows, TableName, Value, Warehouse, printable};

/// A pair that its own source calls one, or a person, holds at least this much: bits.
const CERTAIN: f64 = 30.0;

/// Pairs listed that do not belong to the entity.
const NEAR: usize = 8;

/// One record of the entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// The record.
    pub record: RecordKey,
    /// Why it belongs to the entity.
    pub rule: String,
    /// The weight in bits of its strongest pair.
    pub weight: Option<f64>,
    /// `engine`, or the reviewers.
    pub decided_by: String,
}

/// A pair of records with its bars.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tie {
    /// The pair's id; None for records that are one by their key.
    pub pair_id: Option<String>,
    /// The pair.
    pub pair: PairKey,
    /// Places in [`Explanation::records`]; None for a record of another entity.
    pub places: [Option<usize>; 2],
    /// `matched`, `accepted`, `review`, `rejected`, `refused`.
    pub status: String,
    /// What proposed it.
    pub rule: String,
    /// The weight in bits.
    pub weight: f64,
    /// 0 to 1.
    pub probability: f64,
    /// The bars, summing to the weight: those of the review screen.
    pub waterfall: Waterfall,
    /// Whether it alone ties two parts of the entity.
    pub bridge: bool,
}

/// A way to part the entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parting {
    /// The records that would go, as places in [`Explanation::records`].
    pub records: Vec<usize>,
    /// The pairs that hold them, as places in [`Explanation::edges`].
    pub edges: Vec<usize>,
    /// What holds them, in bits.
    pub bits: f64,
}

/// What holds an entity together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The entity.
    pub entity_id: String,
    /// `account` or `person`.
    pub kind: String,
    /// What people call it.
    pub label: Option<String>,
    /// Its records.
    pub records: Vec<Member>,
    /// The pairs inside it, the strongest first.
    pub edges: Vec<Tie>,
    /// Pairs each of which alone holds a part.
    pub bridges: Vec<Parting>,
    /// Where it would come apart first; None for an entity of one record.
    pub weakest_cut: Option<Parting>,
    /// The pairs that lead out of it, the likeliest first.
    pub near: Vec<Tie>,
    /// What the reader should know.
    pub notes: Vec<String>,
}

/// Explains an entity by its id, its name, the beginning of its name, or its domain.
///
/// # Errors
/// As [`find_entity`]; `Warehouse` when the warehouse cannot be read; `Data` when published bars cannot be read.
pub fn explain(warehouse: &dyn Warehouse, schema: &str, text: &str) -> Result<Explanation> {
    if !warehouse.tables(schema)?.iter().any(|table| table.name.table == "pairs") {
        return Err(Error::not_found("nothing has been published yet").hint("`fourfold run` publishes the entities"));
    }
    let (kind, id, label) = find_entity(warehouse, schema, text)?;
    if kind != "account" && kind != "person" {
        return Err(Error::config(format!("{} is a {kind}: it has no records to hold together", printable(text)))
            .hint("name an account or a person"));
    }
    let records = members(warehouse, schema, &kind, &id)?;
    let (mut edges, mut near) = (Vec::new(), Vec::new());
    for tie in ties(warehouse, schema, &id, &records)? {
        if tie.places.iter().all(Option::is_some) { edges.push(tie) } else { near.push(tie) }
    }
    same_keys(&records, &mut edges);
    let strongest = |one: &Tie, other: &Tie| hold(other).total_cmp(&hold(one)).then_with(|| one.pair.cmp(&other.pair));
    edges.sort_by(strongest);
    near.sort_by(|one, other| other.weight.total_cmp(&one.weight).then_with(|| one.pair.cmp(&other.pair)));
    near.truncate(NEAR);
    let graph: Vec<Edge> = edges
        .iter()
        .map(|tie| {
            let [left, right] = tie.places.map(Option::unwrap_or_default);
            Edge { left, right, weight: hold(tie) }
        })
        .collect();
    let found = cohesion(records.len(), &graph);
    let mut notes = Vec::new();
    if found.parts.len() > 1 {
        notes.push(format!(
            "the pairs kept tie its records into {} parts only: of a large run the weakest pairs are not kept, and some \
             hold by the average of all pairs",
            found.parts.len()
        ));
    }
    for bridge in &found.bridges {
        for edge in &bridge.edges {
            edges[*edge].bridge = true;
        }
    }
    Ok(Explanation {
        entity_id: id,
        kind,
        label,
        records,
        edges,
        bridges: found.bridges.into_iter().map(parting).collect(),
        weakest_cut: found.weakest.map(parting),
        near,
        notes,
    })
}

fn parting(cut: Cut) -> Parting {
    Parting { records: cut.part, edges: cut.edges, bits: cut.bits }
}

/// How strongly a pair holds.
fn hold(tie: &Tie) -> f64 {
    if tie.status == "accepted" || tie.pair_id.is_none() { tie.weight.max(CERTAIN) } else { tie.weight }
}

fn members(warehouse: &dyn Warehouse, schema: &str, kind: &str, id: &str) -> Result<Vec<Member>> {
    let dialect = warehouse.dialect();
    let names: Vec<String> = ["source", "table", "pk", "rule", "decided_by"].map(|name| dialect.quote(name)).into();
    let sql = format!(
        "SELECT {}, weight FROM {} WHERE entity_id = CAST($1 AS VARCHAR(1000)) AND kind = CAST($2 AS VARCHAR(1000)) \
         ORDER BY {}",
        names.join(", "),
        dialect.table(&TableName::new(schema, "links")),
        names[..3].iter().map(|name| dialect.ordered(name)).collect::<Vec<_>>().join(", ")
    );
    let rows = warehouse.query(&sql, &[Value::from(id), Value::from(kind)])?;
    let mut members: Vec<Member> = (0..rows.len())
        .map(|row| {
            let cell = |column: usize| rows.text(row, column).unwrap_or_default();
            Member {
                record: RecordKey::new(cell(0), cell(1), cell(2)),
                rule: cell(3).to_owned(),
                weight: rows.float(row, 5),
                decided_by: cell(4).to_owned(),
            }
        })
        .collect();
    members.sort_by(|one, other| one.record.cmp(&other.record));
    Ok(members)
}

/// The published pairs with at least one record of the entity.
fn ties(warehouse: &dyn Warehouse, schema: &str, id: &str, records: &[Member]) -> Result<Vec<Tie>> {
    let dialect = warehouse.dialect();
    let columns = [&["pair_id"], &pair_rows::BOTH[..], &["status", "rule", "waterfall"]].concat();
    let list: Vec<String> = columns.iter().map(|name| format!("p.{name}")).collect();
    let (pairs, links) =
        (dialect.table(&TableName::new(schema, "pairs")), dialect.table(&TableName::new(schema, "links")));
    let side = |side: &str| {
        format!(
            "SELECT {}, p.weight, p.probability FROM {pairs} p JOIN {links} l ON l.kind = p.kind AND l.source = \
             p.{side}_source AND l.{table} = p.{side}_table AND l.pk = p.{side}_pk \
             WHERE l.entity_id = CAST($1 AS VARCHAR(1000))",
            list.join(", "),
            table = dialect.quote("table"),
        )
    };
    let sql = format!("{} UNION {}", side("left"), side("right"));
    let rows = warehouse.query(&sql, &[Value::from(id)])?;
    (0..rows.len()).map(|row| tie(&rows, row, records)).collect()
}

fn tie(rows: &Rows, row: usize, records: &[Member]) -> Result<Tie> {
    let cell = |column: usize| rows.text(row, column).unwrap_or_default();
    let pair = pair_rows::pair(rows, row, 1);
    let waterfall: Waterfall = serde_json::from_str(cell(9))
        .context(ErrorKind::Data, || format!("the published bars of pair {} cannot be read", printable(cell(0))))?;
    let place = |record: &RecordKey| records.binary_search_by(|member| member.record.cmp(record)).ok();
    Ok(Tie {
        pair_id: Some(cell(0).to_owned()),
        places: [place(&pair.left), place(&pair.right)],
        pair,
        status: cell(7).to_owned(),
        rule: cell(8).to_owned(),
        weight: rows.float(row, 10).unwrap_or_default(),
        probability: rows.float(row, 11).unwrap_or_default(),
        waterfall,
        bridge: false,
    })
}

/// Records of one source with one key are versions of one record: no pair is kept of them.
fn same_keys(records: &[Member], edges: &mut Vec<Tie>) {
    for (at, one) in records.iter().enumerate() {
        let earlier = records[..at]
            .iter()
            .position(|other| other.record.source == one.record.source && other.record.pk == one.record.pk);
        let Some(earlier) = earlier else { continue };
        let listed = edges.iter().any(|tie| tie.places == [Some(earlier), Some(at)]);
        if !listed {
            edges.push(Tie {
                pair_id: None,
                pair: PairKey::new(records[earlier].record.clone(), one.record.clone()),
                places: [Some(earlier), Some(at)],
                status: "matched".to_owned(),
                rule: "same key".to_owned(),
                weight: CERTAIN,
                probability: 1.0,
                waterfall: Waterfall::default(),
                bridge: false,
            });
        }
    }
}
