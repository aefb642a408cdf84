//! Where do two values differ, grapheme by grapheme?

use similar::{ChangeTag, TextDiff};
use unicode_segmentation::UnicodeSegmentation as _;

/// Longer values are compared as a whole: nobody reads a difference inside them, and time must stay flat.
const LONGEST: usize = 600;

/// A run of graphemes that is in both values or in one only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The text.
    pub text: String,
    /// Whether the other value does not have it here.
    pub differs: bool,
}

/// Both values in runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The left value; put together it is the value again.
    pub left: Vec<Segment>,
    /// The right value.
    pub right: Vec<Segment>,
}

/// How two values stand to each other, for a sign between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same text.
    Same,
    /// The same but for case and blanks.
    Nearly,
    /// More in common than not.
    Similar,
    /// Less in common than not.
    Different,
    /// One side is empty.
    OneSide,
    /// Both are empty.
    Empty,
}

impl Likeness {
    /// One sign and one word: never colour alone.
    #[must_use]
    pub fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Same => ("=", "same"),
            Self::Nearly => ("≈", "same but for case"),
            Self::Similar => ("~", "similar"),
            Self::Different => ("≠", "different"),
            Self::OneSide => ("·", "one side empty"),
            Self::Empty => (" ", "empty"),
        }
    }
}

/// Compares two values as they are to be shown.
#[must_use]
pub fn difference(left: &str, right: &str) -> Difference {
    if left == right || left.is_empty() || right.is_empty() {
        return Difference { left: whole(left, false), right: whole(right, false) };
    }
    if left.len() > LONGEST || right.len() > LONGEST {
        return Difference { left: whole(left, true), right: whole(right, true) };
    }
    let diff = TextDiff::from_graphemes(left, right);
    let mut found = Difference { left: Vec::new(), right: Vec::new() };
    for change in diff.iter_all_changes() {
        let text = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                push(&mut found.left, text, false);
                push(&mut found.right, text, false);
            }
            ChangeTag::Delete => push(&mut found.left, text, true),
            ChangeTag::Insert => push(&mut found.right, text, true),
        }
    }
    // Two values that share only stray letters are simply different; confetti would hide that.
    if shared(&found.left) * 10 < left.graphemes(true).count().min(right.graphemes(true).count()) * 4 {
        return Difference { left: whole(left, true), right: whole(right, true) };
    }
    found
}

/// How two values stand to each other.
#[must_use]
pub fn likeness(left: &str, right: &str) -> Likeness {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Likeness::Empty,
        (true, false) | (false, true) => return Likeness::OneSide,
        (false, false) => {}
    }
    if left == right {
        return Likeness::Same;
    }
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if left.len() <= LONGEST && right.len() <= LONGEST && plain(left) == plain(right) {
        return Likeness::Nearly;
    }
    let found = difference(left, right);
    let all = left.graphemes(true).count() + right.graphemes(true).count();
    if 4 * shared(&found.left) >= all { Likeness::Similar } else { Likeness::Different }
}

fn shared(segments: &[Segment]) -> usize {
    segments.iter().filter(|segment| !segment.differs).map(|segment| segment.text.graphemes(true).count()).sum()
}

fn whole(text: &str, differs: bool) -> Vec<Segment> {
    if text.is_empty() { Vec::new() } else { vec![Segment { text: text.to_owned(), differs }] }
}

fn push(segments: &mut Vec<Segment>, text: &str, differs: bool) {
    match segments.last_mut() {
        Some(last) if last.differs == differs => last.text.push_str(text),
        _ => segments.push(Segment { text: text.to_owned(), differs }),
    }
}
