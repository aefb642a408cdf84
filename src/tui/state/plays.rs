//! What does the plays screen know?

/// The plays screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaysState {
    /// The plays of the run, in the order to show them.
    pub names: Vec<String>,
    /// The play under the cursor.
    pub selected: usize,
    /// The first row shown.
    pub offset: usize,
}
