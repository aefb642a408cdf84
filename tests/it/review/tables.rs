//! The tables only ever move forward.

use std::path::Path;

use fourfold::error::ErrorKind;
use fourfold::review::ReviewLog;
use sha2::{Digest as _, Sha256};

use super::support::{TestLog, behind_its_back, number};

/// The migrations that were released, and the hash of each. Add to it; never change a line.
const RELEASED: [(&str, &str); 1] =
    [("0001_review_log.sql", "e68b2646eeccc32a944625d1c37db021b4f6b3944fa5efed400268be1cf0c711")];

#[test]
fn released_migrations_are_never_edited() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/migrations");
    let mut files: Vec<String> =
        std::fs::read_dir(&directory).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert_eq!(files, RELEASED.map(|(name, _)| name), "every migration is listed here, and no other file is there");
    for (name, expected) in RELEASED {
        let found = Sha256::digest(std::fs::read(directory.join(name)).unwrap());
        let found = found.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        assert_eq!(found, expected, "{name} was edited: write a new migration");
    }
    let test = TestLog::new();
    let applied = number(&test.path(), "SELECT count(*) FROM _sqlx_migrations");
    assert_eq!(usize::try_from(applied).unwrap(), RELEASED.len(), "every migration is compiled in");
}

#[test]
fn a_log_of_a_newer_version_is_refused_and_untouched() {
    let test = TestLog::new();
    let path = test.path();
    behind_its_back(
        &path,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (999, 'from the future', 1, x'00', 0)",
    )
    .unwrap();
    for refused in [ReviewLog::open(&path).unwrap_err(), ReviewLog::open_read_only(&path).unwrap_err()] {
        assert_eq!(refused.kind, ErrorKind::Log);
        assert!(refused.message.contains("999") && refused.hints[0].contains("Update"), "{refused:?}");
    }
}

#[test]
fn the_log_is_durable_and_private() {
    let test = TestLog::new();
    let mode: i64 = number(&test.path(), "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'");
    assert_eq!(mode, 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(test.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others cannot read whose records were compared");
    }
}
