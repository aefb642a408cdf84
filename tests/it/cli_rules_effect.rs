//! Does every sort of rule that an answer makes have its effect in the next run?

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::workspace::{rows, succeed, table};

/// A few companies, with one of each thing that the interview asks about.
fn workspace() -> TempDir {
    let root = TempDir::new().unwrap();
    let data = root.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let names = [
        "Alder Freight",
        "Basalt Optics",
        "Cobalt Dental",
        "Drift Bakery",
        "Ember Mining",
        "Fjord Textiles",
        "Granite Foods",
        "Harbor Labs",
        "Indigo Paper",
        "Juniper Tools",
    ];
    let mut accounts = "id,name,website,billing_country,type,is_deleted,master_record_id,_fivetran_synced\n".to_owned();
    let mut customers = "id,name,email,currency,metadata,is_deleted,livemode,_fivetran_synced\n".to_owned();
    for (number, name) in names.iter().enumerate() {
        let domain = name.to_lowercase().replace(' ', "");
        let letter = char::from(b'A' + number as u8);
        let id = format!("0015g0000{}", letter.to_string().repeat(9));
        accounts.push_str(&format!("{id},{name} Inc.,{domain}.com,US,Customer,false,,2026-01-04 03:00:00\n"));
        customers.push_str(&format!(
            "cus_{letter}{letter}{letter}{letter}0001,{name},ap@{domain}.com,usd,\"{{\"\"salesforce_id\"\": \"\"{id}\"\"}}\",false,true,2026-01-04 03:00:00\n"
        ));
    }
    // A second customer of the first account, under another name, that names the same account.
    customers.push_str(
        "cus_AAAA0002,Zephyr Holdings,pay@zephyrholdings.com,usd,\"{\"\"salesforce_id\"\": \"\"0015g0000AAAAAAAAA\"\"}\",false,true,2026-01-04 03:00:00\n",
    );
    // A test, and three companies behind one agency's mailbox.
    accounts.push_str("0015g0000TTTTTTTTT,TEST account do not use,,US,Customer,false,,2026-01-04 03:00:00\n");
    for (number, name) in ["Quartz Mining", "Bluebird Foods", "Hollow Pines"].iter().enumerate() {
        customers.push_str(&format!(
            "cus_AGENCY{number},{name},billing@agency-one.com,usd,{{}},false,true,2026-01-04 03:00:00\n"
        ));
    }
    table(&data, "salesforce", "account", &accounts);
    table(&data, "stripe", "customer", &customers);
    succeed(root.path(), &["init", "--csv", "data"]);
    succeed(root.path(), &["run"]);
    root
}

fn json(home: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&succeed(home, arguments)).expect("it is JSON")
}

/// The open question about a kind of conflict.
fn question(home: &Path, kind: &str) -> Value {
    let asked = json(home, &["interview", "--json"]);
    let open = asked["open"].as_array().unwrap();
    let found = open.iter().find(|question| {
        question["place"]["kind"] == kind && !question["place"]["field"].as_str().unwrap().starts_with("accounts.")
    });
    found.unwrap_or_else(|| panic!("no question about {kind}: {asked}")).clone()
}

/// The entity of a record.
fn entity(home: &Path, pk: &str) -> Option<String> {
    rows(&succeed(home, &["export", "links"])).into_iter().find(|row| row[4] == pk).map(|row| row[0].clone())
}

/// How many conflicts of a kind have a status.
fn count(home: &Path, kind: &str, status: &str) -> usize {
    let table = rows(&succeed(home, &["export", "conflicts"]));
    let at = table[0].iter().position(|name| name == "status").unwrap();
    table.iter().filter(|row| row[1] == kind && row[at] == status).count()
}

fn answer(home: &Path, question: &Value, answer: &str) {
    succeed(home, &["interview", "answer", question["id"].as_str().unwrap(), answer, "--why", "so it is"]);
}

#[test]
fn customers_are_rolled_up_kept_apart_and_left_to_the_engine_again() {
    let root = workspace();
    let home = root.path();
    let asked = question(home, "one_to_many_billing");
    answer(home, &asked, "keep them apart");
    succeed(home, &["run"]);
    assert_ne!(entity(home, "cus_AAAA0001"), entity(home, "cus_AAAA0002"), "kept apart");
    assert_eq!((count(home, "one_to_many_billing", "open"), count(home, "one_to_many_billing", "closed")), (0, 1));
    // The answer is revised: its rule takes the place of the old one.
    answer(home, &asked, "roll them up");
    succeed(home, &["run"]);
    assert_eq!(entity(home, "cus_AAAA0001"), entity(home, "cus_AAAA0002"), "rolled up");
    let links = rows(&succeed(home, &["export", "links"]));
    assert!(links.iter().any(|row| row[7].contains("rule of ")), "and it says by whose rule: {links:?}");
    succeed(home, &["interview", "withdraw", asked["id"].as_str().unwrap()]);
    assert!(!std::fs::read_to_string(home.join("fourfold.toml")).unwrap().contains("[[grain]]"));
}

#[test]
fn tests_are_left_out_and_an_agency_joins_nobody() {
    let root = workspace();
    let home = root.path();
    let test = question(home, "internal_or_test");
    let shared = question(home, "shared_domain");
    let preview =
        json(home, &["interview", "answer", test["id"].as_str().unwrap(), "leave them out", "--preview", "--json"]);
    let accounts = |at: usize| preview["accounts"][at].as_u64().unwrap();
    assert_eq!(accounts(0) - accounts(1), 1, "{preview}");
    assert!(entity(home, "0015g0000TTTTTTTTT").is_some());
    answer(home, &test, "leave them out");
    answer(home, &shared, "never join by them");
    succeed(home, &["run"]);
    assert_eq!(entity(home, "0015g0000TTTTTTTTT"), None, "left out");
    assert_eq!(count(home, "internal_or_test", "open"), 0);
    assert_eq!((count(home, "shared_domain", "open"), count(home, "shared_domain", "closed") > 0), (0, true));
    let agency: std::collections::BTreeSet<_> =
        (0..3).map(|number| entity(home, &format!("cus_AGENCY{number}"))).collect();
    assert_eq!(agency.len(), 3, "three companies stay three");
    let pairs = succeed(home, &["export", "pairs"]);
    assert!(!pairs.contains("cus_AGENCY"), "nothing of the agency proposes a pair: {pairs}");
}

#[test]
fn a_kill_in_the_middle_leaves_the_file_whole() {
    let root = workspace();
    let home = root.path();
    let file = home.join("fourfold.toml");
    let before = std::fs::read_to_string(&file).unwrap();
    let id = question(home, "internal_or_test")["id"].as_str().unwrap().to_owned();
    for delay in [0, 2, 5, 10, 20, 40, 80] {
        let mut child = crate::support::workspace::fourfold()
            .current_dir(home)
            .args(["interview", "answer", &id, "leave them out"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        let after = std::fs::read_to_string(&file).unwrap();
        assert!(after == before || after.contains("leave them out"), "neither the old nor the new file:\n{after}");
        fourfold::config::Config::read(&file).unwrap();
        if after != before {
            succeed(home, &["interview", "withdraw", &id]);
            assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
        }
    }
}
