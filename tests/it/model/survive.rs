//! Whose word counts, and who may change that.

use fourfold::catalog::Role;
use fourfold::config::Config;
use fourfold::model::ModelInput;
use fourfold::progress::{CancelToken, Silent};
use fourfold::warehouse::Warehouse;

use super::fixture::{AS_OF, RUN, build, field, graph, map, one, publish, published, run, table, warehouse};

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

#[test]
fn a_segment_follows_its_own_rule() {
    let warehouse = warehouse();
    published(
        &warehouse,
        &config(
            "[survivorship]\n\"accounts.name\" = { rule = \"priority\", sources = [\"crm\"], segments = [\n\
             { when = { field = \"country\", is = [\"us\", \"united*\"] }, rule = \"priority\", sources = [\"billing\"] } ] }\n",
        ),
    );
    assert_eq!(field(&warehouse, "acc_acme", "name").as_deref(), Some("ACME Incorporated"));
    assert_eq!(field(&warehouse, "acc_beta", "name").as_deref(), Some("Beta GmbH"));
    let rule = one(&warehouse, "SELECT rule FROM fourfold.lineage WHERE entity_id = 'acc_acme' AND field = 'name'");
    assert_eq!(rule.as_deref(), Some("priority:billing (fourfold.toml, segment on country)"));
}

#[test]
fn a_segment_can_be_told_by_a_number() {
    let warehouse = warehouse();
    let rule = |limit: &str| {
        config(&format!(
            "[survivorship]\n\"accounts.name\" = {{ rule = \"priority\", sources = [\"crm\"], segments = [\n\
             {{ when = {{ field = \"employees\", {limit} }}, rule = \"priority\", sources = [\"support\"] }} ] }}\n"
        ))
    };
    published(&warehouse, &rule("at_least = 200"));
    assert_eq!(field(&warehouse, "acc_acme", "name").as_deref(), Some("Acme"));
    published(&warehouse, &rule("below = 200"));
    assert_eq!(field(&warehouse, "acc_acme", "name").as_deref(), Some("Acme, Inc."));
}

#[test]
fn an_operator_chooses_for_one_entity() {
    let warehouse = warehouse();
    let choice = "[[choices]]\nentity = \"acc_acme\"\nfield = \"accounts.name\"\nsource = \"stripe\"\nwho = \"mo\"\nwhen = \"2026-06-01T00:00:00Z\"\n";
    published(&warehouse, &config(choice));
    assert_eq!(field(&warehouse, "acc_acme", "name").as_deref(), Some("ACME Incorporated"));
    assert_eq!(field(&warehouse, "acc_beta", "name").as_deref(), Some("Beta GmbH"));
    let rule = one(&warehouse, "SELECT rule FROM fourfold.lineage WHERE entity_id = 'acc_acme' AND field = 'name'");
    assert_eq!(rule.as_deref(), Some("priority:stripe (operator mo)"));
}

#[test]
fn a_rule_about_no_field_is_a_mistake_with_a_suggestion() {
    let warehouse = warehouse();
    let (map, graph) = (map(&warehouse), graph());
    let config = config("[survivorship]\n\"accounts.nmae\" = { rule = \"recency\" }\n");
    let as_of = AS_OF.parse().unwrap();
    let input = ModelInput { warehouse: &warehouse, map: &map, graph: &graph, config: &config, as_of, run_id: RUN };
    let error = fourfold::model::build(&input, &Silent, &CancelToken::new()).err().unwrap();
    assert!(error.message.contains("accounts.nmae"), "{error}");
    assert!(error.hints.iter().any(|hint| hint.contains("accounts.name")), "{:?}", error.hints);
}

/// Publishes with a rule of recency, beside a history of the fields of `salesforce.account`.
fn with_history(warehouse: &dyn Warehouse, name_changed: &str) {
    run(
        warehouse,
        &format!(
            "DROP TABLE IF EXISTS salesforce.account_field_history;\n\
             CREATE TABLE salesforce.account_field_history (id VARCHAR, account_id VARCHAR, field VARCHAR, old_value VARCHAR, \
             new_value VARCHAR, created_date TIMESTAMP);\n\
             INSERT INTO salesforce.account_field_history VALUES ('h1','001A','Name','A','Acme, Inc.','{name_changed}'),\
             ('h2','001A','Name','','A','2019-01-01 00:00:00'),('h3','001A','BillingCountry','','US','2026-06-30 11:00:00');\n"
        ),
    );
    let mut map = map(warehouse);
    let columns =
        [("id", ""), ("account_id", ""), ("field", ""), ("old_value", ""), ("new_value", ""), ("created_date", "")];
    let mut history = table("account_field_history", Role::Other, &columns);
    history.name.schema = "salesforce".to_owned();
    let salesforce = map.sources.iter_mut().find(|source| source.id.as_str() == "salesforce").unwrap();
    salesforce.tables.push(history);
    let graph = graph();
    let config = config("[survivorship]\n\"accounts.name\" = { rule = \"recency\" }\n");
    let model = build(warehouse, &map, &graph, &config);
    publish(warehouse, &model, &graph, &map);
}

#[test]
fn recency_goes_by_the_field_where_the_source_keeps_its_history() {
    let warehouse = warehouse();
    let rule = || {
        one(&warehouse, "SELECT rule FROM fourfold.lineage WHERE entity_id = 'acc_acme' AND field = 'name'").unwrap()
    };
    with_history(&warehouse, "2026-06-30 00:00:00");
    assert_eq!(field(&warehouse, "acc_acme", "name").as_deref(), Some("Acme, Inc."), "changed after all others");
    assert!(rule().starts_with("recency (fourfold.toml); field-level"), "{}", rule());
    with_history(&warehouse, "2020-01-01 00:00:00");
    assert_eq!(
        field(&warehouse, "acc_acme", "name").as_deref(),
        Some("Acme"),
        "the record changed later, its name did not"
    );
    assert!(rule().starts_with("recency (fourfold.toml); record-level"), "marked as what it is: {}", rule());
    let lost = "SELECT rule FROM fourfold.lineage_cells WHERE entity_id = 'acc_acme' AND field = 'name' AND source = 'salesforce'";
    assert!(one(&warehouse, lost).unwrap().contains("field-level"));
}

/// What a team lets the CRM say of revenue beyond what billing's subscriptions add up to is a conflict with its money.
#[test]
fn revenue_that_no_subscription_explains_is_a_residual() {
    let warehouse = warehouse();
    let mut map = map(&warehouse);
    let columns = map.sources.iter_mut().flat_map(|source| &mut source.tables).flat_map(|table| &mut table.columns);
    columns.filter(|column| column.name == "arr_c").for_each(|column| column.concept = Some("account.mrr".to_owned()));
    let residuals = |text: &str| -> Vec<(String, String, Option<f64>)> {
        let (graph, config) = (graph(), config(text));
        let model = build(&warehouse, &map, &graph, &config);
        let found = model.conflicts.into_iter().filter(|conflict| conflict.kind == "revenue_residual");
        found
            .map(|conflict| {
                let entity = conflict.entity.map(|entity| entity.as_str().to_owned()).unwrap_or_default();
                let sides =
                    [conflict.side_a, conflict.side_b].map(|side| side.map_or(String::new(), |side| side.value));
                (entity, sides.join(" | "), conflict.money_at_stake)
            })
            .collect()
    };
    assert_eq!(residuals(""), [], "where billing has the first word the bridge closes");
    let crm_first = "[survivorship]\n\"accounts.mrr\" = { rule = \"source\", sources = [\"salesforce\"] }\n";
    let expected = ("acc_acme".to_owned(), "12000.00 | 800.000000".to_owned(), Some(134_400.0));
    assert_eq!(residuals(crm_first), [expected]);
}
