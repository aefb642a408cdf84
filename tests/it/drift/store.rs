//! Does a year of baselines stay small, and does nothing get lost in it?

use fourfold::drift::baseline::{Baseline, ColumnBaseline, Kind, TableBaseline};
use fourfold::drift::report::Report;
use fourfold::drift::store::{Action, ActionKind, DriftStore, Outcome, ProposalRow, RunRecord, standing};
use fourfold::warehouse::ColumnType;

use super::fixture::{DAY, MONDAY, baseline, table};

/// A number that only depends on where it stands.
fn chance(parts: [u64; 3]) -> u64 {
    parts.into_iter().fold(0x9e37_79b9_7f4a_7c15, |mixed: u64, part| {
        (mixed ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(31)
    })
}

/// A table of twenty columns of all sorts, different in every week and every column.
fn busy(number: u64, week: u64) -> TableBaseline {
    let rows = 50_000 + week * 700 + number;
    let columns = (0..20_u64)
        .map(|at| {
            let some = |place: u64| chance([number * 31 + at, week, place]);
            let (kind, sort) =
                [(ColumnType::Text, 0), (ColumnType::Integer, 1), (ColumnType::Timestamp, 2), (ColumnType::Text, 3)]
                    [at as usize % 4];
            let mut sketch: Vec<u32> = (0..48).map(|place| some(place) as u32 / 64).collect();
            sketch.sort_unstable();
            ColumnBaseline {
                name: format!("column_{at}"),
                kind: Kind(kind),
                concept: (at % 3 == 0).then(|| "account.description".to_owned()),
                nulls: some(90) % rows,
                distinct: some(91) % rows,
                formats: vec![("text".into(), some(92) % rows), ("integer".into(), some(93) % 500)],
                values: if sort == 3 {
                    (0..20).map(|n| (format!("value {n}"), some(n) % 9000)).collect()
                } else {
                    vec![]
                },
                buckets: if sort == 1 { (0..60).map(|n| (1000 + n, some(n as u64) % 5000)).collect() } else { vec![] },
                days: if sort == 2 {
                    (0..120).map(|n| (20_000 + week as i32 * 7 + n, some(n as u64) % 900)).collect()
                } else {
                    vec![]
                },
                sketch: if sort == 0 { sketch } else { vec![] },
                is_key: at == 0,
            }
        })
        .collect();
    let mut keys: Vec<u32> = (0..256).map(|place| chance([number, week, place + 500]) as u32 / 256).collect();
    keys.sort_unstable();
    TableBaseline {
        source: format!("source_{}", number % 8),
        table: format!("table_{number}"),
        rows,
        keys,
        columns,
        ..TableBaseline::default()
    }
}

#[test]
fn a_year_of_weekly_baselines_of_200_tables_stays_under_200_megabytes() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("drift.sqlite");
    let store = DriftStore::open(&path).unwrap();
    // Four weeks in which every table changes entirely are as good as fifty-two.
    let weeks = 4;
    for week in 0..weeks {
        let made = Baseline {
            run_id: format!("2026{week:02}"),
            engine: "duckdb".into(),
            as_of: MONDAY + week as i64 * 7 * DAY,
            tables: (0..200).map(|number| busy(number, week)).collect(),
            ..Baseline::default()
        };
        store.put_baseline(&made, true).unwrap();
        if week == 0 {
            assert_eq!(store.baseline(&made.run_id).unwrap().unwrap(), made, "what is kept is what was measured");
        }
    }
    drop(store);
    let bytes: u64 = ["", "-wal"]
        .iter()
        .filter_map(|end| std::fs::metadata(format!("{}{end}", path.display())).ok())
        .map(|meta| meta.len())
        .sum();
    let year = bytes as f64 / weeks as f64 * 52.0 / 1e6;
    println!("a year of weekly baselines of 200 tables with 20 columns: {year:.0} MB");
    assert!(year < 200.0, "{year:.0} MB");
}

#[test]
fn a_table_that_did_not_change_is_kept_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("drift.sqlite");
    let size = |weeks: u64| {
        let store = DriftStore::open(&path).unwrap();
        for week in 0..weeks {
            let mut made = baseline(week as i64, (0..50).map(|number| busy(number, 0)).collect());
            made.run_id = format!("run{week:03}");
            store.put_baseline(&made, true).unwrap();
        }
        drop(store);
        // What was committed lies in the file or still in its log.
        let ends = ["", "-wal"].map(|end| std::fs::metadata(format!("{}{end}", path.display())));
        ends.into_iter().flatten().map(|meta| meta.len()).sum::<u64>()
    };
    let (one, ten) = (size(1), size(10));
    assert!(ten < one * 4, "{one} bytes for one, {ten} for ten");
}

#[test]
fn runs_reports_actions_and_proposals_come_back() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("drift.sqlite");
    assert!(DriftStore::open_read_only(&path).is_err(), "nothing is there yet");
    let store = DriftStore::open(&path).unwrap();
    let now: jiff::Timestamp = "2026-01-12T08:00:00Z".parse().unwrap();
    let mut run = RunRecord::begin("20260112T080000000000Z", now, "fourfold run");
    store.put_run(&run).unwrap();
    assert_eq!(store.runs().unwrap()[0].outcome, Outcome::Running);
    (run.outcome, run.seconds, run.rows) = (Outcome::Frozen, Some(3.5), Some(12_345));
    store.put_run(&run).unwrap();
    assert_eq!(store.runs().unwrap(), [run]);
    let report = Report { run_id: "20260112T080000000000Z".into(), health: vec!["x".into()], ..Report::default() };
    store.put_report(&report).unwrap();
    assert_eq!(store.report(None).unwrap(), Some(report));
    store
        .put_proposal(&ProposalRow {
            id: "d1".into(),
            status: "accepted".into(),
            who: "ann".into(),
            at: now.to_string(),
            body: "{}".into(),
            held: (0, 0),
            said: String::new(),
        })
        .unwrap();
    store.put_held("d1", "r1", true, "well").unwrap();
    store.put_held("d1", "r2", false, "badly").unwrap();
    let kept = store.proposals().unwrap();
    assert_eq!((kept[0].held, kept[0].said.as_str()), ((1, 1), "badly"));
    let read_only = DriftStore::open_read_only(&path).unwrap();
    assert_eq!(read_only.runs().unwrap().len(), 1);
}

#[test]
fn a_snooze_ends_by_itself_and_the_last_word_counts() {
    let action = |kind, until: Option<&str>, text: &str| Action {
        finding: "f1".into(),
        kind,
        who: "ann".into(),
        at: "2026-01-12T08:00:00Z".into(),
        until: until.map(str::to_owned),
        text: text.into(),
    };
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let snoozed = [action(ActionKind::Snooze, Some("2026-01-19T08:00:00Z"), "")];
    assert!(standing(&snoozed, at("2026-01-18T08:00:00Z"))["f1"].is_quiet());
    assert!(!standing(&snoozed, at("2026-01-19T08:00:00Z"))["f1"].is_quiet());
    let actions = [
        action(ActionKind::Accept, None, ""),
        action(ActionKind::Assign, None, "bo"),
        action(ActionKind::Note, None, "asked the admin"),
        action(ActionKind::Reopen, None, ""),
    ];
    let found = &standing(&actions, at("2026-01-12T09:00:00Z"))["f1"];
    assert_eq!(found.state, "open");
    assert_eq!(found.assignee.as_deref(), Some("bo"));
    assert_eq!(found.notes, ["ann: asked the admin"]);
}

#[test]
fn a_damaged_file_is_an_error_with_a_hint() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("drift.sqlite");
    std::fs::write(&path, "this is no database, however long it is, and it never was one\n".repeat(100)).unwrap();
    let error = DriftStore::open(&path).err().unwrap();
    assert!(!error.hints.is_empty(), "{}", error.message);
    let store = DriftStore::open(&directory.path().join("other.sqlite")).unwrap();
    store.put_baseline(&baseline(0, vec![table(20, vec![])]), true).unwrap();
    assert!(store.baseline("nothing").unwrap().is_none());
}
