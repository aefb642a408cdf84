//! Is another run of this workspace under way?

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::{Context, Error, ErrorKind, Result};

/// Held while a run is under way; the operating system frees it when the process ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    file: File,
}

impl RunLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// `Locked`, naming the other run's process and start; `Io` when the file cannot be made.
    pub fn take(path: &Path, purpose: &str) -> Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .context(ErrorKind::Io, || format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                // What cannot be read is only missing from the message.
                let _ = file.read_to_string(&mut owner);
                let owner = owner.lines().next().unwrap_or("another process").trim().to_owned();
                let age = age(&owner, jiff::Timestamp::now());
                return Err(Error::new(ErrorKind::Locked, format!("this workspace is in use: {owner}{age}")).hint(
                    "wait until it is done, or stop that process; the last published run stays readable meanwhile",
                ));
            }
            Err(TryLockError::Error(cause)) => {
                return Err(Error::io(format!("cannot lock {}", path.display())).because(cause));
            }
        }
        let now = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC");
        let line = format!("`{purpose}`, process {}, since {now}\n", std::process::id());
        let write = |file: &mut File| -> std::io::Result<()> {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(line.as_bytes())
        };
        write(&mut file).context(ErrorKind::Io, || format!("cannot write {}", path.display()))?;
        Ok(Self { file })
    }
}

/// How long ago the owner took the lock, in words; nothing when its line does not say.
fn age(owner: &str, now: jiff::Timestamp) -> String {
    let since = owner.rsplit_once("since ").map(|(_, since)| since);
    let taken = since.and_then(|text| jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S UTC", text).ok());
    let Some(taken) = taken.and_then(|at| at.to_zoned(jiff::tz::TimeZone::UTC).ok()) else { return String::new() };
    let minutes = (now.as_second() - taken.timestamp().as_second()).max(0) / 60;
    match minutes {
        0 => " (less than a minute)".to_owned(),
        1..=119 => format!(" ({minutes} minutes)"),
        _ => format!(" ({} hours)", minutes / 60),
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // The text is only for messages; the lock itself goes with the file handle.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}
