//! How are numbers, money and times said on a screen?

use jiff::Timestamp;

use crate::snapshot::PairRow;

/// Whether a pair is asked for a reason, perhaps among others.
#[must_use]
pub fn has_reason(row: &PairRow, reason: &str) -> bool {
    row.reason.split('+').any(|known| known == reason)
}

/// A count with a thin mark every three digits: `1 234 567`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// A count and its noun: `1 pair`, `2 pairs`.
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// An amount in few columns: `84.2k USD`.
#[must_use]
pub fn money(amount: f64, currency: Option<&str>) -> String {
    let size = amount.abs();
    let (scaled, unit) = match size {
        _ if size >= 999_950_000.0 => (amount / 1e9, "bn"),
        _ if size >= 999_950.0 => (amount / 1e6, "m"),
        _ if size >= 1_000.0 => (amount / 1e3, "k"),
        _ => (amount, ""),
    };
    let number = if unit.is_empty() && size.fract() < 0.005 || scaled.abs() >= 100.0 {
        format!("{scaled:.0}")
    } else {
        format!("{scaled:.1}")
    };
    match currency {
        Some(code) => format!("{number}{unit} {code}"),
        None => format!("{number}{unit}"),
    }
}

/// Bits with their sign, one decimal: `+4.2`, `−1.5`.
#[must_use]
pub fn bits(weight: f64) -> String {
    let rounded = (weight * 10.0).round() / 10.0;
    if rounded < 0.0 { format!("−{:.1}", -rounded) } else { format!("+{:.1}", rounded.abs()) }
}

/// A share in percent that never says 100 % or 0 % when it is not quite.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let exact = part as f64 * 100.0 / whole as f64;
    match exact.round() as u64 {
        100 if part < whole => ">99%".to_owned(),
        0 if part > 0 => "<1%".to_owned(),
        rounded => format!("{rounded}%"),
    }
}

/// How long ago, in one unit: `just now`, `12 min ago`, `3 days ago`; the text itself when it is no time.
#[must_use]
pub fn ago(then: &str, now: Timestamp) -> String {
    match then.parse::<Timestamp>() {
        Ok(then) => ago_of(then, now),
        Err(_) => match parse_loosely(then) {
            Some(then) => ago_of(then, now),
            None => then.to_owned(),
        },
    }
}

/// Warehouses write times without a zone or with a blank; they are read as UTC.
fn parse_loosely(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let time: jiff::civil::DateTime =
        text.parse().or_else(|_| text.trim_end_matches("+00").trim_end_matches("UTC").trim().parse()).ok()?;
    time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// How long ago, in one unit.
#[must_use]
pub fn ago_of(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - then.as_second();
    if seconds < -60 {
        return "in the future".to_owned();
    }
    match seconds {
        ..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..172_800 => format!("{} h ago", seconds / 3_600),
        172_800..5_184_000 => format!("{} days ago", seconds / 86_400),
        _ => format!("{} months ago", seconds / 2_592_000),
    }
}

/// How long ago in few columns: `3h`, `12d`; empty when it is no time.
#[must_use]
pub fn age(then: &str, now: Timestamp) -> String {
    let Some(then) = then.parse::<Timestamp>().ok().or_else(|| parse_loosely(then)) else { return String::new() };
    match now.as_second() - then.as_second() {
        ..3_600 => "fresh".to_owned(),
        seconds @ 3_600..172_800 => format!("{}h", seconds / 3_600),
        seconds @ 172_800..5_184_000 => format!("{}d", seconds / 86_400),
        seconds => format!("{}mo", seconds / 2_592_000),
    }
}

/// How long, in one or two units: `40 s`, `12 min`, `3 h 20 min`.
#[must_use]
pub fn duration(seconds: u64) -> String {
    match seconds {
        ..90 => format!("{seconds} s"),
        90..5_400 => format!("{} min", (seconds + 30) / 60),
        5_400..172_800 => format!("{} h {:02} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// A moment as `2026-03-01 14:05` in the person's own zone, or the text itself when it is no time.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}
