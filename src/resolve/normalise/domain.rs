//! Which registrable domain does a web address or mailbox belong to, and does it name a company?

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::fold::fold;

static FREE_MAIL: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../assets/normalise/free_mail_domains.txt").lines().collect());
static DISPOSABLE: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../assets/normalise/disposable_domains.txt").lines().collect());

/// The registrable domain of a web address, a host or a mailbox, by the public suffix list.
///
/// `"https://www.Shop.acme.co.uk/x?y"` gives `acme.co.uk`. `None` for addresses without one: IP addresses, `localhost`,
/// bare suffixes, text.
#[must_use]
pub fn registrable_domain(text: &str) -> Option<String> {
    let host = host(text)?;
    let domain = psl::domain_str(&host)?;
    Some(domain.to_owned())
}

/// The registrable domain of an address in small letters without user and path; `None` for what is written otherwise,
/// which [`registrable_domain`] reads.
#[must_use]
pub fn plain_domain(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    let ending = rest.rsplit('.').next().unwrap_or_default();
    let fits = rest.bytes().all(plain)
        && !rest.starts_with('.')
        && !rest.contains("..")
        && ending.len() >= 2
        && ending.len() < rest.len()
        && ending.bytes().all(|byte| byte.is_ascii_lowercase());
    if fits { psl::domain_str(rest) } else { None }
}

/// The host of a web address or mailbox, in lower case, without scheme, user, port, path and `www.`.
#[must_use]
pub fn host(text: &str) -> Option<String> {
    let folded = fold(text.trim());
    let mut rest = folded.as_str();
    if let Some(at) = rest.find("://") {
        rest = &rest[at + 3..];
    }
    rest = rest.strip_prefix("mailto:").unwrap_or(rest);
    rest = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    rest = rest.rsplit('@').next().unwrap_or(rest);
    rest = rest.split(':').next().unwrap_or(rest);
    rest = rest.trim_matches('.');
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let labels_fit = rest.contains('.')
        && !rest.contains("..")
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.' || byte == b'_');
    let last_is_letters =
        rest.rsplit('.').next().is_some_and(|last| last.len() >= 2 && !last.bytes().all(|byte| byte.is_ascii_digit()));
    (labels_fit && last_is_letters).then(|| rest.to_owned())
}

/// Whether anyone can open a mailbox on this registrable domain, so that sharing it says nothing.
#[must_use]
pub fn is_free_mail(domain: &str) -> bool {
    FREE_MAIL.contains(domain) || is_disposable(domain)
}

/// Whether the domain hands out throw-away mailboxes.
#[must_use]
pub fn is_disposable(domain: &str) -> bool {
    DISPOSABLE.contains(domain)
}

/// The label in front of the public suffix: `acme` of `acme.co.uk`.
#[must_use]
pub fn domain_label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or(domain)
}
