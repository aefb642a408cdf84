//! What comes from the terminal and from the system?

use std::sync::mpsc::Sender;

use crossterm::event::Event as Terminal;

use crate::error::{Context as _, ErrorKind, Result};
use crate::tui::event::Event;

/// What wakes the loop.
#[derive(Debug)]
pub(super) enum Wake {
    /// Something for the update.
    Event(Event),
    /// The program was stopped from outside and continued.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are no signals to continue a program by"))]
    Continued,
}

/// Starts to listen.
pub(super) fn start(sender: &Sender<Wake>) -> Result<()> {
    listen_to_signals(sender.clone())?;
    let sender = sender.clone();
    std::thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || {
            loop {
                let event = match crossterm::event::read() {
                    Ok(event) => translate(event),
                    // The terminal is gone.
                    Err(_) => Some(Event::Terminate),
                };
                let last = matches!(event, Some(Event::Terminate));
                let heard = event.is_none_or(|event| sender.send(Wake::Event(event)).is_ok());
                if last || !heard {
                    return;
                }
            }
        })
        .map(drop)
        .context(ErrorKind::Internal, || "cannot listen to the terminal".to_owned())
}

fn translate(event: Terminal) -> Option<Event> {
    match event {
        Terminal::Key(key) => Some(Event::Key(key)),
        Terminal::Paste(text) => Some(Event::Paste(text)),
        Terminal::Mouse(mouse) => match mouse.kind {
            // Moves come in floods and mean nothing here.
            crossterm::event::MouseEventKind::Moved | crossterm::event::MouseEventKind::Drag(_) => None,
            _ => Some(Event::Mouse(mouse)),
        },
        Terminal::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
        Terminal::FocusGained => Some(Event::Focus),
        Terminal::FocusLost => None,
    }
}

#[cfg(unix)]
fn listen_to_signals(sender: Sender<Wake>) -> Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGCONT])
        .context(ErrorKind::Internal, || "cannot listen to signals".to_owned())?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                let wake = if signal == SIGCONT { Wake::Continued } else { Wake::Event(Event::Terminate) };
                if sender.send(wake).is_err() {
                    return;
                }
            }
        })
        .map(drop)
        .context(ErrorKind::Internal, || "cannot listen to signals".to_owned())
}

#[cfg(not(unix))]
fn listen_to_signals(_sender: Sender<Wake>) -> Result<()> {
    Ok(())
}
