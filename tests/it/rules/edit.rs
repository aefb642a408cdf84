//! The file keeps every comment, and is written whole or not at all.

use std::path::PathBuf;

use fourfold::config::edit::{Draft, RuleEdit};
use fourfold::config::{Accepted, Answer, Change, Config, Survivorship, SurvivorshipRule};
use fourfold::error::ErrorKind;
use tempfile::TempDir;

const FILE: &str = "# What we decided.  Keep the odd   spacing.\n\
own_domains = [\"vendor.com\"] # ours\n\n\
[warehouse]\nengine = \"duckdb\"\n\n\
[sources.crm] # the only CRM\nsurface = \"crm\"\n\n\
[sources.bills]\nsurface = \"billing\"\n\n\
[survivorship]\n\
# Sales knows names best.\n\
\"accounts.name\" = { rule = \"priority\", sources = [\"crm\"] } # agreed in May\n\n\
# The end.\n";

fn workspace(text: &str) -> (TempDir, PathBuf, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("fourfold.toml");
    std::fs::write(&file, text).unwrap();
    let lock = directory.path().join("rules.lock");
    (directory, file, lock)
}

fn rule(source: &str) -> Survivorship {
    Survivorship {
        rule: SurvivorshipRule::Priority,
        sources: vec![source.to_owned()],
        who: "ada".to_owned(),
        when: "2026-01-05T12:00:00Z".to_owned(),
        why: "billing \"knows\"\nbetter".to_owned(),
        question: "q1".to_owned(),
        segments: Vec::new(),
    }
}

#[test]
fn everything_else_stays_byte_by_byte() {
    let (_directory, file, lock) = workspace(FILE);
    let mut draft = Draft::open(&file, &lock).unwrap();
    draft.apply(&RuleEdit::set(&["survivorship", "accounts.status"], &rule("bills")).unwrap()).unwrap();
    draft
        .apply(
            &RuleEdit::set(&["sources", "crm", "tables", "acc.ounts", "concepts", "co nm"], &"account.name").unwrap(),
        )
        .unwrap();
    let accepted =
        Accepted { kind: Some("timing".to_owned()), until: Some("2026-12-31".to_owned()), ..Accepted::default() };
    draft.apply(&RuleEdit::append("accepted", &accepted).unwrap()).unwrap();
    assert!(draft.difference().iter().all(|line| line.starts_with('+')), "{:?}", draft.difference());
    draft.save().unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let mut rest = text.as_str();
    for line in FILE.lines().filter(|line| !line.is_empty()) {
        let at = rest.find(line).unwrap_or_else(|| panic!("{line:?} is gone or moved:\n{text}"));
        rest = &rest[at..];
    }
    let config = Config::read(&file).unwrap();
    assert_eq!(config.survivorship["accounts.status"], rule("bills"));
    assert_eq!(config.sources["crm"].tables["acc.ounts"].concepts["co nm"], "account.name");
    assert_eq!(config.accepted, [accepted]);
}

#[test]
fn a_replaced_rule_keeps_its_comment_and_comes_back() {
    let (_directory, file, lock) = workspace(FILE);
    let mut draft = Draft::open(&file, &lock).unwrap();
    let change =
        draft.apply(&RuleEdit::set(&["survivorship", "accounts.name"], &rule("bills")).unwrap()).unwrap().unwrap();
    assert_eq!(change.key, "survivorship.\"accounts.name\"");
    assert_eq!(change.before.as_deref(), Some("{ rule = \"priority\", sources = [\"crm\"] }"));
    let answer =
        Answer { question: "q1".to_owned(), answer: "bills".to_owned(), changes: vec![change], ..Answer::default() };
    draft.apply(&RuleEdit::append("answers", &answer).unwrap()).unwrap();
    draft.save().unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("# agreed in May") && text.contains("# Sales knows names best."), "{text}");
    let mut draft = Draft::open(&file, &lock).unwrap();
    assert!(draft.withdraw("q1").unwrap());
    draft.save().unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), FILE, "the file is what it was, byte by byte");
}

#[test]
fn a_new_table_goes_with_its_rule_and_one_that_was_there_stays() {
    let bare = "[sources.crm]\nsurface = \"crm\"\n[sources.crm.tables.a]\nconcepts = { x = \"account.name\" }\n";
    let (_directory, file, lock) = workspace(bare);
    let mut draft = Draft::open(&file, &lock).unwrap();
    let mut changes: Vec<Change> = Vec::new();
    for path in [vec!["survivorship", "accounts.name"], vec!["sources", "crm", "tables", "b", "concepts", "y"]] {
        let edit = if path[0] == "survivorship" {
            RuleEdit::set(&path, &rule("crm")).unwrap()
        } else {
            RuleEdit::set(&path, &"account.domain").unwrap()
        };
        changes.extend(draft.apply(&edit).unwrap());
    }
    changes.extend(
        draft.apply(&RuleEdit::set(&["sources", "crm", "tables", "a", "concepts", "z"], &"").unwrap()).unwrap(),
    );
    let answer = Answer { question: "q2".to_owned(), changes, ..Answer::default() };
    draft.apply(&RuleEdit::append("answers", &answer).unwrap()).unwrap();
    draft.config().unwrap();
    assert!(draft.withdraw("q2").unwrap());
    assert!(!draft.withdraw("q2").unwrap(), "there is nothing to take back twice");
    assert_eq!(draft.text(), bare);
}

#[test]
fn lists_written_on_one_line_are_edited_too() {
    let (_directory, file, lock) = workspace("accepted = [ { kind = \"timing\" } ] # known\n");
    let mut draft = Draft::open(&file, &lock).unwrap();
    let accepted = Accepted { conflict: Some("c1".to_owned()), ..Accepted::default() };
    draft.apply(&RuleEdit::append("accepted", &accepted).unwrap()).unwrap();
    assert_eq!(draft.config().unwrap().accepted.len(), 2);
    assert_eq!(draft.remove("accepted", "conflict", "c1"), 1);
    assert_eq!(draft.config().unwrap().accepted.len(), 1);
}

#[test]
fn what_another_program_wrote_meanwhile_is_not_overwritten() {
    let (_directory, file, lock) = workspace(FILE);
    let mut draft = Draft::open(&file, &lock).unwrap();
    draft.apply(&RuleEdit::set(&["survivorship", "accounts.plan"], &rule("crm")).unwrap()).unwrap();
    std::fs::write(&file, format!("{FILE}# by hand\n")).unwrap();
    let error = draft.save().unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config);
    assert!(error.message.contains("changed meanwhile"), "{error}");
    assert!(std::fs::read_to_string(&file).unwrap().ends_with("# by hand\n"));
    let left: Vec<_> =
        std::fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "no part is left behind: {left:?}");
}

#[test]
fn a_rule_that_makes_the_file_wrong_is_not_written() {
    let (_directory, file, lock) = workspace(FILE);
    let mut draft = Draft::open(&file, &lock).unwrap();
    draft.apply(&RuleEdit::set(&["survivorship", "accounts.plan"], &rule("nobody")).unwrap()).unwrap();
    let error = draft.save().unwrap_err();
    assert!(error.message.contains("nobody"), "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), FILE);
}

#[test]
fn two_programs_that_edit_at_once_lose_nothing() {
    let (_directory, file, lock) = workspace(FILE);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (file, lock) = (file.clone(), lock.clone());
            scope.spawn(move || {
                for number in 0..10 {
                    let mut draft = Draft::open(&file, &lock).unwrap();
                    let accepted = Accepted { conflict: Some(format!("c{writer}x{number}")), ..Accepted::default() };
                    draft.apply(&RuleEdit::append("accepted", &accepted).unwrap()).unwrap();
                    draft.save().unwrap();
                }
            });
        }
    });
    assert_eq!(Config::read(&file).unwrap().accepted.len(), 40);
}

#[cfg(unix)]
#[test]
fn a_link_and_the_files_rights_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let (directory, file, lock) = workspace(FILE);
    let real = directory.path().join("elsewhere.toml");
    std::fs::rename(&file, &real).unwrap();
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, &file).unwrap();
    let mut draft = Draft::open(&file, &lock).unwrap();
    draft.apply(&RuleEdit::set(&["survivorship", "accounts.plan"], &rule("crm")).unwrap()).unwrap();
    draft.save().unwrap();
    assert!(std::fs::symlink_metadata(&file).unwrap().is_symlink());
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(Config::read(&file).unwrap().survivorship.contains_key("accounts.plan"));
}
