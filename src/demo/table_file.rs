//! How is a table of an extract changed once it is written?

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Context, Error, ErrorKind, Result};

/// A CSV file in memory.
pub(super) struct Csv {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub file: PathBuf,
}

impl Csv {
    pub fn read(file: &Path) -> Result<Self> {
        let fail = || format!("cannot read {}", file.display());
        let mut reader = csv::Reader::from_path(file).context(ErrorKind::Io, fail)?;
        let header = reader.headers().context(ErrorKind::Io, fail)?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for row in reader.records() {
            rows.push(row.context(ErrorKind::Io, fail)?.iter().map(str::to_owned).collect());
        }
        Ok(Self { header, rows, file: file.to_owned() })
    }

    pub fn place(&self, column: &str) -> Result<usize> {
        self.header
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| Error::internal(format!("{} has no column {column}", self.file.display())))
    }

    /// Writes it anew: the file of the week before, which may share its bytes, stays as it is.
    pub fn write(&self) -> Result<()> {
        let fail = || format!("cannot write {}", self.file.display());
        if self.file.exists() {
            fs::remove_file(&self.file).context(ErrorKind::Io, fail)?;
        }
        let mut writer = csv::Writer::from_path(&self.file).context(ErrorKind::Io, fail)?;
        writer.write_record(&self.header).context(ErrorKind::Io, fail)?;
        for row in &self.rows {
            writer.write_record(row).context(ErrorKind::Io, fail)?;
        }
        writer.flush().context(ErrorKind::Io, fail)
    }
}
