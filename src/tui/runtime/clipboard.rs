//! How does a text reach the clipboard, and an address a browser, also over SSH?

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;

/// Terminals take about this much; more would be dropped silently.
const LONGEST: usize = 74_000;

/// The escape sequence (OSC 52) that asks the terminal to copy. It needs no display and works over SSH and in tmux.
pub(super) fn copy(text: &str) -> String {
    let end = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("\u{1b}]52;c;{}\u{7}", base64::engine::general_purpose::STANDARD.encode(&text[..end]))
}

/// Inside tmux the text also goes to tmux itself, which hands it on: by default it drops what programs ask of the
/// terminal's clipboard.
pub(super) fn copy_to_tmux(text: &str) {
    if std::env::var_os("TMUX").is_none() {
        return;
    }
    let text = text.to_owned();
    let child = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Ok(mut child) = child {
        // Beside the screen, which must not wait for another program.
        std::thread::spawn(move || {
            if let Some(mut input) = child.stdin.take() {
                let _ = input.write_all(text.as_bytes());
            }
            child.wait()
        });
    }
}

/// Opens a web address in a browser; says whether one could be started. Nothing but plain web addresses is handed on.
pub(super) fn open(url: &str) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    if !web || url.chars().any(|character| character.is_control() || character.is_whitespace()) {
        return false;
    }
    let remote = std::env::var_os("SSH_CONNECTION").is_some();
    let display = cfg!(any(target_os = "macos", target_os = "windows"))
        || std::env::var_os("DISPLAY").is_some()
        || std::env::var_os("WAYLAND_DISPLAY").is_some();
    if remote || !display {
        return false;
    }
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(target_os = "windows") {
        Command::new("explorer")
    } else {
        Command::new("xdg-open")
    };
    let child = command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    match child {
        Ok(mut child) => {
            // Somebody has to wait for it, or it stays as a zombie.
            std::thread::spawn(move || child.wait());
            true
        }
        Err(_) => false,
    }
}
