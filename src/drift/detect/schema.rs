//! Which tables and columns came, went, were renamed or changed their type?

use super::pair::{Pairing, TablePair};
use super::{percent, weight};
use crate::config::Renamed;
use crate::drift::baseline::{ColumnBaseline, TableBaseline};
use crate::drift::finding::{Finding, FindingKind, Rename, Severity};
use crate::warehouse::ColumnType;

pub(super) fn find(pairing: &Pairing<'_>, findings: &mut Vec<Finding>) {
    for table in &pairing.added {
        let detail = format!("the table {} is new, with {} rows", table.table, table.rows);
        findings.push(
            Finding::new(FindingKind::TableAdded, Severity::Low, (&table.source, &table.table, ""), detail)
                .changed("", format!("{} columns", table.columns.len())),
        );
    }
    for table in &pairing.removed {
        let severity = if table.role == "other" { Severity::Low } else { Severity::High };
        let detail = format!("the table {} is gone; it had {} rows", table.table, table.rows);
        findings.push(
            Finding::new(FindingKind::TableRemoved, severity, (&table.source, &table.table, ""), detail)
                .changed(format!("{} rows", table.rows), ""),
        );
    }
    for proposal in &pairing.proposed {
        let (from, to) = (proposal.from, proposal.to);
        let severity = if from.role == "other" { Severity::Low } else { Severity::High };
        let detail =
            format!("{} seems to be called {} now ({} sure)", from.table, to.table, percent(proposal.confidence));
        let mut finding = Finding::new(FindingKind::TableRenamed, severity, (&to.source, &to.table, ""), detail)
            .changed(from.table.clone(), to.table.clone());
        finding.evidence.clone_from(&proposal.evidence);
        finding.rename = Some(Rename {
            what: Renamed::Table,
            from: from.table.clone(),
            to: to.table.clone(),
            concepts: from
                .columns
                .iter()
                .filter(|column| to.column(&column.name).is_some())
                .filter_map(|column| Some((column.name.clone(), column.name.clone(), column.concept.clone()?)))
                .collect(),
            role: (from.role != "other").then(|| from.role.clone()),
            primary_key: from.primary_key.clone(),
            confidence: proposal.confidence,
        });
        findings.push(finding);
    }
    for pair in &pairing.tables {
        columns(pair, findings);
    }
}

fn columns(pair: &TablePair<'_>, findings: &mut Vec<Finding>) {
    let (source, table) = (pair.now.source.as_str(), pair.now.table.as_str());
    for column in &pair.added {
        let detail = format!("the column {} is new, {} filled", column.name, percent(1.0 - pair.now.null_rate(column)));
        findings.push(
            Finding::new(FindingKind::ColumnAdded, Severity::Low, (source, table, &column.name), detail)
                .changed("", words(column.kind.0)),
        );
    }
    for column in &pair.removed {
        let filled = 1.0 - pair.before.null_rate(column);
        let detail = format!("the column {} is gone; it was {} filled", column.name, percent(filled));
        findings.push(
            Finding::new(
                FindingKind::ColumnRemoved,
                if filled == 0.0 { Severity::Low } else { weight(column.concept.as_deref(), column.is_key) },
                (source, table, &column.name),
                detail,
            )
            .changed(words(column.kind.0), "")
            .of_size(filled),
        );
    }
    for proposal in &pair.proposed {
        let (from, to) = (proposal.from, proposal.to);
        let detail =
            format!("{} seems to be called {} now ({} sure)", from.name, to.name, percent(proposal.confidence));
        // What is told of is the name that people know and rules speak of.
        let mut finding = Finding::new(
            FindingKind::ColumnRenamed,
            weight(from.concept.as_deref(), from.is_key),
            (source, table, &from.name),
            detail,
        )
        .changed(from.name.clone(), to.name.clone())
        .of_size(proposal.confidence);
        finding.evidence.clone_from(&proposal.evidence);
        finding.rename = Some(Rename {
            what: Renamed::Column,
            from: from.name.clone(),
            to: to.name.clone(),
            concepts: from
                .concept
                .iter()
                .map(|concept| (from.name.clone(), to.name.clone(), concept.clone()))
                .collect(),
            role: None,
            primary_key: renamed_key(pair.before, from, to),
            confidence: proposal.confidence,
        });
        findings.push(finding);
    }
    for (before, now) in &pair.columns {
        // An empty column has no type of its own.
        let known = before.filled(pair.before.rows) > 0 && now.filled(pair.now.rows) > 0;
        if before.kind == now.kind || !known {
            continue;
        }
        let numbers = |kind| matches!(kind, ColumnType::Integer | ColumnType::Float | ColumnType::Decimal);
        let harmless = numbers(before.kind.0) && numbers(now.kind.0) || words_alike(before.kind.0, now.kind.0);
        let severity = if harmless {
            Severity::Low
        } else {
            weight(now.concept.as_deref().or(before.concept.as_deref()), now.is_key)
        };
        let (was, is) = (words(before.kind.0), words(now.kind.0));
        let detail = format!("{} was {was} and is {is} now", now.name);
        let shapes = |column: &ColumnBaseline| {
            column.formats.iter().take(3).map(|(format, _)| format.as_str()).collect::<Vec<_>>().join(", ")
        };
        findings.push(
            Finding::new(FindingKind::ColumnRetyped, severity, (source, table, &now.name), detail)
                .changed(was, is)
                .because("shapes before", shapes(before))
                .because("shapes now", shapes(now)),
        );
    }
}

fn renamed_key(table: &TableBaseline, from: &ColumnBaseline, to: &ColumnBaseline) -> Vec<String> {
    if !table.primary_key.contains(&from.name) {
        return Vec::new();
    }
    table.primary_key.iter().map(|name| if *name == from.name { to.name.clone() } else { name.clone() }).collect()
}

fn words_alike(one: ColumnType, other: ColumnType) -> bool {
    let texts = |kind| matches!(kind, ColumnType::Text | ColumnType::Json | ColumnType::Other);
    texts(one) && texts(other)
}

/// A type in a word.
fn words(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Integer => "a whole number",
        ColumnType::Float | ColumnType::Decimal => "a number",
        ColumnType::Boolean => "yes or no",
        ColumnType::Date => "a date",
        ColumnType::Timestamp => "a moment",
        ColumnType::Json => "JSON",
        ColumnType::Other => "of another type",
    }
}
