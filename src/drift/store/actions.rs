//! What did people do about findings?
//!
//! Actions are only ever added; what stands follows from the last of each sort.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::DriftStore;
use crate::error::Result;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// It is as it should be.
    Accept,
    /// Not now: again after a moment.
    Snooze,
    /// Somebody takes care of it.
    Assign,
    /// A remark.
    Note,
    /// A proposed rename is right.
    Confirm,
    /// What was accepted or snoozed is open again.
    Reopen,
}

impl ActionKind {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Snooze => "snooze",
            Self::Assign => "assign",
            Self::Note => "note",
            Self::Confirm => "confirm",
            Self::Reopen => "reopen",
        }
    }

    fn parse(word: &str) -> Self {
        [Self::Accept, Self::Snooze, Self::Assign, Self::Confirm, Self::Reopen]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .unwrap_or(Self::Note)
    }
}

/// One thing that a person did about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// The finding.
    pub finding: String,
    /// What was done.
    pub kind: ActionKind,
    /// Who.
    pub who: String,
    /// When, RFC 3339.
    pub at: String,
    /// Until when a snooze lasts, RFC 3339.
    pub until: Option<String>,
    /// The remark, or to whom it was assigned.
    pub text: String,
}

/// Where a finding stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// `open`, `accepted`, `snoozed` or `confirmed`.
    pub state: String,
    /// Who set it.
    pub who: String,
    /// Until when it is snoozed.
    pub until: Option<String>,
    /// Who takes care of it.
    pub assignee: Option<String>,
    /// Remarks, oldest first.
    pub notes: Vec<String>,
}

impl Standing {
    /// Whether it asks for nobody's attention now.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        !matches!(self.state.as_str(), "" | "open")
    }
}

/// Where each finding stands at a moment; findings without an action are open.
#[must_use]
pub fn standing(actions: &[Action], now: Timestamp) -> BTreeMap<String, Standing> {
    let mut found: BTreeMap<String, Standing> = BTreeMap::new();
    for action in actions {
        let standing = found
            .entry(action.finding.clone())
            .or_insert_with(|| Standing { state: "open".to_owned(), ..Standing::default() });
        let mut set = |state: &str| {
            state.clone_into(&mut standing.state);
            standing.who.clone_from(&action.who);
            standing.until.clone_from(&action.until);
        };
        match action.kind {
            ActionKind::Accept => set("accepted"),
            ActionKind::Confirm => set("confirmed"),
            ActionKind::Snooze => set("snoozed"),
            ActionKind::Reopen => set("open"),
            ActionKind::Assign => standing.assignee = Some(action.text.clone()).filter(|name| !name.is_empty()),
            ActionKind::Note => standing.notes.push(format!("{}: {}", action.who, action.text)),
        }
    }
    for standing in found.values_mut() {
        let over = standing.until.as_deref().and_then(|until| until.parse::<Timestamp>().ok());
        if standing.state == "snoozed" && over.is_none_or(|until| until <= now) {
            "open".clone_into(&mut standing.state);
            standing.until = None;
        }
    }
    found
}

impl DriftStore {
    /// Adds an action; on disk when it returns.
    ///
    /// # Errors
    /// As [`DriftStore::open`].
    pub fn act(&self, action: &Action) -> Result<()> {
        let action = action.clone();
        self.wait("write", async move |connection| {
            sqlx::query("INSERT INTO actions (finding_id, action, who, at, until, text) VALUES (?, ?, ?, ?, ?, ?)")
                .bind(action.finding)
                .bind(action.kind.as_str())
                .bind(action.who)
                .bind(action.at)
                .bind(action.until)
                .bind(action.text)
                .execute(connection)
                .await
                .map(|_| ())
        })
    }

    /// Every action, oldest first.
    ///
    /// # Errors
    /// `Data` when the file is damaged.
    pub fn actions(&self) -> Result<Vec<Action>> {
        self.wait("read", async |connection| {
            let rows = sqlx::query("SELECT finding_id, action, who, at, until, text FROM actions ORDER BY seq")
                .fetch_all(connection)
                .await?;
            rows.iter()
                .map(|row| {
                    Ok(Action {
                        finding: row.try_get(0)?,
                        kind: ActionKind::parse(row.try_get(1)?),
                        who: row.try_get(2)?,
                        at: row.try_get(3)?,
                        until: row.try_get(4)?,
                        text: row.try_get(5)?,
                    })
                })
                .collect()
        })
    }
}
