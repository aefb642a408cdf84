//! The terminal UI: update, drawing, the snapshot behind it, and the whole of it on a real terminal.

mod backend;
mod batch;
mod company;
mod drive;
mod impact;
mod keys;
mod map;
mod pages;
mod plain;
mod reference;
mod review;
mod screens;
mod sitting;
mod snapshot;
mod soak;
mod soak_terminal;
mod surroundings;
mod terminal;
mod text;
mod theme;
mod trace_log;
