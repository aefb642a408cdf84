//! Logs, decisions and what stands, in as few words as a test needs.

use std::collections::BTreeMap;
use std::path::Path;

use fourfold::ident::{EntityKind, PairKey, RecordKey};
use fourfold::review::{Effective, NewDecision, Outcome, ReviewLog, Verdict};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqliteConnection};

/// A log in a directory of its own, which goes with it.
pub struct TestLog {
    pub directory: tempfile::TempDir,
    pub log: ReviewLog,
}

impl TestLog {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let log = ReviewLog::open(&directory.path().join("review.db")).unwrap();
        Self { directory, log }
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.directory.path().join("review.db")
    }
}

/// A moment: so many seconds after the first second of 2026.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

pub fn pair(left: u32, right: u32) -> PairKey {
    PairKey::new(
        RecordKey::new("salesforce", "account", format!("0015g{left:010}AAA")),
        RecordKey::new("stripe_eu", "customer", format!("cus_{right:010}")),
    )
}

pub fn decision(pair: PairKey, verdict: Verdict, reviewer: &str, second: i64) -> NewDecision {
    NewDecision::new(pair, EntityKind::Account, verdict, reviewer, at(second))
}

/// What stands, in a form that two logs can be compared by.
pub type Stands = BTreeMap<PairKey, (Outcome, Vec<(String, Verdict)>)>;

pub fn stands(effective: &Effective) -> Stands {
    effective
        .standings()
        .map(|standing| {
            let mut opinions: Vec<_> =
                standing.opinions().map(|opinion| (opinion.reviewer.to_owned(), opinion.verdict)).collect();
            opinions.sort();
            (standing.pair().unwrap(), (standing.outcome(), opinions))
        })
        .collect()
}

pub fn standing_of(log: &ReviewLog) -> Stands {
    stands(&log.effective().unwrap())
}

/// Runs statements on the file behind the log's back.
pub fn behind_its_back(path: &Path, statements: &str) -> Result<(), sqlx::Error> {
    with_connection(path, &async |connection| {
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(connection).await.map(|_| ())
    })
}

/// Asks the file behind the log's back.
pub fn number(path: &Path, question: &str) -> i64 {
    with_connection(path, &async |connection| {
        sqlx::query_scalar(AssertSqlSafe(question.to_owned())).fetch_one(connection).await
    })
    .unwrap()
}

fn with_connection<T>(
    path: &Path,
    work: &impl AsyncFn(&mut SqliteConnection) -> Result<T, sqlx::Error>,
) -> Result<T, sqlx::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::sqlite::SqliteConnectOptions::new().filename(path).connect().await?;
        let outcome = work(&mut connection).await;
        sqlx::Connection::close(connection).await?;
        outcome
    })
}

/// Takes the guards off, as whoever tampers would.
pub const UNGUARD: &str = "DROP TRIGGER entry_is_never_deleted; DROP TRIGGER entry_is_only_erased; \
    DROP TRIGGER context_is_never_deleted; DROP TRIGGER context_is_never_changed; \
    PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;";
