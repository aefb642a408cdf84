//! The second week: the same company, a week later, with the planted drift.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{DEMO, by_id, rows};

/// The header of a table.
fn header(path: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(DEMO.0.path().join(path)).unwrap();
    reader.headers().unwrap().iter().map(str::to_owned).collect()
}

#[test]
fn the_second_week_is_the_same_company_a_week_later() {
    for table in
        ["salesforce/contact", "stripe_us/customer", "stripe_eu/subscription", "zendesk/ticket", "product/users"]
    {
        let [before, after] = [1, 2].map(|week| by_id(&format!("week{week}/{table}.csv")));
        assert!(before.keys().all(|id| after.contains_key(id)), "{table} lost rows");
    }
    for table in ["zendesk/ticket", "product/users", "salesforce/account", "stripe_us/invoice"] {
        let [before, after] = [1, 2].map(|week| DEMO.1.rows[&format!("week{week}/{table}")]);
        assert!(after > before && after < before + before / 8, "{table}: {before} to {after}");
    }
    let [before, after] = [1, 2].map(|week| by_id(&format!("week{week}/salesforce/account.csv")));
    let merged = before.values().filter(|row| row["is_deleted"] != after[&row["id"]]["is_deleted"]).count();
    assert!(merged >= 1);
    let moved = before.values().filter(|row| row["arr_c"] != after[&row["id"]]["arr_c"]).count();
    assert!((1..before.len() / 10).contains(&moved), "{moved}");
}

#[test]
fn the_planted_drift_is_in_the_second_week_only() {
    let values =
        |path: &str, column: &str| -> Vec<String> { rows(path).into_iter().map(|row| row[column].clone()).collect() };
    let has = |path: &str, column: &str, value: &str| values(path, column).iter().any(|held| held == value);
    assert!(
        has("week1/stripe_us/product.csv", "name", "Business") && !has("week1/stripe_us/product.csv", "name", "Scale")
    );
    assert!(
        !has("week2/stripe_us/product.csv", "name", "Business") && has("week2/stripe_us/product.csv", "name", "Scale")
    );
    assert!(has("week2/salesforce/account.csv", "plan_c", "Business"), "the CRM keeps the old name");

    assert!(header("week1/salesforce/account.csv").contains(&"seats_c".to_owned()));
    assert!(!header("week2/salesforce/account.csv").contains(&"seats_c".to_owned()));
    assert!(header("week2/salesforce/account.csv").contains(&"licensed_seats_c".to_owned()));
    assert!(values("week1/salesforce/account.csv", "renewal_date_c").iter().any(|date| !date.is_empty()));
    assert!(values("week2/salesforce/account.csv", "renewal_date_c").iter().all(String::is_empty));
    assert!(!header("week2/salesforce/lead.csv").contains(&"website".to_owned()));
    assert!(header("week2/zendesk/ticket.csv").contains(&"is_ai_handled".to_owned()));
    assert!(!header("week1/zendesk/ticket.csv").contains(&"is_ai_handled".to_owned()));

    let [before, after] = [1, 2].map(|week| by_id(&format!("week{week}/stripe_eu/invoice.csv")));
    for (id, row) in &before {
        let cents: i64 = row["total"].parse().unwrap();
        let units: i64 = after[id]["total"].parse().unwrap();
        assert_eq!(units, cents / 100);
    }
    assert_eq!(
        fs::read(DEMO.0.path().join("week1/salesforce/opportunity.csv")).unwrap(),
        fs::read(DEMO.0.path().join("week2/salesforce/opportunity.csv")).unwrap()
    );
    let prefixed = values("week2/zendesk/organization.csv", "external_id");
    assert!(prefixed.iter().all(|id| id.is_empty() || id.starts_with("sf:")));

    // Events: a new one, a lost one, a drop on the last three days, and repeated deliveries.
    let tracks = rows("week2/product/tracks.csv");
    let mut days: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in &tracks {
        let day = days.entry(&row["timestamp"][..10]).or_default();
        day[0] += 1;
        day[1] += usize::from(row["event"] == "report_scheduled");
        day[2] += usize::from(row["event"] == "dashboard_shared");
    }
    let sum = |from: &str, to: &str, at: usize| -> usize { days.range(from..to).map(|(_, day)| day[at]).sum() };
    assert_eq!(sum("2025-01-01", "2026-01-05", 1), 0);
    assert!(sum("2026-01-05", "2026-02-01", 1) > 50);
    assert!(sum("2025-12-29", "2026-01-05", 2) > 50);
    assert_eq!(sum("2026-01-06", "2026-02-01", 2), 0);
    let ids: BTreeSet<_> = tracks.iter().map(|row| &row["id"]).collect();
    assert!((5..100).contains(&(tracks.len() - ids.len())), "{}", tracks.len() - ids.len());
    // Weekends are quiet in an ordinary week: 2025-12-15 is a Monday.
    assert!(sum("2025-12-20", "2025-12-22", 0) * 5 < sum("2025-12-15", "2025-12-20", 0));
    assert!(
        sum("2026-01-09", "2026-01-10", 0) * 2 < sum("2026-01-08", "2026-01-09", 0),
        "Friday is among the lost days"
    );
}
