//! How do calibrated weights get into `fourfold.toml`, where the next run reads them?
//!
//! The file is a person's: it is edited in place, its comments stay, and it is written whole or not at all.

use toml_edit::{DocumentMut, Item, Table, value};

use crate::config::workspace::CONFIG_FILE;
use crate::config::{Config, Workspace};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::ident::EntityKind;
use crate::review::calibrate::Calibration;

/// Who accepts a calibration, when, and on what ground.
#[derive(Debug, Clone, Copy)]
pub struct Accepted<'a> {
    /// Who.
    pub who: &'a str,
    /// When, RFC 3339.
    pub when: &'a str,
    /// On what ground.
    pub why: &'a str,
}

/// Writes a calibration of one kind on top of the one that is in force; says where.
///
/// # Errors
/// `Config` when the file was broken meanwhile; `Io` when it cannot be read or written. It is unchanged then.
pub fn accept(workspace: &Workspace, kind: EntityKind, learned: &Calibration, by: Accepted<'_>) -> Result<String> {
    let path = workspace.root.join(CONFIG_FILE);
    let text = std::fs::read_to_string(&path).context(ErrorKind::Io, || format!("cannot read {}", path.display()))?;
    // What is in the file now counts, not what it said when the program was started.
    let present = Config::parse(&text, &path.display().to_string())?;
    let before = present
        .resolve
        .calibration
        .get(kind.as_str())
        .map_or_else(Calibration::default, |known| Calibration { shift: known.shift, factors: known.factors.clone() });
    let changed = edited(&text, kind, &learned.after(&before), by)?;
    super::init::write_config(&workspace.root, &changed)?;
    Ok(format!("{CONFIG_FILE} [resolve.calibration.{}]", kind.as_str()))
}

fn edited(text: &str, kind: EntityKind, calibration: &Calibration, by: Accepted<'_>) -> Result<String> {
    let mut document: DocumentMut =
        text.parse().map_err(|cause: toml_edit::TomlError| Error::config(format!("{CONFIG_FILE}: {cause}")))?;
    let mut factors = Table::new();
    for (name, factor) in &calibration.factors {
        factors.insert(name, value(*factor));
    }
    let mut table = Table::new();
    table.insert("shift", value(calibration.shift));
    table.insert("who", value(by.who));
    table.insert("when", value(by.when));
    table.insert("why", value(by.why));
    table.insert("factors", Item::Table(factors));
    let resolve = implicit(document.as_table_mut(), "resolve")?;
    implicit(resolve, "calibration")?.insert(kind.as_str(), Item::Table(table));
    Ok(document.to_string())
}

/// The table of that name, made without a header of its own when it is not there.
fn implicit<'a>(table: &'a mut Table, name: &str) -> Result<&'a mut Table> {
    let entry = table.entry(name).or_insert_with(|| {
        let mut made = Table::new();
        made.set_implicit(true);
        Item::Table(made)
    });
    entry.as_table_mut().ok_or_else(|| {
        Error::config(format!("{CONFIG_FILE}: `{name}` is not written as a table"))
            .hint(format!("write it as [{name}], so that it can be added to"))
    })
}
