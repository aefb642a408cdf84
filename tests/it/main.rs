//! The one test binary; each module tests one room or one face.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(clippy::print_stdout, reason = "figures that a test measures are printed with --nocapture")]
#![allow(clippy::too_many_lines, reason = "a fixture is one long list")]

mod catalog;
mod chart;
mod cli_bad_input;
mod cli_crash;
mod cli_demo;
mod cli_entities;
mod cli_lineage;
mod cli_reference;
mod cohesion;
mod companies;
mod demo;
mod engines_agree;
mod entities;
mod entity_history;
mod house;
mod links;
mod matching;
mod matching_scale;
mod model;
mod normalise;
mod resolve_demo;
mod review;
mod sql;
mod support;
mod tui;
mod warehouse_dialect;
mod warehouse_duckdb;
mod warehouse_files;
mod warehouse_files_hostile;
mod warehouse_postgres;
mod warehouse_privileges;
mod warehouse_publish;
mod weeks;
