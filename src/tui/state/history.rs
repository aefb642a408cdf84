//! Where was the person before, and how do they get back?

use crate::ident::EntityId;

/// A place to come back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The map, with the conflicts of a kind and one of them, as far as they were open.
    Map(Option<usize>, Option<usize>),
    /// A pair, by its position.
    Pair(u32),
    /// An entity and one of its fields.
    Cell(Option<EntityId>, Option<String>),
    /// The plays, and which of them.
    Play(usize),
    /// What moved, and which finding.
    Finding(usize),
    /// The log.
    Log,
}

/// How many places are kept.
const KEPT: usize = 200;

/// The way back and the way forward again.
#[derive(Debug, Clone, Default)]
pub struct History {
    back: Vec<Place>,
    forward: Vec<Place>,
}

impl History {
    /// Leaves a place for a new one.
    pub fn leave(&mut self, place: Place) {
        self.forward.clear();
        if self.back.last() != Some(&place) {
            self.back.push(place);
        }
        if self.back.len() > KEPT {
            self.back.remove(0);
        }
    }

    /// Goes back; `here` is where the person is now.
    pub fn back(&mut self, here: Place) -> Option<Place> {
        let mut place = self.back.pop()?;
        if place == here {
            place = self.back.pop()?;
        }
        self.forward.push(here);
        Some(place)
    }

    /// Goes forward again.
    pub fn forward(&mut self, here: Place) -> Option<Place> {
        let place = self.forward.pop()?;
        self.back.push(here);
        Some(place)
    }

    /// Whether there is a way back.
    #[must_use]
    pub fn can_go_back(&self) -> bool {
        !self.back.is_empty()
    }

    /// Whether there is a way forward.
    #[must_use]
    pub fn can_go_forward(&self) -> bool {
        !self.forward.is_empty()
    }
}
