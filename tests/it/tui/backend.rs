//! A backend of real parts: a real review log in a temporary directory, and a walk that answers like the engine.

use std::path::Path;

use fourfold::drift::finding::Finding;
use fourfold::error::Error;
use fourfold::ident::RecordKey;
use fourfold::model::feeds::Feed;
use fourfold::model::trace::TracedPair;
use fourfold::progress::CancelToken;
use fourfold::resolve::waterfall::{Bar, Waterfall};
use fourfold::tui::{Contribution, DriftDesk, LinkLine, LogBackend, OriginValue, TraceView};

/// The review log at `path`, with a walk over invented rows.
pub fn backend(path: &Path) -> LogBackend {
    let rows = |finding: &Finding, cancel: &CancelToken| {
        cancel.check()?;
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let mut found = vec![row(["id", "name", "licensed_seats_c"])];
        found.extend(
            (1..=30).map(|number| row([&format!("0015g{number}"), &format!("{} \u{1b}[2J", finding.table), "12"])),
        );
        Ok(found)
    };
    let rename = |finding: &str, who: &str, _at| Ok(vec![format!("{finding} confirmed by {who}")]);
    let desk = DriftDesk::new(path.with_file_name("drift.sqlite"), Box::new(rows), Box::new(rename));
    LogBackend::open(path).unwrap().with_drift(desk).with_tracer(Box::new(|entity, field, offset, cancel| {
        cancel.check()?;
        if field == "plan" {
            return Err(Error::warehouse("the warehouse does not answer").hint("try again when the run has finished"));
        }
        Ok(TraceView { contributing_offset: offset, ..view(entity.as_str(), field) })
    }))
}

/// One whose walk panics, to see that this does no harm.
pub fn faulty_backend(path: &Path) -> LogBackend {
    LogBackend::open(path).unwrap().with_tracer(Box::new(|_, _, _, _| panic!("a fault in the walk")))
}

fn view(entity: &str, field: &str) -> TraceView {
    let origin = |source: &str, table: &str, column: &str, value: &str, reason: &str| OriginValue {
        record: RecordKey::new(source, table, format!("{source}-{}", &entity[entity.len() - 4..])),
        column: column.into(),
        value: value.into(),
        sync_id: Some("sync-20260302".into()),
        synced_at: Some("2026-03-02T04:10:00Z".into()),
        reason: reason.into(),
        now: (column == "name" && source == "zendesk").then(|| "Northwind Ltd".into()),
    };
    let mut view = TraceView {
        value: Some("84200.00".into()),
        currency: Some("EUR".into()),
        rule: "sum of active subscriptions x 12".into(),
        links: vec![
            LinkLine {
                record: RecordKey::new("salesforce", "account", "0015g00000000001AAC"),
                rule: "match".into(),
                weight: Some(14.2),
                decided_by: "engine".into(),
            },
            LinkLine {
                record: RecordKey::new("stripe_eu", "customer", "cus_00000000000001"),
                rule: "decision".into(),
                weight: None,
                decided_by: "rae".into(),
            },
        ],
        pairs: vec![TracedPair {
            pair_id: "p0123456789abcdef".into(),
            left: "salesforce.account:0015g00000000001AAC".into(),
            right: "stripe_eu.customer:cus_00000000000001".into(),
            status: "matched".into(),
            rule: "domain".into(),
            weight: 14.2,
            probability: 0.999,
            waterfall: Waterfall {
                bars: [
                    ("prior", "before anything is compared", -8.5),
                    ("name", "same", 12.1),
                    ("domain", "same", 10.6),
                ]
                .map(|(comparison, level, weight)| Bar {
                    comparison: comparison.into(),
                    left: String::new(),
                    right: String::new(),
                    level: level.into(),
                    weight,
                })
                .to_vec(),
            },
            decision: Some("same by rae at 2026-02-27T09:00:00Z (log 1a2b3c4d)".into()),
        }],
        feeds: vec![
            Feed::new("field", "accounts.arr_reporting", ""),
            Feed::new("model", "marts.dim_accounts", "arr, arr_band"),
            Feed::new("dashboard", "weekly_board", "by marts.dim_accounts"),
        ],
        sql: Some("SELECT 84200.00 AS \"arr\"".into()),
        ..TraceView::default()
    };
    if field == "arr" {
        view.made_of = vec!["subscriptions.arr".into()];
        view.contributing = (1..=3)
            .map(|index| Contribution {
                record: RecordKey::new("stripe_eu", "subscription", format!("sub_{index:06}")),
                amount: format!("{}.00", 20_000 + 4_100 * index),
                text: format!("Scale, {} seats, monthly", 10 * index),
                related_by: "subscription_of_account by foreign_key".into(),
                now: None,
            })
            .collect();
        view.contributing_total = 3;
        view.sum_now = Some("84600.00".into());
        view.sum_matches = Some(false);
    } else {
        view.winner = Some(origin("salesforce", "account", "name", "Northwind Analytics", "first in the list"));
        view.losing = vec![
            origin("stripe_eu", "customer", "name", "NORTHWIND ANALYTICS GMBH", "billing comes after crm"),
            origin("zendesk", "organization", "name", "Northwind", "support comes after billing"),
        ];
        view.source_row = [("id", "0015g00000000001AAC"), ("name", "Northwind Analytics"), ("type", "Customer")]
            .map(|(column, value)| (column.to_owned(), value.to_owned()))
            .to_vec();
        view.highlighted = Some(1);
    }
    view
}
