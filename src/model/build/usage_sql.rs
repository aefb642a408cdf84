//! How does the warehouse count events by user and day, so that events themselves never leave it?

use crate::chart::source_map::{ColumnEntry, TableEntry};
use crate::model::cell::Day;
use crate::model::parse;
use crate::warehouse::{ColumnType, Dialect};

/// The columns of a table of events that say who and when.
#[derive(Debug, Clone, Copy)]
pub struct EventColumns<'map> {
    /// The user's key.
    pub person: Option<&'map ColumnEntry>,
    /// The key of the user's company.
    pub account: Option<&'map ColumnEntry>,
    /// When it happened.
    pub at: &'map ColumnEntry,
}

impl<'map> EventColumns<'map> {
    /// The columns; None when the table does not say who or when.
    #[must_use]
    pub fn of(table: &'map TableEntry) -> Option<Self> {
        let at = table.column_of("event.at").or_else(|| table.column_of("event.received_at"))?;
        let person = table.column_of("event.person_id");
        let account = table.column_of("event.account_id");
        (person.is_some() || account.is_some()).then_some(Self { person, account, at })
    }

    fn text(column: Option<&ColumnEntry>, dialect: Dialect) -> String {
        column.map_or_else(|| dialect.text("NULL"), |column| dialect.text(&dialect.quote(&column.name)))
    }

    /// Living rows that say when.
    #[must_use]
    pub fn living(&self, dialect: Dialect, table: &TableEntry) -> String {
        let mut conditions = vec![format!("{} IS NOT NULL", dialect.quote(&self.at.name))];
        let flags = table.columns.iter().filter(|column| column.kind == ColumnType::Boolean);
        for column in flags {
            if table.deleted_columns.contains(&column.name) {
                conditions.push(format!("NOT COALESCE({}, FALSE)", dialect.quote(&column.name)));
            } else if table.active_columns.contains(&column.name) {
                conditions.push(format!("COALESCE({}, TRUE)", dialect.quote(&column.name)));
            }
        }
        conditions.join(" AND ")
    }

    /// The day of an event as text: `2026-01-05`, or `d` and the days since 1970 where the source counts seconds.
    #[must_use]
    pub fn day(&self, dialect: Dialect) -> String {
        let at = dialect.quote(&self.at.name);
        match self.at.kind {
            ColumnType::Timestamp | ColumnType::Date => dialect.text(&format!("CAST({at} AS DATE)")),
            ColumnType::Integer | ColumnType::Float | ColumnType::Decimal => {
                let days = format!(
                    "FLOOR(CASE WHEN ABS({at}) < 100000000000 THEN {at} / 86400.0 WHEN ABS({at}) < 100000000000000 THEN {at} / 86400000.0 ELSE {at} / 86400000000.0 END)"
                );
                format!("'d' || {}", dialect.text(&format!("CAST({days} AS BIGINT)")))
            }
            _ => format!("SUBSTR({}, 1, 10)", dialect.text(&at)),
        }
    }

    /// A condition on the moment as the source keeps it, from one day to another, both included. It says no more than a condition on
    /// [`EventColumns::day`], but lets the engine pass over what lies outside; empty where the source keeps no moments.
    #[must_use]
    pub fn between(&self, dialect: Dialect, first: Day, last: Day) -> String {
        let at = dialect.quote(&self.at.name);
        let kind = match self.at.kind {
            ColumnType::Timestamp => "TIMESTAMP",
            ColumnType::Date => "DATE",
            _ => return String::new(),
        };
        let literal = |day: i32| format!("CAST({} AS {kind})", dialect.literal(&Day(day).to_string()));
        format!(" AND {at} >= {} AND {at} < {}", literal(first.0), literal(last.0.saturating_add(1)))
    }

    /// Counts by user, company and day: four columns, the last a whole number.
    #[must_use]
    pub fn rollup(&self, dialect: Dialect, table: &TableEntry) -> String {
        format!(
            "SELECT {} AS person, {} AS account, {} AS day, COUNT(*) AS events FROM {} WHERE {} GROUP BY 1, 2, 3",
            Self::text(self.person, dialect),
            Self::text(self.account, dialect),
            self.day(dialect),
            dialect.table(&table.name),
            self.living(dialect, table)
        )
    }
}

/// Reads what [`EventColumns::day`] wrote.
#[must_use]
pub fn read_day(text: &str) -> Option<Day> {
    match text.strip_prefix('d') {
        Some(days) => days.parse().ok().map(Day),
        None => parse::day(text),
    }
}
