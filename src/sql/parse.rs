//! Is a text SQL, and in whose dialect is it written?

use sqlparser::ast::Statement;
use sqlparser::dialect::{
    AnsiDialect, BigQueryDialect, ClickHouseDialect, DatabricksDialect, Dialect, DuckDbDialect, GenericDialect,
    HiveDialect, MsSqlDialect, MySqlDialect, PostgreSqlDialect, RedshiftSqlDialect, SQLiteDialect, SnowflakeDialect,
};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token, Tokenizer, Whitespace};

use super::Fault;

/// A dialect of SQL that can be read. More than fourfold writes: the models of a team may run elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SqlDialect {
    /// Whatever most engines take.
    #[default]
    Generic,
    /// Standard SQL alone.
    Ansi,
    /// `BigQuery`.
    BigQuery,
    /// `ClickHouse`.
    ClickHouse,
    /// Databricks and Spark.
    Databricks,
    /// `DuckDB`.
    DuckDb,
    /// Hive.
    Hive,
    /// SQL Server and Fabric.
    MsSql,
    /// `MySQL`.
    MySql,
    /// `PostgreSQL`.
    Postgres,
    /// Redshift.
    Redshift,
    /// `SQLite`.
    Sqlite,
    /// Snowflake.
    Snowflake,
}

const NAMES: [(&str, SqlDialect); 18] = [
    ("generic", SqlDialect::Generic),
    ("ansi", SqlDialect::Ansi),
    ("bigquery", SqlDialect::BigQuery),
    ("clickhouse", SqlDialect::ClickHouse),
    ("databricks", SqlDialect::Databricks),
    ("spark", SqlDialect::Databricks),
    ("duckdb", SqlDialect::DuckDb),
    ("hive", SqlDialect::Hive),
    ("sqlserver", SqlDialect::MsSql),
    ("fabric", SqlDialect::MsSql),
    ("mysql", SqlDialect::MySql),
    ("postgres", SqlDialect::Postgres),
    ("postgresql", SqlDialect::Postgres),
    ("redshift", SqlDialect::Redshift),
    ("sqlite", SqlDialect::Sqlite),
    ("snowflake", SqlDialect::Snowflake),
    ("trino", SqlDialect::Generic),
    ("athena", SqlDialect::Generic),
];

impl SqlDialect {
    /// The dialect by its name, or by the name of a dbt adapter; None for an unknown one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, dialect)| *dialect)
    }

    /// Every name that [`SqlDialect::named`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    fn parser(self) -> Box<dyn Dialect> {
        match self {
            Self::Generic => Box::new(GenericDialect {}),
            Self::Ansi => Box::new(AnsiDialect {}),
            Self::BigQuery => Box::new(BigQueryDialect {}),
            Self::ClickHouse => Box::new(ClickHouseDialect {}),
            Self::Databricks => Box::new(DatabricksDialect {}),
            Self::DuckDb => Box::new(DuckDbDialect {}),
            Self::Hive => Box::new(HiveDialect {}),
            Self::MsSql => Box::new(MsSqlDialect {}),
            Self::MySql => Box::new(MySqlDialect {}),
            Self::Postgres => Box::new(PostgreSqlDialect {}),
            Self::Redshift => Box::new(RedshiftSqlDialect {}),
            Self::Sqlite => Box::new(SQLiteDialect {}),
            Self::Snowflake => Box::new(SnowflakeDialect {}),
        }
    }
}

impl From<crate::warehouse::Dialect> for SqlDialect {
    fn from(dialect: crate::warehouse::Dialect) -> Self {
        match dialect {
            crate::warehouse::Dialect::DuckDb => Self::DuckDb,
            crate::warehouse::Dialect::Postgres => Self::Postgres,
        }
    }
}

/// A text that was read.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) statements: Vec<Statement>,
    /// Lines on which a comment says that a constant is meant: `-- fourfold: constant`.
    pub(super) accepted: Vec<u64>,
}

/// Reads a text.
///
/// # Errors
/// One fault with the place of the first mistake.
pub(super) fn parse(text: &str, dialect: SqlDialect) -> Result<Parsed, Fault> {
    if let Some(fault) = template(text) {
        return Err(fault);
    }
    let dialect = dialect.parser();
    let tokens = Tokenizer::new(dialect.as_ref(), text).tokenize_with_location().map_err(|error| {
        Fault::at(error.location, error.message).hint("check the quotes and the dialect (--dialect)")
    })?;
    let accepted = tokens
        .iter()
        .filter(|token| {
            let comment = match &token.token {
                Token::Whitespace(Whitespace::SingleLineComment { comment, .. }) => comment,
                Token::Whitespace(Whitespace::MultiLineComment(comment)) => comment,
                _ => return false,
            };
            comment.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ").contains("fourfold: constant")
        })
        .map(|token| token.span.start.line)
        .collect();
    let statements = Parser::new(dialect.as_ref())
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(|error| located(&error.to_string()))?;
    Ok(Parsed { statements, accepted })
}

/// Jinja that no dbt has compiled is no SQL yet.
fn template(text: &str) -> Option<Fault> {
    let at = ["{{", "{%", "{#"].iter().filter_map(|mark| text.find(mark)).min()?;
    let before = &text[..at];
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) as u64 + 1;
    Some(
        Fault::at(Location { line, column }, "this is a dbt template, not SQL yet")
            .hint("run `dbt compile` and name its target directory"),
    )
}

/// The parser writes the place at the end of its message.
fn located(message: &str) -> Fault {
    let message = message.trim_start_matches("sql parser error: ");
    let place = message.rfind(" at Line: ").and_then(|at| {
        let (line, column) = message[at + " at Line: ".len()..].split_once(", Column: ")?;
        Some((&message[..at], line.parse().ok()?, column.trim().parse().ok()?))
    });
    match place {
        Some((words, line, column)) => Fault::at(Location { line, column }, words),
        None => Fault::at(Location { line: 0, column: 0 }, message),
    }
    .hint("if the SQL is right, name its dialect (--dialect)")
}
