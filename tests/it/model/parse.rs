//! Reading text as values: tolerant, exact, and silent about nothing.

use fourfold::model::cell::{Amount, Day, Moment};
use fourfold::model::parse::{Period, boolean, day, integer, moment, money};
use proptest::prelude::*;

#[test]
fn amounts_are_read_in_every_common_spelling() {
    for (text, expected) in [
        ("1234.5", Some("1234.500000")),
        ("1,234.56", Some("1234.560000")),
        ("1.234,56 €", Some("1234.560000")),
        ("$1,200", Some("1200.000000")),
        ("USD 12,000.00", Some("12000.000000")),
        ("(500)", Some("-500.000000")),
        ("-0.0000005", Some("-0.000001")),
        ("1e5", Some("100000.000000")),
        ("1'234'567", Some("1234567.000000")),
        ("12,34", Some("12.340000")),
        ("1.234", Some("1.234000")),
        ("1,2,3", None),
        ("12 apples", None),
        ("", None),
        ("-", None),
        ("1.2.3", None),
        ("NaN", None),
    ] {
        assert_eq!(money(text).map(|amount| amount.to_string()).as_deref(), expected, "{text:?}");
    }
}

#[test]
fn moments_are_read_and_ambiguous_days_are_not_guessed() {
    for (text, expected) in [
        ("2026-01-05", Some("2026-01-05 00:00:00")),
        ("2026-01-05 12:30:00.5", Some("2026-01-05 12:30:00.5")),
        ("2026-01-05T12:30:00Z", Some("2026-01-05 12:30:00")),
        ("2026-01-05 12:30:00+02", Some("2026-01-05 10:30:00")),
        ("2026-01-05T00:30:00+01:00", Some("2026-01-04 23:30:00")),
        ("1767571200", Some("2026-01-05 00:00:00")),
        ("1767571200000", Some("2026-01-05 00:00:00")),
        ("12/31/2026", Some("2026-12-31 00:00:00")),
        ("31.12.2026", Some("2026-12-31 00:00:00")),
        ("05.01.2026", Some("2026-01-05 00:00:00")),
        ("01/02/2026", None),
        ("2026-02-30", None),
        ("2026-01-05 25:00", None),
        ("soon", None),
        ("äöü-äö-äö", None),
    ] {
        assert_eq!(moment(text).map(|moment| moment.to_string()).as_deref(), expected, "{text:?}");
    }
    assert_eq!(day("2026-01-05T23:59:59Z").map(|day| day.to_string()).as_deref(), Some("2026-01-05"));
}

#[test]
fn numbers_and_truths() {
    assert_eq!(integer("51-200"), Some(51));
    assert_eq!(integer("1000+"), Some(1000));
    assert_eq!(integer("1,200"), Some(1200));
    assert_eq!(integer("250.0"), Some(250));
    assert_eq!(integer("-3"), Some(-3));
    assert_eq!(integer("2.5"), None);
    assert_eq!(boolean("YES"), Some(true));
    assert_eq!(boolean("f"), Some(false));
    assert_eq!(boolean("maybe"), None);
}

#[test]
fn periods_become_months() {
    let monthly = |words: &str, count: i64, amount: i64| {
        Period::read(words, count).unwrap().monthly(Amount::units(amount)).unwrap().to_string()
    };
    assert_eq!(monthly("month", 1, 90), "90.000000");
    assert_eq!(monthly("Annual", 1, 1200), "100.000000");
    assert_eq!(monthly("yearly", 1, 1200), "100.000000");
    assert_eq!(monthly("month", 3, 90), "30.000000");
    assert_eq!(monthly("Quarter", 1, 90), "30.000000");
    assert_eq!(monthly("Semi_Annual", 1, 90), "15.000000");
    assert_eq!(monthly("week", 1, 12), "52.000000");
    assert!(Period::read("whenever", 1).is_none());
}

proptest! {
    #[test]
    fn what_an_amount_prints_reads_back(millionths in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
        let amount = Amount(i128::from(millionths));
        prop_assert_eq!(money(&amount.to_string()), Some(amount));
    }

    #[test]
    fn what_a_moment_prints_reads_back(micros in -2_000_000_000_000_000_i64..4_000_000_000_000_000) {
        let moment_of = Moment(micros);
        prop_assert_eq!(moment(&moment_of.to_string()), Some(moment_of));
    }

    #[test]
    fn what_a_day_prints_reads_back(days in -20_000_i32..50_000) {
        prop_assert_eq!(day(&Day(days).to_string()), Some(Day(days)));
    }

    #[test]
    fn reading_never_panics(text in "\\PC*") {
        let _ = (money(&text), moment(&text), integer(&text), boolean(&text), Period::read(&text, 1));
    }
}
