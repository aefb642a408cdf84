//! Which files does a play become in a dbt project?

use std::collections::BTreeMap;

use super::layout::{Project, SEED, Tree, mark};
use super::yaml::{Yaml, add_within, upsert};
use super::{ShipInput, readme, sql, units};
use crate::error::{Error, Result};
use crate::model::shape;
use crate::plays::definition::{Play, Scoring};
use crate::plays::publish::INPUTS;
use crate::plays::statement::{Settings, settings};
use crate::warehouse::{ColumnType, Dialect};

fn text(text: impl Into<String>) -> Yaml {
    Yaml::Text(text.into())
}

fn plain(text: impl Into<String>) -> Yaml {
    Yaml::Plain(text.into())
}

fn map(entries: Vec<(&str, Yaml)>) -> Yaml {
    Yaml::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Every file as it shall be, by its path.
pub(super) fn files(
    input: &ShipInput<'_>,
    project: &Project,
    tree: &Tree,
    author: &(String, String),
) -> Result<BTreeMap<String, String>> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let before = |files: &BTreeMap<String, String>, path: &str| -> String {
        files.get(path).or_else(|| tree.texts.get(path)).cloned().unwrap_or_default()
    };
    let (source, sources_file) = &project.source;
    let named = |table: &str| format!("{{{{ source('{source}', '{table}') }}}}");
    let mut needed: Vec<String> = Vec::new();
    for shipped in input.plays {
        let play = &shipped.play;
        must_be_shippable(play)?;
        let (name, path) = project.model(tree, &play.name);
        let statement = sql::shipped(input, shipped, Settings::Table(format!("{{{{ ref('{SEED}') }}}}")), &named)?;
        let weights = if play.scoring == Scoring::Signals {
            format!("-- Its weights, curves and tiers stand in the seed {SEED}.\n")
        } else {
            String::new()
        };
        let head = format!("-- {}\n{}\n{weights}", mark(&play.name), sql::comment(&sql::about(play)));
        files.insert(path, format!("{head}\n{statement}\n"));

        let models = project.models_file();
        let with_model = upsert(
            &before(&files, &models),
            "models",
            &name,
            &model(play, &name, input.dialect, project),
            project.style,
        );
        let mut with_units = with_model;
        for (unit_name, unit) in units::tests(&shipped.plain, &name, source, input.dialect) {
            with_units = upsert(&with_units, "unit_tests", &unit_name, &unit, project.style);
        }
        files.insert(models, with_units);

        if play.scoring == Scoring::Signals {
            let seed = project.seed();
            let seeded = weights_file(&before(&files, &seed), play);
            files.insert(seed, seeded);
            let properties = project.seeds_file();
            let described =
                upsert(&before(&files, &properties), "seeds", SEED, &seed_item(input.dialect), project.style);
            files.insert(properties, described);
        }
        let exposures = project.exposures_file();
        let exposed = upsert(
            &before(&files, &exposures),
            "exposures",
            &format!("fourfold_{}", play.name),
            &exposure(play, &name, author),
            project.style,
        );
        files.insert(exposures, exposed);
        let readme = format!("{}/README.md", project.models);
        let told = readme::with(&before(&files, &readme), play, &name, true);
        files.insert(readme, told);
        needed.extend(sql::tables(play));
    }
    needed.sort();
    needed.dedup();
    let sources = declare(&before(&files, sources_file), input.schema, source, &needed, project);
    files.insert(sources_file.clone(), sources);
    Ok(files)
}

/// A parameter with braces would be taken for Jinja by dbt.
fn must_be_shippable(play: &Play) -> Result<()> {
    let risky = play.parameters.iter().find(|(_, parameter)| {
        let text = parameter.value.to_string();
        ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark))
    });
    match risky {
        Some((name, _)) => Err(Error::config(format!(
            "the parameter {name} of {} holds braces that dbt would take for its own",
            play.name
        ))),
        None => Ok(()),
    }
}

/// The type in the words of the adapter.
pub(super) fn adapter_type(kind: ColumnType, dialect: Dialect) -> String {
    dialect.type_name(kind).to_lowercase()
}

fn model(play: &Play, name: &str, dialect: Dialect, project: &Project) -> Yaml {
    let tests = if project.old_tests { "tests" } else { "data_tests" };
    let tiers = Yaml::List(play.tier_names().into_iter().map(Yaml::Text).collect());
    let columns: Vec<Yaml> = play
        .output()
        .into_iter()
        .map(|(column, kind, about)| {
            let is_key = play.key.contains(&column);
            let mut entries = vec![
                ("name", text(column.clone())),
                ("description", text(about)),
                ("data_type", text(adapter_type(kind, dialect))),
            ];
            let mut own = Vec::new();
            if is_key || column == "tier" || column == "run_id" {
                own.push(text("not_null"));
            }
            if is_key && play.key.len() == 1 {
                own.push(text("unique"));
            }
            if column == "tier" {
                own.push(map(vec![(
                    "accepted_values",
                    map(vec![("arguments", map(vec![("values", tiers.clone())]))]),
                )]));
            }
            if is_key {
                entries.push(("constraints", Yaml::List(vec![map(vec![("type", text("not_null"))])])));
            }
            if !own.is_empty() {
                entries.push((tests, Yaml::List(own)));
            }
            map(entries)
        })
        .collect();
    let mut entries = vec![
        ("name", text(name)),
        ("description", text(format!("{}. {}", play.title, sql::about(play)))),
        ("config", map(vec![("materialized", text("table")), ("contract", map(vec![("enforced", plain("true"))]))])),
    ];
    if play.key.len() > 1 {
        let together = play.key.join(" || ':' || ");
        let unique =
            map(vec![("unique", map(vec![("arguments", map(vec![("column_name", text(format!("({together})")))]))]))]);
        entries.push((tests, Yaml::List(vec![unique])));
    }
    entries.push(("columns", Yaml::List(columns)));
    map(entries)
}

/// The seed with a play's numbers in it; those of other plays stay as they are.
fn weights_file(before: &str, play: &Play) -> String {
    let own = format!("{},", play.name);
    let lines: Vec<&str> = before.lines().skip(1).filter(|line| !line.trim().is_empty()).collect();
    let place = lines.iter().position(|line| line.starts_with(&own)).unwrap_or(lines.len());
    let new: String =
        settings(play).into_iter().map(|(name, value)| own.clone() + &name + "," + &value.to_string() + "\n").collect();
    let kept = |lines: &[&str]| -> String {
        lines.iter().filter(|line| !line.starts_with(&own)).map(|line| (*line).to_owned() + "\n").collect()
    };
    let (above, below) = lines.split_at(place);
    format!("play,setting,value\n{}{new}{}", kept(above), kept(below))
}

fn seed_item(dialect: Dialect) -> Yaml {
    let words = adapter_type(ColumnType::Text, dialect);
    map(vec![
        ("name", text(SEED)),
        (
            "description",
            text("The weights, curves and tiers of fourfold's plays. Change a number here and build again."),
        ),
        (
            "config",
            map(vec![(
                "column_types",
                map(vec![
                    ("play", text(words.clone())),
                    ("setting", text(words)),
                    ("value", text(adapter_type(ColumnType::Float, dialect))),
                ]),
            )]),
        ),
        (
            "columns",
            Yaml::List(vec![
                map(vec![("name", text("play")), ("description", text("The play."))]),
                map(vec![
                    ("name", text("setting")),
                    (
                        "description",
                        text("The number: the weight of a signal, its from and to, the least score of a tier."),
                    ),
                ]),
                map(vec![("name", text("value")), ("description", text("Its value."))]),
            ]),
        ),
    ])
}

fn exposure(play: &Play, model: &str, (name, email): &(String, String)) -> Yaml {
    map(vec![
        ("name", text(format!("fourfold_{}", play.name))),
        ("label", text(play.title.clone())),
        ("type", text("application")),
        ("maturity", text("medium")),
        ("description", text(format!("Accounts by {} for those who act on them.", play.title.to_lowercase()))),
        ("depends_on", Yaml::List(vec![text(format!("ref('{model}')"))])),
        ("owner", map(vec![("name", text(name.clone())), ("email", text(email.clone()))])),
    ])
}

fn table_item(name: &str) -> Yaml {
    let about = match name {
        "runs" => "Every published run of fourfold, the last one included.".to_owned(),
        INPUTS => "Which source tables each play reads, with their newest sync.".to_owned(),
        name => shape::tables()
            .into_iter()
            .find(|(table, _)| *table == name)
            .map_or_else(String::new, |(table, _)| format!("The table {table} of fourfold's joined model.")),
    };
    let mut entries = vec![("name", text(name)), ("description", text(about))];
    if name == "runs" {
        let limit = |count: &str| map(vec![("count", plain(count)), ("period", text("hour"))]);
        entries.push((
            "config",
            map(vec![
                ("loaded_at_field", text("cast(finished as timestamp)")),
                ("freshness", map(vec![("warn_after", limit("36")), ("error_after", limit("168"))])),
            ]),
        ));
    }
    map(entries)
}

/// The source with every table that plays read: added to the one that is there, or declared anew.
fn declare(before: &str, schema: &str, source: &str, needed: &[String], project: &Project) -> String {
    let missing: Vec<(String, Yaml)> = needed
        .iter()
        .filter(|name| !project.declared.contains(name))
        .map(|name| (name.clone(), table_item(name)))
        .collect();
    if !project.declared.is_empty() || before.contains(&format!("name: {source}")) {
        return add_within(before, "sources", source, "tables", &missing, project.style);
    }
    let item = map(vec![
        ("name", text(source)),
        ("description", text("What fourfold publishes: the joined model of product, CRM, billing and support.")),
        ("schema", text(schema)),
        ("tables", Yaml::List(missing.into_iter().map(|(_, item)| item).collect())),
    ]);
    upsert(before, "sources", source, &item, project.style)
}
