//! Who is the server, and what is one session with it?

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use super::failure;
use crate::error::Result;

/// How long a connection may take to come up.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A session unused for longer is asked whether it still lives before it is used again.
const FRESH: Duration = Duration::from_secs(10);
/// What every session is set to: text output that [`crate::warehouse::Dialect::text`] builds on, and no endless wait for
/// another's lock.
const SETUP: &str = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = 1; \
    SET standard_conforming_strings = on; SET client_min_messages = warning; SET lock_timeout = '60s'";

/// A server and the sessions that are free.
pub(super) struct Server {
    options: PgConnectOptions,
    idle: Mutex<Vec<Session>>,
    busy: Mutex<BTreeSet<i32>>,
}

/// One connection.
pub(super) struct Session {
    connection: PgConnection,
    pid: i32,
    used: Instant,
}

impl Server {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        let options = options.application_name("fourfold");
        Self { options, idle: Mutex::new(Vec::new()), busy: Mutex::new(BTreeSet::new()) }
    }

    /// The server without its password.
    pub(super) fn describe(&self) -> String {
        let options = &self.options;
        let place = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let database = options.get_database().unwrap_or(options.get_username());
        let plain = if matches!(options.get_ssl_mode(), PgSslMode::Disable) { " (no TLS)" } else { "" };
        crate::warehouse::printable(&format!(
            "postgres {}@{place}:{}/{database}{plain}",
            options.get_username(),
            options.get_port()
        ))
    }

    /// A session of one's own.
    pub(super) async fn lease(&self) -> Result<Session> {
        loop {
            let Some(mut session) = locked(&self.idle).pop() else { return self.connect().await };
            if session.used.elapsed() < FRESH {
                return Ok(session);
            }
            let alive = tokio::time::timeout(CONNECT_TIMEOUT, session.connection.ping()).await;
            if matches!(alive, Ok(Ok(()))) {
                return Ok(session);
            }
        }
    }

    /// Opens a new session.
    pub(super) async fn connect(&self) -> Result<Session> {
        let opening = async {
            let mut connection = PgConnection::connect_with(&self.options).await?;
            connection.execute(sqlx::raw_sql(SETUP)).await?;
            let row = connection.fetch_one(sqlx::query("SELECT pg_backend_pid()").persistent(false)).await?;
            Ok::<_, sqlx::Error>((connection, row.try_get::<i32, _>(0)?))
        };
        match tokio::time::timeout(CONNECT_TIMEOUT, opening).await {
            Ok(Ok((connection, pid))) => Ok(Session { connection, pid, used: Instant::now() }),
            Ok(Err(cause)) => Err(failure::connecting(&self.describe(), cause)),
            Err(_) => Err(failure::silent(&self.describe(), CONNECT_TIMEOUT)),
        }
    }

    /// Takes a healthy session back.
    pub(super) fn give_back(&self, mut session: Session) {
        session.used = Instant::now();
        locked(&self.idle).push(session);
    }

    /// Marks a session as running a statement until the mark is dropped.
    pub(super) fn busy(&self, pid: i32) -> Busy<'_> {
        locked(&self.busy).insert(pid);
        Busy { server: self, pid }
    }

    /// Asks the server to stop every statement that is running for us.
    pub(super) async fn cancel_all(&self) {
        let pids: Vec<i32> = locked(&self.busy).iter().copied().collect();
        for pid in pids {
            self.cancel(pid).await;
        }
    }

    /// Asks the server to stop one statement, on another connection. A server that is gone has stopped it already.
    pub(super) async fn cancel(&self, pid: i32) {
        if let Ok(mut session) = self.connect().await {
            let query = sqlx::query("SELECT pg_cancel_backend($1)").bind(pid).persistent(false);
            if let Err(cause) = session.connection.execute(query).await {
                tracing::debug!(%cause, pid, "could not cancel a statement");
            }
        }
    }

    /// Whether the server answers and still works on a statement.
    pub(super) async fn works_on(&self, pid: i32) -> bool {
        let asking = async {
            let mut connection = PgConnection::connect_with(&self.options).await?;
            let query = sqlx::query("SELECT 1 FROM pg_stat_activity WHERE pid = $1").bind(pid).persistent(false);
            connection.fetch_optional(query).await
        };
        match tokio::time::timeout(CONNECT_TIMEOUT, asking).await {
            Ok(Ok(row)) => row.is_some(),
            // A server that refuses, because it is full for instance, is alive.
            Ok(Err(sqlx::Error::Database(_))) => true,
            Ok(Err(_)) | Err(_) => false,
        }
    }
}

/// The mark of a running statement.
pub(super) struct Busy<'server> {
    server: &'server Server,
    pid: i32,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        locked(&self.server.busy).remove(&self.pid);
    }
}

impl Session {
    pub(super) fn pid(&self) -> i32 {
        self.pid
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Runs statements in one transaction.
    pub(super) async fn transaction(&mut self, statements: &[String]) -> Result<()> {
        self.run("BEGIN").await?;
        for sql in statements {
            self.run(sql).await?;
        }
        self.run("COMMIT").await
    }

    /// Runs one statement without values. A session on which one failed is dropped by its user, which rolls back.
    pub(super) async fn run(&mut self, sql: &str) -> Result<()> {
        let outcome = self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await;
        outcome.map(drop).map_err(|cause| failure::statement(sql, cause))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
