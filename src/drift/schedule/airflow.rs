//! What does an Airflow DAG look like?

use super::Plan;
use super::quote::{literal, shell};

/// A DAG file. Airflow templates bash commands, so braces of the path are kept from it by a raw block.
#[must_use]
pub fn airflow(plan: &Plan) -> String {
    let (root, program) = (shell(&plan.root), shell(&plan.program));
    let command = |what: &str| literal(&raw(&format!("cd {root} && {program} {what}")));
    let secret = plan.url_env.as_ref().map_or(String::new(), |name| {
        format!(
            "# {name} must be in the environment of the worker, for example from a connection or a secrets backend.\n"
        )
    });
    format!(
        r#""""fourfold: join the sources every week and say what drifted."""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

{secret}with DAG(
    dag_id="fourfold_drift",
    schedule={cron},
    start_date=datetime(2024, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={{"retries": 1, "retry_delay": timedelta(minutes=15)}},
    tags=["fourfold"],
) as dag:
    run = BashOperator(
        task_id="run",
        bash_command={run},
        append_env=True,
    )
    # Fails with exit code 3 when something asks for attention; trying again would say the same.
    drift = BashOperator(
        task_id="drift",
        bash_command={drift},
        append_env=True,
        retries=0,
        trigger_rule="all_done",
    )
    run >> drift
"#,
        cron = literal(&plan.cron_fields()),
        run = command("--quiet run"),
        drift = command("drift --check"),
    )
}

/// Text that Jinja leaves alone.
fn raw(command: &str) -> String {
    if command.contains("{{") || command.contains("{%") || command.contains("{#") {
        format!("{{% raw %}}{command}{{% endraw %}}")
    } else {
        command.to_owned()
    }
}
