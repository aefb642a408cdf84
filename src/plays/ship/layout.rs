//! Where does a repository keep its models, seeds and sources, and how does it name and write them?

use std::collections::BTreeMap;

use serde::Deserialize;

use super::git::Repository;
use super::yaml::Style;
use crate::error::{Context, Error, ErrorKind, Result};

/// A commit's files as far as they matter here.
pub struct Tree {
    /// Every path.
    pub paths: Vec<String>,
    /// The texts of YAML, SQL, seeds and readmes.
    pub texts: BTreeMap<String, String>,
}

impl Tree {
    /// Reads a commit.
    ///
    /// # Errors
    /// `Io` when git fails.
    pub fn read(repository: &Repository, commit: &str) -> Result<Self> {
        let paths = repository.files(commit)?;
        let wanted: Vec<String> = paths
            .iter()
            .filter(|path| {
                let known = ["yml", "yaml", "sql", "csv", "md"].iter().any(|extension| ends(path, extension));
                known && !path.contains("dbt_packages/")
            })
            .cloned()
            .collect();
        let texts = repository.read(commit, &wanted)?;
        Ok(Self { paths, texts })
    }

    fn yaml(&self, below: &str) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .filter(move |(path, _)| path.starts_with(below) && (ends(path, "yml") || ends(path, "yaml")))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// Whether a path has an extension, in any case.
fn ends(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// What kind of repository it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Layout {
    /// A dbt project.
    Dbt(Box<Project>),
    /// Plain SQL: the directory for it, below the top.
    Plain(String),
}

/// A dbt project.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Its directory with a slash at the end; empty for the top.
    pub directory: String,
    /// Where the plays' models go, without a slash at the end.
    pub models: String,
    /// Where their seed goes.
    pub seeds: String,
    /// What goes before the name of a model, such as `fct_`.
    pub prefix: String,
    /// `yml` or `yaml`.
    pub extension: &'static str,
    /// Whether files of properties are called `schema.yml`.
    pub schema_files: bool,
    /// How YAML is written.
    pub style: Style,
    /// The source that stands for fourfold's schema: its name and the file that declares it.
    pub source: (String, String),
    /// The tables that the source declares already.
    pub declared: Vec<String>,
    /// Whether the project writes `tests:` where newer ones write `data_tests:`.
    pub old_tests: bool,
    /// Every model by its name, with its path.
    pub model_paths: BTreeMap<String, String>,
    /// Every seed by its name, with its path.
    pub seed_paths: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ProjectFile {
    #[serde(default)]
    model_paths: Option<Vec<String>>,
    #[serde(default)]
    seed_paths: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
struct Properties {
    #[serde(default)]
    sources: Option<Vec<DeclaredSource>>,
}

#[derive(Debug, Deserialize)]
struct DeclaredSource {
    name: String,
    #[serde(default)]
    schema: Option<String>,
    #[serde(default)]
    tables: Option<Vec<Named>>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// Finds out how a repository is laid out. `inside` is the path that was named, below the top; `schema` is fourfold's.
///
/// # Errors
/// `Config` when there are several dbt projects and the path names none; `Data` when `dbt_project.yml` cannot be read.
pub fn detect(tree: &Tree, inside: &str, schema: &str) -> Result<Layout> {
    let mut projects: Vec<&str> = tree
        .paths
        .iter()
        .filter(|path| *path == "dbt_project.yml" || path.ends_with("/dbt_project.yml"))
        .filter(|path| !path.contains("dbt_packages/") && !path.contains("dbt_modules/"))
        .map(|path| path.trim_end_matches("dbt_project.yml"))
        .collect();
    if !inside.is_empty() {
        let below = format!("{inside}/");
        projects.retain(|project| project.starts_with(&below) || below.starts_with(project));
    }
    projects.sort_by_key(|project| project.matches('/').count());
    let Some(first) = projects.first() else { return Ok(Layout::Plain(plain_directory(tree, inside))) };
    let depth = first.matches('/').count();
    let level: Vec<&str> = projects.iter().filter(|project| project.matches('/').count() == depth).copied().collect();
    if level.len() > 1 {
        return Err(Error::config(format!("there are {} dbt projects", level.len()))
            .hint(format!("name one with --repo: {}", level.join(", "))));
    }
    project(tree, first, schema).map(Box::new).map(Layout::Dbt)
}

/// Where SQL without dbt goes: beside the SQL that is there.
fn plain_directory(tree: &Tree, inside: &str) -> String {
    let base = if inside.is_empty() { String::new() } else { format!("{inside}/") };
    let held =
        |name: &str| tree.paths.iter().any(|path| path.starts_with(&format!("{base}{name}/")) && ends(path, "sql"));
    let name = ["sql", "views", "queries", "models"].into_iter().find(|name| held(name)).unwrap_or("sql");
    format!("{base}{name}/fourfold")
}

fn project(tree: &Tree, directory: &str, schema: &str) -> Result<Project> {
    let file = format!("{directory}dbt_project.yml");
    let text = tree.texts.get(&file).map_or("", String::as_str);
    let own: ProjectFile = serde_norway::from_str(text).context(ErrorKind::Data, || format!("cannot read {file}"))?;
    let first = |paths: Option<Vec<String>>, usual: &str| {
        paths.and_then(|paths| paths.into_iter().next()).unwrap_or_else(|| usual.to_owned())
    };
    let model_path = format!("{directory}{}", first(own.model_paths, "models").trim_matches('/'));
    let seed_path = format!("{directory}{}", first(own.seed_paths, "seeds").trim_matches('/'));
    let marts = marts(tree, &model_path);
    let models = format!("{marts}/fourfold");
    let yaml: Vec<(&str, &str)> = tree.yaml(directory).filter(|(path, _)| *path != file).collect();
    let extension =
        if yaml.iter().filter(|(path, _)| ends(path, "yaml")).count() * 2 > yaml.len() { "yaml" } else { "yml" };
    let below_models: Vec<&str> =
        yaml.iter().map(|(path, _)| *path).filter(|path| path.starts_with(&model_path)).collect();
    let schema_named = below_models
        .iter()
        .filter(|path| {
            let name = path.rsplit('/').next().unwrap_or_default();
            name == "schema.yml" || name == "schema.yaml"
        })
        .count();
    let schema_files = schema_named * 2 > below_models.len();
    let style = Style::of(yaml.iter().map(|(_, text)| *text));
    let (source, declared) = source(&yaml, schema, &models, extension);
    let spells = |word: &str| yaml.iter().map(|(_, text)| text.matches(word).count()).sum::<usize>();
    let data_tests = spells(" data_tests:");
    let old_tests = data_tests == 0 && spells(" tests:") > 0;
    let by_name = |below: &str, ending: &str| -> BTreeMap<String, String> {
        tree.paths
            .iter()
            .filter(|path| path.starts_with(&format!("{below}/")) && path.ends_with(ending))
            .filter_map(|path| Some((path.rsplit('/').next()?.strip_suffix(ending)?.to_owned(), path.clone())))
            .collect()
    };
    let model_paths = by_name(&model_path, ".sql");
    Ok(Project {
        directory: directory.to_owned(),
        prefix: prefix(&model_paths, &marts, &models),
        models,
        seeds: format!("{seed_path}/fourfold"),
        extension,
        schema_files,
        style,
        source,
        declared,
        old_tests,
        model_paths,
        seed_paths: by_name(&seed_path, ".csv"),
    })
}

/// The directory of marts: one that is there, else `marts`.
fn marts(tree: &Tree, model_path: &str) -> String {
    let below = format!("{model_path}/");
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for path in tree.paths.iter().filter(|path| ends(path, "sql")) {
        let Some(rest) = path.strip_prefix(&below) else { continue };
        if let Some((first, _)) = rest.split_once('/')
            && first.to_lowercase().contains("mart")
        {
            *found.entry(first.to_owned()).or_default() += 1;
        }
    }
    let best = found.into_iter().max_by_key(|(_, count)| *count).map_or_else(|| "marts".to_owned(), |(name, _)| name);
    format!("{below}{best}")
}

/// `fct_` where most marts are called `fct_` or `dim_`; a play is a fact about accounts.
fn prefix(models: &BTreeMap<String, String>, marts: &str, own: &str) -> String {
    let names: Vec<&String> = models
        .iter()
        .filter(|(_, path)| path.starts_with(&format!("{marts}/")) && !path.starts_with(&format!("{own}/")))
        .map(|(name, _)| name)
        .collect();
    let prefixed = names.iter().filter(|name| name.starts_with("fct_") || name.starts_with("dim_")).count();
    if prefixed * 2 > names.len() { "fct_".to_owned() } else { String::new() }
}

/// The source that stands for fourfold's schema, with the tables that it declares.
fn source(yaml: &[(&str, &str)], schema: &str, models: &str, extension: &str) -> ((String, String), Vec<String>) {
    let mut taken = false;
    for (path, text) in yaml {
        let Ok(properties) = serde_norway::from_str::<Properties>(text) else { continue };
        for source in properties.sources.unwrap_or_default() {
            if source.schema.as_deref().unwrap_or(&source.name) == schema {
                let tables = source.tables.unwrap_or_default().into_iter().map(|table| table.name).collect();
                return ((source.name, (*path).to_owned()), tables);
            }
            taken |= source.name == "fourfold";
        }
    }
    let name = if taken { "fourfold_model" } else { "fourfold" };
    ((name.to_owned(), format!("{models}/_fourfold__sources.{extension}")), Vec::new())
}

/// The mark by which a model is known as a play's.
#[must_use]
pub fn mark(play: &str) -> String {
    format!("fourfold play: {play}")
}

impl Project {
    /// The file of properties for the plays' models.
    #[must_use]
    pub fn models_file(&self) -> String {
        let name = if self.schema_files { "schema" } else { "_fourfold__models" };
        format!("{}/{name}.{}", self.models, self.extension)
    }

    /// The file of properties for the seed.
    #[must_use]
    pub fn seeds_file(&self) -> String {
        let name = if self.schema_files { "schema" } else { "_fourfold__seeds" };
        format!("{}/{name}.{}", self.seeds, self.extension)
    }

    /// The file of exposures.
    #[must_use]
    pub fn exposures_file(&self) -> String {
        format!("{}/_fourfold__exposures.{}", self.models, self.extension)
    }

    /// The path of a play's model and its name: where it was shipped before, else under its own name, else, where another model
    /// has that name, with `fourfold_` before it.
    #[must_use]
    pub fn model(&self, tree: &Tree, play: &str) -> (String, String) {
        let mark = mark(play);
        let shipped = self.model_paths.iter().find(|(_, path)| {
            tree.texts
                .get(*path)
                .is_some_and(|text| text.lines().take(3).any(|line| line.contains(&mark) && line.ends_with(play)))
        });
        if let Some((name, path)) = shipped {
            return (name.clone(), path.clone());
        }
        let own = format!("{}{play}", self.prefix);
        let name = if self.model_paths.contains_key(&own) || self.seed_paths.contains_key(&own) {
            format!("{}fourfold_{play}", self.prefix)
        } else {
            own
        };
        (name.clone(), format!("{}/{name}.sql", self.models))
    }

    /// The path of the seed of weights.
    #[must_use]
    pub fn seed(&self) -> String {
        self.seed_paths.get(SEED).cloned().unwrap_or_else(|| format!("{}/{SEED}.csv", self.seeds))
    }
}

/// The seed of weights.
pub const SEED: &str = "fourfold_weights";
