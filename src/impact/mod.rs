//! What would a verdict on a pair change, and what stands around the pair?
//!
//! Everything here is worked out from the last run's snapshot and the verdicts given since, without the warehouse: so a
//! person sees the effect before the next run, which then says it exactly.
//!
//! | part | question it answers |
//! | --- | --- |
//! | [`facts`] | what is known of the entities on either side? |
//! | [`evidence`] | what do the neighbours say? |
//! | [`parts`] | into which groups does an entity fall, under what was decided? |
//! | [`blast`] | what would each verdict change? |
//! | [`tally`] | what have all verdicts of a sitting changed? |
//! | [`proposal`] | what do decisions say about the weights, and what would that change? |

pub mod blast;
pub mod evidence;
pub mod facts;
pub mod parts;
pub mod proposal;
pub mod tally;

pub use blast::{Blast, Effect};
pub use facts::Facts;
pub use proposal::Proposal;
pub use tally::Tally;
