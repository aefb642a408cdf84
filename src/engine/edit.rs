//! How is `fourfold.toml` changed without losing a comment, half a file, or its sense?

use crate::config::Workspace;
use crate::config::workspace::CONFIG_FILE;
use crate::error::{Context, ErrorKind, Result};

/// Changes the text of the workspace's `fourfold.toml`; what comes out is checked before it takes the place of the old one.
///
/// # Errors
/// `Config` when what comes out would not be read; `Io` when it cannot be written; the old file is then untouched.
pub fn edit<T>(workspace: &Workspace, change: impl FnOnce(&str) -> Result<(String, T)>) -> Result<T> {
    let path = workspace.root.join(CONFIG_FILE);
    let text = std::fs::read_to_string(&path).context(ErrorKind::Io, || format!("cannot read {}", path.display()))?;
    let (changed, said) = change(&text)?;
    super::init::write_config(&workspace.root, &changed)?;
    Ok(said)
}
