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
    format!(
        r#"name: fourfold
"on":
  schedule:
    - cron: {cron}
  workflow_dispatch: {{}}
permissions:
  contents: read
concurrency:
  group: fourfold
  cancel-in-progress: false
jobs:
  drift:
    runs-on: ubuntu-latest
    timeout-minutes: 120
{secret}    steps:
      - uses: actions/checkout@v4
      - name: Restore baselines and decisions
        uses: actions/cache/restore@v4
        with:
          path: .fourfold
          key: fourfold-${{{{ github.run_id }}}}
          restore-keys: fourfold-
      - name: Install fourfold
        run: cargo install fourfold --locked
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
          path: drift.html
          if-no-files-found: ignore
      - name: Keep baselines and decisions
        if: ${{{{ !cancelled() }}}}
        uses: actions/cache/save@v4
        with:
          path: .fourfold
          key: fourfold-${{{{ github.run_id }}}}
"#,
        cron = literal(&plan.cron_fields()),
    )
}
