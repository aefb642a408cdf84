//! How does one file become one table?
//!
//! It is read twice: once to find its columns, their types and the rows that do not fit, once to load it. The second reading
//! runs on a thread of its own, ahead of the engine.

use std::sync::mpsc::sync_channel;

use ::duckdb::arrow::record_batch::RecordBatch;
use encoding_rs::{Encoding, UTF_8};

use super::LoadOptions;
use super::columns::Batches;
use super::delimited::{Delimited, Shape};
use super::discover::{Export, Format};
use super::encoding;
use super::infer::Guess;
use super::json::{JsonRows, Kind};
use super::names;
use super::parquet::Parquet;
use super::row::{ReadRows, Reject, Row, Step};
use super::sniff;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::progress::CancelToken;
use crate::warehouse::{Column, ColumnType, Dialect, Publication, printable};

/// More unreadable rows than this mean that the file is something else.
const MOST_REJECTS: usize = 1_000_000;
/// How much of a file is looked at for its delimiter and header.
const SAMPLE: u64 = 256 << 10;

/// What one file became.
pub(super) struct Outcome {
    pub(super) columns: Vec<Column>,
    pub(super) rows: u64,
    pub(super) rejects: Vec<Reject>,
    pub(super) encoding: Option<&'static str>,
    pub(super) delimiter: Option<char>,
    pub(super) notes: Vec<String>,
}

/// How the rows of a text file are read, again and again.
enum Text {
    Delimited { encoding: &'static Encoding, shape: Shape, header: bool },
    Json { encoding: &'static Encoding, lines: bool },
}

/// What a first reading found.
struct Survey {
    names: Vec<String>,
    kinds: Vec<ColumnType>,
    rejects: Vec<Reject>,
}

/// Loads one file under the name of its table into the publication; None when it is empty.
pub(super) fn load(
    export: &Export,
    options: &LoadOptions,
    dialect: Dialect,
    publication: &mut Publication<'_>,
    cancel: &CancelToken,
) -> Result<Option<Outcome>> {
    let named = |mut error: Error| {
        if !error.message.contains(&printable(&export.file)) {
            error.message = format!("{}: {}", printable(&export.file), error.message);
        }
        error
    };
    match export.format {
        Format::Parquet => load_parquet(export, dialect, publication, cancel).map(Some).map_err(named),
        Format::Delimited | Format::JsonLines | Format::Json => {
            load_text(export, options, dialect, publication, cancel).map_err(named)
        }
    }
}

fn load_text(
    export: &Export,
    options: &LoadOptions,
    dialect: Dialect,
    publication: &mut Publication<'_>,
    cancel: &CancelToken,
) -> Result<Option<Outcome>> {
    let encoding = match &options.encoding {
        Some(label) => encoding::named(label)?,
        None => encoding::detect(&export.path)?,
    };
    let text = match export.format {
        Format::Delimited => match shape_of(export, encoding, options)? {
            Some((shape, header)) => Text::Delimited { encoding, shape, header },
            None => return Ok(None),
        },
        _ => Text::Json { encoding, lines: export.format == Format::JsonLines },
    };
    let survey = text.survey(export, cancel)?;
    if survey.names.is_empty() {
        if survey.rejects.is_empty() {
            return Ok(None);
        }
        return Err(Error::data(format!(
            "no row of {} could be read: {}",
            printable(&export.file),
            survey.rejects[0].reason
        ))
        .hint("Export it again; nothing was replaced."));
    }
    let (names, mut notes) = names::columns(&survey.names, dialect);
    let columns: Vec<Column> =
        names.into_iter().zip(&survey.kinds).map(|(name, kind)| Column::new(name, *kind)).collect();
    let rows = std::thread::scope(|scope| {
        let (sender, batches) = sync_channel::<Result<RecordBatch>>(4);
        let (text, columns, known) = (&text, &columns, &survey.names);
        scope.spawn(move || {
            let outcome = text.batches(export, columns, known, cancel, &mut |batch| {
                // Nobody listens any more when the engine failed; it will say why.
                sender.send(Ok(batch)).map_err(|_| Error::cancelled())
            });
            if let Err(error) = outcome {
                let _ = sender.send(Err(error));
            }
        });
        publication.load(&export.table, columns, &mut batches.into_iter())
    })?;
    if let Text::Delimited { header: false, .. } = text {
        notes.insert(0, "the first row is data, so the columns are called column_1, column_2 and so on".to_owned());
    }
    let delimiter = match text {
        Text::Delimited { shape, .. } => Some(char::from(shape.delimiter)),
        Text::Json { .. } => None,
    };
    Ok(Some(Outcome { columns, rows, rejects: survey.rejects, encoding: Some(encoding.name()), delimiter, notes }))
}

/// The shape of a delimited file and whether it has a header; None when it is empty.
fn shape_of(export: &Export, encoding: &'static Encoding, options: &LoadOptions) -> Result<Option<(Shape, bool)>> {
    use std::io::Read;
    let mut sample = Vec::new();
    encoding::utf8(&export.path, encoding)?
        .take(SAMPLE)
        .read_to_end(&mut sample)
        .context(ErrorKind::Io, || "the file cannot be read".to_owned())?;
    if sample.trim_ascii().is_empty() {
        return Ok(None);
    }
    let whole = (sample.len() as u64) < SAMPLE;
    let delimiter = options.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok());
    let shape = sniff::shape(&sample, whole, delimiter);
    let header = options.header.unwrap_or_else(|| sniff::has_header(&sample, whole, shape));
    Ok(Some((shape, header)))
}

impl Text {
    fn open_delimited(&self, export: &Export) -> Result<Option<(Delimited, Vec<String>)>> {
        let Self::Delimited { encoding, shape, header } = self else { return Ok(None) };
        let mut reader = Delimited::new(encoding::utf8(&export.path, encoding)?, encoding, *shape);
        let names = if *header { reader.header()? } else { Vec::new() };
        Ok(Some((reader, names)))
    }

    fn open_json(&self, export: &Export, names: &[String]) -> Result<Option<JsonRows>> {
        let Self::Json { encoding, lines } = self else { return Ok(None) };
        JsonRows::new(encoding::utf8(&export.path, encoding)?, *lines, names).map(Some)
    }

    /// Reads the file once.
    fn survey(&self, export: &Export, cancel: &CancelToken) -> Result<Survey> {
        let (mut rejects, mut guesses) = (Vec::new(), Vec::new());
        if let Some((mut reader, mut names)) = self.open_delimited(export)? {
            guesses.extend(names.iter().map(|name| Guess::new(name)));
            each(&mut reader, &mut rejects, cancel, |row, _| {
                while names.len() < row.len()
                    && guesses.len() < row.len()
                    && !matches!(self, Self::Delimited { header: true, .. })
                {
                    names.push(format!("column_{}", names.len() + 1));
                    guesses.push(Guess::new(""));
                }
                for (place, guess) in guesses.iter_mut().enumerate() {
                    if let Some(value) = row.cell(place) {
                        guess.see(value);
                    }
                }
                Ok(())
            })?;
            return Ok(Survey { names, kinds: guesses.into_iter().map(Guess::kind).collect(), rejects });
        }
        let mut nested: Vec<bool> = Vec::new();
        let Some(mut reader) = self.open_json(export, &[])? else {
            return Err(Error::internal("a file without a format"));
        };
        each(&mut reader, &mut rejects, cancel, |row, reader| {
            for name in &reader.names()[guesses.len()..] {
                guesses.push(Guess::new(name));
                nested.push(false);
            }
            for (place, kind) in reader.kinds.iter().enumerate() {
                match (kind, row.cell(place)) {
                    (Some(Kind::Scalar), Some(value)) => guesses[place].see(value),
                    (Some(Kind::Text), Some(value)) => guesses[place].see_text(value),
                    (Some(Kind::Nested), Some(value)) => {
                        guesses[place].see_text(value);
                        nested[place] = true;
                    }
                    _ => {}
                }
            }
            Ok(())
        })?;
        let kinds =
            guesses.iter().zip(nested).map(|(guess, nested)| if nested { ColumnType::Json } else { guess.kind() });
        Ok(Survey { names: reader.names().to_vec(), kinds: kinds.collect(), rejects })
    }

    /// Reads the file again, into batches. Rejects were kept the first time.
    fn batches(
        &self,
        export: &Export,
        columns: &[Column],
        names: &[String],
        cancel: &CancelToken,
        sink: &mut dyn FnMut(RecordBatch) -> Result<()>,
    ) -> Result<()> {
        let mut builder = Batches::new(columns);
        let mut again = Vec::new();
        let mut take = |row: &Row| {
            builder.push(row)?;
            if builder.is_full() { sink(builder.take()?) } else { Ok(()) }
        };
        if let Some((mut reader, _)) = self.open_delimited(export)? {
            each(&mut reader, &mut again, cancel, |row, _| take(row))?;
        } else if let Some(mut reader) = self.open_json(export, names)? {
            each(&mut reader, &mut again, cancel, |row, _| take(row))?;
        }
        if builder.is_empty() { Ok(()) } else { sink(builder.take()?) }
    }
}

/// Walks over the rows of a reader and keeps its rejects.
fn each<R: ReadRows>(
    reader: &mut R,
    rejects: &mut Vec<Reject>,
    cancel: &CancelToken,
    mut visit: impl FnMut(&Row, &R) -> Result<()>,
) -> Result<()> {
    let mut row = Row::default();
    let mut count = 0_u64;
    loop {
        count += 1;
        if count.is_multiple_of(4_096) {
            cancel.check()?;
        }
        match reader.next(&mut row)? {
            Step::Row => visit(&row, reader)?,
            Step::End => return Ok(()),
            Step::Reject(reject) => {
                if rejects.len() >= MOST_REJECTS {
                    return Err(Error::data(format!(
                        "more than {MOST_REJECTS} rows cannot be read: {}",
                        reject.reason
                    ))
                    .hint(
                        "Check that its ending says what it is, and its delimiter and encoding; nothing was replaced.",
                    ));
                }
                rejects.push(reject);
            }
        }
    }
}

fn load_parquet(
    export: &Export,
    dialect: Dialect,
    publication: &mut Publication<'_>,
    cancel: &CancelToken,
) -> Result<Outcome> {
    let parquet = Parquet::open(&export.path)?;
    let raw: Vec<String> = parquet.columns.iter().map(|column| column.name.clone()).collect();
    let (names, notes) = names::columns(&raw, dialect);
    let columns: Vec<Column> =
        names.into_iter().zip(&parquet.columns).map(|(name, column)| Column::new(name, column.kind)).collect();
    let rows = std::thread::scope(|scope| {
        let (sender, batches) = sync_channel::<Result<RecordBatch>>(4);
        let parquet = &parquet;
        scope.spawn(move || {
            let outcome = parquet.stream(&mut |batch| {
                cancel.check()?;
                sender.send(Ok(batch)).map_err(|_| Error::cancelled())
            });
            if let Err(error) = outcome {
                let _ = sender.send(Err(error));
            }
        });
        publication.load(&export.table, &columns, &mut batches.into_iter())
    })?;
    Ok(Outcome { columns, rows, rejects: Vec::new(), encoding: None, delimiter: None, notes })
}

/// The encoding that needs no mention.
pub(super) fn is_usual(encoding: Option<&str>) -> bool {
    encoding.is_none_or(|name| name == UTF_8.name())
}
