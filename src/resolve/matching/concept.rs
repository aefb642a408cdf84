//! What may a column of a table to match mean?

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// The meaning of a column; decides how its values are normalised, compared and blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatchConcept {
    /// The whole name of a person.
    PersonName,
    /// A given name.
    GivenName,
    /// A family name.
    FamilyName,
    /// The name of a company or another organisation.
    CompanyName,
    /// A mailbox.
    Email,
    /// A web address or host.
    Domain,
    /// A telephone number.
    Phone,
    /// A street line, with or without house number.
    Street,
    /// A house number alone.
    HouseNumber,
    /// A town.
    City,
    /// A postal code.
    PostalCode,
    /// A state, province or county.
    Region,
    /// A country.
    Country,
    /// A calendar date.
    Date,
    /// A number.
    Number,
    /// An amount of money.
    Money,
    /// A geographic latitude in degrees.
    Latitude,
    /// A geographic longitude in degrees.
    Longitude,
    /// An identifier given by some system or authority.
    Identifier,
    /// A short code: model number, part number.
    Code,
    /// One of few values: industry, gender.
    Category,
    /// A title of a work or a product.
    Title,
    /// Names of several people or things in one cell.
    NameList,
    /// Any other text.
    FreeText,
    /// Not compared.
    Ignore,
}

impl MatchConcept {
    /// All concepts with the names `--map` takes.
    pub const NAMES: [(MatchConcept, &'static str); 25] = [
        (Self::PersonName, "person_name"),
        (Self::GivenName, "given_name"),
        (Self::FamilyName, "family_name"),
        (Self::CompanyName, "company_name"),
        (Self::Email, "email"),
        (Self::Domain, "domain"),
        (Self::Phone, "phone"),
        (Self::Street, "street"),
        (Self::HouseNumber, "house_number"),
        (Self::City, "city"),
        (Self::PostalCode, "postal_code"),
        (Self::Region, "region"),
        (Self::Country, "country"),
        (Self::Date, "date"),
        (Self::Number, "number"),
        (Self::Money, "money"),
        (Self::Latitude, "latitude"),
        (Self::Longitude, "longitude"),
        (Self::Identifier, "identifier"),
        (Self::Code, "code"),
        (Self::Category, "category"),
        (Self::Title, "title"),
        (Self::NameList, "name_list"),
        (Self::FreeText, "free_text"),
        (Self::Ignore, "ignore"),
    ];

    /// The name `--map` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(concept, _)| *concept == self).map_or("ignore", |(_, name)| name)
    }
}

impl fmt::Display for MatchConcept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for MatchConcept {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wanted = text.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        Self::NAMES.iter().find(|(_, name)| *name == wanted).map(|(concept, _)| *concept).ok_or_else(|| {
            let names: Vec<&str> = Self::NAMES.iter().map(|(_, name)| *name).collect();
            Error::config(format!("`{text}` is no concept")).hint(format!("use one of: {}", names.join(", ")))
        })
    }
}
