//! What does a GitHub workflow look like?

use super::Plan;
use super::quote::literal;

/// A workflow for `.github/workflows/fourfold.yml` of the repository that holds `fourfold.toml`. Baselines and the review
/// log lie in `.fourfold/`, which is not in git: the cache carries them from run to run. `drift.html` is an artifact of the
/// run, and its Markdown stands in the run's summary.
#[must_use]
pub fn github(plan: &Plan) -> String {
    let secret = plan
        .url_env
        .as_ref()
        .map_or(String::new(), |name| format!("    env:\n      {name}: ${{{{ secrets.{name} }}}}\n"));
    let inside = plan.subdirectory.trim_matches('/');
    let place = |name: &str| literal(&if inside.is_empty() { name.to_owned() } else { format!("{inside}/{name}") });
    let directory = if inside.is_empty() {
        String::new()
    } else {
        format!("    defaults:\n      run:\n        working-directory: {}\n", literal(inside))
    };
    let embedded = if plan.url_env.is_some() {
        ""
    } else {
        "# The warehouse of this workspace is a file, which lies in the cache of the repository with all its records: add a step\n\
         # with `fourfold load DIR` that brings the week's exports, or name a warehouse that the runner can reach.\n"
    };
    format!(
        r#"{embedded}# The secret FOURFOLD_REPOSITORY of the GitHub repository is the git URL from which fourfold is built, with a token where
# it is private. The first build takes about half an hour, later runs take the program from the cache.
name: fourfold
"on":
  schedule:
    - cron: {cron} # UTC
  workflow_dispatch: {{}}
permissions:
  contents: read
concurrency:
  group: fourfold
  cancel-in-progress: false
jobs:
  drift:
    runs-on: ubuntu-latest
    timeout-minutes: 180
{secret}{directory}    steps:
      - uses: actions/checkout@v4
      - name: Restore the program
        id: program
        uses: actions/cache@v4
        with:
          path: ~/.cargo/bin/fourfold
          key: program-fourfold-{version}-${{{{ runner.os }}}}
      - name: Build fourfold
        if: ${{{{ steps.program.outputs.cache-hit != 'true' }}}}
        run: cargo install --locked --git "$FOURFOLD_REPOSITORY" fourfold
        env:
          FOURFOLD_REPOSITORY: ${{{{ secrets.FOURFOLD_REPOSITORY }}}}
      - name: Restore baselines and decisions
        uses: actions/cache/restore@v4
        with:
          path: {state}
          key: fourfold-${{{{ github.run_id }}}}
          restore-keys: fourfold-
      - name: Join the sources
        run: fourfold --quiet run
      - name: Say what drifted
        if: ${{{{ !cancelled() }}}}
        run: |
          fourfold drift --format html --out drift.html
          fourfold drift --format markdown >> "$GITHUB_STEP_SUMMARY"
          fourfold drift --check > /dev/null
      - name: Keep the report
        if: ${{{{ !cancelled() }}}}
        uses: actions/upload-artifact@v4
        with:
          name: drift
          path: {report}
          if-no-files-found: ignore
      - name: Keep baselines and decisions
        if: ${{{{ !cancelled() }}}}
        uses: actions/cache/save@v4
        with:
          path: {state}
          key: fourfold-${{{{ github.run_id }}}}
"#,
        cron = literal(&plan.cron_fields()),
        state = place(".fourfold"),
        report = place("drift.html"),
        version = env!("CARGO_PKG_VERSION"),
    )
}
