//! Are values counted and their shapes named rightly, in small tables and in great ones?

use fourfold::chart::profile::formats::{format_of, is_salesforce_15, is_salesforce_18};
use fourfold::chart::profile::profile;
use fourfold::progress::CancelToken;
use fourfold::warehouse::ColumnType;
use proptest::prelude::*;

use crate::support::engines::both;

#[test]
fn every_shape_is_told_from_the_others() {
    for (value, shape) in [
        ("ada@acme.com", "email"),
        ("acme.co.uk", "domain"),
        ("https://www.acme.com/about", "url"),
        ("0015g00000abcDEF", "text"),
        ("0015g00000abcDE", "salesforce_id_15"),
        ("001D000000IRFmaIAH", "salesforce_id_18"),
        ("001D000000IRFmaIA9", "text"),
        ("9f3b1c1e-7c1d-4a4e-9c58-0d1f2a3b4c5d", "uuid"),
        ("cus_9s6XKzkNRiz8i3", "prefix:cus_"),
        ("sub_item_AbcDefgh12", "prefix:sub_item_"),
        ("snake_case_name", "text"),
        ("42", "integer"),
        ("-3.50", "decimal"),
        ("2026-01-05", "date"),
        ("31.12.2025", "date"),
        ("2026-01-05 12:00:00", "timestamp"),
        ("2026-01-05T12:00:00Z", "timestamp"),
        ("{\"a\": 1}", "json"),
        ("+49 30 1234567", "phone"),
        ("(415) 555-0101", "phone"),
        ("eur", "currency_code"),
        ("DE", "country_code"),
        ("de", "text"),
        ("TRUE", "boolean"),
        ("Acme Inc.", "text"),
    ] {
        assert_eq!(format_of(value, ColumnType::Text), shape, "{value}");
    }
    assert_eq!(format_of("42", ColumnType::Decimal), "decimal");
}

#[test]
fn great_tables_are_counted_by_the_engine() {
    for warehouse in both() {
        let duck = warehouse.describe().contains("duckdb");
        let series = if duck { "range(0, 25000) AS r(i)" } else { "generate_series(0, 24999) AS r(i)" };
        warehouse.execute(&warehouse.dialect().create_schema("big"), &[]).unwrap();
        warehouse
            .execute(
                &format!(
                    "CREATE TABLE big.rows AS SELECT CAST(i AS BIGINT) AS id, CASE WHEN i % 4 = 0 THEN 'open' WHEN i % 4 = 1 THEN '' ELSE 'solved' END AS status, \
                     'user' || CAST(i AS TEXT) || '@acme.com' AS email, CASE WHEN i % 10 = 0 THEN NULL ELSE 1.5 END AS amount FROM {series}"
                ),
                &[],
            )
            .unwrap();
        let shape = warehouse.tables("big").unwrap().remove(0);
        let measured = profile(warehouse.as_ref(), &shape, &CancelToken::new()).unwrap();
        assert_eq!(measured.rows, 25_000);
        let [id, status, email, amount] = &measured.columns[..] else { panic!("four columns") };
        assert_eq!((id.nulls, id.min.as_deref(), id.max.as_deref()), (0, Some("0"), Some("24999")));
        assert!((22_000..=25_000).contains(&id.distinct), "{}", id.distinct);
        assert_eq!(status.nulls, 6250);
        assert_eq!(status.top, [("solved".to_owned(), 12_500), ("open".to_owned(), 6250)]);
        assert_eq!(email.formats, [("email".to_owned(), 25_000)]);
        assert_eq!(email.min.as_deref(), Some("user0@acme.com"));
        assert_eq!(amount.nulls, 2500);
    }
}

proptest! {
    /// Up to ten thousand rows every count is exact.
    #[test]
    fn small_tables_are_counted_exactly(values in prop::collection::vec(prop::option::of("[a-c]{0,2}"), 1..60)) {
        let mut counter = fourfold::chart::profile::Counter::new(ColumnType::Text);
        for value in &values {
            counter.add(value.as_deref());
        }
        let profile = counter.finish();
        let filled: Vec<&str> = values.iter().flatten().map(String::as_str).filter(|value| !value.is_empty()).collect();
        let distinct: std::collections::BTreeSet<&str> = filled.iter().copied().collect();
        prop_assert_eq!(profile.nulls as usize, values.len() - filled.len());
        prop_assert_eq!(profile.distinct as usize, distinct.len());
        prop_assert_eq!(profile.min.as_deref(), distinct.first().copied());
        prop_assert_eq!(profile.max.as_deref(), distinct.last().copied());
        prop_assert_eq!(profile.top.iter().map(|(_, count)| *count as usize).sum::<usize>(), filled.len());
        prop_assert_eq!(profile.formats.iter().map(|(_, count)| *count as usize).sum::<usize>(), filled.len());
    }

    /// Any text has exactly one shape.
    #[test]
    fn any_text_has_a_shape(text in ".{0,40}") {
        prop_assert!(!format_of(&text, ColumnType::Text).is_empty());
        prop_assert!(!(is_salesforce_15(&text) && is_salesforce_18(&text)));
    }
}
