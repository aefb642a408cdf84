//! Which SQL did dbt compile, for which tables, out of which sources?
//!
//! A target directory is read by its `manifest.json` (and `catalog.json` for the columns of sources), as dbt 1.4 and later write them; a
//! directory without one by its files: each `.sql` makes the table of its name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::project::SqlFile;
use super::{SqlDialect, Tables};
use crate::error::{Context, Error, ErrorKind, Result};

/// The SQL of a directory or file.
#[derive(Debug, Clone, Default)]
pub struct SqlProject {
    /// The files.
    pub files: Vec<SqlFile>,
    /// The dialect, where the manifest names the adapter.
    pub dialect: Option<SqlDialect>,
    /// Tables of sources and seeds with their columns, where they are known.
    pub sources: Vec<(Vec<String>, Vec<String>)>,
    /// What shows a table to people: its kind and name, by the table's name.
    pub exposures: Vec<(String, Exposure)>,
    /// Models that dbt has not compiled.
    pub uncompiled: Vec<String>,
}

/// A report or another use of a table that dbt knows of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// `dashboard`, `notebook`, `ml`, `application`, `analysis`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    nodes: BTreeMap<String, Node>,
    #[serde(default)]
    sources: BTreeMap<String, Node>,
    #[serde(default)]
    exposures: BTreeMap<String, ManifestExposure>,
}

#[derive(Deserialize, Default)]
struct Metadata {
    adapter_type: Option<String>,
}

#[derive(Deserialize)]
struct Node {
    #[serde(default)]
    resource_type: String,
    name: String,
    alias: Option<String>,
    identifier: Option<String>,
    database: Option<String>,
    schema: Option<String>,
    compiled_code: Option<String>,
    compiled_path: Option<String>,
    #[serde(default)]
    original_file_path: String,
    #[serde(default)]
    config: NodeConfig,
}

#[derive(Deserialize, Default)]
struct NodeConfig {
    materialized: Option<String>,
    enabled: Option<bool>,
}

#[derive(Deserialize)]
struct ManifestExposure {
    name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    depends_on: DependsOn,
}

#[derive(Deserialize, Default)]
struct DependsOn {
    #[serde(default)]
    nodes: Vec<String>,
}

#[derive(Deserialize)]
struct Catalog {
    #[serde(default)]
    nodes: BTreeMap<String, CatalogTable>,
    #[serde(default)]
    sources: BTreeMap<String, CatalogTable>,
}

#[derive(Deserialize)]
struct CatalogTable {
    #[serde(default)]
    columns: BTreeMap<String, CatalogColumn>,
}

#[derive(Deserialize)]
struct CatalogColumn {
    name: String,
    #[serde(default)]
    index: i64,
}

impl Node {
    fn parts(&self) -> Vec<String> {
        let table = self.identifier.as_ref().or(self.alias.as_ref()).unwrap_or(&self.name);
        [self.database.as_ref(), self.schema.as_ref(), Some(table)].into_iter().flatten().cloned().collect()
    }
}

/// Reads a `.sql` file, a dbt target directory, a dbt project that has one, or a directory of `.sql` files.
///
/// # Errors
/// `NotFound` when there is no such path or no SQL in it; `Io` when it cannot be read; `Data` when a manifest is broken.
pub fn read(path: &Path) -> Result<SqlProject> {
    if path.is_file() {
        let text = text(path)?;
        let files = vec![SqlFile { path: path.display().to_string(), makes: vec![stem(path)], text }];
        return Ok(SqlProject { files, ..SqlProject::default() });
    }
    if !path.is_dir() {
        return Err(Error::not_found(format!("there is no file or directory {}", path.display())));
    }
    let manifest =
        [path.join("manifest.json"), path.join("target/manifest.json")].into_iter().find(|file| file.is_file());
    let project = match manifest {
        Some(manifest) => by_manifest(&manifest)?,
        None => by_files(path)?,
    };
    if project.files.is_empty() && project.uncompiled.is_empty() {
        return Err(Error::not_found(format!("there is no SQL in {}", path.display())).hint(
            "name a .sql file, a directory of them, or the target directory of a dbt project after `dbt compile`",
        ));
    }
    Ok(project)
}

/// Adds what a project knows of its sources.
pub fn add_sources(project: &SqlProject, tables: &mut Tables) {
    for (parts, columns) in project.sources.iter().filter(|(_, columns)| !columns.is_empty()) {
        if tables.find(parts).is_none() {
            tables.add(&parts.join("."), columns.iter().cloned());
        }
    }
}

fn text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).context(ErrorKind::Io, || format!("cannot read {}", path.display()))?;
    String::from_utf8(bytes).context(ErrorKind::Data, || format!("{} is not UTF-8", path.display()))
}

fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_str(&text(path)?).map_err(|cause| {
        Error::data(format!("{}:{}:{}: {cause}", path.display(), cause.line(), cause.column()))
            .hint("run `dbt compile` again; manifests of dbt 1.4 and later can be read")
    })
}

fn by_manifest(path: &Path) -> Result<SqlProject> {
    let manifest: Manifest = json(path)?;
    let target = path.parent().unwrap_or(Path::new("."));
    let catalog = target.join("catalog.json");
    let catalog: Option<Catalog> = if catalog.is_file() { Some(json(&catalog)?) } else { None };
    let columns = |id: &str| -> Vec<String> {
        let table = catalog.as_ref().and_then(|catalog| catalog.sources.get(id).or_else(|| catalog.nodes.get(id)));
        let mut columns: Vec<&CatalogColumn> = table.map(|table| table.columns.values().collect()).unwrap_or_default();
        columns.sort_by_key(|column| column.index);
        columns.into_iter().map(|column| column.name.clone()).collect()
    };
    let mut project = SqlProject {
        dialect: manifest.metadata.adapter_type.as_deref().and_then(SqlDialect::named),
        ..SqlProject::default()
    };
    for (id, node) in &manifest.nodes {
        if node.config.enabled == Some(false) {
            continue;
        }
        match node.resource_type.as_str() {
            "model" | "snapshot" if node.config.materialized.as_deref() != Some("ephemeral") => {
                match compiled(node, target)? {
                    Some((path, text)) => project.files.push(SqlFile { path, makes: node.parts(), text }),
                    None => project.uncompiled.push(node.original_file_path.clone()),
                }
            }
            "seed" => project.sources.push((node.parts(), columns(id))),
            _ => {}
        }
    }
    for (id, source) in &manifest.sources {
        project.sources.push((source.parts(), columns(id)));
    }
    for exposure in manifest.exposures.values() {
        for id in &exposure.depends_on.nodes {
            if let Some(node) = manifest.nodes.get(id).or_else(|| manifest.sources.get(id)) {
                let kind = exposure.kind.clone().unwrap_or_else(|| "report".to_owned());
                project.exposures.push((node.parts().join("."), Exposure { kind, name: exposure.name.clone() }));
            }
        }
    }
    Ok(project)
}

/// The compiled SQL of a model with the file that holds it.
fn compiled(node: &Node, target: &Path) -> Result<Option<(String, String)>> {
    // The path begins with the name of the target directory, from the root of the project.
    let file = node.compiled_path.as_ref().map(|path| {
        let below: PathBuf = Path::new(path).components().skip_while(|part| part.as_os_str() != "compiled").collect();
        target.join(below)
    });
    let name = file.as_ref().map_or_else(|| node.original_file_path.clone(), |file| file.display().to_string());
    if let Some(code) = node.compiled_code.as_ref().filter(|code| !code.trim().is_empty()) {
        return Ok(Some((name, code.clone())));
    }
    match file.filter(|file| file.is_file()) {
        Some(file) => Ok(Some((name, text(&file)?))),
        None => Ok(None),
    }
}

fn by_files(path: &Path) -> Result<SqlProject> {
    let root = ["compiled", "target/compiled"].iter().map(|below| path.join(below)).find(|below| below.is_dir());
    let mut found = Vec::new();
    collect(&root.unwrap_or_else(|| path.to_path_buf()), &mut found)?;
    found.sort();
    let files = found
        .into_iter()
        .map(|file| Ok(SqlFile { path: file.display().to_string(), makes: vec![stem(&file)], text: text(&file)? }))
        .collect::<Result<Vec<SqlFile>>>()?;
    Ok(SqlProject { files, ..SqlProject::default() })
}

/// Every `.sql` below a directory, without the tests that dbt compiles beside the models.
fn collect(directory: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let fail = || format!("cannot read {}", directory.display());
    for entry in std::fs::read_dir(directory).context(ErrorKind::Io, fail)? {
        let path = entry.context(ErrorKind::Io, fail)?.path();
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if path.is_dir() {
            // dbt keeps the tests of a schema file in a directory of the file's name.
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            let is_tests = matches!(ending, "yml" | "yaml") || matches!(name.as_str(), "tests" | "macros");
            if !is_tests && !name.starts_with('.') {
                collect(&path, found)?;
            }
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("sql")) {
            found.push(path);
        }
    }
    Ok(())
}
