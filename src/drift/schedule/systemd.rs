//! What do systemd's service and timer look like?

use super::quote::systemd as quoted;
use super::{DAYS, Plan};

/// A service and the timer that starts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Units {
    /// `fourfold-drift.service`.
    pub service: String,
    /// `fourfold-drift.timer`.
    pub timer: String,
}

/// The units, for `~/.config/systemd/user` or `/etc/systemd/system`. A run that was due while the machine was off is made
/// up for; the service fails when the run does or when something asks for attention.
#[must_use]
pub fn systemd(plan: &Plan) -> Units {
    let program = quoted(&plan.program);
    let secret = plan.url_env.as_ref().map_or(String::new(), |name| {
        format!("# {name}=... stands in this file, which only its owner may read.\nEnvironmentFile=-%h/.config/fourfold/environment\n")
    });
    let service = format!(
        "[Unit]\nDescription=fourfold: join the sources and say what drifted\n\n\
         [Service]\nType=oneshot\nWorkingDirectory={}\n{secret}\
         ExecStart={program} --quiet run\nExecStart={program} drift --check\nNice=10\n",
        plan.root.replace('%', "%%")
    );
    let day = plan.weekday.map_or(String::new(), |day| format!("{} ", DAYS[usize::from(day % 7)]));
    let timer = format!(
        "[Unit]\nDescription=fourfold: when to look for drift\n\n\
         [Timer]\nOnCalendar={day}*-*-* {:02}:{:02}:00\nPersistent=true\nRandomizedDelaySec=5min\n\n\
         [Install]\nWantedBy=timers.target\n",
        plan.hour, plan.minute
    );
    Units { service, timer }
}
