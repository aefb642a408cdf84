//! What day or moment does this text mean?

use crate::model::cell::{DAY_MICROS, Day, Moment};

/// Reads a moment: ISO 8601 with a blank or `T`, with or without seconds, fraction and offset; a bare day is its beginning in
/// UTC; ten to sixteen digits are seconds, milliseconds or microseconds since 1970; `12/31/2026` when only one reading is possible.
#[must_use]
pub fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if bytes.iter().all(u8::is_ascii_digit) && (10..=16).contains(&bytes.len()) {
        let number: i64 = text.parse().ok()?;
        return Some(Moment(match bytes.len() {
            10 | 11 => number.checked_mul(1_000_000)?,
            12..=14 => number.checked_mul(1_000)?,
            _ => number,
        }));
    }
    let Some(date) = iso_day(text) else { return spelt_day(text).map(Day::start) };
    let mut rest = &text[10..];
    if rest.is_empty() {
        return Some(date.start());
    }
    rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
    let hour = two(rest)?;
    let minute = two(rest.get(2..)?.strip_prefix(':')?)?;
    rest = rest.get(5..)?;
    let mut second = 0;
    let mut micros = 0;
    if let Some(after) = rest.strip_prefix(':') {
        second = two(after)?;
        rest = after.get(2..)?;
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return None;
            }
            for position in 0..6 {
                let digit = if position < digits { after.as_bytes()[position] - b'0' } else { 0 };
                micros = micros * 10 + i64::from(digit);
            }
            rest = after.get(digits..)?;
        }
    }
    if hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute, second) != (0, 0)) {
        return None;
    }
    let within = ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros;
    let local = i64::from(date.0).checked_mul(DAY_MICROS)?.checked_add(within)?;
    Some(Moment(local - offset(rest.trim())?))
}

/// Reads a day, also out of a moment.
#[must_use]
pub fn day(text: &str) -> Option<Day> {
    moment(text).map(Moment::day)
}

fn two(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let (tens, ones) = (*bytes.first()?, *bytes.get(1)?);
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

fn iso_day(text: &str) -> Option<Day> {
    let bytes = text.as_bytes();
    if bytes.len() < 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_char_boundary(10) {
        return None;
    }
    let year: i16 = text.get(..4)?.parse().ok()?;
    let month = two(text.get(5..7)?)?;
    let day = two(text.get(8..10)?)?;
    Day::from_date(year, month as i8, day as i8)
}

/// `12/31/2026` and `31.12.2026`: only when a number above 12 says which is the day, or a point says that the day comes first.
fn spelt_day(text: &str) -> Option<Day> {
    let first = text.split([' ', 'T']).next()?;
    let separator = first.chars().find(|character| !character.is_ascii_digit())?;
    let parts: Vec<&str> = first.split(separator).collect();
    let [one, two, year] = parts[..] else { return None };
    if year.len() != 4 || !matches!(separator, '/' | '.' | '-') {
        return None;
    }
    let (one, two, year): (i8, i8, i16) = (one.parse().ok()?, two.parse().ok()?, year.parse().ok()?);
    let (month, day) = match (one, two) {
        (day, month) if separator == '.' || day > 12 => (month, day),
        (month, day) if day > 12 || month == day => (month, day),
        _ => return None,
    };
    Day::from_date(year, month, day)
}

/// Microseconds east of UTC; no offset counts as UTC.
fn offset(text: &str) -> Option<i64> {
    if text.is_empty() || text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return Some(0);
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let hours = two(rest)?;
    let after = rest.get(2..)?;
    let minutes = if after.is_empty() { 0 } else { two(after.strip_prefix(':').unwrap_or(after))? };
    Some(sign * (hours * 60 + minutes) * 60_000_000)
}
