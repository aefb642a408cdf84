//! What does the interview know: the questions, and the answer in the making?

use tui_input::Input;

use super::super::event::Failure;
use crate::chart::interview::Question;
use crate::chart::interview::answer::{Reply, accepts, asks_for};
use crate::engine::desk::{Answered, Asked, Look};
use crate::engine::preview::Preview;

/// The interview, which lies over the map.
#[derive(Debug, Default)]
pub struct InterviewState {
    /// Questions and answers; None before they were read.
    pub asked: Option<Box<Asked>>,
    /// Why they cannot be shown.
    pub failure: Option<Failure>,
    /// Whether they are being read.
    pub loading: bool,
    /// The row under the cursor: open questions first, then answered ones.
    pub selected: usize,
    /// The option under the cursor.
    pub option: usize,
    /// The answer in the making.
    pub draft: Option<AnswerDraft>,
    /// The answered question that is about to be taken back.
    pub withdrawing: Option<String>,
    /// Which answer in the making it is.
    pub generation: u64,
}

/// What is shown once a worker has found it.
#[derive(Debug, Default)]
pub enum Shown<T> {
    /// Nobody asked.
    #[default]
    Nothing,
    /// It is being found.
    Waiting,
    /// Here it is.
    Done(Box<T>),
    /// It could not be found.
    Failed(Failure),
}

/// What is asked for next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A role, a concept, columns.
    Words,
    /// The last day of an acceptance.
    Until,
    /// Why.
    Why,
    /// A look at the effect, and yes.
    Confirm,
}

/// An answer in the making.
#[derive(Debug)]
pub struct AnswerDraft {
    /// The question.
    pub question: Question,
    /// The option chosen.
    pub option: String,
    /// What is asked for now.
    pub stage: Stage,
    /// A role, a concept, columns.
    pub words: Input,
    /// The last day.
    pub until: Input,
    /// Why.
    pub why: Input,
    /// What it would do at once.
    pub look: Shown<Look>,
    /// What it would change in the joined model.
    pub preview: Shown<Preview>,
    /// The first line shown of it.
    pub scroll: usize,
}

/// A row of the list.
#[derive(Debug, Clone, Copy)]
pub enum Row<'a> {
    /// An open question.
    Open(&'a Question),
    /// An answered one.
    Answered(&'a Answered),
}

impl<'a> Row<'a> {
    /// The question, where it can be answered, also anew.
    #[must_use]
    pub fn question(self) -> Option<&'a Question> {
        match self {
            Self::Open(question) => Some(question),
            Self::Answered(answered) => answered.question.as_ref(),
        }
    }
}

impl InterviewState {
    /// How many rows the list has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.asked.as_ref().map_or(0, |asked| asked.open.len() + asked.answered.len())
    }

    /// Whether nothing is asked and nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A row of the list.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<Row<'_>> {
        let asked = self.asked.as_ref()?;
        match asked.open.get(index) {
            Some(question) => Some(Row::Open(question)),
            None => asked.answered.get(index.checked_sub(asked.open.len())?).map(Row::Answered),
        }
    }

    /// The row under the cursor.
    #[must_use]
    pub fn here(&self) -> Option<Row<'_>> {
        self.row(self.selected)
    }
}

impl AnswerDraft {
    /// An answer with its first thing to ask for.
    #[must_use]
    pub fn new(question: Question, option: String) -> Self {
        let mut draft = Self {
            question,
            option,
            stage: Stage::Words,
            words: Input::default(),
            until: Input::default(),
            why: Input::default(),
            look: Shown::Nothing,
            preview: Shown::Nothing,
            scroll: 0,
        };
        if !draft.asks(Stage::Words) {
            draft.go_on();
        }
        draft
    }

    fn asks(&self, stage: Stage) -> bool {
        match stage {
            Stage::Words => asks_for(&self.question, &self.option).is_some(),
            Stage::Until => accepts(&self.option),
            Stage::Why | Stage::Confirm => true,
        }
    }

    /// Goes on to the next thing to ask for.
    pub fn go_on(&mut self) {
        let next = match self.stage {
            Stage::Words => Stage::Until,
            Stage::Until => Stage::Why,
            Stage::Why | Stage::Confirm => Stage::Confirm,
        };
        self.stage = next;
        if !self.asks(next) {
            self.go_on();
        }
    }

    /// The line that is typed in; None when nothing is.
    pub fn input(&mut self) -> Option<&mut Input> {
        match self.stage {
            Stage::Words => Some(&mut self.words),
            Stage::Until => Some(&mut self.until),
            Stage::Why => Some(&mut self.why),
            Stage::Confirm => None,
        }
    }

    /// The answer as it stands.
    #[must_use]
    pub fn reply(&self, who: &str) -> Reply {
        Reply {
            question: self.question.id.clone(),
            answer: self.option.clone(),
            text: self.words.value().trim().to_owned(),
            until: self.until.value().trim().parse().ok(),
            who: who.to_owned(),
            when: String::new(),
            why: self.why.value().trim().to_owned(),
        }
    }

    /// Whether what was typed as a day is none.
    #[must_use]
    pub fn is_no_day(&self) -> bool {
        let typed = self.until.value().trim();
        !typed.is_empty() && typed.parse::<jiff::civil::Date>().is_err()
    }
}
