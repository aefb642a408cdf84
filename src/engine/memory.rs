//! Where is the memory of resolution kept between runs?
//!
//! In `.fourfold/resolve.memory`, written whole under another name and then renamed, so that a run that is killed leaves
//! the older one. It can be removed at any time: the next run then compares everything again.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::config::Workspace;
use crate::progress::Progress;
use crate::resolve::memory::Memory;

/// The file.
fn file(workspace: &Workspace) -> PathBuf {
    workspace.root.join(".fourfold").join("resolve.memory")
}

/// What names this program: another build may find another answer.
fn program() -> String {
    let identity = std::env::current_exe().and_then(|path| path.metadata()).map(|metadata| {
        let changed = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        format!("{} {}", metadata.len(), changed.map_or(0, |time| time.as_nanos()))
    });
    format!("{} {}", env!("CARGO_PKG_VERSION"), identity.unwrap_or_default())
}

/// The memory of the last run. `full` asks to compare everything again; so does a file that cannot be read, which is said.
pub(super) fn load(workspace: &Workspace, full: bool, progress: &dyn Progress) -> Memory {
    let program = program();
    if full {
        return Memory::forgetful(&program);
    }
    let path = file(workspace);
    match std::fs::read(&path) {
        Ok(bytes) => Memory::read(&bytes, &program).unwrap_or_else(|| {
            progress.note(&format!("{} cannot be read: everything is compared again", path.display()));
            Memory::empty(&program)
        }),
        Err(_) => Memory::empty(&program),
    }
}

/// Keeps the memory for the next run. What cannot be kept is no failure of this run, and is said.
pub(super) fn store(workspace: &Workspace, memory: &Memory, progress: &dyn Progress) {
    let Some(bytes) = memory.bytes() else { return };
    let path = file(workspace);
    if let Err(cause) = write(&path, &bytes) {
        progress.note(&format!("cannot keep {} ({cause}): the next run compares everything again", path.display()));
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let partial = path.with_extension("memory.partial");
    let mut file = std::fs::File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&partial, path)
}
