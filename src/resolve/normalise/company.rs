//! Which part of a company's name tells it from other companies?

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::fold::{fold, words};

/// A company name taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompanyName {
    /// The words that identify the company, folded, in the order written, known abbreviations spelt out.
    pub core: Vec<String>,
    /// The class of its legal form (`gmbh`, `inc`, `ltd`), empty when none is written.
    pub legal_form: String,
    /// A former name: `(formerly X)`, `f/k/a X`, `ex X`.
    pub former: Option<String>,
    /// A brand or trading name: `dba X`, `trading as X`.
    pub brand: Option<String>,
    /// A sales region or country that qualifies the name: `Acme - EMEA`, `Acme (Schweiz)`.
    pub region: Option<String>,
}

impl CompanyName {
    /// The core as one text.
    #[must_use]
    pub fn text(&self) -> String {
        self.core.join(" ")
    }
}

struct LegalForms {
    /// Spelling as words joined by one space, to its class.
    classes: FxHashMap<&'static str, &'static str>,
    /// The last words of all spellings.
    endings: FxHashSet<&'static str>,
    longest: usize,
}

static LEGAL_FORMS: LazyLock<LegalForms> = LazyLock::new(|| {
    let mut classes = FxHashMap::default();
    let mut longest = 1;
    for line in include_str!("../../../assets/normalise/legal_forms.tsv").lines() {
        let mut cells = line.split('\t');
        let Some(class) = cells.next() else { continue };
        for spelling in cells {
            longest = longest.max(spelling.split(' ').count());
            classes.entry(spelling).or_insert(class);
        }
    }
    let endings = classes.keys().map(|spelling| spelling.rsplit(' ').next().unwrap_or(spelling)).collect();
    LegalForms { classes, endings, longest }
});

static COMPANY_WORDS: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut spellings = FxHashMap::default();
    for line in include_str!("../../../assets/normalise/company_words.tsv").lines() {
        let mut cells = line.split('\t');
        let Some(word) = cells.next() else { continue };
        spellings.insert(word, word);
        for spelling in cells {
            spellings.entry(spelling).or_insert(word);
        }
    }
    spellings
});

static REGIONS: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../assets/normalise/regions.txt").lines().collect());

/// Markers of a former name, as folded text.
const FORMER: [&str; 7] = ["formerly known as ", "formerly ", "fka ", "f/k/a ", "previously ", "vormals ", "ehemals "];
/// Markers of a trading name, as folded text.
const TRADING: [&str; 7] = ["doing business as ", "dba ", "d/b/a ", "d.b.a. ", "trading as ", "t/a ", "operating as "];

/// Takes a company name apart.
///
/// Legal forms are those of the world's countries (see `assets/normalise/SOURCES.md`), found at the end, at the start
/// (`OOO Romashka`, `PT Astra`) and written together (`SiemensAG`). A name that is nothing but a legal form keeps it as
/// its core, so that no name becomes empty.
#[must_use]
pub fn company_name(text: &str) -> CompanyName {
    let mut name = CompanyName::default();
    let split = split_camel_form(text);
    let mut folded = fold(&split);
    take_parentheses(&mut folded, &mut name);
    take_marker(&mut folded, &FORMER, &mut name.former);
    take_marker(&mut folded, &TRADING, &mut name.brand);
    take_region_suffix(&mut folded, &mut name);
    let mut tokens = join_single_letters(words(&folded));
    if tokens.first().is_some_and(|first| first == "the") && tokens.len() > 1 {
        tokens.remove(0);
    }
    if tokens.last().is_some_and(|last| last == "the") && tokens.len() > 1 {
        tokens.pop();
    }
    take_legal_forms(&mut tokens, &mut name.legal_form);
    name.core = tokens;
    name
}

/// The common spelling of a word of company names: `hldgs` is `holdings`; other words stay as they are.
#[must_use]
pub fn common_word(word: &str) -> &str {
    COMPANY_WORDS.get(word).copied().unwrap_or(word)
}

/// Whether many companies carry this word, so that it does not tell them apart.
#[must_use]
pub fn is_common_word(word: &str) -> bool {
    COMPANY_WORDS.contains_key(word)
}

/// The class of a legal form written as one text: `"G.m.b.H."` is `gmbh`.
#[must_use]
pub fn legal_form(text: &str) -> Option<&'static str> {
    let spelling = join_single_letters(words(text)).join(" ");
    LEGAL_FORMS.classes.get(spelling.as_str()).copied()
}

/// The legal form at the end of a name of so many words, and of how many words it is; `span` gives the last ones.
pub(super) fn legal_form_at_end<'a>(words: usize, span: impl Fn(usize) -> &'a str) -> Option<(usize, &'static str)> {
    let longest = LEGAL_FORMS.longest.min(words.saturating_sub(1));
    if longest == 0 || !LEGAL_FORMS.endings.contains(span(1)) {
        return None;
    }
    (1..=longest).rev().find_map(|count| LEGAL_FORMS.classes.get(span(count)).map(|found| (count, *found)))
}

/// The legal form that a first word is, if it is one of those written in front.
pub(super) fn legal_form_in_front(word: &str) -> Option<&'static str> {
    if LEADING.contains(&word) { LEGAL_FORMS.classes.get(word).copied() } else { None }
}

/// Whether what stands behind a comma is a sales region or a country.
pub(super) fn is_region_behind(text: &str) -> bool {
    is_region(fold(text).trim())
}

/// Parts `SiemensAG` into `Siemens AG`: a tail of capitals after a small letter, if the tail is a legal form.
fn split_camel_form(text: &str) -> String {
    if let Some(start) = text.rfind(|character: char| character.is_lowercase()) {
        let boundary = start + text[start..].chars().next().map_or(1, char::len_utf8);
        let tail = &text[boundary..];
        if tail.len() >= 2 && tail.chars().all(|character| character.is_ascii_uppercase()) {
            let small = tail.to_ascii_lowercase();
            if LEGAL_FORMS.classes.contains_key(small.as_str()) {
                return format!("{} {}", &text[..boundary], tail);
            }
        }
    }
    text.to_owned()
}

fn take_parentheses(folded: &mut String, name: &mut CompanyName) {
    while let Some(open) = folded.find('(') {
        let Some(length) = folded[open..].find(')') else { break };
        let inside = folded[open + 1..open + length].trim().to_owned();
        let mut former = format!("{inside} ");
        let marked = FORMER.iter().find(|marker| former.starts_with(**marker)).copied();
        let replacement = if let Some(marker) = marked {
            former.drain(..marker.len());
            name.former = Some(former.trim().to_owned());
            String::new()
        } else if let Some(brand) = TRADING.iter().find_map(|marker| inside.strip_prefix(marker)) {
            name.brand = Some(brand.trim().to_owned());
            String::new()
        } else {
            if is_region(&inside) {
                name.region = Some(inside.clone());
            }
            format!(" {inside} ")
        };
        folded.replace_range(open..=open + length, &replacement);
    }
}

fn take_marker(folded: &mut String, markers: &[&str], into: &mut Option<String>) {
    for marker in markers {
        let found = folded.find(marker).filter(|at| *at > 0 && !folded.as_bytes()[at - 1].is_ascii_alphanumeric());
        if let Some(at) = found {
            *into = Some(folded[at + marker.len()..].trim().to_owned());
            let kept = folded[..at].trim_end_matches([' ', ',', '-', '/', ';']).len();
            folded.truncate(kept);
            return;
        }
    }
}

/// Takes ` - EMEA`, `, Germany` behind a dash or a comma off the end.
fn take_region_suffix(folded: &mut String, name: &mut CompanyName) {
    for mark in [" - ", " – ", " | ", ", "] {
        if let Some(at) = folded.rfind(mark) {
            let tail = folded[at + mark.len()..].trim().to_owned();
            if at > 0 && is_region(&tail) {
                name.region = Some(tail);
                folded.truncate(at);
                return;
            }
        }
    }
}

fn is_region(text: &str) -> bool {
    REGIONS.contains(text) || super::country::country_code(text).is_some_and(|_| text.len() > 2)
}

/// Joins runs of single letters: `n v` is `nv`, `a t and t` stays `a t and t` only where `and` parts them.
fn join_single_letters(tokens: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(tokens.len());
    let mut joining = false;
    for token in tokens {
        let single = token.len() == 1 && token.as_bytes()[0].is_ascii_alphabetic();
        match out.last_mut() {
            Some(last) if single && joining => last.push_str(&token),
            _ => out.push(token),
        }
        joining = single;
    }
    out
}

/// Forms that are written in front of the name.
const LEADING: [&str; 14] =
    ["ooo", "oao", "zao", "pao", "ao", "pt", "pjsc", "ojsc", "cjsc", "jsc", "uab", "sia", "tov", "too"];

fn take_legal_forms(tokens: &mut Vec<String>, class: &mut String) {
    // From the end, longest first, as often as forms follow each other ("Holding GmbH & Co. KG").
    loop {
        if !tokens.last().is_some_and(|last| LEGAL_FORMS.endings.contains(last.as_str())) {
            break;
        }
        let longest = LEGAL_FORMS.longest.min(tokens.len().saturating_sub(1));
        let found = (1..=longest).rev().find_map(|count| {
            let spelling = tokens[tokens.len() - count..].join(" ");
            LEGAL_FORMS.classes.get(spelling.as_str()).map(|found| (count, *found))
        });
        let Some((count, found)) = found else { break };
        if class.is_empty() || class == "co" {
            found.clone_into(class);
        }
        tokens.truncate(tokens.len() - count);
    }
    while tokens.len() > 1 && tokens.last().is_some_and(|last| last == "and") {
        tokens.pop();
    }
    // At the start only forms that are written there.
    if class.is_empty()
        && tokens.len() > 1
        && let Some(found) = legal_form_in_front(&tokens[0])
    {
        found.clone_into(class);
        tokens.remove(0);
    }
}
