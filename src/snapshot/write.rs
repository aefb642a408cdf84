//! How does a run leave its snapshot, whole or not at all?
//!
//! Everything goes into a file beside the target, which is flushed to disk and renamed over the old one at the very
//! end: a kill, a full disk or an error in the middle leaves the old snapshot as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Sqlite, SqliteConnection};

use super::data::{CellRow, ConflictKind, EntityRow, KindCount, RunMeta, SnapshotData};
use super::groups::GroupCounts;
use super::lines::Lines;
use super::schema;
use crate::chart::conflict::Conflict;
use crate::chart::source_map::SourceMap;
use crate::error::{Context as _, Error, ErrorKind, Result};
use crate::ident::Surface;

/// Rows in one statement: large enough to make a statement's cost small, small enough for SQLite's limit on variables.
const CHUNK: usize = 200;

/// Longer values are cut in the snapshot (not in the warehouse): no screen can show them.
const LONGEST_VALUE: usize = 16 * 1024;

/// The file of what screens show.
pub struct Snapshot;

impl Snapshot {
    /// Writes a whole snapshot and puts it in the place of the old one.
    ///
    /// # Errors
    /// `Io` when the file cannot be written; the old snapshot is then still there.
    pub fn write(path: &Path, data: &SnapshotData) -> Result<()> {
        let mut writer = SnapshotWriter::create(path)?;
        writer.run(&data.run, &data.map, &data.kinds)?;
        writer.entities(&data.entities)?;
        writer.conflicts(&data.conflicts)?;
        writer.cells(&data.cells)?;
        writer.around(&data.around)?;
        writer.strata(&data.strata)?;
        let (queue, rest): (Vec<_>, Vec<_>) = data.pairs.iter().partition(|pair| super::write_pairs::is_asked(pair));
        writer.pairs(queue.into_iter().chain(rest))?;
        writer.finish()
    }
}

/// A snapshot in the making, for callers who do not hold everything in memory at once. Not to be used inside an
/// asynchronous task: it waits for its own.
pub struct SnapshotWriter {
    target: PathBuf,
    temporary: PathBuf,
    pub(super) runtime: tokio::runtime::Runtime,
    pub(super) connection: Option<SqliteConnection>,
    pub(super) entities: FxHashMap<String, (u32, String)>,
    ordinals: FxHashMap<u32, u32>,
    pub(super) pairs_written: u32,
    pub(super) queue_length: u32,
    pub(super) groups: GroupCounts,
    pub(super) lines: Lines,
}

impl SnapshotWriter {
    /// Begins a new file beside `path`.
    ///
    /// # Errors
    /// `Io` when it cannot be made.
    pub fn create(path: &Path) -> Result<Self> {
        let target = path.to_owned();
        let temporary = path.with_extension(format!("sqlite.{}.part", std::process::id()));
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)
                .context(ErrorKind::Io, || format!("cannot make the directory {}", directory.display()))?;
        }
        remove_if_there(&temporary)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .context(ErrorKind::Internal, || "cannot start the snapshot writer".to_owned())?;
        let options = SqliteConnectOptions::new()
            .filename(&temporary)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .locking_mode(SqliteLockingMode::Exclusive)
            .page_size(8192)
            .disable_statement_logging();
        let opened = runtime.block_on(async {
            let mut connection = options.connect().await?;
            sqlx::raw_sql(schema::TABLES).execute(&mut connection).await?;
            sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
            Ok::<_, sqlx::Error>(connection)
        });
        let connection = opened.map_err(|cause| failed(&target, cause))?;
        Ok(Self {
            target,
            temporary,
            runtime,
            connection: Some(connection),
            entities: FxHashMap::default(),
            ordinals: FxHashMap::default(),
            pairs_written: 0,
            queue_length: 0,
            groups: GroupCounts::default(),
            lines: Lines::default(),
        })
    }

    /// Writes the run, the source map and the kinds of conflicts.
    ///
    /// # Errors
    /// As [`Snapshot::write`].
    pub fn run(&mut self, run: &RunMeta, map: &SourceMap, kinds: &[ConflictKind]) -> Result<()> {
        self.meta("version", schema::VERSION)?;
        self.meta("run", &json(run)?)?;
        self.meta("map", &json(map)?)?;
        let surfaces: BTreeMap<&str, Surface> =
            map.sources.iter().map(|source| (source.id.as_str(), source.surface)).collect();
        self.meta("surfaces", &json(&surfaces)?)?;
        self.meta("kinds", &json(&kinds)?)
    }

    /// Writes accounts and people, those with most revenue first. To be called before conflicts and cells.
    ///
    /// # Errors
    /// As [`Snapshot::write`].
    pub fn entities(&mut self, entities: &[EntityRow]) -> Result<()> {
        let mut sorted: Vec<&EntityRow> = entities.iter().collect();
        sorted.sort_by(|one, other| {
            (one.kind.cmp(&other.kind))
                .then(other.arr.unwrap_or(0.0).total_cmp(&one.arr.unwrap_or(0.0)))
                .then_with(|| one.label.cmp(&other.label))
                .then_with(|| one.id.cmp(&other.id))
        });
        self.entities = sorted
            .iter()
            .enumerate()
            .map(|(position, row)| (row.id.0.clone(), (position as u32, row.label.clone())))
            .collect();
        let numbered: Vec<(i64, &EntityRow, String)> = sorted
            .into_iter()
            .enumerate()
            .map(|(position, row)| Ok((position as i64, row, json(&row.sources)?)))
            .collect::<Result<_>>()?;
        self.insert("INSERT INTO entities VALUES", 9, &numbered, |query, (position, row, sources)| {
            query
                .bind(*position)
                .bind(row.id.0.clone())
                .bind(row.kind.as_str())
                .bind(cut(&row.label))
                .bind(row.arr)
                .bind(row.currency.clone())
                .bind(row.status.clone())
                .bind(sources.clone())
                .bind(row.record_count as i64)
        })
    }

    /// Writes the conflicts: gravest kinds first, within a kind those with most money first.
    ///
    /// # Errors
    /// As [`Snapshot::write`].
    pub fn conflicts(&mut self, conflicts: &[Conflict]) -> Result<()> {
        let counts = count_kinds(conflicts);
        let rank: FxHashMap<&str, usize> =
            counts.iter().enumerate().map(|(rank, count)| (count.kind.as_str(), rank)).collect();
        let mut sorted: Vec<&Conflict> = conflicts.iter().collect();
        sorted.sort_by(|one, other| {
            (rank.get(one.kind.as_str()).cmp(&rank.get(other.kind.as_str())))
                .then(other.money_at_stake.unwrap_or(0.0).total_cmp(&one.money_at_stake.unwrap_or(0.0)))
                .then_with(|| one.id.cmp(&other.id))
        });
        let mut rows = Vec::with_capacity(sorted.len());
        for (position, conflict) in sorted.into_iter().enumerate() {
            let label = conflict.entity.as_ref().and_then(|id| self.entities.get(&id.0));
            let mut shown = conflict.clone();
            for side in [&mut shown.side_a, &mut shown.side_b].into_iter().flatten() {
                side.value = cut(&side.value);
            }
            rows.push((position as i64, conflict, label.map_or(String::new(), |(_, label)| cut(label)), json(&shown)?));
        }
        self.insert("INSERT INTO conflicts VALUES", 7, &rows, |query, (position, conflict, label, body)| {
            query
                .bind(*position)
                .bind(conflict.id.clone())
                .bind(conflict.kind.clone())
                .bind(conflict.entity.as_ref().map(|entity| entity.0.clone()))
                .bind(conflict.status.clone())
                .bind(label.clone())
                .bind(body.clone())
        })?;
        self.meta("conflict_counts", &json(&counts)?)
    }

    /// Writes cells of the joined model; may be called several times. Cells of entities that were not written are
    /// left out, because nothing leads to them.
    ///
    /// # Errors
    /// As [`Snapshot::write`].
    pub fn cells(&mut self, cells: &[CellRow]) -> Result<()> {
        let mut rows = Vec::with_capacity(cells.len());
        for cell in cells {
            let Some((entity, _)) = self.entities.get(&cell.entity.0) else { continue };
            let next = self.ordinals.entry(*entity).or_insert(0);
            rows.push((i64::from(*entity), i64::from(*next), cell));
            *next += 1;
        }
        rows.sort_by_key(|(entity, ordinal, _)| (*entity, *ordinal));
        self.insert("INSERT INTO cells VALUES", 12, &rows, |query, (entity, ordinal, cell)| {
            let record = cell.record.as_ref();
            query
                .bind(*entity)
                .bind(*ordinal)
                .bind(cell.field.clone())
                .bind(cell.value.as_deref().map(cut))
                .bind(cell.rule.clone())
                .bind(record.map(|record| record.source.0.clone()))
                .bind(record.map(|record| record.table.clone()))
                .bind(record.map(|record| record.pk.clone()))
                .bind(cell.column.clone())
                .bind(cell.sync_id.clone())
                .bind(cell.synced_at.clone())
                .bind(cell.personal)
        })
    }

    /// Flushes the file to disk and puts it in the place of the old one.
    ///
    /// # Errors
    /// As [`Snapshot::write`].
    pub fn finish(mut self) -> Result<()> {
        self.meta("queue_length", &self.queue_length.to_string())?;
        self.meta("pair_count", &self.pairs_written.to_string())?;
        self.write_lines(true)?;
        let groups = std::mem::take(&mut self.groups).finish();
        self.meta("groups", &json(&groups)?)?;
        if let Some(mut connection) = self.connection.take() {
            let closed = self.runtime.block_on(async {
                sqlx::raw_sql(schema::INDEXES).execute(&mut connection).await?;
                sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
                connection.close().await
            });
            closed.map_err(|cause| failed(&self.target, cause))?;
        }
        let doing = || format!("cannot write the snapshot {}", self.target.display());
        fs::File::open(&self.temporary).and_then(|file| file.sync_all()).context(ErrorKind::Io, doing)?;
        fs::rename(&self.temporary, &self.target).context(ErrorKind::Io, doing)
    }

    pub(super) fn meta(&mut self, key: &'static str, value: &str) -> Result<()> {
        self.insert("INSERT OR REPLACE INTO meta VALUES", 2, &[(key, value.to_owned())], |query, (key, value)| {
            query.bind(*key).bind(value.clone())
        })
    }

    /// Inserts rows, many in one statement. `head` is the statement up to its rows.
    pub(super) fn insert<T>(
        &mut self,
        head: &'static str,
        columns: usize,
        rows: &[T],
        bind: impl for<'q> Fn(Insert<'q>, &T) -> Insert<'q>,
    ) -> Result<()> {
        let Some(connection) = self.connection.as_mut() else {
            return Err(Error::internal("the snapshot is already finished"));
        };
        let group = format!("({}?)", "?,".repeat(columns - 1));
        let inserted = self.runtime.block_on(async {
            for chunk in rows.chunks(CHUNK) {
                let statement = format!("{head} {}{group}", format!("{group},").repeat(chunk.len() - 1));
                let mut query = sqlx::query(AssertSqlSafe(statement));
                for row in chunk {
                    query = bind(query, row);
                }
                query.execute(&mut *connection).await?;
            }
            Ok::<_, sqlx::Error>(())
        });
        inserted.map_err(|cause| failed(&self.target, cause))
    }
}

/// A statement whose values are being bound.
pub(super) type Insert<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

impl Drop for SnapshotWriter {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // The file is thrown away below; what closing it says no longer matters.
            let _ = self.runtime.block_on(connection.close());
        }
        let _ = remove_if_there(&self.temporary);
    }
}

/// Counts conflicts by kind: gravest first, then those with most money, then by name.
fn count_kinds(conflicts: &[Conflict]) -> Vec<KindCount> {
    let mut kinds: FxHashMap<&str, KindCount> = FxHashMap::default();
    for conflict in conflicts {
        let entry = kinds.entry(&conflict.kind).or_insert_with(|| KindCount {
            kind: conflict.kind.clone(),
            severity: conflict.severity,
            count: 0,
            money: Vec::new(),
            first: 0,
        });
        entry.count += 1;
        entry.severity = entry.severity.min(conflict.severity);
        if let (Some(money), Some(currency)) = (conflict.money_at_stake, &conflict.currency) {
            match entry.money.iter_mut().find(|(code, _)| code == currency) {
                Some((_, sum)) => *sum += money,
                None => entry.money.push((currency.clone(), money)),
            }
        }
    }
    let mut counts: Vec<KindCount> = kinds.into_values().collect();
    for count in &mut counts {
        count.money.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    }
    let money = |count: &KindCount| count.money.first().map_or(0.0, |(_, sum)| *sum);
    counts.sort_by(|one, other| {
        (one.severity.cmp(&other.severity))
            .then(money(other).total_cmp(&money(one)))
            .then(other.count.cmp(&one.count))
            .then_with(|| one.kind.cmp(&other.kind))
    });
    let mut first = 0;
    for count in &mut counts {
        count.first = first;
        first += count.count;
    }
    counts
}

/// A value short enough for a screen.
pub(super) fn cut(value: &str) -> String {
    if value.len() <= LONGEST_VALUE {
        return value.to_owned();
    }
    let end = (0..=LONGEST_VALUE).rev().find(|end| value.is_char_boundary(*end)).unwrap_or(0);
    format!("{}… ({} bytes)", &value[..end], value.len())
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).context(ErrorKind::Internal, || "cannot write the snapshot as JSON".to_owned())
}

pub(super) fn failed(path: &Path, cause: sqlx::Error) -> Error {
    Error::io(format!("cannot write the snapshot {}", path.display()))
        .because(cause)
        .hint("check the free space and the permissions of its directory; the last snapshot is still in place")
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(cause).context(ErrorKind::Io, || format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
