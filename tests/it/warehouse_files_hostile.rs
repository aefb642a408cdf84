//! Is every bad file named, and every bad row kept?

use crate::support::engines::{both, number, texts};
use crate::warehouse_files::{add, engine, exports, load, load_as, rows};

use fourfold::error::ErrorKind;
use fourfold::progress::{CancelToken, Silent};
use fourfold::warehouse::Warehouse;
use fourfold::warehouse::files::{LoadOptions, LoadReport, load_directory, load_directory_with};

/// Line, raw text and reason of the rejects, in order.
fn rejects(warehouse: &dyn Warehouse) -> Vec<Kept> {
    let found = warehouse.query("SELECT line, raw, reason FROM crm._rejects ORDER BY file, line", &[]).unwrap();
    let text = |row, column| found.text(row, column).unwrap_or_default().to_owned();
    (0..found.len()).map(|row| (found.integer(row, 0).unwrap(), text(row, 1), text(row, 2))).collect()
}

/// A reject: its line, raw text and reason.
type Kept = (i64, String, String);

/// Loads one file and returns what was found and what was kept aside.
fn one(name: &str, bytes: impl AsRef<[u8]>) -> (LoadReport, Vec<Vec<String>>, Vec<Kept>) {
    let engine = engine();
    let directory = exports(name, bytes);
    let report = load(&engine, directory.path());
    let kept = if report.rejected() > 0 { rejects(&engine) } else { Vec::new() };
    assert_eq!(kept.len() as u64, report.rejected());
    let found = rows(&engine, "crm", "t");
    assert_eq!(found.len() as u64, report.rows(), "rejects are not counted as loaded");
    (report, found, kept)
}

#[test]
fn rows_with_the_wrong_number_of_cells_are_kept_aside() {
    let (report, found, kept) = one("t.csv", "id,a,b\n1,x,y\n2,x\n3,x,y,z\n4,\"p\nq\",y\n5,x,y,\n6,x,y\n");
    assert_eq!(found.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["1", "4", "5", "6"]);
    assert_eq!(kept[0], (3, "2,x".into(), "too few cells: 2 instead of 3".into()));
    assert_eq!(kept[1], (4, "3,x,y,z".into(), "too many cells: 4 instead of 3".into()));
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("crm/t.csv") && note.contains("line 3") && note.contains("_rejects"))
    );
}

#[test]
fn a_stray_quote_costs_one_line() {
    let (_, found, kept) = one("t.csv", "id,a\n1,x\n2,\"open\n3,y\n4,z\n");
    assert_eq!(found, [["1", "x"], ["3", "y"], ["4", "z"]]);
    assert_eq!(kept, [(3, "2,\"open".into(), "a quote is not closed".into())]);
    // Closed by the next stray quote, many lines later.
    let (_, found, kept) = one("t.csv", "id,a\n1,x\n2,\"open\n3,y\n4,z\n5,\"also open\n6,w\n");
    let ids: Vec<&str> = found.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(ids, ["1", "3", "4", "6"], "{kept:?}");
    assert_eq!(kept.iter().map(|(line, _, _)| *line).collect::<Vec<_>>(), [3, 6]);
    // A quote inside a quoted cell that nobody doubled is a character.
    let (_, found, kept) = one("t.csv", "id,a,b\n1,\"Acme \"Big\" Corp\",y\n2,\"x\" ,y\n");
    assert_eq!(found, [["1", "Acme \"Big\" Corp", "y"], ["2", "x", "y"]]);
    assert!(kept.is_empty());
    let (_, found, _) = one("t.csv", "id,a\n1,5\" pipe\n2,x\n");
    assert_eq!(found, [["1", "5\" pipe"], ["2", "x"]]);
}

#[test]
fn bytes_that_are_no_text_are_kept_as_they_are() {
    let mut bytes = "id,name\n1,Zoë\n2,Jürgen\n3,Åse\n".as_bytes().to_vec();
    bytes.extend_from_slice(b"4,br\xFF\xFEoken\n5,fine\n");
    let (report, found, kept) = one("t.csv", &bytes);
    assert_eq!(found.len(), 4);
    assert_eq!(kept, [(5, "4,br\\xFF\\xFEoken".into(), "bytes that are not UTF-8".into())]);
    assert_eq!(report.tables[0].encoding, Some("UTF-8"));
    // Windows-1252 does not use 0x81.
    let engine = engine();
    let directory = exports("t.csv", b"id,name\n1,Caf\xE9 cr\xE8me\n2,na\xEFve\n3,od\x81d\n");
    let told = LoadOptions { encoding: Some("windows-1252".into()), ..LoadOptions::default() };
    load_as(&engine, directory.path(), &told);
    assert_eq!(rows(&engine, "crm", "t"), [["1", "Café crème"], ["2", "naïve"]]);
    assert_eq!(rejects(&engine), [(4, "3,od\\x81d".into(), "bytes that are not windows-1252".into())]);
    let (_, found, kept) = one("t.jsonl", b"{\"id\": 1}\n{\"id\": \"\xC3\x28\"}\n{\"id\": 3}\n");
    assert_eq!((found.len(), kept[0].0), (2, 2));
}

#[test]
fn broken_json_is_kept_line_by_line() {
    let text = "{\"id\": 1}\n{\"id\": 2\n[1, 2]\n7\n{\"id\": 5} trailing\n{\"id\": \"\\ud800\"}\n\n{\"id\": 8}\n{\"id\": NaN}\n";
    let (_, found, kept) = one("t.jsonl", text);
    assert_eq!(found, [["1"], ["8"]]);
    assert_eq!(kept.iter().map(|(line, _, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 9]);
    assert!(kept[0].2.starts_with("broken JSON") && kept[1].2 == "not a JSON object", "{kept:?}");
    let (_, found, kept) = one("t.json", "[\n  {\"id\": 1},\n  {\"id\": ,},\n  {\"id\": 3}\n]\n");
    assert_eq!(found, [["1"], ["3"]]);
    assert_eq!(kept[0].0, 3);
    let deep = format!("{{\"id\": {}1{}}}\n{{\"id\": 2}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let (_, found, kept) = one("t.jsonl", deep);
    assert_eq!((found.len(), kept.len()), (2, 0), "depth is no fault");
}

#[test]
fn empty_files_are_named_and_take_nothing_away() {
    let engine = engine();
    load(&engine, exports("t.csv", "id\n1\n").path());
    for bytes in ["", "\n\n", "\u{feff}", "   \n"] {
        let directory = exports("t.csv", bytes);
        add(directory.path(), "crm", "header.csv", "id,name\n");
        add(directory.path(), "crm", "nothing.jsonl", "\n");
        let report = load(&engine, directory.path());
        assert!(report.notes.iter().any(|note| note.contains("crm/t.csv is empty")), "{:?}", report.notes);
        assert!(report.notes.iter().any(|note| note.contains("crm/nothing.jsonl is empty")), "{:?}", report.notes);
        assert_eq!(rows(&engine, "crm", "t").len(), 1, "the older load is still there");
        assert!(rows(&engine, "crm", "header").is_empty(), "a header alone is a table without rows");
    }
}

#[test]
fn columns_without_a_name_or_with_the_same_one_all_land() {
    for engine in both() {
        let long = "x".repeat(80);
        let directory = exports("t.csv", format!("id,,Name,name, name ,{long},{long}y,xmin\n1,2,3,4,5,6,7,8\n"));
        let report = load(engine.as_ref(), directory.path());
        assert_eq!(rows(engine.as_ref(), "crm", "t"), [["1", "2", "3", "4", "5", "6", "7", "8"]]);
        let names: Vec<&str> = report.tables[0].columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(&names[..5], ["id", "column_2", "Name", "name_2", "name_3"]);
        let shape = &engine.tables("crm").unwrap()[0];
        assert!(shape.columns.iter().zip(&names).all(|(column, name)| column.name == *name), "as the report says");
        assert!(report.notes.iter().any(|note| note.contains("column_2")), "{:?}", report.notes);
    }
}

#[test]
fn hostile_names_and_cells_are_only_names_and_cells() {
    let nasty = "'; DROP TABLE x; --";
    let escape = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{202e}evil";
    for engine in both() {
        let directory = tempfile::TempDir::new().unwrap();
        let source = format!("odd{nasty}");
        let body = format!("id,\"{nasty}\",\"{escape}\"\n1,\"{nasty}\",\"{escape}\"\n2\n");
        add(directory.path(), &source, "t\"; drop table y; --.csv", &body);
        add(directory.path(), &source, &format!("{escape}.csv"), &body);
        add(directory.path(), &source, "_rejects.csv", "id\n1\n");
        let report = load(engine.as_ref(), directory.path());
        assert_eq!(report.tables.len(), 3);
        let found = rows(engine.as_ref(), &source, "t\"; drop table y; --");
        assert_eq!(found, [["1", nasty, escape]]);
        assert_eq!(rows(engine.as_ref(), &source, escape), found);
        assert_eq!(rows(engine.as_ref(), &source, "_rejects_2"), [["1"]]);
        assert_eq!(rows(engine.as_ref(), &source, "_rejects").len(), 2);
        for note in &report.notes {
            assert!(!note.contains('\u{1b}') && !note.contains('\u{202e}'), "{note:?}");
        }
    }
}

#[test]
fn a_cell_of_ten_megabytes_and_a_nul_land() {
    let huge = "lorem, \"ipsum\"\n".repeat(700_000);
    assert!(huge.len() > 10_000_000);
    let text = format!("id,body,other\n1,\"{}\",x\n2,small,nul\0byte\n", huge.replace('"', "\"\""));
    let directory = exports("t.csv", text);
    add(
        directory.path(),
        "crm",
        "j.jsonl",
        format!("{{\"id\": 1, \"body\": {}}}\n", serde_json::to_string(&huge).unwrap()),
    );
    for engine in both() {
        let report = load(engine.as_ref(), directory.path());
        assert_eq!(report.rows(), 3);
        for table in ["t", "j"] {
            let length = number(engine.as_ref(), &format!("SELECT CAST(max(length(body)) AS BIGINT) FROM crm.{table}"));
            assert_eq!(length, huge.len() as i64, "{}", engine.describe());
        }
        let other = texts(engine.as_ref(), "SELECT other FROM crm.t WHERE id = '2'");
        assert!(other[0] == "nul\0byte" || other[0] == "nul\u{fffd}byte", "{other:?}");
    }
}

#[test]
fn misplaced_files_are_named() {
    let engine = engine();
    let directory = exports("t.csv", "id\n1\n");
    std::fs::write(directory.path().join("stray.csv"), "id\n1\n").unwrap();
    std::fs::create_dir_all(directory.path().join("crm/deeper")).unwrap();
    std::fs::create_dir_all(directory.path().join("hollow")).unwrap();
    std::fs::write(directory.path().join("crm/notes.docx"), "x").unwrap();
    std::fs::write(directory.path().join("crm/.DS_Store"), "x").unwrap();
    add(directory.path(), "crm", "T.tsv", "id\tx\n1\t2\n");
    let report = load(&engine, directory.path());
    assert_eq!(report.tables.len(), 2);
    let all = report.notes.join("\n");
    for expected in ["stray.csv", "crm/deeper", "hollow", "notes.docx", "crm/t.csv is loaded as table `t_2`"] {
        assert!(all.contains(expected), "{expected} in {all}");
    }
    assert!(!all.contains("DS_Store"));
    let empty = tempfile::TempDir::new().unwrap();
    for path in [empty.path().to_path_buf(), empty.path().join("missing")] {
        let error = load_directory(&engine, &path, &Silent, &CancelToken::new()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound, "{error}");
    }
    for name in ["fourfold", "information_schema", "pg_catalog", "TEMP"] {
        let directory = tempfile::TempDir::new().unwrap();
        add(directory.path(), name, "t.csv", "id\n1\n");
        let error = load_directory(&engine, directory.path(), &Silent, &CancelToken::new()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Config, "{name}: {error}");
    }
}

#[test]
fn a_file_that_is_something_else_is_refused_and_nothing_is_replaced() {
    let engine = engine();
    load(&engine, exports("t.csv", "id\n1\n").path());
    for (name, bytes) in [("t.parquet", &b"PAR1 no"[..]), ("t.csv.gz", b"not packed"), ("t.jsonl", b"no\njson\n")] {
        let directory = exports(name, bytes);
        let error =
            load_directory_with(&engine, directory.path(), &LoadOptions::default(), &Silent, &CancelToken::new());
        let error = error.err().unwrap_or_else(|| panic!("{name} was loaded"));
        assert!(error.message.contains(name), "{error}");
        assert_eq!(rows(&engine, "crm", "t"), [["1"]]);
    }
}
