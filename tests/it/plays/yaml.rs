//! Does a change of somebody's YAML leave everything else as it was?

use fourfold::plays::ship::yaml::{Style, Yaml, add_within, upsert};
use proptest::prelude::*;

fn item(name: &str, description: &str) -> Yaml {
    Yaml::Map(vec![
        ("name".to_owned(), Yaml::Text(name.to_owned())),
        ("description".to_owned(), Yaml::Text(description.to_owned())),
    ])
}

const MODELS: &str = "# our models\nversion: 2\n\nmodels:\n- name: orders   # the big one\n  columns:\n  - name: id\n    data_tests: [unique,   not_null]\n\n- name: customers\n  description: 'Who buys'\n\n# exposures come last\nexposures:\n- name: board\n";

#[test]
fn an_item_is_added_in_the_style_of_the_file() {
    let style = Style::of([MODELS].into_iter());
    assert!(!style.lists_indented);
    let text = upsert(MODELS, "models", "health", &item("health", "Fine"), style);
    let added = "- name: health\n  description: Fine\n";
    assert!(text.contains(added), "{text}");
    assert_eq!(text.replacen(added, "", 1), MODELS, "something else moved:\n{text}");
    assert!(text.find("health").unwrap() < text.find("# exposures").unwrap(), "{text}");
}

#[test]
fn an_item_of_that_name_is_updated_in_place_and_only_when_it_says_something_else() {
    let style = Style::of([MODELS].into_iter());
    let same = upsert(MODELS, "models", "customers", &item("customers", "Who buys"), style);
    assert_eq!(same, MODELS, "quotes were changed though nothing else did");
    let other = upsert(MODELS, "models", "customers", &item("customers", "Who pays"), style);
    assert_eq!(other, MODELS.replace("'Who buys'", "Who pays"));
}

#[test]
fn a_section_that_is_missing_is_added_at_the_end() {
    let style = Style::default();
    let text = upsert(MODELS, "seeds", "weights", &item("weights", "Numbers"), style);
    assert_eq!(text, format!("{MODELS}\nseeds:\n  - name: weights\n    description: Numbers\n"));
    let empty = upsert("", "seeds", "weights", &item("weights", "Numbers"), style);
    assert_eq!(empty, "version: 2\n\nseeds:\n  - name: weights\n    description: Numbers\n");
}

#[test]
fn tables_are_added_to_a_source_that_is_there() {
    let sources = "version: 2\r\nsources:\r\n    - name: app\r\n      schema: fourfold\r\n      tables:\r\n          - name: accounts\r\n    - name: other\r\n      tables: []\r\n";
    let style = Style::of([sources].into_iter());
    assert_eq!(style.step, 4);
    let new = vec![("accounts".to_owned(), item("accounts", "x")), ("runs".to_owned(), item("runs", "Every run"))];
    let text = add_within(sources, "sources", "app", "tables", &new, style);
    let added = "          - name: runs\r\n            description: Every run\r\n";
    assert_eq!(text.replace(added, ""), sources, "{text}");
    assert!(text.find("runs").unwrap() < text.find("other").unwrap());
}

#[test]
fn hostile_words_stay_one_value() {
    for word in ["yes", "a: b", "#x", "- y", "\"q\"", "{{ x }}", "1.5", "", "null", "back\\slash", "new\nline"] {
        let text = upsert("", "models", "m", &item("m", word), Style::default());
        let read: serde_json::Value = serde_norway::from_str(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        let got = read["models"][0]["description"].as_str().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(got, word.replace('\n', " "), "{text}");
    }
}

proptest! {
    #[test]
    fn shipping_again_changes_nothing_and_the_rest_stays(
        names in proptest::collection::btree_set("[a-z]{1,6}", 1..6), words in "[ -~]{0,30}", flush in any::<bool>(),
        step in prop_oneof![Just(2_usize), Just(4)],
    ) {
        let style = Style { step, lists_indented: !flush, spaced: true };
        let mut text = String::from("version: 2\n\nmodels:\n");
        let blank = if flush { String::new() } else { " ".repeat(step) };
        for name in &names {
            text.push_str(&format!("{blank}- name: {name}\n{blank}  x:   1  # kept\n\n"));
        }
        let once = upsert(&text, "models", "zz_new", &item("zz_new", &words), style);
        let twice = upsert(&once, "models", "zz_new", &item("zz_new", &words), style);
        prop_assert_eq!(&once, &twice);
        let read: serde_json::Value = serde_norway::from_str(&once).map_err(|error| TestCaseError::fail(format!("{once}\n{error}")))?;
        prop_assert_eq!(read["models"].as_array().map(Vec::len), Some(names.len() + 1));
        for line in text.lines() {
            prop_assert!(once.contains(line));
        }
    }
}
