//! What was guessed about tables and columns, and should be asked?

use super::{Effect, Place, Question};
use crate::catalog::Role;
use crate::chart::source_map::{ColumnEntry, ColumnProfile, Origin, SourceEntry, SourceMap, TableEntry};
use crate::ident::short_hash;

/// Below this, a guess about a column is asked.
const DOUBTFUL: f64 = 0.7;

/// One question for each table that was guessed, and one for each doubtful column; with `stated` also for those that a person has
/// stated since.
pub(super) fn of_mappings(map: &SourceMap, stated: bool) -> Vec<Question> {
    let mut asked = Vec::new();
    for source in &map.sources {
        for table in source.tables.iter().filter(|table| table.role != Role::Other || stated) {
            let is_asked = table.origin == Origin::Inferred && table.role != Role::Other;
            if is_asked || (stated && table.origin == Origin::Operator) {
                asked.push(of_table(source, table));
            }
            for column in &table.columns {
                let guessed = column.origin == Some(Origin::Inferred) && column.confidence < DOUBTFUL;
                if guessed || (stated && column.origin == Some(Origin::Operator)) {
                    asked.extend(of_column(source, table, column));
                }
            }
        }
    }
    asked
}

fn of_table(source: &SourceEntry, table: &TableEntry) -> Question {
    let place = format!("{}.{}", source.id, table.name.table);
    let text = if table.origin == Origin::Operator {
        format!("The rows of {place} were stated to be of the kind {}. Is that right?", table.role)
    } else {
        let sure = table.confidence * 100.0;
        format!(
            "{place} is in no catalog; its rows seem to be of the kind {} ({sure:.0} % sure). Is that right?",
            table.role
        )
    };
    Question {
        id: format!("q{}", short_hash(&format!("role\u{1f}{place}"))),
        text,
        options: vec![
            format!("yes, {}", table.role),
            "no, leave the table out".to_owned(),
            "something else".to_owned(),
        ],
        about: format!("role of {place}"),
        place: Place::Table {
            source: source.id.as_str().to_owned(),
            table: table.name.table.clone(),
            role: table.role.as_str().to_owned(),
        },
        effect: Effect::Mapping,
        weight: table.rows,
        money: Vec::new(),
    }
}

fn of_column(source: &SourceEntry, table: &TableEntry, column: &ColumnEntry) -> Option<Question> {
    let place = format!("{}.{}", source.id, table.name.table);
    let concept = column.concept.as_ref()?;
    Some(Question {
        id: format!("q{}", short_hash(&format!("concept\u{1f}{place}\u{1f}{}", column.name))),
        text: format!("Does {} of {place} hold {concept}, such as {}?", column.name, example(&column.profile)),
        options: vec!["yes".to_owned(), "no, it means nothing here".to_owned(), "something else".to_owned()],
        about: format!("concept of {place}.{}", column.name),
        place: Place::Column {
            source: source.id.as_str().to_owned(),
            table: table.name.table.clone(),
            column: column.name.clone(),
            concept: concept.clone(),
        },
        effect: Effect::Mapping,
        weight: table.rows.saturating_sub(column.profile.nulls),
        money: Vec::new(),
    })
}

fn example(profile: &ColumnProfile) -> String {
    let value = profile.top.first().map(|(value, _)| value.clone()).or_else(|| profile.min.clone());
    value.map_or_else(|| "nothing yet".to_owned(), |value| format!("{value:?}"))
}
