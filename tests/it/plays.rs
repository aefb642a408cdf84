//! Do plays say what they promise, on both engines, in a preview and as shipped?

mod backtests;
mod commands;
mod dbt;
mod definitions;
mod previews;
mod ship;
mod tuning;
pub mod world;
mod yaml;
