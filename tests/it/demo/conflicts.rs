//! Planted disagreements are in the records, and the records disagree nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use super::{DEMO, Row, by_id, rows};

/// Planted conflicts of one kind: true account to (field, first value, other value).
fn planted(kind: &str) -> Vec<Row> {
    rows("truth/conflicts.csv").into_iter().filter(|row| row["kind"] == kind).collect()
}

/// Annual revenue in cents by true account as the subscriptions say, and as the CRM says; only accounts that both know
/// and that bill for nobody else.
fn revenue() -> BTreeMap<String, (i64, i64)> {
    let truth: BTreeMap<_, _> =
        rows("truth/accounts.csv").into_iter().map(|row| (row["pk"].clone(), row["true_account"].clone())).collect();
    let mut billed: BTreeMap<String, i64> = BTreeMap::new();
    for region in ["us", "eu"] {
        let prices = by_id(&format!("week1/stripe_{region}/price.csv"));
        let items: BTreeMap<_, _> = rows(&format!("week1/stripe_{region}/subscription_item.csv"))
            .into_iter()
            .map(|row| (row["subscription_id"].clone(), row))
            .collect();
        for row in rows(&format!("week1/stripe_{region}/subscription.csv")) {
            if row["status"] == "canceled" {
                continue;
            }
            let item = &items[&row["id"]];
            let price = &prices[&item["plan_id"]];
            let times = if price["recurring_interval"] == "month" { 12 } else { 1 };
            let amount: i64 = price["unit_amount"].parse().unwrap();
            let seats: i64 = item["quantity"].parse().unwrap();
            *billed.entry(truth[&row["customer_id"]].clone()).or_default() += amount * seats * times;
        }
    }
    let payers: BTreeSet<_> = rows("truth/hierarchy.csv").into_iter().map(|row| row["parent"].clone()).collect();
    rows("week1/salesforce/account.csv")
        .into_iter()
        .filter(|row| !row["arr_c"].is_empty() && row["master_record_id"].is_empty())
        .filter_map(|row| {
            let account = truth[&row["id"]].clone();
            let cents = row["arr_c"].replace('.', "").parse().unwrap();
            let amount = billed.get(&account).copied()?;
            (!payers.contains(&account)).then_some((account, (amount, cents)))
        })
        .collect()
}

#[test]
fn amounts_disagree_where_planted_and_nowhere_else() {
    let revenue = revenue();
    assert!(revenue.len() >= 90, "{}", revenue.len());
    let disagree: BTreeSet<_> =
        revenue.iter().filter(|(_, (billed, said))| billed != said).map(|(account, _)| account.clone()).collect();
    let planted: BTreeSet<_> =
        planted("amount_disagreement").into_iter().map(|row| row["true_account"].clone()).collect();
    assert_eq!(disagree, planted);
    assert!(planted.len() >= 4);
}

#[test]
fn plans_seats_and_states_disagree_where_planted_and_nowhere_else() {
    let truth: BTreeMap<_, _> =
        rows("truth/accounts.csv").into_iter().map(|row| (row["pk"].clone(), row["true_account"].clone())).collect();
    let mut alive = BTreeSet::new();
    for region in ["us", "eu"] {
        for row in rows(&format!("week1/stripe_{region}/subscription.csv")) {
            if row["status"] != "canceled" {
                alive.insert(truth[&row["customer_id"]].clone());
            }
        }
    }
    let mut workspaces: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows("week1/product/groups.csv") {
        if row["plan"] != "sandbox" {
            workspaces.entry(truth[&row["id"]].clone()).or_default().push(row);
        }
    }
    let [mut plans, mut seats, mut states] = [(); 3].map(|()| BTreeSet::new());
    for row in rows("week1/salesforce/account.csv").iter().filter(|row| !row["arr_c"].is_empty()) {
        let account = truth[&row["id"]].clone();
        for workspace in workspaces.get(&account).into_iter().flatten() {
            if workspace["plan"] != row["plan_c"].to_lowercase() {
                plans.insert(account.clone());
            }
            if workspace["seats"] != row["seats_c"] {
                seats.insert(account.clone());
            }
        }
        if (row["type"] == "Customer") != alive.contains(&account) {
            states.insert(account);
        }
    }
    let known = |kinds: &[&str]| -> BTreeSet<String> {
        kinds.iter().flat_map(|kind| planted(kind)).map(|row| row["true_account"].clone()).collect()
    };
    // A workspace follows billing; where only the CRM differs it differs from the workspace too.
    assert_eq!(plans, known(&["plan_mismatch"]));
    assert_eq!(seats, known(&["seats_mismatch"]));
    assert_eq!(states, known(&["status_disagreement", "won_not_billed", "parent_child_billing"]));
}

#[test]
fn every_kind_is_planted_and_its_values_are_in_the_records() {
    let at_least = [
        ("status_disagreement", 4),
        ("amount_disagreement", 4),
        ("plan_mismatch", 4),
        ("seats_mismatch", 4),
        ("owner_mismatch", 3),
        ("currency_mismatch", 2),
        ("name_mismatch", 2),
        ("country_mismatch", 2),
        ("domain_mismatch", 2),
        ("won_not_billed", 3),
        ("billed_not_won", 3),
        ("one_to_many_billing", 5),
        ("parent_child_billing", 3),
        ("timing", 2),
        ("duplicate_record", 20),
        ("dangling_tombstone", 5),
        ("stale_cross_id", 3),
        ("orphan", 3),
        ("shared_domain", 1),
        ("many_domains", 20),
        ("internal_or_test", 3),
        ("pre_migration_delete", 2),
        ("key_format_split", 2),
        ("metadata_key_drift", 2),
        ("type_mismatched_join", 1),
        ("migration_scar_field", 1),
        ("silent_null", 1),
    ];
    for (kind, least) in at_least {
        assert!(planted(kind).len() >= least, "{kind}: {}", planted(kind).len());
        assert_eq!(DEMO.1.conflicts[kind], planted(kind).len() as u64);
    }
    let truth = rows("truth/accounts.csv");
    let records = |table: &str, account: &str| -> Vec<Row> {
        let (source, name) = table.split_once('/').unwrap();
        let all = by_id(&format!("week1/{table}.csv"));
        let of = |row: &&Row| row["source"] == source && row["table"] == name && row["true_account"] == account;
        truth.iter().filter(of).map(|row| all[&row["pk"]].clone()).collect()
    };
    for (kind, column) in
        [("plan_mismatch", "plan_c"), ("seats_mismatch", "seats_c"), ("currency_mismatch", "currency_iso_code")]
    {
        for row in planted(kind) {
            let accounts = records("salesforce/account", &row["true_account"]);
            assert!(accounts.iter().any(|account| account[column] == row["value_a"]), "{row:?}");
            assert_ne!(row["value_a"], row["value_b"]);
        }
    }
    for row in planted("one_to_many_billing") {
        let customers =
            ["stripe_us/customer", "stripe_eu/customer"].map(|table| records(table, &row["true_account"]).len());
        assert_eq!(customers.iter().sum::<usize>().to_string(), row["value_b"], "{row:?}");
    }
    for row in planted("won_not_billed") {
        assert!(records("stripe_us/customer", &row["true_account"]).is_empty());
        assert!(records("stripe_eu/customer", &row["true_account"]).is_empty());
        assert!(!records("salesforce/account", &row["true_account"]).is_empty());
    }
    for row in planted("domain_mismatch") {
        let groups = records("product/groups", &row["true_account"]);
        assert!(groups.iter().any(|group| group["domain"] == row["value_b"]), "{row:?}");
    }
}
