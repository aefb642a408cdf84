//! Drives the pure update with typed keys, doing the effects at once and in order, without threads or a terminal.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyEvent, KeyModifiers};
use fourfold::snapshot::{Snapshot, SnapshotData};
use fourfold::tui::command::Keymap;
use fourfold::tui::effect::Effect;
use fourfold::tui::event::{Answer, Event};
use fourfold::tui::keys::Key;
use fourfold::tui::runtime::Direct;
use fourfold::tui::state::{Screen, Setting, State};
use fourfold::tui::theme::Theme;
use fourfold::tui::update::{start, update};
use fourfold::tui::{Backend, draw};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tempfile::TempDir;

use super::backend::backend;

/// A terminal UI without a terminal.
pub struct Drive {
    pub state: State,
    pub direct: Direct,
    pub directory: TempDir,
    /// Effects that are about the terminal itself.
    pub outside: Vec<Effect>,
    /// Whether writes are to fail.
    pub log: PathBuf,
}

pub fn now() -> Timestamp {
    "2026-03-02T09:30:00Z".parse().unwrap()
}

impl Drive {
    /// On a company, with a screen of some size and a theme.
    pub fn new(data: &SnapshotData, size: (u16, u16), theme: &str) -> Self {
        Self::with(data, size, theme, |_| {})
    }

    pub fn with(data: &SnapshotData, size: (u16, u16), theme: &str, change: impl FnOnce(&mut Setting)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let snapshot = directory.path().join("snapshot.sqlite");
        Snapshot::write(&snapshot, data).unwrap();
        Self::at(directory, size, theme, change)
    }

    /// In a directory that may hold a snapshot and a log.
    pub fn at(directory: TempDir, size: (u16, u16), theme: &str, change: impl FnOnce(&mut Setting)) -> Self {
        let log = directory.path().join("review.sqlite");
        let reads: Arc<dyn Backend> = Arc::new(backend(&log));
        let mut setting = Setting {
            workspace: "northwind".into(),
            reviewer: "rae".into(),
            themes: Theme::choose(Some(theme), |_| None).unwrap(),
            ..Setting::default()
        };
        change(&mut setting);
        let state = State::new(setting, Arc::new(Keymap::default()), Screen::Map, size, now());
        let direct = Direct::new(directory.path().join("snapshot.sqlite"), reads);
        let mut drive = Self { state, direct, directory, outside: Vec::new(), log };
        let reviewer = drive.state.setting.reviewer.clone();
        drive.perform(start(&reviewer));
        drive.frame();
        drive
    }

    /// Handles an event and everything that follows from it.
    pub fn event(&mut self, event: Event) {
        let effects = update(&mut self.state, event);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut waiting: std::collections::VecDeque<Effect> = effects.into();
        while let Some(effect) = waiting.pop_front() {
            if let Some(answer) = self.direct.perform(&effect) {
                waiting.extend(update(&mut self.state, Event::Answer(answer)));
            } else if !matches!(effect, Effect::Ask(_) | Effect::Store(..) | Effect::Remember { .. }) {
                self.outside.push(effect);
            }
        }
    }

    /// Delivers an answer by hand.
    pub fn answer(&mut self, answer: Answer) {
        self.event(Event::Answer(answer));
    }

    /// Types keys: single characters, and names in angle brackets such as `<enter>`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in parse(keys) {
            let mut modifiers = KeyModifiers::NONE;
            modifiers.set(KeyModifiers::CONTROL, key.control);
            modifiers.set(KeyModifiers::ALT, key.alt);
            self.event(Event::Key(KeyEvent::new(key.code, modifiers)));
            self.frame();
        }
        self
    }

    /// Draws a frame and returns it.
    pub fn frame(&mut self) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.state.size.0, self.state.size.1));
        self.state.view = draw::draw(&mut buffer, &self.state);
        buffer
    }

    /// The screen as text, without blanks at the ends of lines.
    pub fn text(&mut self) -> String {
        let buffer = self.frame();
        let lines: Vec<String> = (0..buffer.area.height)
            .map(|y| {
                let mut line = String::new();
                let mut x = 0;
                while x < buffer.area.width {
                    let symbol = buffer[(x, y)].symbol();
                    line.push_str(symbol);
                    x += fourfold::tui::text::width(symbol).max(1) as u16;
                }
                line.trim_end().to_owned()
            })
            .collect();
        lines.join("\n")
    }

    /// Whether the screen shows a text.
    pub fn shows(&mut self, wanted: &str) -> bool {
        self.text().contains(wanted)
    }
}

pub fn parse(keys: &str) -> Vec<Key> {
    let mut found = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let name = rest.strip_prefix('<').and_then(|after| after.split_once('>'));
        if let Some((name, after)) = name.filter(|(name, _)| !name.is_empty()) {
            found.push(Key::parse(name).unwrap_or_else(|| panic!("no key {name}")));
            rest = after;
        } else {
            let text = if first == ' ' { "space".to_owned() } else { first.to_string() };
            found.push(Key::parse(&text).unwrap());
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}
