//! What shape does a value have?
//!
//! Every value has exactly one shape, the most telling one. The tests are plain byte scans, because a profile runs them
//! on every cell it samples.

use crate::warehouse::ColumnType;

/// ISO 4217 codes in use for invoices.
const CURRENCIES: &[&str] = &[
    "aed", "ars", "aud", "bgn", "brl", "cad", "chf", "clp", "cny", "cop", "czk", "dkk", "egp", "eur", "gbp", "hkd",
    "hrk", "huf", "idr", "ils", "inr", "isk", "jpy", "krw", "kwd", "mad", "mxn", "myr", "ngn", "nok", "nzd", "pen",
    "php", "pkr", "pln", "qar", "ron", "rsd", "rub", "sar", "sek", "sgd", "thb", "try", "twd", "uah", "usd", "uyu",
    "vnd", "zar",
];

/// ISO 3166-1 alpha-2 codes.
const COUNTRIES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCO\
    CRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISIT\
    JEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZ\
    OMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUM\
    USUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

/// The shape of one non-empty value, in the words of [`crate::chart::source_map::ColumnProfile::formats`].
#[must_use]
pub fn format_of(value: &str, kind: ColumnType) -> String {
    match kind {
        ColumnType::Integer => "integer".to_owned(),
        ColumnType::Float | ColumnType::Decimal => "decimal".to_owned(),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::Timestamp => "timestamp".to_owned(),
        ColumnType::Json => "json".to_owned(),
        ColumnType::Text | ColumnType::Other => of_text(value.trim()),
    }
}

fn of_text(value: &str) -> String {
    if let Some(prefix) = id_prefix(value) {
        return format!("prefix:{prefix}");
    }
    let name = if is_boolean(value) {
        "boolean"
    } else if is_integer(value) {
        "integer"
    } else if is_decimal(value) {
        "decimal"
    } else if is_email(value) {
        "email"
    } else if is_uuid(value) {
        "uuid"
    } else if is_salesforce_18(value) {
        "salesforce_id_18"
    } else if is_salesforce_15(value) {
        "salesforce_id_15"
    } else if let Some(shape) = moment(value) {
        shape
    } else if is_json(value) {
        "json"
    } else if is_url(value) {
        "url"
    } else if is_domain(value) {
        "domain"
    } else if is_phone(value) {
        "phone"
    } else if is_currency(value) {
        "currency_code"
    } else if is_country(value) {
        "country_code"
    } else {
        "text"
    };
    name.to_owned()
}

fn is_boolean(value: &str) -> bool {
    ["true", "false", "t", "f", "yes", "no"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn is_integer(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    digits.split_once(['.', ',']).is_some_and(|(whole, part)| {
        !part.is_empty() && whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a text has the shape of an e-mail address.
#[must_use]
pub fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !value.contains(char::is_whitespace) && !domain.contains('@') && is_domain(domain)
    })
}

fn is_uuid(value: &str) -> bool {
    value.len() == 36
        && value
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// The 15 characters that name a Salesforce record: letters' case counts. The first is 0 or a, digits and letters mix.
#[must_use]
pub fn is_salesforce_15(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() == 15
        && matches!(bytes[0], b'0' | b'a')
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes[3..].iter().any(u8::is_ascii_alphabetic)
        && bytes[..6].iter().any(u8::is_ascii_digit)
}

/// The 18 characters: the 15, and three more from A to Z and 0 to 5 that hold the case of the letters, so that they survive
/// a comparison that ignores it. Whether the three are the right ones is not asked: a mistyped id is still an id.
#[must_use]
pub fn is_salesforce_18(value: &str) -> bool {
    value.is_ascii()
        && value.len() == 18
        && is_salesforce_15(&value[..15])
        && value[15..].bytes().all(|byte| byte.is_ascii_uppercase() || (b'0'..=b'5').contains(&byte))
}

/// Ids such as `cus_9s6XKzkNRiz8i3`: a short lower-case word, an underscore, and then only letters and digits with at
/// least one digit or capital.
fn id_prefix(value: &str) -> Option<&str> {
    let at = value.rfind('_')?;
    let (prefix, rest) = (&value[..=at], &value[at + 1..]);
    let word = prefix.len() <= 12 && prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let random = rest.len() >= 8
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && rest.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    (at > 0 && word && random).then_some(prefix)
}

fn moment(value: &str) -> Option<&'static str> {
    let bytes = value.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let day = bytes.len() >= 10
        && (0..4).all(digit)
        && matches!(bytes[4], b'-' | b'/')
        && bytes[4] == bytes[7]
        && [5, 6, 8, 9].into_iter().all(digit);
    if day {
        if bytes.len() == 10 {
            return Some("date");
        }
        let clock = matches!(bytes[10], b' ' | b'T') && digit(11) && digit(12) && bytes.get(13) == Some(&b':');
        return clock.then_some("timestamp");
    }
    // 31.12.2025 and 12/31/2025.
    let parts: Vec<&str> = value.split(['.', '/']).collect();
    let dated = parts.len() == 3
        && parts[2].len() == 4
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && parts[0].len() <= 2
        && parts[1].len() <= 2;
    dated.then_some("date")
}

fn is_json(value: &str) -> bool {
    let closed = (value.starts_with('{') && value.ends_with('}')) || (value.starts_with('[') && value.ends_with(']'));
    closed && value.len() <= 1_000_000 && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok()
}

fn is_url(value: &str) -> bool {
    let lower = value.get(..8).map(str::to_lowercase).unwrap_or_default();
    let rest = if lower.starts_with("https://") {
        &value[8..]
    } else if lower.starts_with("http://") {
        &value[7..]
    } else {
        let Some((host, _)) = value.split_once('/') else { return false };
        return is_domain(host);
    };
    rest.split(['/', '?', '#', ':']).next().is_some_and(is_domain)
}

/// Whether a text has the shape of a host name with a top-level domain.
#[must_use]
pub fn is_domain(value: &str) -> bool {
    let Some((_, last)) = value.rsplit_once('.') else { return false };
    value.len() <= 253
        && last.chars().count() >= 2
        && last.chars().all(char::is_alphabetic)
        && value.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
        })
}

fn is_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    (7..=18).contains(&digits)
        && value.chars().all(|letter| letter.is_ascii_digit() || " +-./()x".contains(letter))
        && value.starts_with(['+', '(', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
}

fn is_currency(value: &str) -> bool {
    value.len() == 3 && CURRENCIES.iter().any(|code| value.eq_ignore_ascii_case(code))
}

fn is_country(value: &str) -> bool {
    value.len() == 2
        && value.bytes().all(|byte| byte.is_ascii_uppercase())
        && COUNTRIES.as_bytes().chunks(2).any(|code| code == value.as_bytes())
}
