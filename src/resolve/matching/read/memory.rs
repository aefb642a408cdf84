//! Is there enough memory to match a file, before anything is read?

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};

/// Bytes of memory that matching takes at its peak for each byte of a plain file: texts, numbers and pairs.
const FOR_EACH_BYTE: u64 = 6;
/// How many times smaller than its text a packed file is, about.
const PACKED: u64 = 5;

/// Says what a file of so many bytes will take, where the machine has less; where that cannot be told, nothing.
///
/// # Errors
/// `Io` with what is needed and what there is.
pub(super) fn check(path: &Path, bytes: u64) -> Result<()> {
    let packed = path.extension().is_some_and(|ending| ending == "gz");
    let needed = bytes.saturating_mul(FOR_EACH_BYTE).saturating_mul(if packed { PACKED } else { 1 });
    match available() {
        Some(available) if available < needed => Err(shortage(path, needed, available)),
        _ => Ok(()),
    }
}

fn shortage(path: &Path, needed: u64, available: u64) -> Error {
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    Error::new(
        ErrorKind::Io,
        format!(
            "matching {} needs about {:.1} GB of memory and {:.1} GB are free",
            path.display(),
            gigabytes(needed),
            gigabytes(available)
        ),
    )
    .hint("leave columns out of the file that do not tell who is who, or use a machine with more memory")
}

/// The bytes a new program can take, as Linux tells them, also inside a container.
fn available() -> Option<u64> {
    let free = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("MemAvailable:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    })?;
    let number = |name: &str| -> Option<u64> {
        std::fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?.trim().parse().ok()
    };
    let allowed = number("memory.max").zip(number("memory.current")).map(|(most, used)| most.saturating_sub(used));
    Some(allowed.map_or(free, |allowed| allowed.min(free)))
}
