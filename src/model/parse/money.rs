//! What amount does this text mean, and what is it a month?

use crate::model::cell::Amount;

/// Reads an amount: digits with an optional sign, separators of thousands, a decimal point or comma, a currency sign or
/// code around it, parentheses for a debt, or scientific notation. None when it is not clearly an amount.
#[must_use]
pub fn money(text: &str) -> Option<Amount> {
    let text = text.trim();
    let (text, negative) = match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (text, false),
    };
    if let Some(amount) = scientific(text) {
        return Some(if negative { Amount(-amount.0) } else { amount });
    }
    let mut digits = String::with_capacity(text.len());
    let mut minus = negative;
    let mut letters = String::new();
    for character in text.chars() {
        match character {
            '0'..='9' | '.' | ',' => digits.push(character),
            '-' | '\u{2212}' if digits.is_empty() && !minus => minus = true,
            '+' if digits.is_empty() => {}
            ' ' | '\u{a0}' | '\u{202f}' | '\'' | '_' => {}
            '$' | '€' | '£' | '¥' | '₹' => {}
            letter if letter.is_alphabetic() => letters.push(letter),
            _ => return None,
        }
    }
    if !letters.is_empty() && letters.chars().count() != 3 {
        return None;
    }
    let plain = decimal_point(&digits)?;
    let amount = exact(&plain)?;
    Some(if minus { Amount(-amount.0) } else { amount })
}

fn scientific(text: &str) -> Option<Amount> {
    let looks = text.contains(['e', 'E'])
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if !looks {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    let scaled = (number * Amount::SCALE as f64).round();
    (scaled.abs() < 1e30).then_some(Amount(scaled as i128))
}

/// Takes away separators of thousands and leaves `.` for decimals. A single separator before exactly three digits is one of
/// thousands only when it is a comma: engines write `1.234` for a decimal.
fn decimal_point(digits: &str) -> Option<String> {
    let commas = digits.matches(',').count();
    let points = digits.matches('.').count();
    let last_comma = digits.rfind(',');
    let last_point = digits.rfind('.');
    match (commas, points) {
        (0, 0 | 1) => Some(digits.to_owned()),
        (1, 0) => {
            let at = last_comma?;
            if digits.len() - at - 1 == 3 && at > 0 {
                Some(digits.replace(',', ""))
            } else {
                Some(digits.replace(',', "."))
            }
        }
        (_, 0) => grouped(digits, ',').then(|| digits.replace(',', "")),
        (0, _) => grouped(digits, '.').then(|| digits.replace('.', "")),
        (_, 1) if last_point > last_comma => {
            let at = last_point?;
            grouped(&digits[..at], ',').then(|| digits.replace(',', ""))
        }
        (1, _) if last_comma > last_point => {
            let at = last_comma?;
            grouped(&digits[..at], '.').then(|| digits.replace('.', "").replace(',', "."))
        }
        _ => None,
    }
}

/// Whether the text is groups of three digits, or of two as in Indian numbers, with three at the end.
fn grouped(text: &str, separator: char) -> bool {
    let groups: Vec<&str> = text.split(separator).collect();
    let last = groups.len() - 1;
    groups.iter().enumerate().all(|(position, group)| match position {
        0 => (1..=3).contains(&group.len()),
        position if position == last => group.len() == 3,
        _ => group.len() == 3 || group.len() == 2,
    })
}

fn exact(plain: &str) -> Option<Amount> {
    let (whole, rest) = plain.split_once('.').unwrap_or((plain, ""));
    if whole.is_empty() && rest.is_empty() {
        return None;
    }
    let units: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut millionths: i128 = 0;
    for position in 0..6 {
        millionths = millionths * 10 + rest.as_bytes().get(position).map_or(0, |byte| i128::from(byte - b'0'));
    }
    if rest.as_bytes().get(6).is_some_and(|byte| *byte >= b'5') {
        millionths += 1;
    }
    Some(Amount(units.checked_mul(Amount::SCALE)?.checked_add(millionths)?))
}

/// How long one price covers, as months = numerator / denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Months times the denominator.
    pub numerator: i128,
    /// What the numerator is divided by.
    pub denominator: i128,
}

impl Period {
    /// One month.
    pub const MONTH: Self = Self { numerator: 1, denominator: 1 };

    /// Reads `month`, `year`, `Semi_Annual`, `3 months` and the like, repeated `count` times.
    #[must_use]
    pub fn read(text: &str, count: i64) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let spelt: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        let number: String = text.chars().filter(char::is_ascii_digit).collect();
        let count = i128::from(count.max(1)) * number.parse::<i128>().unwrap_or(1).clamp(1, 1000);
        let spelt = spelt.trim_start_matches("specific");
        let (numerator, denominator) = match spelt.strip_suffix("ly").unwrap_or(spelt) {
            "month" | "months" | "mon" | "m" | "mo" => (1, 1),
            "year" | "years" | "annual" | "annum" | "y" | "yr" => (12, 1),
            "quarter" | "quarters" | "q" => (3, 1),
            "semiannual" | "halfyear" | "semester" => (6, 1),
            "biennial" | "twoyears" => (24, 1),
            "week" | "weeks" | "w" => (12, 52),
            "day" | "days" | "dai" | "d" => (12, 365),
            _ => return None,
        };
        Some(Self { numerator: numerator * count, denominator })
    }

    /// Guesses from the days between the ends of a billed period.
    #[must_use]
    pub fn from_days(days: i64) -> Option<Self> {
        let months = match days {
            27..=32 => 1,
            58..=63 => 2,
            88..=93 => 3,
            178..=186 => 6,
            360..=370 => 12,
            725..=735 => 24,
            1090..=1100 => 36,
            _ => return None,
        };
        Some(Self { numerator: months, denominator: 1 })
    }

    /// What an amount for this period is a month.
    #[must_use]
    pub fn monthly(self, amount: Amount) -> Option<Amount> {
        amount.scaled(self.denominator, self.numerator)
    }

    /// What an amount for this period is a year: not twelve times the rounded month.
    #[must_use]
    pub fn yearly(self, amount: Amount) -> Option<Amount> {
        amount.scaled(self.denominator.checked_mul(12)?, self.numerator)
    }

    /// The period in words: `month`, `year`, `3 months`.
    #[must_use]
    pub fn words(self) -> String {
        match (self.numerator, self.denominator) {
            (1, 1) => "month".to_owned(),
            (12, 1) => "year".to_owned(),
            (12, 52) => "week".to_owned(),
            (12, 365) => "day".to_owned(),
            (months, 1) => format!("{months} months"),
            (numerator, 52) => format!("{} weeks", numerator / 12),
            (numerator, _) => format!("{} days", numerator / 12),
        }
    }
}
