//! How does the report read in a pull request, a chat or a wiki?

use super::escape::markdown as plain;
use super::plot::sparkline;
use super::{View, heading, summary};
use crate::drift::cause::Cause;
use crate::drift::finding::Finding;
use crate::drift::impact::amount_words;

/// The report as Markdown.
#[must_use]
pub fn markdown(view: &View) -> String {
    let report = &view.report;
    let mut out = format!("# What drifted\n\n{}\n\n**{}**\n", plain(&heading(report)), plain(&summary(view)));
    if !report.broken.is_empty() {
        let what = match (report.published, &report.stays) {
            (true, _) => "Broken, and published nevertheless".to_owned(),
            (false, Some(run)) => format!("Frozen: run {} stays published", plain(run)),
            (false, None) => "Frozen: nothing is published".to_owned(),
        };
        out.push_str(&format!("\n> **{what}**, because\n"));
        for broken in &report.broken {
            out.push_str(&format!("> - {}: {}\n", plain(&broken.what), plain(&broken.why)));
        }
    }
    for (title, lines) in [
        ("Runs", &report.health),
        ("Kept whole by a confirmed mapping", &report.mappings),
        ("Accepted proposals", &report.proposals),
    ] {
        if !lines.is_empty() {
            out.push_str(&format!("\n**{title}**\n\n"));
            for line in lines {
                out.push_str(&format!("- {}\n", plain(line)));
            }
        }
    }
    if view.open().next().is_some() {
        out.push_str("\n| | cause | touches |\n| --- | --- | --- |\n");
        for cause in view.open() {
            let new = if view.is_new(cause) { "" } else { " (seen before)" };
            out.push_str(&format!(
                "| {} | {}{new} | {} |\n",
                cause.severity.as_str(),
                plain(&cause.title),
                plain(&cause.impact.line())
            ));
        }
        out.push_str("\n## Details\n");
        view.open().for_each(|cause| details(&mut out, view, cause));
    }
    if view.quiet().next().is_some() {
        out.push_str("\n## Accepted or snoozed\n\n");
        for cause in view.quiet() {
            let standing = view.standing.get(&cause.id).cloned().unwrap_or_default();
            let until = standing.until.map_or(String::new(), |until| format!(" until {}", plain(&until)));
            out.push_str(&format!(
                "- {} ({} by {}{until})\n",
                plain(&cause.title),
                plain(&standing.state),
                plain(&standing.who)
            ));
        }
    }
    out
}

fn details(out: &mut String, view: &View, cause: &Cause) {
    let first = &cause.findings[0];
    out.push_str(&format!("\n### {}\n\n", plain(&cause.title)));
    out.push_str(&format!("`{}` · {} · {}\n\n", cause.id, cause.severity.as_str(), first.kind.advice()));
    finding(out, first, false);
    if cause.findings.len() > 1 {
        out.push_str("\nConsequences and companions:\n\n");
        cause.findings[1..].iter().for_each(|other| finding(out, other, true));
    }
    let impact = &cause.impact;
    if !impact.concepts.is_empty() {
        out.push_str(&format!("\nMeans: {}\n", plain(&impact.concepts.join(", "))));
    }
    if !impact.fields.is_empty() {
        out.push_str(&format!("\nFields: {}\n", plain(&impact.fields.join(", "))));
    }
    if !impact.examples.is_empty() {
        let names: Vec<String> = impact
            .examples
            .iter()
            .map(|account| {
                let money = account.arr.zip(account.currency.as_deref());
                let money = money.map_or(String::new(), |(arr, code)| format!(" ({})", amount_words(arr, code)));
                plain(&format!("{}{money}", account.label))
            })
            .collect();
        out.push_str(&format!("\nLargest accounts: {}\n", names.join(", ")));
    }
    if let Some(standing) = view.standing.get(&cause.id) {
        if let Some(assignee) = &standing.assignee {
            out.push_str(&format!("\nAssigned to {}\n", plain(assignee)));
        }
        standing.notes.iter().for_each(|note| out.push_str(&format!("\n> {}\n", plain(note))));
    }
}

fn finding(out: &mut String, finding: &Finding, listed: bool) {
    let mark = if listed { "- " } else { "" };
    let place = finding.place();
    let place = if listed && !place.is_empty() { format!("{}: ", plain(&place)) } else { String::new() };
    let detail = if listed { plain(&finding.detail) } else { String::new() };
    let change = match (finding.before.as_str(), finding.after.as_str()) {
        ("", "") => String::new(),
        (before, after) => format!("{} → {}", or_none(before), or_none(after)),
    };
    let line = [detail, change].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    if !line.is_empty() {
        out.push_str(&format!("{mark}{place}{line}\n"));
    }
    if !listed {
        for (what, seen) in &finding.evidence {
            out.push_str(&format!("- {}: {}\n", plain(what), plain(seen)));
        }
        if let Some(plot) = finding.plot.as_ref().map(sparkline).filter(|line| !line.is_empty()) {
            out.push_str(&format!("\n`{plot}`\n"));
        }
    }
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { plain(text) }
}
