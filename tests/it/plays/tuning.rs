//! Are numbers changed in thought first, and written without touching anything else?

use fourfold::config::Config;
use fourfold::plays::{Library, tune};
use proptest::prelude::*;

fn values(pairs: &[(&str, f64)]) -> Vec<tune::NewValue> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}

#[test]
fn what_is_written_is_what_was_thought() {
    let library = Library::shipped().unwrap();
    let play = &library.get("health").unwrap().play;
    let new = values(&[("seats_weight", 31.0), ("trend_from", -0.45), ("tier_green", 72.0), ("least_known", 0.5)]);
    let changed = tune::changed(play, &new).unwrap();
    let before = "# ours\n[warehouse]\nengine = \"duckdb\" # embedded\n\n[plays.health]\nenabled = true\nsignals.seats = { to = 0.9 } # agreed in May\n";
    let text = tune::written(before, play, &new).unwrap();
    for kept in ["# ours\n", "engine = \"duckdb\" # embedded\n", "enabled = true\n", "# agreed in May"] {
        assert!(text.contains(kept), "{kept:?} is gone:\n{text}");
    }
    let config = Config::parse(&text, "fourfold.toml").unwrap_or_else(|error| panic!("{}\n{text}", error.message));
    let read = Library::load(std::path::Path::new("/nonexistent"), &config.plays).unwrap();
    let mut expected = changed;
    expected.signals[0].to = Some(0.9);
    assert_eq!(read.get("health").unwrap().play, expected);
    assert_eq!(tune::written(&text, play, &new).unwrap(), text, "writing the same again changed something");
}

#[test]
fn a_number_that_is_not_there_or_makes_no_sense_is_refused() {
    let library = Library::shipped().unwrap();
    let play = &library.get("health").unwrap().play;
    assert!(tune::changed(play, &values(&[("nosuch_weight", 1.0)])).is_err());
    assert!(tune::changed(play, &values(&[("tier_green", 1.0)])).unwrap_err().message.contains("begin below"));
    assert!(tune::changed(play, &values(&[("trend_from", 0.25)])).unwrap_err().message.contains("must differ"));
}

proptest! {
    #[test]
    fn a_step_up_and_down_comes_back(value in -1000.0_f64..1000.0, weight in any::<bool>()) {
        let name = if weight { "x_weight" } else { "x_from" };
        let value = if weight { value.abs().round() } else { (value * 100.0).round() / 100.0 };
        let up = tune::moved(name, value, 1);
        prop_assert!(up > value);
        prop_assert!(tune::step(name, value) > 0.0);
    }
}
