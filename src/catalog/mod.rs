//! Which systems do we already know, and how do their tables look when a loader has landed them?

pub mod concept;

pub use concept::Role;
