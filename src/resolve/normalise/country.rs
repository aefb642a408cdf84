//! Which country does a text name?

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::fold::words;

static COUNTRIES: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let mut names = FxHashMap::default();
    for line in include_str!("../../../assets/normalise/countries.tsv").lines() {
        let mut cells = line.split('\t');
        let Some(code) = cells.next() else { continue };
        names.insert(code.to_ascii_lowercase(), code);
        for name in cells {
            names.insert(name.to_owned(), code);
        }
    }
    names
});

/// The ISO 3166-1 alpha-2 code of a country, from its code, its English name or a name it goes by at home.
#[must_use]
pub fn country_code(text: &str) -> Option<&'static str> {
    COUNTRIES.get(words(text).join(" ").as_str()).copied()
}
