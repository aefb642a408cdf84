//! What of a personal value may be seen before it is revealed?
//!
//! Letters and digits become dots; signs such as `@` and `.` stay, so that the shape can be read. Characters that
//! differ between the two records stay marked, and are shown as they are only while they are few: to disclose 30 % of
//! the characters is known to be nearly as good as to disclose all.

use unicode_segmentation::UnicodeSegmentation as _;

use super::diff::{Difference, Segment};

/// What stands for a hidden letter or digit.
const DOT: &str = "•";

/// At most so many percent of the characters are disclosed.
const DISCLOSED_PERCENT: usize = 30;

/// Hides a value.
#[must_use]
pub fn mask(text: &str) -> String {
    text.graphemes(true).map(hide).collect()
}

/// Hides a name but for the first letter of each word, so that a list of people can be found one's way in.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut first = true;
    name.graphemes(true)
        .map(|grapheme| {
            let shown = if first || !is_hidden(grapheme) { grapheme } else { DOT };
            first = !is_hidden(grapheme);
            shown
        })
        .collect()
}

/// Hides both values of a pair, keeping the marks where they differ.
#[must_use]
pub fn mask_difference(difference: &Difference) -> Difference {
    Difference { left: mask_side(&difference.left), right: mask_side(&difference.right) }
}

fn mask_side(segments: &[Segment]) -> Vec<Segment> {
    let letters = |segment: &Segment| segment.text.graphemes(true).filter(|grapheme| is_hidden(grapheme)).count();
    let all: usize = segments.iter().map(letters).sum();
    let differing: usize = segments.iter().filter(|segment| segment.differs).map(letters).sum();
    let disclose = differing * 100 <= all * DISCLOSED_PERCENT;
    segments
        .iter()
        .map(|segment| {
            let text = if segment.differs && disclose { segment.text.clone() } else { mask(&segment.text) };
            Segment { text, differs: segment.differs }
        })
        .collect()
}

fn is_hidden(grapheme: &str) -> bool {
    grapheme.chars().any(char::is_alphanumeric)
}

fn hide(grapheme: &str) -> &str {
    if is_hidden(grapheme) { DOT } else { grapheme }
}
