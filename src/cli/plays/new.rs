//! How does somebody begin a play of their own?

use std::io::Write as _;

use super::super::narrate::line as say;
use super::super::{Session, output};
use crate::engine::plays as engine;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::plays::library::DIRECTORY;
use crate::plays::read;

const DEFINITION: &str = include_str!("../../../assets/plays/new.toml");
const SQL: &str = include_str!("../../../assets/plays/new.sql");

/// Writes the two files of a new play; nothing that is there is overwritten.
pub(super) fn run(session: &Session, name: &str, from: Option<&str>) -> Result<u8> {
    if !read::is_name(name) {
        return Err(Error::config(format!("{name:?} is no name for a play"))
            .hint("use lower-case letters, digits and underscores, at most 40, beginning with a letter"));
    }
    let workspace = session.workspace()?;
    let library = engine::library(&workspace)?;
    let (definition, sql) = match from {
        None => {
            if library.entries.iter().any(|entry| entry.play.name == name) {
                return Err(Error::config(format!("there is a play {name:?} already"))
                    .hint(format!("`fourfold plays new {name} --from {name}` copies it, to stand in its place"))
                    .hint(
                        "weights, tiers and parameters alone can be changed in fourfold.toml, or on the Plays screen",
                    ));
            }
            (DEFINITION.replace("NAME", name), SQL.replace("NAME", name))
        }
        Some(other) => {
            let entry = library.get(other)?;
            let text = entry.source()?;
            let quoted = |name: &str| format!("name = \"{name}\"");
            (text.replacen(&quoted(&entry.play.name), &quoted(name), 1), entry.play.sql.clone())
        }
    };
    let directory = workspace.root.join(DIRECTORY);
    std::fs::create_dir_all(&directory).context(ErrorKind::Io, || format!("cannot make {}", directory.display()))?;
    for (extension, text) in [("toml", &definition), ("sql", &sql)] {
        let path = directory.join(format!("{name}.{extension}"));
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .context(ErrorKind::Io, || format!("cannot write {}", path.display()))
            .map_err(|error| error.hint("an existing file is never overwritten"))?;
        file.write_all(text.as_bytes()).context(ErrorKind::Io, || format!("cannot write {}", path.display()))?;
        output::line(&path.display().to_string())?;
    }
    say(&format!("`fourfold plays check {name}` checks it, `fourfold plays preview {name}` shows who fires"));
    Ok(0)
}
