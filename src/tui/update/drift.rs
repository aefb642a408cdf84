//! What do the commands of the drift screen do?

use crate::tui::effect::Effect;
use crate::tui::state::State;

/// Opens what is under the cursor.
pub(super) fn open(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}

/// Goes one step out.
pub(super) fn close(_state: &mut State) -> Vec<Effect> {
    Vec::new()
}
