//! How does each screen look? One folder a screen, one file a panel.

pub mod drift;
pub mod empty;
pub mod log;
pub mod map;
pub mod plays;
pub mod review;
pub mod trace;
