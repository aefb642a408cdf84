//! How do tests get two baselines that differ in one thing?

use fourfold::chart::profile::{bucket, sketch};
use fourfold::config::DriftSettings;
use fourfold::drift::baseline::{Baseline, ColumnBaseline, JoinRate, Kind, TableBaseline};
use fourfold::drift::detect::{Comparison, Past, detect};
use fourfold::drift::finding::Finding;
use fourfold::warehouse::ColumnType;

/// Monday, 2026-01-05, 06:00 UTC.
pub const MONDAY: i64 = 1_767_592_800;
/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// Text cells as a column.
pub fn column(name: &str, kind: ColumnType, concept: Option<&str>, cells: &[Option<String>]) -> ColumnBaseline {
    let filled: Vec<&String> = cells.iter().flatten().collect();
    let mut counts = std::collections::BTreeMap::new();
    let mut formats = std::collections::BTreeMap::new();
    let mut buckets = std::collections::BTreeMap::new();
    for cell in &filled {
        *counts.entry((*cell).clone()).or_insert(0_u64) += 1;
        *formats.entry(fourfold::chart::profile::formats::format_of(cell, kind)).or_insert(0_u64) += 1;
        if let Some(bucket) = cell.parse().ok().and_then(bucket).filter(|_| kind != ColumnType::Text) {
            *buckets.entry(bucket).or_insert(0_u64) += 1;
        }
    }
    let property = concept.and_then(|concept| concept.split_once('.')).map_or("", |(_, property)| property);
    let is_key = property == "id" || property.ends_with("_id");
    let few = counts.len() <= 12 || filled.len() >= counts.len() * 5;
    ColumnBaseline {
        name: name.to_owned(),
        kind: Kind(kind),
        concept: concept.map(str::to_owned),
        is_key,
        nulls: (cells.len() - filled.len()) as u64,
        distinct: counts.len() as u64,
        formats: formats.into_iter().collect(),
        sketch: sketch(counts.keys().map(String::as_str)),
        values: if few && !is_key { counts.into_iter().collect() } else { Vec::new() },
        buckets: buckets.into_iter().collect(),
        days: Vec::new(),
    }
}

/// Cells made by their number.
pub fn cells(rows: usize, cell: impl Fn(usize) -> Option<String>) -> Vec<Option<String>> {
    (0..rows).map(cell).collect()
}

/// A column of days with a count each.
pub fn dated(name: &str, concept: &str, days: &[(i32, u64)]) -> ColumnBaseline {
    ColumnBaseline {
        name: name.to_owned(),
        kind: Kind(ColumnType::Timestamp),
        concept: Some(concept.to_owned()),
        days: days.to_vec(),
        ..ColumnBaseline::default()
    }
}

/// A table of accounts in `crm.account`, with an id and whatever else.
pub fn table(rows: usize, columns: Vec<ColumnBaseline>) -> TableBaseline {
    let ids = cells(rows, |row| Some(format!("001A{row:012}")));
    let mut all = vec![column("id", ColumnType::Text, Some("account.id"), &ids)];
    all.extend(columns);
    TableBaseline {
        source: "crm".to_owned(),
        table: "account".to_owned(),
        system: Some("salesforce".to_owned()),
        role: "account".to_owned(),
        rows: rows as u64,
        primary_key: vec!["id".to_owned()],
        synced_column: Some("_fivetran_synced".to_owned()),
        keys: sketch(ids.iter().flatten().map(String::as_str)),
        columns: all,
        ..TableBaseline::default()
    }
}

/// A baseline of tables, so many days after the Monday.
pub fn baseline(days: i64, tables: Vec<TableBaseline>) -> Baseline {
    Baseline {
        run_id: format!("2026010{}T060000000000Z", 5 + days),
        engine: "duckdb".to_owned(),
        as_of: MONDAY + days * DAY,
        tables,
        ..Baseline::default()
    }
}

/// A rate.
pub fn rate(name: &str, sort: &str, hits: u64, total: u64) -> JoinRate {
    JoinRate { source: "crm".into(), table: "account".into(), name: name.into(), sort: sort.into(), total, hits }
}

/// What moved between two baselines under the built-in thresholds.
pub fn moved(before: &Baseline, now: &Baseline) -> Vec<Finding> {
    moved_with(before, now, &[], &DriftSettings::default())
}

/// As [`moved`], with a past and what a team decided.
pub fn moved_with(before: &Baseline, now: &Baseline, past: &[Past], settings: &DriftSettings) -> Vec<Finding> {
    detect(&Comparison { before, now, past, settings, reopened: 0 })
}

/// One table a week later.
pub fn week(before: TableBaseline, now: TableBaseline) -> Vec<Finding> {
    moved(&baseline(0, vec![before]), &baseline(7, vec![now]))
}

/// Kinds with their columns, as told.
pub fn told(findings: &[Finding]) -> Vec<(String, String)> {
    findings.iter().map(|finding| (finding.kind.as_str().to_owned(), finding.column.clone())).collect()
}
