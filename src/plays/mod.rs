//! What should somebody do about an account now that all four surfaces agree: talk, help, renew, route?
//!
//! A play is a TOML file and a SQL template over the joined model. Its weights are data, its drivers are named for each account, and
//! what is not known is reported as such instead of counting as zero.
//!
//! | module | question |
//! | --- | --- |
//! | [`definition`], [`read`] | what is a play, and does its file hang together? |
//! | [`library`] | which plays are there, and what did the team change? |
//! | [`template`], [`words`], [`statement`] | how does a play become one SQL statement? |
//! | [`published`] | what did the last run publish, as far as plays need it? |
//! | [`examples`] | does a play say of its examples what it promises? |
//! | [`check`], [`reads`] | is it sound, and which fields of the model does it read? |
//! | [`publish`] | how do plays become a part of a run? |
//! | [`preview`] | who fires, and what moves against the last run? |
//! | [`explain`] | why does an account have its score? |
//! | [`lineage`] | how do its columns stand in exports of lineage? |
//! | [`walk`] | how does a score walk down to the source rows? |
//! | [`backtest`] | what would it have said some weeks ago, and what happened? |
//! | [`tune`] | how are its numbers changed? |
//! | [`ship`] | how do plays leave as a patch? |

pub mod backtest;
pub mod check;
pub mod definition;
pub mod examples;
pub mod explain;
pub mod library;
pub mod lineage;
pub mod preview;
pub mod publish;
pub mod published;
pub mod read;
pub mod reads;
pub mod rows;
pub mod scores;
pub mod ship;
pub mod statement;
pub mod template;
pub mod tune;
pub mod walk;
pub mod words;

pub use definition::Play;
pub use library::Library;
