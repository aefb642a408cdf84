//! What do PostgreSQL's errors mean to the person who reads them?

use std::time::Duration;

use sqlx::postgres::PgDatabaseError;

use crate::error::{Error, ErrorKind};
use crate::warehouse::{first_line, printable};

/// The error of a statement, with its first line.
pub(super) fn statement(sql: &str, cause: sqlx::Error) -> Error {
    let line = first_line(sql);
    match &cause {
        sqlx::Error::Database(database) => {
            let words = printable(database.message());
            let (code, detail) = database
                .try_downcast_ref::<PgDatabaseError>()
                .map_or(("", ""), |database| (database.code(), database.detail().unwrap_or_default()));
            if code == "57014" && words.contains("user request") {
                return Error::cancelled().because(cause);
            }
            if matches!(code, "57P01" | "57P02" | "57P03" | "57P05") || code.starts_with("08") {
                return went_away(&line, &words).because(cause);
            }
            let detail = if detail.is_empty() { String::new() } else { format!(" ({})", printable(detail)) };
            let error = Error::warehouse(format!("PostgreSQL refused `{line}`: {words}{detail}"));
            explained(error, code, &words).because(cause)
        }
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
            let words = printable(&cause.to_string());
            went_away(&line, &words).because(cause)
        }
        _ => {
            let words = printable(&cause.to_string());
            Error::warehouse(format!("PostgreSQL could not answer `{line}`: {words}")).because(cause)
        }
    }
}

/// The error of connecting.
pub(super) fn connecting(server: &str, cause: sqlx::Error) -> Error {
    let error = |words: &str| Error::warehouse(format!("cannot connect to {server}: {}", printable(words)));
    match &cause {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default().into_owned();
            let error = error(database.message());
            match code.as_str() {
                "28P01" | "28000" => error.hint("Check the user and the password, which come from the environment."),
                "3D000" => error.hint("Create the database, or name another one."),
                "53300" => error.hint("The server admits no more connections: close some, or raise max_connections."),
                _ => error.hint("Ask whoever runs the server."),
            }
        }
        sqlx::Error::Io(reason) => {
            error(&reason.to_string()).hint("Check that the server runs, and that host and port are right.")
        }
        sqlx::Error::Tls(reason) => error(&reason.to_string())
            .hint("Check sslmode and the certificate; sslmode=verify-full needs one that is signed for this host."),
        other => error(&other.to_string()).hint("Check that this host and port belong to PostgreSQL."),
    }
    .because(cause)
}

/// The server accepts nothing in time.
pub(super) fn silent(server: &str, after: Duration) -> Error {
    Error::warehouse(format!("{server} did not answer within {} s", after.as_secs()))
        .hint("Check the network, a firewall or VPN, and that the server runs.")
}

/// The server stopped working on a statement and does not answer.
pub(super) fn gone(server: &str) -> Error {
    Error::warehouse(format!("{server} went away while a statement was running"))
        .hint("Check the server and the network, then run again; the last published run is untouched.")
}

fn went_away(line: &str, words: &str) -> Error {
    Error::new(ErrorKind::Warehouse, format!("PostgreSQL went away during `{line}`: {words}"))
        .hint("Check the server and the network, then run again; the last published run is untouched.")
}

fn explained(error: Error, code: &str, words: &str) -> Error {
    match code {
        "53100" => {
            error.hint("The server's disk is full: free space and run again; the last published run is untouched.")
        }
        "42501" => error.hint("`fourfold doctor` prints the GRANT script for this role."),
        "55P03" => error.hint("Another session holds a lock on this table: let it finish, then run again."),
        "53200" => error.hint("The server ran out of memory: try again when it is less busy."),
        "2BP01" => error.hint("Drop or change what depends on it, then run again."),
        _ if words.contains("File too large") || words.contains("No space left") => {
            error.hint("The server's disk is full: free space and run again; the last published run is untouched.")
        }
        _ => error,
    }
}
