//! What do the sources themselves say about which records belong together, besides names and addresses?
//!
//! | module | question |
//! | --- | --- |
//! | [`units`] | which records does their own source call one? |
//! | [`identifiers`] | which ids of one system are kept in another? |
//! | [`staff`] | who belongs to an account, and which accounts share people? |
//! | [`namesakes`] | which people of one account bear the same name? |
//! | [`reliability`] | how far can a column of foreign ids be trusted? |

pub mod identifiers;
pub mod namesakes;
pub mod reliability;
pub mod staff;
pub mod units;

/// A hint that two units are one, from outside the compared columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hint {
    /// The smaller unit.
    pub left: u32,
    /// The greater unit.
    pub right: u32,
    /// Which sort of hint, an index into [`Hints::classes`].
    pub class: u32,
}

/// A sort of hints that stand or fall together, such as all ids of one column that point to one table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HintClass {
    /// What its bar is called: `cross id`, `shared people`.
    pub name: &'static str,
    /// What says so, in words.
    pub detail: String,
    /// Whether the value is held by several records of one side, or the record it points to is deleted.
    pub doubtful: bool,
    /// Whether the chart or the catalog says that the column holds such ids; others were found by their values.
    pub declared: bool,
    /// The comparison on which such pairs agree by the way they were found, so that it must not count twice.
    pub given: Option<&'static str>,
}

/// Hints with their classes; sorted, each pair once a class.
#[derive(Debug, Default)]
pub struct Hints {
    /// The sorts.
    pub classes: Vec<HintClass>,
    /// The hints.
    pub hints: Vec<Hint>,
}

impl Hints {
    /// Puts the hints of another list behind these.
    pub fn extend(&mut self, other: Self) {
        let shift = self.classes.len() as u32;
        self.classes.extend(other.classes);
        self.hints.extend(other.hints.into_iter().map(|hint| Hint { class: hint.class + shift, ..hint }));
        self.hints.sort_unstable();
        self.hints.dedup();
    }
}
