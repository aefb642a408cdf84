//! How far do the values of two rows agree, field by field?
//!
//! A [`Comparison`] turns the columns of one field into a number for each row and says, for two rows, on which
//! [`Level`] they agree. Level 0 means that a side is empty, level 1 that both differ, the last that both are the same;
//! between them agreement grows.

pub(crate) mod codes;
pub(crate) mod email;
pub(crate) mod given;
pub(crate) mod levels;
pub(crate) mod name;
pub(crate) mod number;
pub(crate) mod set;
pub(crate) mod simple;
pub mod slips;
pub(crate) mod street;
pub(crate) mod text;
pub(crate) mod tokens;

use std::sync::Arc;

use super::concept::MatchConcept;
pub use levels::Level;

/// Grades two values of one field that are not equal; both are numbers of values, never 0.
pub(crate) trait Measure: Send + Sync {
    /// The level, at least 1.
    fn level(&self, left: u32, right: u32) -> u8;
    /// A coarser key of a value for blocking: two values that nearly agree often share it; 0 for none.
    fn part(&self, _value: u32, _number: u8) -> u64 {
        0
    }
    /// The words of a value with weights of unit length, for kinds made of words.
    fn words(&self, _value: u32) -> Vec<(u32, f32)> {
        Vec::new()
    }
    /// How many different words all values have; 0 for kinds that are not made of words.
    fn word_count(&self) -> usize {
        0
    }
    /// Reads what grading a value needs, so that it is at hand; the number says nothing. Values of lists give 0.
    fn fetch(&self, _value: u32) -> usize {
        0
    }
    /// The highest level that two unequal values can reach: no pair is weighed for more than its values allow.
    fn highest(&self) -> u8 {
        u8::MAX
    }
    /// Whether grading costs enough that its answer is worth keeping.
    fn is_costly(&self) -> bool {
        true
    }
}

/// One field of the rows: numbers for the values, and how to compare them.
pub(crate) struct Comparison {
    /// What the field is called.
    pub(crate) name: String,
    /// What it means.
    pub(crate) concept: MatchConcept,
    /// The columns it was read from, for showing values.
    pub(crate) columns: Vec<usize>,
    /// Its levels, `levels[0]` for a missing side.
    pub(crate) levels: &'static [Level],
    /// For each row the number of its value; 0 for none.
    pub(crate) values: Arc<Vec<u32>>,
    /// For each value the elements it consists of, where a row may hold several.
    pub(crate) elements: Option<Lists>,
    /// For each element (or value) how many rows hold it.
    pub(crate) counts: Vec<u32>,
    /// How many rows hold a value.
    pub(crate) filled: u32,
    /// How values that are not equal are graded.
    pub(crate) measure: Box<dyn Measure>,
    /// Another comparison over the same dictionary, whose value may have been written here by mistake.
    pub(crate) other_name: Option<usize>,
    /// The level to give when both values were found swapped with those of `other_name`.
    pub(crate) swapped_level: u8,
    /// A hash of each element's normal text, the same whatever the order of rows.
    pub(crate) keys: Vec<u64>,
}

impl std::fmt::Debug for Comparison {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Comparison")
            .field("name", &self.name)
            .field("concept", &self.concept)
            .finish_non_exhaustive()
    }
}

impl Comparison {
    /// The level on which every normal value agrees.
    pub(crate) fn top(&self) -> u8 {
        self.levels.len() as u8 - 1
    }

    /// The elements of a value; a value without a list is its own element.
    pub(crate) fn elements_of<'a>(&'a self, value: &'a u32) -> &'a [u32] {
        match &self.elements {
            Some(lists) => lists.get(*value),
            None => std::slice::from_ref(value),
        }
    }

    /// A hash of what a value says, the same whatever the order of rows; 0 for no value.
    pub(crate) fn content(&self, value: u32) -> u64 {
        if value == 0 {
            return 0;
        }
        self.elements_of(&value).iter().fold(0, |sum: u64, element| sum.wrapping_add(self.keys[*element as usize]))
    }

    /// Grades two values, 0 allowed. The second number is the element whose rarity counts, 0 for none.
    pub(crate) fn grade(&self, left: u32, right: u32) -> (u8, u32) {
        if left == 0 || right == 0 {
            return (0, 0);
        }
        match &self.elements {
            None if left == right => (self.top(), left),
            None => {
                let level = self.measure.level(left, right);
                (level, self.commoner(level, left, right))
            }
            Some(lists) => self.grade_lists(lists.get(left), lists.get(right), left, right),
        }
    }

    /// The element whose rarity counts where two unequal values, or two lists, agree on `level`; 0 for none.
    pub(crate) fn rarest(&self, level: u8, left: u32, right: u32) -> u32 {
        if self.elements.is_none() { self.commoner(level, left, right) } else { self.grade(left, right).1 }
    }

    fn grade_lists(&self, left_list: &[u32], right_list: &[u32], left: u32, right: u32) -> (u8, u32) {
        let mut rarest = 0;
        let (mut at_left, mut at_right) = (0, 0);
        while at_left < left_list.len() && at_right < right_list.len() {
            match left_list[at_left].cmp(&right_list[at_right]) {
                std::cmp::Ordering::Less => at_left += 1,
                std::cmp::Ordering::Greater => at_right += 1,
                std::cmp::Ordering::Equal => {
                    let shared = left_list[at_left];
                    if rarest == 0 || self.counts[shared as usize] < self.counts[rarest as usize] {
                        rarest = shared;
                    }
                    at_left += 1;
                    at_right += 1;
                }
            }
        }
        if self.concept == MatchConcept::NameList || self.concept == MatchConcept::Category {
            return (if left == right { self.top() } else { self.measure.level(left, right) }, rarest);
        }
        if rarest != 0 {
            return (self.top(), rarest);
        }
        let mut best = (1, 0);
        for &one in left_list.iter().take(16) {
            for &other in right_list.iter().take(16) {
                let level = self.measure.level(one, other);
                if level > best.0 {
                    best = (level, self.commoner(level, one, other));
                }
            }
        }
        best
    }

    fn commoner(&self, level: u8, left: u32, right: u32) -> u32 {
        if self.levels[level as usize].rarity == 0.0 {
            0
        } else if self.counts[left as usize] >= self.counts[right as usize] {
            left
        } else {
            right
        }
    }
}

/// Lists of numbers, one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// No lists yet; list 0 is the empty one.
    pub(crate) fn new() -> Self {
        Self { starts: vec![0, 0], items: Vec::new() }
    }

    /// Adds a list.
    pub(crate) fn push(&mut self, items: &[u32]) {
        self.items.extend_from_slice(items);
        self.starts.push(self.items.len() as u32);
    }

    /// A list by its number.
    pub(crate) fn get(&self, number: u32) -> &[u32] {
        let number = number as usize;
        &self.items[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}
