//! Which loader landed these tables, and which of them are its own logs?

use super::file::LoaderLog;
use super::names::{compact, singular, words};
use super::recognise::Look;
use super::{Catalog, Loader};

/// The loader that most tables bear the marks of; None when none does.
#[must_use]
pub fn loader_of<'catalog>(catalog: &'catalog Catalog, tables: &[Look]) -> Option<&'catalog Loader> {
    let mut best: Option<(usize, &Loader)> = None;
    for loader in &catalog.loaders {
        let count = tables.iter().filter(|table| bears_marks(loader, &table.columns)).count();
        if count > 0 && best.is_none_or(|(most, _)| count > most) {
            best = Some((count, loader));
        }
    }
    best.map(|(_, loader)| loader)
}

/// Whether columns bear enough of a loader's marks.
#[must_use]
pub fn bears_marks(loader: &Loader, columns: &[String]) -> bool {
    let has = |mark: &&String| columns.iter().any(|column| column.eq_ignore_ascii_case(mark));
    loader.marks.iter().filter(has).count() >= loader.fewest_marks
}

/// The loader and its log that a table is; None for any other table.
#[must_use]
pub fn log_of<'catalog>(catalog: &'catalog Catalog, table: &Look) -> Option<(&'catalog Loader, &'catalog LoaderLog)> {
    let name: String = words(&table.name).iter().map(|word| singular(word)).collect();
    catalog.loaders.iter().flat_map(|loader| loader.logs.iter().map(move |log| (loader, log))).find(|(_, log)| {
        let mut names = std::iter::once(&log.name).chain(&log.aliases);
        let fits = names.any(|own| words(own).iter().map(|word| singular(word)).collect::<String>() == name);
        let own = |column: &String| table.columns.iter().any(|name| compact(name) == compact(column));
        fits && log.requires.iter().all(own)
    })
}
