//! How does the report read in a browser, as one file that asks for nothing?

use super::escape::html as plain;
use super::plot::svg;
use super::{View, heading, page, summary};
use crate::drift::cause::Cause;
use crate::drift::finding::Finding;
use crate::drift::impact::amount_words;

/// The report as a page that stands alone: light and dark, on paper, without a script.
#[must_use]
pub fn html(view: &View) -> String {
    let report = &view.report;
    let mut out = page::head(&plain(&format!("What drifted: {}", heading(report))));
    out.push_str(&format!(
        "<header><h1>What drifted</h1><p class=\"dim\">{}</p><p><strong>{}</strong></p></header>\n<main>\n",
        plain(&heading(report)),
        plain(&summary(view))
    ));
    if !report.broken.is_empty() {
        let what = match (report.published, &report.stays) {
            (true, _) => "Broken, and published nevertheless".to_owned(),
            (false, Some(run)) => format!("Frozen: run {} stays published", plain(run)),
            (false, None) => "Frozen: nothing is published".to_owned(),
        };
        out.push_str(&format!(
            "<section class=\"frozen\"><strong>{what}</strong>{}</section>\n",
            list(report.broken.iter().map(|broken| format!("{}: {}", broken.what, broken.why)))
        ));
    }
    for (title, lines) in [
        ("Runs", &report.health),
        ("Kept whole by a confirmed mapping", &report.mappings),
        ("Accepted proposals", &report.proposals),
    ] {
        if !lines.is_empty() {
            out.push_str(&format!("<section><h2>{title}</h2>{}</section>\n", list(lines.iter().cloned())));
        }
    }
    // The gravest are open: who prints the page without a click still reads them.
    view.open().enumerate().for_each(|(place, cause)| details(&mut out, view, cause, place < 5));
    if view.quiet().next().is_some() {
        out.push_str("<section><h2>Accepted or snoozed</h2>\n");
        view.quiet().for_each(|cause| details(&mut out, view, cause, false));
        out.push_str("</section>\n");
    }
    out.push_str(&format!(
        "</main>\n<footer><p class=\"dim\">run {} · {} older baselines say what is usual</p></footer>\n</body>\n</html>\n",
        plain(&report.run_id),
        report.past
    ));
    out
}

fn list(lines: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = lines.map(|line| format!("<li>{}</li>", plain(&line))).collect();
    format!("<ul>{}</ul>", items.concat())
}

fn details(out: &mut String, view: &View, cause: &Cause, open: bool) {
    let first = &cause.findings[0];
    let level = cause.severity.as_str();
    let seen = if view.is_new(cause) { "" } else { " <span class=\"dim\">seen before</span>" };
    out.push_str(&format!(
        "<details class=\"cause {level}\" id=\"{}\"{}>\n<summary><span class=\"level\">{level}</span><span class=\"title\">{}{seen}</span>\
         <span class=\"touch\">{}</span></summary>\n<div class=\"body\">\n<p>{}</p>\n",
        plain(&cause.id),
        if open { " open" } else { "" },
        plain(&cause.title),
        plain(&cause.impact.line()),
        plain(first.kind.advice()),
    ));
    if let Some(plot) = &first.plot {
        out.push_str(&format!("<p class=\"dim\">{}</p>{}\n", plain(&plot.title), svg(plot)));
    }
    let mut rows: Vec<(String, String)> = Vec::new();
    if !(first.before.is_empty() && first.after.is_empty()) {
        rows.push(("before".to_owned(), first.before.clone()));
        rows.push(("now".to_owned(), first.after.clone()));
    }
    rows.extend(first.evidence.iter().cloned());
    let impact = &cause.impact;
    for (name, values) in [("means", &impact.concepts), ("fields", &impact.fields), ("plays", &impact.plays)] {
        if !values.is_empty() {
            rows.push((name.to_owned(), values.join(", ")));
        }
    }
    for (kind, count) in &impact.conflicts {
        rows.push(("new conflicts".to_owned(), format!("{count} of {kind}")));
    }
    if impact.decisions > 0 {
        rows.push(("decisions to take again".to_owned(), impact.decisions.to_string()));
    }
    if !impact.examples.is_empty() {
        let names = impact.examples.iter().map(|account| match account.arr.zip(account.currency.as_deref()) {
            Some((arr, code)) => format!("{} ({})", account.label, amount_words(arr, code)),
            None => account.label.clone(),
        });
        rows.push(("largest accounts".to_owned(), names.collect::<Vec<_>>().join(", ")));
    }
    if let Some(standing) = view.standing.get(&cause.id) {
        if standing.is_quiet() {
            let until = standing.until.as_ref().map_or(String::new(), |until| format!(" until {until}"));
            rows.push(("stands".to_owned(), format!("{} by {}{until}", standing.state, standing.who)));
        }
        rows.extend(standing.assignee.iter().map(|assignee| ("assigned to".to_owned(), assignee.clone())));
        rows.extend(standing.notes.iter().map(|note| ("note".to_owned(), note.clone())));
    }
    let cells: Vec<String> = rows
        .iter()
        .map(|(name, value)| format!("<tr><td class=\"dim\">{}</td><td>{}</td></tr>", plain(name), plain(value)))
        .collect();
    out.push_str(&format!("<table>{}</table>\n", cells.concat()));
    if cause.findings.len() > 1 {
        out.push_str(&format!("<p class=\"dim\">with it</p>{}\n", list(cause.findings[1..].iter().map(line))));
    }
    out.push_str(&format!(
        "<p class=\"dim\"><code>fourfold drift accept {}</code></p>\n</div>\n</details>\n",
        plain(&cause.id)
    ));
}

fn line(finding: &Finding) -> String {
    let place = finding.place();
    let change = match (finding.before.as_str(), finding.after.as_str()) {
        ("", "") => String::new(),
        (before, "") => format!(" (was {before})"),
        ("", after) => format!(" ({after})"),
        (before, after) => format!(" ({before} → {after})"),
    };
    if place.is_empty() {
        format!("{}{change}", finding.detail)
    } else {
        format!("{place}: {}{change}", finding.detail)
    }
}
