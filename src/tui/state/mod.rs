//! What does the terminal UI know at this moment? Nothing here reads, writes or draws.

pub mod bits;
pub mod drift;
pub mod history;
pub mod implied;
pub mod log;
pub mod map;
pub mod matrix;
pub mod measures;
pub mod overlay;
pub mod plays;
pub mod review;
pub mod sitting;
pub mod trace;

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::command::Keymap;
use super::effect::Ticket;
use super::event::Failure;
use super::keys::Key;
use super::theme::Theme;
use super::view::View;
use crate::snapshot::RunMeta;
use history::History;
use overlay::Overlay;

/// One of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Screen {
    /// Concepts by sources, and where they disagree.
    Map,
    /// The queue of pairs.
    Review,
    /// Fields back to their rows.
    Trace,
    /// Workflows on the joined model.
    Plays,
    /// What moved since the run before.
    Drift,
    /// The decisions.
    Log,
}

impl Screen {
    /// Every screen in the order of the tabs.
    pub const ALL: [Self; 6] = [Self::Map, Self::Review, Self::Trace, Self::Plays, Self::Drift, Self::Log];

    /// The word on the tab.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Map => "Map",
            Self::Review => "Review",
            Self::Trace => "Trace",
            Self::Plays => "Plays",
            Self::Drift => "Drift",
            Self::Log => "Log",
        }
    }
}

/// What does not change while the program runs.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// The workspace's name.
    pub workspace: String,
    /// Who reviews.
    pub reviewer: String,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// Whether scores are shown after the verdict only.
    pub blind: bool,
    /// The themes to choose from, the first being the one to start with.
    pub themes: Vec<Arc<Theme>>,
}

/// Whether the snapshot is there.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Opening {
    /// It is being opened.
    #[default]
    Loading,
    /// It is open.
    Ready,
    /// There is none yet, or it cannot be read.
    Failed(Failure),
}

/// A line that stays until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// What it says.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

/// Everything the terminal UI knows.
#[derive(Debug)]
pub struct State {
    /// What does not change.
    pub setting: Setting,
    /// When the present event happened.
    pub now: Timestamp,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The screen shown.
    pub screen: Screen,
    /// Where the person was before.
    pub history: History,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// What just happened.
    pub toast: Option<Toast>,
    /// Which keys do what.
    pub keymap: Arc<Keymap>,
    /// The theme in use.
    pub theme: Arc<Theme>,
    /// Whether the mouse is caught.
    pub mouse: bool,
    /// Whether the snapshot is there.
    pub opening: Opening,
    /// The run it comes from.
    pub run: RunMeta,
    /// Whether a newer run has been published since.
    pub newer_run: bool,
    /// Keys pressed before what they are about was at hand; they are taken in order once it is.
    pub typed_ahead: VecDeque<Key>,
    /// Writes that have not been answered.
    pub storing: Vec<Ticket>,
    /// The number of the last write.
    pub last_ticket: Ticket,
    /// What was last put aside for the next start.
    pub remembered: Option<super::memory::Memory>,
    /// Whether to leave as soon as everything is stored.
    pub leaving: bool,
    /// What the last frame looked like: where rows are, how many there are.
    pub view: View,
    /// The map screen.
    pub map: map::MapState,
    /// The review screen.
    pub review: review::ReviewState,
    /// The plays screen.
    pub plays: plays::PlaysState,
    /// The drift screen.
    pub drift: drift::DriftState,
    /// The trace screen.
    pub trace: trace::TraceState,
    /// The log screen.
    pub log: log::LogState,
}

impl State {
    /// A state before anything is known.
    #[must_use]
    pub fn new(setting: Setting, keymap: Arc<Keymap>, screen: Screen, size: (u16, u16), now: Timestamp) -> Self {
        let theme = setting.themes.first().cloned().unwrap_or_default();
        Self {
            setting,
            now,
            size,
            screen,
            history: History::default(),
            overlay: None,
            toast: None,
            keymap,
            theme,
            mouse: true,
            opening: Opening::Loading,
            run: RunMeta::default(),
            newer_run: false,
            typed_ahead: VecDeque::new(),
            storing: Vec::new(),
            last_ticket: 0,
            remembered: None,
            leaving: false,
            view: View::default(),
            map: map::MapState::default(),
            review: review::ReviewState::default(),
            plays: plays::PlaysState::default(),
            drift: drift::DriftState::default(),
            trace: trace::TraceState::default(),
            log: log::LogState::default(),
        }
    }

    /// Whether the review screen waits for its pair or for the decisions of earlier sittings.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        let review = &self.review;
        let missing = |position| !review.is_held(position);
        let unsearched = review.filter.as_ref().is_some_and(|filter| filter.positions.is_none());
        self.screen == Screen::Review
            && match self.opening {
                Opening::Loading => true,
                Opening::Failed(_) => false,
                Opening::Ready => {
                    !review.decisions_known
                        || review.resuming.is_some()
                        || unsearched
                        || review.here().is_some_and(missing)
                }
            }
    }

    /// Says something in the line above the footer.
    pub fn say(&mut self, text: impl Into<String>) {
        self.toast = Some(Toast { text: text.into(), bad: false });
    }

    /// Says that something went wrong.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.toast = Some(Toast { text: text.into(), bad: true });
    }

    /// Says why something failed, with the first thing to do about it.
    pub fn fail(&mut self, doing: &str, failure: &Failure) {
        let hint = failure.hints.first().map_or(String::new(), |hint| format!(" · {hint}"));
        self.warn(format!("{doing}: {}{hint}", failure.message));
    }

    /// The number of a new write.
    pub fn ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        self.storing.push(self.last_ticket);
        self.last_ticket
    }
}
