//! What do all screens draw with?

pub mod batch;
pub mod calibration;
pub mod dialog;
pub mod footer;
pub mod groups;
pub mod header;
pub mod help;
pub mod list;
pub mod paint;
pub mod palette;
pub mod value;
