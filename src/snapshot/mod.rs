//! What does the last run look like, without asking the warehouse?
//!
//! The engine writes one SQLite file after each run ([`Snapshot::write`]); screens read it page by page
//! ([`SnapshotReader`]), so that a list of a million pairs opens as fast as one of ten. The file is never changed in
//! place: a new run writes a new file beside it and renames it over the old one, and whoever still reads the old one
//! keeps reading the old one.

mod around;
mod data;
mod groups;
mod lines;
mod read;
mod read_around;
mod read_entities;
mod read_pairs;
mod schema;
mod write;
mod write_around;
mod write_pairs;

pub use around::{Edge, Member, Neighbour, Neighbours, PlayOutput, Stratum, Surroundings};
pub use data::{
    CellRow, ConflictKind, ConflictRow, EntityRow, Evidence, FieldNote, KindCount, PairBody, PairRow, QueuedPair,
    RecordNote, ReopenedNote, RunMeta, SnapshotData,
};
pub use groups::{GroupBy, PairGroup};
pub use lines::PairLine;
pub use read::SnapshotReader;
pub use write::{Snapshot, SnapshotWriter};
