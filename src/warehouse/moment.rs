//! How is a moment written, and which text is one?
//!
//! One form everywhere: `2026-01-05 12:00:00.5` in UTC, up to six decimals without trailing zeros, as
//! [`super::Dialect::text`] writes it.

use std::fmt::Write;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// Microseconds since 1970 as text. The largest and smallest values are the engines' `infinity` and `-infinity`.
#[must_use]
pub fn timestamp_text(micros: i64) -> String {
    if let Some(word) = infinite(micros == i64::MAX, micros <= -i64::MAX) {
        return word;
    }
    let (day, within) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000));
    let (seconds, fraction) = (within / 1_000_000, within % 1_000_000);
    let mut text = civil_text(day);
    // Writing to a string cannot fail.
    let _ = write!(text, " {:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if fraction > 0 {
        text.push_str(format!(".{fraction:06}").trim_end_matches('0'));
    }
    text
}

/// Days since 1970 as `2026-01-05`.
#[must_use]
pub fn date_text(days: i32) -> String {
    infinite(days == i32::MAX, days <= -i32::MAX).unwrap_or_else(|| civil_text(i64::from(days)))
}

fn infinite(positive: bool, negative: bool) -> Option<String> {
    match (positive, negative) {
        (true, _) => Some("infinity".to_owned()),
        (_, true) => Some("-infinity".to_owned()),
        _ => None,
    }
}

/// Days since 1970 as year, month and day of the proleptic Gregorian calendar, over eras of 400 years that begin in March
/// (the algorithm of Howard Hinnant's `civil_from_days`).
fn civil_text(days: i64) -> String {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Reads `2026-01-05` of the years 1 to 9999 as days since 1970.
#[must_use]
pub fn parse_date(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let day = civil_date(bytes)?;
    let micros = DateTime::from_parts(day, Time::midnight()).to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond();
    i32::try_from(micros.div_euclid(86_400_000_000)).ok()
}

/// Reads ISO 8601 with a day and a time, separated by a blank or `T`, with an optional fraction of at most microseconds
/// and an optional zone (`Z`, ` UTC`, `+02`, `+0200`, `+02:00`), as microseconds since 1970 in UTC. Finer fractions are
/// read only when they are zero, because the rest would be lost.
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() < 16
        || bytes[4] != b'-'
        || bytes[7] != b'-'
        || !matches!(bytes[10], b' ' | b'T')
        || bytes[13] != b':'
    {
        return None;
    }
    let (day, hour, minute) = (civil_date(bytes)?, number(&bytes[11..13])?, number(&bytes[14..16])?);
    let mut rest = &bytes[16..];
    let (mut second, mut micros) = (0, 0);
    if rest.first() == Some(&b':') {
        second = number(rest.get(1..3)?)?;
        rest = &rest[3..];
        if rest.first() == Some(&b'.') {
            let length = rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length == 0 || length > 9 {
                return None;
            }
            let nanos = number(&rest[1..=length])? * 10_i32.pow(9 - length as u32);
            if nanos % 1_000 != 0 {
                return None;
            }
            micros = nanos / 1_000;
            rest = &rest[length + 1..];
        }
    }
    let time = Time::new(hour as i8, minute as i8, second as i8, micros * 1_000).ok()?;
    let moment = DateTime::from_parts(day, time).to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond();
    Some(moment - i64::from(offset_seconds(rest)?) * 1_000_000)
}

fn offset_seconds(zone: &[u8]) -> Option<i32> {
    let (sign, digits) = match zone {
        [] | b"Z" | b" UTC" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits {
        [_, _] => (number(digits)?, 0),
        [_, _, b':', _, _] => (number(&digits[..2])?, number(&digits[3..])?),
        [_, _, _, _] => (number(&digits[..2])?, number(&digits[2..])?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn civil_date(bytes: &[u8]) -> Option<Date> {
    let year = number(&bytes[..4])?;
    let (month, day) = (number(&bytes[5..7])?, number(&bytes[8..10])?);
    if year == 0 { None } else { Date::new(year as i16, month as i8, day as i8).ok() }
}

fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0_i32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i32::from(byte - b'0')))
}
