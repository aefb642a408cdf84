//! What does the pull request say: why, what was checked, what changes, what to look at?

use super::Shipped;
use super::layout::Layout;
use super::sql;
use crate::plays::preview::{BARS, Preview};
use crate::warehouse::printable;

/// How many changed accounts are listed.
const LISTED: usize = 20;

/// The text, in Markdown.
pub(super) fn text(plays: &[Shipped], files: &[(String, bool)], layout: &Layout) -> String {
    let mut text = String::from("## Motivation\n\n");
    for shipped in plays {
        text.push_str(&format!("**{}.** {}\n\n", shipped.play.title, sql::about(&shipped.play)));
    }
    text.push_str("## Validation\n\n");
    for shipped in plays {
        text.push_str(&validation(&shipped.preview));
    }
    text.push_str("## Changes to what was there\n\n");
    let changed: Vec<&str> = files.iter().filter(|(_, new)| !new).map(|(path, _)| path.as_str()).collect();
    if changed.is_empty() {
        text.push_str("None: every file is new.\n\n");
    } else {
        text.push_str(&changed.iter().map(|path| format!("- `{path}`\n")).collect::<Vec<_>>().concat());
        text.push('\n');
    }
    text.push_str("## Checklist\n\n");
    for point in checklist(matches!(layout, Layout::Dbt(_))) {
        text.push_str(&format!("- [ ] {point}\n"));
    }
    text
}

fn checklist(is_dbt: bool) -> &'static [&'static str] {
    if is_dbt {
        &[
            "`dbt build --select +path:models/marts/fourfold` passes here (contract, data tests, unit tests)",
            "the weights in the seed `fourfold_weights` are what the team agreed on",
            "the owner of the exposure is right",
            "whoever acts on the tiers knows about accounts that change",
        ]
    } else {
        &[
            "the views run on the warehouse, under a role that reads fourfold's schema",
            "the weights in `settings` are what the team agreed on",
            "whoever acts on the tiers knows about accounts that change",
        ]
    }
}

fn validation(preview: &Preview) -> String {
    let mut text = format!(
        "**{}**: {} rows, {} of them ask somebody to act; read from run {}",
        preview.title, preview.rows, preview.fired_count, preview.run_id
    );
    if let Some(share) = preview.known_share {
        text.push_str(&format!(", {:.0} % of the weight known on average", 100.0 * share));
    }
    text.push_str(".\n\n");
    let compares = preview.compared_with.is_some();
    for gap in &preview.missing {
        text.push_str(&format!("- no source has `{}`: {}\n", gap.field, gap.effect));
    }
    if !preview.missing.is_empty() {
        text.push('\n');
    }
    text.push_str(if compares {
        "| tier | before | after |\n| --- | --- | --- |\n"
    } else {
        "| tier | rows |\n| --- | --- |\n"
    });
    for count in &preview.tiers {
        let before = if compares { format!(" {} |", count.before) } else { String::new() };
        text.push_str(&format!("| {} |{before} {} |\n", count.tier, count.rows));
    }
    text.push_str(&distribution(preview, compares));
    if compares {
        text.push_str(&format!(
            "\n{} accounts change tier, {} change owner against the run {}.\n",
            preview.tier_changes,
            preview.owner_changes,
            preview.compared_with.as_deref().unwrap_or_default()
        ));
        for change in preview.changes.iter().take(LISTED) {
            let word = |text: &Option<String>| text.as_deref().map_or_else(|| "none".to_owned(), printable);
            let owner = if change.owner == change.owner_before {
                String::new()
            } else {
                format!(", owner {} to {}", word(&change.owner_before), word(&change.owner))
            };
            text.push_str(&format!(
                "- {} ({}): {} to {}{owner}\n",
                printable(change.name.as_deref().unwrap_or("no name")),
                printable(&change.key),
                word(&change.tier_before),
                word(&change.tier)
            ));
        }
    }
    text.push('\n');
    text
}

/// Scores in steps of ten.
fn distribution(preview: &Preview, compares: bool) -> String {
    if preview.mean.is_none() {
        return String::new();
    }
    let mut text = String::from("\n| score |");
    let steps: Vec<usize> = (0..BARS).step_by(2).collect();
    text.push_str(&steps.iter().map(|bar| format!(" {}-{} |", bar * 5, bar * 5 + 10)).collect::<Vec<_>>().concat());
    text.push_str(&format!("\n| --- |{}", " --- |".repeat(steps.len())));
    let row = |name: &str, bars: &[u64]| {
        let cells: Vec<String> = steps.iter().map(|bar| format!(" {} |", bars[*bar] + bars[bar + 1])).collect();
        format!("\n| {name} |{}", cells.concat())
    };
    if compares {
        text.push_str(&row("before", &preview.bars_before));
    }
    text.push_str(&row("after", &preview.bars));
    text.push('\n');
    text
}
