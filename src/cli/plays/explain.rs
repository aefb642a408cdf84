//! How is it shown how a play works, and why an account has its score?

use super::super::narrate::{line as say, printable};
use super::super::{Session, output};
use super::list::needed;
use crate::engine::plays as engine;
use crate::error::Result;
use crate::plays::Play;
use crate::plays::definition::Scoring;
use crate::plays::explain::{Explanation, FieldValue, explain};

/// Explains a play, or an account's score in it.
pub(super) fn run(session: &Session, name: &str, account: Option<&str>, json: bool) -> Result<u8> {
    let workspace = session.workspace()?;
    let library = engine::library(&workspace)?;
    let play = super::named(&library, name)?;
    let Some(account) = account else {
        if json {
            output::json(&play)?;
        } else {
            describe(&play)?;
        }
        return Ok(0);
    };
    let (warehouse, _interrupts) = super::look(session, &workspace)?;
    let schema = workspace.config.warehouse.schema();
    let entity = engine::account(warehouse.as_ref(), schema, account)?;
    let published = engine::published(warehouse.as_ref(), &workspace)?;
    let reads = engine::reads(&play, warehouse.as_ref(), &workspace)?;
    let found = explain(&play, warehouse.as_ref(), schema, &published, &reads, &entity)?;
    if json {
        output::json(&found)?;
        return Ok(0);
    }
    for row in &found {
        output::line(&words(&play, row))?;
    }
    say(&format!(
        "`fourfold trace {entity} FIELD` walks a field to its rows; `fourfold trace {entity} {}.score` all of them",
        play.name
    ));
    Ok(0)
}

fn describe(play: &Play) -> Result<()> {
    output::line(&format!("{}  {}", printable(&play.name), printable(&play.title)))?;
    output::line(&printable(play.about.trim()))?;
    if play.scoring == Scoring::Signals {
        output::line("\nsignals                 weight        0 at        1 at")?;
        let total = play.total_weight();
        for signal in &play.signals {
            let end = |value: Option<f64>, none: &str| value.map_or_else(|| none.to_owned(), |value| value.to_string());
            output::line(&format!(
                "  {:<18} {:>9.1} % {:>11} {:>11}  {}",
                printable(&signal.name),
                100.0 * signal.weight / total,
                end(signal.from, "0"),
                end(signal.to, "1"),
                printable(&signal.about)
            ))?;
        }
    }
    output::line("\ntiers")?;
    for tier in &play.tiers {
        let from = if play.scoring == Scoring::Signals { format!("from {}", tier.from) } else { String::new() };
        let enough = if tier.signals > 0 {
            format!(", with {} signals at one half or more", tier.signals)
        } else {
            String::new()
        };
        let fires = if tier.fires { "▸" } else { " " };
        output::line(&format!("{fires} {:<18} {from}{enough}", printable(&tier.name)))?;
    }
    if !play.parameters.is_empty() {
        output::line("\nparameters")?;
        for (name, parameter) in &play.parameters {
            output::line(&format!(
                "  {} = {}  {}",
                printable(name),
                printable(&parameter.value.to_string()),
                printable(&parameter.about)
            ))?;
        }
    }
    output::line(&format!("\nneeds {}", printable(&needed(play).join(", "))))?;
    say(&format!(
        "change weights, tiers and parameters in fourfold.toml: [plays.{0}.signals.NAME] weight, [plays.{0}.tiers], [plays.{0}.parameters]",
        play.name
    ));
    Ok(())
}

fn words(play: &Play, row: &Explanation) -> String {
    let number = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), |number| format!("{number:.1}"));
    let share = row.known_share.map_or_else(|| "?".to_owned(), |share| format!("{:.0}", 100.0 * share));
    let mut lines = vec![
        format!("{}  {}", printable(row.name.as_deref().unwrap_or(&row.entity_id)), printable(&row.key)),
        format!(
            "{} {} {} on {share} % of the weight · inputs as of {} · run {}",
            printable(&play.title),
            number(row.score),
            printable(&row.tier),
            printable(row.inputs_as_of.as_deref().unwrap_or("an unknown time")),
            printable(&row.run_id)
        ),
        format!("  {}", printable(&row.drivers)),
    ];
    for signal in &row.signals {
        let said = signal.words.as_deref().map_or_else(|| "not known, and not counted".to_owned(), printable);
        let points = signal.points.map_or_else(|| "    -".to_owned(), |points| format!("{points:>5.1}"));
        lines.push(format!("\n  {points}  {:<14} {said}", printable(&signal.signal)));
        lines.push(format!("         from {}", fields(&signal.fields)));
    }
    if row.signals.is_empty() {
        for column in &row.columns {
            let value = column.value.as_deref().map_or_else(|| "(empty)".to_owned(), printable);
            lines.push(format!("  {:<18} {value:<16} from {}", printable(&column.column), fields(&column.fields)));
        }
    }
    lines.join("\n")
}

fn fields(fields: &[FieldValue]) -> String {
    if fields.is_empty() {
        return "the play itself".to_owned();
    }
    fields
        .iter()
        .map(|field| {
            let value = field.value.as_deref().map_or_else(String::new, |value| format!(" = {}", printable(value)));
            format!("{}.{}{value}", printable(&field.table), printable(&field.field))
        })
        .collect::<Vec<_>>()
        .join(", ")
}
