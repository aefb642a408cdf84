//! How is a value written so that two spellings of one thing become equal?
//!
//! | module | what it normalises |
//! | --- | --- |
//! | [`fold`] | any text: compatibility forms, accents, case, spaces |
//! | [`company`] | company names: legal form, former name, region, brand |
//! | [`domain`] | web addresses to registrable domains; free mail and disposable domains |
//! | [`email`] | mailboxes: plus tags, role mailboxes |
//! | [`phone`] | telephone numbers |
//! | [`person`] | names of people: order, initials, nicknames |
//! | [`address`] | streets and house numbers |
//! | [`country`] | countries to ISO 3166-1 |
//! | [`date`] | dates as people write them |
//! | [`number`] | numbers and money |
//! | [`salesforce`] | 15 and 18 character record ids |

pub mod address;
pub mod company;
mod company_key;
pub mod country;
pub mod date;
pub mod domain;
pub mod email;
pub mod fold;
pub mod number;
pub mod person;
pub mod phone;
pub mod salesforce;

pub use address::street;
pub use company::{CompanyName, company_name};
pub use company_key::company_key;
pub use country::country_code;
pub use domain::{is_disposable, is_free_mail, registrable_domain};
pub use email::{Email, email, is_role_mailbox};
pub use fold::{fold, words};
pub use person::person_name;
pub use phone::phone;
pub use salesforce::salesforce_id_18;
