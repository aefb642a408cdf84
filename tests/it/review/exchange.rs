//! Verdicts to and from tools that know less of them.

use fourfold::ident::{EntityKind, PairKey, RecordKey};
use fourfold::review::exchange::{
    Incoming, Judgement, nomenklatura, openrefine, parse_record_id, reconciliation, record_id,
};
use fourfold::review::{Outcome, Side, Verdict};

use super::support::{TestLog, at, decision, pair, standing_of};

fn kind(record: &RecordKey) -> Option<EntityKind> {
    ["account", "customer"].contains(&record.table.as_str()).then_some(EntityKind::Account)
}

/// A log with every sort of verdict.
fn every() -> TestLog {
    let test = TestLog::new();
    for (number, verdict) in
        [Verdict::Same, Verdict::Different, Verdict::Unsure, Verdict::ChildOf { child: Side::Left }]
            .into_iter()
            .enumerate()
    {
        let mut said = decision(pair(number as u32, number as u32), verdict, "ada", 10 * number as i64);
        said.weight_shown = Some(3.0);
        test.log.append(&said).unwrap();
    }
    test.log.append(&decision(pair(9, 9), Verdict::Same, "ada", 100)).unwrap();
    test.log.append(&decision(pair(9, 9), Verdict::Different, "mo", 101)).unwrap();
    test
}

#[test]
fn record_names_survive_any_key() {
    for pk in ["001", "a/b", "50%", "%2F", "NK-7", "x|y", "ü"] {
        for source in ["crm", "NK-crm"] {
            let record = RecordKey::new(source, "a/b", pk);
            let id = record_id(&record);
            assert!(!id.starts_with("NK-"), "{id}");
            assert_eq!(parse_record_id(&id), Some(record), "{id}");
        }
    }
    for strange in ["", "crm", "crm/account", "crm/account/1/2", "//", "crm/account/%zz", "crm/account/%"] {
        assert_eq!(parse_record_id(strange), None, "{strange}");
    }
}

#[test]
fn nomenklatura_edges_go_out_and_come_back() {
    let test = every();
    let outgoing = test.log.judged().unwrap();
    assert_eq!((outgoing.judged.len(), outgoing.disputed, outgoing.relations), (4, 1, 1));
    let mut text = Vec::new();
    assert_eq!(nomenklatura::write(&outgoing, &mut text).unwrap(), 4);
    let text = String::from_utf8(text).unwrap();
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let id = |at: usize| first[at].as_str().unwrap();
    assert!(id(0) > id(1), "the greater id comes first: {first}");
    assert_eq!((id(2), id(4), id(5)), ("positive", "ada", "2026-01-01T00:00:00"));
    assert!((first[3].as_f64().unwrap() - 8.0 / 9.0).abs() < 1e-9, "3 bits are eight to one");

    let other = TestLog::new();
    let incoming = nomenklatura::read(&mut text.as_bytes()).unwrap();
    let report = other.log.import_judged(&incoming, "edges", "importer", at(1000), &kind).unwrap();
    assert_eq!((report.read, report.added, report.known, report.foreign), (4, 4, 0, 0));
    let stands = standing_of(&other.log);
    assert_eq!(stands[&pair(0, 0)], (Outcome::Agreed(Verdict::Same), vec![("ada".to_owned(), Verdict::Same)]));
    assert_eq!(stands[&pair(1, 1)].0, Outcome::Agreed(Verdict::Different));
    assert_eq!(stands[&pair(2, 2)].0, Outcome::Unsure);
    assert_eq!(stands[&pair(3, 3)].0, Outcome::Agreed(Verdict::Different), "the relation is lost, and was counted");
    let again = other.log.import_judged(&incoming, "edges", "importer", at(1001), &kind).unwrap();
    assert_eq!((again.added, again.known), (0, 4), "importing twice changes nothing");
    let home = test.log.import_judged(&incoming, "edges", "importer", at(1001), &kind).unwrap();
    assert_eq!(home.added, 0, "what came from here is known here, relations too: {home:?}");
}

#[test]
fn canonical_ids_stand_for_their_records() {
    let id = |number: u32| record_id(&pair(number, number).left);
    let lines = [
        format!("[\"NK-abc\", {:?}, \"positive\", 0.9, \"ina\", \"2023-03-27T12:34:56.789\"]", id(1)),
        format!("[\"NK-abc\", {:?}, \"positive\", null, \"ina\", null]", id(2)),
        format!("[\"NK-abc\", {:?}, \"negative\", null, \"ina\", null]", id(3)),
        "[\"Q42\", \"NK-abc\", \"positive\", null, null, null]".to_owned(),
        format!("[\"Q42\", {:?}, \"unsure\", null, null, null]", id(4)),
        format!("[{:?}, \"acme-17\", \"positive\", null, null, null]", id(5)),
        format!("[{:?}, {:?}, \"no_judgement\", 0.4, null, null]", id(6), id(7)),
        String::new(),
    ];
    let incoming = nomenklatura::read(&mut lines.join("\n").as_bytes()).unwrap();
    let record = |number: u32| pair(number, number).left;
    let told: Vec<(PairKey, Judgement)> =
        incoming.judged.iter().map(|judged| (judged.pair.clone(), judged.judgement)).collect();
    assert_eq!(
        told,
        [
            (PairKey::new(record(1), record(2)), Judgement::Same),
            (PairKey::new(record(1), record(3)), Judgement::Different),
            (PairKey::new(record(1), record(4)), Judgement::Unsure),
        ]
    );
    assert_eq!((incoming.foreign, incoming.passed_over), (1, 1));
    for wrong in ["{}", "[1, 2, 3]", "[\"a\", \"b\"]", "[\"a\", \"b\", \"maybe\", 0, null, null]", "x"] {
        let error = nomenklatura::read(&mut wrong.as_bytes()).unwrap_err();
        assert!(error.message.contains("line 1"), "{error}");
    }
}

#[test]
fn openrefine_operations_go_out_and_come_back() {
    let test = every();
    let mut text = Vec::new();
    assert_eq!(openrefine::write(&test.log.judged().unwrap(), "record", &mut text).unwrap(), 1);
    let text = String::from_utf8(text).unwrap();
    let operations: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(operations[0]["op"], "core/recon-judge-similar-cells");
    assert_eq!(operations[0]["judgment"], "matched");
    let incoming = openrefine::read(&text, &None, &None).unwrap();
    assert_eq!(incoming.judged.len(), 1);
    assert_eq!((incoming.judged[0].pair.clone(), incoming.judged[0].judgement), (pair(0, 0), Judgement::Same));
}

#[test]
fn a_history_is_read_to_its_end() {
    let operation = |op: &str, cell: &str, judgment: &str, id: &str| {
        format!(
            "{{\"op\":\"core/{op}\",\"columnName\":\"id\",\"similarValue\":{cell:?},\"judgment\":{judgment:?},\
             \"match\":{{\"id\":{id:?},\"name\":\"n\",\"types\":[],\"score\":50}},\"engineConfig\":{{\"facets\":[],\"mode\":\"row-based\"}}}}"
        )
    };
    let facet = "{\"op\":\"core/recon-match-specific-topic-to-cells\",\"columnName\":\"id\",\"match\":{\"id\":\"c3\",\"name\":\"n\"},\
        \"engineConfig\":{\"facets\":[{\"type\":\"list\",\"columnName\":\"id\",\"expression\":\"value\",\"invert\":false,\
        \"selection\":[{\"v\":{\"v\":\"a3\",\"l\":\"a3\"}}]}]}}";
    let history = format!(
        "[{},{},{},{},{},{facet},{{\"op\":\"core/mass-edit\"}}]",
        operation("recon-judge-similar-cells", "a1", "matched", "c1"),
        operation("recon-judge-similar-cells", "a2", "matched", "c2"),
        operation("recon-judge-similar-cells", "a1", "matched", "c9"),
        operation("recon-judge-similar-cells", "a2", "none", ""),
        operation("recon-judge-similar-cells", "a4", "new", ""),
    );
    let table = |source: &str, table: &str| Some((source.to_owned(), table.to_owned()));
    let incoming = openrefine::read(&history, &table("crm", "account"), &table("bills", "customer")).unwrap();
    let matched: Vec<(String, String)> =
        incoming.judged.iter().map(|judged| (judged.pair.right.pk.clone(), judged.pair.left.pk.clone())).collect();
    assert_eq!(matched, [("a1".to_owned(), "c9".to_owned()), ("a3".to_owned(), "c3".to_owned())]);
    assert_eq!(incoming.passed_over, 1);
    for wrong in ["{}", "[{}]", "[3]", "nonsense"] {
        assert!(openrefine::read(wrong, &None, &None).is_err(), "{wrong}");
    }
}

#[test]
fn answers_of_a_reconciliation_service_go_out_and_come_back() {
    let test = every();
    let mut text = Vec::new();
    assert_eq!(reconciliation::write(&test.log.judged().unwrap(), &mut text).unwrap(), 3);
    let incoming = reconciliation::read(&String::from_utf8(text).unwrap(), &None, &None).unwrap();
    assert_eq!(incoming.judged.len(), 1, "a candidate that is no match was not judged");
    assert_eq!((incoming.judged[0].pair.clone(), incoming.passed_over), (pair(0, 0), 2));
    assert!(reconciliation::read("{\"q0\": {}}", &None, &None).is_err());
}

#[test]
fn records_of_other_tables_are_counted_and_left() {
    let test = TestLog::new();
    let strange = PairKey::new(RecordKey::new("a", "invoice", "1"), RecordKey::new("b", "customer", "1"));
    let judged = fourfold::review::exchange::Judged {
        pair: strange,
        judgement: Judgement::Same,
        score: None,
        user: None,
        at: None,
    };
    let incoming = Incoming { judged: vec![judged], ..Incoming::default() };
    let report = test.log.import_judged(&incoming, "x", "jo", at(0), &kind).unwrap();
    assert_eq!((report.added, report.strange), (0, 1));
    assert!(test.log.is_empty().unwrap());
}
