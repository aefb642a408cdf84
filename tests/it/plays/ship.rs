//! Does a shipped patch hold only what is new or changed, in the repository's own style, and does git take it?

use std::path::Path;
use std::process::Command;

use fourfold::plays::preview::preview;
use fourfold::plays::published::Published;
use fourfold::plays::ship::{Draft, ShipInput, Shipped, draft};
use fourfold::plays::{Library, check};
use fourfold::warehouse::{DuckDb, DuckDbOptions, Warehouse};
use tempfile::TempDir;

use super::previews::publish;
use super::world::{self, SCHEMA};

/// Runs git in a directory, as somebody.
pub fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(["-c", "user.name=Ada Example", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git starts");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A repository with some files committed, whose author is known.
pub fn repository(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    git(directory.path(), &["init", "-q"]);
    git(directory.path(), &["config", "user.name", "Ada Example"]);
    git(directory.path(), &["config", "user.email", "ada@example.com"]);
    for (path, text) in files {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    git(directory.path(), &["add", "-A"]);
    git(directory.path(), &["commit", "-q", "--allow-empty", "-m", "What was there"]);
    directory
}

/// A published model with the plays on it.
pub fn published(warehouse: &dyn Warehouse, accounts: u64) -> (Library, Published) {
    world::publish(warehouse, accounts);
    let library = Library::shipped().unwrap();
    let published = publish(warehouse, &library);
    (library, published)
}

/// A draft of some plays.
pub fn drafted(
    warehouse: &dyn Warehouse,
    library: &Library,
    published: &Published,
    names: &[&str],
    repository: &Path,
    branch: Option<&str>,
) -> fourfold::error::Result<Option<Draft>> {
    let plays: Vec<Shipped> = names
        .iter()
        .map(|name| {
            let entry = library.get(name).unwrap();
            let reads = check::reads(&entry.play, warehouse.dialect(), SCHEMA).unwrap();
            let preview = preview(&entry.play, warehouse, SCHEMA, published, &reads.fields, 20).unwrap();
            Shipped { play: entry.play.clone(), plain: entry.plain.clone(), preview }
        })
        .collect();
    draft(&ShipInput { plays: &plays, repository, dialect: warehouse.dialect(), schema: SCHEMA, published, branch })
}

fn embedded() -> DuckDb {
    DuckDb::in_memory(&DuckDbOptions::default()).unwrap()
}

const PROJECT: &str = "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [\"models\"]\n";

#[test]
fn a_patch_is_applied_by_git_am_and_shipping_again_updates() {
    let warehouse = embedded();
    let (mut library, published) = published(&warehouse, 200);
    let untidy = "version: 2\nmodels:\n- name:   fct_orders\n  description: \"ours\"   # do not touch\n";
    let repository = repository(&[
        ("dbt_project.yml", PROJECT),
        ("models/marts/sales/fct_orders.sql", "select 1 as id\n"),
        ("models/marts/sales/_sales__models.yml", untidy),
    ]);
    let path = repository.path();
    let ship = |library: &Library, names: &[&str]| {
        drafted(&warehouse, library, &published, names, path, None).unwrap().inspect(|draft| {
            let file = path.parent().unwrap().join(format!("{}.patch", names.join("-")));
            draft.to_patch(&file).unwrap();
            git(path, &["am", "-q", file.to_str().unwrap()]);
            std::fs::remove_file(file).unwrap();
        })
    };
    let first = ship(&library, &["health"]).unwrap();
    assert!(first.files.iter().all(|(_, new)| *new), "{:?}", first.files);
    assert!(
        path.join("models/marts/fourfold/fct_health.sql").is_file(),
        "most marts are called fct_: {:?}",
        first.files
    );
    let request = git(path, &["log", "-1", "--format=%B"]);
    for part in
        ["## Motivation", "## Validation", "## Changes to what was there", "## Checklist", "| tier | before | after |"]
    {
        assert!(request.contains(part), "no {part} in\n{request}");
    }
    assert_eq!(git(path, &["log", "-1", "--format=%an"]).trim(), "Ada Example");
    let read = |file: &str| std::fs::read_to_string(path.join(file)).unwrap();
    assert_eq!(read("models/marts/sales/_sales__models.yml"), untidy);
    let models = read("models/marts/fourfold/_fourfold__models.yml");
    assert!(models.contains("\n- name: fct_health\n"), "lists are flush in this repository:\n{models}");

    assert!(ship(&library, &["health"]).is_none(), "nothing changed, and yet something was shipped");

    ship(&library, &["expansion", "arr_bridge"]).unwrap();
    let entry = library.entries.iter_mut().find(|entry| entry.play.name == "health").unwrap();
    entry.play.signals[0].weight = 33.0;
    let update = ship(&library, &["health"]).unwrap();
    let changed: Vec<&str> = update.files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(changed, ["models/marts/fourfold/README.md", "seeds/fourfold/fourfold_weights.csv"]);
    let weights = read("seeds/fourfold/fourfold_weights.csv");
    assert_eq!(weights.matches("health,seats_weight,").count(), 1, "{weights}");
    assert!(
        weights.contains("health,seats_weight,33\n") && weights.contains("expansion,limit_weight,30\n"),
        "{weights}"
    );
    let models = read("models/marts/fourfold/_fourfold__models.yml");
    assert_eq!(models.matches("- name: fct_health\n").count(), 1, "{models}");
    assert_eq!(models.matches("- name: fct_arr_bridge\n").count(), 1, "{models}");
    let sources = read("models/marts/fourfold/_fourfold__sources.yml");
    assert_eq!(sources.matches("name: runs").count(), 1, "{sources}");
    assert_eq!(sources.matches("name: subscriptions").count(), 1, "{sources}");
}

#[test]
fn a_branch_is_made_without_touching_what_is_checked_out() {
    let warehouse = embedded();
    let (library, published) = published(&warehouse, 100);
    let repository = repository(&[("dbt_project.yml", PROJECT)]);
    let path = repository.path();
    let head = git(path, &["rev-parse", "HEAD"]);
    let make = || drafted(&warehouse, &library, &published, &["routing"], path, Some("fourfold/routing")).unwrap();
    let draft = make().unwrap();
    assert!(draft.diff.contains("+++ b/models/marts/fourfold/routing.sql"), "{}", draft.diff);
    assert!(git(path, &["branch", "--list"]).lines().count() == 1, "a draft moved a branch");
    draft.to_branch("fourfold/routing").unwrap();
    assert_eq!(git(path, &["rev-parse", "HEAD"]), head);
    assert_eq!(git(path, &["status", "--porcelain"]), "");
    assert_eq!(git(path, &["rev-parse", "fourfold/routing^"]), head);
    assert!(make().is_none(), "the branch holds all of it already");
    let error = draft.to_branch("fourfold/routing").unwrap_err();
    assert_eq!(error.exit_code(), 1, "a branch that moved meanwhile was moved again");
}

#[test]
fn conventions_are_found_and_followed() {
    let warehouse = embedded();
    let (library, published) = published(&warehouse, 100);
    let sources = "version: 2\n\nsources:\n    - name: joined\n      schema: fourfold\n      tables:\n          - name: accounts\n";
    let repository = repository(&[
        ("analytics/dbt_project.yml", "name: shop\nmodel-paths: [\"transform\"]\nseed-paths: [\"data\"]\n"),
        ("analytics/transform/3_marts/core/customers.sql", "select 1 as id\n"),
        ("analytics/transform/3_marts/core/health.sql", "select 1 as id\n"),
        ("analytics/transform/staging/joined.yaml", sources),
        ("README.md", "# shop\n"),
    ]);
    let found = drafted(&warehouse, &library, &published, &["health"], repository.path(), None).unwrap().unwrap();
    let files: Vec<(&str, bool)> = found.files.iter().map(|(path, new)| (path.as_str(), *new)).collect();
    assert_eq!(
        files,
        [
            ("analytics/data/fourfold/_fourfold__seeds.yaml", true),
            ("analytics/data/fourfold/fourfold_weights.csv", true),
            ("analytics/transform/3_marts/fourfold/README.md", true),
            ("analytics/transform/3_marts/fourfold/_fourfold__exposures.yaml", true),
            ("analytics/transform/3_marts/fourfold/_fourfold__models.yaml", true),
            ("analytics/transform/3_marts/fourfold/fourfold_health.sql", true),
            ("analytics/transform/staging/joined.yaml", false),
        ]
    );
    assert!(found.diff.contains("source('joined', 'accounts')"), "{}", found.diff);
    assert!(found.diff.contains("+          - name: play_inputs"), "four blanks a level:\n{}", found.diff);
    let gone = found.diff.lines().find(|line| line.starts_with('-') && !line.starts_with("---"));
    assert_eq!(gone, None, "a line was taken away");
}

#[test]
fn without_dbt_there_are_views_and_a_readme() {
    let warehouse = embedded();
    let (library, published) = published(&warehouse, 100);
    let repository = repository(&[("views/revenue.sql", "select 1;\n")]);
    let found = drafted(&warehouse, &library, &published, &["churn_risk"], repository.path(), None).unwrap().unwrap();
    let names: Vec<&str> = found.files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(names, ["views/fourfold/README.md", "views/fourfold/churn_risk.sql"]);
    found.to_patch(&repository.path().join("../views.patch")).unwrap();
    git(repository.path(), &["am", "-q", repository.path().join("../views.patch").to_str().unwrap()]);
    let sql = std::fs::read_to_string(repository.path().join("views/fourfold/churn_risk.sql")).unwrap();
    for statement in sql.split(";\n").filter(|statement| !statement.trim().is_empty()) {
        warehouse.execute(statement, &[]).unwrap_or_else(|error| panic!("{statement}\n{error}: {:?}", error.source));
    }
    let play = &library.get("churn_risk").unwrap().play;
    let shipped = super::previews::rows(&warehouse, play, "fourfold_churn_risk");
    assert_eq!(shipped, super::previews::rows(&warehouse, play, "fourfold.play_churn_risk"));
}

#[test]
fn a_tree_that_is_not_clean_and_a_place_without_git_are_refused() {
    let warehouse = embedded();
    let (library, published) = published(&warehouse, 50);
    let dirty = repository(&[("dbt_project.yml", PROJECT)]);
    std::fs::write(dirty.path().join("dbt_project.yml"), "name: other\n").unwrap();
    let ship = |path: &Path| drafted(&warehouse, &library, &published, &["health"], path, None).unwrap_err();
    let error = ship(dirty.path());
    assert!(error.message.contains("not committed: dbt_project.yml"), "{}", error.message);
    assert_eq!(error.exit_code(), 2);
    let nowhere = tempfile::tempdir().unwrap();
    assert!(ship(nowhere.path()).message.contains("no git repository"));
    git(nowhere.path(), &["init", "-q"]);
    assert!(ship(nowhere.path()).message.contains("no commit yet"));
    assert!(ship(&nowhere.path().join("missing")).message.contains("no directory"));
    let two = repository(&[("one/dbt_project.yml", PROJECT), ("two/dbt_project.yml", PROJECT)]);
    assert!(ship(two.path()).message.contains("2 dbt projects"));
    assert!(drafted(&warehouse, &library, &published, &["health"], &two.path().join("two"), None).unwrap().is_some());
    let current = drafted(&warehouse, &library, &published, &["health"], two.path(), Some("main")).unwrap_err();
    assert!(current.message.contains("checked out"), "{}", current.message);
}

/// A directory with a `git` that kills whoever called it when it is called for the `deadly`th time, and else does as asked.
#[cfg(unix)]
fn deadly_git(deadly: u32) -> TempDir {
    use std::os::unix::fs::PermissionsExt;
    let directory = TempDir::new().unwrap();
    let real = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|path| path.join("git"))
        .find(|path| path.is_file())
        .unwrap();
    let count = directory.path().join("count");
    let script = format!(
        "#!/bin/sh\nn=$(($(cat '{count}' 2>/dev/null || echo 0) + 1))\necho $n >'{count}'\n\
         if [ $n -eq {deadly} ]; then kill -9 $PPID; exit 1; fi\nexec '{real}' \"$@\"\n",
        count = count.display(),
        real = real.display()
    );
    let path = directory.path().join("git");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    directory
}

/// Killed before any of its calls of git, shipping leaves the repository as it was or whole, and shipping again works.
#[cfg(unix)]
#[test]
fn a_kill_at_any_moment_leaves_nothing_half_shipped() {
    use crate::support::workspace::{demo, fourfold, succeed};
    for deadly in 1..60 {
        let shop = repository(&[("dbt_project.yml", "name: shop\n"), ("models/a.sql", "select 1 as one\n")]);
        let repo = shop.path().to_str().unwrap();
        let head = git(shop.path(), &["rev-parse", "HEAD"]);
        let wrapped = deadly_git(deadly);
        let path = format!("{}:{}", wrapped.path().display(), std::env::var("PATH").unwrap());
        let done =
            fourfold().current_dir(demo()).env("PATH", path).args(["ship", "health", "--repo", repo]).output().unwrap();
        if done.status.success() {
            assert!(deadly > 4, "it was done before its fourth call of git");
            return;
        }
        assert_eq!(done.status.code(), None, "{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(git(shop.path(), &["rev-parse", "HEAD"]), head, "kill {deadly} moved what is checked out");
        assert_eq!(git(shop.path(), &["status", "--porcelain"]), "", "kill {deadly} left something in the tree");
        git(shop.path(), &["fsck", "--strict"]);
        let said = succeed(demo(), &["ship", "health", "--repo", repo]);
        assert!(said.contains("fourfold/health"), "{said}");
        assert!(git(shop.path(), &["show", "--stat", "fourfold/health"]).contains("models/marts/fourfold/health.sql"));
    }
    panic!("it never came to an end");
}

#[test]
fn without_git_it_says_what_is_missing() {
    use crate::support::workspace::{demo, fourfold};
    let shop = repository(&[("dbt_project.yml", "name: shop\n")]);
    let empty = TempDir::new().unwrap();
    let done = fourfold()
        .current_dir(demo())
        .env("PATH", empty.path())
        .args(["ship", "health", "--repo", shop.path().to_str().unwrap()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success() && said.contains("git") && said.contains("install"), "{said}");
}
