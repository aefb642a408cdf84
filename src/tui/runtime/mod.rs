//! How do events come in and effects go out? The only part that touches the terminal.

mod answering;
mod around;
mod clipboard;
mod desk;
mod direct;
mod input;
mod lane;
mod search;
mod storing;
mod terminal;
mod workers;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::backend::Backend;
use super::command::Keymap;
use super::draw;
use super::effect::Effect;
use super::event::{Answer, Event};
use super::state::{Opening, Screen, Setting, State};
use super::theme::Theme;
use super::update;
use crate::error::{Context as _, ErrorKind, Result};
use input::Wake;
use terminal::Screenful;
use workers::Workers;

pub use direct::Direct;

pub(crate) use answering::is_reopened;
pub(crate) use around::with_evidence as pair_detail;

/// So long the first frame waits for the snapshot; it usually takes a few milliseconds.
const FIRST_FRAME: Duration = Duration::from_millis(30);

/// So long a frame waits for a verdict to be on disk before it says `storing`.
const STORING: Duration = Duration::from_millis(100);

/// Events handled between two frames at most, so that a flood of them cannot hold the screen.
const BETWEEN_FRAMES: usize = 1_000;

/// How to start.
#[derive(Debug, Clone)]
pub struct TuiOptions {
    /// The snapshot of the last run; it need not exist.
    pub snapshot: PathBuf,
    /// The workspace's name, for the first line.
    pub workspace: String,
    /// Who reviews.
    pub reviewer: String,
    /// The screen to begin with.
    pub screen: Screen,
    /// A pair to open, by its id, for `fourfold open fourfold://review/<pair>`.
    pub pair: Option<String>,
    /// An entity to trace and its field, for `fourfold open fourfold://trace/<entity>/<field>`.
    pub cell: Option<(String, Option<String>)>,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// Whether scores are shown after the verdict only.
    pub blind: bool,
    /// The theme: `terminal`, `dark`, `light`, `contrast`, `mono`; chosen by the environment when absent.
    pub theme: Option<String>,
    /// Whether the interview is opened at once.
    pub interview: bool,
    /// Where `keys.toml` is looked for; the platform's configuration directory when absent.
    pub config_directory: Option<PathBuf>,
}

/// Runs the terminal UI until the person leaves. What was decided is on disk when it returns.
///
/// # Errors
/// `Config` when stdin or stdout is no terminal, or for a mistake in `keys.toml` or the theme's name; `Io` when the
/// terminal goes away.
pub fn run(options: TuiOptions, backend: Arc<dyn Backend>) -> Result<()> {
    terminal::require()?;
    let keymap = Arc::new(read_keys(&options)?);
    let themes = Theme::choose(options.theme.as_deref(), |name| std::env::var(name).ok())?;
    let (sender, events) = channel();
    let workers = Workers::start(options.snapshot.clone(), backend, &sender);
    for effect in update::start(&options.reviewer) {
        if let Effect::Ask(question) = effect {
            workers.ask(question);
        }
    }
    let setting = Setting {
        workspace: options.workspace,
        reviewer: options.reviewer,
        read_only: options.read_only,
        blind: options.blind,
        themes,
    };
    let mut screen = Screenful::enter()?;
    input::start(&sender)?;
    let state = State::new(setting, keymap, options.screen, screen.size(), Timestamp::now());
    let mut state = state;
    if options.interview {
        for effect in update::interview::open(&mut state) {
            if let Effect::Ask(question) = effect {
                workers.ask(question);
            }
        }
    }
    let mut face = Face { state, workers, screen: &mut screen, pair: options.pair, cell: options.cell };
    face.turn(&events)
}

fn read_keys(options: &TuiOptions) -> Result<Keymap> {
    let directory = options.config_directory.clone().or_else(|| {
        directories::ProjectDirs::from("", "", "fourfold").map(|directories| directories.config_dir().to_owned())
    });
    let Some(path) = directory.map(|directory| directory.join("keys.toml")).filter(|path| path.is_file()) else {
        return Ok(Keymap::default());
    };
    let text =
        std::fs::read_to_string(&path).context(ErrorKind::Config, || format!("cannot read {}", path.display()))?;
    Keymap::parse(&text, &path.display().to_string())
}

struct Face<'a> {
    state: State,
    workers: Workers,
    screen: &'a mut Screenful,
    pair: Option<String>,
    cell: Option<(String, Option<String>)>,
}

impl Face<'_> {
    fn turn(&mut self, events: &Receiver<Wake>) -> Result<()> {
        let mut dirty = true;
        let mut hold = Some(Instant::now() + FIRST_FRAME);
        loop {
            if dirty && hold.is_none_or(|until| Instant::now() >= until) {
                self.draw()?;
                dirty = false;
                hold = None;
            }
            let first = match hold.filter(|_| dirty) {
                None => events.recv().ok(),
                Some(until) => match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
                    Ok(wake) => Some(wake),
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => None,
                },
            };
            let Some(first) = first else { return Ok(()) };
            for wake in std::iter::once(first).chain(events.try_iter().take(BETWEEN_FRAMES)) {
                if self.take(wake)? {
                    return Ok(());
                }
            }
            dirty = true;
            hold = self.hold(hold);
        }
    }

    /// Until when the next frame waits: for the snapshot at the start, and for a verdict to be on disk.
    fn hold(&self, before: Option<Instant>) -> Option<Instant> {
        let starting = self.state.opening == Opening::Loading && self.state.run.id.is_empty();
        if starting && before.is_some() {
            return before;
        }
        if self.state.storing.is_empty() { None } else { before.or_else(|| Some(Instant::now() + STORING)) }
    }

    /// Handles one event; says whether it was the last.
    fn take(&mut self, wake: Wake) -> Result<bool> {
        let event = match wake {
            Wake::Event(event) => event,
            Wake::Continued => {
                self.screen.resume(self.state.mouse)?;
                let (columns, rows) = self.screen.size();
                Event::Resize(columns, rows)
            }
        };
        self.state.now = Timestamp::now();
        let opened = matches!(event, Event::Answer(Answer::Decisions(_)));
        for effect in update::update(&mut self.state, event) {
            if self.perform(effect)? {
                return Ok(true);
            }
        }
        if opened && let Some(pair) = self.pair.take() {
            self.workers.ask(super::effect::Question::LocateId(pair));
        }
        if opened && let Some((entity, field)) = self.cell.take() {
            for effect in update::trace::open_cell(&mut self.state, &entity, field) {
                self.perform(effect)?;
            }
        }
        Ok(false)
    }

    /// Does what an update asked for; says whether it was to leave.
    fn perform(&mut self, effect: Effect) -> Result<bool> {
        match effect {
            Effect::Ask(question) => self.workers.ask(question),
            Effect::Store(ticket, write) => self.workers.store(ticket, write),
            Effect::Copy(text) => {
                self.screen.write(&clipboard::copy(&text))?;
                clipboard::copy_to_tmux(&text);
                self.state.say(format!("copied: {}", text.lines().next().unwrap_or_default()));
            }
            Effect::Open(url) => {
                if clipboard::open(&url) {
                    self.state.say("opened in the browser");
                } else {
                    self.screen.write(&clipboard::copy(&url))?;
                    clipboard::copy_to_tmux(&url);
                    self.state.say("no browser here: the address is copied");
                }
            }
            Effect::Remember { reviewer, memory } => self.workers.remember(reviewer, *memory),
            Effect::Suspend => {
                self.screen.suspend(self.state.mouse)?;
                self.state.size = self.screen.size();
            }
            Effect::Redraw => self.screen.clear()?,
            Effect::Mouse(caught) => self.screen.mouse(caught)?,
            Effect::Quit => return Ok(true),
        }
        Ok(false)
    }

    fn draw(&mut self) -> Result<()> {
        let state = &mut self.state;
        let view = self.screen.draw(|buffer| draw::draw(buffer, state))?;
        state.view = view;
        Ok(())
    }
}
