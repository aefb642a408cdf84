//! Do `explain`, `history`, `test` and `run --full` do what they say?

use std::path::Path;

use crate::support::workspace::{demo, fail, fourfold, rows, run, succeed};

/// A small company in a workspace of its own, run once.
fn small() -> (tempfile::TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    succeed(directory.path(), &["demo", "company", "--no-tui", "--accounts", "60"]);
    let home = directory.path().join("company");
    (directory, home)
}

/// The account with most records.
fn largest(directory: &Path) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for row in rows(&succeed(directory, &["export", "links"])).into_iter().skip(1).filter(|row| row[1] == "account") {
        *counts.entry(row[0].clone()).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).unwrap().0
}

#[test]
fn an_entity_explains_what_holds_it_with_the_bars_of_the_review_screen() {
    let id = largest(demo());
    let text = succeed(demo(), &["explain", &id]);
    for words in ["records (", "pairs that hold it together", "where it would come apart first", "probability"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let json: serde_json::Value = serde_json::from_str(&succeed(demo(), &["explain", &id, "--json"])).unwrap();
    let records = json["records"].as_array().unwrap().len();
    let edges = json["edges"].as_array().unwrap();
    assert!(records > 2 && edges.len() >= records - 1, "{records} records, {} edges", edges.len());
    let published = rows(&succeed(demo(), &["export", "pairs", "--raw"]));
    let at = published[0].iter().position(|header| header == "waterfall").unwrap();
    let mut compared = 0;
    for edge in edges {
        let weight: f64 =
            edge["waterfall"]["bars"].as_array().unwrap().iter().map(|bar| bar["weight"].as_f64().unwrap()).sum();
        if let Some(id) = edge["pair_id"].as_str() {
            assert!((weight - edge["weight"].as_f64().unwrap()).abs() < 1e-6, "{edge}");
            let row = published.iter().find(|row| row[0] == id).expect("the pair is published");
            let bars: serde_json::Value = serde_json::from_str(&row[at]).unwrap();
            assert_eq!(bars, edge["waterfall"]);
            compared += 1;
        }
    }
    assert!(compared > 0);
    let cut = &json["weakest_cut"];
    let part = cut["records"].as_array().unwrap().len();
    assert!(part >= 1 && part * 2 <= records, "{cut}");
    let held: f64 = cut["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|at| edges[at.as_u64().unwrap() as usize]["weight"].as_f64().unwrap().max(0.0))
        .sum();
    assert!(held > 0.0);
    // Deciding that its weakest pair is two splits it, when that pair alone holds a part.
    let errors = fail(demo(), 2, &["explain", "acc_nothing"]);
    assert!(errors.contains("hint:"), "{errors}");
    let errors = fail(demo(), 2, &["history", "acc_nothing"]);
    assert!(errors.contains("hint:"), "{errors}");
}

#[test]
fn rules_decisions_and_a_clerical_sample_are_tested() {
    let (_directory, home) = small();
    let home = home.as_path();
    let report = |arguments: &[&str]| -> serde_json::Value {
        let mut all = vec!["test", "--json", "-q"];
        all.extend(arguments);
        serde_json::from_str(&succeed(home, &all)).unwrap()
    };
    // A sample from every stratum, also below the threshold, without a hint of what the engine thinks.
    let sample = home.join("sample.csv");
    let first = report(&["--sample", "150", "--out", sample.to_str().unwrap()]);
    assert_eq!(first["passed"], true);
    assert!(first["quality"][0]["precision"].is_null(), "nothing is labelled yet");
    let drawn = rows(&std::fs::read_to_string(&sample).unwrap());
    assert_eq!(drawn.len(), 151);
    assert!(!drawn[0].iter().any(|name| name.contains("weight") || name.contains("probability")), "{:?}", drawn[0]);
    // Labels from the truth.
    let mut truth = std::collections::BTreeMap::new();
    for file in ["accounts.csv", "people.csv"] {
        let text = std::fs::read_to_string(home.join("data/truth").join(file)).unwrap();
        truth.extend(rows(&text).into_iter().skip(1).map(|row| (row[..3].to_vec(), row[3].clone())));
    }
    let mut labelled = csv::Writer::from_path(&sample).unwrap();
    labelled.write_record(&drawn[0]).unwrap();
    let mut same = 0;
    for row in drawn.iter().skip(1) {
        let mut row = row.clone();
        let [left, right] = [&row[4..7], &row[7..10]].map(|key| truth.get(key).filter(|owner| !owner.is_empty()));
        let verdict = if left.is_some() && left == right { "same" } else { "different" };
        same += usize::from(verdict == "same");
        verdict.clone_into(&mut row[2]);
        labelled.write_record(&row).unwrap();
    }
    labelled.flush().unwrap();
    assert!(same > 10 && same < 140, "the sample has both kinds: {same} same");
    let second = report(&["--labels", sample.to_str().unwrap(), "--record"]);
    for quality in second["quality"].as_array().unwrap() {
        let precision = &quality["precision"];
        let (low, value, high) = (
            precision["low"].as_f64().unwrap(),
            precision["value"].as_f64().unwrap(),
            precision["high"].as_f64().unwrap(),
        );
        assert!(low <= value && value <= high && value > 0.8, "{quality}");
        assert!(quality["recall"]["value"].as_f64().unwrap() > 0.6, "{quality}");
        assert!(
            quality["strata"]
                .as_array()
                .unwrap()
                .iter()
                .any(|stratum| stratum["matched"] == false && stratum["checked"].as_u64() > Some(0))
        );
    }
    // Recorded, they are decisions and regression cases.
    let third = report(&[]);
    let decisions = &third["decisions"];
    assert!(decisions["cases"].as_u64().unwrap() >= 100, "{decisions}");
    assert_eq!(decisions["held"], decisions["cases"]);
    assert!(!third["quality"][0]["precision"].is_null(), "labels of the log count");

    // Rules: one example that holds, one that does not.
    let links: Vec<Vec<String>> = rows(&succeed(home, &["export", "links"]));
    // Two records of one entity that the truth calls one, so that no label recorded above says otherwise.
    let owner = |row: &[String]| truth.get(&row[2..5]).filter(|owner| !owner.is_empty());
    let accounts: Vec<&Vec<String>> = links.iter().filter(|row| row[1] == "account" && owner(row).is_some()).collect();
    let pair = accounts
        .iter()
        .find_map(|one| {
            let other =
                accounts.iter().find(|other| other[0] == one[0] && other != &one && owner(other) == owner(one))?;
            Some([*one, *other])
        })
        .unwrap();
    let key = |row: &[String]| format!("{}.{}:{}", row[2], row[3], row[4]);
    let file = home.join("fourfold.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let with = |verdict: &str| {
        format!(
            "{text}\n[[resolve.rules]]\nname = \"one phone\"\nkind = \"account\"\nsame = [\"phone\", \"name\"]\n\
             verdict = \"same\"\nexamples = [{{ left = \"{}\", right = \"{}\", verdict = \"{verdict}\" }}]\n",
            key(pair[0]),
            key(pair[1])
        )
    };
    std::fs::write(&file, with("same")).unwrap();
    assert!(run(home, &["test", "--check", "-q"]).status.success());
    std::fs::write(&file, with("different")).unwrap();
    let output = run(home, &["test", "--check", "-q"]);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("one phone"));
    // Wrong rules are errors that name the rule.
    for (wrong, words) in [
        (with("same").replace("same = [\"phone\", \"name\"]", "same = []"), "names no field"),
        (with("same").replace("\"phone\"", "\"telephone\""), "telephone"),
        (with("maybe"), "maybe"),
        (with("same").replace(&key(pair[0]), "nonsense"), "source.table:key"),
    ] {
        std::fs::write(&file, wrong).unwrap();
        let errors = fail(home, 2, &["test"]);
        assert!(errors.contains("fourfold.toml") && errors.contains(words), "{words}: {errors}");
    }
    std::fs::write(&file, &text).unwrap();
    // Broken labels name their line.
    std::fs::write(
        &sample,
        "verdict,left_source,left_table,left_pk,right_source,right_table,right_pk\nperhaps,a,b,1,a,b,2\n",
    )
    .unwrap();
    let errors =
        String::from_utf8_lossy(&run(home, &["test", "--labels", sample.to_str().unwrap()]).stderr).into_owned();
    assert!(errors.contains(":2:") && errors.contains("perhaps"), "{errors}");
}

#[test]
fn a_run_that_remembers_publishes_what_a_full_run_publishes() {
    let (_directory, home) = small();
    let home = home.as_path();
    let memory = home.join(".fourfold/resolve.memory");
    assert!(memory.is_file(), "the first run keeps a memory");
    let published = || -> Vec<String> {
        ["links", "relations", "hierarchy", "pairs", "conflicts", "accounts", "people"]
            .iter()
            .map(|what| succeed(home, &["export", what]))
            .collect()
    };
    let told = |arguments: &[&str]| String::from_utf8_lossy(&run(home, arguments).stderr).into_owned();
    assert!(told(&["run"]).contains("people as before"));
    let remembered = published();
    let full = told(&["run", "--full"]);
    assert!(!full.contains("as before") && full.contains("match: learn"), "{full}");
    assert_eq!(published(), remembered);
    // New rows: the run compares again, and gives what a full run gives.
    succeed(home, &["load", "data/week2"]);
    assert!(!told(&["run"]).contains("people as before"));
    let remembered = published();
    succeed(home, &["run", "--full"]);
    assert_eq!(published(), remembered);
    // A memory cut short is said to be one, and replaced.
    let bytes = std::fs::read(&memory).unwrap();
    std::fs::write(&memory, &bytes[..bytes.len() / 2]).unwrap();
    let errors = told(&["run"]);
    assert!(errors.contains("cannot be read: everything is compared again"), "{errors}");
    assert_eq!(published(), remembered);
    std::fs::remove_file(&memory).unwrap();
    let errors = told(&["run"]);
    assert!(!errors.contains("as before"), "{errors}");
    assert!(memory.is_file());
    // Killed while it writes, a run leaves the older memory or the newer one, never a part.
    for wait in [200, 700] {
        let mut child = fourfold()
            .current_dir(home)
            .args(["run", "--full"])
            .stderr(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(!told(&["run"]).contains("cannot be read"));
    assert_eq!(published(), remembered);
}
