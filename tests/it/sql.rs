//! Where does each column of a piece of SQL come from?

mod columns;
mod faults;
mod orphans;
mod project;
mod properties;
