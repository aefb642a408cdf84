//! How is the terminal taken, given back, and always given back?

use std::io::{IsTerminal as _, Stdout, Write as _, stdin, stdout};
use std::sync::Once;

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;

use crate::error::{Context as _, Error, ErrorKind, Result};
use crate::tui::view::View;

/// The terminal while it is ours.
pub(super) struct Screenful {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

/// A terminal UI needs a terminal at both ends.
pub(super) fn require() -> Result<()> {
    if stdin().is_terminal() && stdout().is_terminal() {
        return Ok(());
    }
    Err(Error::config("the terminal UI needs a terminal, and this is a pipe or a file")
        .hint("`fourfold review --plain` asks the same questions line by line")
        .hint("`fourfold export` and `fourfold trace` print what screens show"))
}

impl Screenful {
    /// Takes the terminal.
    pub(super) fn enter() -> Result<Self> {
        restore_on_panic();
        take(true)?;
        let terminal = Terminal::new(CrosstermBackend::new(stdout())).context(ErrorKind::Io, gone)?;
        Ok(Self { terminal })
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> (u16, u16) {
        self.terminal.size().map_or((80, 24), |size| (size.width, size.height))
    }

    /// Draws a frame, all at once.
    pub(super) fn draw(&mut self, with: impl FnOnce(&mut Buffer) -> View) -> Result<View> {
        let mut view = View::default();
        queue!(stdout(), BeginSynchronizedUpdate).context(ErrorKind::Io, gone)?;
        self.terminal.draw(|frame| view = with(frame.buffer_mut())).context(ErrorKind::Io, gone)?;
        execute!(stdout(), EndSynchronizedUpdate).context(ErrorKind::Io, gone)?;
        Ok(view)
    }

    /// Writes something that is not part of a frame, such as a text for the clipboard.
    #[expect(clippy::unused_self, reason = "only who holds the terminal may write to it")]
    pub(super) fn write(&mut self, sequence: &str) -> Result<()> {
        let mut out = stdout();
        out.write_all(sequence.as_bytes()).and_then(|()| out.flush()).context(ErrorKind::Io, gone)
    }

    /// Forgets what is on the screen, so that the next frame draws everything.
    pub(super) fn clear(&mut self) -> Result<()> {
        execute!(stdout(), Clear(ClearType::All)).context(ErrorKind::Io, gone)?;
        // A new one knows nothing of the old frame. (Its own `clear` would ask the terminal for the cursor's place, and
        // the answer would go to the thread that reads keys.)
        self.terminal = Terminal::new(CrosstermBackend::new(stdout())).context(ErrorKind::Io, gone)?;
        Ok(())
    }

    /// Catches the mouse or lets it go.
    #[expect(clippy::unused_self, reason = "only who holds the terminal may change it")]
    pub(super) fn mouse(&mut self, caught: bool) -> Result<()> {
        let done =
            if caught { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) };
        done.context(ErrorKind::Io, gone)
    }

    /// Stops as Ctrl-Z stops any program, and takes the terminal again when continued.
    pub(super) fn suspend(&mut self, mouse: bool) -> Result<()> {
        #[cfg(unix)]
        {
            give_back();
            signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
                .context(ErrorKind::Io, || "cannot go to the background".to_owned())?;
        }
        self.resume(mouse)
    }

    /// Takes the terminal again.
    pub(super) fn resume(&mut self, mouse: bool) -> Result<()> {
        take(mouse)?;
        self.clear()
    }
}

impl Drop for Screenful {
    fn drop(&mut self) {
        give_back();
    }
}

fn gone() -> String {
    "the terminal went away".to_owned()
}

fn take(mouse: bool) -> Result<()> {
    enable_raw_mode().context(ErrorKind::Io, gone)?;
    let mut out = stdout();
    let taken = execute!(out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, cursor::Hide);
    taken.context(ErrorKind::Io, gone)?;
    if mouse { execute!(out, EnableMouseCapture).context(ErrorKind::Io, gone) } else { Ok(()) }
}

/// Gives the terminal back as it was. Called when leaving, suspending and panicking; what fails then cannot be helped.
fn give_back() {
    let mut out = stdout();
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        cursor::Show,
        LeaveAlternateScreen
    );
    let _ = disable_raw_mode();
}

/// A panic on the thread that draws gives the terminal back before it is reported. Workers catch their own.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        let drawing = std::thread::current().id();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().id() == drawing {
                give_back();
                before(panic);
            } else {
                tracing::error!("{panic}");
            }
        }));
    });
}
