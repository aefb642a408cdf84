//! What would a play have said some weeks ago, and what happened since?
//!
//! Inputs are rebuilt from dated rows: days of use, beginnings and ends of subscriptions, invoices and tickets. What cannot be
//! rebuilt is not known then, and is said; what hardly changes, such as a name or a size, is taken as it is now. The result is counts
//! with intervals, not a promise: accounts that a play made somebody call may have stayed because of the call.

mod then;

use serde::Serialize;

use super::definition::{Outcome, Play};
use super::published::Published;
use super::statement::{Frame, Settings, Shape, statement};
use super::template::Surroundings;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::review::estimates::wilson;
use crate::warehouse::{ColumnType, Warehouse};

/// A back-test of one play.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Backtest {
    /// The play.
    pub play: String,
    /// What counts as having come true.
    pub outcome: String,
    /// Weeks before the run.
    pub weeks: u32,
    /// The day that is looked back to.
    pub day: String,
    /// The day of the run, up to which is looked whether it came true.
    pub until: String,
    /// All accounts that could have come true, then each tier from the highest.
    pub groups: Vec<Group>,
    /// What could not be rebuilt, in words.
    pub notes: Vec<String>,
}

/// Accounts that the play put into one tier then.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Group {
    /// The tier; `all` for all of them.
    pub tier: String,
    /// Whether it fires.
    pub fires: bool,
    /// Accounts.
    pub accounts: u64,
    /// Those for which it came true.
    pub came_true: u64,
    /// Their share.
    pub share: f64,
    /// The lower end of its 95 % interval (Wilson 1927).
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The mean share of weight that was known then.
    pub known_share: Option<f64>,
}

/// Runs the play on the model as it was `weeks` before the last run.
///
/// # Errors
/// `Config` when the play names no outcome, or the SQL is wrong; `Data` when there is no history to look back to; `Warehouse` when
/// the statement fails.
pub fn backtest(
    play: &Play,
    warehouse: &dyn Warehouse,
    schema: &str,
    published: &Published,
    weeks: u32,
) -> Result<Backtest> {
    let Some(outcome) = play.outcome else {
        return Err(Error::config(format!("the play {} says nothing that could come true", play.name)).hint(
            "outcome = \"churned\", \"expanded\" or \"closed\" in its definition names what a back-test counts",
        ));
    };
    for field in ["subscriptions.mrr", "subscriptions.started_at"] {
        if published.absent.contains(field) {
            return Err(Error::data(format!("no source has {field}, without which nobody can tell what came true")));
        }
    }
    let dialect = warehouse.dialect();
    let day = day_before(&published.day, weeks)?;
    let past = then::rebuild(dialect, published, &day);
    let as_of = format!("cast({} as date)", dialect.literal(&day));
    let frame = Frame {
        surroundings: Surroundings { dialect, tables: &past.tables, as_of: &as_of },
        first: past.queries.clone(),
        run_id: "null",
        inputs_as_of: "null",
        settings: Settings::Inline,
        absent: &past.absent,
    };
    let sql = statement(play, &frame, Shape::Output)?;
    let subscriptions = published.tables.get("subscriptions").cloned().unwrap_or_default();
    let (population, came_true) = match outcome {
        Outcome::Churned => ("t.mrr_then > 0", "t.mrr_now = 0"),
        Outcome::Expanded => ("t.mrr_then > 0", "t.mrr_now > t.mrr_then"),
        Outcome::Closed => ("t.mrr_then = 0", "t.mrr_now > 0"),
    };
    let (float, whole) = (dialect.type_name(ColumnType::Float), dialect.type_name(ColumnType::Integer));
    let query = format!(
        "SELECT p.tier, CAST(count(*) AS {whole}), CAST(sum(CASE WHEN {came_true} THEN 1 ELSE 0 END) AS {whole}), \
         CAST(sum(floor(100 * p.known_share + 0.5)) / (100.0 * count(*)) AS {float}) FROM ({sql}) AS p JOIN (\
         SELECT a.entity_id, CAST(coalesce(sum(CASE WHEN {live_then} THEN s.mrr END), 0) AS {float}) AS mrr_then, \
         CAST(coalesce(sum(CASE WHEN s.is_live THEN s.mrr END), 0) AS {float}) AS mrr_now \
         FROM {accounts} a LEFT JOIN {subscriptions} s ON s.account_entity_id = a.entity_id \
         GROUP BY a.entity_id) AS t ON t.entity_id = p.entity_id WHERE {population} GROUP BY p.tier ORDER BY {tier}",
        live_then = then::live("s.", &as_of),
        accounts = published.tables.get("accounts").cloned().unwrap_or_default(),
        tier = dialect.ordered("p.tier"),
    );
    let _ = schema;
    let rows = warehouse.query(&query, &[])?;
    let mut groups: Vec<Group> = (0..rows.len())
        .map(|row| {
            let tier = rows.text(row, 0).unwrap_or_default().to_owned();
            let counts = [1, 2].map(|column| rows.integer(row, column).unwrap_or(0) as u64);
            group(tier.clone(), play.fires(&tier), counts[0], counts[1], rows.float(row, 3))
        })
        .collect();
    let order = play.tier_names();
    groups.sort_by_key(|group| order.iter().position(|tier| *tier == group.tier).unwrap_or(usize::MAX));
    let all = groups.iter().fold((0, 0), |sum, group| (sum.0 + group.accounts, sum.1 + group.came_true));
    groups.insert(0, group("all".to_owned(), false, all.0, all.1, None));
    Ok(Backtest {
        play: play.name.clone(),
        outcome: outcome.as_str().to_owned(),
        weeks,
        day,
        until: published.day.clone(),
        groups,
        notes: past.notes,
    })
}

fn group(tier: String, fires: bool, accounts: u64, came_true: u64, known_share: Option<f64>) -> Group {
    let share = if accounts > 0 { came_true as f64 / accounts as f64 } else { 0.0 };
    let interval = wilson(share, accounts as f64);
    Group { tier, fires, accounts, came_true, share, low: interval.low, high: interval.high, known_share }
}

fn day_before(day: &str, weeks: u32) -> Result<String> {
    let fail = || format!("{weeks} weeks before {day} is no day");
    let date: jiff::civil::Date = day.parse().context(ErrorKind::Data, fail)?;
    let span = jiff::Span::new().try_weeks(weeks).context(ErrorKind::Config, fail)?;
    Ok(date.checked_sub(span).context(ErrorKind::Config, fail)?.to_string())
}
