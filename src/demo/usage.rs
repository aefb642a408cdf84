//! How much is the product used, on which days?

use crate::error::Result;

use super::calendar::{DAY, stamp, weekday};
use super::dice::Dice;
use super::drift::{DELIVERED_TWICE, LOST_EVENT, NEW_EVENT, VOLUME_LEFT};
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
        let mut count = (mean * dice.between(60, 140) / 100 + dice.between(0, 99)) / 100;
        if ago < -4 {
            count = (0..count).filter(|_| dice.below(100) < VOLUME_LEFT).count() as i64;
        }
        for _ in 0..count {
            let at = midnight + dice.between(8 * 3600, 18 * 3600) - hours * 3600;
            let visitor = dice.among(visitors);
            if !visitor.seen[usize::from(second)] {
                continue;
            }
            let row = track(dice, visitor, group, at, second);
            if !second {
                world.out.track.first(&row)?;
            }
            if second && dice.chance(DELIVERED_TWICE) {
                world.out.track.second(row.clone())?;
            }
            world.out.track.second(row)?;
        }
    }
    Ok(())
}

fn track(dice: &mut Dice, visitor: &Visitor, group: &str, at: i64, second: bool) -> Track {
    let weights = EVENTS.map(|(_, weight)| weight);
    let (mut event, mut text) = EVENTS[dice.weighted(&weights)].0;
    if second && (event == LOST_EVENT.0 || dice.chance(30)) {
        (event, text) = NEW_EVENT;
    }
    let lag = dice.between(0, 3);
    let time = stamp(at);
    Track {
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
    }
}
