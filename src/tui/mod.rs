//! How does an operator see and steer all of it, in a terminal?
//!
//! Events go into one pure function ([`update::update`]) that changes the [`state::State`] and returns effects; effects
//! run on worker threads and come back as events; [`draw::draw`] turns the state into a frame and waits for nothing.
//! Nothing happens without an event: there is no tick, and an idle screen is not drawn.
//!
//! | part | question it answers |
//! | --- | --- |
//! | [`command`] | what can be done, where, with which key, and why not right now? |
//! | [`state`] | what is known at this moment? |
//! | [`update`] | what follows from an event? |
//! | [`screens`], [`widgets`] | how does it look? |
//! | [`runtime`] | how do events come in and effects go out? |
//! | [`plain`] | the same queue for pipes and screen readers |

pub mod backend;
pub mod command;
pub mod diff;
pub mod draw;
pub mod effect;
pub mod event;
pub mod filter;
pub mod fuzzy;
pub mod keys;
pub mod log_backend;
pub mod mask;
pub mod memory;
pub mod paged;
pub mod plain;
pub mod runtime;
pub mod screens;
pub mod state;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;
pub mod widgets;
pub mod words;

pub use backend::{Backend, Change, Contribution, LinkLine, OriginValue, TraceView};
pub use log_backend::{Calibrator, LogBackend, Tracer};
pub use runtime::{TuiOptions, run};
pub use state::Screen;
