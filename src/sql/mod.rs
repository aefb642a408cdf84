//! Which columns does a piece of SQL read, and where does each column that it gives come from?
//!
//! SQL that people wrote (plays, dbt models) is parsed and every column of its output is resolved through subqueries, common table
//! expressions, joins, unions, stars and window functions to the columns of tables. What comes from nowhere, such as a constant or a
//! NULL that stands in for a dropped column, is named with its line and column; so is a column or a table that does not exist.
//!
//! | module | question |
//! | --- | --- |
//! | [`parse`] | is it SQL, and in whose dialect? |
//! | [`tables`] | which tables are known, with which columns? |
//! | [`provenance`] | out of what is a column made? |
//! | [`resolve`] | which columns does a query give, out of which columns? |
//! | [`orphans`] | which of them come from nowhere? |
//! | [`project`], [`dbt`] | how do many files, each reading others, resolve together? |
//!
//! ```
//! use fourfold::sql::{SqlDialect, Tables, resolve};
//!
//! let mut tables = Tables::closed();
//! tables.add("fourfold.accounts", ["entity_id", "arr"]);
//! let query = "select entity_id, coalesce(arr, 0) as arr, cast(null as text) as phone from fourfold.accounts";
//! let resolved = resolve(query, SqlDialect::Postgres, &tables).unwrap();
//! assert_eq!(resolved.columns[1].provenance.origins.iter().next().unwrap().to_string(), "fourfold.accounts.arr");
//! assert!(resolved.columns[2].provenance.is_orphan());
//!
//! let faults = resolve("select arrr from fourfold.accounts", SqlDialect::Postgres, &tables).unwrap_err();
//! assert_eq!((faults[0].line, faults[0].column), (1, 8));
//! ```

pub mod dbt;
mod expression;
mod fault;
mod from;
pub mod orphans;
pub mod parse;
pub mod project;
pub mod provenance;
mod query;
pub mod resolve;
mod scope;
mod select;
mod star;
pub mod tables;
mod walk;

pub use fault::Fault;
pub use parse::SqlDialect;
pub use provenance::{How, Origin, Provenance, StandIn, StandInKind};
pub use resolve::{OutputColumn, Resolved, check, resolve};
pub use tables::{KnownColumn, TableColumns, Tables};
