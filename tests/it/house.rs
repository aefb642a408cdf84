//! Does data flow one way, and does the house keep its own rules?

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order in which data flows: each may import only rooms before it.
const FLOW: &[&str] = &[
    "ident",
    "error",
    "progress",
    "config",
    "warehouse",
    "sql",
    "catalog",
    "chart",
    "resolve",
    "review",
    "model",
    "plays",
    "drift",
    "snapshot",
    "impact",
    "demo",
    "engine",
    "tui",
    "cli",
];

/// Rooms that may not see some of the rooms before them, though the order alone would allow it.
const APART: &[(&str, &[&str])] = &[
    ("demo", &["config", "warehouse", "catalog", "chart", "resolve", "review", "model", "plays", "drift", "snapshot"]),
    ("review", &["warehouse", "catalog", "chart"]),
    ("tui", &["warehouse", "config", "demo"]),
];

/// Longest file allowed, in lines.
const LONGEST: usize = 500;

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all(directory: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), &mut found);
    found.sort();
    assert!(!found.is_empty(), "{directory} holds no source file");
    found
}

/// The room of a file: the first part of its path below `src`.
fn room(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a text imports: every `crate::room`, also those inside `use crate::{a, b::c}`.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or("");
        for (position, _) in code.match_indices("crate::") {
            let rest = &code[position + "crate::".len()..];
            if let Some(list) = rest.strip_prefix('{') {
                let list = list.split('}').next().unwrap_or("");
                for item in list.split(',') {
                    found.push((index + 1, item.trim().split("::").next().unwrap_or("").to_owned()));
                }
            } else {
                let name: String =
                    rest.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
                found.push((index + 1, name));
            }
        }
    }
    found
}

#[test]
fn rooms_import_only_rooms_before_them() {
    let order: BTreeMap<&str, usize> = FLOW.iter().enumerate().map(|(index, name)| (*name, index)).collect();
    let mut wrong = Vec::new();
    for path in all("src") {
        let own = room(&path);
        if own == "lib" || own == "main" {
            continue;
        }
        let Some(own_place) = order.get(own.as_str()) else {
            wrong.push(format!("{}: the room {own} is not in the table of flow", path.display()));
            continue;
        };
        for (line, other) in imports(&fs::read_to_string(&path).unwrap()) {
            if other == own || !order.contains_key(other.as_str()) {
                continue;
            }
            let apart = APART.iter().any(|(name, hidden)| *name == own && hidden.contains(&other.as_str()));
            if order[other.as_str()] > *own_place || apart {
                wrong.push(format!("{}:{line}: {own} may not import {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "data flows one way:\n{}", wrong.join("\n"));
}

#[test]
fn the_import_reader_sees_every_form() {
    let text = "use crate::{model, tui::App};\nlet x = crate::engine::run(); // crate::cli\nuse crate::chart;";
    let names: Vec<String> = imports(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["model", "tui", "engine", "chart"]);
}

#[test]
fn no_file_holds_more_than_one_idea() {
    let long: Vec<String> = all("src")
        .into_iter()
        .chain(all("tests"))
        .filter_map(|path| {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            (lines > LONGEST).then(|| format!("{} has {lines} lines", path.display()))
        })
        .collect();
    assert!(long.is_empty(), "over {LONGEST} lines:\n{}", long.join("\n"));
}

#[test]
fn every_module_opens_with_the_question_it_answers() {
    let silent: Vec<String> = all("src")
        .into_iter()
        .filter(|path| !path.ends_with("src/lib.rs") && !path.ends_with("src/main.rs"))
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            let opening: String = text.lines().take_while(|line| line.starts_with("//!")).collect();
            !opening.contains('?')
        })
        .map(|path| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no question at the top of:\n{}", silent.join("\n"));
}

#[test]
fn every_test_file_is_run() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = fs::read_to_string(directory.join("main.rs")).unwrap();
    let mut forgotten = Vec::new();
    for entry in fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let is_module = path.extension().is_some_and(|extension| extension == "rs") || path.join("mod.rs").is_file();
        if is_module && name != "main" && !main.contains(&format!("mod {name};")) {
            forgotten.push(name);
        }
    }
    assert!(forgotten.is_empty(), "tests/it/main.rs does not name: {}", forgotten.join(", "));
}

#[test]
fn only_the_command_line_prints() {
    let mut wrong = Vec::new();
    for path in all("src") {
        let own = room(&path);
        if own == "cli" || own == "main" || own == "tui" {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            if ["println!", "eprintln!", "print!(", "eprint!(", "dbg!", "stdout()", "stderr()"]
                .iter()
                .any(|word| code.contains(word))
            {
                wrong.push(format!("{}:{}", path.display(), index + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "the library never prints:\n{}", wrong.join("\n"));
}
