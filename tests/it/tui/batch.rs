//! Many pairs at once, undone as one.

use fourfold::review::{ReviewLog, Verdict};

use super::company::company;
use super::drive::Drive;

#[test]
fn a_batch_is_previewed_stored_as_one_and_undone_as_one() {
    let mut drive = Drive::new(&company(12), (80, 24), "mono");
    drive.keys("2a");
    drive.keys("B");
    assert!(drive.shows("name and country"), "{}", drive.text());
    assert!(drive.shows("8 open pairs"), "{}", drive.text());
    assert!(drive.shows("a sample: 8 of 8"));
    drive.keys("x");
    assert!(drive.shows("different for 8 pairs?"));
    drive.keys("<esc>");
    assert_eq!(drive.state.review.decided(), 1, "not yet");
    drive.keys("x<enter>");
    assert_eq!((drive.state.review.decided(), drive.state.review.left()), (9, 7));
    assert_eq!(drive.state.review.here(), Some(3), "the next open pair");
    let effective = ReviewLog::open_read_only(&drive.log).unwrap().effective().unwrap();
    assert_eq!(effective.cannot_link().count(), 8);
    drive.keys("z");
    assert_eq!(drive.state.review.decided(), 1, "{:?}", drive.state.toast);
    drive.keys("Z");
    assert_eq!(drive.state.review.decided(), 9);
}

#[test]
fn a_batch_takes_a_cluster_and_leaves_what_is_decided_alone() {
    let mut data = company(12);
    for index in 0..4 {
        data.pairs[index].left_entity = data.pairs[0].left_entity.clone();
        data.pairs[index].cluster = 1;
    }
    let mut drive = Drive::new(&data, (80, 24), "mono");
    drive.keys("2xB<down>");
    assert!(drive.shows("3 open pairs"), "{}", drive.text());
    drive.keys("u<enter>");
    let given: Vec<Verdict> = (0..4).map(|position| drive.state.review.verdicts[&position].verdict).collect();
    assert_eq!(given, [Verdict::Different, Verdict::Unsure, Verdict::Unsure, Verdict::Unsure]);
}
