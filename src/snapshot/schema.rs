//! How do the tables of the snapshot look?
//!
//! Rows are numbered in the order to show them, and the number is the key: any page is found by one descent of a
//! B-tree, however long the list. What a list does not show lies in a table of its own, so that a search over a
//! million pairs reads the small rows only.

/// Raised whenever the tables change; a reader refuses other versions.
pub(super) const VERSION: &str = "2";

/// The tables, made before the rows.
pub(super) const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pairs (
    position INTEGER PRIMARY KEY, id INTEGER NOT NULL, kind TEXT NOT NULL,
    left_source TEXT NOT NULL, left_table TEXT NOT NULL, left_pk TEXT NOT NULL,
    right_source TEXT NOT NULL, right_table TEXT NOT NULL, right_pk TEXT NOT NULL,
    weight REAL NOT NULL, probability REAL NOT NULL, status TEXT NOT NULL, rule TEXT NOT NULL,
    priority REAL NOT NULL, money REAL, currency TEXT, reason TEXT NOT NULL,
    left_entity TEXT NOT NULL, right_entity TEXT NOT NULL,
    left_label TEXT NOT NULL, right_label TEXT NOT NULL, cluster INTEGER NOT NULL);
CREATE TABLE pair_lines (first INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE pair_bodies (position INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE conflicts (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, entity TEXT,
    status TEXT NOT NULL, label TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE entities (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL,
    arr REAL, currency TEXT, status TEXT NOT NULL, sources TEXT NOT NULL, record_count INTEGER NOT NULL);
CREATE TABLE cells (
    entity INTEGER NOT NULL, ordinal INTEGER NOT NULL, field TEXT NOT NULL, value TEXT, rule TEXT NOT NULL,
    source TEXT, table_name TEXT, pk TEXT, column_name TEXT NOT NULL, sync_id TEXT, synced_at TEXT,
    personal INTEGER NOT NULL, PRIMARY KEY (entity, ordinal)) WITHOUT ROWID;
CREATE TABLE members (
    entity INTEGER NOT NULL, source TEXT NOT NULL, table_name TEXT NOT NULL, pk TEXT NOT NULL, rule TEXT NOT NULL);
CREATE TABLE neighbours (
    entity INTEGER NOT NULL, relation TEXT NOT NULL, total INTEGER NOT NULL, items TEXT NOT NULL,
    PRIMARY KEY (entity, relation)) WITHOUT ROWID;
CREATE TABLE edges (child TEXT NOT NULL, parent TEXT NOT NULL, relation TEXT NOT NULL, basis TEXT NOT NULL);
CREATE TABLE play_outputs (
    entity INTEGER NOT NULL, play TEXT NOT NULL, output TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (entity, play, output)) WITHOUT ROWID;
";

/// The indexes, made after the rows, which is several times faster.
pub(super) const INDEXES: &str = "
CREATE INDEX pairs_by_id ON pairs (id);
CREATE INDEX pairs_by_rule ON pairs (rule);
CREATE INDEX pairs_by_left_entity ON pairs (left_entity);
CREATE INDEX pairs_by_right_entity ON pairs (right_entity);
CREATE INDEX pairs_by_cluster ON pairs (cluster) WHERE cluster > 0;
CREATE INDEX members_by_entity ON members (entity);
CREATE INDEX edges_by_child ON edges (child);
CREATE INDEX edges_by_parent ON edges (parent);
CREATE UNIQUE INDEX entities_by_id ON entities (id);
CREATE INDEX conflicts_by_entity ON conflicts (entity) WHERE entity IS NOT NULL;
CREATE INDEX conflicts_by_id ON conflicts (id);
";
