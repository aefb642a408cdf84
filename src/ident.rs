//! How is a thing named, everywhere and always the same way?
//!
//! Every room speaks of sources, records, pairs and entities through these types, so that a key printed by one
//! room can be looked up by another.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the four faces a company shows to its customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Surface {
    /// Events and users of the product itself.
    Product,
    /// Accounts, contacts and deals as sales keeps them.
    Crm,
    /// Customers, subscriptions and invoices.
    Billing,
    /// Organisations, requesters and tickets.
    Support,
}

impl Surface {
    /// Every surface, in the order screens show them.
    pub const ALL: [Self; 4] = [Self::Product, Self::Crm, Self::Billing, Self::Support];

    /// The word used in files and on screens.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Crm => "crm",
            Self::Billing => "billing",
            Self::Support => "support",
        }
    }
}

impl fmt::Display for Surface {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A company.
    Account,
    /// A human being.
    Person,
}

impl EntityKind {
    /// The word used in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Person => "person",
        }
    }
}

impl fmt::Display for EntityKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One connected system instance, such as `stripe_eu`: the name of its section in `fourfold.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

impl SourceId {
    /// Names a source.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The bare name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One source row. The primary key is the raw text of the source; keys of several columns are joined by `|`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    /// The source that holds the row.
    pub source: SourceId,
    /// The table as it is called in the warehouse.
    pub table: String,
    /// The raw key text.
    pub pk: String,
}

impl RecordKey {
    /// Names a row.
    pub fn new(source: impl Into<String>, table: impl Into<String>, pk: impl Into<String>) -> Self {
        Self { source: SourceId::new(source), table: table.into(), pk: pk.into() }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}:{}", self.source, self.table, self.pk)
    }
}

/// Two records side by side, the smaller key on the left, so that a pair has one name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PairKey {
    /// The smaller key.
    pub left: RecordKey,
    /// The greater key.
    pub right: RecordKey,
}

impl PairKey {
    /// Puts the two records in their order.
    #[must_use]
    pub fn new(one: RecordKey, other: RecordKey) -> Self {
        if one <= other { Self { left: one, right: other } } else { Self { left: other, right: one } }
    }

    /// A short stable name of the pair: the first 16 hexadecimal digits of SHA-256 over both keys.
    #[must_use]
    pub fn id(&self) -> String {
        let mut text = String::new();
        for key in [&self.left, &self.right] {
            for part in [key.source.as_str(), &key.table, &key.pk] {
                text.push_str(part);
                text.push('\u{1f}');
            }
        }
        format!("p{}", short_hash(&text))
    }
}

/// The stable name of an entity, such as `acc_4f1c...` or `per_09ab...`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntityId(pub String);

impl EntityId {
    /// Takes a written id.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The bare id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One field of the joined model, such as `accounts.arr`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FieldPath {
    /// The table of the joined model.
    pub table: String,
    /// The column.
    pub field: String,
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.table, self.field)
    }
}

/// The first 16 hexadecimal digits of SHA-256 over `text`: short names that are the same on every machine.
#[must_use]
pub fn short_hash(text: &str) -> String {
    use std::fmt::Write;

    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(text.as_bytes());
    digest[..8].iter().fold(String::with_capacity(16), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
