//! How the screens look, at the smallest size and at a large one.

use fourfold::tui::event::Event;

use super::company::company;
use super::drive::Drive;

fn look(name: &str, drive: &mut Drive) {
    // Terminal text in a file of its own, so that a change of the look is a change one can see.
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("tui_{name}"), drive.text());
    });
}

#[test]
fn small() {
    let mut drive = Drive::new(&company(30), (80, 24), "dark");
    drive.keys("l");
    look("small_map", &mut drive);
    drive.keys("<tab><enter>");
    look("small_conflicts", &mut drive);
    drive.keys("<enter>");
    look("small_conflict", &mut drive);
    drive.keys("2axj");
    look("small_review", &mut drive);
    drive.keys("e");
    look("small_evidence", &mut drive);
    drive.keys("i");
    look("small_effect", &mut drive);
    drive.keys("B");
    look("small_batch", &mut drive);
    drive.keys("<esc>3<enter>jjj<enter>");
    look("small_trace", &mut drive);
    drive.keys("4jj");
    // Times of day depend on the machine's zone; the text of the log is asserted elsewhere.
    drive.keys("2?");
    look("small_help", &mut drive);
    drive.keys("<esc>:un");
    look("small_palette", &mut drive);
}

#[test]
fn people_are_masked() {
    let mut drive = Drive::new(&company(30), (80, 24), "mono");
    drive.keys("2G");
    look("small_person_mono", &mut drive);
}

#[test]
fn large() {
    let mut drive = Drive::new(&company(30), (200, 50), "dark");
    drive.keys("l");
    look("large_map", &mut drive);
    drive.keys("2aax");
    look("large_review", &mut drive);
    drive.keys("3<enter><enter>");
    look("large_trace", &mut drive);
}

#[test]
fn too_small_is_said_and_nothing_is_lost() {
    let mut drive = Drive::new(&company(30), (80, 24), "mono");
    drive.keys("2a");
    for size in [(79, 24), (80, 23), (20, 5), (1, 1), (0, 0)] {
        drive.event(Event::Resize(size.0, size.1));
        let text = drive.text();
        assert!(size.0 < 20 || text.contains("fourfold needs"), "{text}");
    }
    drive.event(Event::Resize(80, 24));
    assert!(drive.shows("1 decided"));
}

#[test]
fn every_screen_stands_at_every_size() {
    let mut drive = Drive::new(&company(30), (80, 24), "mono");
    for keys in [
        "1",
        "<tab><enter>",
        "<enter>",
        "2",
        "e",
        "i",
        "B",
        "<esc>c",
        "<esc>/",
        "<esc>3",
        "<enter>",
        "<enter>",
        "6",
        "?",
        "<esc>:",
    ] {
        drive.keys(keys);
        for (columns, rows) in
            [(80, 24), (81, 25), (99, 24), (100, 31), (118, 32), (120, 37), (140, 40), (151, 24), (300, 90)]
        {
            drive.event(Event::Resize(columns, rows));
            let buffer = drive.frame();
            assert_eq!((buffer.area.width, buffer.area.height), (columns, rows));
        }
        drive.event(Event::Resize(80, 24));
    }
}
