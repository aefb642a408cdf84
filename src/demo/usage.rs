//! How much is the product used, on which days?

use crate::error::Result;

use super::Week;
use super::calendar::{DAY, stamp, weekday};
use super::dice::Dice;
use super::drift::{DELIVERED_TWICE, LOST_EVENT, NEW_EVENT, Strength, VOLUME_LEFT, percentile};
use super::rows::Track;
use super::truth::Seen;
use super::world::World;

/// Events and how often they happen.
const EVENTS: [((&str, &str), usize); 9] = [
    (("signed_in", "Signed In"), 16),
    (("dashboard_viewed", "Dashboard Viewed"), 34),
    (("query_run", "Query Run"), 24),
    (("report_exported", "Report Exported"), 8),
    (("filter_saved", "Filter Saved"), 6),
    (LOST_EVENT, 5),
    (("alert_created", "Alert Created"), 3),
    (("integration_connected", "Integration Connected"), 2),
    (("invite_sent", "Invite Sent"), 2),
];
/// Events of a weekday, Monday first, against a hundred on average.
const WEEK: [i64; 7] = [126, 134, 132, 130, 118, 32, 28];
/// Days before the first extract that have events.
pub(super) const DAYS: i64 = 56;

/// A browser of a product user.
#[derive(Debug)]
pub(super) struct Visitor {
    pub(super) user: String,
    pub(super) anonymous: String,
    /// In which weeks the user is there.
    pub(super) seen: Seen,
}

/// Writes the events of one workspace: `total` over eight weeks, and another week of them.
pub(super) fn events(
    world: &mut World,
    dice: &mut Dice,
    group: &str,
    visitors: &[Visitor],
    hours: i64,
    total: i64,
) -> Result<()> {
    if visitors.is_empty() || total == 0 {
        return Ok(());
    }
    let calendar = world.calendar;
    for ago in (-7..DAYS).rev() {
        let midnight = calendar.today - (ago + 1) * DAY;
        // Hundredths of the day's mean; the rest of a whole event comes by chance.
        let mean = total * WEEK[weekday(midnight)] / DAYS;
        let second = ago < 0;
        let full = (mean * dice.between(60, 140) / 100 + dice.between(0, 99)) / 100;
        let mut count = full;
        if ago < -4 {
            count = (0..full).filter(|_| dice.below(100) < VOLUME_LEFT).count() as i64;
        }
        for place in 0..count {
            let at = midnight + dice.between(8 * 3600, 18 * 3600) - hours * 3600;
            let visitor = dice.among(visitors);
            if !visitor.seen[usize::from(second)] {
                continue;
            }
            let (row, before) = track(dice, visitor, group, at, second);
            if !second {
                world.out.track.first(&row)?;
                world.out.track.second(row)?;
                continue;
            }
            let twice = dice.chance(DELIVERED_TWICE);
            // However strong the drift is, the dice fall the same: the rest of the company does not change.
            if place < wanted(world, group, [full, count], ago) {
                deliver(world, row, before, twice)?;
            }
        }
        if second {
            let mut more = Dice::new(0, group, ago.unsigned_abs());
            for _ in count..wanted(world, group, [full, count], ago) {
                let at = midnight + more.between(8 * 3600, 18 * 3600) - hours * 3600;
                let visitor = more.among(visitors);
                if visitor.seen[1] {
                    let (row, before) = track(&mut more, visitor, group, at, true);
                    deliver(world, row, before, false)?;
                }
            }
        }
    }
    Ok(())
}

/// How many events a day of the second week has that would have `full` of them, and `count` when the drift is clear.
fn wanted(world: &World, group: &str, [full, count]: [i64; 2], ago: i64) -> i64 {
    let Week { strength, growth } = world.week;
    let left = match strength {
        // The clear drift has thinned the events out by chance already.
        Strength::Clear if ago < -4 => return count,
        strength if ago < -4 => strength.volume_left(),
        _ => 100,
    };
    // The rest of a whole event comes by chance.
    let chance = percentile(&format!("{group} {ago}"));
    (full * ((100 + growth) * left) as i64 / 100 + chance as i64) / 100
}

/// Writes an event of the second week, as often and under the name that the drift gives it.
fn deliver(world: &mut World, mut row: Track, before: (&'static str, &'static str), twice: bool) -> Result<()> {
    let strength = world.week.strength;
    let chance = percentile(&row.id);
    if strength != Strength::Clear && chance >= strength.events_changed() {
        (row.event, row.event_text) = before;
    }
    let twice = match strength {
        Strength::Harmless => false,
        Strength::Faint => twice && chance * DELIVERED_TWICE < 100 * strength.delivered_twice(),
        Strength::Clear => twice,
        Strength::Gross => twice || chance * 10 < strength.delivered_twice(),
    };
    if twice {
        world.out.track.second(row.clone())?;
    }
    world.out.track.second(row)
}

/// An event, and what it would have been before the release of the second week.
fn track(
    dice: &mut Dice,
    visitor: &Visitor,
    group: &str,
    at: i64,
    second: bool,
) -> (Track, (&'static str, &'static str)) {
    let weights = EVENTS.map(|(_, weight)| weight);
    let before = EVENTS[dice.weighted(&weights)].0;
    let (mut event, mut text) = before;
    if second && (event == LOST_EVENT.0 || dice.chance(30)) {
        (event, text) = NEW_EVENT;
    }
    let lag = dice.between(0, 3);
    let time = stamp(at);
    let row = Track {
        id: format!("ajs-{}", dice.hexadecimal(32)),
        // Before signing in the product only knows the browser.
        user_id: if dice.chance(60) { String::new() } else { visitor.user.clone() },
        anonymous_id: visitor.anonymous.clone(),
        event,
        event_text: text,
        context_group_id: group.to_owned(),
        context_library_name: if dice.chance(850) { "analytics.js" } else { "analytics-node" },
        original_timestamp: time.clone(),
        sent_at: stamp(at + 1),
        received_at: stamp(at + 1 + lag),
        timestamp: time,
        uuid_ts: stamp(at + 60 + lag),
    };
    (row, before)
}
