//! Does every export land, with nothing lost on the way?

use std::io::Write;
use std::path::Path;

use crate::support::engines::{both, number, texts};

use fourfold::error::ErrorKind;
use fourfold::progress::{CancelToken, Silent};
use fourfold::warehouse::files::{LoadOptions, LoadReport, load_directory_with};
use fourfold::warehouse::{ColumnType, DuckDb, DuckDbOptions, TableName, Warehouse};
use proptest::prelude::*;
use tempfile::TempDir;

/// A directory with one file `crm/<name>`.
pub fn exports(name: &str, bytes: impl AsRef<[u8]>) -> TempDir {
    let directory = TempDir::new().unwrap();
    add(directory.path(), "crm", name, bytes);
    directory
}

pub fn add(directory: &Path, source: &str, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::create_dir_all(directory.join(source)).unwrap();
    std::fs::write(directory.join(source).join(name), bytes).unwrap();
}

pub fn engine() -> DuckDb {
    DuckDb::in_memory(&DuckDbOptions::default()).unwrap()
}

pub fn load(warehouse: &dyn Warehouse, directory: &Path) -> LoadReport {
    load_as(warehouse, directory, &LoadOptions::default())
}

pub fn load_as(warehouse: &dyn Warehouse, directory: &Path, options: &LoadOptions) -> LoadReport {
    load_directory_with(warehouse, directory, options, &Silent, &CancelToken::new())
        .unwrap_or_else(|error| panic!("{error}"))
}

/// All rows of a table as text, NULL as `∅`, in the order in which they were loaded.
pub fn rows(warehouse: &dyn Warehouse, schema: &str, table: &str) -> Vec<Vec<String>> {
    let shape = warehouse.tables(schema).unwrap().into_iter().find(|shape| shape.name.table == table).expect(table);
    let dialect = warehouse.dialect();
    let columns: Vec<String> =
        shape.columns.iter().map(|column| dialect.text_as(&dialect.quote(&column.name), column.kind)).collect();
    let sql = format!("SELECT {} FROM {}", columns.join(", "), dialect.table(&TableName::new(schema, table)));
    let found = warehouse.query(&sql, &[]).unwrap();
    (0..found.len())
        .map(|row| (0..columns.len()).map(|column| found.text(row, column).unwrap_or("∅").to_owned()).collect())
        .collect()
}

fn kinds(report: &LoadReport) -> Vec<(&str, ColumnType)> {
    report.tables[0].columns.iter().map(|column| (column.name.as_str(), column.kind)).collect()
}

const TYPED: &str = "Id,name,amount,seats,is_active,created_at,day,zip,phone,external_ref,code,ratio,mixed,empty,long\n\
    001,Ada,120.50,5,true,2026-01-05T12:00:00Z,2026-01-05,01234,+49 30 12,007,1,1e-3,5,,12345678901234567890\n\
    002,\"B, \"\"C\"\"\",-3,-7,FALSE,2026-01-05 12:00:00.5+02:00,2024-02-29,99999,030,12,2,0.1,x,,2\n";

#[test]
fn types_are_inferred_and_keys_stay_text() {
    use ColumnType::{Boolean, Date, Float, Integer, Text, Timestamp};
    let directory = exports("account.csv", TYPED);
    let mut seen = Vec::new();
    for engine in both() {
        let report = load(engine.as_ref(), directory.path());
        let expected = [
            ("Id", Text),
            ("name", Text),
            ("amount", Float),
            ("seats", Integer),
            ("is_active", Boolean),
            ("created_at", Timestamp),
            ("day", Date),
            ("zip", Text),
            ("phone", Text),
            ("external_ref", Text),
            ("code", Text),
            ("ratio", Float),
            ("mixed", Text),
            ("empty", Text),
            ("long", Text),
        ];
        assert_eq!(kinds(&report), expected);
        let found = rows(engine.as_ref(), "crm", "account");
        assert_eq!(
            found[0],
            [
                "001",
                "Ada",
                "120.5",
                "5",
                "true",
                "2026-01-05 12:00:00",
                "2026-01-05",
                "01234",
                "+49 30 12",
                "007",
                "1",
                "0.001",
                "5",
                "∅",
                "12345678901234567890"
            ]
        );
        assert_eq!(found[1][1], "B, \"C\"");
        assert_eq!(found[1][5], "2026-01-05 10:00:00.5");
        assert_eq!((report.rows(), report.rejected()), (2, 0));
        seen.push(found);
    }
    assert_eq!(seen[0], seen[1], "both engines hold the same");
}

#[test]
fn numbers_that_would_lose_a_digit_stay_text() {
    let cases = [
        ("00", ColumnType::Text),
        ("-0", ColumnType::Text),
        ("+5", ColumnType::Text),
        ("1,5", ColumnType::Text),
        ("1e400", ColumnType::Text),
        ("0.1234567890123456789", ColumnType::Text),
        ("NaN", ColumnType::Text),
        ("inf", ColumnType::Text),
        ("yes", ColumnType::Text),
        ("1.", ColumnType::Text),
        (" 5", ColumnType::Text),
        ("01/02/2026", ColumnType::Text),
        ("2026-02-30", ColumnType::Text),
        ("2026-01-05T12:00:00.1234567Z", ColumnType::Text),
        ("999999999999999999", ColumnType::Integer),
        ("0.50", ColumnType::Float),
        ("2026-01-05T12:00:00.123000000Z", ColumnType::Timestamp),
    ];
    for (value, kind) in cases {
        let directory = exports("t.csv", format!("name,value\nx,\"{value}\"\n"));
        let report = load(&engine(), directory.path());
        assert_eq!(kinds(&report)[1].1, kind, "{value}");
    }
}

#[test]
fn every_dialect_of_csv_is_understood() {
    let expected = vec![vec!["1", "a;b,c|d", "x\ny"], vec!["2", "say \"hi\"", "∅"], vec!["3", "∅", "z"]];
    let files: [(&str, String); 10] = [
        ("comma", "id,name,note\n1,\"a;b,c|d\",\"x\ny\"\n2,\"say \"\"hi\"\"\",\n3,,z\n".into()),
        ("windows", "id,name,note\r\n1,\"a;b,c|d\",\"x\ny\"\r\n2,\"say \"\"hi\"\"\",\r\n3,,z\r\n".into()),
        ("semicolon", "id;name;note\n1;\"a;b,c|d\";\"x\ny\"\n2;\"say \"\"hi\"\"\";\n3;;z\n".into()),
        ("tab", "id\tname\tnote\n1\ta;b,c|d\t\"x\ny\"\n2\t\"say \"\"hi\"\"\"\t\n3\t\tz\n".into()),
        ("pipe", "id|name|note\n1|\"a;b,c|d\"|\"x\ny\"\n2|\"say \"\"hi\"\"\"|\n3||z\n".into()),
        ("no last line end", "id,name,note\n1,\"a;b,c|d\",\"x\ny\"\n2,\"say \"\"hi\"\"\",\n3,,z".into()),
        ("blank lines", "\n\nid,name,note\n\n1,\"a;b,c|d\",\"x\ny\"\n\n2,\"say \"\"hi\"\"\",\n3,,z\n\n\n".into()),
        ("backslashes", "id,name,note\n1,\"a;b,c|d\",\"x\ny\"\n2,\"say \\\"hi\\\"\",\n3,,z\n".into()),
        ("mark", "\u{feff}id,name,note\n1,\"a;b,c|d\",\"x\ny\"\n2,\"say \"\"hi\"\"\",\n3,,z\n".into()),
        (
            "all quoted",
            "\"id\",\"name\",\"note\"\n\"1\",\"a;b,c|d\",\"x\ny\"\n\"2\",\"say \"\"hi\"\"\",\"\"\n\"3\",\"\",\"z\"\n"
                .into(),
        ),
    ];
    for (name, text) in files {
        let engine = engine();
        let directory = exports("t.csv", text);
        let report = load(&engine, directory.path());
        assert_eq!(rows(&engine, "crm", "t"), expected, "{name}: {report:?}");
        assert_eq!(report.rejected(), 0, "{name}");
    }
    let engine = engine();
    let directory = exports("t.csv", "id,name,note\n1,'a;b,c|d','it''s'\n2,'b',x\n");
    load(&engine, directory.path());
    assert_eq!(rows(&engine, "crm", "t"), [["1", "a;b,c|d", "it's"], ["2", "b", "x"]], "apostrophes");
    let mac = exports("t.csv", "id,name\r1,\"a\rb\"\r2,c\r");
    load(&engine, mac.path());
    assert_eq!(rows(&engine, "crm", "t"), [["1", "a\rb"], ["2", "c"]], "carriage returns alone");
}

#[test]
fn a_missing_header_is_noticed() {
    let engine = engine();
    let directory = exports("t.csv", "1,Ada,ada@example.com,2026-01-05\n2,Bob,bob@example.com,2026-01-06\n");
    let report = load(&engine, directory.path());
    assert_eq!(rows(&engine, "crm", "t").len(), 2);
    assert_eq!(kinds(&report)[2].0, "column_3");
    assert!(report.notes.iter().any(|note| note.contains("column_1")), "{:?}", report.notes);
    for text in ["region,2023,2024\nnorth,1,2\n", "a,b\nx,y\n", "id,email\n1,a@b.co\n", "2024\n7\n", "name\n"] {
        let directory = exports("t.csv", text);
        let report = load(&engine, directory.path());
        assert_eq!(rows(&engine, "crm", "t").len(), text.lines().count() - 1, "{text}: {report:?}");
    }
    let told = LoadOptions { header: Some(false), delimiter: Some(';'), ..LoadOptions::default() };
    let directory = exports("t.csv", "a,1;b\nc,2;d\n");
    load_as(&engine, directory.path(), &told);
    assert_eq!(rows(&engine, "crm", "t"), [["a,1", "b"], ["c,2", "d"]]);
}

#[test]
fn every_encoding_is_understood() {
    let text = "id,name\n1,Jürgen Groß – Zürich\n2,Åse Œuvre\n3,François\n";
    let plain = "id,name\n1,Jürgen Groß Zürich\n2,Åse Ñandú\n3,François\n";
    let utf16 = |little: bool, mark: bool| {
        let units = if mark { "\u{feff}".to_owned() + text } else { text.to_owned() };
        units
            .encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect::<Vec<u8>>()
    };
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let (japanese, _, _) =
        encoding_rs::SHIFT_JIS.encode("id,name\n1,株式会社ソニー|表示\n2,日本電気ソフトウェア\n3,三菱商事\n");
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251
        .encode("id,name\n1,Общество с ограниченной ответственностью\n2,Ромашка Москва\n3,Яндекс\n");
    let latin: Vec<u8> = plain.chars().map(|character| character as u8).collect();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("UTF-8", text.into(), "Jürgen Groß – Zürich"),
        ("UTF-16LE", utf16(true, true), "Jürgen Groß – Zürich"),
        ("UTF-16BE", utf16(false, true), "Jürgen Groß – Zürich"),
        ("UTF-16LE", utf16(true, false), "Jürgen Groß – Zürich"),
        ("UTF-16BE", utf16(false, false), "Jürgen Groß – Zürich"),
        ("windows-1252", windows.into_owned(), "Jürgen Groß – Zürich"),
        ("windows-1252", latin, "Jürgen Groß Zürich"),
        ("Shift_JIS", japanese.into_owned(), "株式会社ソニー|表示"),
        ("windows-1251", cyrillic.into_owned(), "Общество с ограниченной ответственностью"),
    ];
    for (encoding, bytes, expected) in cases {
        let engine = engine();
        let directory = exports("t.csv", bytes);
        let report = load(&engine, directory.path());
        assert_eq!(rows(&engine, "crm", "t")[0][1], expected, "{encoding}");
        assert_eq!((report.tables[0].encoding, report.rows()), (Some(encoding), 3));
    }
    let engine = engine();
    let (greek, _, _) = encoding_rs::ISO_8859_7.encode("id,name\n1,Ελλάδα\n");
    let told = LoadOptions { encoding: Some("iso-8859-7".into()), ..LoadOptions::default() };
    load_as(&engine, exports("t.csv", greek).path(), &told);
    assert_eq!(rows(&engine, "crm", "t")[0][1], "Ελλάδα");
    let unknown = LoadOptions { encoding: Some("klingon".into()), ..LoadOptions::default() };
    let directory = exports("t.csv", "a\n1\n");
    let error = load_directory_with(&engine, directory.path(), &unknown, &Silent, &CancelToken::new()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config);
}

#[test]
fn packed_files_land() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(b"id,name\n1,Ada\n").unwrap();
    let directory = exports("person.csv.gz", packed.finish().unwrap());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(b"{\"id\": \"7\"}\n").unwrap();
    add(directory.path(), "crm", "event.jsonl.gz", packed.finish().unwrap());
    let engine = engine();
    load(&engine, directory.path());
    assert_eq!(rows(&engine, "crm", "person"), [["1", "Ada"]]);
    assert_eq!(rows(&engine, "crm", "event"), [["7"]]);
}

#[test]
fn json_lines_keep_their_digits_and_shapes() {
    let text = "{\"id\": 1, \"big\": 123456789012345678901234567890, \"amount\": 1.50, \"flag\": true, \"at\": \"2026-01-05T12:00:00Z\"}\n\
        \n\
        {\"id\": 2, \"big\": 5, \"tags\": [\"a\", {\"b\": \"}\"}], \"name\": \"Zo\\u00eb \\\"Q\\\"\", \"count\": \"007\", \"amount\": null}\n";
    let array = format!("[\n{}\n]", text.replace("}\n\n{", "},\n{").trim_end());
    let pretty = "{\n  \"id\": 1,\n  \"big\": 123456789012345678901234567890,\n  \"amount\": 1.50,\n  \"flag\": true,\n  \"at\": \"2026-01-05T12:00:00Z\"\n}\n\
        {\"id\": 2, \"big\": 5, \"tags\": [\"a\", {\"b\": \"}\"}], \"name\": \"Zo\\u00eb \\\"Q\\\"\", \"count\": \"007\"}";
    for engine in both() {
        for (name, body) in
            [("e.jsonl", text), ("e.ndjson", text), ("e.json", text), ("e.json", &array), ("e.json", pretty)]
        {
            let directory = exports(name, body);
            let report = load(engine.as_ref(), directory.path());
            let found = rows(engine.as_ref(), "crm", "e");
            let expected = [
                ["1", "123456789012345678901234567890", "1.5", "true", "2026-01-05 12:00:00", "∅", "∅", "∅"],
                ["2", "5", "∅", "∅", "∅", "[\"a\", {\"b\": \"}\"}]", "Zoë \"Q\"", "007"],
            ];
            assert_eq!(found, expected, "{name} {:?}", report.notes);
            assert_eq!(report.rejected(), 0);
        }
    }
}

#[test]
fn parquet_lands_with_its_types() {
    let directory = TempDir::new().unwrap();
    std::fs::create_dir(directory.path().join("crm")).unwrap();
    let path = directory.path().join("crm/od[d] *.parquet");
    let writer = engine();
    let select = "SELECT range AS id, 'n' || range AS name, 1.25::DECIMAL(10, 2) AS amount, 0.123456789::DECIMAL(20, 9) AS fine, \
        TIMESTAMP '2026-01-05 12:00:00.5' AS at, DATE '2026-01-05' AS day, TRUE AS flag, [1, 2] AS list, {'a': 1} AS \"Str'uct\", \
        18446744073709551615::UBIGINT AS huge, 'x'::BLOB AS bytes, NULL::VARCHAR AS nothing, 0.5::FLOAT AS small FROM range(3000)";
    writer.execute(&format!("COPY ({select}) TO '{}' (FORMAT parquet)", path.display()), &[]).unwrap();
    for engine in both() {
        let report = load(engine.as_ref(), directory.path());
        assert_eq!(report.rows(), 3000);
        assert_eq!(number(engine.as_ref(), "SELECT count(*) FROM crm.\"od[d] *\""), 3000);
        let last = &rows(engine.as_ref(), "crm", "od[d] *")[2999];
        let expected = [
            "2999",
            "n2999",
            "1.250000",
            "0.123456789",
            "2026-01-05 12:00:00.5",
            "2026-01-05",
            "true",
            "[1,2]",
            "{\"a\":1}",
            "18446744073709551615",
            "x",
            "∅",
            "0.5",
        ];
        assert_eq!(last, &expected, "{}", engine.describe());
    }
}

#[test]
fn a_newer_load_replaces_the_older_one_and_leaves_the_rest() {
    for engine in both() {
        let first = exports("a.csv", "id,x\n1,1\n2,2,2\n");
        add(first.path(), "crm", "b.csv", "id,x\n1,1\n9,\"open\n");
        load(engine.as_ref(), first.path());
        assert_eq!(rows(engine.as_ref(), "crm", "_rejects").len(), 2);
        let second = exports("a.csv", "id,y\n1,1\n2,2\n3,3\n");
        load(engine.as_ref(), second.path());
        assert_eq!(rows(engine.as_ref(), "crm", "a").len(), 3, "{}", engine.describe());
        assert_eq!(rows(engine.as_ref(), "crm", "b"), [["1", "1"]]);
        let rejects = texts(engine.as_ref(), "SELECT file FROM crm._rejects");
        assert_eq!(rejects, ["crm/b.csv"], "the rejects of a file go with its newer load");
        let broken = exports("a.csv", "id,y\n8,8\n");
        add(broken.path(), "crm", "z.parquet", "no parquet");
        let error =
            load_directory_with(engine.as_ref(), broken.path(), &LoadOptions::default(), &Silent, &CancelToken::new());
        let error = error.unwrap_err();
        assert!(error.message.contains("z.parquet") && error.kind == ErrorKind::Data, "{error}");
        assert_eq!(rows(engine.as_ref(), "crm", "a").len(), 3, "nothing was replaced");
        let cancel = CancelToken::new();
        cancel.cancel();
        let stopped = load_directory_with(engine.as_ref(), second.path(), &LoadOptions::default(), &Silent, &cancel);
        assert_eq!(stopped.unwrap_err().kind, ErrorKind::Cancelled);
        assert_eq!(engine.tables("crm").unwrap().len(), 3, "no staging table is left");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// What is written by RFC 4180 is read back as it was, whatever is in the cells.
    #[test]
    fn any_cells_come_back(
        cells in prop::collection::vec(prop::collection::vec("[a-z,;|\"'\\\\ \n\r\té🦆0-9]{0,12}", 3), 1..40),
        separator in prop::sample::select(vec![',', ';', '\t', '|']),
    ) {
        let mut text = ["id", "left", "right"].join(&separator.to_string()) + "\n";
        for row in &cells {
            let quoted: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.push_str(&quoted.join(&separator.to_string()));
            text.push('\n');
        }
        let engine = engine();
        let directory = exports("t.csv", text);
        let told = LoadOptions { delimiter: Some(separator), header: Some(true), ..LoadOptions::default() };
        let report = load_as(&engine, directory.path(), &told);
        prop_assert_eq!(report.rejected(), 0);
        let found = rows(&engine, "crm", "t");
        prop_assert_eq!(found.len(), cells.len());
        for (row, expected) in found.iter().zip(&cells) {
            for (cell, expected) in row.iter().zip(expected) {
                let same = if expected.is_empty() { cell == "∅" } else { cell == expected || equal_numbers(cell, expected) };
                prop_assert!(same, "{:?} became {:?}", expected, cell);
            }
        }
    }

    /// Whatever bytes a file holds, each of its lines is loaded or kept aside, and nothing panics.
    #[test]
    fn any_bytes_are_loaded_or_kept(bytes in prop::collection::vec(any::<u8>(), 0..600), json in any::<bool>()) {
        let engine = engine();
        let mut text = if json { b"{\"a\": 1}\n".to_vec() } else { b"a,b\n1,2\n".to_vec() };
        text.extend(&bytes);
        let directory = exports(if json { "t.jsonl" } else { "t.csv" }, text);
        let outcome = load_directory_with(&engine, directory.path(), &LoadOptions::default(), &Silent, &CancelToken::new());
        if let Ok(report) = outcome {
            prop_assert!(report.rows() + report.rejected() >= 1);
        }
    }
}

/// `1.50` of a column of numbers is read as 1.5.
fn equal_numbers(one: &str, other: &str) -> bool {
    matches!((one.parse::<f64>(), other.parse::<f64>()), (Ok(one), Ok(other)) if (one - other).abs() <= f64::EPSILON * other.abs())
}
