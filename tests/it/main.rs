//! The one test binary; each module tests one room or one face.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod model;
mod demo;
mod review;
mod entities;
mod resolve_demo;
mod support {
    pub mod hand_map;
}
mod support;
mod warehouse_dialect;
mod warehouse_duckdb;
mod warehouse_files;
mod warehouse_files_hostile;
mod warehouse_postgres;
mod warehouse_privileges;
mod warehouse_publish;
