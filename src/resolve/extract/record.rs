//! What does resolution know of one row, whatever system it came from?

use crate::chart::source_map::{SourceEntry, TableEntry};
use crate::ident::{EntityKind, RecordKey};

/// What a value of a record is, in resolution's own few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// A name as the source writes it: of the company, or of the person in full.
    Name,
    /// An earlier name.
    FormerName,
    /// A person's given name.
    GivenName,
    /// A person's family name.
    FamilyName,
    /// A web address.
    Website,
    /// A bare domain.
    Domain,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// Street and number.
    Street,
    /// City.
    City,
    /// State or province.
    Region,
    /// Postal code.
    PostalCode,
    /// Country, in whatever spelling.
    Country,
    /// A person's job title.
    Title,
    /// What a person may do in the source: `agent`, `end-user`, `Owner`.
    Role,
    /// The company a person names as theirs, as text.
    CompanyName,
    /// The key of the account a person belongs to, in the same source.
    AccountId,
    /// The key of the account a lead was turned into.
    ConvertedAccountId,
    /// The key of the person a lead was turned into.
    ConvertedPersonId,
    /// The key of the account above this one.
    ParentId,
    /// The key of the record this one was merged into.
    MergedInto,
    /// The keys of the records that were merged into this one, as one text.
    MergedIds,
    /// An id that another system knows.
    Identifier,
    /// Free keys and values, as JSON.
    Metadata,
    /// Plan.
    Plan,
    /// Status.
    Status,
    /// Who looks after it: key, name or address.
    Owner,
    /// Industry.
    Industry,
    /// When the source made the record.
    CreatedAt,
    /// When the source last changed it.
    UpdatedAt,
    /// False for records of a test mode.
    LiveMode,
}

impl Field {
    /// What a concept such as `account.website` is to resolution, seen from a table whose rows are `kind`; None for
    /// concepts that say nothing about identity.
    #[must_use]
    pub fn of_concept(concept: &str, kind: EntityKind) -> Option<Self> {
        let (role, property) = concept.split_once('.')?;
        match (kind, role) {
            (EntityKind::Account, "account") => Self::of_account(property),
            (EntityKind::Account, "person") => (property == "email").then_some(Self::Email),
            (EntityKind::Person, "person") => Self::of_person(property),
            (EntityKind::Person, "account") => match property {
                "id" => Some(Self::AccountId),
                "name" => Some(Self::CompanyName),
                "domain" | "website" => Some(Self::Website),
                _ => None,
            },
            _ => None,
        }
    }

    fn shared(property: &str) -> Option<Self> {
        Some(match property {
            "name" => Self::Name,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "street" => Self::Street,
            "city" => Self::City,
            "region" => Self::Region,
            "postal_code" => Self::PostalCode,
            "country" => Self::Country,
            "merged_into" => Self::MergedInto,
            "merged_ids" => Self::MergedIds,
            "external_id" => Self::Identifier,
            "metadata" => Self::Metadata,
            "created_at" => Self::CreatedAt,
            "updated_at" => Self::UpdatedAt,
            "owner_id" => Self::Owner,
            _ => return None,
        })
    }

    fn of_account(property: &str) -> Option<Self> {
        Some(match property {
            "former_name" => Self::FormerName,
            "website" => Self::Website,
            "domain" => Self::Domain,
            "parent_id" => Self::ParentId,
            "industry" => Self::Industry,
            "status" => Self::Status,
            "plan" => Self::Plan,
            "owner_name" | "owner_email" => Self::Owner,
            "live_mode" => Self::LiveMode,
            other => return Self::shared(other),
        })
    }

    fn of_person(property: &str) -> Option<Self> {
        Some(match property {
            "given_name" => Self::GivenName,
            "family_name" => Self::FamilyName,
            "title" => Self::Title,
            "role" => Self::Role,
            "company_name" => Self::CompanyName,
            "account_id" => Self::AccountId,
            "converted_account_id" => Self::ConvertedAccountId,
            "converted_person_id" => Self::ConvertedPersonId,
            other => return Self::shared(other),
        })
    }
}

/// One value of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it is.
    pub field: Field,
    /// The position of its column among the table's columns; `u16::MAX` for values from another table.
    pub column: u16,
    /// The value, not empty, without surrounding blanks.
    pub value: Box<str>,
}

/// Why a record does not take part in matching; it stays an entity of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aside {
    /// A record of the source's test mode, or one that says of itself that it is a test.
    Test,
    /// A role mailbox such as `billing@`: nobody's record.
    Function,
}

/// One row of an account or person table.
#[derive(Debug, Clone)]
pub struct Record {
    /// The position of its table in [`super::Extract::tables`].
    pub table: u32,
    /// The raw key text.
    pub pk: Box<str>,
    /// Its values: in the order of the columns, those from other tables last.
    pub cells: Vec<Cell>,
    /// Whether the source calls it deleted. Its id may still be in use elsewhere.
    pub deleted: bool,
    /// Whether it belongs to the team itself: own domain, or a colleague in the support desk.
    pub internal: bool,
    /// Why it takes no part in matching, if so.
    pub aside: Option<Aside>,
}

impl Record {
    /// The values of a field, in order.
    pub fn values(&self, field: Field) -> impl Iterator<Item = &str> {
        self.cells.iter().filter(move |cell| cell.field == field).map(|cell| cell.value.as_ref())
    }

    /// The first value of a field.
    #[must_use]
    pub fn first(&self, field: Field) -> Option<&str> {
        self.values(field).next()
    }

    /// The full name of a person: the name column, else given and family name.
    #[must_use]
    pub fn person_name(&self) -> Option<String> {
        if let Some(name) = self.first(Field::Name) {
            return Some(name.to_owned());
        }
        let parts: Vec<&str> = [Field::GivenName, Field::FamilyName].iter().filter_map(|f| self.first(*f)).collect();
        if parts.is_empty() { None } else { Some(parts.join(" ")) }
    }
}

/// An account or person table that was read.
#[derive(Debug, Clone, Copy)]
pub struct ReadTable<'map> {
    /// Its source.
    pub source: &'map SourceEntry,
    /// The table itself.
    pub entry: &'map TableEntry,
    /// What its rows are.
    pub kind: EntityKind,
    /// Names the source and the table behind versions of it: `account` and `account_history` of one source share it.
    pub family: u32,
}

impl ReadTable<'_> {
    /// The key of one of its records.
    #[must_use]
    pub fn key(&self, record: &Record) -> RecordKey {
        RecordKey::new(self.source.id.as_str(), self.entry.name.table.as_str(), record.pk.as_ref())
    }
}
