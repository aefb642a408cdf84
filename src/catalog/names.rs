//! When do two names say the same thing?
//!
//! Loaders and teams write `MasterRecordId`, `master_record_id` and `master_record__c` for one column, and `sf_account_data`,
//! `stg_salesforce__accounts` and `Account` for one table.

/// Words around a table's name that say how it got there and not what it is.
const STAGES: &[&str] = &[
    "raw", "stg", "staging", "src", "source", "base", "int", "dim", "fct", "fact", "tbl", "table", "vw", "view",
    "data", "seed", "export", "extract", "dump", "copy", "tmp", "temp", "latest", "current", "snapshot", "sync",
    "full", "all", "ext", "landing", "ods", "bronze", "silver",
];

/// Words of adapters, which mark a second copy of a table.
const ADAPTERS: &[&str] =
    &["snowflake", "postgres", "postgresql", "databricks", "bigquery", "redshift", "duckdb", "spark"];

/// The bare letters and digits of a name in lower case: the form in which names are compared.
#[must_use]
pub fn compact(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a name in lower case: split at everything but letters and digits, and where `camelCase` turns.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            push(&mut words, &mut word);
            continue;
        }
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let turns = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if turns {
            push(&mut words, &mut word);
        }
        word.extend(letter.to_lowercase());
    }
    push(&mut words, &mut word);
    words
}

fn push(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// The singular of an English word, as far as table names need it.
#[must_use]
pub fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies")
        && stem.len() > 1
    {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    let kept = word.len() < 4 || ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) || !word.ends_with('s');
    if kept { word.to_owned() } else { word[..word.len() - 1].to_owned() }
}

/// Whether a word says how a table got there and not what it is: a stage, an adapter, a date, a version.
#[must_use]
pub fn is_noise(word: &str) -> bool {
    let number = word.strip_prefix('v').unwrap_or(word);
    let dated = number.len() >= 6 && number.bytes().all(|byte| byte.is_ascii_digit());
    let version = word.len() > 1 && word.starts_with('v') && number.bytes().all(|byte| byte.is_ascii_digit());
    let listed = |list: &[&str]| list.iter().any(|known| *known == word || singular(known) == word);
    listed(STAGES) || listed(ADAPTERS) || dated || version
}

/// Whether the name says that the table is a copy made for another adapter.
#[must_use]
pub fn is_adapter_copy(name: &str) -> bool {
    words(name).iter().any(|word| ADAPTERS.contains(&word.as_str()))
}

/// The compact singular forms under which a table's name may be looked up, the most trusted first: as it stands, then
/// without the words around it.
#[must_use]
pub fn table_forms(name: &str, noise: &[String]) -> Vec<String> {
    let all: Vec<String> = words(name).iter().map(|word| singular(word)).collect();
    let mut forms = vec![all.concat()];
    let drops = |word: &String| is_noise(word) || noise.contains(word);
    let (mut from, mut to) = (0, all.len());
    while to - from > 1 && drops(&all[to - 1]) {
        to -= 1;
        forms.push(all[from..to].concat());
    }
    while to - from > 1 && drops(&all[from]) {
        from += 1;
        forms.push(all[from..to].concat());
    }
    // Words stripped from the front alone: the last ones may be the name.
    for start in 1..from {
        forms.push(all[start..].concat());
    }
    let mut seen = Vec::new();
    forms.retain(|form| {
        !seen.contains(form) && {
            seen.push(form.clone());
            true
        }
    });
    forms
}

/// The prefixes, with their separator, that two thirds of the columns or more share, the shortest first.
#[must_use]
pub fn common_prefixes(columns: &[&str]) -> Vec<String> {
    let lower: Vec<String> = columns.iter().map(|column| column.to_lowercase()).collect();
    let mut found: Vec<String> = Vec::new();
    if columns.len() < 3 {
        return found;
    }
    for column in lower.iter().take(8) {
        for (at, _) in column.match_indices('_').filter(|(at, _)| *at > 0) {
            let prefix = &column[..=at];
            let shared = lower.iter().filter(|name| name.len() > prefix.len() && name.starts_with(prefix)).count();
            if shared * 3 >= columns.len() * 2 && !found.iter().any(|known| known == prefix) {
                found.push(prefix.to_owned());
            }
        }
    }
    found.sort_by_key(String::len);
    found
}
