//! The one test binary; each module tests one room or one face.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod matching;
mod normalise;
