//! Each kind of question, and what its answers become.

use fourfold::chart::conflict::{Conflict, Severity, Side};
use fourfold::chart::interview::answer::{Reply, accepts, asks_for, rules};
use fourfold::chart::interview::{Question, questions};
use fourfold::chart::kinds;
use fourfold::chart::source_map::SourceMap;
use fourfold::config::Config;
use fourfold::config::edit::{Draft, RuleEdit};
use fourfold::ident::{EntityId, RecordKey};

fn side(source: &str, table: &str, pk: &str, column: &str, value: &str) -> Side {
    Side { record: RecordKey::new(source, table, pk), column: column.to_owned(), value: value.to_owned() }
}

pub fn conflict(kind: &str, field: &str, one: Option<Side>, other: Option<Side>) -> Conflict {
    Conflict {
        id: format!("c{kind}"),
        kind: kind.to_owned(),
        severity: kinds::by_id(kind).map_or(Severity::Medium, |kind| kind.severity),
        entity: field.starts_with("accounts.").then(|| EntityId::new("acc_1")),
        field: field.to_owned(),
        side_a: one,
        side_b: other,
        detail: "a detail".to_owned(),
        money_at_stake: Some(10.0),
        currency: Some("EUR".to_owned()),
        status: "open".to_owned(),
    }
}

const SOURCES: &str = "[sources.crm]\nsurface = \"crm\"\n[sources.bills]\nsurface = \"billing\"\n";

fn only(conflicts: &[Conflict]) -> Question {
    let asked = questions(&SourceMap::default(), conflicts);
    assert_eq!(asked.len(), 1, "{asked:?}");
    asked.into_iter().next().unwrap()
}

fn reply(question: &Question, answer: &str, text: &str) -> Reply {
    Reply {
        question: question.id.clone(),
        answer: answer.to_owned(),
        text: text.to_owned(),
        who: "ada".to_owned(),
        when: "2026-01-05T12:00:00Z".to_owned(),
        why: "because".to_owned(),
        ..Reply::default()
    }
}

/// The file that an answer makes.
fn answered(conflicts: &[Conflict], answer: &str, text: &str) -> Config {
    let question = only(conflicts);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("fourfold.toml");
    std::fs::write(&file, SOURCES).unwrap();
    let mut draft = Draft::look(&file).unwrap();
    let group: Vec<&Conflict> = conflicts.iter().collect();
    let today = "2026-01-05".parse().unwrap();
    let config = draft.config().unwrap();
    for edit in rules(&question, &group, &reply(&question, answer, text), &config, today).unwrap() {
        draft.apply(&edit).unwrap();
    }
    draft.config().unwrap_or_else(|error| panic!("{answer}: {error}\n{}", draft.text()))
}

#[test]
fn a_source_is_preferred_by_a_rule_with_who_when_and_why() {
    let group = [conflict(
        "status_disagreement",
        "accounts.status",
        Some(side("crm", "account", "1", "type", "Customer")),
        Some(side("bills", "subscription", "s", "status", "canceled")),
    )];
    let rule = &answered(&group, "bills", "").survivorship["accounts.status"];
    assert_eq!(rule.sources, ["bills", "crm"]);
    assert_eq!((rule.who.as_str(), rule.when.as_str(), rule.why.as_str()), ("ada", "2026-01-05T12:00:00Z", "because"));
    assert!(answered(&group, "decide each", "").survivorship.is_empty());
    let accepted = &answered(&group, "accept for 90 days", "").accepted[0];
    assert_eq!(accepted.until.as_deref(), Some("2026-04-05"));
    assert_eq!(accepted.between, ["crm.account", "bills.subscription"]);
}

#[test]
fn tests_and_colleagues_are_left_out_by_pattern() {
    let test = |column, value| {
        conflict("internal_or_test", "person.email", Some(side("crm", "contact", "1", column, value)), None)
    };
    let group = [test("email", "Mo@Vendor.com"), test("email", "ada@vendor.com"), test("email", "x@example.com")];
    let excluded = answered(&group, "leave them out", "").exclude;
    assert_eq!(excluded.len(), 1);
    assert_eq!(excluded[0].values, ["*@example.com", "*@vendor.com"]);
    assert_eq!((excluded[0].source.as_deref(), excluded[0].field.as_str()), (Some("crm"), "email"));
    assert_eq!(answered(&group, "keep them", "").accepted.len(), 1);
}

#[test]
fn shared_domains_and_stale_ids_are_no_keys_any_more() {
    let shared = |value: &str, other: &str| {
        conflict(
            "shared_domain",
            "account.domain",
            Some(side("crm", "account", "1", "website", value)),
            Some(side("crm", "account", "2", "website", other)),
        )
    };
    let group = [shared("https://www.agency.com/one", "agency.com"), shared("hub.io", "http://hub.io/x")];
    let ignored = answered(&group, "never join by them", "").ignore;
    assert_eq!(ignored[0].values, ["agency.com", "hub.io"]);
    assert_eq!((ignored[0].source.as_deref(), ignored[0].field.as_str()), (None, "account.domain"));
    let stale = [conflict(
        "stale_cross_id",
        "account.external_id",
        Some(side("crm", "account", "1", "stripe_id", "cus_9")),
        None,
    )];
    let ignored = answered(&stale, "stop using them", "").ignore;
    assert_eq!((ignored[0].field.as_str(), ignored[0].values[0].as_str()), ("stripe_id", "cus_9"));
    assert_eq!(ignored[0].table.as_deref(), Some("account"));
}

#[test]
fn tables_and_columns_are_mapped() {
    let twin = [conflict(
        "duplicate_table",
        "account",
        Some(side("crm", "old", "", "", "old")),
        Some(side("crm", "new", "", "", "new")),
    )];
    let role =
        |config: &Config, table: &str| config.sources["crm"].tables.get(table).and_then(|table| table.role.clone());
    let config = answered(&twin, "read new", "");
    assert_eq!((role(&config, "old").as_deref(), role(&config, "new")), (Some("other"), None));
    let config = answered(&twin, "read old", "");
    assert_eq!((role(&config, "old").as_deref(), role(&config, "new").as_deref()), (Some("account"), Some("other")));
    let config = answered(&twin, "read both", "");
    assert_eq!(role(&config, "old").as_deref(), Some("account"));

    let relic = [conflict(
        "migration_scar_field",
        "account.legacy_id",
        Some(side("crm", "account", "", "legacy_id", "7")),
        None,
    )];
    let concept = |config: &Config| config.sources["crm"].tables["account"].concepts["legacy_id"].clone();
    let config = answered(&relic, "no, ignore it", "");
    assert_eq!(concept(&config), "");
    assert_eq!(config.accepted.len(), 1, "it is not listed again");
    assert_eq!(concept(&answered(&relic, "yes, an id of the old system", "")), "account.external_id");
    assert_eq!(concept(&answered(&relic, "yes, something else", "account.former_name")), "account.former_name");

    let keyless = [conflict("no_primary_key", "account", Some(side("crm", "account", "", "", "")), None)];
    let config = answered(&keyless, "name the columns", " id , region");
    assert_eq!(config.sources["crm"].tables["account"].primary_key.as_deref().unwrap(), ["id", "region"]);
    assert_eq!(role(&answered(&keyless, "leave the table out", ""), "account").as_deref(), Some("other"));
}

#[test]
fn what_an_answer_lacks_is_said() {
    let relic = [conflict(
        "migration_scar_field",
        "account.legacy_id",
        Some(side("crm", "account", "", "legacy_id", "7")),
        None,
    )];
    let question = only(&relic);
    let group: Vec<&Conflict> = relic.iter().collect();
    let config = Config::parse(SOURCES, "fourfold.toml").unwrap();
    let today = "2026-01-05".parse().unwrap();
    let told = |answer: &str, text: &str| rules(&question, &group, &reply(&question, answer, text), &config, today);
    assert!(told("perhaps", "").unwrap_err().message.contains("no answer"));
    assert!(told("yes, something else", "").unwrap_err().message.contains("needs"));
    let error = told("yes, something else", "account.nmae").unwrap_err();
    assert!(error.hints.iter().any(|hint| hint.contains("account.name")), "{error:?}");
    assert!(asks_for(&question, "yes, something else").is_some());
    assert!(!accepts("no, ignore it") && accepts("yes, accept"));
}

#[test]
fn billing_customers_are_rolled_up_or_kept_apart() {
    let group = [conflict(
        "one_to_many_billing",
        "account.id",
        Some(side("bills", "customer", "1", "crm_id", "001")),
        Some(side("bills", "customer", "2", "crm_id", "001")),
    )];
    let config = answered(&group, "roll them up", "");
    assert_eq!((config.grain[0].source.as_str(), config.grain[0].rule), ("bills", fourfold::config::GrainRule::RollUp));
    assert_eq!(answered(&group, "keep them apart", "").grain[0].rule, fourfold::config::GrainRule::Apart);
}

#[test]
fn edits_know_their_part_of_the_file() {
    assert_eq!(RuleEdit::set(&["survivorship", "x"], &1).unwrap().part(), "survivorship");
    let accepted = fourfold::config::Accepted::default();
    assert_eq!(RuleEdit::append("accepted", &accepted).unwrap().part(), "accepted");
}
