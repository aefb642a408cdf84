//! What does the drift screen know?

/// The drift screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DriftState {
    /// What moved, one line a cause, in the order to show them.
    pub findings: Vec<String>,
    /// The finding under the cursor.
    pub selected: usize,
    /// The first row shown.
    pub offset: usize,
}
