//! How do a play's worked examples become unit tests of dbt?

use std::collections::BTreeMap;

use super::layout::SEED;
use super::sql;
use super::yaml::Yaml;
use crate::plays::definition::{EXAMPLE_DAY, Example, Play, Scoring};
use crate::plays::publish::INPUTS;
use crate::plays::statement::settings;
use crate::warehouse::Dialect;

/// The unit tests of a model, with their names.
pub(super) fn tests(play: &Play, model: &str, source: &str, _dialect: Dialect) -> Vec<(String, Yaml)> {
    play.examples
        .iter()
        .map(|example| {
            let name = format!("{model}__{}", words(&example.name));
            (name.clone(), unit(play, example, &name, model, source))
        })
        .collect()
}

fn words(text: &str) -> String {
    let spelt: String =
        text.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    spelt.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").chars().take(60).collect()
}

fn map(entries: Vec<(&str, Yaml)>) -> Yaml {
    Yaml::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn unit(play: &Play, example: &Example, name: &str, model: &str, source: &str) -> Yaml {
    let read = |table: &str| format!("source('{source}', '{table}')");
    let mut given = Vec::new();
    for table in sql::tables(play) {
        let rows = match table.as_str() {
            "runs" => vec![BTreeMap::from([
                ("run_id".to_owned(), toml::Value::from("example")),
                ("as_of".to_owned(), toml::Value::from(format!("{EXAMPLE_DAY}T00:00:00Z"))),
            ])],
            INPUTS => vec![BTreeMap::from([
                ("play".to_owned(), toml::Value::from(play.name.as_str())),
                ("newest_sync".to_owned(), toml::Value::from(format!("{EXAMPLE_DAY} 00:00:00"))),
            ])],
            table => example.given.get(table).cloned().unwrap_or_default(),
        };
        given.push(map(vec![("input", Yaml::Text(read(&table))), ("rows", rows_yaml(&rows, None))]));
    }
    if play.scoring == Scoring::Signals {
        let rows = settings(play)
            .into_iter()
            .map(|(setting, value)| {
                Yaml::Flow(vec![
                    ("play".to_owned(), Yaml::Text(play.name.clone())),
                    ("setting".to_owned(), Yaml::Text(setting)),
                    ("value".to_owned(), Yaml::Plain(value.to_string())),
                ])
            })
            .collect();
        given.push(map(vec![("input", Yaml::Text(format!("ref('{SEED}')"))), ("rows", Yaml::List(rows))]));
    }
    // dbt compares the same columns of every row.
    let common: Vec<&String> = example.expect.first().map_or_else(Vec::new, |first| {
        first.keys().filter(|column| example.expect.iter().all(|row| row.contains_key(*column))).collect()
    });
    map(vec![
        ("name", Yaml::Text(name.to_owned())),
        ("description", Yaml::Text(example.name.clone())),
        ("model", Yaml::Text(model.to_owned())),
        ("given", Yaml::List(given)),
        ("expect", map(vec![("rows", rows_yaml(&example.expect, Some(&common)))])),
    ])
}

fn rows_yaml(rows: &[BTreeMap<String, toml::Value>], columns: Option<&[&String]>) -> Yaml {
    Yaml::List(
        rows.iter()
            .map(|row| {
                Yaml::Flow(
                    row.iter()
                        .filter(|(name, _)| columns.is_none_or(|columns| columns.contains(name)))
                        .map(|(name, value)| (name.clone(), value_yaml(value)))
                        .collect(),
                )
            })
            .collect(),
    )
}

fn value_yaml(value: &toml::Value) -> Yaml {
    match value {
        toml::Value::String(text) => Yaml::Plain(serde_json::Value::from(text.as_str()).to_string()),
        other => Yaml::Plain(other.to_string()),
    }
}
