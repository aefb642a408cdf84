//! Which kinds of conflict are there, and what does each one ask of an operator?
//!
//! The taxonomy is closed: a finding that fits no kind is given a new one here first. The chart finds what shows in the
//! sources alone; the model finds disagreements about the values of one entity.

use super::conflict::Severity;

/// Who finds a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finder {
    /// The chart, before anything is resolved.
    Chart,
    /// Resolution, from decisions and mappings.
    Resolve,
    /// The model, from the values of one entity.
    Model,
}

/// One kind of conflict.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The word in exports.
    pub id: &'static str,
    /// What the field calls it.
    pub term: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Who finds it.
    pub finder: Finder,
    /// How it is found, in one sentence.
    pub detection: &'static str,
    /// What an operator does about it.
    pub action: &'static str,
}

const fn kind(
    id: &'static str,
    term: &'static str,
    severity: Severity,
    finder: Finder,
    detection: &'static str,
    action: &'static str,
) -> Kind {
    Kind { id, term, severity, finder, detection, action }
}

use Finder::{Chart, Model, Resolve};
use Severity::{High, Low, Medium};

/// Every kind, sources first.
pub const ALL: &[Kind] = &[
    kind(
        "missing_table",
        "schema",
        High,
        Chart,
        "a configured schema, table or column is not in the warehouse",
        "correct fourfold.toml or restore the sync",
    ),
    kind(
        "empty_table",
        "completeness",
        Medium,
        Chart,
        "a configured schema holds no table, or a table that matters has no row",
        "check the connector, or leave the source out",
    ),
    kind(
        "duplicate_table",
        "duplicate",
        Low,
        Chart,
        "two tables of a source hold the same records",
        "keep the one that is read, or map the other by hand",
    ),
    kind(
        "no_primary_key",
        "key integrity",
        Medium,
        Chart,
        "no column and no pair of columns names the rows of a table that matters",
        "name the key in fourfold.toml; until then rows are named by a hash of their contents",
    ),
    kind(
        "duplicate_key",
        "key integrity",
        High,
        Chart,
        "a primary key comes on more than one row",
        "repair the sync or name another key; one of the rows is read",
    ),
    kind(
        "null_key",
        "key integrity",
        Medium,
        Chart,
        "rows of a table that matters have no key",
        "repair the source; such rows are left out",
    ),
    kind(
        "duplicate_record",
        "duplicate",
        High,
        Chart,
        "living records of one table share a normalised domain, e-mail or name",
        "merge them in the source, or link them in review",
    ),
    kind(
        "shared_domain",
        "over-merge risk",
        High,
        Chart,
        "a free-mail domain, or a domain or mailbox of several differently named companies",
        "exclude it as a key",
    ),
    kind(
        "many_domains",
        "under-merge",
        Medium,
        Model,
        "one entity, or a parent and its child, has several domains",
        "add the domain as an alias",
    ),
    kind(
        "key_format_split",
        "key heterogeneity",
        High,
        Chart,
        "ids in one column have different shapes, such as 15 and 18 characters of Salesforce",
        "normalise them where they are joined",
    ),
    kind(
        "type_mismatched_join",
        "key heterogeneity",
        High,
        Chart,
        "a key is a number on one side and text on the other, and the plain join finds fewer rows than the normalised one",
        "cast both sides and test the coverage",
    ),
    kind(
        "wrong_attribution",
        "referential",
        High,
        Resolve,
        "a mapping that a person made differs from the resolved entity",
        "honour the mapping, or correct it",
    ),
    kind(
        "manual_mapping_overwritten",
        "referential",
        Medium,
        Chart,
        "the history of a field shows that an integration changed what a person had set",
        "pin the mapping as a decision",
    ),
    kind(
        "dangling_tombstone",
        "referential",
        High,
        Chart,
        "a living record, of this or another source, still points to one that was merged or deleted",
        "point it to the record that survived",
    ),
    kind(
        "stale_cross_id",
        "referential",
        High,
        Chart,
        "an id that another system keeps names a record which is deleted or not there",
        "drop it as a key and look at the pair",
    ),
    kind(
        "pre_migration_delete",
        "left-censoring",
        Medium,
        Chart,
        "a record points to one that is not there and is older than everything in that table",
        "bring in the archive as a source of its own",
    ),
    kind(
        "metadata_key_drift",
        "schema",
        Medium,
        Chart,
        "one key of the JSON metadata is written in several ways",
        "read all spellings as one",
    ),
    kind(
        "migration_scar_field",
        "schema",
        Medium,
        Chart,
        "a column is a relic of an older system by its name, or holds dates that stand for nothing",
        "write a rule for it, or leave it out",
    ),
    kind(
        "one_to_many_billing",
        "cardinality",
        Medium,
        Chart,
        "several billing customers name one account",
        "roll them up to the account",
    ),
    kind(
        "parent_child_billing",
        "grain",
        High,
        Model,
        "a parent account pays for a child",
        "choose the grain of revenue",
    ),
    kind(
        "won_not_billed",
        "completeness",
        High,
        Model,
        "a deal is won and the account has no subscription",
        "escalate to billing",
    ),
    kind(
        "billed_not_won",
        "completeness",
        Medium,
        Model,
        "an account pays and has no won deal",
        "escalate to sales operations",
    ),
    kind(
        "status_disagreement",
        "consistency",
        High,
        Model,
        "the status in the CRM, the subscription's status and the usage do not agree",
        "state which one rules",
    ),
    kind(
        "amount_disagreement",
        "consistency",
        High,
        Model,
        "the recurring revenue in the CRM and twelve times the billed monthly amount differ",
        "the owner decides",
    ),
    kind(
        "revenue_residual",
        "consistency",
        High,
        Model,
        "the monthly revenue that the model states differs from what live subscriptions add up to: an ARR bridge does not close",
        "give billing the first word on accounts.mrr, or correct the source that states it",
    ),
    kind(
        "currency_mismatch",
        "consistency",
        Medium,
        Chart,
        "an invoice is in another currency than its customer; the model compares the systems",
        "fix the rate's date, or the currency",
    ),
    kind("timing", "timeliness", Low, Model, "equal amounts lie less than 14 days apart", "suppress"),
    kind(
        "plan_mismatch",
        "consistency",
        High,
        Model,
        "the plan in the CRM, the billed price and the product's entitlement differ",
        "two queues: paid but blocked, and unpaid but active",
    ),
    kind("seats_mismatch", "consistency", Medium, Model, "the seats bought, sold and active differ", "pick the source"),
    kind(
        "owner_mismatch",
        "consistency",
        Low,
        Model,
        "the owner in the CRM differs from the one in billing or success",
        "reassign",
    ),
    kind("name_mismatch", "consistency", Low, Model, "names of one entity differ after normalising", "accept or fix"),
    kind(
        "domain_mismatch",
        "consistency",
        Low,
        Model,
        "domains of one entity differ after normalising",
        "accept or fix",
    ),
    kind(
        "country_mismatch",
        "consistency",
        Low,
        Model,
        "countries of one entity differ after normalising",
        "accept or fix",
    ),
    kind(
        "internal_or_test",
        "contamination",
        Medium,
        Chart,
        "a record is on the team's own domain or on a reserved one, bears a test marker, or is not live",
        "exclude it",
    ),
    kind(
        "orphan",
        "referential",
        Medium,
        Chart,
        "a ticket, invoice, subscription or deal has no account, or a ticket's organisation differs from its requester's",
        "link it",
    ),
    kind(
        "silent_null",
        "completeness",
        High,
        Chart,
        "a column that is still landed is empty on every row",
        "repair the source",
    ),
    kind(
        "sync_race",
        "timeliness",
        Low,
        Chart,
        "a source or table was synced more than a day before the others",
        "wait for the next sync, or repair the connector",
    ),
];

/// A kind by its word.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.id == id)
}
