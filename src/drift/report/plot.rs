//! How do a few bars become a picture that needs no script and no request?

use std::fmt::Write;

use super::escape;
use crate::drift::finding::Plot;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 120.0;
const FOOT: f64 = 18.0;

/// The plot as inline SVG: bars are now, marks above them before. Colours follow the page, by class.
pub(super) fn svg(plot: &Plot) -> String {
    let bars = plot.now.len().max(plot.before.len());
    if bars == 0 {
        return String::new();
    }
    let at = |list: &[f64], place: usize| list.get(place).copied().filter(|value| value.is_finite()).unwrap_or(0.0);
    let top = (0..bars).map(|place| at(&plot.now, place).max(at(&plot.before, place))).fold(0.0, f64::max);
    if top <= 0.0 {
        return String::new();
    }
    let (step, full) = (WIDTH / bars as f64, HEIGHT - FOOT);
    let title = escape::html(&plot.title);
    let mut out = format!(
        "<svg viewBox=\"0 0 {WIDTH:.0} {HEIGHT:.0}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>"
    );
    for place in 0..bars {
        let (now, before) = (at(&plot.now, place), at(&plot.before, place));
        let (high, mark) = (now / top * full, full - before / top * full);
        let left = place as f64 * step + step * 0.12;
        let wide = step * 0.76;
        let label = plot.labels.get(place).map_or("", String::as_str);
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<g><title>{}: {} now, {} before</title><rect class=\"now\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"/>\
             <line class=\"before\" x1=\"{left:.1}\" x2=\"{:.1}\" y1=\"{mark:.1}\" y2=\"{mark:.1}\"/></g>",
            escape::html(label),
            number(now),
            number(before),
            full - high,
            left + wide,
        );
    }
    let ends = [(0.0, "start", 0), (WIDTH, "end", bars - 1)];
    for (x, anchor, place) in ends {
        if let Some(label) = plot.labels.get(place) {
            let _ = write!(
                out,
                "<text x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{}</text>",
                HEIGHT - 4.0,
                escape::html(label)
            );
        }
    }
    out.push_str("</svg>");
    out
}

/// The same as a line of block characters, for Markdown and terminals.
pub(super) fn sparkline(plot: &Plot) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let top = plot.now.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    if top <= 0.0 {
        return String::new();
    }
    plot.now.iter().map(|value| BLOCKS[((value / top * 7.0).round().clamp(0.0, 7.0)) as usize]).collect()
}

fn number(value: f64) -> String {
    if value > 0.0 && value < 1.0 { format!("{:.1} %", value * 100.0) } else { format!("{value:.0}") }
}
