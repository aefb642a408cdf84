//! What can lie over a screen?

use tui_input::Input;

use crate::review::Verdict;
use crate::snapshot::{GroupBy, PairRow};

/// Something over the screen that takes the keys first.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// Every key and what it does here.
    Help {
        /// The first line shown.
        scroll: usize,
    },
    /// Every command, to be found by its name.
    Palette {
        /// What was typed.
        input: Input,
        /// The row under the cursor.
        selected: usize,
    },
    /// A line at the bottom to type in.
    Prompt {
        /// What for.
        purpose: Purpose,
        /// What was typed.
        input: Input,
    },
    /// Which of the two is the child, the payer, the successor?
    Direction {
        /// The verdict with the left record as its subject.
        left: Verdict,
        /// The verdict with the right record as its subject.
        right: Verdict,
        /// The question.
        question: &'static str,
    },
    /// A batch in the making.
    Batch(Batch),
    /// The groups of the queue, to look at one of them.
    Groups {
        /// What the pairs of a group have in common.
        by: GroupBy,
        /// The group under the cursor.
        selected: usize,
    },
    /// What decisions say about the weights.
    Calibration {
        /// Which of the two kinds.
        which: usize,
    },
    /// A question that only yes answers.
    Confirm {
        /// What is at stake.
        question: String,
        /// What yes does.
        then: Confirmed,
    },
}

/// What a typed line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Filter the list of this screen.
    Filter,
    /// A note that goes with the verdict.
    Note,
    /// How many verdicts to give in this sitting.
    Goal,
}

/// What a confirmed question does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// Leave, though a note was typed and not stored.
    Quit,
}

/// A batch in the making: first the group, then the verdict, then a look at what it would do, then yes.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The groups to choose from.
    pub groups: Vec<Group>,
    /// The one under the cursor.
    pub selected: usize,
    /// The verdict, once chosen.
    pub verdict: Option<Verdict>,
    /// The pair of the sample that is looked at; None while the groups have the keys.
    pub inspect: Option<usize>,
}

/// Pairs that can be decided together.
#[derive(Debug, Clone)]
pub struct Group {
    /// What its pairs have in common, in a word: `rule`, `cluster`, `sources`, `filter`.
    pub sort: &'static str,
    /// What it is called.
    pub name: String,
    /// The positions of its open pairs; None while they are looked for.
    pub positions: Option<Vec<u32>>,
    /// A few of them to look at.
    pub sample: Vec<PairRow>,
    /// The lowest and the highest weight.
    pub weights: Option<(f64, f64)>,
    /// How many entities fewer there would be if all were the same, as far as was looked.
    pub joins: u64,
    /// Yearly revenue by currency that hangs on them.
    pub money: Vec<(String, f64)>,
}

impl Group {
    /// One that is still being looked for.
    #[must_use]
    pub fn named(sort: &'static str, name: String) -> Self {
        Self { sort, name, positions: None, sample: Vec::new(), weights: None, joins: 0, money: Vec::new() }
    }
}
