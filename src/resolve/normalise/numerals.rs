//! How are the numbers and countries inside a name spelt in one way?

/// Numbers and countries in one spelling: `first`, `1st` and `1` meet, `forty-four` and `44`, `iii` and `3`, `us` and
/// `united states`.
pub(super) fn spell_out(tokens: &[String]) -> Vec<String> {
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
pub(super) fn number_word(word: &str) -> Option<u32> {
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

/// Whether [`spell_out`] may change a word: the rest need not be looked at.
pub(super) fn is_spelt_out(word: &str) -> bool {
    number_word(word).is_some() || matches!(word, "us" | "usa" | "united" | "great")
}
