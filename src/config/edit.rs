//! How does a rule get into `fourfold.toml` without touching what people wrote there?
//!
//! Only the keys that a rule is about change; comments, order and layout of everything else stay byte by byte. The file is
//! read again before it is written, the new text is checked as a whole, and it takes the old one's place at once: whoever
//! reads meanwhile sees one or the other.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Key, Table, TableLike, Value};

use super::{Change, Config};
use crate::error::{Context, Error, ErrorKind, Result};

/// One change of the file.
#[derive(Debug, Clone)]
pub enum RuleEdit {
    /// A key gets a value.
    Set {
        /// The names that lead to it.
        path: Vec<String>,
        /// The value.
        value: Value,
    },
    /// A list gets one more entry.
    Append {
        /// The list, such as `accepted`.
        list: &'static str,
        /// The entry.
        entry: Table,
    },
}

impl RuleEdit {
    /// A key gets a value.
    ///
    /// # Errors
    /// `Internal` when the value cannot be spelled as TOML.
    pub fn set<T: Serialize>(path: &[&str], value: &T) -> Result<Self> {
        /// A value alone is no TOML; under a key it is.
        #[derive(Serialize)]
        struct Wrapped<'a, T> {
            value: &'a T,
        }
        let mut table = spelled(&Wrapped { value })?;
        let item = table.remove("value").unwrap_or_default();
        let value = item.into_value().map_err(|_| Error::internal("a rule holds no value"))?;
        Ok(Self::Set { path: path.iter().map(|name| (*name).to_owned()).collect(), value })
    }

    /// A list gets one more entry.
    ///
    /// # Errors
    /// `Internal` when the entry cannot be spelled as TOML.
    pub fn append<T: Serialize>(list: &'static str, entry: &T) -> Result<Self> {
        let mut table = spelled(entry)?;
        // Lists of tables inside an entry stay inside it.
        let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names {
            if let Some(item) = table.get_mut(&name) {
                item.make_value();
            }
        }
        table.fmt();
        Ok(Self::Append { list, entry: table })
    }

    /// The part of the file it is about: the first name.
    #[must_use]
    pub fn part(&self) -> &str {
        match self {
            Self::Set { path, .. } => path.first().map_or("", String::as_str),
            Self::Append { list, .. } => list,
        }
    }
}

fn spelled<T: Serialize>(value: &T) -> Result<Table> {
    let text = toml::to_string(value).context(ErrorKind::Internal, || "cannot spell a rule as TOML".to_owned())?;
    let document: DocumentMut =
        text.parse().context(ErrorKind::Internal, || "cannot read a rule that was just spelled".to_owned())?;
    Ok(document.as_table().clone())
}

/// The lists whose entries name the question they answer.
const ANSWERED: [&str; 4] = ["exclude", "ignore", "accepted", "grain"];

/// The file with changes that are not on disk yet.
pub struct Draft {
    path: PathBuf,
    before: String,
    document: DocumentMut,
    /// Held until the draft is saved or dropped: two programs that edit at once would lose one edit.
    lock: Option<File>,
}

impl Draft {
    /// Takes the file for editing and keeps others from editing it meanwhile. `lock` is a file beside the file's state.
    ///
    /// # Errors
    /// `Io` when the file cannot be read or the lock not be taken; `Config` when it is no sound file.
    pub fn open(path: &Path, lock: &Path) -> Result<Self> {
        let held = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(lock)
            .context(ErrorKind::Io, || format!("cannot open {}", lock.display()))?;
        held.lock().context(ErrorKind::Io, || format!("cannot lock {}", lock.display()))?;
        let mut draft = Self::look(path)?;
        draft.lock = Some(held);
        Ok(draft)
    }

    /// Takes the file for a look at what an edit would do; others may edit it meanwhile.
    ///
    /// # Errors
    /// As [`Draft::open`].
    pub fn look(path: &Path) -> Result<Self> {
        // The text is checked first, so that what is wrong already is not blamed on the edit.
        Config::read(path)?;
        let before =
            std::fs::read_to_string(path).context(ErrorKind::Io, || format!("cannot read {}", path.display()))?;
        let document = before.parse().context(ErrorKind::Config, || format!("{} cannot be edited", path.display()))?;
        Ok(Self { path: path.to_owned(), before, document, lock: None })
    }

    /// Makes a change; says what stood at a key that was set.
    ///
    /// # Errors
    /// `Config` when the file has something else in that place.
    pub fn apply(&mut self, edit: &RuleEdit) -> Result<Option<Change>> {
        match edit {
            RuleEdit::Set { path, value } => self.set(path, value.clone()).map(Some),
            RuleEdit::Append { list, entry } => self.append(list, entry.clone()).map(|()| None),
        }
    }

    fn elsewhere(&self, what: &str) -> Error {
        Error::config(format!("{}: {what} is written in a form that cannot be edited", self.path.display()))
            .hint("write it as a table of its own, such as [survivorship] or [[accepted]], and try again")
    }

    fn set(&mut self, path: &[String], value: Value) -> Result<Change> {
        let Some((name, tables)) = path.split_last() else { return Err(Error::internal("a rule without a key")) };
        let change = Change { key: spell(path), before: None };
        let wrong = self.elsewhere(&change.key);
        let Some(table) = reach(self.document.as_table_mut(), tables) else { return Err(wrong) };
        let before = table.get(name).map(|item| item.clone().into_value().map_err(|_| wrong)).transpose()?;
        match table.get_mut(name) {
            Some(item) => {
                let mut value = value;
                // What stands behind the old value on its line stays.
                if let Some(old) = item.as_value() {
                    *value.decor_mut() = old.decor().clone();
                }
                *item = Item::Value(value);
            }
            None => {
                table.insert(name, Item::Value(value));
            }
        }
        Ok(Change { before: before.map(|mut value| bare(&mut value)), ..change })
    }

    fn append(&mut self, list: &str, entry: Table) -> Result<()> {
        let wrong = self.elsewhere(list);
        let item = self.document.as_table_mut().entry(list).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        if let Some(tables) = item.as_array_of_tables_mut() {
            let mut entry = entry;
            entry.set_position(None);
            entry.decor_mut().set_prefix("\n");
            tables.push(entry);
            return Ok(());
        }
        let Some(array) = item.as_array_mut() else { return Err(wrong) };
        array.push(entry.into_inline_table());
        Ok(())
    }

    /// Removes the entries of a list whose key has that value; says how many.
    pub fn remove(&mut self, list: &str, key: &str, value: &str) -> usize {
        let Some(item) = self.document.get_mut(list) else { return 0 };
        let says = |table: &dyn TableLike| table.get(key).and_then(Item::as_str) == Some(value);
        let mut removed = 0;
        let mut is_empty = false;
        if let Some(tables) = item.as_array_of_tables_mut() {
            let before = tables.len();
            tables.retain(|table| !says(table));
            removed = before - tables.len();
            is_empty = tables.is_empty();
        } else if let Some(array) = item.as_array_mut() {
            let before = array.len();
            array.retain(|entry| !entry.as_inline_table().is_some_and(|table| says(table)));
            removed = before - array.len();
        }
        if is_empty {
            self.document.remove(list);
        }
        removed
    }

    /// Takes an answer and all its rules out again; says whether there was one.
    ///
    /// # Errors
    /// `Config` when what stood there before cannot be put back.
    pub fn withdraw(&mut self, question: &str) -> Result<bool> {
        let config = self.config()?;
        for answer in config.answers.iter().rev().filter(|answer| answer.question == question) {
            for change in answer.changes.iter().rev() {
                self.put_back(change)?;
            }
        }
        let rules: usize = ANSWERED.iter().map(|list| self.remove(list, "question", question)).sum();
        let answers = self.remove("answers", "question", question);
        Ok(rules + answers > 0)
    }

    fn put_back(&mut self, change: &Change) -> Result<()> {
        let wrong = || Error::config(format!("{}: {:?} is no key", self.path.display(), change.key));
        let keys = Key::parse(&change.key).map_err(|cause| wrong().because(cause))?;
        let path: Vec<String> = keys.iter().map(|key| key.get().to_owned()).collect();
        if let Some(before) = &change.before {
            let value: Value = before.parse().map_err(|cause: toml_edit::TomlError| wrong().because(cause))?;
            self.set(&path, value)?;
            return Ok(());
        }
        prune(self.document.as_table_mut(), &path);
        Ok(())
    }

    /// The text as it would be written.
    #[must_use]
    pub fn text(&self) -> String {
        self.document.to_string()
    }

    /// What the text says.
    ///
    /// # Errors
    /// As [`Config::parse`].
    pub fn config(&self) -> Result<Config> {
        Config::parse(&self.text(), &self.path.display().to_string())
    }

    /// The lines that go (`-`) and come (`+`).
    #[must_use]
    pub fn difference(&self) -> Vec<String> {
        let after = self.text();
        similar::TextDiff::from_lines(self.before.as_str(), after.as_str())
            .iter_all_changes()
            .filter_map(|change| {
                let sign = match change.tag() {
                    similar::ChangeTag::Delete => '-',
                    similar::ChangeTag::Insert => '+',
                    similar::ChangeTag::Equal => return None,
                };
                let line = change.value().trim_end();
                (!line.is_empty()).then(|| format!("{sign} {line}"))
            })
            .collect()
    }

    /// Writes the text in place of the file: whole, or not at all.
    ///
    /// # Errors
    /// `Config` when the new text is wrong, or the file was changed since it was read; `Io` when it cannot be written.
    pub fn save(self) -> Result<()> {
        self.config()?;
        let text = self.text();
        if text == self.before {
            return Ok(());
        }
        // A link stays a link: the file behind it is replaced.
        let target = std::fs::canonicalize(&self.path)
            .context(ErrorKind::Io, || format!("cannot find {}", self.path.display()))?;
        let cannot = || format!("cannot write {}", target.display());
        let now = std::fs::read_to_string(&target).context(ErrorKind::Io, cannot)?;
        if now != self.before {
            return Err(Error::config(format!("{} was changed meanwhile", target.display()))
                .hint("nothing was written; look at the file and answer again"));
        }
        let directory = target.parent().unwrap_or_else(|| Path::new("."));
        let part = directory.join(format!(".fourfold.toml.{}.part", std::process::id()));
        let outcome = write_beside(&part, &target, &text);
        if outcome.is_err() {
            // What is left of a write that failed is of no use to anybody.
            let _ = std::fs::remove_file(&part);
        }
        outcome.context(ErrorKind::Io, cannot)?;
        // The name is safe once the directory is; not every system can be asked to.
        let _ = File::open(directory).and_then(|directory| directory.sync_all());
        drop(self.lock);
        Ok(())
    }
}

fn write_beside(part: &Path, target: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create(part)?;
    file.set_permissions(std::fs::metadata(target)?.permissions())?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(part, target)
}

/// A path as TOML writes it.
fn spell(path: &[String]) -> String {
    path.iter().map(|name| Key::new(name).display_repr().into_owned()).collect::<Vec<_>>().join(".")
}

/// A value without the blanks and comments around it.
fn bare(value: &mut Value) -> String {
    value.decor_mut().clear();
    value.to_string().trim().to_owned()
}

/// The table at the end of a path, made where it is missing; None when something else is in the way.
fn reach<'a>(root: &'a mut Table, path: &[String]) -> Option<&'a mut dyn TableLike> {
    let mut table: &mut dyn TableLike = root;
    for (depth, name) in path.iter().enumerate() {
        let last = depth + 1 == path.len();
        if !table.contains_key(name) {
            // Below an inline table, and for the concepts of a table, a table stands on one line.
            let inline = name == "concepts";
            let item = if inline {
                Item::Value(Value::InlineTable(InlineTable::new()))
            } else {
                let mut made = Table::new();
                made.set_implicit(!last);
                made.decor_mut().set_prefix("\n");
                Item::Table(made)
            };
            table.insert(name, item);
        }
        table = table.get_mut(name)?.as_table_like_mut()?;
    }
    Some(table)
}

/// Removes a key, and the tables on the way to it that are empty then.
fn prune(root: &mut Table, path: &[String]) {
    let Some((name, tables)) = path.split_last() else { return };
    if let Some(table) = reach_present(root, tables) {
        table.remove(name);
    }
    for depth in (1..=tables.len()).rev() {
        let (name, above) = (&tables[depth - 1], &tables[..depth - 1]);
        // What a person wrote stays, even if nothing is in it: sources and the roots of tables.
        if depth <= 2 && tables.first().is_some_and(|first| first == "sources") {
            return;
        }
        let Some(table) = reach_present(root, above) else { return };
        let is_empty = table.get(name).and_then(Item::as_table_like).is_some_and(TableLike::is_empty);
        if !is_empty {
            return;
        }
        table.remove(name);
    }
}

fn reach_present<'a>(root: &'a mut Table, path: &[String]) -> Option<&'a mut dyn TableLike> {
    let mut table: &mut dyn TableLike = root;
    for name in path {
        table = table.get_mut(name)?.as_table_like_mut()?;
    }
    Some(table)
}
