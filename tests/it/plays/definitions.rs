//! Are the shipped plays sound, and are faults of others named where they stand?

use std::path::Path;

use fourfold::config::{Config, Workspace};
use fourfold::engine::plays as engine;
use fourfold::plays::definition::Origin;
use fourfold::plays::{Library, Play, check, read};
use fourfold::warehouse::Dialect;

const DEFINITION: &str = include_str!("../../../assets/plays/new.toml");
const SQL: &str = include_str!("../../../assets/plays/new.sql");

fn parse(definition: &str, sql: &str) -> Play {
    read::parse(&definition.replace("NAME", "mine"), "mine.toml", &sql.replace("NAME", "mine"), Origin::BuiltIn)
        .unwrap()
}

fn faults(definition: &str, sql: &str) -> Vec<String> {
    let found = check::faults(&parse(definition, sql), Dialect::DuckDb, "fourfold").unwrap();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn the_shipped_plays_are_sound_and_their_examples_agree() {
    for entry in Library::shipped().unwrap().entries {
        for dialect in [Dialect::DuckDb, Dialect::Postgres] {
            let found = check::faults(&entry.play, dialect, "fourfold").unwrap();
            assert!(found.is_empty(), "{}: {found:#?}", entry.play.name);
        }
        assert!(!entry.play.examples.is_empty(), "{} has no example", entry.play.name);
        let lines = entry.play.sql.lines().count();
        assert!(lines < 200, "{} cannot be read in one sitting: {lines} lines of SQL", entry.play.name);
    }
}

#[test]
fn what_a_play_states_to_need_is_what_its_sql_reads() {
    for entry in Library::shipped().unwrap().entries {
        let reads = check::reads(&entry.play, Dialect::DuckDb, "fourfold").unwrap();
        for signal in &entry.play.signals {
            let behind = reads.behind(&entry.play, &signal.name);
            for need in &signal.needs {
                let (table, column) = need.split_once('.').unwrap();
                assert!(
                    behind.iter().chain(&reads.fields).any(|(of, field)| of == table && field == column),
                    "{}: {} states {need}, its SQL reads {behind:?}",
                    entry.play.name,
                    signal.name
                );
            }
            assert!(!behind.is_empty(), "{}: nothing stands behind {}", entry.play.name, signal.name);
        }
        for need in &entry.play.needs {
            let (table, column) = need.field.split_once('.').unwrap();
            assert!(
                reads.fields.contains(&(table.to_owned(), column.to_owned())),
                "{} does not read {}",
                entry.play.name,
                need.field
            );
        }
    }
}

#[test]
fn a_new_play_is_sound() {
    assert_eq!(faults(DEFINITION, SQL), Vec::<String>::new());
}

#[test]
fn an_unknown_column_is_named_with_its_line_and_column() {
    let wrong = SQL.replace("    active_days_28d,", "    active_dayz_28d as active_days_28d,");
    let found = faults(DEFINITION, &wrong);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains(".sql (built in):7:5: ") && found[0].contains("active_dayz_28d"), "{found:#?}");
}

#[test]
fn a_place_behind_an_expression_is_the_template_s() {
    let wrong = SQL.replace(
        "    {{ days('last_active_on', as_of) }} as days_silent,",
        "    {{ days('last_active_on', as_of) }} + nosuch as days_silent,",
    );
    let found = faults(DEFINITION, &wrong);
    let column = "    {{ days('last_active_on', as_of) }} + ".len() + 1;
    assert!(found[0].contains(&format!(":6:{column}: ")), "expected column {column}: {found:#?}");
}

#[test]
fn lines_that_a_condition_leaves_out_do_not_move_the_place() {
    let wrong = SQL.replace("select\n", "{% if param.usual_days > 99999 %}\n-- never\n{% endif %}\nselect nosuch,\n");
    let found = faults(DEFINITION, &wrong);
    assert!(found[0].contains(":5:8: ") && found[0].contains("nosuch"), "{found:#?}");
}

#[test]
fn sql_that_does_not_parse_is_named_with_its_place() {
    let found = faults(DEFINITION, &SQL.replace("where status", "where where status"));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains(".sql (built in):10:"), "{found:#?}");
}

#[test]
fn an_unknown_table_and_an_unknown_word_of_the_template_are_named() {
    let found = faults(DEFINITION, &SQL.replace("model('accounts')", "model('acounts')"));
    assert!(found[0].contains(":9:") && found[0].contains("no table \"acounts\""), "{found:#?}");
    let found = faults(DEFINITION, &SQL.replace("as_of", "param.nosuch"));
    assert!(found[0].contains(".sql (built in):6:"), "{found:#?}");
}

#[test]
fn what_the_definition_names_must_be_given() {
    let found = faults(DEFINITION, &SQL.replace("as days_silent", "as days_quiet"));
    assert!(found.iter().any(|fault| fault.contains("days_silent") && fault.contains("it gives")), "{found:#?}");
    let found = faults(&DEFINITION.replace("accounts.last_active_on", "accounts.last_active_in"), SQL);
    assert!(found.iter().any(|fault| fault.contains("accounts.last_active_in")), "{found:#?}");
    let found = faults(DEFINITION, &SQL.replace("{{ days('last_active_on', as_of) }} as", "42 as"));
    assert!(found.iter().any(|fault| fault.contains("comes from no field")), "{found:#?}");
}

#[test]
fn an_example_that_differs_says_what_it_got() {
    let found = faults(&DEFINITION.replace("score = 100.0", "score = 12.5"), SQL);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("score of acc_1 is 100, expected 12.5"), "{found:#?}");
}

#[test]
fn a_definition_that_does_not_hang_together_says_where() {
    let error = |text: String| read::parse(&text, "mine.toml", SQL, Origin::BuiltIn).unwrap_err();
    let named = DEFINITION.replace("NAME", "mine");
    let unknown = error(named.replace("least_known", "least_knwon"));
    assert!(unknown.message.starts_with("mine.toml:10:"), "{}", unknown.message);
    let twice = error(named.replace("name = \"habit\"", "name = \"silence\""));
    assert!(twice.message.contains("named twice"), "{}", twice.message);
    let order = error(named.replace("from = 50\n", "from = 0\n"));
    assert!(order.message.contains("must begin below"), "{}", order.message);
    let one = error(named.replace("to = 21\n", ""));
    assert!(one.message.contains("only one of from and to"), "{}", one.message);
    let weight = error(named.replace("weight = 60", "weight = -1"));
    assert!(weight.message.contains("from 0 up"), "{}", weight.message);
    let form = error(named.replace("{days_silent}", "{days_silent:x}"));
    assert!(form.message.contains("is no form"), "{}", form.message);
    for text in [unknown, twice, order, one, weight, form] {
        assert_eq!(text.exit_code(), 2);
    }
}

fn library(settings: &str) -> fourfold::error::Result<Library> {
    let config = Config::parse(settings, "fourfold.toml").unwrap();
    engine::library(&Workspace { root: Path::new("/nonexistent").to_owned(), config })
}

#[test]
fn a_team_changes_weights_tiers_and_parameters() {
    let changed = library(
        "[plays.health]\ntiers = { green = 80 }\nsignals.seats = { weight = 50, to = 0.9 }\n[plays.churn_risk]\nenabled = false\nparameters = { cut_days = 30 }\n",
    )
    .unwrap();
    let health = changed.get("health").unwrap();
    assert!((health.play.signals[0].weight - 50.0).abs() < f64::EPSILON && health.play.signals[0].to == Some(0.9));
    assert!((health.play.tiers[0].from - 80.0).abs() < f64::EPSILON);
    assert_ne!(health.play, health.plain);
    assert!(!changed.get("churn_risk").unwrap().enabled);
    assert_eq!(changed.enabled().count(), 5);
}

#[test]
fn a_change_of_what_is_not_there_is_refused() {
    for (settings, word) in [
        ("[plays.helth]\nenabled = true", "helth"),
        ("[plays.health.signals.seets]\nweight = 1", "seets"),
        ("[plays.health.tiers]\nblue = 1", "blue"),
        ("[plays.churn_risk.parameters]\ndays = 1", "days"),
        ("[plays.churn_risk.parameters]\ncut_days = \"many\"", "another type"),
        ("[plays.health.tiers]\ngreen = 10", "must begin below"),
        ("[plays.health.signals.seats]\nweight = -3", "from 0 up"),
    ] {
        let error = library(settings).unwrap_err();
        assert!(error.message.contains(word), "{settings}: {}", error.message);
        assert_eq!(error.exit_code(), 2);
    }
}
