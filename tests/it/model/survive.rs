//! Whose word counts, and who may change that.

use fourfold::config::Config;

use super::fixture::{field, one, published, warehouse};

fn config(text: &str) -> Config {
    let sources = "[sources.salesforce]\nsurface = \"crm\"\n[sources.stripe]\nsurface = \"billing\"\n\
        [sources.zendesk]\nsurface = \"support\"\n[sources.product]\nsurface = \"product\"\n";
    Config::parse(&format!("{sources}{text}"), "fourfold.toml").unwrap()
}

#[test]
fn the_file_replaces_the_built_in_rule() {
    let warehouse = warehouse();
    published(
        &warehouse,
        &config("[survivorship]\n\"accounts.name\" = { rule = \"priority\", sources = [\"support\"] }\n"),
    );
    assert_eq!(field(&warehouse, "acc_acme", "name").as_deref(), Some("Acme"));
    let rule = one(&warehouse, "SELECT rule FROM fourfold.lineage WHERE entity_id = 'acc_acme' AND field = 'name'");
    assert_eq!(rule.as_deref(), Some("priority:support (fourfold.toml)"));
}

#[test]
fn source_specific_means_nobody_else() {
    let warehouse = warehouse();
    published(
        &warehouse,
        &config("[survivorship]\n\"accounts.arr\" = { rule = \"source\", sources = [\"salesforce\"] }\n"),
    );
    assert_eq!(field(&warehouse, "acc_acme", "arr").as_deref(), Some("12000.000000"));
    assert_eq!(field(&warehouse, "acc_beta", "arr"), None, "billing has a value, and may not speak");
    let kept = one(
        &warehouse,
        "SELECT value FROM fourfold.lineage_cells WHERE entity_id = 'acc_beta' AND field = 'arr' AND NOT is_winner",
    );
    assert_eq!(kept.as_deref(), Some("3600.000000"), "the losing value stays visible");
}

#[test]
fn recency_and_completeness_choose_records() {
    let warehouse = warehouse();
    published(
        &warehouse,
        &config(
            "[survivorship]\n\"accounts.name\" = { rule = \"recency\" }\n\"accounts.country\" = { rule = \"most_complete\" }\n",
        ),
    );
    assert_eq!(field(&warehouse, "acc_acme", "name").as_deref(), Some("Acme"), "the group was seen last");
    assert_eq!(field(&warehouse, "acc_acme", "country").as_deref(), Some("United States"));
}

#[test]
fn an_operators_answer_wins_over_the_file() {
    let warehouse = warehouse();
    published(
        &warehouse,
        &config(
            "[survivorship]\n\"accounts.name\" = { rule = \"priority\", sources = [\"support\"] }\n\
             [[answers]]\nquestion = \"survivorship:accounts.name\"\nanswer = \"billing\"\nwho = \"mo\"\nwhen = \"2026-06-01T00:00:00Z\"\n",
        ),
    );
    assert_eq!(field(&warehouse, "acc_acme", "name").as_deref(), Some("ACME Incorporated"));
    let rule = one(&warehouse, "SELECT rule FROM fourfold.lineage WHERE entity_id = 'acc_acme' AND field = 'name'");
    assert_eq!(rule.as_deref(), Some("priority:billing (operator mo)"));
}
