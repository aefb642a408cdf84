//! The trace screen and the log screen.

use fourfold::tui::effect::Effect;
use fourfold::tui::state::Screen;
use fourfold::tui::state::trace::{TraceFocus, Walk};

use super::company::{account_name, company};
use super::drive::Drive;

#[test]
fn from_a_name_to_the_rows_behind_a_number() {
    let mut drive = Drive::new(&company(30), (160, 40), "mono");
    drive.keys("3/quillon<enter>");
    assert_eq!(drive.state.trace.list.len(), 4);
    drive.keys("<enter>");
    assert_eq!(drive.state.trace.focus, TraceFocus::Fields);
    drive.keys("jjj");
    assert!(drive.shows("several rows together"), "what the run knew is there at once");
    drive.keys("<enter>");
    assert!(matches!(drive.state.trace.current_walk(), Walk::Done(_)));
    assert!(drive.shows("3 rows add up"), "{}", drive.text());
    assert!(drive.shows("the rows add up to 84600.00 now, not to the stored value"));
    drive.keys("<esc><up><up><up>w");
    assert!(drive.shows("billing comes after crm"), "{}", drive.text());
    assert!(drive.shows("the source row now"));
    drive.keys("<esc>");
    assert_eq!(drive.state.trace.focus, TraceFocus::Entities);
    drive.keys("<esc>");
    assert!(drive.state.trace.filter.is_empty());
}

#[test]
fn the_lineage_of_a_field_has_its_pairs_its_feeds_and_its_sql() {
    let mut drive = Drive::new(&company(30), (80, 24), "mono");
    drive.keys("3<enter>jjj<enter>");
    assert!(drive.shows("lineage of"), "the whole screen is the field's: {}", drive.text());
    drive.keys("S");
    assert!(matches!(drive.outside.last(), Some(Effect::Copy(sql)) if sql.starts_with("SELECT") && sql.ends_with(';')));
    drive.keys("y");
    assert!(matches!(drive.outside.last(), Some(Effect::Copy(text)) if text.starts_with("fourfold://trace/")));
    drive.keys("n");
    assert!(matches!(drive.state.trace.current_walk(), Walk::Done(_)), "three rows are one page");
    drive.keys("G");
    let mut wide = Drive::new(&company(30), (200, 50), "mono");
    wide.keys("3<enter>jjj<enter>");
    for expected in ["why its records are one entity", "decided", "weekly_board", "marts.dim_accounts", "made of"] {
        wide.keys("<pagedown>");
        wide.keys("<pageup>");
        assert!(
            wide.shows(expected) || {
                wide.keys("G");
                wide.shows(expected)
            },
            "{expected}: {}",
            wide.text()
        );
    }
    wide.keys("F");
    assert!(wide.state.toast.as_ref().unwrap().text.contains("made of rows"), "{:?}", wide.state.toast);
}

#[test]
fn a_walk_that_fails_says_why_and_leaves_what_is_known() {
    let mut drive = Drive::new(&company(12), (160, 40), "mono");
    drive.keys("3<enter>jjjjj<enter>");
    assert!(drive.shows("the warehouse does not answer"), "{}", drive.text());
    assert!(drive.shows("recency"), "the rule is still shown");
}

#[test]
fn masked_cells_are_revealed_through_the_log_and_not_copied_before() {
    let mut drive = Drive::new(&company(12), (160, 40), "mono");
    drive.keys("3<enter>jjjjjj");
    assert!(!drive.shows("finance@"));
    drive.keys("y");
    assert!(matches!(drive.outside.last(), Some(Effect::Copy(text)) if !text.contains("finance@")));
    drive.keys("<enter>");
    assert!(drive.shows("the source row is shown once the value is revealed"), "{}", drive.text());
    drive.keys("r");
    assert!(drive.shows("finance@"), "{}", drive.text());
    drive.keys("y");
    assert!(matches!(drive.outside.last(), Some(Effect::Copy(text)) if text.contains("finance@")));
}

#[test]
fn lineage_of_a_pair_leads_to_its_entity_and_back() {
    let mut drive = Drive::new(&company(12), (160, 40), "mono");
    drive.keys("2jjl");
    assert_eq!(drive.state.screen, Screen::Trace);
    assert_eq!(drive.state.trace.entity.as_ref().unwrap().label, account_name(2));
    drive.keys("[");
    assert_eq!((drive.state.screen, drive.state.review.here()), (Screen::Review, Some(2)));
}

#[test]
fn the_log_shows_undoes_and_leads_to_the_pair() {
    let mut drive = Drive::new(&company(12), (160, 40), "mono");
    drive.keys("2aax6");
    let page = drive.text();
    assert!(page.contains("different") && page.contains(&account_name(2)), "{page}");
    drive.keys("jj");
    assert!(drive.shows("rests on name, domain, country, city, phone"), "{}", drive.text());
    drive.keys("z");
    assert!(drive.shows("taken back"), "{}", drive.text());
    assert_eq!(drive.state.review.decided(), 2);
    drive.keys("g");
    drive.keys("z");
    assert_eq!(drive.state.toast.as_ref().unwrap().text, "undo-this: only decisions can be taken back");
    drive.keys("j<enter>");
    assert_eq!((drive.state.screen, drive.state.review.here()), (Screen::Review, Some(2)));
    drive.keys("[");
    assert_eq!(drive.state.screen, Screen::Log);
}

#[test]
fn the_log_is_filtered_by_who_and_what() {
    let mut drive = Drive::new(&company(12), (160, 40), "mono");
    drive.keys("2axaxa6");
    let all = drive.state.log.rows.len();
    assert_eq!(all, 6, "five verdicts and the beginning");
    drive.keys("/different<enter>");
    assert_eq!(drive.state.log.rows.len(), 2);
    drive.keys("/<ctrl-u>by:nobody<enter>");
    assert!(drive.shows("No entry matches"), "{}", drive.text());
    drive.keys("<esc>");
    assert_eq!(drive.state.log.rows.len(), all);
    drive.keys("/by:rae blauwerk<enter>");
    assert_eq!(drive.state.log.rows.len(), 1);
}

#[test]
fn a_long_log_comes_page_by_page() {
    use fourfold::ident::{EntityKind, PairKey, RecordKey};
    use fourfold::review::{NewDecision, ReviewLog, Verdict};
    let directory = tempfile::tempdir().unwrap();
    let log = ReviewLog::open(&directory.path().join("review.sqlite")).unwrap();
    let at = super::drive::now();
    let decisions: Vec<NewDecision> = (0..700)
        .map(|index| {
            let pair = PairKey::new(RecordKey::new("a", "t", format!("{index}")), RecordKey::new("b", "t", "1"));
            NewDecision::new(pair, EntityKind::Account, Verdict::Same, "ina", at)
        })
        .collect();
    log.append_batch("rule old", &decisions).unwrap();
    drop(log);
    fourfold::snapshot::Snapshot::write(&directory.path().join("snapshot.sqlite"), &company(6)).unwrap();
    let mut drive = Drive::at(directory, (80, 24), "mono", |_| {});
    drive.keys("6");
    assert_eq!(drive.state.log.rows.len(), 200);
    for _ in 0..10 {
        drive.keys("G");
    }
    assert_eq!(drive.state.log.rows.len(), 701);
    assert!(drive.shows("the log was begun"), "{}", drive.text());
}
