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
    LegalForms { classes, longest }
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
    take_seat(&mut folded, &mut name);
    let mut tokens = join_single_letters(words(&folded));
    if tokens.first().is_some_and(|first| first == "the") && tokens.len() > 1 {
        tokens.remove(0);
    }
    if tokens.last().is_some_and(|last| last == "the") && tokens.len() > 1 {
        tokens.pop();
    }
    take_legal_forms(&mut tokens, &mut name.legal_form);
    name.core = spell_out(tokens);
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

/// Takes the seat behind a legal form off: `DSM IP Assets B.V., Heerlen, NL`.
fn take_seat(folded: &mut String, name: &mut CompanyName) {
    for (at, mark) in folded.char_indices().filter(|(at, mark)| *at > 0 && matches!(mark, ',' | ';' | '[' | '(')) {
        let head = join_single_letters(words(&folded[..at]));
        let tail = folded[at + mark.len_utf8()..].trim();
        let ends_in_form = (1..=LEGAL_FORMS.longest.min(head.len().saturating_sub(1))).any(|count| {
            let spelling = head[head.len() - count..].join(" ");
            LEGAL_FORMS.classes.get(spelling.as_str()).is_some_and(|class| !matches!(*class, "co" | "ev" | "est"))
        });
        let tail_words = join_single_letters(words(tail));
        // `Co., Ltd.` and `GmbH, Co. KG` go on with the form; another company's name may follow, too.
        let goes_on =
            (0..tail_words.len()).any(|from| LEGAL_FORMS.classes.contains_key(tail_words[from..].join(" ").as_str()));
        if ends_in_form && !goes_on && tail_words.len() <= 6 {
            name.region = name.region.take().or_else(|| Some(tail.to_owned()).filter(|tail| !tail.is_empty()));
            folded.truncate(at);
            return;
        }
    }
}

/// Numbers and countries in one spelling: `first`, `1st` and `1` meet, `forty-four` and `44`, `iii` and `3`, `us` and
/// `united states`.
fn spell_out(tokens: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(tokens.len());
    let mut tens: Option<u32> = None;
    let mut at = 0;
    while at < tokens.len() {
        let two = tokens.get(at + 1).map(|next| format!("{} {next}", tokens[at]));
        let country = match (tokens[at].as_str(), two.as_deref()) {
            (_, Some("united states")) => Some(("usa", 2)),
            (_, Some("united kingdom" | "great britain")) => Some(("uk", 2)),
            ("us" | "usa", _) if tokens.len() > 1 => Some(("usa", 1)),
            _ => None,
        };
        if let Some((name, count)) = country {
            out.push(name.to_owned());
            at += count;
            tens = None;
            continue;
        }
        let number = number_word(&tokens[at]);
        match (number, tens) {
            (Some(unit @ 1..=9), Some(before)) => {
                out.pop();
                out.push((before + unit).to_string());
                tens = None;
            }
            (Some(value), _) => {
                out.push(value.to_string());
                tens = Some(value).filter(|value| *value >= 20 && value % 10 == 0);
            }
            (None, _) => {
                out.push(tokens[at].clone());
                tens = None;
            }
        }
        at += 1;
    }
    out
}

/// The value of a number written as a word, an ordinal or a Roman numeral of two letters and more.
fn number_word(word: &str) -> Option<u32> {
    const UNITS: [[&str; 2]; 13] = [
        ["zero", ""],
        ["one", "first"],
        ["two", "second"],
        ["three", "third"],
        ["four", "fourth"],
        ["five", "fifth"],
        ["six", "sixth"],
        ["seven", "seventh"],
        ["eight", "eighth"],
        ["nine", "ninth"],
        ["ten", "tenth"],
        ["eleven", "eleventh"],
        ["twelve", "twelfth"],
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    const ROMAN: [(&str, u32); 10] = [
        ("ii", 2),
        ("iii", 3),
        ("iv", 4),
        ("vi", 6),
        ("vii", 7),
        ("viii", 8),
        ("ix", 9),
        ("xi", 11),
        ("xii", 12),
        ("xiii", 13),
    ];
    if word.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
        return digits.parse().ok().filter(|_| digits.len() < 9 && !digits.starts_with('0'));
    }
    if let Some(at) = UNITS.iter().position(|spellings| spellings.contains(&word)) {
        return Some(at as u32);
    }
    if let Some(at) = TENS.iter().position(|spelling| *spelling == word) {
        return Some(20 + 10 * at as u32);
    }
    ROMAN.iter().find(|(spelling, _)| *spelling == word).map(|(_, value)| *value)
}

/// Forms of one word that are written in front of the name.
const LEADING: [&str; 20] = [
    "ooo", "oao", "zao", "pao", "ao", "pt", "pjsc", "ojsc", "cjsc", "jsc", "uab", "sia", "tov", "too", "nv", "bv",
    "srl", "spa", "sarl", "llc",
];

fn take_legal_forms(tokens: &mut Vec<String>, class: &mut String) {
    // From the end, longest first, as often as forms follow each other ("Holding GmbH & Co. KG").
    loop {
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
    // At the start only forms that are written there, or spelt out in several words.
    let longest = LEGAL_FORMS.longest.min(tokens.len().saturating_sub(1));
    let leading = (1..=longest).rev().find_map(|count| {
        let spelling = tokens[..count].join(" ");
        let found = LEGAL_FORMS.classes.get(spelling.as_str()).copied();
        found.filter(|_| count > 1 || LEADING.contains(&spelling.as_str())).map(|found| (count, found))
    });
    if let Some((count, found)) = leading.filter(|(_, found)| !matches!(*found, "co" | "est")) {
        if class.is_empty() || class == "co" {
            found.clone_into(class);
        }
        tokens.drain(..count);
    } else if tokens.len() > 1 && tokens[0] == "sc" && matches!(class.as_str(), "srl" | "sa") {
        // Romanian firms are `SC X SRL`, a commercial company.
        tokens.remove(0);
    }
}
