//! How does each screen look? One folder a screen, one file a panel.

pub mod empty;
pub mod log;
pub mod map;
pub mod review;
pub mod trace;
