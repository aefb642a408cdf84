//! Which telephone line is this number?

use phonenumber::{Mode, country};

/// A number in E.164 form (`+41446681800`), read with a country for numbers written without one.
///
/// `None` when it is no possible number of its numbering plan.
#[must_use]
pub fn phone(text: &str, country_hint: Option<&str>) -> Option<String> {
    let hint = country_hint.and_then(|code| code.parse::<country::Id>().ok());
    let parsed = phonenumber::parse(hint, text).ok()?;
    parsed.is_valid().then(|| parsed.format().mode(Mode::E164).to_string())
}

/// The digits that identify a line inside its region: at most the last nine, without extension.
///
/// `"+1 (617) 384-7579 x12"` and `"617.384.7579"` both give `173847579` after the last nine digits `173847579`; numbers of
/// fewer than five digits give `None`. It is cheap, and equal for national and international spellings.
#[must_use]
pub fn phone_key(text: &str) -> Option<String> {
    // What follows `x`, `ext`, `#` or `;` is an extension.
    let main = text.split(['x', 'X', '#', ';']).next().unwrap_or_default();
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 5 {
        return None;
    }
    let repeated = digits.bytes().all(|byte| byte == digits.as_bytes()[0]);
    if repeated {
        return None;
    }
    let start = digits.len().saturating_sub(9);
    Some(digits[start..].to_owned())
}
