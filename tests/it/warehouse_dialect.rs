//! Does the same value become the same bytes on every engine?

use crate::support::engines::{both, number, texts};

use fourfold::warehouse::{ColumnType, Dialect, Value, Warehouse};

/// Expressions that both engines read, and the one text that both must give.
const VALUES: &[(&str, &str)] = &[
    ("TRUE", "true"),
    ("FALSE", "false"),
    ("CAST(NULL AS BOOLEAN)", "∅"),
    ("CAST(0 AS BIGINT)", "0"),
    ("CAST(-9223372036854775807 AS BIGINT)", "-9223372036854775807"),
    ("CAST(7 AS SMALLINT)", "7"),
    ("CAST(1.5 AS DECIMAL(38, 6))", "1.500000"),
    ("CAST(-0.05 AS DECIMAL(10, 2))", "-0.05"),
    ("CAST(0 AS DECIMAL(10, 2))", "0.00"),
    ("CAST(12345678901234567890.12 AS DECIMAL(38, 2))", "12345678901234567890.12"),
    ("CAST(0 AS DOUBLE PRECISION)", "0"),
    ("CAST(1 AS DOUBLE PRECISION)", "1"),
    ("CAST(-2.5 AS DOUBLE PRECISION)", "-2.5"),
    ("CAST(0.1 AS DOUBLE PRECISION)", "0.1"),
    ("CAST(0.1 AS DOUBLE PRECISION) + CAST(0.2 AS DOUBLE PRECISION)", "0.30000000000000004"),
    ("CAST(100000 AS DOUBLE PRECISION)", "100000"),
    ("CAST(123456789012345 AS DOUBLE PRECISION)", "123456789012345"),
    ("CAST(1000000000000000 AS DOUBLE PRECISION)", "1e+15"),
    ("CAST(1234567890123456 AS DOUBLE PRECISION)", "1.234567890123456e+15"),
    ("CAST(1050000000000000 AS DOUBLE PRECISION)", "1.05e+15"),
    ("CAST(1e15 AS DOUBLE PRECISION) + CAST(0.5 AS DOUBLE PRECISION)", "1.0000000000000005e+15"),
    ("CAST(10000000000000000 AS DOUBLE PRECISION)", "1e+16"),
    ("CAST(1e20 AS DOUBLE PRECISION)", "1e+20"),
    ("CAST(-1.5e300 AS DOUBLE PRECISION)", "-1.5e+300"),
    ("CAST(0.0001 AS DOUBLE PRECISION)", "0.0001"),
    ("CAST(0.00001 AS DOUBLE PRECISION)", "1e-05"),
    ("CAST(0.000012345 AS DOUBLE PRECISION)", "1.2345e-05"),
    ("CAST('NaN' AS DOUBLE PRECISION)", "NaN"),
    ("CAST('Infinity' AS DOUBLE PRECISION)", "Infinity"),
    ("CAST('-Infinity' AS DOUBLE PRECISION)", "-Infinity"),
    ("CAST(0.1 AS REAL)", "0.1"),
    ("CAST(1234567 AS REAL)", "1234567"),
    ("CAST(16777216 AS REAL)", "16777216"),
    ("DATE '2026-01-05'", "2026-01-05"),
    ("DATE '0099-12-31'", "0099-12-31"),
    ("TIMESTAMP '2026-01-05 12:00:00'", "2026-01-05 12:00:00"),
    ("TIMESTAMP '2026-01-05 00:00:00'", "2026-01-05 00:00:00"),
    ("TIMESTAMP '2026-01-05 12:00:00.5'", "2026-01-05 12:00:00.5"),
    ("TIMESTAMP '2026-01-05 12:00:00.123456'", "2026-01-05 12:00:00.123456"),
    ("TIMESTAMP '2026-01-05 12:00:00.000100'", "2026-01-05 12:00:00.0001"),
    ("TIMESTAMP '1969-12-31 23:59:59.999999'", "1969-12-31 23:59:59.999999"),
    ("CAST('2026-01-05 12:00:00+00' AS TIMESTAMP WITH TIME ZONE)", "2026-01-05 12:00:00"),
    ("CAST('2026-01-05 12:00:00.25+02:00' AS TIMESTAMP WITH TIME ZONE)", "2026-01-05 10:00:00.25"),
    ("CAST(NULL AS TIMESTAMP)", "∅"),
    ("CAST('' AS VARCHAR)", ""),
    ("CAST('Zoë – 北京 🦆 ''quoted'' \\ +00' AS VARCHAR)", "Zoë – 北京 🦆 'quoted' \\ +00"),
    ("CAST('2026-01-05 12:00:00+00' AS VARCHAR)", "2026-01-05 12:00:00+00"),
    ("CAST('{\"a\": 1}' AS JSON)", "{\"a\": 1}"),
    ("CAST('6F9619FF-8B86-D011-B42D-00C04FC964FF' AS UUID)", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
];

#[test]
fn every_value_has_one_text() {
    for engine in both() {
        let dialect = engine.dialect();
        for (expression, expected) in VALUES {
            let text = dialect.text(expression);
            assert_eq!(
                texts(engine.as_ref(), &format!("SELECT {text}")),
                [*expected],
                "{} of {expression}",
                engine.describe()
            );
            // The same from a column, where nothing is folded while planning.
            let sql = format!("SELECT {} FROM (SELECT {expression} AS value) AS one", dialect.text("value"));
            assert_eq!(texts(engine.as_ref(), &sql), [*expected], "{} of column {expression}", engine.describe());
        }
    }
}

#[test]
fn a_known_type_gives_the_same_text_as_an_unknown_one() {
    let kinds = [
        (ColumnType::Boolean, "TRUE"),
        (ColumnType::Integer, "CAST(42 AS INTEGER)"),
        (ColumnType::Float, "CAST(1000000000000000 AS DOUBLE PRECISION)"),
        (ColumnType::Float, "CAST(2.5 AS REAL)"),
        (ColumnType::Decimal, "CAST(2.5 AS DECIMAL(12, 3))"),
        (ColumnType::Date, "DATE '2026-01-05'"),
        (ColumnType::Timestamp, "TIMESTAMP '2026-01-05 12:00:00.5'"),
        (ColumnType::Timestamp, "CAST('2026-01-05 12:00:00+02:00' AS TIMESTAMP WITH TIME ZONE)"),
        (ColumnType::Text, "CAST('x' AS VARCHAR)"),
        (ColumnType::Other, "CAST('x' AS VARCHAR)"),
    ];
    for engine in both() {
        for (kind, expression) in kinds {
            let (known, unknown) = (engine.dialect().text_as(expression, kind), engine.dialect().text(expression));
            let sql = |text: &str| format!("SELECT {text}");
            assert_eq!(texts(engine.as_ref(), &sql(&known)), texts(engine.as_ref(), &sql(&unknown)), "{expression}");
        }
    }
}

#[test]
fn columns_that_nobody_cast_read_the_same() {
    for engine in both() {
        let sql = "SELECT CAST(1.50 AS DECIMAL(10, 2)), DATE '2026-01-05', TIMESTAMP '2026-01-05 12:00:00.5', \
            CAST('2026-01-05 12:00:00+02:00' AS TIMESTAMP WITH TIME ZONE), CAST(7 AS SMALLINT), CAST(0.5 AS REAL), TRUE, \
            CAST(NULL AS DATE), CAST(-12345.000678 AS DECIMAL(20, 6)), CAST(10000 AS DECIMAL(10, 0))";
        let rows = engine.query(sql, &[]).unwrap();
        let text = |column| rows.text(0, column).map(str::to_owned);
        assert_eq!(text(0).as_deref(), Some("1.50"), "{}", engine.describe());
        assert_eq!(text(1).as_deref(), Some("2026-01-05"));
        assert_eq!(text(2).as_deref(), Some("2026-01-05 12:00:00.5"));
        assert_eq!(text(3).as_deref(), Some("2026-01-05 10:00:00"));
        assert_eq!(rows.integer(0, 4), Some(7));
        assert_eq!(rows.float(0, 5), Some(0.5));
        assert_eq!(rows.boolean(0, 6), Some(true));
        assert_eq!(text(7), None);
        assert_eq!(text(8).as_deref(), Some("-12345.000678"));
        assert_eq!(text(9).as_deref(), Some("10000"));
    }
}

#[test]
fn bound_values_arrive_whole() {
    for engine in both() {
        let sql = "SELECT CAST($1 AS VARCHAR), CAST($2 AS BIGINT), CAST($3 AS DOUBLE PRECISION), CAST($4 AS BOOLEAN), \
            CAST($5 AS VARCHAR)";
        let nasty = "'; DROP TABLE x; -- \"\\ \u{1b}[31m 🦆";
        let values = [nasty.into(), i64::MIN.into(), 0.1.into(), true.into(), Value::Null];
        let rows = engine.query(sql, &values).unwrap();
        assert_eq!(rows.text(0, 0), Some(nasty));
        assert_eq!(rows.integer(0, 1), Some(i64::MIN));
        assert_eq!(rows.float(0, 2), Some(0.1));
        assert_eq!(rows.boolean(0, 3), Some(true));
        assert_eq!(rows.text(0, 4), None);
    }
}

/// Runs an expression over a text.
fn over(engine: &dyn Warehouse, expression: &str, text: &str) -> String {
    let sql = format!("SELECT {} FROM (SELECT CAST($1 AS VARCHAR) AS value) AS one", engine.dialect().text(expression));
    let rows = engine.query(&sql, &[text.into()]).unwrap_or_else(|error| panic!("{text}: {error}"));
    rows.text(0, 0).unwrap_or("∅").to_owned()
}

#[test]
fn text_is_read_as_numbers_and_moments_alike_and_never_fails() {
    let integers =
        [("12", "12"), (" -7 ", "-7"), ("+5", "5"), ("1.0", "∅"), ("", "∅"), ("1234567890123456789", "∅"), ("١", "∅")];
    let numbers = [
        ("1.5", "1.5"),
        ("-.5", "-0.5"),
        ("1e3", "1000"),
        ("1e999", "∅"),
        ("NaN", "∅"),
        ("1,5", "∅"),
        ("$5", "∅"),
        ("0x10", "∅"),
    ];
    let decimals = [("1.5", "1.500000"), ("-0.000001", "-0.000001"), ("1.0000001", "∅"), ("1e3", "∅"), ("abc", "∅")];
    let moments = [
        ("2026-01-05", "2026-01-05 00:00:00"),
        ("2026-01-05T12:00:00Z", "2026-01-05 12:00:00"),
        ("2026-01-05 12:00", "2026-01-05 12:00:00"),
        ("2026-01-05T12:00:00.123456789+02:00", "2026-01-05 10:00:00.123456"),
        ("2026-01-05 00:30:00-05", "2026-01-05 05:30:00"),
        ("2024-02-29", "2024-02-29 00:00:00"),
        ("2025-02-29", "∅"),
        ("1900-02-29", "∅"),
        ("2000-02-29", "2000-02-29 00:00:00"),
        ("2026-04-31", "∅"),
        ("2026-13-01", "∅"),
        ("2026-01-05 24:00:00", "∅"),
        ("0000-01-01", "∅"),
        ("01/02/2026", "∅"),
        ("yesterday", "∅"),
        ("infinity", "∅"),
        ("", "∅"),
    ];
    for engine in both() {
        let (dialect, name) = (engine.dialect(), engine.describe());
        for (text, expected) in integers {
            assert_eq!(over(engine.as_ref(), &dialect.try_integer("value"), text), expected, "{name}: integer {text}");
        }
        for (text, expected) in numbers {
            assert_eq!(over(engine.as_ref(), &dialect.try_number("value"), text), expected, "{name}: number {text}");
        }
        for (text, expected) in decimals {
            assert_eq!(over(engine.as_ref(), &dialect.try_decimal("value"), text), expected, "{name}: decimal {text}");
        }
        for (text, expected) in moments {
            assert_eq!(over(engine.as_ref(), &dialect.try_timestamp("value"), text), expected, "{name}: moment {text}");
        }
    }
}

#[test]
fn the_rest_of_the_dialect_agrees() {
    for engine in both() {
        let (dialect, name) = (engine.dialect(), engine.describe());
        let one = |expression: &str| texts(engine.as_ref(), &format!("SELECT {}", dialect.text(expression)))[0].clone();
        assert_eq!(one(&dialect.matches("'cus_AB12'", "^cus_[A-Z0-9]+$")), "true", "{name}");
        assert_eq!(one(&dialect.matches("'x''y'", "x'y")), "true");
        assert_eq!(one(&dialect.json_text("'{\"a b\": {\"c\": 1}, \"d\\\"e\": \"ü\", \"n\": null}'", "d\"e")), "ü");
        assert_eq!(one(&dialect.json_text("'{\"a b\": 5}'", "a b")), "5");
        assert_eq!(one(&dialect.json_text("'{\"n\": null}'", "n")), "∅");
        assert_eq!(one(&dialect.json_text("'{\"n\": 1}'", "missing")), "∅");
        assert_eq!(one(&dialect.json_text("'not json'", "n")), "∅");
        assert_eq!(one(&dialect.epoch_seconds("TIMESTAMP '1970-01-02 00:00:00.5'")), "86400.5");
        assert_eq!(one(&dialect.epoch_seconds("DATE '1970-01-02'")), "86400");
        assert_eq!(
            one(&dialect.days_between("TIMESTAMP '2026-01-05 23:59:00'", "TIMESTAMP '2026-01-07 00:01:00'")),
            "2"
        );
        assert_eq!(one(&dialect.days_between("DATE '2026-01-07'", "DATE '2026-01-05'")), "-2");
        assert_eq!(one(&dialect.ratio("1", "4")), "0.25");
        assert_eq!(one(&dialect.ratio("1", "0")), "∅");
        assert_eq!(one(&dialect.literal("it's \\ ok")), "it's \\ ok");
        let words = "(VALUES ('b'), ('B'), ('a'), ('Ä'), ('_'), ('á'))";
        let sorted = format!("SELECT word FROM {words} AS w(word) ORDER BY {}", dialect.ordered("word"));
        assert_eq!(texts(engine.as_ref(), &sorted), ["B", "_", "a", "b", "Ä", "á"], "{name}");
        let distinct = format!("SELECT {} FROM {words} AS w(word)", dialect.approximate_distinct("word"));
        assert_eq!(number(engine.as_ref(), &distinct), 6);
    }
}

#[test]
fn row_hashes_agree_and_never_run_together() {
    let rows = [
        ["'a'", "'b'"],
        ["'ab'", "''"],
        ["''", "'ab'"],
        ["CAST(NULL AS VARCHAR)", "'ab'"],
        ["'a' || chr(31)", "'b'"],
        ["'a'", "chr(31) || 'b'"],
    ];
    let mut seen: Vec<Vec<String>> = Vec::new();
    for engine in both() {
        let hashes: Vec<String> = rows
            .iter()
            .map(|row| {
                let parts = row.map(str::to_owned);
                texts(engine.as_ref(), &format!("SELECT {}", engine.dialect().row_hash(&parts)))[0].clone()
            })
            .collect();
        let mut unique = hashes.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), rows.len(), "{hashes:?}");
        seen.push(hashes);
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn names_are_only_names() {
    assert_eq!(Dialect::DuckDb.quote("a\"; drop table x; --"), "\"a\"\"; drop table x; --\"");
    assert_eq!(Dialect::Postgres.quote("nul\0"), "\"nul\"");
}
