//! The page of keys is made from the table and never stale.

use std::path::Path;

use fourfold::tui::command::reference;

#[test]
fn the_page_of_keys_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/reference/keys.md");
    if std::env::var_os("FOURFOLD_WRITE_REFERENCE").is_some() {
        std::fs::write(&path, reference()).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page == reference(), "assets/reference/keys.md is stale: run this test with FOURFOLD_WRITE_REFERENCE=1");
}
