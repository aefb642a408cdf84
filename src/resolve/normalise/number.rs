//! Which number does a text mean?

/// Reads a number or an amount of money: currency signs, thousands marks and percent signs are skipped; the last of
/// `.` and `,` is the decimal mark unless three digits follow a single comma.
///
/// `"$1,299.00"` is 1299, `"1.299,50 EUR"` is 1299.5, `"(12)"` is -12. `None` for text without digits or with words.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let trimmed = text.trim();
    let negative = trimmed.starts_with('-') || (trimmed.starts_with('(') && trimmed.ends_with(')'));
    let letters = trimmed.chars().filter(|character| character.is_alphabetic()).count();
    if letters > 3 {
        return None;
    }
    let kept: String =
        trimmed.chars().filter(|character| character.is_ascii_digit() || matches!(character, '.' | ',')).collect();
    let kept = kept.trim_matches(['.', ',']);
    if !kept.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (dot, comma) = (kept.rfind('.'), kept.rfind(','));
    let decimal = match (dot, comma) {
        (Some(dot), Some(comma)) => Some(dot.max(comma)),
        (Some(dot), None) if kept.matches('.').count() == 1 => Some(dot),
        (None, Some(comma)) if kept.matches(',').count() == 1 && kept.len() - comma != 4 => Some(comma),
        _ => None,
    };
    let mut plain = String::with_capacity(kept.len());
    for (at, character) in kept.char_indices() {
        if character.is_ascii_digit() {
            plain.push(character);
        } else if Some(at) == decimal {
            plain.push('.');
        }
    }
    let value: f64 = plain.parse().ok()?;
    Some(if negative { -value } else { value })
}
