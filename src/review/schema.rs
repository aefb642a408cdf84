//! Which tables does the log have, and how does an older file get them?

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Connection as _, SqlStr, SqliteConnection};

use crate::error::{Error, ErrorKind};

use super::fault::Fault;

/// Every migration, oldest first. The text is compiled in, so that a change of the file is a change of the program;
/// `SQLite` keeps a checksum of each, so that an edited one is refused.
const MIGRATIONS: [(i64, &str, &str); 1] =
    [(1, "review log", include_str!("../../assets/migrations/0001_review_log.sql"))];

fn migrator() -> Migrator {
    let migrations = MIGRATIONS
        .iter()
        .map(|(version, name, sql)| {
            let sql = SqlStr::from_static(sql);
            Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
        })
        .collect();
    Migrator::with_migrations(migrations)
}

/// The newest migration in the file; `None` in a new file.
async fn version(connection: &mut SqliteConnection) -> Result<Option<i64>, Fault> {
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut *connection)
        .await?;
    if tables == 0 {
        return Ok(None);
    }
    Ok(sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(connection).await?)
}

/// Whether the file has every table this version needs.
///
/// # Errors
/// The file was written by a newer version.
pub(super) async fn is_current(connection: &mut SqliteConnection) -> Result<bool, Fault> {
    let newest = MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or_default();
    match version(connection).await? {
        Some(found) if found > newest => {
            let message = format!("the review log has tables of version {found}, this program knows {newest}");
            Err(Error::new(ErrorKind::Log, message).hint("Update fourfold; the log is untouched.").into())
        }
        found => Ok(found == Some(newest)),
    }
}

/// Brings the tables up to date, in one transaction: two programs that open a new log at once do not collide.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<(), Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    migrator().run_direct(None, &mut *transaction, false).await.map_err(|cause| match cause {
        sqlx::migrate::MigrateError::Execute(cause) | sqlx::migrate::MigrateError::ExecuteMigration(cause, _) => {
            Fault::Sql(cause)
        }
        cause => Fault::Ours(
            Error::new(ErrorKind::Log, "the review log's tables cannot be brought up to date")
                .hint("The file is untouched. If it was made by a development version, export it with that version.")
                .because(cause),
        ),
    })?;
    transaction.commit().await?;
    Ok(())
}
