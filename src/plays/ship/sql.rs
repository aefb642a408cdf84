//! How does a play's statement read where there is no fourfold to fill in the values of a run?

use std::collections::BTreeMap;

use super::{ShipInput, Shipped};
use crate::error::Result;
use crate::model::shape;
use crate::plays::definition::Play;
use crate::plays::publish::INPUTS;
use crate::plays::statement::{Frame, Settings, Shape, statement};
use crate::plays::template::Surroundings;

/// Tables of fourfold's schema that a shipped statement reads besides those of the model.
pub(super) const OWN_TABLES: [&str; 2] = ["runs", INPUTS];

/// The statement, with the run taken from the published tables. `name` says how a table of fourfold's schema is called.
pub(super) fn shipped(
    input: &ShipInput<'_>,
    shipped: &Shipped,
    settings: Settings,
    name: &dyn Fn(&str) -> String,
) -> Result<String> {
    let tables: BTreeMap<String, String> =
        shape::tables().into_iter().map(|(table, _)| (table.to_owned(), name(table))).collect();
    let run = format!(
        "select\n    run_id,\n    cast(substr(as_of, 1, 10) as date) as as_of,\n    (\n        select cast(min(newest_sync) as timestamp)\n        \
         from {}\n        where play = '{}'\n    ) as inputs_as_of\nfrom {runs}\nwhere run_id = (select max(run_id) from {runs})",
        name(INPUTS),
        shipped.play.name,
        runs = name("runs"),
    );
    let frame = Frame {
        surroundings: Surroundings { dialect: input.dialect, tables: &tables, as_of: "(select as_of from this_run)" },
        this_run: Some(run),
        run_id: "(select run_id from this_run)",
        inputs_as_of: "(select inputs_as_of from this_run)",
        settings,
        absent: &input.published.absent,
    };
    statement(&shipped.play, &frame, Shape::Output)
}

/// The tables of fourfold's schema that a play reads, in order.
pub(super) fn tables(play: &Play) -> Vec<String> {
    let model = shape::tables()
        .into_iter()
        .map(|(name, _)| name.to_owned())
        .filter(|name| play.sql.contains(&format!("'{name}'")) || play.sql.contains(&format!("\"{name}\"")));
    model.chain(OWN_TABLES.map(str::to_owned)).collect()
}

/// What a play is for, on one line.
pub(super) fn about(play: &Play) -> String {
    play.about.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Comment lines of at most 100 letters.
pub(super) fn comment(text: &str) -> String {
    let mut lines = Vec::new();
    let mut line = String::from("--");
    for word in text.split_whitespace() {
        if line.len() + word.len() + 1 > 100 {
            lines.push(std::mem::replace(&mut line, String::from("--")));
        }
        line.push(' ');
        line.push_str(word);
    }
    lines.push(line);
    lines.join("\n")
}
