//! Do the commands of plays work on the worked example, as a new user types them?

use crate::support::workspace::{demo, demo_copy, fail, rows, succeed};

use super::ship::{git, repository};

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&succeed(demo(), arguments)).unwrap()
}

#[test]
fn a_run_publishes_every_play_with_what_every_row_must_say() {
    for (play, key) in [("health", "entity_id"), ("churn_risk", "entity_id"), ("arr_bridge", "grain")] {
        let table = rows(&succeed(demo(), &["export", &format!("play_{play}")]));
        assert_eq!(table[0][0], key);
        let column =
            |name: &str| table[0].iter().position(|own| own == name).unwrap_or_else(|| panic!("{play}: no {name}"));
        assert!(table.len() > 20, "{play} has {} rows", table.len());
        for name in ["tier", "drivers", "known_share", "inputs_as_of", "run_id"] {
            let place = column(name);
            assert!(table.iter().skip(1).all(|row| !row[place].is_empty()), "{play}: {name} is empty somewhere");
        }
        let score = column("score");
        assert!(table.iter().skip(1).filter(|row| !row[score].is_empty()).count() > 10, "{play} scores nobody");
    }
    let bridge = rows(&succeed(demo(), &["export", "play_arr_bridge"]));
    let totals: Vec<&Vec<String>> = bridge.iter().filter(|row| row[1] == "all").collect();
    assert!(totals.iter().any(|row| row[0] == "billing") && totals.iter().any(|row| row[0] == "parent"), "{totals:?}");
}

#[test]
fn plays_are_listed_checked_previewed_and_explained() {
    let listed = succeed(demo(), &["plays", "list"]);
    for name in ["product_qualified", "health", "expansion", "churn_risk", "routing", "arr_bridge"] {
        assert!(listed.contains(name), "{listed}");
    }
    assert!(listed.contains(" rows: "), "{listed}");
    let preview = json(&["plays", "preview", "health", "--json"]);
    assert_eq!(preview["tier_changes"], 0);
    let account = preview["fired"][0]["entity_id"].as_str().expect("somebody fires").to_owned();
    let told = succeed(demo(), &["plays", "explain", "health", &account]);
    assert!(told.contains("from accounts."), "{told}");
    let walked = succeed(demo(), &["trace", &account, "health.score"]);
    assert!(walked.contains("down to the rows") && walked.contains("stripe_"), "{walked}");
    let whole = json(&["trace", &account, "health.score", "--json"]);
    let fields = whole[0]["fields"].as_array().unwrap();
    assert!(fields.iter().any(|field| field["trace"]["winner"].is_object()), "no field leads to a row");
    let described = succeed(demo(), &["plays", "explain", "health"]);
    assert!(described.contains("seats") && described.contains("accounts.seats_bought"), "{described}");
    let backtest = json(&["plays", "backtest", "churn_risk", "--weeks", "8", "--json"]);
    assert!(backtest[0]["groups"][0]["accounts"].as_u64().unwrap() > 20, "{backtest}");
    assert!(fail(demo(), 2, &["plays", "preview", "helth"]).contains("plays are: "));
    assert!(fail(demo(), 2, &["trace", &account, "health.nosuch"]).contains("gives no column"));
}

#[test]
fn a_play_of_ones_own_is_begun_checked_run_and_shipped() {
    let copy = demo_copy();
    let path = copy.path();
    let made = succeed(path, &["plays", "new", "quiet"]);
    assert_eq!(made.lines().count(), 2, "{made}");
    succeed(path, &["plays", "new", "calm", "--from", "quiet"]);
    assert!(fail(path, 1, &["plays", "new", "calm", "--from", "quiet"]).contains("never overwritten"));
    assert!(succeed(path, &["plays", "check", "quiet"]).contains("sound"));
    let sql = path.join("plays/quiet.sql");
    let good = std::fs::read_to_string(&sql).unwrap();
    std::fs::write(&sql, good.replace("active_days_28d,", "active_dayz,")).unwrap();
    let output = crate::support::workspace::run(path, &["plays", "check", "quiet"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("quiet.sql:7:5: "),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(fail(path, 2, &["run"]).contains("quiet.sql:7:5: "), "a run begins with a play that cannot be run");
    std::fs::write(&sql, good).unwrap();
    let shop = repository(&[("dbt_project.yml", "name: shop\n")]);
    let repo = shop.path().to_str().unwrap();
    let error = fail(path, 2, &["ship", "quiet", "--repo", repo]);
    assert!(error.contains("did not include the play quiet"), "{error}");
    assert!(succeed(path, &["plays"]).contains("quiet"));
    assert!(succeed(path, &["ship", "quiet", "--repo", repo]).contains("on branch fourfold/quiet"));
    assert!(git(shop.path(), &["show", "--stat", "fourfold/quiet"]).contains("models/marts/fourfold/quiet.sql"));
    std::fs::write(shop.path().join("dirty"), "x").unwrap();
    assert!(fail(path, 2, &["ship", "quiet", "--repo", repo]).contains("not committed: dirty"));
}

#[test]
fn every_column_of_a_play_stands_in_the_lineage() {
    let lineage = rows(&succeed(demo(), &["export", "lineage"]));
    let at = |name: &str| lineage[0].iter().position(|own| own == name).unwrap_or_else(|| panic!("{:?}", lineage[0]));
    for play in ["product_qualified", "health", "expansion", "churn_risk", "routing", "arr_bridge"] {
        let published = rows(&succeed(demo(), &["export", &format!("play_{play}")]));
        for (place, column) in published[0].iter().enumerate() {
            // Lineage is that of values: a column that is empty throughout has none.
            if published.iter().skip(1).all(|row| row[place].is_empty()) {
                continue;
            }
            let field = format!("{play}.{column}");
            let known: Vec<&Vec<String>> = lineage.iter().filter(|row| row[at("field")] == field).collect();
            assert!(!known.is_empty(), "{field} is not in the lineage");
            assert!(known.iter().all(|row| !row[at("rule")].is_empty()), "{field} does not say how it is made");
        }
    }
    let whole: serde_json::Value =
        serde_json::from_str(&succeed(demo(), &["export", "lineage", "--format", "openlineage"])).unwrap();
    let health = whole["outputs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|output| output["name"] == "fourfold.play_health")
        .expect("the play is a dataset");
    let inputs = health["facets"]["columnLineage"]["fields"]["score"]["inputFields"].as_array().unwrap();
    assert!(inputs.iter().any(|input| input["name"] == "fourfold.accounts"), "{inputs:?}");
    let clean = succeed(demo(), &["lineage", "check", "--check"]);
    assert!(clean.contains("0 to look at"), "{clean}");
}
