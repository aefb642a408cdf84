//! Cutting, measuring, neutralising, differences and masks.

use fourfold::tui::diff::{Likeness, difference, likeness};
use fourfold::tui::mask::{mask, mask_difference};
use fourfold::tui::text::{clean, cut, cut_middle, fit, fit_right, width, wrap};
use fourfold::tui::words;
use proptest::prelude::*;

#[test]
fn escape_sequences_become_visible_and_harmless() {
    let hostile = "Acme\u{1b}[2J\u{1b}]0;owned\u{7}\r\nLtd\u{9b}31m\u{7f}";
    let shown = clean(hostile);
    assert_eq!(shown, "Acme␛[2J␛]0;owned␇␍␊Ltd⟨009B⟩31m␡");
    assert!(!shown.chars().any(char::is_control));
}

#[test]
fn direction_marks_and_invisible_spaces_are_shown_and_scripts_stay() {
    assert_eq!(clean("in\u{202e}voice\u{2066}\u{200b}"), "in⟨202E⟩voice⟨2066⟩⟨200B⟩");
    assert_eq!(clean("שלום عليكم"), "שלום عليكم");
    assert_eq!(clean("👩\u{200d}🚀 ❤\u{fe0f}"), "👩\u{200d}🚀 ❤\u{fe0f}");
    assert_eq!(clean("a\u{a0}b\tc"), "a b c");
}

#[test]
fn a_flood_of_accents_is_cut_short() {
    let flood = format!("a{}", "\u{301}".repeat(5_000));
    assert!(clean(&flood).chars().count() < 20);
}

#[test]
fn a_huge_value_costs_little() {
    let huge = "x".repeat(10_000_000);
    let started = std::time::Instant::now();
    assert!(clean(&huge).len() < 20_000);
    assert!(started.elapsed().as_millis() < 200);
}

#[test]
fn wide_letters_are_never_halved() {
    assert_eq!(cut("日本語テスト", 5), "日本…");
    assert_eq!(cut("日本語テスト", 6), "日本…");
    assert_eq!(fit("日本", 5), "日本 ");
    assert_eq!(fit_right("7", 3), "  7");
    assert_eq!(cut_middle("salesforce.account:0015g00000AAC", 15), "salesfo…0000AAC");
}

#[test]
fn lines_break_between_words() {
    assert_eq!(wrap("one two three", 8), ["one two", "three"]);
    assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    assert_eq!(wrap("", 4), [""]);
}

proptest! {
    #[test]
    fn nothing_is_wider_than_it_may_be(text in any::<String>(), columns in 0_usize..40) {
        let shown = clean(&text);
        prop_assert!(width(&cut(&shown, columns)) <= columns);
        prop_assert!(width(&cut_middle(&shown, columns)) <= columns);
        prop_assert_eq!(width(&fit(&shown, columns)), columns);
        prop_assert_eq!(width(&fit_right(&shown, columns)), columns);
        prop_assert!(!shown.chars().any(char::is_control));
        for line in wrap(&shown, columns.max(2)) {
            prop_assert!(width(&line) <= columns.max(2));
        }
    }

    #[test]
    fn a_difference_loses_nothing(left in "\\PC{0,40}", right in "\\PC{0,40}") {
        let found = difference(&left, &right);
        let put = |segments: &[fourfold::tui::diff::Segment]| segments.iter().map(|part| part.text.as_str()).collect::<String>();
        prop_assert_eq!(put(&found.left), left.clone());
        prop_assert_eq!(put(&found.right), right.clone());
        if left == right {
            prop_assert!(found.left.iter().all(|part| !part.differs));
        }
    }

    #[test]
    fn a_mask_keeps_the_shape_and_hides_letters(text in "[a-zA-Z0-9@. +-]{0,40}") {
        let hidden = mask(&text);
        prop_assert!(!hidden.chars().any(char::is_alphanumeric));
        prop_assert_eq!(hidden.chars().count(), text.chars().count());
    }
}

#[test]
fn differences_are_told_by_grapheme() {
    let found = difference("Acme GmbH", "Acme AG");
    let differing: String = found.left.iter().filter(|part| part.differs).map(|part| part.text.as_str()).collect();
    assert!(differing.contains("mb"), "{found:?}");
    assert_eq!(likeness("Acme", "ACME "), Likeness::Nearly);
    assert_eq!(likeness("Acme GmbH", "Acme AG"), Likeness::Similar);
    assert_eq!(likeness("Acme", "Zulu"), Likeness::Different);
    assert_eq!(likeness("", "x"), Likeness::OneSide);
    assert_eq!(likeness("x", "x"), Likeness::Same);
}

#[test]
fn a_mask_shows_the_few_letters_that_differ_and_hides_many() {
    let few = mask_difference(&difference("jonas.vidal@acme.example", "jonas.widal@acme.example"));
    let shown: String = few.left.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(shown, "•••••.v••••@••••.•••••••");
    let many = mask_difference(&difference("anna", "zoltan"));
    assert!(many.left.iter().all(|part| part.text.chars().all(|letter| letter == '•')));
    assert!(many.left.iter().any(|part| part.differs), "the place of the difference stays marked");
}

#[test]
fn numbers_are_said_in_few_columns() {
    assert_eq!(words::count(1_234_567), "1 234 567");
    assert_eq!(words::money(84_200.0, Some("EUR")), "84.2k EUR");
    assert_eq!(words::money(999_999.0, Some("EUR")), "1.0m EUR");
    assert_eq!(words::money(12.0, None), "12");
    assert_eq!(words::bits(-0.04), "+0.0");
    assert_eq!(words::bits(-1.26), "−1.3");
    assert_eq!(words::percent(999, 1000), ">99%");
    assert_eq!(words::percent(1, 1000), "<1%");
    assert_eq!(words::percent(0, 0), "–");
    let now = "2026-03-02T09:30:00Z".parse().unwrap();
    assert_eq!(words::ago("2026-03-02T09:10:00Z", now), "20 min ago");
    assert_eq!(words::ago("2026-03-02 04:10:00+00", now), "5 h ago");
    assert_eq!(words::ago("2026-02-20", now), "10 days ago");
    assert_eq!(words::ago("not a time", now), "not a time");
    assert_eq!(words::duration(12_000), "3 h 20 min");
}
