//! How does a terminal show the report, line by line?

use super::{View, heading, summary};
use crate::drift::cause::Cause;
use crate::warehouse::printable;

/// Consequences that are listed under a cause; the others are counted.
const LISTED: usize = 4;

/// The report as lines of text, without escape sequences; `all` shows what is accepted or snoozed too.
#[must_use]
pub fn text(view: &View, all: bool) -> Vec<String> {
    let report = &view.report;
    let mut lines = vec![heading(report), summary(view), String::new()];
    if !report.broken.is_empty() {
        lines.push(match (report.published, &report.stays) {
            (true, _) => "BROKEN, and published nevertheless:".to_owned(),
            (false, Some(run)) => format!("FROZEN: run {} stays published, because", printable(run)),
            (false, None) => "FROZEN: nothing is published, because".to_owned(),
        });
        lines.extend(
            report.broken.iter().map(|broken| format!("  {}: {}", printable(&broken.what), printable(&broken.why))),
        );
        lines.push(String::new());
    }
    for health in report.health.iter().chain(&report.mappings).chain(&report.proposals) {
        lines.push(printable(health));
    }
    if !(report.health.is_empty() && report.mappings.is_empty() && report.proposals.is_empty()) {
        lines.push(String::new());
    }
    for cause in view.open() {
        push(&mut lines, view, cause);
    }
    if all {
        for cause in view.quiet() {
            push(&mut lines, view, cause);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn push(lines: &mut Vec<String>, view: &View, cause: &Cause) {
    let state = match view.standing.get(&cause.id) {
        Some(standing) if standing.is_quiet() => format!(" ({} by {})", standing.state, printable(&standing.who)),
        _ if view.is_new(cause) => String::new(),
        _ => " (seen before)".to_owned(),
    };
    lines.push(format!("{:<7} {}  {}{state}", cause.severity.as_str(), cause.id, printable(&cause.title)));
    let impact = cause.impact.line();
    if !impact.is_empty() {
        lines.push(format!("        touches {}", printable(&impact)));
    }
    if let Some(rename) = cause.findings.iter().find_map(|finding| finding.rename.as_ref().map(|_| finding)) {
        lines.push(format!("        fourfold drift confirm {}", rename.id));
    } else {
        lines.push(format!("        {}", cause.findings[0].kind.advice()));
    }
    let rest = &cause.findings[1..];
    for finding in rest.iter().take(LISTED) {
        let place = finding.place();
        let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
        lines.push(format!("        └ {}{}", printable(&place), printable(&finding.detail)));
    }
    if rest.len() > LISTED {
        lines.push(format!("        └ and {} more", rest.len() - LISTED));
    }
    if let Some(standing) = view.standing.get(&cause.id) {
        if let Some(assignee) = &standing.assignee {
            lines.push(format!("        assigned to {}", printable(assignee)));
        }
        lines.extend(standing.notes.iter().map(|note| format!("        “{}”", printable(note))));
    }
    lines.push(String::new());
}
