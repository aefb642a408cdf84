//! How do rows of both weeks reach their files, one after another, without being held in memory?

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use crate::error::{Context, ErrorKind, Result};

use super::drift::{Drift, Strength};

/// A value of a CSV cell; empty for null.
pub(super) trait Cell {
    /// Appends the text of the value.
    fn append(&self, text: &mut String);
}

impl Cell for String {
    fn append(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Cell for &'static str {
    fn append(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Cell for bool {
    fn append(&self, text: &mut String) {
        text.push_str(if *self { "true" } else { "false" });
    }
}

impl Cell for i64 {
    fn append(&self, text: &mut String) {
        text.push_str(&self.to_string());
    }
}

impl<T: Cell> Cell for Option<T> {
    fn append(&self, text: &mut String) {
        if let Some(value) = self {
            value.append(text);
        }
    }
}

/// The cells of one row, end to end in one text that is used again for the next row.
#[derive(Debug, Default)]
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Adds the next cell.
    pub(super) fn push(&mut self, cell: &impl Cell) {
        cell.append(&mut self.text);
        self.ends.push(self.text.len());
    }

    fn get(&self, at: usize) -> &str {
        let begin = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[begin..self.ends[at]]
    }
}

/// One row of a table.
pub(super) trait Row: Drift + Clone {
    /// The table's name.
    const TABLE: &'static str;
    /// The fields, `r#` in front of those that are words of Rust.
    const HEADER: &'static [&'static str];
    /// Adds the cells in header order.
    fn cells(&self, out: &mut Cells);
}

/// One CSV file.
#[derive(Debug)]
pub(super) struct Sheet {
    path: String,
    writer: csv::Writer<BufWriter<File>>,
    /// Records written, the header not counted.
    pub(super) rows: u64,
}

impl Sheet {
    /// Creates `directory/name.csv` with its header.
    pub(super) fn create(directory: &Path, name: &str, header: &[&str]) -> Result<Self> {
        fs::create_dir_all(directory)
            .context(ErrorKind::Io, || format!("cannot create the folder {}", directory.display()))?;
        let file = directory.join(format!("{name}.csv"));
        let path = file.display().to_string();
        let handle = File::create(&file).context(ErrorKind::Io, || format!("cannot create {path}"))?;
        let mut sheet = Self { path, writer: csv::Writer::from_writer(BufWriter::new(handle)), rows: 0 };
        sheet.put(header)?;
        sheet.rows = 0;
        Ok(sheet)
    }

    /// Writes one record.
    pub(super) fn put<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<()> {
        self.rows += 1;
        self.writer.write_record(cells).context(ErrorKind::Io, || format!("cannot write to {}", self.path))
    }

    /// Brings everything to the disk.
    pub(super) fn finish(mut self) -> Result<u64> {
        self.writer.flush().context(ErrorKind::Io, || format!("cannot write to {}", self.path))?;
        Ok(self.rows)
    }
}

/// What the second week is like.
#[derive(Debug, Clone, Copy)]
pub(super) struct SecondWeek {
    /// How strong its drift is.
    pub(super) strength: Strength,
    /// A moment of it.
    pub(super) moment: i64,
}

/// A table in both weeks.
#[derive(Debug)]
pub(super) struct Table<R: Row> {
    source: &'static str,
    second: SecondWeek,
    weeks: [Sheet; 2],
    columns: [Vec<usize>; 2],
    cells: Cells,
    row: std::marker::PhantomData<R>,
}

impl<R: Row> Table<R> {
    /// Creates `week1/source/table.csv` and `week2/source/table.csv`.
    pub(super) fn create(directory: &Path, source: &'static str, second: SecondWeek) -> Result<Self> {
        let names: Vec<&str> = R::HEADER.iter().map(|field| field.trim_start_matches("r#")).collect();
        let mut columns = [Vec::new(), Vec::new()];
        let mut headers = [Vec::new(), Vec::new()];
        for (at, name) in names.iter().enumerate() {
            for week in 0..2 {
                let like = if second.strength == Strength::Harmless { 0 } else { week };
                if let Some(column) = R::column(name, like) {
                    columns[week].push(at);
                    headers[week].push(column);
                }
            }
        }
        let [first, later] = headers;
        let weeks = [
            Sheet::create(&directory.join("week1").join(source), R::TABLE, &first)?,
            Sheet::create(&directory.join("week2").join(source), R::TABLE, &later)?,
        ];
        Ok(Self { source, second, weeks, columns, cells: Cells::default(), row: std::marker::PhantomData })
    }

    /// A row that is the same in both weeks, but for the drift of the second.
    pub(super) fn both(&mut self, row: &R) -> Result<()> {
        self.first(row)?;
        self.second(row.clone())
    }

    /// A row of the first week.
    pub(super) fn first(&mut self, row: &R) -> Result<()> {
        self.write(row, 0)
    }

    /// A row of the second week; the planted drift is applied here.
    pub(super) fn second(&mut self, mut row: R) -> Result<()> {
        if self.second.strength == Strength::Harmless {
            row.ordinary(self.second.moment);
        } else {
            row.drift(self.source, self.second.strength);
        }
        self.write(&row, 1)
    }

    fn write(&mut self, row: &R, week: usize) -> Result<()> {
        self.cells.clear();
        row.cells(&mut self.cells);
        let cells = &self.cells;
        self.weeks[week].put(self.columns[week].iter().map(|at| cells.get(*at)))
    }

    /// Closes both files and gives their names (`week1/salesforce/account`) and row counts.
    pub(super) fn finish(self) -> Result<[(String, u64); 2]> {
        let name = |week: usize| format!("week{week}/{}/{}", self.source, R::TABLE);
        let names = [name(1), name(2)];
        let [first, second] = self.weeks;
        let [one, two] = names;
        Ok([(one, first.finish()?), (two, second.finish()?)])
    }
}
