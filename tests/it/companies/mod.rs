//! Do the promises of resolution hold over generated companies, whatever the order, and with or without a memory?

mod promises;
mod remembered;
mod world;
