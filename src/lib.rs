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
//! | [`config`] | what did the team decide about this workspace? |
//! | [`warehouse`] | how do we speak to a SQL engine? |
//! | [`sql`] | which columns does a piece of SQL read, and where does each column that it gives come from? |
//! | [`catalog`] | which systems do we already know? |
//! | [`chart`] | what do the four surfaces hold, and where do they disagree? |
//! | [`resolve`] | which records speak of the same account or person? |
//! | [`review`] | what have people decided, and what follows from it? |
//! | [`model`] | what do all four know together, and how do we know it? |
//! | [`plays`] | what should somebody do about an account now? |
//! | [`drift`] | what moved since the last report, and what did it touch? |
//! | [`snapshot`] | what does the last run look like, without asking the warehouse? |
//! | [`impact`] | what would a verdict change, and what stands around a pair? |
//! | [`demo`] | what does a believable company look like in four systems, and what is true behind them? |
//! | [`tui`] | how does an operator see and steer all of it? |

pub mod catalog;
pub mod chart;
pub mod cli;
pub mod config;
pub mod demo;
pub mod drift;
pub mod engine;
pub mod error;
pub mod ident;
pub mod impact;
pub mod model;
pub mod plays;
pub mod progress;
pub mod resolve;
pub mod review;
pub mod snapshot;
pub mod sql;
pub mod tui;
pub mod warehouse;
