//! Is the run good enough to be published, or does the last good one stay?
//!
//! What people act on must not break in silence: an empty table of accounts, a relation that fell off a cliff, keys that
//! collapsed, revenue in another unit. Each of these is checked before anything is published.

use serde::{Deserialize, Serialize};

use super::baseline::{Baseline, JoinRate};
use super::detect::percent;
use crate::config::Thresholds;

/// Fewer rows cannot break a run.
const FEWEST: u64 = 20;
/// A total of money that is this many times greater or smaller.
const MONEY: f64 = 5.0;
/// A share of accounts that are left.
const ACCOUNTS: f64 = 0.5;
/// An entity that holds this share of all records.
const SWALLOWED: f64 = 0.2;

/// A broken invariant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// What broke, such as `tickets of zendesk.ticket`.
    pub what: String,
    /// Why it counts as broken, with the numbers.
    pub why: String,
}

/// What is broken against the last published run; nothing when there is none.
#[must_use]
pub fn broken(before: &Baseline, now: &Baseline, thresholds: &Thresholds) -> Vec<Broken> {
    let mut found = Vec::new();
    tables(before, now, &mut found);
    for rate in before.joins.iter().filter(|rate| rate.sort != "segment") {
        let fell = match now.join(rate.key()) {
            Some(later) => later.clone(),
            // Without a row left there is nothing to relate; the empty table tells of it.
            None if rate.sort == "relation" => JoinRate { hits: 0, ..rate.clone() },
            None => continue,
        };
        let gone = now.table(&rate.source, &rate.table).is_none_or(|table| table.rows == 0);
        if gone || rate.hits < FEWEST || fell.total < FEWEST || rate.rate() < 0.2 {
            continue;
        }
        if fell.rate() < rate.rate() * thresholds.broken {
            let what = match rate.sort.as_str() {
                "match" => format!("matches of {}.{}", rate.source, rate.table),
                "relation" => format!("{} of {}.{}", rate.name.replace('_', " "), rate.source, rate.table),
                _ => format!("{}.{}.{}", rate.source, rate.table, rate.name),
            };
            let why = format!("{} find what they point to, {} before", percent(fell.rate()), percent(rate.rate()));
            found.push(Broken { what, why });
        }
    }
    graph(before, now, &mut found);
    found
}

fn tables(before: &Baseline, now: &Baseline, found: &mut Vec<Broken>) {
    for table in before.tables.iter().filter(|table| table.rows >= FEWEST) {
        let carries = ["account", "person", "subscription", "invoice", "ticket"].contains(&table.role.as_str());
        if !carries {
            continue;
        }
        let name = format!("{}.{}", table.source, table.table);
        let renamed = now.tables.iter().any(|other| {
            other.source == table.source
                && other.role == table.role
                && before.table(&other.source, &other.table).is_none()
        });
        match now.table(&table.source, &table.table) {
            None if !renamed => {
                found.push(Broken { what: name, why: format!("the table is gone; it had {} rows", table.rows) });
            }
            Some(later) if later.rows == 0 => {
                found.push(Broken { what: name, why: format!("the table is empty; it had {} rows", table.rows) });
            }
            Some(later) if later.role != table.role => found.push(Broken {
                what: name,
                why: format!("its rows no longer read as {}: what named or described them is gone", table.role),
            }),
            Some(later)
                if later.rows >= FEWEST && later.duplicates * 2 > later.rows && table.duplicates * 10 < table.rows =>
            {
                let why = format!("{} of {} rows share their key with another", later.duplicates, later.rows);
                found.push(Broken { what: name, why });
            }
            _ => {}
        }
    }
}

fn graph(before: &Baseline, now: &Baseline, found: &mut Vec<Broken>) {
    let pair = |name: &str| (before.graph_number(name).unwrap_or(0.0), now.graph_number(name).unwrap_or(0.0));
    for kind in ["account", "person"] {
        let (old, new) = pair(&format!("entities.{kind}"));
        if old >= FEWEST as f64 && new < old * ACCOUNTS {
            let word = if kind == "account" { "accounts" } else { "people" };
            found.push(Broken { what: word.to_owned(), why: format!("{new:.0} are left of {old:.0}") });
        }
    }
    let (largest_before, largest) = pair("largest");
    let (_, links) = pair("links");
    if links >= 100.0 && largest > SWALLOWED * links && largest > 4.0 * largest_before {
        found.push(Broken {
            what: "entities".to_owned(),
            why: format!("one entity holds {largest:.0} of {links:.0} records: keys have collapsed"),
        });
    }
    for (name, old) in &before.model {
        let Some(currency) = name.strip_prefix("sum.accounts.arr.") else { continue };
        let new = now.model_number(name).unwrap_or(0.0);
        if *old >= 1000.0 && (new > old * MONEY || new < old / MONEY) {
            found.push(Broken {
                what: format!("recurring revenue in {currency}"),
                why: format!("{new:.0} a year, {old:.0} before"),
            });
        }
    }
}
