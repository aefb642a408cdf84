//! How do many files of SQL resolve together, when some read what others make?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::orphans::{Orphan, orphans};
use super::resolve::resolve_file;
use super::{Fault, KnownColumn, Origin, Resolved, SqlDialect, TableColumns, Tables};

/// A file that makes one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SqlFile {
    /// The file, for people.
    pub path: String,
    /// The name of the table that it makes, in its parts.
    pub makes: Vec<String>,
    /// The SQL.
    pub text: String,
}

/// A file, resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResolvedFile {
    /// The file.
    pub path: String,
    /// The table that it makes.
    pub makes: String,
    /// What it gives, as far as it could be resolved.
    pub resolved: Resolved,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// Columns that come from nowhere, where that is written in this file.
    pub orphans: Vec<Orphan>,
}

/// Resolves every file, each after those whose tables it reads. The result is in the order of paths.
#[must_use]
pub fn resolve_files(mut files: Vec<SqlFile>, dialect: SqlDialect, mut tables: Tables) -> Vec<ResolvedFile> {
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let reads = reads(&files, dialect, &tables);
    let mut found: Vec<Option<ResolvedFile>> = files.iter().map(|_| None).collect();
    for place in order(&reads) {
        let file = &files[place];
        if reads[place].contains(&place) {
            // A file that adds to its own table reads what it made before.
            tables.insert(stub(file, &file.makes.join(".")));
        }
        let path: Arc<str> = Arc::from(file.path.as_str());
        let (resolved, faults) = resolve_file(&file.text, Some(path), dialect, &tables);
        tables.insert(table(file, &resolved, !faults.is_empty()));
        let orphans = orphans(&resolved, Some(&file.path));
        let makes = file.makes.join(".");
        found[place] = Some(ResolvedFile { path: file.path.clone(), makes, resolved, faults, orphans });
    }
    found.into_iter().flatten().collect()
}

/// The table that a file makes, as others read it.
fn table(file: &SqlFile, resolved: &Resolved, is_faulty: bool) -> TableColumns {
    let name = file.makes.join(".");
    let columns = resolved
        .columns
        .iter()
        .map(|column| KnownColumn { name: column.name.clone(), provenance: Some(column.provenance.clone()) })
        .collect();
    let mut open = resolved.open.clone();
    if is_faulty && open.is_empty() {
        // What could not be resolved here is no second fault elsewhere.
        open.push(name.clone());
    }
    TableColumns { name, parts: file.makes.clone(), columns, open }
}

fn stub(file: &SqlFile, name: &str) -> TableColumns {
    TableColumns { name: name.to_owned(), parts: file.makes.clone(), columns: Vec::new(), open: vec![name.to_owned()] }
}

/// The files whose tables each file reads.
fn reads(files: &[SqlFile], dialect: SqlDialect, tables: &Tables) -> Vec<BTreeSet<usize>> {
    let mut stubs = tables.clone();
    let mut places = BTreeMap::new();
    for (place, file) in files.iter().enumerate() {
        let name = format!("\u{1}{place}");
        stubs.insert(stub(file, &name));
        places.insert(name, place);
    }
    files
        .iter()
        .map(|file| {
            let (resolved, _) = resolve_file(&file.text, None, dialect, &stubs);
            resolved.tables.iter().filter_map(|name| places.get(name).copied()).collect()
        })
        .collect()
}

/// An order in which what is read comes before what reads it; files in a circle come last, in their order.
fn order(reads: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut done = BTreeSet::new();
    let mut ordered = Vec::with_capacity(reads.len());
    loop {
        let ready: Vec<usize> = (0..reads.len())
            .filter(|place| !done.contains(place))
            .filter(|place| reads[*place].iter().all(|read| read == place || done.contains(read)))
            .collect();
        if ready.is_empty() {
            break;
        }
        done.extend(ready.iter().copied());
        ordered.extend(ready);
    }
    ordered.extend((0..reads.len()).filter(|place| !done.contains(place)));
    ordered
}

/// The columns of files that are made of a column, as `table.column`.
#[must_use]
pub fn fed_by(files: &[ResolvedFile], origin: &Origin) -> Vec<(String, String)> {
    files
        .iter()
        .flat_map(|file| {
            file.resolved
                .columns
                .iter()
                .filter(|column| column.provenance.origins.contains(origin))
                .map(|column| (file.makes.clone(), column.name.clone()))
        })
        .collect()
}
