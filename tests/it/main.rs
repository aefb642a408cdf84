//! The one test binary; each module tests one room or one face.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod catalog;
mod chart;
mod model;
mod demo;
mod entities;
mod house;
mod resolve_demo;
mod review;
mod support;
mod warehouse_dialect;
mod warehouse_duckdb;
mod warehouse_files;
mod warehouse_files_hostile;
mod warehouse_postgres;
mod warehouse_privileges;
mod warehouse_publish;
