//! How much do two sets of values share?

use super::{Lists, Measure};

/// Sets of elements by the number of their value.
pub(crate) struct Sets {
    pub(crate) sets: Lists,
}

impl Measure for Sets {
    fn level(&self, left: u32, right: u32) -> u8 {
        let (left, right) = (self.sets.get(left), self.sets.get(right));
        let shared = shared(left, right);
        let smaller = left.len().min(right.len()).max(1);
        let larger = left.len().max(right.len()).max(1);
        match shared {
            0 => 1,
            _ if shared == larger => 5,
            _ if shared * 4 >= smaller * 3 && shared * 2 >= larger => 4,
            _ if shared * 3 >= smaller => 3,
            _ => 2,
        }
    }
}

/// How many numbers two sorted lists share.
pub(crate) fn shared(left: &[u32], right: &[u32]) -> usize {
    let (mut at_left, mut at_right, mut shared) = (0, 0, 0);
    while at_left < left.len() && at_right < right.len() {
        match left[at_left].cmp(&right[at_right]) {
            std::cmp::Ordering::Less => at_left += 1,
            std::cmp::Ordering::Greater => at_right += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                at_left += 1;
                at_right += 1;
            }
        }
    }
    shared
}
