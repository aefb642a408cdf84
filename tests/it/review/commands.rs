//! `fourfold log` and `fourfold erase`, as a shell sees them.

use clap::Parser;
use fourfold::cli::{erase, log};
use fourfold::error::Error;
use fourfold::review::{Filter, ReviewLog, Verdict};

use super::support::{TestLog, decision, pair};

#[derive(Parser)]
enum Program {
    Log(log::LogArgs),
    Erase(erase::EraseArgs),
}

fn run(test: &TestLog, line: &str) -> Result<(u8, String), Error> {
    let mut out = Vec::new();
    let words = std::iter::once("fourfold").chain(line.split_whitespace());
    let code = match Program::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}")) {
        Program::Log(args) => log::run_to(&args, &test.path(), "jo", &mut out)?,
        Program::Erase(args) => erase::run_to(&args, &test.path(), "jo", &mut out)?,
    };
    Ok((code, String::from_utf8(out).unwrap()))
}

fn decided() -> TestLog {
    let test = TestLog::new();
    let mut first = decision(pair(1, 1), Verdict::Same, "jo", 0);
    first.rule = Some("domain".to_owned());
    first.note = Some("two\nlines".to_owned());
    test.log.append(&first).unwrap();
    test.log.append(&decision(pair(2, 2), Verdict::Different, "ann", 86_400)).unwrap();
    test
}

#[test]
fn list_shows_one_line_an_entry_and_filters() {
    let test = decided();
    let (code, all) = run(&test, "log").unwrap();
    assert_eq!((code, all.lines().count()), (0, 3), "{all}");
    assert!(all.lines().next().unwrap().contains("2026-01-02 00:00:00Z  ann  different"), "the newest first: {all}");
    assert!(all.contains("salesforce.account:0015g0000000001AAA | stripe_eu.customer:cus_0000000001"), "{all}");
    for (line, expected) in [
        ("log list --reviewer ann", 1),
        ("log list --rule domain", 1),
        ("log list --decisions", 2),
        ("log list --since 2026-01-02", 1),
        ("log list --until 2026-01-01", 2),
        ("log list --limit 1", 1),
        ("log list --batch b0000000000000000", 0),
    ] {
        assert_eq!(run(&test, line).unwrap().1.lines().count(), expected, "{line}");
    }
}

#[test]
fn json_is_one_object_a_line() {
    let test = decided();
    let (_, shown) = run(&test, "log list --json").unwrap();
    let entries: Vec<serde_json::Value> = shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries[0]["action"], "decide");
    assert_eq!(entries[0]["verdict"], "different");
    assert_eq!(entries[0]["id"].as_str().unwrap().len(), 64);
    assert_eq!(entries[1]["note"], "two\nlines");
    let (_, verified) = run(&test, "log verify --json").unwrap();
    let report: serde_json::Value = serde_json::from_str(&verified).unwrap();
    assert_eq!(report["entries"], 3);
    assert!(report["broken"].is_null());
}

#[test]
fn undo_and_redo_by_name_and_by_default() {
    let test = decided();
    let name = test.log.history(&Filter::default()).unwrap()[0].id.short();
    let standing = || test.log.effective().unwrap().len();
    run(&test, &format!("log undo {name}")).unwrap();
    assert_eq!(standing(), 1, "ann's, by its name");
    run(&test, "log undo").unwrap();
    assert_eq!(standing(), 0, "jo's own last");
    run(&test, "log redo").unwrap();
    assert_eq!(standing(), 1);
    run(&test, "log undo").unwrap();
    let nothing = run(&test, "log undo").unwrap_err();
    assert_eq!(nothing.exit_code(), 2);
    assert_eq!(run(&test, "log undo ffffffffffff").unwrap_err().exit_code(), 2);
    assert_eq!(run(&test, "log undo zz").unwrap_err().exit_code(), 2);
}

#[test]
fn a_batch_is_undone_by_its_name() {
    let test = TestLog::new();
    let batch: Vec<_> = (0..3).map(|n| decision(pair(n, n), Verdict::Same, "jo", 0)).collect();
    let (batch, _) = test.log.append_batch("domain", &batch).unwrap();
    run(&test, &format!("log undo {batch}")).unwrap();
    assert!(test.log.effective().unwrap().is_empty());
}

#[test]
fn verify_says_where_it_is_broken_and_fails() {
    let test = decided();
    let (code, shown) = run(&test, "log verify").unwrap();
    assert_eq!(code, 0);
    let head = shown.lines().find_map(|line| line.strip_prefix("head: ")).unwrap().to_owned();
    assert_eq!(run(&test, &format!("log verify --head {head}")).unwrap().0, 0);
    assert_eq!(run(&test, "log verify --head abc").unwrap_err().exit_code(), 2);
    let change = "UPDATE entry SET at = at + 1 WHERE seq = 2";
    super::support::behind_its_back(&test.path(), &format!("{} {change}", super::support::UNGUARD)).unwrap();
    let (code, shown) = run(&test, "log verify").unwrap();
    assert_eq!(code, 1);
    assert!(shown.contains("broken at row 2"), "{shown}");
}

#[test]
fn export_and_import_by_file() {
    let (from, to) = (decided(), TestLog::new());
    let file = from.directory.path().join("export.jsonl");
    let (_, piped) = run(&from, "log export").unwrap();
    run(&from, &format!("log export --out {}", file.display())).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), piped);
    assert!(!file.with_extension("jsonl.part").exists());
    let (_, first) = run(&to, &format!("log import {}", file.display())).unwrap();
    let (_, second) = run(&to, &format!("log import {} --json", file.display())).unwrap();
    assert!(first.contains("imported 3 entries; 0 were known"), "{first}");
    let report: serde_json::Value = serde_json::from_str(&second).unwrap();
    assert_eq!((report["read"].as_u64(), report["added"].as_u64()), (Some(3), Some(0)));
    assert_eq!(run(&to, "log import nowhere.jsonl").unwrap_err().exit_code(), 1);
}

#[test]
fn erase_by_the_name_on_the_screen() {
    let test = decided();
    let (code, shown) = run(&test, "erase salesforce.account:0015g0000000001AAA --reason ticket-7").unwrap();
    assert_eq!(code, 0);
    assert!(shown.starts_with("emptied 1 entries"), "{shown}");
    assert!(shown.contains("out of reach"), "{shown}");
    let (_, listed) = run(&test, "log list").unwrap();
    assert!(!listed.contains("0015g0000000001AAA") && listed.contains("(erased)"), "{listed}");
    assert!(Program::try_parse_from(["fourfold", "erase", "no-such-form"]).is_err());
    assert!(Program::try_parse_from(["fourfold", "erase"]).is_err());
}

#[test]
fn without_a_log_nothing_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let test = TestLog { directory, log: ReviewLog::open(&tempfile::tempdir().unwrap().path().join("x.db")).unwrap() };
    assert_eq!(run(&test, "log list").unwrap_err().exit_code(), 2);
    assert_eq!(run(&test, "erase crm.account:1").unwrap_err().exit_code(), 2);
    assert!(!test.path().exists());
}

#[test]
fn what_comes_from_outside_cannot_steer_the_terminal() {
    let test = TestLog::new();
    let left = fourfold::ident::RecordKey::new("crm", "account", "\u{1b}[2J\u{9b}31m\r\n");
    let pair = fourfold::ident::PairKey::new(left, pair(1, 1).right);
    test.log.append(&decision(pair, Verdict::Same, "jo", 0)).unwrap();
    let (_, shown) = run(&test, "log list").unwrap();
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{9b}') && !shown.contains('\r'), "{shown:?}");
    assert_eq!(shown.lines().count(), 2);
}
