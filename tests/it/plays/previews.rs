//! Does a play say the same on both engines, and does a preview show what moves?

use std::collections::BTreeSet;

use fourfold::plays::preview::preview;
use fourfold::plays::publish::{self, StageInput};
use fourfold::plays::published::{self, Published};
use fourfold::plays::rows::Selection;
use fourfold::plays::statement::{Settings, Shape, statement};
use fourfold::plays::{Library, Play, check, explain};
use fourfold::progress::{CancelToken, Silent};
use fourfold::warehouse::{Publication, TableName, Warehouse};

use super::world::{self, RUN, SCHEMA};
use crate::support::engines::both;

/// Publishes plays beside a published model, as `fourfold plays` does.
pub fn publish(warehouse: &dyn Warehouse, library: &Library) -> Published {
    let ready = publish::ready(library, warehouse.dialect(), SCHEMA).unwrap();
    let before = published::read(warehouse, SCHEMA).unwrap();
    let mut publication = Publication::begin(warehouse, SCHEMA, RUN).unwrap();
    let input = StageInput {
        warehouse,
        schema: SCHEMA,
        plays: &ready,
        run_id: RUN,
        as_of: "2026-03-01T06:00:00Z".parse().unwrap(),
        absent: &before.absent,
        again: true,
    };
    let made = publish::stage(&mut publication, &input, &Silent, &CancelToken::new()).unwrap();
    assert!(made.iter().any(|(name, _)| name == "play_health"), "{made:?}");
    publication.commit().unwrap();
    published::read(warehouse, SCHEMA).unwrap()
}

/// Every row of a query over a play, as text, in the order of its key.
pub fn rows(warehouse: &dyn Warehouse, play: &Play, from: &str) -> Vec<String> {
    let selection = Selection::output(play);
    let dialect = warehouse.dialect();
    let order: Vec<String> = play.key.iter().map(|name| dialect.ordered(&dialect.quote(name))).collect();
    let sql = format!(
        "SELECT {} FROM {from} AS play_rows ORDER BY {}",
        selection.items(dialect, "play_rows"),
        order.join(", ")
    );
    let rows = warehouse.query(&sql, &[]).unwrap_or_else(|error| panic!("{sql}\n{error}: {:?}", error.source));
    (0..rows.len())
        .map(|row| {
            let cells: Vec<String> = selection
                .columns
                .iter()
                .map(|(name, _)| selection.text(&rows, row, name).unwrap_or_else(|| "∅".to_owned()))
                .collect();
            cells.join("|")
        })
        .collect()
}

#[test]
fn both_engines_publish_the_same_rows() {
    let library = Library::shipped().unwrap();
    let mut seen: Vec<Vec<String>> = Vec::new();
    for warehouse in both() {
        world::publish(warehouse.as_ref(), 700);
        publish(warehouse.as_ref(), &library);
        let dialect = warehouse.dialect();
        seen.push(
            library
                .enabled()
                .flat_map(|play| {
                    let table = dialect.table(&TableName::new(SCHEMA, play.table()));
                    let found = rows(warehouse.as_ref(), play, &table);
                    assert!(found.len() > 50, "{} has {} rows", play.name, found.len());
                    let keys: BTreeSet<String> = found
                        .iter()
                        .map(|row| row.split('|').take(play.key.len()).collect::<Vec<_>>().join("|"))
                        .collect();
                    assert_eq!(keys.len(), found.len(), "{} names a row twice", play.name);
                    found
                })
                .collect(),
        );
    }
    for (one, other) in seen[0].iter().zip(&seen[1]) {
        assert_eq!(one, other);
    }
    assert_eq!(seen[0].len(), seen[1].len());
}

#[test]
fn what_is_not_known_lowers_the_share_and_never_counts_as_zero() {
    let warehouse = &both()[0];
    world::publish(warehouse.as_ref(), 300);
    let library = Library::shipped().unwrap();
    let play = &library.get("health").unwrap().play;
    let mut published = published::read(warehouse.as_ref(), SCHEMA).unwrap();
    let scored = |published: &Published| -> Vec<(f64, f64)> {
        let literals = published.literals(warehouse.dialect(), None);
        let frame = literals.frame(&published.tables, &published.absent, Settings::Inline);
        let sql = statement(play, &frame, Shape::Output).unwrap();
        let found = warehouse
            .query(
                &format!("SELECT score, known_share FROM ({sql}) AS s WHERE score IS NOT NULL ORDER BY entity_id"),
                &[],
            )
            .unwrap();
        (0..found.len()).map(|row| (found.float(row, 0).unwrap(), found.float(row, 1).unwrap())).collect()
    };
    let before = scored(&published);
    published.absent.insert("accounts.overdue_amount".to_owned());
    let after = scored(&published);
    assert!(before.iter().zip(&after).any(|(before, after)| after.1 < before.1), "the share did not fall");
    assert!(after.iter().all(|(_, share)| *share <= 0.86), "15 % of the weight was taken away");
    assert!(after.iter().all(|(score, _)| (0.0..=100.0).contains(score)));
    let gaps = fourfold::plays::preview::missing(play, &published.absent);
    assert_eq!(gaps.len(), 1);
    assert!(gaps[0].effect.contains("payment is not known: 15 % of the weight"), "{gaps:?}");
}

#[test]
fn a_preview_counts_what_moves_against_the_last_run() {
    let library = Library::shipped().unwrap();
    for warehouse in both() {
        world::publish(warehouse.as_ref(), 400);
        let published = publish(warehouse.as_ref(), &library);
        let plain = &library.get("health").unwrap().play;
        let reads = check::reads(plain, warehouse.dialect(), SCHEMA).unwrap();
        let look = |play: &Play| preview(play, warehouse.as_ref(), SCHEMA, &published, &reads.fields, 10).unwrap();
        let same = look(plain);
        assert_eq!(same.compared_with.as_deref(), Some(RUN));
        assert_eq!((same.tier_changes, same.fresh, same.gone), (0, 0, 0));
        assert_eq!(same.bars, same.bars_before);
        assert_eq!(same.inputs_as_of.as_deref(), Some("2026-02-28 04:00:00"));
        let mut changed = plain.clone();
        changed.tiers[0].from = 90.0;
        let moved = look(&changed);
        let green = |preview: &fourfold::plays::preview::Preview| preview.tiers[0].clone();
        assert!(green(&moved).rows < green(&moved).before, "{:?}", moved.tiers);
        assert_eq!(moved.tier_changes, green(&moved).before - green(&moved).rows);
        assert_eq!(moved.changes.len() as u64, moved.tier_changes.min(10));
        assert!(moved.changes.iter().all(|change| change.tier_before.as_deref() == Some("green")));
        assert_eq!(moved.rows, moved.tiers.iter().map(|count| count.rows).sum::<u64>());
    }
}

#[test]
fn an_explanation_adds_up_to_the_score() {
    let library = Library::shipped().unwrap();
    for warehouse in both() {
        world::publish(warehouse.as_ref(), 200);
        let published = published::read(warehouse.as_ref(), SCHEMA).unwrap();
        let play = &library.get("churn_risk").unwrap().play;
        let reads = check::reads(play, warehouse.dialect(), SCHEMA).unwrap();
        let found = explain::explain(play, warehouse.as_ref(), SCHEMA, &published, &reads, "acc_53").unwrap();
        let row = &found[0];
        let sum: f64 = row.signals.iter().filter_map(|signal| signal.points).sum();
        assert!((sum - row.score.unwrap()).abs() < 0.06, "{sum} against {:?}", row.score);
        let overdue = row.signals.iter().find(|signal| signal.signal == "overdue").unwrap();
        let fields: Vec<&str> = overdue.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["mrr", "overdue_amount"]);
        assert!(overdue.fields[0].value.is_some());
        let nobody = explain::explain(play, warehouse.as_ref(), SCHEMA, &published, &reads, "acc_0").unwrap_err();
        assert_eq!(nobody.exit_code(), 2);
    }
}
