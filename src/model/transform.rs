//! How does the text of a source cell become a value of the joined model?
//!
//! Each field names one transform; lineage names it too, so that a value can be derived again from its source cell.

use super::cell::Cell;
use super::parse;
use crate::chart::source_map::ColumnEntry;
use crate::resolve::normalise::{country_code, is_free_mail, registrable_domain};
use crate::warehouse::ColumnType;

/// One way of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transform {
    /// The words, without blanks around them.
    Text,
    /// An address of electronic mail, in lower case.
    Email,
    /// The registrable domain of a host or URL, by the public suffix list.
    Domain,
    /// The name after `formerly` in a company's name.
    FormerName,
    /// The registrable domain behind an address of electronic mail, unless anybody can have an address there.
    CompanyMail,
    /// An amount, divided by the column's units of a currency unit.
    Money,
    /// A whole number.
    Integer,
    /// A truth.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    Timestamp,
    /// An ISO 4217 code in upper case.
    Currency,
    /// Where an account stands, out of a word for its status or type.
    Lifecycle,
    /// Where an account stands, out of a subscription's status.
    SubscriptionLifecycle,
    /// Where a subscription stands.
    SubscriptionState,
    /// Where an invoice stands.
    InvoiceState,
    /// Where an invoice stands, out of whether it is paid.
    PaidState,
    /// Where a ticket stands.
    TicketState,
    /// Words in lower case.
    Lower,
    /// The ISO 3166-1 alpha-2 code of a country.
    CountryCode,
}

/// What reading gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// A value.
    Value(Cell),
    /// The cell was empty.
    Empty,
    /// The cell holds something that is not such a value.
    Unreadable,
}

impl Transform {
    /// The name in lineage; empty where the text is taken as it is.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "",
            Self::Email => "email",
            Self::Domain => "registrable_domain",
            Self::FormerName => "former_name",
            Self::CompanyMail => "company_mail_domain",
            Self::Money => "money",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Currency => "currency",
            Self::Lifecycle => "lifecycle",
            Self::SubscriptionLifecycle => "subscription_lifecycle",
            Self::SubscriptionState => "subscription_state",
            Self::InvoiceState => "invoice_state",
            Self::PaidState => "paid_state",
            Self::TicketState => "ticket_state",
            Self::Lower => "lower",
            Self::CountryCode => "country_code",
        }
    }

    /// The transform of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|transform| transform.name() == name)
    }

    const ALL: [Self; 19] = [
        Self::Text,
        Self::Email,
        Self::Domain,
        Self::FormerName,
        Self::CompanyMail,
        Self::Money,
        Self::Integer,
        Self::Boolean,
        Self::Date,
        Self::Timestamp,
        Self::Currency,
        Self::Lifecycle,
        Self::SubscriptionLifecycle,
        Self::SubscriptionState,
        Self::InvoiceState,
        Self::PaidState,
        Self::TicketState,
        Self::Lower,
        Self::CountryCode,
    ];

    /// The type of the values it gives.
    #[must_use]
    pub fn kind(self) -> ColumnType {
        match self {
            Self::Money => ColumnType::Decimal,
            Self::Integer => ColumnType::Integer,
            Self::Boolean => ColumnType::Boolean,
            Self::Date => ColumnType::Date,
            Self::Timestamp => ColumnType::Timestamp,
            _ => ColumnType::Text,
        }
    }

    /// Reads the text of a cell of `column`.
    #[must_use]
    pub fn read(self, raw: &str, column: &ColumnEntry) -> Reading {
        self.read_units(raw, column.units_per_currency_unit.unwrap_or(1))
    }

    /// Reads a text whose amounts count `units` to one unit of currency.
    #[must_use]
    pub fn read_units(self, raw: &str, units: u32) -> Reading {
        let text = raw.trim();
        if text.is_empty() {
            return Reading::Empty;
        }
        let value = match self {
            Self::Text => Some(Cell::words(&text.replace('\0', ""))),
            Self::Email => text.contains('@').then(|| Cell::words(&text.to_lowercase().replace('\0', ""))),
            Self::Domain => domains(text).into_iter().next().map(Cell::Text),
            Self::FormerName => Some(former_name(text).map_or(Cell::Null, Cell::words)),
            Self::CompanyMail => Some(company_mail(text).map_or(Cell::Null, Cell::Text)),
            Self::Money => parse::money(text).and_then(|amount| amount.scaled(1, i128::from(units))).map(Cell::Amount),
            Self::Integer => parse::integer(text).map(Cell::Integer),
            Self::Boolean => parse::boolean(text).map(Cell::Boolean),
            Self::Date => parse::day(text).map(Cell::Date),
            Self::Timestamp => parse::moment(text).map(Cell::Timestamp),
            Self::Currency => currency(text).map(Cell::Text),
            Self::Lifecycle => {
                Some(parse::lifecycle(text).map_or(Cell::Null, |state| Cell::Text(state.as_str().to_owned())))
            }
            Self::SubscriptionLifecycle => parse::subscription_state(text).map(|state| {
                let lifecycle = match state {
                    parse::SubscriptionState::Live => parse::Lifecycle::Customer,
                    parse::SubscriptionState::Trial => parse::Lifecycle::Trial,
                    parse::SubscriptionState::Pending => parse::Lifecycle::Prospect,
                    parse::SubscriptionState::Ended => parse::Lifecycle::Churned,
                };
                Cell::Text(lifecycle.as_str().to_owned())
            }),
            Self::SubscriptionState => {
                parse::subscription_state(text).map(|state| Cell::Text(state.as_str().to_owned()))
            }
            Self::InvoiceState => parse::invoice_state(text).map(|state| Cell::Text(state.as_str().to_owned())),
            Self::PaidState => parse::boolean(text)
                .map(|paid| if paid { parse::InvoiceState::Paid } else { parse::InvoiceState::Open })
                .map(|state| Cell::Text(state.as_str().to_owned())),
            Self::TicketState => parse::ticket_state(text).map(|state| Cell::Text(state.as_str().to_owned())),
            Self::Lower => Some(Cell::words(&text.to_lowercase().replace('\0', ""))),
            // A place that is no known country is no mistake of the source: the field `country` keeps it as written.
            Self::CountryCode => Some(country_code(text).map_or(Cell::Null, Cell::words)),
        };
        match value {
            None => Reading::Unreadable,
            Some(Cell::Null) => Reading::Empty,
            Some(value) => Reading::Value(value),
        }
    }
}

/// The registrable domains in a text: one, or several by comma, semicolon, bar or blank.
#[must_use]
pub fn domains(text: &str) -> Vec<String> {
    text.split([',', ';', '|', ' ', '\n']).filter_map(registrable_domain).collect()
}

/// What stands after a word for a former name, up to a closing parenthesis.
fn former_name(text: &str) -> Option<&str> {
    let starts = |at: usize, marker: &str| {
        text.get(at..at + marker.len()).is_some_and(|found| found.eq_ignore_ascii_case(marker))
    };
    let (at, marker) = text.char_indices().find_map(|(at, _)| {
        ["formerly known as ", "formerly ", "f/k/a ", "fka ", "vormals ", "ehemals "]
            .into_iter()
            .find(|marker| starts(at, marker))
            .map(|marker| (at, marker))
    })?;
    let begins_a_word = text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    let rest = &text[at + marker.len()..];
    begins_a_word.then(|| rest.split(')').next().unwrap_or(rest).trim())
}

/// The domain behind an address, where it is no free mail.
fn company_mail(text: &str) -> Option<String> {
    let (_, host) = text.rsplit_once('@')?;
    registrable_domain(host).filter(|domain| !is_free_mail(domain))
}

fn currency(text: &str) -> Option<String> {
    let plain = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if plain {
        return Some(text.to_ascii_uppercase());
    }
    Some(
        match text.to_lowercase().as_str() {
            "$" | "us$" | "us dollar" | "u.s. dollar" | "dollar" => "USD",
            "€" | "euro" | "euros" => "EUR",
            "£" | "british pound" | "pound sterling" | "pound" => "GBP",
            "¥" | "japanese yen" | "yen" => "JPY",
            _ => return None,
        }
        .to_owned(),
    )
}
