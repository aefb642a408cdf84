//! Which tables does the drift file have?

use sqlx::SqliteConnection;

/// Raised with every change of the tables.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT PRIMARY KEY, started TEXT NOT NULL, finished TEXT, command TEXT NOT NULL, process INTEGER NOT NULL,
    outcome TEXT NOT NULL, seconds REAL, processor_seconds REAL, tables INTEGER, rows INTEGER, message TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bodies (hash TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS baselines (
    run_id TEXT PRIMARY KEY, as_of INTEGER NOT NULL, engine TEXT NOT NULL, published INTEGER NOT NULL,
    head BLOB NOT NULL, past BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS baseline_tables (
    run_id TEXT NOT NULL, place INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (run_id, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reports (run_id TEXT PRIMARY KEY, reference TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS seen (finding_id TEXT PRIMARY KEY, run_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS actions (
    seq INTEGER PRIMARY KEY, finding_id TEXT NOT NULL, action TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
    until TEXT, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS proposals (
    proposal_id TEXT PRIMARY KEY, status TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS held (
    proposal_id TEXT NOT NULL, run_id TEXT NOT NULL, held INTEGER NOT NULL, said TEXT NOT NULL,
    PRIMARY KEY (proposal_id, run_id)) WITHOUT ROWID;
";

async fn version(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("PRAGMA user_version").fetch_one(connection).await
}

/// Makes the tables of a new file.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    match version(&mut *connection).await? {
        VERSION => Ok(()),
        0 => {
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *connection).await?;
            sqlx::raw_sql(TABLES).execute(&mut *connection).await?;
            sqlx::raw_sql("PRAGMA user_version = 1; COMMIT").execute(&mut *connection).await?;
            Ok(())
        }
        newer => Err(unknown(newer)),
    }
}

/// Refuses a file of a newer version.
pub(super) async fn check(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    match version(connection).await? {
        VERSION => Ok(()),
        other => Err(unknown(other)),
    }
}

fn unknown(version: i64) -> sqlx::Error {
    sqlx::Error::Protocol(format!("the file is of version {version}; this program knows version {VERSION}"))
}
