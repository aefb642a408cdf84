//! Does an answer do in the next run what its preview said, and does it come out of the file again?

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::workspace::{demo, demo_copy, fail, fourfold, rows, succeed};

fn json(directory: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&succeed(directory, arguments)).expect("it is JSON")
}

/// The values of a column of `accounts`, by entity.
fn accounts(directory: &Path, column: &str) -> BTreeMap<String, String> {
    let table = rows(&succeed(directory, &["export", "accounts"]));
    let at = table[0].iter().position(|name| name == column).expect("the column is there");
    table.into_iter().skip(1).map(|row| (row[0].clone(), row[at].clone())).collect()
}

/// How many conflicts have a kind and a status.
fn conflicts(directory: &Path, kind: &str, status: &str) -> usize {
    let table = rows(&succeed(directory, &["export", "conflicts"]));
    let at = |wanted: &str| table[0].iter().position(|name| name == wanted).unwrap();
    let (kind_at, status_at) = (at("kind"), at("status"));
    table.iter().filter(|row| row[kind_at] == kind && row[status_at] == status).count()
}

#[test]
fn an_answer_does_in_the_next_run_what_its_preview_said() {
    let copy = demo_copy();
    let home = copy.path();
    let file = home.join("fourfold.toml");
    let before = std::fs::read_to_string(&file).unwrap();
    let asked = json(home, &["interview", "list", "--json"]);
    let open = asked["open"].as_array().unwrap();
    let question = open
        .iter()
        .find(|question| question["place"]["kind"] == "amount_disagreement")
        .unwrap_or_else(|| panic!("the demo asks about revenue: {open:?}"));
    let id = question["id"].as_str().unwrap();
    // The option that is not what rules now: sales, where billing has the first word and is recommended.
    assert!(question["options"][0].as_str().unwrap().starts_with("stripe"), "{question}");
    let answer = question["options"][1].as_str().unwrap();

    let preview = json(home, &["interview", "answer", id, answer, "--preview", "--json"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before, "a preview writes nothing");
    let closed = preview["conflicts"].as_array().unwrap().iter().find(|change| change["kind"] == "amount_disagreement");
    let closed = closed.unwrap()["closed"].as_u64().unwrap() as usize;
    assert!(closed as u64 >= question["weight"].as_u64().unwrap(), "those of the question, and others it settles");
    let arr = preview["fields"].as_array().unwrap().iter().find(|change| change["field"] == "accounts.arr").unwrap();
    let flips = ["changed", "filled", "emptied"].iter().map(|key| arr[key].as_u64().unwrap()).sum::<u64>() as usize;
    assert!(flips >= closed, "where sales and billing disagree, the value becomes the one of sales");
    assert!(!arr["money"].as_array().unwrap().is_empty() && !arr["sample"].as_array().unwrap().is_empty());

    let was_open = conflicts(home, "amount_disagreement", "open");
    let was = accounts(home, "arr");
    succeed(home, &["interview", "answer", id, answer, "--why", "sales signs it"]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"accounts.arr\"") && text.contains("sales signs it"), "{text}");
    assert!(before.lines().all(|line| text.lines().any(|kept| kept == line)), "no line of the file is lost");
    let left = json(home, &["interview", "list", "--json"]);
    assert!(left["open"].as_array().unwrap().iter().all(|open| open["id"] != id), "an answered question is not asked");

    succeed(home, &["run"]);
    let is = accounts(home, "arr");
    let moved = was.iter().filter(|(entity, value)| is.get(*entity).is_some_and(|now| now != *value)).count();
    assert_eq!(moved, flips, "as many values changed as the preview said");
    assert_eq!(conflicts(home, "amount_disagreement", "open"), was_open - closed);
    assert_eq!(conflicts(home, "amount_disagreement", "closed"), closed);
    let trace = succeed(home, &["export", "lineage"]);
    assert!(trace.contains("(operator "), "lineage says whose rule it was");
    let ledger = rows(&succeed(home, &["export", "conflict_ledger"]));
    assert!(ledger.iter().any(|row| row.contains(&"sales signs it".to_owned())));
    let history = rows(&succeed(home, &["export", "conflict_history"]));
    let runs: std::collections::BTreeSet<_> = history.iter().skip(1).map(|row| row[0].clone()).collect();
    assert_eq!(runs.len(), 2, "both runs are counted");
    let map = json(home, &["conflicts", "map", "--json"]);
    assert!(!map["trends"].as_array().unwrap().is_empty(), "the trend compares the two");

    succeed(home, &["interview", "withdraw", id]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before, "withdrawn, the file is what it was");
    let again = json(home, &["interview", "list", "--json"]);
    assert!(again["open"].as_array().unwrap().iter().any(|open| open["id"] == id), "and the question is open again");
}

#[test]
fn conflicts_have_an_owner_a_quote_and_an_end() {
    let copy = demo_copy();
    let home = copy.path();
    let listed = json(home, &["conflicts", "list", "--kind", "plan_mismatch", "--json"]);
    let id = listed[0]["conflict"]["id"].as_str().unwrap();
    let as_ada = |arguments: &[&str]| {
        let output =
            fourfold().current_dir(home).env("FOURFOLD_REVIEWER", "ada").args(arguments).output().expect("it starts");
        assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    as_ada(&["conflicts", "assign", "mo", id]);
    as_ada(&["conflicts", "note", id, "asked finance"]);
    let accepted = as_ada(&["conflicts", "accept", id, "--days", "30", "--why", "trial of the new plan"]);
    assert!(accepted.contains("accepted · until") && accepted.contains("trial of the new plan"), "{accepted}");
    let shown = json(home, &["conflicts", "show", id, "--json"]);
    assert_eq!(shown["ledger"]["owner"], "mo");
    assert_eq!(shown["ledger"]["status"], "accepted");
    assert_eq!(shown["ledger"]["quote"]["who"], "ada");
    assert_eq!(shown["ledger"]["notes"][0]["note"], "asked finance");
    let open = json(home, &["conflicts", "list", "--kind", "plan_mismatch", "--json", "--limit", "100000"]);
    assert!(open.as_array().unwrap().iter().all(|row| row["conflict"]["id"] != id));
    let mine = json(home, &["conflicts", "list", "--owner", "mo", "--status", "all", "--json"]);
    assert_eq!(mine.as_array().unwrap().len(), 1);
    as_ada(&["conflicts", "reopen", id]);
    assert!(fail(home, 2, &["conflicts", "reopen", id]).contains("is open"));
    let source = listed[0]["conflict"]["side_a"]["record"]["source"].as_str().unwrap();
    as_ada(&["conflicts", "choose", id, source, "--why", "they told us"]);
    assert_eq!(json(home, &["conflicts", "show", id, "--json"])["ledger"]["status"], "closed");
    assert!(fail(home, 2, &["conflicts", "choose", id, "nobody"]).contains("neither side"));
    assert!(fail(home, 2, &["conflicts", "accept", "zz"]).contains("no id of a conflict"));
    assert!(fail(home, 2, &["conflicts", "accept", "c0000000000000000"]).contains("has no conflict"));
    assert!(fail(home, 2, &["conflicts", "list", "--kind", "nonsense"]).contains("no kind"));
    assert!(fail(home, 2, &["conflicts", "accept", id, "--until", "2001-01-01"]).contains("is over"));
}

#[test]
fn the_map_of_surfaces_counts_what_the_list_lists() {
    let map = json(demo(), &["conflicts", "map", "--json"]);
    let cells = map["surfaces"].as_array().unwrap();
    let counted: u64 = cells.iter().map(|cell| cell["count"].as_u64().unwrap()).sum();
    let all = json(demo(), &["conflicts", "list", "--status", "all", "--json", "--limit", "1000000"]);
    assert_eq!(counted, all.as_array().unwrap().len() as u64, "every conflict is in one cell");
    let cell = cells.iter().find(|cell| cell["field"] == "account.status" && cell["other"] != Value::Null).unwrap();
    let (one, other) = (cell["one"].as_str().unwrap(), cell["other"].as_str().unwrap());
    let behind = json(
        demo(),
        &[
            "conflicts",
            "list",
            "--status",
            "all",
            "--field",
            "account.status",
            "--side",
            one,
            "--side",
            other,
            "--json",
            "--limit",
            "1000000",
        ],
    );
    let behind = behind.as_array().unwrap();
    assert_eq!(behind.len() as u64, cell["count"].as_u64().unwrap());
    assert!(behind.iter().all(|row| row["conflict"]["entity"].is_string()), "each leads to its entity");
}

#[test]
fn a_rule_is_tried_before_it_is_written() {
    let preview = json(demo(), &["model", "--preview", "--rule", "accounts.country=recency", "--json", "--quiet"]);
    assert_eq!(preview["against"], "the rules as they are");
    assert!(
        preview["fields"].as_array().unwrap().iter().all(|change| change["field"] == "accounts.country"),
        "{preview}"
    );
    let nothing = json(demo(), &["model", "--preview", "--json", "--quiet"]);
    assert_eq!(nothing["fields"], Value::Array(Vec::new()), "the same rules give the same values: {nothing}");
    assert_eq!(nothing["conflicts"], Value::Array(Vec::new()), "{nothing}");
    for (wrong, said) in [
        ("accounts.nmae=recency", "no field"),
        ("accounts.name=newest", "no rule"),
        ("accounts.name=priority:nobody", "neither a source nor a surface"),
        ("accounts.name=priority", "names no sources"),
    ] {
        assert!(fail(demo(), 2, &["model", "--preview", "--rule", wrong]).contains(said), "{wrong}");
    }
}

#[test]
fn two_reviewers_merge_their_logs_and_settle_what_they_differ_on() {
    let (one, two) = (demo_copy(), demo_copy());
    let review = |directory: &Path, who: &str, typed: &str, more: &[&str]| -> String {
        use std::io::Write as _;
        let mut child = fourfold()
            .current_dir(directory)
            .env("FOURFOLD_REVIEWER", who)
            .args(["review", "--plain"])
            .args(more)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    review(one.path(), "ada", "a\nx\na\nu\n", &["--kind", "account"]);
    review(two.path(), "mo", "a\nx\nx\na\n", &["--kind", "account", "--blind"]);
    succeed(two.path(), &["log", "export", "--out", "mo.jsonl"]);
    let export = two.path().join("mo.jsonl");
    let merged = succeed(one.path(), &["log", "import", export.to_str().unwrap()]);
    assert!(merged.contains("imported 5 entries"), "{merged}");
    let agreement = json(one.path(), &["log", "agreement", "--json"]);
    let pairs = agreement["agreement"][0]["pairs"].as_u64().unwrap();
    assert!(pairs >= 3, "{agreement}");
    let disputed = agreement["disagreements"].as_u64().unwrap();
    assert!(disputed >= 1, "{agreement}");
    let listed = succeed(one.path(), &["log", "disagreements"]);
    assert_eq!(listed.lines().count() as u64, disputed);
    assert!(listed.contains("ada") && listed.contains("mo"));
    let out = review(one.path(), "bo", "a\na\na\na\n", &["--disagreements"]);
    assert!(out.contains("Reviewers differ") && out.contains("It settles the disagreement."), "{out}");
    assert_eq!(json(one.path(), &["log", "agreement", "--json"])["disagreements"], 0);
    assert!(succeed(one.path(), &["log", "verify"]).contains("intact"));
    let edges = succeed(one.path(), &["log", "export", "--format", "nomenklatura"]);
    assert!(edges.lines().count() >= 3);
    std::fs::write(two.path().join("edges.jsonl"), &edges).unwrap();
    let imported = json(two.path(), &["log", "import", "edges.jsonl", "--format", "nomenklatura", "--json"]);
    assert_eq!(imported["strange"], 0, "{imported}");
    assert_eq!(imported["read"].as_u64().unwrap() as usize, edges.lines().count());
}

#[test]
fn the_interview_can_be_piped() {
    use std::io::Write as _;
    let copy = demo_copy();
    let ask = |typed: &str| -> String {
        let mut child = fourfold()
            .current_dir(copy.path())
            .env("FOURFOLD_REVIEWER", "ada")
            .args(["interview", "--plain", "--quiet"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let before = std::fs::read_to_string(copy.path().join("fourfold.toml")).unwrap();
    let out = ask("nonsense\ns\nq\n");
    assert!(out.contains("`nonsense` is no answer.") && out.contains("0 answers saved"), "{out}");
    // The end of the input in the middle of an answer saves nothing.
    ask("1\nbecause\n");
    assert_eq!(std::fs::read_to_string(copy.path().join("fourfold.toml")).unwrap(), before);
    let out = ask("1\nbecause\ny\nz\nq\n");
    assert!(out.contains("Saved.") && out.contains("Taken back"), "{out}");
    assert_eq!(std::fs::read_to_string(copy.path().join("fourfold.toml")).unwrap(), before);
    assert!(!out.chars().any(|letter| letter.is_control() && letter != '\n'));
}
