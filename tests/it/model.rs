//! The joined model: values, origins, conflicts, publishing, walking back.

mod build;
mod depth;
mod engines;
mod fixture;
mod parse;
mod property;
mod rederive;
mod survive;
mod trace;
