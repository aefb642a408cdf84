//! Long lists in few pages, and sets of a million numbers.

use std::collections::BTreeSet;

use fourfold::tui::paged::{PAGE, Paged};
use fourfold::tui::state::bits::Bits;
use fourfold::tui::view::follow;
use proptest::prelude::*;

#[test]
fn a_page_is_asked_for_once_and_far_pages_are_let_go() {
    let mut list: Paged<usize> = Paged::of_length(1_000_000);
    assert_eq!(list.wanted(20), [0]);
    assert!(list.wanted(20).is_empty(), "it is on its way");
    list.put(0, (0..PAGE).collect());
    for step in 0..50 {
        list.select(step * 20_000);
        list.offset = list.selected;
        for page in list.wanted(20) {
            list.put(page, (page * PAGE..(page + 1) * PAGE).collect());
        }
        assert_eq!(list.current(), Some(&list.selected));
    }
    assert!(list.loaded().count() <= 8 * PAGE);
    list.move_by(isize::MAX / 2);
    assert_eq!(list.selected, 999_999);
    list.move_by(isize::MIN / 2);
    assert_eq!(list.selected, 0);
}

proptest! {
    #[test]
    fn bits_are_a_set(numbers in prop::collection::btree_set(0_u32..500, 0..200), taken in prop::collection::vec(0_u32..500, 0..50), from in 0_u32..500, end in 0_u32..520) {
        let mut bits = Bits::default();
        let mut set: BTreeSet<u32> = numbers;
        for number in &set {
            bits.set(*number, true);
        }
        for number in taken {
            bits.set(number, false);
            set.remove(&number);
        }
        prop_assert_eq!(bits.next_free(from, end), (from..end).find(|number| !set.contains(number)));
        prop_assert_eq!(bits.count_below(end) as usize, set.iter().filter(|number| **number < end).count());
        prop_assert_eq!(bits.has(from), set.contains(&from));
    }

    #[test]
    fn the_cursor_is_always_in_view(offset in 0_usize..2_000, total in 1_usize..1_000, height in 1_usize..60, at in 0_usize..1_000) {
        let selected = at.min(total - 1);
        let first = follow(offset, selected, height, total);
        prop_assert!(first <= selected && selected < first + height);
        prop_assert!(first + height <= total || first == 0 || first + height <= total.max(height));
    }
}
