//! Do customers keep their names over ten weeks, and does the history say everything that happened, and why?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fourfold::ident::{EntityKind, PairKey, RecordKey};
use fourfold::review::{NewDecision, ReviewLog, Target, Verdict};

use crate::support::workspace::{rows, succeed};

/// The entity of each record, as exported.
type Places = BTreeMap<(String, RecordKey), String>;

fn places(directory: &Path) -> Places {
    rows(&succeed(directory, &["export", "links", "--raw"]))
        .into_iter()
        .skip(1)
        .map(|row| ((row[1].clone(), RecordKey::new(&*row[2], &*row[3], &*row[4])), row[0].clone()))
        .collect()
}

/// One exported event.
#[derive(Debug, Clone)]
struct Event {
    run: String,
    entity: String,
    kind: String,
    word: String,
    other: String,
    reason: String,
    by: String,
    records: Vec<RecordKey>,
}

fn history(directory: &Path) -> Vec<Event> {
    let table = rows(&succeed(directory, &["export", "history", "--raw"]));
    let at = |name: &str| table[0].iter().position(|header| header == name).unwrap();
    let [run, entity, kind, word, other, reason, by, records] =
        ["run_id", "entity_id", "kind", "event", "other_entity_id", "reason", "decided_by", "records"].map(at);
    table
        .iter()
        .skip(1)
        .map(|row| Event {
            run: row[run].clone(),
            entity: row[entity].clone(),
            kind: row[kind].clone(),
            word: row[word].clone(),
            other: row[other].clone(),
            reason: row[reason].clone(),
            by: row[by].clone(),
            records: fourfold::model::publish::history::records_of(&row[records]),
        })
        .collect()
}

/// Replays the events of one run over the places of the run before.
fn replay(places: &mut Places, events: &[&Event]) {
    for event in events {
        for record in &event.records {
            let key = (event.kind.clone(), record.clone());
            match event.word.as_str() {
                "born" | "revived" | "gained" | "moved" | "split_from" => places.insert(key, event.entity.clone()),
                "merged_into" => places.insert(key, event.other.clone()),
                "lost" | "ended" => places.remove(&key),
                _ => None,
            };
        }
    }
}

/// The true account of each record in a week.
fn truth(directory: &Path, week: usize) -> BTreeMap<RecordKey, String> {
    let folder = if week == 1 { "data/truth".to_owned() } else { format!("data/truth/week{week}") };
    let text = std::fs::read_to_string(directory.join(folder).join("accounts.csv")).unwrap();
    rows(&text)
        .into_iter()
        .skip(1)
        .filter(|row| !row[3].is_empty() && row[3] != "internal")
        .map(|row| (RecordKey::new(&*row[0], &*row[1], &*row[2]), row[3].clone()))
        .collect()
}

/// The entity that most records of each true account are in.
fn homes(truth: &BTreeMap<RecordKey, String>, places: &Places) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (record, account) in truth {
        if let Some(entity) = places.get(&("account".to_owned(), record.clone())) {
            *counts.entry(account).or_default().entry(entity).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|(account, counts)| {
            let most = counts.into_iter().max_by_key(|(id, count)| (*count, std::cmp::Reverse(*id))).unwrap().0;
            (account.to_owned(), most.to_owned())
        })
        .collect()
}

#[test]
fn ten_weeks_of_a_company_are_told_without_a_gap() {
    const WEEKS: usize = 10;
    let directory = tempfile::tempdir().unwrap();
    let home = directory.path().join("company");
    succeed(directory.path(), &["demo", "company", "--no-tui", "--accounts", "40", "--weeks", "10"]);
    let mut before = places(&home);
    assert!(history(&home).is_empty(), "nothing happened before the first run");
    let first = homes(&truth(&home, 1), &before);
    let mut last = first.clone();
    let mut runs: BTreeSet<String> = BTreeSet::new();
    // Two customers that a reviewer takes for one in week 4, and finds to be two in week 7.
    let mut joined: Option<(PairKey, [String; 2])> = None;
    for week in 2..=WEEKS {
        let log = ReviewLog::open(&home.join(".fourfold/review.sqlite")).unwrap();
        if week == 4 {
            let alone: Vec<(&RecordKey, &String)> = before
                .iter()
                .filter(|((kind, record), _)| kind == "account" && record.source.as_str() == "salesforce")
                .map(|((_, record), entity)| (record, entity))
                .collect();
            let (one, other) = (alone[0], alone.iter().rev().find(|found| found.1 != alone[0].1).unwrap());
            let pair = PairKey::new(one.0.clone(), other.0.clone());
            let decision =
                NewDecision::new(pair.clone(), EntityKind::Account, Verdict::Same, "sam", jiff::Timestamp::now());
            log.append(&decision).unwrap();
            joined = Some((pair, [one.1.clone(), other.1.clone()]));
        }
        if week == 7 {
            let target: Target = log.undoable("sam").unwrap().unwrap();
            log.undo(&target, "sam", jiff::Timestamp::now()).unwrap();
        }
        drop(log);
        succeed(&home, &["load", &format!("data/week{week}")]);
        succeed(&home, &["run"]);
        let now = places(&home);
        let told = history(&home);
        let fresh: Vec<&Event> = told.iter().filter(|event| !runs.contains(&event.run)).collect();
        let names: BTreeSet<&str> = fresh.iter().map(|event| event.run.as_str()).collect();
        assert!(names.len() <= 1, "one run tells its own events once: {names:?}");
        let mut replayed = before.clone();
        replay(&mut replayed, &fresh);
        assert_eq!(replayed, now, "week {week}: the history does not lead from one run to the next");
        for event in &fresh {
            assert!(!event.reason.is_empty() && !event.by.is_empty(), "{event:?}");
        }

        // What was done in the sources is told of the records it was done to.
        if week > 2 {
            let changes = std::fs::read_to_string(home.join(format!("data/truth/week{week}/changes.csv"))).unwrap();
            for row in rows(&changes).into_iter().skip(1) {
                let record = RecordKey::new(&*row[1], &*row[2], &*row[3]);
                let words: Vec<&str> = fresh
                    .iter()
                    .filter(|event| event.kind == "account" && event.records.contains(&record))
                    .map(|event| event.word.as_str())
                    .collect();
                match row[0].as_str() {
                    "purged" => assert!(words.contains(&"lost") || words.contains(&"ended"), "{row:?}: {words:?}"),
                    "won" => assert!(words.contains(&"born") || words.contains(&"gained"), "{row:?}: {words:?}"),
                    "merged" => {
                        let into = RecordKey::new("salesforce", "account", row[4].trim_start_matches("into "));
                        let of = |record: &RecordKey| now.get(&("account".to_owned(), record.clone()));
                        assert_eq!(of(&record), of(&into), "{row:?}");
                    }
                    _ => {}
                }
            }
        }

        // Customers keep their names, week after week.
        let homes = homes(&truth(&home, week), &now);
        let decided: BTreeSet<&String> = joined.iter().flat_map(|(_, ids)| ids).collect();
        let (mut kept, mut all) = (0, 0);
        for (account, entity) in &homes {
            if let Some(earlier) = last.get(account).filter(|earlier| !decided.contains(earlier)) {
                all += 1;
                kept += usize::from(earlier == entity);
            }
        }
        assert!(kept * 100 >= all * 98, "week {week}: {kept} of {all} accounts kept their id");

        if let Some((pair, ids)) = &joined {
            let of = |record: &RecordKey| now.get(&("account".to_owned(), record.clone()));
            let together = of(&pair.left).is_some() && of(&pair.left) == of(&pair.right);
            if week == 4 {
                assert!(together, "the decision joins them");
                let event = fresh
                    .iter()
                    .find(|event| {
                        event.word == "merged_into" && ids.contains(&event.entity) && ids.contains(&event.other)
                    })
                    .expect("the merge is told");
                assert_eq!(event.by, "sam");
                assert!(event.reason.contains("sam decided"), "{}", event.reason);
                let story = succeed(&home, &["history", &event.entity]);
                assert!(story.contains("merged into") && story.contains("sam"), "{story}");
            }
            if week == 7 && of(&pair.left).is_some() && of(&pair.right).is_some() {
                assert!(!together, "the decision was undone");
                let back: BTreeSet<Option<&String>> = [of(&pair.left), of(&pair.right)].into();
                assert_eq!(back, ids.iter().map(Some).collect(), "both bear the names they had");
                assert!(fresh.iter().any(|event| event.word == "split_from" && ids.contains(&event.entity)));
            }
        }
        runs.extend(told.iter().map(|event| event.run.clone()));
        before = now;
        last = homes;
    }
    assert!(history(&home).iter().any(|event| event.word == "renamed"), "somebody was renamed in ten weeks");
    // Births are published: those of the first run, and later ones.
    let entities = rows(&succeed(&home, &["export", "entities"]));
    let born = entities[0].iter().position(|header| header == "first_seen_run").unwrap();
    let births: BTreeSet<&str> = entities.iter().skip(1).map(|row| row[born].as_str()).collect();
    assert!(births.len() > 3 && !births.contains(""), "{births:?}");
    let kept = first.iter().filter(|(account, entity)| last.get(*account) == Some(entity)).count();
    assert!(
        kept * 100 >= first.len() * 80,
        "{kept} of {} accounts have one id from the first week to the last",
        first.len()
    );
}
