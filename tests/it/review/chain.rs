//! Whatever is changed in the file is noticed, and the first row it was done to is named.

use std::path::Path;

use fourfold::review::{EntryId, ReviewLog, Target, Verdict, VerifyReport};

use super::support::{TestLog, UNGUARD, at, behind_its_back, decision, number, pair};

/// A log with an entry of every sort, some of them from another log.
fn full_log() -> TestLog {
    let other = TestLog::new();
    other.log.append(&decision(pair(7, 7), Verdict::Same, "ann", 0)).unwrap();
    other.log.append(&decision(pair(8, 8), Verdict::Different, "ann", 1)).unwrap();
    let mut export = Vec::new();
    other.log.export(&mut export).unwrap();

    let test = TestLog::new();
    let mut full = decision(pair(1, 1), Verdict::Same, "jo", 0);
    full.fields = vec![super::reopen::field("name", "Acme", "ACME Inc")];
    full.note = Some("looked it up".to_owned());
    full.weight_shown = Some(4.25);
    full.rule = Some("domain".to_owned());
    let first = test.log.append(&full).unwrap();
    test.log.append_batch("batch", &[decision(pair(2, 2), Verdict::Unsure, "jo", 1)]).unwrap();
    test.log.undo(&Target::Entry(first.id), "jo", at(2)).unwrap();
    test.log.reveal(&pair(1, 1).left, "email", "jo", at(3)).unwrap();
    test.log.import(&mut export.as_slice(), "jo", at(4)).unwrap();
    test.log.append(&decision(pair(3, 3), Verdict::Same, "jo", 5)).unwrap();
    test.log.erase(&[pair(2, 2).left], "jo", "ticket 1", at(6)).unwrap();
    test.log.append(&decision(pair(4, 4), Verdict::Same, "jo", 7)).unwrap();
    test
}

/// The log after a statement was run on a copy of its file.
fn after(test: &TestLog, statement: &str) -> VerifyReport {
    let (base, copy) = (test.directory.path().join("base.db"), test.directory.path().join("copy.db"));
    if !base.exists() {
        behind_its_back(&test.path(), &format!("VACUUM INTO '{}'", base.display())).unwrap();
    }
    std::fs::copy(&base, &copy).unwrap();
    behind_its_back(&copy, &format!("{UNGUARD} {statement}")).unwrap_or_else(|error| panic!("{statement}: {error}"));
    verify(&copy)
}

fn verify(path: &Path) -> VerifyReport {
    ReviewLog::open_read_only(path).unwrap().verify(None).unwrap()
}

#[test]
fn an_untouched_log_is_intact() {
    let test = full_log();
    let report = test.log.verify(None).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!((report.imported, report.erased), (3, 1));
    assert_eq!(report.entries, test.log.len().unwrap());
    assert!(after(&test, "SELECT 1").is_intact(), "the copy as well");
}

#[test]
fn a_change_of_any_column_of_any_row_names_the_row() {
    let test = full_log();
    let rows = i64::try_from(test.log.len().unwrap()).unwrap();
    let columns = [
        ("tick", "tick + 1"),
        ("tick", "tick - 1"),
        ("context", "context + 1"),
        ("context", "9999"),
        ("imported", "1 - imported"),
        ("target", "ifnull(zeroblob(32), 0)"),
        ("subject", "replace(ifnull(subject, 'x'), '1', '2') || ' '"),
        ("at", "at + 1"),
        ("weight", "ifnull(weight, 0) + 0.5"),
        ("detail", "ifnull(detail, '{}') || ' '"),
        ("fields", "ifnull(fields, '[]') || ' '"),
        ("note", "ifnull(note, '') || '.'"),
        ("batch_name", "ifnull(batch_name, '') || '.'"),
        ("salt", "randomblob(16)"),
        ("sealed", "randomblob(32)"),
        ("prev", "randomblob(32)"),
        ("hash", "randomblob(32)"),
    ];
    for row in 1..=rows {
        for (column, value) in columns {
            let report = after(&test, &format!("UPDATE entry SET {column} = {value} WHERE seq = {row}"));
            let broken = report.broken.unwrap_or_else(|| panic!("row {row}: {column} = {value} went unseen"));
            // Whether a row is ours or merged is told by its neighbours: the next one may be the first to be wrong.
            let named = if column == "imported" { row..=rows } else { row..=row };
            assert!(named.contains(&broken.seq), "row {row}: {column} = {value} was put down to row {}", broken.seq);
        }
    }
}

#[test]
fn every_byte_of_a_row_counts() {
    let test = full_log();
    let length = number(&test.path(), "SELECT length(subject) FROM entry WHERE seq = 2");
    for place in 1..=length {
        let flipped = format!(
            "UPDATE entry SET subject = substr(subject, 1, {place} - 1) \
             || char(unicode(substr(subject, {place}, 1)) + 1) || substr(subject, {place} + 1) WHERE seq = 2"
        );
        assert_eq!(after(&test, &flipped).broken.map(|broken| broken.seq), Some(2), "byte {place}");
    }
    for place in 1..=32 {
        let flipped = format!(
            "UPDATE entry SET hash = unhex(hex(substr(hash, 1, {place} - 1)) \
             || CASE hex(substr(hash, {place}, 1)) WHEN '00' THEN '01' ELSE '00' END \
             || hex(substr(hash, {place} + 1))) WHERE seq = 2"
        );
        assert_eq!(after(&test, &flipped).broken.map(|broken| broken.seq), Some(2), "byte {place} of the hash");
    }
}

#[test]
fn a_changed_context_names_the_first_row_that_used_it() {
    let test = full_log();
    for (column, value) in [
        ("reviewer", "'mallory'"),
        ("verdict", "'different'"),
        ("kind", "'person'"),
        ("stratum", "'audit'"),
        ("settles", "1"),
        ("rule", "'other'"),
        ("batch", "'b1'"),
    ] {
        let change =
            format!("UPDATE context SET {column} = {value} WHERE id = (SELECT context FROM entry WHERE seq = 2)");
        assert_eq!(after(&test, &change).broken.map(|broken| broken.seq), Some(2), "{column}");
    }
    let gone = "DELETE FROM context WHERE id = (SELECT context FROM entry WHERE seq = 2)";
    assert_eq!(after(&test, gone).broken.map(|broken| broken.seq), Some(2));
}

#[test]
fn rows_that_vanish_or_change_places_are_noticed() {
    let test = full_log();
    let rows = i64::try_from(test.log.len().unwrap()).unwrap();
    for row in 1..rows {
        let broken = after(&test, &format!("DELETE FROM entry WHERE seq = {row}")).broken.unwrap();
        assert_eq!(broken.seq, row + 1, "the gap shows at the next row");
        let closed = format!(
            "DELETE FROM entry WHERE seq = {row}; UPDATE entry SET seq = -seq WHERE seq > {row}; \
             UPDATE entry SET seq = -seq - 1 WHERE seq < 0"
        );
        assert!(!after(&test, &closed).is_intact(), "row {row} was removed and the gap closed");
    }
    let swapped = "UPDATE entry SET seq = -2 WHERE seq = 2; UPDATE entry SET seq = 2 WHERE seq = 3; \
        UPDATE entry SET seq = 3 WHERE seq = -2";
    assert_eq!(after(&test, swapped).broken.map(|broken| broken.seq), Some(2));
}

#[test]
fn a_cut_off_end_is_noticed_by_whoever_kept_the_head() {
    let test = full_log();
    let head = test.log.verify(None).unwrap().head.unwrap();
    assert!(test.log.verify(Some(head)).unwrap().is_intact());
    let rows = test.log.len().unwrap();
    behind_its_back(&test.path(), &format!("{UNGUARD} DELETE FROM entry WHERE seq = {rows}")).unwrap();
    assert!(test.log.verify(None).unwrap().is_intact(), "the chain alone cannot know");
    let report = test.log.verify(Some(head)).unwrap();
    assert!(report.broken.unwrap().reason.contains("once its head"));
    assert!(!test.log.verify(Some(EntryId([7; 32]))).unwrap().is_intact());
}

#[test]
fn removing_personal_data_without_an_erasure_is_noticed() {
    let test = TestLog::new();
    test.log.append(&decision(pair(1, 1), Verdict::Same, "jo", 0)).unwrap();
    test.log.append(&decision(pair(2, 2), Verdict::Same, "jo", 1)).unwrap();
    test.log.erase(&[pair(1, 1).left], "jo", "", at(2)).unwrap();
    let export = |log: &ReviewLog| {
        let mut out = Vec::new();
        log.export(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    // Even with the right seal: here, that of a log in which the same row was erased.
    let twin = test.directory.path().join("twin.db");
    behind_its_back(&test.path(), &format!("VACUUM INTO '{}'", twin.display())).unwrap();
    let twin_log = ReviewLog::open(&twin).unwrap();
    twin_log.erase(&[pair(2, 2).left], "jo", "", at(3)).unwrap();
    let line = export(&twin_log).lines().nth(2).unwrap().to_owned();
    let sealed = line.split("\"sealed\":\"").nth(1).unwrap()[..64].to_owned();
    let statement = format!(
        "UPDATE entry SET subject = NULL, fields = NULL, note = NULL, batch_name = NULL, salt = NULL, \
         sealed = unhex('{sealed}') WHERE seq = 3"
    );
    let broken = after(&test, &statement).broken.unwrap();
    assert_eq!(broken.seq, 3);
    assert!(broken.reason.contains("no erasure names it"), "{}", broken.reason);
}

#[test]
fn the_file_itself_refuses_edits() {
    let test = full_log();
    for statement in [
        "DELETE FROM entry WHERE seq = 2",
        "UPDATE entry SET at = at + 1 WHERE seq = 2",
        "UPDATE entry SET note = 'other' WHERE seq = 2",
        "UPDATE context SET reviewer = 'mallory'",
        "DELETE FROM context",
    ] {
        assert!(behind_its_back(&test.path(), statement).is_err(), "{statement}");
    }
    assert!(test.log.verify(None).unwrap().is_intact());
}
