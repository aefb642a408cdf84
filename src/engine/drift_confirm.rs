//! What follows when a person says that a proposed rename is right?

use super::edit::edit;
use crate::config::{Renamed, Workspace};
use crate::drift::baseline::Baseline;
use crate::drift::finding::{Finding, Rename};
use crate::drift::remember::{Confirmed, remember};
use crate::drift::store::{Action, ActionKind, DriftStore};
use crate::error::{Error, Result};

/// Writes the rename of a finding to `fourfold.toml`, and the same rename in other places of its cause; returns what was
/// written, in words.
///
/// # Errors
/// `NotFound` when the last report has no such finding, or when it proposes nothing; `Config` and `Io` as of an edit.
pub fn confirm(workspace: &Workspace, id: &str, who: &str, now: jiff::Timestamp) -> Result<Vec<String>> {
    let store = DriftStore::open(&workspace.drift())?;
    let report = store
        .report(None)?
        .ok_or_else(|| Error::not_found("no run has been held against another yet").hint("`fourfold run` does so"))?;
    let finding = report.finding(id).ok_or_else(|| {
        Error::not_found(format!("the last report has no finding {id:?}, or several that begin so"))
            .hint("`fourfold drift` lists them with their ids")
    })?;
    if finding.rename.is_none() {
        return Err(Error::config(format!("{} proposes no rename: there is nothing to confirm", finding.id))
            .hint(format!("`fourfold drift accept {}` says that it is as it should be", finding.id)));
    }
    let baseline = store.baseline(&report.run_id)?.unwrap_or_default();
    let alike: Vec<&Finding> = report
        .causes
        .iter()
        .find(|cause| cause.findings.iter().any(|own| own.id == finding.id))
        .into_iter()
        .flat_map(|cause| &cause.findings)
        .filter(|own| own.id == finding.id || own.kind == finding.kind && same(own, finding))
        .collect();
    let when = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let said = edit(workspace, |text| {
        let (mut text, mut all) = (text.to_owned(), Vec::new());
        for finding in &alike {
            let Some(rename) = &finding.rename else { continue };
            let known = workspace.config.drift.renames.iter().any(|old| {
                old.source == finding.source
                    && old.table == finding.table
                    && old.from == rename.from
                    && old.to == rename.to
            });
            if known {
                continue;
            }
            let rename = needed(rename, finding, &baseline);
            let (changed, said) = remember(
                &text,
                &Confirmed {
                    source: &finding.source,
                    table: &finding.table,
                    column: &finding.column,
                    rename: &rename,
                    who,
                    when: &when,
                },
            )?;
            text = changed;
            all.extend(said);
        }
        Ok((text, all))
    })?;
    for finding in alike {
        store.act(&Action {
            finding: finding.id.clone(),
            kind: ActionKind::Confirm,
            who: who.to_owned(),
            at: now.to_string(),
            until: None,
            text: String::new(),
        })?;
    }
    Ok(said)
}

/// Whether two findings are the same rename in two places; only values are renamed in several at once.
fn same(one: &Finding, other: &Finding) -> bool {
    one.rename.as_ref().zip(other.rename.as_ref()).is_some_and(|(one, other)| {
        one.what == Renamed::Value && (&one.from, &one.to, one.what) == (&other.from, &other.to, other.what)
    })
}

/// Of a renamed table only what is not recognised under its new name is written down.
fn needed(rename: &Rename, finding: &Finding, now: &Baseline) -> Rename {
    let mut needed = rename.clone();
    if rename.what != Renamed::Table {
        return needed;
    }
    let Some(table) = now.table(&finding.source, &finding.table) else { return needed };
    if needed.role.as_deref() == Some(table.role.as_str()) {
        needed.role = None;
    }
    if needed.primary_key == table.primary_key {
        needed.primary_key.clear();
    }
    needed.concepts.retain(|(_, new, concept)| {
        table.column(new).is_some_and(|column| column.concept.as_deref() != Some(concept.as_str()))
    });
    needed
}
