//! Do plays say what they promise, on both engines, in a preview and as shipped?

mod dbt;
mod definitions;
mod previews;
mod ship;
pub mod world;
mod yaml;
