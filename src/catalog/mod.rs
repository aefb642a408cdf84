//! Which systems do we already know, and how do their tables look when a loader has landed them?
//!
//! The knowledge itself is data in `assets/catalog`: one file a system and one for the loaders. This room reads it and
//! recognises tables by it, by name and by content; it looks at no warehouse.

pub mod concept;
mod content;
pub mod dictionary;
mod file;
pub mod loaders;
pub mod names;
pub mod proposal;
pub mod recognise;
mod shipped;

pub use concept::Role;
pub use file::{KnownTable, Loader, LoaderLog, System};
pub use recognise::{Hints, Look, Recognition, TableMatch, recognise};
pub use shipped::{Catalog, shipped};
