//! Does the last published run stay whole, whatever happens to the next one?

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::workspace::{demo_copy, fourfold, run, succeed};

/// What readers of the published schema see.
fn published(directory: &std::path::Path) -> Vec<String> {
    ["links", "relations", "conflicts", "accounts"].iter().map(|what| succeed(directory, &["export", what])).collect()
}

#[test]
fn a_killed_run_leaves_the_last_one_whole() {
    let copy = demo_copy();
    succeed(copy.path(), &["load", "data/week2"]);
    let before = published(copy.path());
    let started = Instant::now();
    // How long a whole run takes on this machine, so that the kills fall inside it.
    let probe = demo_copy();
    succeed(probe.path(), &["run"]);
    let whole = started.elapsed();
    for part in 1..=6_u32 {
        let mut child =
            fourfold().current_dir(copy.path()).arg("run").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * part / 8);
        child.kill().unwrap();
        let finished = child.wait().unwrap().success();
        let after = published(copy.path());
        if finished || after != before {
            // The run was quicker than the kill: then all of it is there, not a part.
            let again = demo_copy();
            succeed(again.path(), &["load", "data/week2"]);
            succeed(again.path(), &["run"]);
            assert_eq!(after, published(again.path()), "a killed run published a part of itself");
            return;
        }
    }
    succeed(copy.path(), &["run"]);
    assert_ne!(before, published(copy.path()), "the run after the kills publishes the second week");
}

#[test]
fn ctrl_c_stops_a_run_with_130_and_publishes_nothing() {
    let copy = demo_copy();
    succeed(copy.path(), &["load", "data/week2"]);
    let before = published(copy.path());
    let mut child =
        fourfold().current_dir(copy.path()).arg("run").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(250));
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    let deadline = Instant::now() + Duration::from_secs(20);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "the run does not stop on Ctrl-C");
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{errors}");
    assert!(errors.contains("interrupted"), "{errors}");
    assert_eq!(before, published(copy.path()));
}

#[test]
fn two_runs_do_not_overlap() {
    let copy = demo_copy();
    let mut first =
        fourfold().current_dir(copy.path()).arg("run").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let lock = copy.path().join(".fourfold/run.lock");
    let deadline = Instant::now() + Duration::from_secs(10);
    while std::fs::read_to_string(&lock).unwrap_or_default().is_empty() && first.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "the run never took its lock");
        std::thread::sleep(Duration::from_millis(2));
    }
    let second = run(copy.path(), &["run"]);
    let errors = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(first.wait().unwrap().success());
    assert_eq!(second.status.code(), Some(1), "{errors}");
    assert!(errors.contains("fourfold run") && errors.contains("process"), "it says who is at work: {errors}");
    succeed(copy.path(), &["run"]);
}
