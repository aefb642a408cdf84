//! Does a real browser show the page, in light and dark, without running or fetching anything?
//!
//! Chromium is found, or brought by apt where the test may install; without it the test fails and says what to do.

use std::path::PathBuf;
use std::process::Command;

use fourfold::drift::report::html;

use super::report::{HOSTILE, view};

fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let on_path = std::env::split_paths(&path).flat_map(|directory| names.map(|name| directory.join(name)));
    let mac = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    named.into_iter().chain(on_path).chain([mac]).find(|candidate| candidate.is_file())
}

fn browser() -> PathBuf {
    find()
        .or_else(|| {
            let install = Command::new("apt-get")
                .args(["install", "-qy", "--no-install-recommends", "chromium"])
                .env("DEBIAN_FRONTEND", "noninteractive")
                .output();
            println!("no browser was found; apt was asked: {:?}", install.map(|output| output.status));
            find()
        })
        .expect("Chromium is missing: `apt-get install chromium`, or name a browser in CHROMIUM; tests/run brings it")
}

#[test]
fn the_page_renders_in_a_browser_and_nothing_of_a_source_runs() {
    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join("drift.html");
    // A browser that had fetched or run anything would leave another title or another colour.
    std::fs::write(&page, html(&view(HOSTILE))).unwrap();
    let run = |more: &[&str]| {
        let output = Command::new(browser())
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-extensions", "--mute-audio", "--window-size=900,1200"])
            .arg(format!("--user-data-dir={}", directory.path().join("profile").display()))
            .args(more)
            .arg(format!("file://{}", page.display()))
            .output()
            .expect("the browser starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    };
    let dom = String::from_utf8(run(&["--dump-dom", "--enable-logging=stderr"]).stdout).unwrap();
    assert!(dom.contains("What drifted") && dom.contains("<svg"), "{dom}");
    assert!(!dom.contains("<script"), "the browser found a script in the page");
    // Each cause is an element of its own, and names stand in it as text.
    assert!(dom.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let light = directory.path().join("light.png");
    let dark = directory.path().join("dark.png");
    run(&[&format!("--screenshot={}", light.display())]);
    run(&[&format!("--screenshot={}", dark.display()), "--force-dark-mode", "--blink-settings=preferredColorScheme=0"]);
    let (light, dark) = (std::fs::read(light).unwrap(), std::fs::read(dark).unwrap());
    assert!(light.len() > 5_000 && dark.len() > 5_000, "a screenshot is empty");
    assert_ne!(light, dark, "light and dark look the same");
    let pdf = directory.path().join("print.pdf");
    run(&[&format!("--print-to-pdf={}", pdf.display()), "--no-pdf-header-footer"]);
    assert!(std::fs::read(pdf).unwrap().starts_with(b"%PDF"), "it does not print");
}
