//! What does the README beside shipped plays say?

use super::sql;
use crate::plays::definition::{Play, Scoring};

const HEAD: &str = "# Plays by fourfold

Each model scores accounts on the joined model that fourfold publishes. Every row says its score, its tier, what drives it in
words, the share of the weight that was known, the oldest sync of its inputs, and the run that it read.
";

/// The README with the section of a play, which stands in for the one before.
pub(super) fn with(before: &str, play: &Play, name: &str, is_dbt: bool) -> String {
    let (open, close) = (format!("<!-- fourfold play: {} -->", play.name), format!("<!-- end of {} -->", play.name));
    let section = format!("{open}\n{}{close}", section(play, name, is_dbt));
    let before = if before.trim().is_empty() { HEAD } else { before };
    if let Some(start) = before.find(&open)
        && let Some(length) = before[start..].find(&close)
    {
        return format!("{}{section}{}", &before[..start], &before[start + length + close.len()..]);
    }
    let gap = if before.ends_with('\n') { "\n" } else { "\n\n" };
    format!("{before}{gap}{section}\n")
}

fn section(play: &Play, name: &str, is_dbt: bool) -> String {
    let mut text = format!("\n## {}: `{name}`\n\n{}\n", play.title, sql::about(play));
    if play.scoring == Scoring::Signals {
        text.push_str("\n| signal | weight | 0 at | 1 at | what it is |\n| --- | --- | --- | --- | --- |\n");
        for signal in &play.signals {
            let end = |value: Option<f64>, none: &str| value.map_or_else(|| none.to_owned(), |value| value.to_string());
            text.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                signal.name,
                signal.weight,
                end(signal.from, "0"),
                end(signal.to, "1"),
                signal.about.replace('|', "\\|")
            ));
        }
        let place = if is_dbt { "the seed `fourfold_weights`" } else { "the query `settings` at its head" };
        text.push_str(&format!("\nWeights, curves and tiers stand in {place}. What is not known never counts as zero: it lowers `known_share`.\n"));
    }
    let tiers: Vec<String> = play
        .tiers
        .iter()
        .map(|tier| {
            let from = if play.scoring == Scoring::Signals { format!(" from {}", tier.from) } else { String::new() };
            format!("`{}`{from}", tier.name)
        })
        .collect();
    text.push_str(&format!("\nTiers: {}.\n\n", tiers.join(", ")));
    if !is_dbt {
        text.push_str(&format!(
            "`{name}.sql` makes the view `fourfold_{}`; run it where views of your own belong, and again after a change.\n\n",
            play.name
        ));
    }
    text
}
