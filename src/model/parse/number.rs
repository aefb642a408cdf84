//! What truth or whole number does this text mean?

/// Reads a truth: `true`, `t`, `yes`, `y`, `1`, `on` and their opposites, in any case.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    let text = text.trim();
    for (words, truth) in [(["true", "t", "yes", "y", "1", "on"], true), (["false", "f", "no", "n", "0", "off"], false)]
    {
        if words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
            return Some(truth);
        }
    }
    None
}

/// Reads a whole number: also `1,200`, `250.0`, and the lower end of a range such as `51-200` or `1000+`.
#[must_use]
pub fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return Some(number);
    }
    let text = text.trim_end_matches('+').trim_end();
    let lower = match text.split_once(['-', '\u{2013}']) {
        Some((lower, upper)) if !lower.trim().is_empty() => {
            super::money(upper)?;
            lower.trim()
        }
        _ => text,
    };
    let amount = super::money(lower)?;
    let scale = super::super::cell::Amount::SCALE;
    (amount.0 % scale == 0).then_some(amount.0 / scale).and_then(|number| i64::try_from(number).ok())
}
