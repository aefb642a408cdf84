//! How is a distribution drawn: scores from 0 to 100, now and in the last run?

use ratatui::layout::Rect;

use crate::plays::preview::{BARS, Preview};
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::Paint;
use crate::tui::words::count;

const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Columns of blocks from a row on, so many lines high, with an axis below; returns the row after it.
pub(super) fn distribution(paint: &mut Paint, area: Rect, row: usize, preview: &Preview, height: usize) -> usize {
    let most = preview.bars.iter().chain(&preview.bars_before).copied().max().unwrap_or(0);
    if most == 0 {
        let words = vec![paint.say("no scores", Meaning::Dim)];
        paint.line(area, row, words);
        return row + 1;
    }
    let wide = (usize::from(area.width) / BARS).clamp(1, 4);
    let compares = preview.compared_with.is_some() && preview.bars != preview.bars_before;
    for line in 0..height {
        let floor = (height - 1 - line) * 8;
        let mut words = Vec::new();
        for bar in 0..BARS {
            let level = |rows: u64| ((rows * (height * 8) as u64).div_ceil(most) as usize).saturating_sub(floor).min(8);
            let (now, before) = (level(preview.bars[bar]), level(preview.bars_before[bar]));
            // Where there were more before, the difference shows as a light block above what is there now.
            if compares && now == 0 && before > 0 {
                words.push(paint.say("░".repeat(wide), Meaning::Dim));
            } else {
                words.push(paint.say(EIGHTHS[now].to_string().repeat(wide), Meaning::Accent));
            }
        }
        paint.line(area, row + line, words);
    }
    let axis = format!("{:<width$}100", format!("0{:>half$}", "50", half = BARS * wide / 2), width = BARS * wide - 1);
    let words = vec![paint.say(axis, Meaning::Dim)];
    paint.line(area, row + height, words);
    row + height + 1
}

/// The tiers with their rows, and by how many they moved; returns the row after them.
pub(super) fn tiers(paint: &mut Paint, area: Rect, row: usize, preview: &Preview) -> usize {
    let widest = preview.tiers.iter().map(|tier| tier.tier.chars().count()).max().unwrap_or(0).max(8);
    for (place, tier) in preview.tiers.iter().enumerate() {
        let mark = if tier.fires { "! " } else { "  " };
        let meaning = if tier.fires { Meaning::Warn } else { Meaning::Text };
        let mut words = vec![
            paint.say(mark, meaning),
            paint.say(format!("{:<widest$}", crate::tui::text::clean(&tier.tier)), meaning),
            paint.say(format!(" {:>9}", count(tier.rows)), Meaning::Text),
        ];
        let moved = tier.rows as i64 - tier.before as i64;
        if preview.compared_with.is_some() && moved != 0 {
            words.push(paint.say(format!("  {moved:+}"), Meaning::Differs));
        }
        paint.line(area, row + place, words);
    }
    row + preview.tiers.len()
}

/// What a preview says in one line.
pub(super) fn summary(preview: &Preview) -> String {
    let known =
        preview.known_share.map_or_else(String::new, |share| format!(" · {:.0} % of the weight known", 100.0 * share));
    format!("{} rows, {} fire{known}", count(preview.rows), count(preview.fired_count))
}
