//! Does the drift room name what moved, and nothing else?

mod browser;
mod cause;
mod deepen;
mod detect;
mod engines;
mod fixture;
mod invariant;
mod lessons;
mod remember;
mod report;
mod schedule;
mod statistics;
mod store;
mod week;
