//! Which mailbox is this, whoever wrote it?

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::domain::host;
use super::fold::fold;

static ROLES: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../assets/normalise/role_mailboxes.txt").lines().collect());

/// A mailbox taken apart; every part in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// What stands before the `@`.
    pub local: String,
    /// The local part without plus tag, and without dots where the provider ignores them.
    pub base: String,
    /// The host after the `@`.
    pub domain: String,
}

impl Email {
    /// The mailbox as the provider sees it: `base@domain`.
    #[must_use]
    pub fn canonical(&self) -> String {
        format!("{}@{}", self.base, self.domain)
    }
}

/// Reads a mailbox: `"Jo.Doe+news@GMail.com"` has base `jodoe` and domain `gmail.com`.
///
/// `None` for what is no mailbox.
#[must_use]
pub fn email(text: &str) -> Option<Email> {
    let trimmed = text.trim().trim_start_matches("mailto:");
    let inner = match (trimmed.rfind('<'), trimmed.rfind('>')) {
        (Some(open), Some(close)) if open < close => &trimmed[open + 1..close],
        _ => trimmed,
    };
    let folded = fold(inner);
    let (local, rest) = folded.rsplit_once('@')?;
    let mut domain = host(rest)?;
    if local.is_empty() || local.contains([' ', '@', ',']) {
        return None;
    }
    if domain == "googlemail.com" {
        "gmail.com".clone_into(&mut domain);
    }
    let mut base = local.split('+').next().filter(|base| !base.is_empty()).unwrap_or(local).to_owned();
    if domain == "gmail.com" {
        base.retain(|character| character != '.');
    }
    Some(Email { local: local.to_owned(), base, domain })
}

/// Whether a local part belongs to a function instead of a person: `billing`, `info`, `no-reply`.
#[must_use]
pub fn is_role_mailbox(local: &str) -> bool {
    let folded = fold(local);
    let base = folded.split('+').next().unwrap_or(&folded);
    let plain: String = base.chars().filter(|character| !matches!(character, '.' | '_' | '-')).collect();
    ROLES.contains(base)
        || ROLES.contains(plain.as_str())
        || base.split(['.', '-', '_']).next().is_some_and(|first| first.len() > 3 && ROLES.contains(first))
}
