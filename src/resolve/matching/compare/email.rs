//! How far do two mailboxes agree?

use std::sync::Arc;

use rapidfuzz::distance::jaro_winkler;

use super::Measure;
use super::slips::{may_be_alike, slips};
use crate::resolve::matching::concept::MatchConcept;
use crate::resolve::matching::intern::Dictionary;
use crate::resolve::matching::keys::text_part;
use crate::resolve::normalise::is_free_mail;

/// Mailboxes over a dictionary of `base@domain`.
pub(crate) struct Emails {
    pub(crate) dictionary: Arc<Dictionary>,
}

impl Measure for Emails {
    fn part(&self, value: u32, _number: u8) -> u64 {
        text_part(self.dictionary.text(value), MatchConcept::Email)
    }

    fn fetch(&self, value: u32) -> usize {
        self.dictionary.fetch(value)
    }

    fn highest(&self) -> u8 {
        6
    }

    fn level(&self, left: u32, right: u32) -> u8 {
        let (left, right) = (self.dictionary.text(left), self.dictionary.text(right));
        let (Some((local, domain)), Some((other_local, other_domain))) =
            (left.rsplit_once('@'), right.rsplit_once('@'))
        else {
            return 1;
        };
        if local == other_local {
            return if is_mistyped(domain, other_domain) { 6 } else { 5 };
        }
        let slips = slips(local, other_local, 2);
        let shortest = local.len().min(other_local.len());
        let same_domain = domain == other_domain;
        if same_domain && ((shortest >= 4 && slips <= 1) || (shortest >= 8 && slips <= 2)) {
            return 4;
        }
        if shortest >= 4
            && (slips <= 2
                || (may_be_alike(local, other_local, 0.92)
                    && jaro_winkler::similarity(local.bytes(), other_local.bytes()) >= 0.92))
        {
            return 3;
        }
        if same_domain && !is_free_mail(domain) { 2 } else { 1 }
    }
}

/// Whether one domain is the other with a slip of the pen. Two short domains two letters apart are two domains.
fn is_mistyped(left: &str, right: &str) -> bool {
    slips(left, right, 1) <= 1
}
