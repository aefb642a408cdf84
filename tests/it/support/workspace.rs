//! How do tests get a workspace to work in?

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The program under test.
pub fn fourfold() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fourfold"));
    command.env("NO_COLOR", "1").env_remove("FOURFOLD_REVIEWER");
    command
}

/// Runs the program in a directory and keeps what it wrote.
pub fn run(directory: &Path, arguments: &[&str]) -> Output {
    fourfold().current_dir(directory).args(arguments).output().expect("the program starts")
}

/// Runs the program, asserts that it succeeded, returns its standard output.
pub fn succeed(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    assert!(
        output.status.success(),
        "fourfold {} failed with {:?}\n{}",
        arguments.join(" "),
        output.status.code(),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("standard output is UTF-8")
}

/// Runs the program, asserts its exit code, returns its standard error.
pub fn fail(directory: &Path, code: i32, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "fourfold {}\n{errors}", arguments.join(" "));
    errors
}

/// A demo workspace that has been run, made once for all tests: look, do not touch.
pub fn demo() -> &'static Path {
    static DEMO: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = DEMO.get_or_init(|| {
        let directory = TempDir::new().expect("a temporary directory");
        succeed(directory.path(), &["demo", "company", "--no-tui"]);
        let path = directory.path().join("company");
        (directory, path)
    });
    path
}

/// A copy of the demo workspace to change.
pub fn demo_copy() -> TempDir {
    let copy = TempDir::new().expect("a temporary directory");
    copy_tree(demo(), copy.path());
    copy
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the directory can be made");
    for entry in std::fs::read_dir(from).expect("the directory can be read") {
        let entry = entry.expect("the entry can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("the entry has a type").is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("the file can be copied");
        }
    }
}

/// Writes `<directory>/<source>/<table>.csv`.
pub fn table(directory: &Path, source: &str, name: &str, text: &str) {
    let folder = directory.join(source);
    std::fs::create_dir_all(&folder).expect("the directory can be made");
    std::fs::write(folder.join(format!("{name}.csv")), text).expect("the file can be written");
}

/// The rows of a CSV text, header first.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .map(|record| record.expect("the CSV is well formed").iter().map(str::to_owned).collect())
        .collect()
}
