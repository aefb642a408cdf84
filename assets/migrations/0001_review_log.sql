-- The review log: rows are only ever added; src/review/mod.rs says what they are for.
-- A migration that has been released is never edited; the next change is a new file.

-- Who did what and why: what repeats from row to row, kept once. Absent parts are empty.
CREATE TABLE context (
    id       INTEGER PRIMARY KEY,
    reviewer TEXT NOT NULL,
    action   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    verdict  TEXT NOT NULL,
    stratum  TEXT NOT NULL,
    settles  INTEGER NOT NULL CHECK (settles IN (0, 1)),
    batch    TEXT NOT NULL,
    rule     TEXT NOT NULL,
    UNIQUE (reviewer, action, kind, verdict, stratum, settles, batch, rule)
) STRICT;

CREATE INDEX context_batch ON context (batch) WHERE batch <> '';

CREATE TABLE entry (
    -- The order of arrival in this file, without gaps.
    seq        INTEGER PRIMARY KEY CHECK (seq > 0),
    -- Orders entries of several logs: greater than every tick its author had seen.
    tick       INTEGER NOT NULL,
    context    INTEGER NOT NULL REFERENCES context (id),
    -- 0: written here. 1: merged from another log.
    imported   INTEGER NOT NULL CHECK (imported IN (0, 1)),
    -- The hash of the decision that an undo or a redo is about; a batch is named in the context.
    target     BLOB CHECK (length(target) = 32),
    -- JSON, personal: [source, table, pk] of one record, or of both one after the other.
    subject    TEXT,
    -- Microseconds since 1970-01-01T00:00:00Z.
    at         INTEGER NOT NULL,
    -- The match weight in bits that was shown.
    weight     REAL,
    -- JSON: what else an action has to say.
    detail     TEXT,

    -- Personal too: [[field, hash of the left value, hash of the right value], ...] in JSON, and what was written.
    fields     TEXT,
    note       TEXT,
    batch_name TEXT,
    -- Random; makes the hashes in `fields` and the seal impossible to guess once it is gone.
    salt       BLOB,
    -- SHA-256 over the personal parts; present once they were erased.
    sealed     BLOB CHECK (length(sealed) = 32),

    -- The hash of the entry before it in its own chain; 32 zero bytes for the first.
    prev       BLOB NOT NULL CHECK (length(prev) = 32),
    -- SHA-256 over prev and everything above but `seq` and `imported`; the personal parts enter by their seal.
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX entry_context ON entry (context);
CREATE INDEX entry_subject ON entry (subject) WHERE subject IS NOT NULL;
CREATE INDEX entry_target ON entry (target) WHERE target IS NOT NULL;

-- For people with a SQLite shell.
CREATE VIEW log AS
SELECT entry.seq, datetime(entry.at / 1000000, 'unixepoch') AS at_utc, context.reviewer, context.action, context.kind,
    context.verdict, context.stratum, context.batch, context.rule, entry.subject, entry.weight, entry.note,
    lower(hex(entry.hash)) AS id, entry.imported, entry.sealed IS NOT NULL AS erased
FROM entry JOIN context ON context.id = entry.context;

-- The triggers guard against mistakes, not against malice: the hash chain is there for that.
CREATE TRIGGER context_is_never_deleted BEFORE DELETE ON context
BEGIN
    SELECT RAISE(ABORT, 'the review log never forgets a context');
END;

CREATE TRIGGER context_is_never_changed BEFORE UPDATE ON context
BEGIN
    SELECT RAISE(ABORT, 'the review log never changes a context');
END;

CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN
    SELECT RAISE(ABORT, 'the review log never deletes an entry');
END;

-- The one change allowed: the personal parts are emptied and their seal is left behind.
CREATE TRIGGER entry_is_only_erased BEFORE UPDATE ON entry
WHEN NEW.seq IS NOT OLD.seq OR NEW.tick IS NOT OLD.tick OR NEW.context IS NOT OLD.context
    OR NEW.imported IS NOT OLD.imported OR NEW.target IS NOT OLD.target OR NEW.at IS NOT OLD.at
    OR NEW.weight IS NOT OLD.weight OR NEW.detail IS NOT OLD.detail OR NEW.prev IS NOT OLD.prev
    OR NEW.hash IS NOT OLD.hash OR OLD.sealed IS NOT NULL OR NEW.sealed IS NULL OR NEW.subject IS NOT NULL
    OR NEW.fields IS NOT NULL OR NEW.note IS NOT NULL OR NEW.batch_name IS NOT NULL OR NEW.salt IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'the review log never changes an entry');
END;
