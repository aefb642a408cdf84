//! Which day does a text mean?

/// A date as eight digits `YYYYMMDD`, kept as written even when the day does not exist, so that a typing error in one
/// digit stays one digit away.
pub type DateDigits = [u8; 8];

/// Reads a date: ISO (`1971-06-24`, also with a time behind), compact (`19710624`), day or month first with a four-digit
/// year (`24/06/1971`; month first only where the second number is above 12), and month names (`24 Jun 1971`).
///
/// `None` for anything else.
#[must_use]
pub fn date_digits(text: &str) -> Option<DateDigits> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit) {
        return if plausible_year(&bytes[..4]) { bytes.try_into().ok() } else { None };
    }
    let mut numbers = [(0u32, 0usize); 3];
    let mut count = 0;
    let mut month_name = None;
    for part in text.split(|character: char| !character.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        if count == 3 {
            break;
        }
        if part.bytes().all(|byte| byte.is_ascii_digit()) && part.len() <= 4 {
            numbers[count] = (part.parse().ok()?, part.len());
            count += 1;
        } else if let Some(month) = month_of(part) {
            month_name = Some(month);
        } else if count == 2
            && part.len() > 2
            && part.as_bytes()[..2].iter().all(u8::is_ascii_digit)
            && part.contains(['T', 't'])
        {
            numbers[count] = (part[..2].parse().ok()?, 2);
            count += 1;
        } else {
            return None;
        }
    }
    let (year, month, day) = match (count, month_name) {
        (3, None) if numbers[0].1 == 4 => (numbers[0].0, numbers[1].0, numbers[2].0),
        (3, None) if numbers[2].1 == 4 && numbers[1].0 > 12 => (numbers[2].0, numbers[0].0, numbers[1].0),
        (3, None) if numbers[2].1 == 4 => (numbers[2].0, numbers[1].0, numbers[0].0),
        (2, Some(month)) if numbers[0].1 == 4 => (numbers[0].0, month, numbers[1].0),
        (2, Some(month)) if numbers[1].1 == 4 => (numbers[1].0, month, numbers[0].0),
        _ => return None,
    };
    if month > 99 || day > 99 {
        return None;
    }
    let mut out = [b'0'; 8];
    for (at, digit) in format!("{year:04}{month:02}{day:02}").bytes().take(8).enumerate() {
        out[at] = digit;
    }
    Some(out)
}

fn plausible_year(digits: &[u8]) -> bool {
    matches!(digits, [b'0'..=b'2', ..])
}

fn month_of(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.to_ascii_lowercase();
    if lower.len() < 3 {
        return None;
    }
    MONTHS.iter().position(|month| lower.starts_with(month)).map(|at| at as u32 + 1)
}
