//! Does a back-test count what happened, on both engines alike?

use fourfold::plays::backtest::backtest;
use fourfold::plays::{Library, published};

use super::world::{self, SCHEMA};
use crate::support::engines::{both, number};

#[test]
fn both_engines_count_the_same_and_the_groups_add_up() {
    let library = Library::shipped().unwrap();
    let mut seen = Vec::new();
    for warehouse in both() {
        world::publish(warehouse.as_ref(), 500);
        let published = published::read(warehouse.as_ref(), SCHEMA).unwrap();
        let mut found = Vec::new();
        for name in ["churn_risk", "health", "expansion", "product_qualified"] {
            for weeks in [4, 13] {
                let play = &library.get(name).unwrap().play;
                let one = backtest(play, warehouse.as_ref(), SCHEMA, &published, weeks).unwrap();
                let all = &one.groups[0];
                assert_eq!(all.accounts, one.groups[1..].iter().map(|group| group.accounts).sum::<u64>());
                assert_eq!(all.came_true, one.groups[1..].iter().map(|group| group.came_true).sum::<u64>());
                for group in &one.groups {
                    assert!(group.came_true <= group.accounts && group.low <= group.share && group.share <= group.high);
                }
                assert!(one.notes.iter().any(|note| note.contains("csat")), "{:?}", one.notes);
                found.push(one);
            }
        }
        // Counted independently: paying accounts thirteen weeks ago, and those of them that pay nothing any more.
        let then = "(started_at <= DATE '2025-11-30' AND coalesce(ended_at > DATE '2025-11-30', is_live) AND status IN ('active', 'ended'))";
        let by_hand = |condition: &str| {
            number(
                warehouse.as_ref(),
                &format!(
                    "SELECT CAST(count(*) AS BIGINT) FROM (SELECT account_entity_id, sum(CASE WHEN {then} THEN mrr END) AS before, \
                     coalesce(sum(CASE WHEN is_live THEN mrr END), 0) AS now FROM {SCHEMA}.subscriptions GROUP BY 1) s \
                     JOIN {SCHEMA}.accounts a ON a.entity_id = s.account_entity_id WHERE a.is_internal IS NOT TRUE AND before > 0 {condition}"
                ),
            ) as u64
        };
        let churn = &found[1];
        assert_eq!((churn.day.as_str(), churn.outcome.as_str()), ("2025-11-30", "churned"));
        assert_eq!(churn.groups[0].accounts, by_hand(""));
        assert_eq!(churn.groups[0].came_true, by_hand("AND now = 0"));
        assert!(churn.groups[0].came_true > 0, "nobody left in this world");
        seen.push(found);
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn a_play_without_outcome_and_a_day_before_all_days_are_refused() {
    let library = Library::shipped().unwrap();
    let warehouse = &both()[0];
    world::publish(warehouse.as_ref(), 30);
    let published = published::read(warehouse.as_ref(), SCHEMA).unwrap();
    let routing = &library.get("routing").unwrap().play;
    assert_eq!(backtest(routing, warehouse.as_ref(), SCHEMA, &published, 4).unwrap_err().exit_code(), 2);
    let churn = &library.get("churn_risk").unwrap().play;
    assert_eq!(backtest(churn, warehouse.as_ref(), SCHEMA, &published, 4_000_000).unwrap_err().exit_code(), 2);
}
