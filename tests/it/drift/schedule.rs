//! Do the printed units pass the linters of the tools that read them?

use std::path::Path;
use std::process::Command;

use fourfold::drift::schedule::{Plan, airflow, cron, github, systemd, weekday};

fn plan(root: &str) -> Plan {
    Plan {
        root: root.to_owned(),
        program: "/usr/local/bin/fourfold".to_owned(),
        hour: 6,
        minute: 30,
        weekday: Some(1),
        url_env: Some("DATABASE_URL".to_owned()),
    }
}

/// Paths that would end a word, a command or a line of a unit if they were not quoted.
const PATHS: [&str; 4] = ["/srv/team", "/srv/our team's 100% {{ x }}", "/srv/$(touch x)", "/srv/\"quoted\" \\ back"];

#[test]
fn python_reads_the_dag_and_bash_the_commands_in_it() {
    for path in PATHS {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("fourfold_drift.py");
        std::fs::write(&file, airflow(&plan(path))).unwrap();
        let compiled =
            Command::new("python3").args(["-m", "py_compile"]).arg(&file).output().expect("python3 is there");
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        let script = format!(
            "import ast\nfor node in ast.walk(ast.parse(open({:?}).read())):\n  if isinstance(node, ast.keyword) and node.arg == 'bash_command':\n    print(node.value.value.replace('{{% raw %}}', '').replace('{{% endraw %}}', ''))",
            file.display().to_string()
        );
        let commands = Command::new("python3").args(["-c", &script]).output().unwrap();
        let commands = String::from_utf8(commands.stdout).unwrap();
        assert_eq!(commands.lines().count(), 2, "{commands}");
        assert_words(&commands, path);
    }
}

#[test]
fn a_crontab_line_has_five_fields_and_a_command_that_a_shell_reads() {
    for path in PATHS {
        let text = cron(&plan(path));
        let line = text.lines().find(|line| !line.starts_with('#')).unwrap();
        let (fields, command) = line.split_at(line.match_indices(' ').nth(4).unwrap().0);
        assert_eq!(fields, "30 6 * * 1");
        let unescaped = command.replace("\\%", "\u{0}");
        assert!(!unescaped.contains('%'), "a percent sign ends a command of cron: {command}");
        assert_words(&unescaped.replace('\u{0}', "%"), path);
    }
}

/// A shell finds no fault, and goes to just that directory.
fn assert_words(commands: &str, path: &str) {
    let checked = Command::new("bash").args(["-n", "-c", commands]).output().expect("bash is there");
    assert!(checked.status.success(), "{commands}\n{}", String::from_utf8_lossy(&checked.stderr));
    let first = commands.lines().next().unwrap().split(" && ").next().unwrap().trim();
    let echoed = Command::new("bash").args(["-c", &first.replacen("cd ", "printf %s ", 1)]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&echoed.stdout), path);
}

#[test]
fn the_workflow_is_yaml_with_the_schedule_and_the_secret() {
    let text = github(&plan("/srv/team"));
    let read: serde_norway::Value = serde_norway::from_str(&text).unwrap();
    assert_eq!(read["on"]["schedule"][0]["cron"].as_str(), Some("30 6 * * 1"));
    let job = &read["jobs"]["drift"];
    assert_eq!(job["env"]["DATABASE_URL"].as_str(), Some("${{ secrets.DATABASE_URL }}"));
    assert_eq!(read["concurrency"]["cancel-in-progress"].as_bool(), Some(false));
    let steps = job["steps"].as_sequence().unwrap();
    assert!(steps.iter().any(|step| step["run"].as_str().is_some_and(|run| run.contains("drift --check"))));
    assert!(steps.iter().all(|step| step["uses"].is_string() != step["run"].is_string()));
}

#[test]
fn systemd_takes_the_units() {
    for path in &PATHS[..3] {
        let directory = tempfile::tempdir().unwrap();
        // The analyser looks whether the directory and the program are there.
        let root = directory.path().join(path.trim_start_matches('/'));
        std::fs::create_dir_all(&root).unwrap();
        let units = systemd(&Plan { program: "/bin/true".to_owned(), ..plan(root.to_str().unwrap()) });
        let service = directory.path().join("fourfold-drift.service");
        let timer = directory.path().join("fourfold-drift.timer");
        std::fs::write(&service, &units.service).unwrap();
        std::fs::write(&timer, &units.timer).unwrap();
        assert!(units.timer.contains("OnCalendar=Mon *-*-* 06:30:00") && units.timer.contains("Persistent=true"));
        verify(&service);
        verify(&timer);
    }
}

fn verify(unit: &Path) {
    match Command::new("systemd-analyze").args(["verify", "--user"]).arg(unit).env("XDG_RUNTIME_DIR", "/tmp").output() {
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            let own = errors.lines().filter(|line| line.contains("fourfold-drift")).collect::<Vec<_>>();
            assert!(own.is_empty(), "{errors}\n{}", std::fs::read_to_string(unit).unwrap());
        }
        // Only Linux has it; there it belongs to the base system.
        Err(missing) => println!("systemd-analyze is not here ({missing}): the unit is checked by its text alone"),
    }
}

#[test]
fn days_are_read_and_line_breaks_refused() {
    assert_eq!(weekday("Monday"), Some(1));
    assert_eq!(weekday("sun"), Some(0));
    assert_eq!(weekday("someday"), None);
    assert!(plan("/srv/a\nb").check().is_err());
    assert!(Plan { url_env: Some("A=b".to_owned()), ..plan("/srv") }.check().is_err());
    assert!(plan("/srv/team").check().is_ok());
}
