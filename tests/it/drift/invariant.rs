//! Does what is broken stay unpublished, and what is only different not?

use fourfold::config::Thresholds;
use fourfold::drift::baseline::Baseline;
use fourfold::drift::invariant::broken;

use super::fixture::{baseline, rate, table};

fn good() -> Baseline {
    let mut made = baseline(0, vec![table(500, vec![])]);
    made.joins = vec![rate("", "match", 400, 500), rate("user_of_account", "relation", 300, 500)];
    made.graph = vec![("entities.account".into(), 500.0), ("largest".into(), 9.0), ("links".into(), 900.0)];
    made.model = vec![("sum.accounts.arr.EUR".into(), 1_000_000.0)];
    made
}

fn what(change: impl Fn(&mut Baseline)) -> Vec<String> {
    let mut now = good();
    change(&mut now);
    broken(&good(), &now, &Thresholds::default()).into_iter().map(|broken| broken.what).collect()
}

#[test]
fn an_ordinary_week_breaks_nothing() {
    assert_eq!(what(|_| ()), [""; 0]);
    assert_eq!(what(|now| now.joins[0].hits = 300), [""; 0], "a fall, and no cliff");
    assert_eq!(what(|now| now.model[0].1 = 1_400_000.0), [""; 0]);
}

#[test]
fn each_cliff_is_named() {
    assert_eq!(what(|now| now.tables[0].rows = 0), ["crm.account"]);
    assert_eq!(what(|now| now.tables.clear()), ["crm.account"]);
    assert_eq!(what(|now| now.joins[0].hits = 100), ["matches of crm.account"]);
    assert_eq!(
        what(|now| {
            now.joins.pop();
        }),
        ["user of account of crm.account"]
    );
    assert_eq!(what(|now| now.graph[0].1 = 120.0), ["accounts"]);
    assert_eq!(what(|now| now.graph[1].1 = 600.0), ["entities"]);
    assert_eq!(what(|now| now.model[0].1 = 10_000.0), ["recurring revenue in EUR"]);
    assert_eq!(what(|now| now.tables[0].duplicates = 400), ["crm.account"]);
}

#[test]
fn the_team_says_how_deep_a_cliff_is() {
    let mut now = good();
    now.joins[0].hits = 300;
    let strict = Thresholds { broken: 0.9, ..Thresholds::default() };
    assert_eq!(broken(&good(), &now, &strict).len(), 1);
}
