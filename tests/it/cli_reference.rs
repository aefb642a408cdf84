//! Is the page of all commands what the program says?

use std::path::Path;

#[test]
fn the_page_of_commands_is_what_the_program_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/reference/commands.md");
    let made = fourfold::cli::reference();
    if std::env::var_os("FOURFOLD_WRITE_REFERENCE").is_some() {
        std::fs::create_dir_all(page.parent().unwrap()).unwrap();
        std::fs::write(&page, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(kept == made, "assets/reference/commands.md is stale: run this test with FOURFOLD_WRITE_REFERENCE=1");
}

#[test]
fn every_command_of_the_readme_exists() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let reference = fourfold::cli::reference();
    let mut named = 0;
    for (position, _) in readme.match_indices("`fourfold ") {
        let rest = &readme[position + "`fourfold ".len()..];
        let word: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        if word.is_empty() {
            continue;
        }
        named += 1;
        assert!(reference.contains(&format!("`fourfold {word}`")), "the README names `fourfold {word}`");
    }
    assert!(named > 8, "only {named} commands were found in the README");
}
