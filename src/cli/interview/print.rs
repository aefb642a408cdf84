//! How are questions, answers and previews put on standard output?

use serde_json::json;

use super::json_done;
use crate::chart::interview::Question;
use crate::cli::narrate::printable;
use crate::cli::output;
use crate::engine::desk::{Asked, Look, Written};
use crate::engine::preview::Preview;
use crate::error::Result;
use crate::tui::plain::interview::{look_lines, question_lines};

/// Money by currency: sums of several currencies are never added.
pub(crate) fn money(sums: &[(String, f64)]) -> String {
    let parts: Vec<String> =
        sums.iter().map(|(currency, sum)| crate::tui::plain::interview::money(*sum, currency)).collect();
    parts.join(" + ")
}

/// Questions, and answers where asked for.
pub(super) fn list(asked: &Asked, all: bool, json: bool) -> Result<u8> {
    if json {
        let mut shown = json!({ "run": asked.run, "open": asked.open });
        if all {
            shown["answered"] = json!(asked.answered);
        }
        return json_done(&shown);
    }
    for question in &asked.open {
        for line in question_lines(question) {
            output::line(&printable(&line))?;
        }
        output::line("")?;
    }
    if asked.open.is_empty() {
        output::line("no question is open")?;
    }
    if all {
        for answered in &asked.answered {
            let why = if answered.why.is_empty() { String::new() } else { format!(", \"{}\"", answered.why) };
            let line = format!(
                "{}  answered: {} ({}, {}{why})  {}",
                answered.id, answered.answer, answered.who, answered.when, answered.about
            );
            output::line(&printable(&line))?;
        }
    }
    Ok(0)
}

/// What an answer would do at once.
pub(super) fn look(question: &Question, look: &Look) -> Result<()> {
    for line in look_lines(question, look) {
        output::line(&printable(&line))?;
    }
    Ok(())
}

/// What was written.
pub(super) fn written(written: &Written, json: bool) -> Result<u8> {
    if json {
        return json_done(written);
    }
    output::line("fourfold.toml:")?;
    for line in &written.lines {
        output::line(&printable(line))?;
    }
    Ok(0)
}

/// What other rules would change.
pub(crate) fn preview(preview: &Preview, json: bool) -> Result<u8> {
    if json {
        return json_done(preview);
    }
    for line in lines(preview) {
        output::line(&printable(&line))?;
    }
    Ok(0)
}

fn lines(preview: &Preview) -> Vec<String> {
    crate::tui::plain::interview::preview_lines(preview)
}
