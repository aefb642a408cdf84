//! The snapshot file: whole or not at all, in order, by pages.

use fourfold::error::ErrorKind;
use fourfold::progress::CancelToken;
use fourfold::resolve::graph::PairStatus;
use fourfold::snapshot::{Snapshot, SnapshotReader, SnapshotWriter};

use super::company::{company, entity};

#[test]
fn what_is_written_is_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("snapshot.sqlite");
    let mut data = company(30);
    data.pairs[2].pair.status = PairStatus::Accepted;
    Snapshot::write(&path, &data).unwrap();
    let reader = SnapshotReader::open(&path).unwrap();
    assert_eq!(reader.run().unwrap(), data.run);
    assert_eq!((reader.queue_length(), reader.pair_count()), (39, 40), "what is not asked stands behind the queue");
    let rows = reader.pairs_from(0, 5).unwrap();
    assert_eq!(rows[0].key, data.pairs[0].pair.key);
    assert_eq!(rows[2].key, data.pairs[3].pair.key, "the accepted pair is not among them");
    let found = reader.find_pairs(&[data.pairs[2].pair.key.clone()]).unwrap();
    assert_eq!((found[0].position, found[0].status), (39, PairStatus::Accepted));
    let by_id = reader.find_pair_id(&data.pairs[7].pair.key.id()).unwrap().unwrap();
    assert_eq!(by_id.key, data.pairs[7].pair.key);
    assert_eq!(reader.pair_body(0).unwrap().unwrap().fields, data.pairs[0].pair.fields);
    assert_eq!(reader.pairs_at(&[7, 3, 9_999]).unwrap().iter().map(|row| row.position).collect::<Vec<_>>(), [7, 3]);
    assert_eq!(reader.cells(&entity(3)).unwrap().len(), 8);
    assert_eq!(
        reader.cells(&entity(3)).unwrap()[1],
        *data.cells.iter().filter(|cell| cell.entity == entity(3)).nth(1).unwrap()
    );
    let counts = reader.conflict_counts().unwrap();
    assert_eq!(counts.iter().map(|kind| kind.count).sum::<u64>(), 61);
    for kind in &counts {
        for row in reader.conflicts_from(kind.first, kind.count as u32).unwrap() {
            assert_eq!(row.conflict.kind, kind.kind);
        }
    }
    let entities = reader.entities_from(0, 1_000).unwrap();
    assert_eq!(entities.len(), 80);
    assert!(
        entities
            .windows(2)
            .all(|pair| pair[0].kind < pair[1].kind || pair[0].arr.unwrap_or(0.0) >= pair[1].arr.unwrap_or(0.0))
    );
    let (position, row) = reader.entity(&entity(5)).unwrap().unwrap();
    assert_eq!(reader.entities_at(&[position]).unwrap(), [row]);
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let (one, other) = (directory.path().join("one.sqlite"), directory.path().join("other.sqlite"));
    Snapshot::write(&one, &company(20)).unwrap();
    Snapshot::write(&other, &company(20)).unwrap();
    assert!(std::fs::read(one).unwrap() == std::fs::read(other).unwrap());
}

#[test]
fn a_broken_off_writer_leaves_the_old_snapshot_and_no_litter() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("snapshot.sqlite");
    Snapshot::write(&path, &company(6)).unwrap();
    let before = std::fs::read(&path).unwrap();
    let mut writer = SnapshotWriter::create(&path).unwrap();
    writer.entities(&company(30).entities).unwrap();
    drop(writer);
    assert!(std::fs::read(&path).unwrap() == before);
    let names: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["snapshot.sqlite"]);
}

#[test]
fn a_reader_keeps_its_run_while_a_newer_one_is_published() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("snapshot.sqlite");
    Snapshot::write(&path, &company(6)).unwrap();
    let old = SnapshotReader::open(&path).unwrap();
    Snapshot::write(&path, &company(30)).unwrap();
    assert_eq!(old.pairs_from(0, 100).unwrap().len(), 8);
    assert_eq!(SnapshotReader::open(&path).unwrap().queue_length(), 40);
}

#[test]
fn no_snapshot_and_a_damaged_one_are_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("snapshot.sqlite");
    assert_eq!(SnapshotReader::open(&path).err().unwrap().kind, ErrorKind::NotFound);
    std::fs::write(&path, b"this is no database, however long it is, and it never was one").unwrap();
    let error = SnapshotReader::open(&path).err().unwrap();
    assert_eq!(error.kind, ErrorKind::Data);
    assert!(error.hints[0].contains("fourfold run"));
}

#[test]
fn hostile_and_huge_values_are_kept_or_cut_but_never_lost_silently() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("snapshot.sqlite");
    let mut data = company(6);
    data.pairs[0].left_label = "'); DROP TABLE pairs; --\u{0}\u{1b}".into();
    data.pairs[0].pair.fields[0].left = "é".repeat(5_000_000);
    Snapshot::write(&path, &data).unwrap();
    let reader = SnapshotReader::open(&path).unwrap();
    assert_eq!(reader.pairs_from(0, 1).unwrap()[0].left_label, data.pairs[0].left_label);
    let kept = &reader.pair_body(0).unwrap().unwrap().fields[0].left;
    assert!(kept.len() < 20_000 && kept.ends_with("(10000000 bytes)"));
}

#[test]
fn a_search_can_be_called_off() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("snapshot.sqlite");
    Snapshot::write(&path, &company(30)).unwrap();
    let reader = SnapshotReader::open(&path).unwrap();
    let cancel = CancelToken::new();
    let mut seen = 0;
    let result = reader.scan_queue(&cancel, |_| {
        seen += 1;
        if seen == 3 {
            cancel.cancel();
        }
        true
    });
    assert_eq!(result.err().unwrap().kind, ErrorKind::Cancelled);
    assert_eq!(seen, 3);
}
