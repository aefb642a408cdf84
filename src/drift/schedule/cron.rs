//! What does a crontab take?

use super::Plan;
use super::quote::{crontab, shell};

/// Lines for `crontab -e`. Cron mails what is printed: the report when something asks for attention, the error when the run
/// fails, otherwise nothing.
#[must_use]
pub fn cron(plan: &Plan) -> String {
    let (root, program) = (shell(&plan.root), shell(&plan.program));
    let command = crontab(&format!(
        "cd {root} && {program} --quiet run >/dev/null && {{ report=$({program} drift --check) || printf '%s\\n' \"$report\"; }}"
    ));
    let secret = plan.url_env.as_ref().map_or(String::new(), |name| {
        format!("# {name} must be set for cron, for example by a line {name}=... above, in a crontab that only you can read.\n")
    });
    format!("# fourfold: what drifted in {}\n{secret}{} {command}\n", comment(&plan.root), plan.cron_fields())
}

fn comment(text: &str) -> String {
    crate::warehouse::printable(text)
}
