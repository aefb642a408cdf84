//! The review room: what was decided stays decided, and can be shown to be untouched.

mod chain;
mod commands;
mod crash;
mod effective;
mod erase;
mod hostile;
mod interchange;
mod processes;
mod queue;
mod reopen;
mod scale;
mod statistics;
mod strata;
mod support;
mod tables;
mod undo;
