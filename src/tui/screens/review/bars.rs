//! The waterfall: which comparison adds how much, and do the bars sum to the weight?

use ratatui::layout::Rect;

use crate::resolve::waterfall::Bar;
use crate::tui::event::PairDetail;
use crate::tui::state::State;
use crate::tui::theme::Meaning;
use crate::tui::widgets::paint::Paint;
use crate::tui::{text, words};

/// A bar as it is drawn: where it begins and ends, and its rounded size. Sizes are rounded so that they add up to the
/// rounded weight exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What was compared.
    pub name: String,
    /// How they agree.
    pub level: String,
    /// The sum before it.
    pub from: f64,
    /// The sum after it.
    pub to: f64,
    /// Tenths of a bit, as shown.
    pub tenths: i64,
}

/// The bars of a weight, at most `most`: the rest is put together in one.
#[must_use]
pub fn steps(bars: &[Bar], most: usize) -> Vec<Step> {
    let single = if bars.len() > most { most.saturating_sub(1) } else { bars.len() };
    let mut sum = 0.0;
    let mut step = |name: String, level: String, weight: f64| {
        let from = sum;
        sum += weight;
        Step { name, level, from, to: sum, tenths: tenths(sum) - tenths(from) }
    };
    let mut steps: Vec<Step> =
        bars.iter().take(single).map(|bar| step(bar.comparison.clone(), bar.level.clone(), bar.weight)).collect();
    let rest = bars.get(single..).unwrap_or_default();
    if !rest.is_empty() {
        let weight = rest.iter().map(|bar| bar.weight).sum();
        steps.push(step(format!("{} more", rest.len()), "together".to_owned(), weight));
    }
    steps
}

/// Rounded to tenths of a bit.
#[must_use]
pub fn tenths(weight: f64) -> i64 {
    (weight * 10.0).round() as i64
}

pub(super) fn height(detail: &PairDetail, state: &State) -> usize {
    if is_hidden(detail, state) {
        return 1;
    }
    let (telling, silent) = parted(&detail.body.waterfall.bars);
    telling.len() + 1 + usize::from(!silent.is_empty())
}

/// The bars that say something, and the names of those that say nothing because a side is empty.
fn parted(bars: &[Bar]) -> (Vec<Bar>, Vec<&str>) {
    let is_silent =
        |bar: &&Bar| bar.weight == 0.0 && (bar.left.is_empty() || bar.right.is_empty()) && bar.comparison != "prior";
    let silent = bars.iter().filter(is_silent).map(|bar| bar.comparison.as_str()).collect();
    (bars.iter().filter(|bar| !is_silent(bar)).cloned().collect(), silent)
}

pub(super) fn is_hidden(detail: &PairDetail, state: &State) -> bool {
    state.setting.blind && !state.review.verdicts.contains_key(&detail.row.position)
}

pub(super) fn draw(paint: &mut Paint, area: Rect, state: &State, detail: &PairDetail) {
    let rows = area;
    let height = usize::from(rows.height);
    if is_hidden(detail, state) {
        let words = vec![paint.say("hidden until your verdict (--blind)", Meaning::Dim)];
        paint.line(rows, 0, words);
        return;
    }
    let bars = &detail.body.waterfall.bars;
    if bars.is_empty() {
        let words = vec![paint.say("the run kept no bars of this pair", Meaning::Dim)];
        paint.line(rows, 0, words);
        return;
    }
    let (telling, silent) = parted(bars);
    let last = 1 + usize::from(!silent.is_empty());
    let steps = steps(&telling, height.saturating_sub(last).max(1));
    let low = steps.iter().map(|step| step.from.min(step.to)).fold(0.0, f64::min);
    let high = steps.iter().map(|step| step.from.max(step.to)).fold(0.0, f64::max);
    let (name, level) = if rows.width >= 100 { (18, 34) } else { (15, 24) };
    let room = usize::from(rows.width).saturating_sub(name + level + 9).min(60);
    let scale = |at: f64| (((at - low) / (high - low).max(0.1)) * room as f64).round() as usize;
    for (row, step) in steps.iter().enumerate() {
        let (from, to) = (scale(step.from.min(step.to)), scale(step.from.max(step.to)));
        let (fill, meaning) = if step.tenths < 0 { ("░", Meaning::Bad) } else { ("█", Meaning::Good) };
        let width = if step.tenths == 0 { 0 } else { (to - from).max(1) };
        let words = vec![
            paint.say(text::fit(&format!("  {}", text::clean(&step.name)), name), Meaning::Text),
            paint.say(text::fit(&text::clean(&step.level), level), Meaning::Dim),
            paint.say(text::fit_right(&words::bits(step.tenths as f64 / 10.0), 6), meaning),
            paint.say(format!("  {}", " ".repeat(from.min(room.saturating_sub(width)))), Meaning::Text),
            paint.say(fill.repeat(width), meaning),
        ];
        paint.line(rows, row, words);
    }
    let mut row = steps.len();
    if !silent.is_empty() {
        let names: Vec<String> = silent.iter().map(|name| text::clean(name)).collect();
        let said = format!("  one side empty: {}", names.join(", "));
        let words = vec![paint.say(text::cut(&said, usize::from(rows.width)), Meaning::Dim)];
        paint.line(rows, row, words);
        row += 1;
    }
    let total: i64 = steps.iter().map(|step| step.tenths).sum();
    let sum = vec![
        paint.say(text::fit("  sum", name), Meaning::Title),
        paint.say(text::fit(&format!("p {:.2}", detail.row.probability), level), Meaning::Dim),
        paint.say(text::fit_right(&words::bits(total as f64 / 10.0), 6), Meaning::Title),
        paint.say(format!("  {}▲", " ".repeat(scale(detail.body.waterfall.weight()).min(room))), Meaning::Dim),
    ];
    paint.line(rows, row, sum);
}
