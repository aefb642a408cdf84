//! fourfold joins product events, CRM objects, billing records and support tickets into one entity graph inside
//! your own warehouse, with the origin of every field.
//!
//! The map of the house, one line a room; data flows downwards and a room imports only rooms above it
//! (`tests/it/house.rs` holds the table):
//!
//! | room | question it answers |
//! | --- | --- |
//! | [`ident`] | how is a thing named? |
//! | [`error`] | what went wrong, and what next? |
//! | [`progress`] | how far is a long task, and should it stop? |

pub mod error;
pub mod ident;
pub mod progress;
pub mod resolve;
pub mod review;
