//! The real thing on a real terminal: a pseudo-terminal, and this test binary running the terminal UI in it.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fourfold::review::ReviewLog;
use fourfold::snapshot::Snapshot;
use fourfold::tui::{Screen, TuiOptions, run};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

use super::backend::faulty_backend;
use super::company::company;

/// Names the directory of the workspace when this binary is to be the terminal UI itself.
const INSIDE: &str = "FOURFOLD_TEST_TERMINAL";

/// Not a test of its own: what the tests below run inside the pseudo-terminal.
#[test]
fn inside_a_terminal() {
    let Some(directory) = std::env::var_os(INSIDE).map(PathBuf::from) else { return };
    let options = TuiOptions {
        snapshot: directory.join("snapshot.sqlite"),
        workspace: "northwind".into(),
        reviewer: "rae".into(),
        screen: Screen::Map,
        pair: None,
        cell: None,
        read_only: false,
        blind: false,
        theme: std::env::var("FOURFOLD_TEST_THEME").ok(),
        config_directory: Some(directory.clone()),
    };
    run(options, Arc::new(faulty_backend(&directory.join("review.sqlite")))).unwrap();
}

pub(super) struct Terminal {
    pub(super) directory: TempDir,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn std::io::Write + Send>,
    pub(super) child: Box<dyn Child + Send + Sync>,
    parser: Arc<Mutex<vt100::Parser>>,
    raw: Arc<Mutex<Vec<u8>>>,
    started: Instant,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn non_zero(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

impl Terminal {
    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Snapshot::write(&directory.path().join("snapshot.sqlite"), &company(30)).unwrap();
        Self::start_in(directory)
    }

    pub(super) fn start_in(directory: TempDir) -> Self {
        let pair = native_pty_system().openpty(size(100, 30)).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", "tui::terminal::inside_a_terminal", "--nocapture", "--quiet"]);
        command.env(INSIDE, directory.path());
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        command.env_remove("TMUX");
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser = Arc::new(Mutex::new(vt100::Parser::new(non_zero(30), non_zero(100), 0)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (screen, bytes) = (parser.clone(), raw.clone());
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                bytes.lock().unwrap().extend_from_slice(&buffer[..read]);
                screen.lock().unwrap().process(&buffer[..read]);
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { directory, master: pair.master, writer, child, parser, raw, started }
    }

    pub(super) fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    pub(super) fn text(&self) -> String {
        self.parser.lock().unwrap().screen().contents()
    }

    fn written(&self) -> usize {
        self.raw.lock().unwrap().len()
    }

    pub(super) fn wait(&self, wanted: &str) {
        self.until(wanted, |text| text.contains(wanted));
    }

    pub(super) fn until(&self, what: &str, holds: impl Fn(&str) -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !holds(&self.text()) {
            assert!(Instant::now() < end, "{what} does not come:\n{}", self.text());
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    pub(super) fn leave(&mut self) {
        let end = Instant::now() + Duration::from_secs(20);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < end, "it does not leave:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(super) fn resize(&mut self, columns: u16, rows: u16) {
        self.parser.lock().unwrap().set_size(non_zero(rows), non_zero(columns));
        self.master.resize(size(columns, rows)).unwrap();
    }

    pub(super) fn decisions(&self) -> usize {
        let log = ReviewLog::open_read_only(&self.directory.path().join("review.sqlite")).unwrap();
        assert!(log.verify(None).unwrap().is_intact());
        log.effective().unwrap().len()
    }

    pub(super) fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }
}

#[test]
fn a_sitting_from_start_to_end() {
    let mut terminal = Terminal::start();
    terminal.wait("source map: 14 concepts");
    println!("first frame after {:?}, process start included", terminal.started.elapsed());
    terminal.press("2");
    terminal.wait("1 of 40");
    terminal.press("a");
    terminal.wait("2 of 40");
    terminal.wait("same: Northwind Analytics");
    assert_eq!(terminal.decisions(), 1, "it was on disk before it was shown");
    terminal.press("xxx");
    terminal.wait("5 of 40");
    terminal.press("z");
    terminal.wait("taken back: different");
    terminal.press("y");
    terminal.wait("copied: fourfold://review/p");
    terminal.press("q");
    terminal.leave();
    assert_eq!(terminal.decisions(), 3);
    let raw = terminal.raw.lock().unwrap().clone();
    let holds = |wanted: &str| raw.windows(wanted.len()).any(|bytes| bytes == wanted.as_bytes());
    assert!(holds("\u{1b}]52;c;"), "the clipboard was set");
    for restored in ["\u{1b}[?1049l", "\u{1b}[?25h", "\u{1b}[?1000l", "\u{1b}[?2004l"] {
        assert!(holds(restored), "{restored:?}");
    }
}

#[test]
fn keys_are_answered_at_once_and_idle_screens_are_left_alone() {
    let mut terminal = Terminal::start();
    terminal.wait("source map");
    terminal.press("2");
    terminal.wait("1 of 40");
    let mut times = Vec::new();
    for round in 0..60 {
        let (key, place) = if round % 2 == 0 { ("j", "2 of 40") } else { ("k", "1 of 40") };
        let pressed = Instant::now();
        terminal.press(key);
        terminal.wait(place);
        times.push(pressed.elapsed());
    }
    times.sort_unstable();
    println!("key to changed cell: p50 {:?}, p99 {:?}", times[times.len() / 2], times[times.len() * 99 / 100]);
    assert!(times[times.len() / 2] < Duration::from_millis(100), "{times:?}");
    std::thread::sleep(Duration::from_millis(300));
    let before = terminal.written();
    std::thread::sleep(Duration::from_millis(1_200));
    assert_eq!(terminal.written(), before, "nothing is drawn when nothing happens");
    terminal.press("q");
    terminal.leave();
}

#[test]
fn any_size_at_any_moment() {
    let mut terminal = Terminal::start();
    terminal.wait("source map");
    for (columns, rows) in [(60, 20), (200, 50), (10, 3), (80, 24), (100, 30)] {
        terminal.parser.lock().unwrap().set_size(non_zero(rows), non_zero(columns));
        terminal.master.resize(size(columns, rows)).unwrap();
        if columns >= 80 {
            terminal.wait("source map");
        } else if columns >= 60 {
            terminal.wait("fourfold needs 80 columns");
        }
    }
    terminal.press("q");
    terminal.leave();
}

#[test]
fn a_kill_loses_nothing_that_was_shown_as_decided() {
    let mut terminal = Terminal::start();
    terminal.wait("source map");
    terminal.press("2");
    terminal.wait("1 of 40");
    terminal.press("axuax");
    terminal.wait("6 of 40");
    terminal.wait("5 decided");
    terminal.signal("KILL");
    terminal.leave();
    assert_eq!(terminal.decisions(), 5);
    let Terminal { directory, .. } = terminal;
    let mut terminal = Terminal::start_in(directory);
    terminal.wait("source map");
    terminal.press("2");
    terminal.wait("6 of 40");
    terminal.press("\u{3}");
    terminal.leave();
}

#[test]
fn a_polite_end_stores_what_is_on_its_way() {
    let mut terminal = Terminal::start();
    terminal.wait("source map");
    terminal.press("2");
    terminal.wait("1 of 40");
    terminal.press("aaaaaaaa");
    terminal.until("the first verdict", |text| !text.contains(" 1 of 40"));
    terminal.signal("TERM");
    terminal.leave();
    assert!(terminal.decisions() >= 1);
}

#[cfg(target_os = "linux")]
#[test]
fn it_goes_to_the_background_and_comes_back() {
    let mut terminal = Terminal::start();
    terminal.wait("source map");
    terminal.press("\u{1a}");
    let stat = format!("/proc/{}/stat", terminal.child.process_id().unwrap());
    let end = Instant::now() + Duration::from_secs(20);
    while !std::fs::read_to_string(&stat).unwrap().contains(") T ") {
        assert!(Instant::now() < end, "it does not stop");
        std::thread::sleep(Duration::from_millis(5));
    }
    // What it wrote before it stopped may still be on its way through the pseudo-terminal.
    while terminal.parser.lock().unwrap().screen().alternate_screen() {
        assert!(Instant::now() < end, "the shell has its screen back");
        std::thread::sleep(Duration::from_millis(5));
    }
    terminal.signal("CONT");
    terminal.wait("source map");
    terminal.press("2");
    terminal.wait("1 of 40");
    terminal.press("q");
    terminal.leave();
}

#[test]
fn a_fault_in_a_worker_is_said_and_the_rest_goes_on() {
    let mut terminal = Terminal::start();
    terminal.wait("source map");
    terminal.press("3");
    terminal.wait("entities 1 of 80");
    terminal.press("\r");
    terminal.wait("▸ name");
    terminal.press("\r");
    terminal.wait("a fault in fourfold");
    terminal.press("2");
    terminal.wait("1 of 40");
    terminal.press("q");
    terminal.leave();
}

#[test]
fn a_pipe_is_told_about_the_other_ways() {
    let directory = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tui::terminal::inside_a_terminal", "--nocapture"])
        .env(INSIDE, directory.path())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("the terminal UI needs a terminal"), "{said}");
}
