//! The demo company: reproducible bytes, a truth that fits the records, the stated mess, and the planted drift.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use fourfold::demo::{DemoOptions, DemoSummary, generate};
use fourfold::error::ErrorKind;
use fourfold::progress::{CancelToken, Silent};
use sha2::{Digest, Sha256};

type Row = BTreeMap<String, String>;

/// The demo of 300 accounts, generated once for all tests that only read it.
static DEMO: LazyLock<(tempfile::TempDir, DemoSummary)> = LazyLock::new(|| {
    let directory = tempfile::tempdir().unwrap();
    let summary = demo(directory.path(), 300, 7);
    (directory, summary)
});

fn demo(directory: &Path, accounts: usize, seed: u64) -> DemoSummary {
    let options = DemoOptions { accounts, seed, ..DemoOptions::default() };
    generate(directory, &options, &Silent, &CancelToken::new()).unwrap()
}

fn rows(path: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(DEMO.0.path().join(path)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// The header of a table.
fn header(path: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(DEMO.0.path().join(path)).unwrap();
    reader.headers().unwrap().iter().map(str::to_owned).collect()
}

/// `id` to the row.
fn by_id(path: &str) -> BTreeMap<String, Row> {
    rows(path).into_iter().map(|row| (row["id"].clone(), row)).collect()
}

/// All files below a directory, in order.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(files(&path)) } else { out.push(path) }
    }
    out.sort();
    out
}

/// SHA-256 over the names and bytes of all files.
fn digest(directory: &Path) -> String {
    let mut hash = Sha256::new();
    for path in files(directory) {
        let name = path.strip_prefix(directory).unwrap().to_string_lossy().replace('\\', "/");
        hash.update(name.as_bytes());
        hash.update(fs::read(&path).unwrap());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Planted conflicts of one kind: true account to (field, first value, other value).
fn planted(kind: &str) -> Vec<Row> {
    rows("truth/conflicts.csv").into_iter().filter(|row| row["kind"] == kind).collect()
}

#[test]
fn same_seed_same_bytes() {
    let [one, two, other] = [7, 7, 8].map(|seed| {
        let directory = tempfile::tempdir().unwrap();
        demo(directory.path(), 40, seed);
        (digest(directory.path()), directory)
    });
    assert_eq!(one.0, two.0);
    assert_ne!(one.0, other.0);
    // The same on every platform; a change of the generator changes it on purpose.
    assert_eq!(one.0, "b9f339982ce1f856f255d8c2577f5c0f173a46b149139b25ef84a553ee2c6a99");
}

#[test]
fn small_and_odd_sizes_work() {
    for accounts in [1, 2, 19, 21] {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(demo(directory.path(), accounts, 3).accounts, accounts);
    }
}

#[test]
fn three_hundred_accounts_take_under_two_seconds() {
    let directory = tempfile::tempdir().unwrap();
    let start = Instant::now();
    demo(directory.path(), 300, 11);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn mistakes_are_refused_and_nothing_is_left_behind() {
    let directory = tempfile::tempdir().unwrap();
    let run = |accounts, cancel: &CancelToken| {
        let options = DemoOptions { accounts, ..DemoOptions::default() };
        generate(directory.path(), &options, &Silent, cancel).unwrap_err()
    };
    assert_eq!(run(0, &CancelToken::new()).kind, ErrorKind::Config);
    let cancel = CancelToken::new();
    cancel.cancel();
    assert_eq!(run(30, &cancel).kind, ErrorKind::Cancelled);
    assert_eq!(files(directory.path()), Vec::<PathBuf>::new());
    fs::create_dir(directory.path().join("week2")).unwrap();
    fs::write(directory.path().join("week2/mine.txt"), "keep").unwrap();
    assert_eq!(run(30, &CancelToken::new()).kind, ErrorKind::Config);
    assert_eq!(files(directory.path()), [directory.path().join("week2/mine.txt")]);
}

#[test]
fn the_summary_counts_what_was_written() {
    let summary = &DEMO.1;
    assert_eq!(summary.accounts, 300);
    assert_eq!(summary.rows.len(), 56);
    for (name, count) in &summary.rows {
        assert_eq!(rows(&format!("{name}.csv")).len() as u64, *count, "{name}");
    }
    let conflicts = rows("truth/conflicts.csv");
    assert_eq!(summary.conflicts.values().sum::<u64>(), conflicts.len() as u64);
    assert_eq!(summary.drift, rows("truth/drift.csv").len());
}

#[test]
fn every_record_has_one_true_entity() {
    let grains: [(&str, &[&str]); 2] = [
        (
            "accounts",
            &["salesforce/account", "stripe_us/customer", "stripe_eu/customer", "zendesk/organization", "product/groups"],
        ),
        ("people", &["salesforce/contact", "salesforce/lead", "zendesk/user", "product/users"]),
    ];
    for (week, truth) in [("week1", "truth"), ("week2", "truth/week2")] {
        for (grain, tables) in grains {
            let mut records = Vec::new();
            for table in tables {
                let (source, name) = table.split_once('/').unwrap();
                for row in rows(&format!("{week}/{table}.csv")) {
                    records.push((source.to_owned(), name.to_owned(), row["id"].clone()));
                }
            }
            records.sort();
            let mut known: Vec<_> = rows(&format!("{truth}/{grain}.csv"))
                .into_iter()
                .map(|row| (row["source"].clone(), row["table"].clone(), row["pk"].clone()))
                .collect();
            known.sort();
            assert_eq!(records, known, "{week} {grain}");
        }
    }
}

#[test]
fn relations_and_edges_point_to_what_exists() {
    let column = |path: &str, name: &str| -> BTreeSet<String> {
        rows(path).into_iter().map(|row| row[name].clone()).collect()
    };
    for (week, truth) in [("week1", "truth"), ("week2", "truth/week2")] {
        let accounts = column(&format!("{truth}/accounts.csv"), "true_account");
        let people = column(&format!("{truth}/people.csv"), "true_person");
        let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for row in rows(&format!("{truth}/relations.csv")) {
            let path = format!("{week}/{}/{}.csv", row["source"], row["table"]);
            let known = ids.entry(path.clone()).or_insert_with(|| column(&path, "id"));
            assert!(known.contains(&row["pk"]), "{row:?}");
            let owner = &row["true_account_or_person"];
            let owners = if row["relation"] == "ticket_of_person" { &people } else { &accounts };
            assert!(!owner.is_empty() && owners.contains(owner), "{row:?}");
            assert!(seen.insert((path, row["pk"].clone(), row["relation"].clone())), "twice: {row:?}");
        }
        for row in rows(&format!("{truth}/hierarchy.csv")) {
            assert!(accounts.contains(&row["child"]) && accounts.contains(&row["parent"]), "{row:?}");
            assert_ne!(row["child"], row["parent"]);
        }
    }
}

#[test]
fn keys_look_as_their_systems_make_them() {
    for table in ["account", "contact", "opportunity", "user"] {
        let mut folded = BTreeSet::new();
        for id in by_id(&format!("week1/salesforce/{table}.csv")).into_keys() {
            assert_eq!(id.len(), 18, "{id}");
            assert!(folded.insert(id.to_ascii_lowercase()), "18 characters are safe without case: {id}");
            for block in 0..3 {
                let capitals = (0..5).filter(|place| id.as_bytes()[block * 5 + place].is_ascii_uppercase());
                let bits: usize = capitals.map(|place| 1 << place).sum();
                assert_eq!(id.as_bytes()[15 + block], b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits], "{id}");
            }
        }
    }
    for row in rows("week1/zendesk/organization.csv") {
        assert!(row["id"].len() == 12 && row["id"].bytes().all(|byte| byte.is_ascii_digit()));
    }
    // A copy between the two Stripe accounts keeps its id.
    let [us, eu] = ["us", "eu"].map(|region| by_id(&format!("week1/stripe_{region}/customer.csv")));
    let copied: Vec<_> = us.keys().filter(|id| eu.contains_key(*id)).collect();
    assert!(copied.len() >= 2, "{copied:?}");
    for id in copied {
        assert_eq!((&us[id]["name"], &us[id]["email"]), (&eu[id]["name"], &eu[id]["email"]));
    }
}

#[test]
fn the_mess_is_there() {
    let accounts = rows("week1/salesforce/account.csv");
    let share = |part: usize, whole: usize| part * 100 / whole;
    let count = |test: &dyn Fn(&Row) -> bool| accounts.iter().filter(|row| test(row)).count();
    assert!(count(&|row| row["name"].contains("(formerly ")) >= 3);
    assert!(count(&|row| [" - EMEA", " - NA", " - DACH", "(APAC)"].iter().any(|tag| row["name"].contains(tag))) >= 8);
    assert!(count(&|row| !row["parent_id"].is_empty()) >= 10);
    assert!(count(&|row| row["name"].chars().any(|letter| !letter.is_ascii())) >= 8);
    assert!(count(&|row| row["website"].is_empty()) >= 15);

    // Merged accounts, and children that still carry their ids or ids that are gone altogether.
    let ids: BTreeSet<_> = accounts.iter().map(|row| row["id"].clone()).collect();
    let merged: BTreeSet<_> =
        accounts.iter().filter(|row| !row["master_record_id"].is_empty()).map(|row| row["id"].clone()).collect();
    let contacts = rows("week1/salesforce/contact.csv");
    assert!(merged.len() >= 8, "{}", merged.len());
    assert!(contacts.iter().filter(|row| merged.contains(&row["account_id"])).count() >= 8);
    assert!(contacts.iter().filter(|row| !ids.contains(&row["account_id"])).count() >= 3);

    // Cross ids: about half filled, some of them short.
    let organizations = rows("week1/zendesk/organization.csv");
    let filled: Vec<_> = organizations.iter().map(|row| &row["external_id"]).filter(|id| !id.is_empty()).collect();
    assert!((40..=65).contains(&share(filled.len(), organizations.len())));
    assert!((15..=45).contains(&share(filled.iter().filter(|id| id.len() == 15).count(), filled.len())));
    let customers: Vec<_> = ["us", "eu"].iter().flat_map(|region| rows(&format!("week1/stripe_{region}/customer.csv"))).collect();
    let spelled = |key: &str| customers.iter().filter(|row| row["metadata"].contains(key)).count();
    for key in ["salesforce_id", "salesforceId", "SalesforceAccountId", "sf-account-id"] {
        assert!(spelled(key) >= 3, "{key}");
    }
    for row in &customers {
        serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&row["metadata"]).unwrap();
    }
    // One agency's mailbox on several customers, private mailboxes, customers without any.
    let mut mailboxes: BTreeMap<&str, usize> = BTreeMap::new();
    for row in customers.iter().filter(|row| row["email"].starts_with("ap@")) {
        *mailboxes.entry(&row["email"]).or_default() += 1;
    }
    assert!(mailboxes.values().any(|clients| *clients >= 3), "{mailboxes:?}");
    assert!(customers.iter().filter(|row| row["email"].contains("@gmail.com")).count() >= 3);
    assert!(customers.iter().any(|row| row["email"].is_empty()));

    let tickets = rows("week1/zendesk/ticket.csv");
    let loose = tickets.iter().filter(|row| row["organization_id"].is_empty()).count();
    assert!((25..=60).contains(&share(loose, tickets.len())), "{}", share(loose, tickets.len()));
    let users = rows("week1/product/users.csv");
    assert!(users.iter().filter(|row| row["email"].contains('+')).count() >= 20);

    let internal = rows("truth/accounts.csv").iter().filter(|row| row["true_account"] == "internal").count();
    assert!((8..=30).contains(&internal), "{internal}");
    let shared = rows("truth/people.csv").iter().filter(|row| row["true_person"].is_empty()).count();
    assert!(shared >= 30, "{shared}");
}

#[test]
fn namesakes_share_a_name_and_nothing_else() {
    let truth: BTreeMap<_, _> =
        rows("truth/accounts.csv").into_iter().map(|row| (row["pk"].clone(), row["true_account"].clone())).collect();
    let mut domains: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    let names = by_id("week1/product/groups.csv");
    for row in names.into_values().filter(|row| !row["domain"].is_empty()) {
        domains.entry(row["domain"].clone()).or_default().insert((truth[&row["id"]].clone(), row["name"].clone()));
    }
    // A domain of two true accounts belongs to a parent and its child, whose names differ.
    let family: BTreeSet<_> = rows("truth/hierarchy.csv")
        .into_iter()
        .filter(|row| row["relation"] == "child_of")
        .flat_map(|row| [row["child"].clone(), row["parent"].clone()])
        .collect();
    for (domain, owners) in domains {
        let accounts: BTreeSet<_> = owners.iter().map(|(account, _)| account).collect();
        if accounts.len() > 1 && !domain.starts_with("larkspur") {
            assert!(accounts.iter().all(|account| family.contains(*account)), "{domain}: {owners:?}");
        }
    }
    // By legal name without its form, some names belong to two true accounts.
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows("week1/salesforce/account.csv").iter().filter(|row| truth[&row["id"]] != "internal") {
        let core: Vec<_> = row["name"].split(' ').take(2).collect();
        owners.entry(core.join(" ")).or_default().insert(truth[&row["id"]].clone());
    }
    assert!(owners.values().filter(|accounts| accounts.len() > 1).count() >= 4);
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
    let planted: BTreeSet<_> = planted("amount_disagreement").into_iter().map(|row| row["true_account"].clone()).collect();
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
    for (kind, column) in [("plan_mismatch", "plan_c"), ("seats_mismatch", "seats_c"), ("currency_mismatch", "currency_iso_code")] {
        for row in planted(kind) {
            let accounts = records("salesforce/account", &row["true_account"]);
            assert!(accounts.iter().any(|account| account[column] == row["value_a"]), "{row:?}");
            assert_ne!(row["value_a"], row["value_b"]);
        }
    }
    for row in planted("one_to_many_billing") {
        let customers = ["stripe_us/customer", "stripe_eu/customer"].map(|table| records(table, &row["true_account"]).len());
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

#[test]
fn the_second_week_is_the_same_company_a_week_later() {
    for table in ["salesforce/contact", "stripe_us/customer", "stripe_eu/subscription", "zendesk/ticket", "product/users"] {
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
    let values = |path: &str, column: &str| -> Vec<String> { rows(path).into_iter().map(|row| row[column].clone()).collect() };
    let has = |path: &str, column: &str, value: &str| values(path, column).iter().any(|held| held == value);
    assert!(has("week1/stripe_us/product.csv", "name", "Business") && !has("week1/stripe_us/product.csv", "name", "Scale"));
    assert!(!has("week2/stripe_us/product.csv", "name", "Business") && has("week2/stripe_us/product.csv", "name", "Scale"));
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
    assert!(sum("2026-01-09", "2026-01-10", 0) * 2 < sum("2026-01-08", "2026-01-09", 0), "Friday is among the lost days");
}
