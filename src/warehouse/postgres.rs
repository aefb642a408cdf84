//! How does PostgreSQL, and what speaks its protocol, answer?
//!
//! Statements run as tasks on an inner runtime with one worker thread; the calling thread waits on an ordinary channel,
//! so that it may itself belong to another runtime, and looks after the server while it waits. Every statement gets a session of
//! its own from a small stack, so that a statement may run inside the sink of another.

mod copy;
mod failure;
mod read;
mod session;
mod task;

use std::str::FromStr;
use std::sync::Arc;

use ::duckdb::arrow::record_batch::RecordBatch;
use futures_util::TryStreamExt;
use sqlx::postgres::{PgArguments, PgConnectOptions};
use sqlx::{Arguments, AssertSqlSafe, Either, Executor};

use super::{BatchSink, Canceller, Column, Dialect, TableName, TableShape, Value, Warehouse, catalogue};
use crate::error::{Context, Error, ErrorKind, Result};
use session::{Server, Session};
use task::{Ask, Reply, Runner};

/// A PostgreSQL database.
pub struct Postgres {
    server: Arc<Server>,
    runner: Runner,
}

impl Postgres {
    /// Connects to a URL such as `postgres://user:password@host:5432/database?sslmode=verify-full`. The password never
    /// appears in a message.
    ///
    /// # Errors
    /// `Config` for a URL that is not understood, `Warehouse` when the server cannot be reached or refuses.
    pub fn connect(url: &str) -> Result<Self> {
        // The cause is left out on purpose: it may quote the URL.
        let options = PgConnectOptions::from_str(url).map_err(|_| {
            Error::config("the PostgreSQL URL is not understood")
                .hint("Write it as postgres://USER:PASSWORD@HOST:5432/DATABASE.")
        })?;
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(Error::config("the PostgreSQL URL does not begin with postgres://"));
        }
        Self::with_options(options)
    }

    /// Connects with options that were put together elsewhere, such as from a dbt profile.
    ///
    /// # Errors
    /// `Warehouse` when the server cannot be reached or refuses.
    pub fn with_options(options: PgConnectOptions) -> Result<Self> {
        let postgres = Self { server: Arc::new(Server::new(options)), runner: Runner::start()? };
        // A first session shows at once whether the server lets us in.
        postgres.run(|session| async move { Ok((session, 0)) })?;
        Ok(postgres)
    }

    /// Runs `work` on a session and waits for its number.
    fn run<F, W>(&self, work: W) -> Result<u64>
    where
        W: FnOnce(Session) -> F + Send + 'static,
        F: Future<Output = Result<(Session, u64)>> + Send + 'static,
    {
        let mut ask = self.start(|session, _| work(session));
        loop {
            match ask.wait()? {
                Reply::Done(number) => return Ok(number),
                Reply::Batch(_) | Reply::Took => {}
            }
        }
    }

    fn start<F, W>(&self, work: W) -> Ask
    where
        W: FnOnce(Session, task::Answer) -> F + Send + 'static,
        F: Future<Output = Result<(Session, u64)>> + Send + 'static,
    {
        let server = Arc::clone(&self.server);
        self.runner.ask(Arc::clone(&self.server), |answer| async move {
            let session = server.lease().await?;
            answer.works_on(session.pid());
            let _busy = server.busy(session.pid());
            let (session, number) = work(session, answer.clone()).await?;
            server.give_back(session);
            Ok(number)
        })
    }
}

impl Warehouse for Postgres {
    fn describe(&self) -> String {
        self.server.describe()
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        let (sql, arguments) = (sql.to_owned(), bound(values)?);
        self.run(move |mut session| async move {
            let outcome = match arguments {
                None => session.connection().execute(sqlx::raw_sql(AssertSqlSafe(sql.clone()))).await,
                Some(arguments) => {
                    let query = sqlx::query_with(AssertSqlSafe(sql.clone()), arguments).persistent(false);
                    session.connection().execute(query).await
                }
            };
            let changed = outcome.map_err(|cause| failure::statement(&sql, cause))?.rows_affected();
            Ok((session, changed))
        })
    }

    fn transaction(&self, statements: &[String]) -> Result<()> {
        let statements = statements.to_vec();
        self.run(move |mut session| async move {
            session.transaction(&statements).await?;
            Ok((session, 0))
        })
        .map(drop)
    }

    fn stream(&self, sql: &str, values: &[Value], sink: BatchSink<'_>) -> Result<()> {
        // Rows always come in binary: the simple protocol, which `bound` of no values would choose, sends text.
        let (sql, arguments) = (sql.to_owned(), bound(values)?.unwrap_or_default());
        let mut ask = self.start(move |mut session, answer| async move {
            let mut reader = read::Reader::default();
            let outcome: Result<(), read::Stop> = async {
                let query = sqlx::query_with(AssertSqlSafe(sql.clone()), arguments).persistent(false);
                let mut rows = session.connection().fetch_many(query);
                while let Some(item) = rows.try_next().await? {
                    let Either::Right(row) = item else { continue };
                    reader.push(&row)?;
                    if reader.is_full() {
                        answer.batch(reader.take()?).await?;
                    }
                }
                Ok(())
            }
            .await;
            outcome.map_err(|stop| match stop {
                read::Stop::Driver(cause) => failure::statement(&sql, cause),
                read::Stop::Ours(error) => error,
            })?;
            if !reader.is_empty() {
                answer.batch(reader.take()?).await?;
            }
            Ok((session, 0))
        });
        loop {
            match ask.wait()? {
                Reply::Batch(batch) => sink(batch)?,
                Reply::Done(_) => return Ok(()),
                Reply::Took => {}
            }
        }
    }

    fn load(
        &self,
        table: &TableName,
        columns: &[Column],
        batches: &mut dyn Iterator<Item = Result<RecordBatch>>,
    ) -> Result<u64> {
        let create = catalogue::create_table(self.dialect(), table, columns);
        let names: Vec<String> = columns.iter().map(|column| self.dialect().quote(&column.name)).collect();
        let copy = format!("COPY {} ({}) FROM STDIN", self.dialect().table(table), names.join(", "));
        let (feed, mut food) = tokio::sync::mpsc::unbounded_channel();
        let mut ask = self.start(move |mut session, answer| async move {
            let rows = session.copy_in(&create, &copy, &mut food, &answer).await?;
            Ok((session, rows))
        });
        // Encoded batches on their way to the server; more would only fill memory.
        let mut on_the_way = 0;
        for batch in batches {
            for chunk in copy::encode(&batch?)? {
                while on_the_way >= 4 {
                    match ask.wait()? {
                        Reply::Took => on_the_way -= 1,
                        Reply::Done(_) | Reply::Batch(_) => return Err(Error::internal("COPY ended before its rows")),
                    }
                }
                if feed.send(copy::Feed::Chunk(chunk)).is_ok() {
                    on_the_way += 1;
                }
            }
        }
        let _ = feed.send(copy::Feed::End);
        loop {
            if let Reply::Done(rows) = ask.wait()? {
                return Ok(rows);
            }
        }
    }

    fn schemas(&self) -> Result<Vec<String>> {
        catalogue::schemas(self)
    }

    fn tables(&self, schema: &str) -> Result<Vec<TableShape>> {
        catalogue::tables(self, schema)
    }

    fn canceller(&self) -> Canceller {
        let (server, runtime) = (Arc::clone(&self.server), self.runner.handle());
        Box::new(move || {
            let server = Arc::clone(&server);
            runtime.spawn(async move { server.cancel_all().await });
        })
    }
}

/// The values as the protocol binds them; None when there are none.
fn bound(values: &[Value]) -> Result<Option<PgArguments>> {
    if values.is_empty() {
        return Ok(None);
    }
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Null => arguments.add(None::<String>),
            Value::Text(text) => arguments.add(text.replace('\0', "\u{fffd}")),
            Value::Integer(number) => arguments.add(*number),
            Value::Float(number) => arguments.add(*number),
            Value::Boolean(truth) => arguments.add(*truth),
        }
        .context(ErrorKind::Warehouse, || "a value cannot be bound".to_owned())?;
    }
    Ok(Some(arguments))
}
