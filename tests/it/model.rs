//! The joined model: values, origins, conflicts, publishing, walking back.

mod build;
mod engines;
mod fixture;
mod parse;
mod property;
mod survive;
mod trace;
