//! When does something happen, in seconds since 1970, and how does a connector print it?

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::dice::Dice;

/// Seconds in a day.
pub(super) const DAY: i64 = 86_400;

/// The two extracts: the morning of `today`, and the same morning a week later.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    /// Midnight (UTC) of the day of the first extract.
    pub(super) today: i64,
}

impl Calendar {
    /// The calendar whose first extract happens on `today`.
    pub(super) fn new(today: Date) -> Self {
        let midnight = Offset::UTC.to_timestamp(today.to_datetime(jiff::civil::Time::midnight()));
        Self { today: midnight.map_or(0, Timestamp::as_second) }
    }

    /// The moment the first extract ends: six in the morning.
    pub(super) fn first(self) -> i64 {
        self.today + 6 * 3600
    }

    /// The moment the second extract ends, a week later.
    pub(super) fn second(self) -> i64 {
        self.first() + 7 * DAY
    }

    /// A moment of working hours between `oldest` and `newest` days ago.
    pub(super) fn ago(self, dice: &mut Dice, newest: i64, oldest: i64) -> i64 {
        self.today - dice.between(newest, oldest) * DAY + dice.between(8 * 3600, 18 * 3600)
    }

    /// When the loader last wrote a row that was last changed at `changed`: full loads happen now and then, so an
    /// old row is usually stamped by one of them.
    pub(super) fn synced(self, dice: &mut Dice, changed: i64, seen_by: i64) -> String {
        let full_loads = [0, 0, 0, 1, 2, 6, 13, 27];
        let load = self.today - dice.pick(&full_loads) * DAY + 3 * 3600 + dice.between(0, 5399);
        stamp(load.max(changed + dice.between(60, 1500)).min(seen_by))
    }
}

/// The civil time of a moment, UTC.
fn civil(seconds: i64) -> DateTime {
    Offset::UTC.to_datetime(Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// `2026-01-05 06:00:00`, as connectors land timestamps.
pub(super) fn stamp(seconds: i64) -> String {
    let time = civil(seconds);
    let mut text = date(time);
    for (sign, part) in [(' ', time.hour()), (':', time.minute()), (':', time.second())] {
        text.push(sign);
        two_digits(&mut text, part);
    }
    text
}

/// `2026-01-05`.
pub(super) fn day(seconds: i64) -> String {
    date(civil(seconds))
}

fn date(time: DateTime) -> String {
    let mut text = String::with_capacity(19);
    let year = time.year().clamp(0, 9999);
    two_digits(&mut text, (year / 100) as i8);
    two_digits(&mut text, (year % 100) as i8);
    for part in [time.month(), time.day()] {
        text.push('-');
        two_digits(&mut text, part);
    }
    text
}

fn two_digits(text: &mut String, part: i8) {
    text.push(char::from(b'0' + (part / 10) as u8));
    text.push(char::from(b'0' + (part % 10) as u8));
}

/// Monday is 0, Sunday 6.
pub(super) fn weekday(seconds: i64) -> usize {
    (seconds.div_euclid(DAY) + 3).rem_euclid(7) as usize
}
