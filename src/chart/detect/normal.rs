//! In which form are names, domains and e-mails of one source compared?
//!
//! Only enough to find duplicates within one table: the full normalisation belongs to resolution.

use crate::chart::profile::formats::{is_domain, is_email};

/// Domains that give mailboxes to anybody.
const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.fr",
    "live.com",
    "msn.com",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.fr",
    "yahoo.de",
    "yahoo.co.jp",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "gmx.net",
    "gmx.de",
    "gmx.com",
    "gmx.at",
    "web.de",
    "t-online.de",
    "freenet.de",
    "mail.com",
    "mail.ru",
    "yandex.ru",
    "yandex.com",
    "zoho.com",
    "fastmail.com",
    "hey.com",
    "tutanota.com",
    "qq.com",
    "163.com",
    "126.com",
    "orange.fr",
    "free.fr",
    "laposte.net",
    "wanadoo.fr",
    "libero.it",
    "virgilio.it",
    "bluewin.ch",
    "btinternet.com",
    "comcast.net",
    "verizon.net",
    "att.net",
    "rediffmail.com",
    "uol.com.br",
    "bol.com.br",
    "naver.com",
    "seznam.cz",
    "wp.pl",
    "o2.pl",
    "telia.com",
    "ziggo.nl",
    "kpnmail.nl",
];

/// Words at the end of a company's name that say only its legal form.
const LEGAL_FORMS: &[&str] = &[
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "llc",
    "llp",
    "lp",
    "l",
    "p",
    "ltd",
    "limited",
    "plc",
    "pty",
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "ug",
    "haftungsbeschrankt",
    "se",
    "ev",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "sl",
    "slu",
    "sau",
    "bv",
    "nv",
    "ab",
    "as",
    "asa",
    "oy",
    "oyj",
    "aps",
    "a",
    "s",
    "sp",
    "z",
    "o",
    "oo",
    "sro",
    "doo",
    "kft",
    "zrt",
    "kk",
    "ltda",
    "cv",
    "de",
    "r",
    "b",
    "v",
    "n",
    "k",
    "i",
    "e",
    "u",
    "und",
    "and",
];

/// Whether a domain gives mailboxes to anybody.
pub fn is_free_mail(domain: &str) -> bool {
    FREE_MAIL.contains(&domain)
}

/// The registrable domains in a website, a host name, an e-mail, or a list of them, sorted.
pub fn domains(text: &str) -> Vec<String> {
    let mut found: Vec<String> =
        text.split([',', ';', '|', ' ', '"', '[', ']', '\n', '\t']).filter_map(domain).collect();
    found.sort();
    found.dedup();
    found
}

fn domain(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or("").trim_matches('.');
    if !is_domain(host) {
        return None;
    }
    Some(psl::domain_str(host).unwrap_or(host).to_owned())
}

/// An e-mail address as it is compared, without what stands after a plus.
pub fn email(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    if !is_email(&lower) {
        return None;
    }
    let (local, domain) = lower.split_once('@')?;
    let local = local.split('+').next().filter(|local| !local.is_empty()).unwrap_or(local);
    Some(format!("{local}@{domain}"))
}

/// The words of a company's name without legal forms, additions in parentheses and regions after a dash.
pub fn name_words(text: &str) -> Vec<String> {
    let folded = deunicode::deunicode(text).to_lowercase();
    let mut open = 0_u32;
    let mut plain = String::with_capacity(folded.len());
    for letter in folded.chars() {
        match letter {
            '(' | '[' => open += 1,
            ')' | ']' => open = open.saturating_sub(1),
            '.' | '\'' => {}
            _ if open > 0 => {}
            _ if letter.is_alphanumeric() => plain.push(letter),
            _ => plain.push(if letter == '-' && plain.ends_with(' ') { '\u{1}' } else { ' ' }),
        }
    }
    let head = plain.split('\u{1}').next().unwrap_or("");
    let head = if head.trim().is_empty() { plain.as_str() } else { head };
    let mut words: Vec<String> = head.split_whitespace().map(str::to_owned).collect();
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_FORMS.contains(&word.as_str())) {
        words.pop();
    }
    words
}

/// Whether two companies' names speak of one company: the same words, one set within the other, or nearly the same
/// spelling.
pub fn similar(one: &[String], other: &[String]) -> bool {
    if one.is_empty() || other.is_empty() {
        return true;
    }
    let within = |small: &[String], great: &[String]| small.iter().all(|word| great.contains(word));
    if within(one, other) || within(other, one) {
        return true;
    }
    let (one, other) = (one.concat(), other.concat());
    rapidfuzz::distance::levenshtein::normalized_similarity(one.chars(), other.chars()) >= 0.8
        || (one.len() >= 4 && other.len() >= 4 && (one.starts_with(&other) || other.starts_with(&one)))
}

/// Whether two names are told apart by what they say of a place or a legal form: `Brevora AG` and `Brevora Sp. z o.o.`,
/// `Garnetfall` and `Garnetfall Deutschland`.
pub fn apart(one: &str, other: &str) -> bool {
    const PLACES: &[&str] = &[
        "deutschland",
        "germany",
        "usa",
        "us",
        "america",
        "uk",
        "britain",
        "france",
        "espana",
        "iberia",
        "italia",
        "italy",
        "nederland",
        "benelux",
        "polska",
        "poland",
        "schweiz",
        "suisse",
        "austria",
        "osterreich",
        "canada",
        "australia",
        "japan",
        "brasil",
        "brazil",
        "mexico",
        "india",
        "china",
        "nordic",
        "nordics",
        "sverige",
        "danmark",
        "asia",
        "europe",
        "apac",
        "latam",
    ];
    let place = |text: &str| -> Vec<String> {
        name_words(text).into_iter().filter(|word| PLACES.contains(&word.as_str())).collect()
    };
    let form = |text: &str| -> String {
        let folded = deunicode::deunicode(text).to_lowercase().replace('.', "");
        let all: Vec<&str> =
            folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let kept = name_words(text).len().min(all.len());
        all[kept..].concat()
    };
    let (left, right) = (form(one), form(other));
    place(one) != place(other)
        || (!left.is_empty()
            && !right.is_empty()
            && name_words(one) == name_words(other)
            && left != right
            && plain_form(&left) != plain_form(&right))
}

/// Forms that are written in several ways in one country.
fn plain_form(form: &str) -> &str {
    match form {
        "inc" | "incorporated" | "corp" | "corporation" | "co" | "company" | "llc" | "lp" | "llp" => "us",
        "ltd" | "limited" | "plc" => "ltd",
        other => other,
    }
}

/// Whether a name is one that people give to test records: every word is a marker or filling, and one is a marker.
pub fn is_test_name(name: &str) -> bool {
    const MARKERS: &[&str] = &[
        "test", "tests", "testing", "tester", "demo", "dummy", "sandbox", "asdf", "qa", "staging", "e2e", "zztest",
        "xxx", "foobar",
    ];
    const FILLING: &[&str] = &[
        "account",
        "accounts",
        "company",
        "co",
        "customer",
        "org",
        "organization",
        "organisation",
        "tenant",
        "do",
        "not",
        "use",
        "delete",
        "me",
        "please",
        "internal",
        "only",
        "for",
        "the",
        "my",
        "a",
        "user",
        "workspace",
        "team",
        "inc",
        "data",
        "env",
        "record",
        "ignore",
        "this",
        "new",
        "old",
        "foo",
        "bar",
        "dev",
        "import",
        "check",
        "zz",
        "llc",
        "ltd",
    ];
    let mut marked = false;
    let mut all = true;
    for word in name.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        if MARKERS.contains(&word) || MARKERS.contains(&bare) || word == "zz" {
            marked = true;
        } else if !bare.is_empty() && !FILLING.contains(&bare) {
            all = false;
        }
    }
    marked && all
}

/// Whether a domain is reserved for examples and tests (RFC 2606, RFC 6761).
pub fn is_reserved(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or("");
    ["test", "invalid", "localhost", "example"].contains(&last)
        || ["example.com", "example.org", "example.net"].contains(&domain)
}
