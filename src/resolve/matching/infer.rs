//! What does each column of an unknown table mean?
//!
//! The column's name proposes, its values decide: a column called `phone` that holds words is no telephone number.

use rayon::prelude::*;

use super::concept::MatchConcept;
use super::table::{MatchColumn, MatchTable};
use super::words as extract;
use crate::resolve::normalise::{self, company, person, words};

/// Distinct values looked at in each column.
const SAMPLE: usize = 1500;

/// Sets the concept of every column that has none (`Ignore` from a reader); `mapped` columns keep theirs.
pub fn infer(table: &mut MatchTable, mapped: &[usize]) {
    let rows = table.rows();
    table.columns.par_iter_mut().enumerate().filter(|(at, _)| !mapped.contains(at)).for_each(|(_, column)| {
        column.concept = concept_of(column, rows);
    });
    drop_repeated(table, mapped);
}

/// What the sampled values of a column look like, as shares from 0 to 1.
struct Profile {
    filled: f64,
    distinct_share: f64,
    distinct: usize,
    email: f64,
    domain: f64,
    phone: f64,
    date: f64,
    number: f64,
    digits: f64,
    mean_words: f64,
    mean_length: f64,
    same_length: f64,
    company: f64,
    person: f64,
    codes: f64,
    listed: bool,
}

fn profile(column: &MatchColumn, rows: usize) -> Profile {
    let distinct = column.distinct();
    let step = (distinct / SAMPLE).max(1);
    let values: Vec<&str> =
        (1..=distinct).step_by(step).take(SAMPLE).map(|cell| column.cell_text(cell as u32)).collect();
    let total = values.len().max(1) as f64;
    let share = |test: &dyn Fn(&str) -> bool| values.iter().filter(|value| test(value)).count() as f64 / total;
    let filled = column.cells().iter().filter(|cell| **cell != 0).count();
    let first_length = values.first().map_or(0, |value| value.len());
    Profile {
        filled: filled as f64 / rows.max(1) as f64,
        distinct_share: distinct as f64 / filled.max(1) as f64,
        distinct,
        email: share(&|value| normalise::email(value).is_some()),
        domain: share(&|value| {
            !value.contains(' ') && !value.contains('@') && normalise::registrable_domain(value).is_some()
        }),
        phone: share(&looks_like_phone),
        date: share(&|value| normalise::date::date_digits(value).is_some()),
        number: share(&|value| {
            normalise::number::number(value).is_some()
                && value.bytes().filter(u8::is_ascii_digit).count() * 2 >= value.len()
        }),
        digits: share(&|value| value.bytes().any(|byte| byte.is_ascii_digit())),
        mean_words: values.iter().map(|value| value.split_whitespace().count()).sum::<usize>() as f64 / total,
        mean_length: values.iter().map(|value| value.len()).sum::<usize>() as f64 / total,
        same_length: share(&|value| value.len() == first_length),
        company: share(&looks_like_company),
        person: share(&looks_like_person),
        codes: share(&|value| !extract::codes(value, MatchConcept::Title).is_empty()),
        listed: extract::separator(column).is_some(),
    }
}

fn looks_like_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let others =
        value.chars().filter(|character| !character.is_ascii_digit() && !" ()+-./x#ext".contains(*character)).count();
    (7..=15).contains(&digits) && others == 0
}

fn looks_like_company(value: &str) -> bool {
    let name = company::company_name(value);
    !name.legal_form.is_empty()
        || (name.core.len() > 1 && name.core.iter().any(|word| word.len() > 3 && company::is_common_word(word)))
}

fn looks_like_person(value: &str) -> bool {
    let name = words(value);
    (2..=4).contains(&name.len())
        && name.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        && name.iter().any(|word| person::is_known_given_name(word))
}

/// The words of a column's name: `soc_sec_id`, `SocSecId` and `soc sec id` are the same.
fn name_words(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut small = false;
    for character in name.chars() {
        if character.is_uppercase() && small {
            spaced.push(' ');
        }
        small = character.is_lowercase();
        spaced.push(if character == '_' { ' ' } else { character });
    }
    words(&spaced)
}

fn concept_of(column: &MatchColumn, rows: usize) -> MatchConcept {
    let profile = profile(column, rows);
    if profile.filled < 0.01 || profile.distinct < 2 {
        return MatchConcept::Ignore;
    }
    let names = name_words(&column.name);
    by_name(&names, &profile).unwrap_or_else(|| by_content(&profile))
}

#[expect(clippy::too_many_lines, reason = "a table of names in the order they are tried")]
fn by_name(names: &[String], profile: &Profile) -> Option<MatchConcept> {
    let joined = names.concat();
    let has = |list: &[&str]| names.iter().any(|word| list.contains(&word.as_str())) || list.contains(&joined.as_str());
    let is_text = profile.digits < 0.5;
    if has(&["email", "mail", "emailaddress", "emails"]) && profile.email > 0.4 {
        return Some(MatchConcept::Email);
    }
    if has(&["website", "domain", "url", "web", "homepage", "site", "domains", "webpage"]) && profile.domain > 0.4 {
        return Some(MatchConcept::Domain);
    }
    if has(&["phone", "tel", "telephone", "mobile", "cell", "fax", "phonenumber", "phones"]) && profile.digits > 0.6 {
        return Some(MatchConcept::Phone);
    }
    if has(&["dob", "birth", "birthday", "birthdate", "date", "dateofbirth", "released", "founded", "bday"])
        && profile.date > 0.5
    {
        return Some(MatchConcept::Date);
    }
    if has(&["latitude", "lat"]) && profile.number > 0.8 {
        return Some(MatchConcept::Latitude);
    }
    if has(&["longitude", "lon", "lng", "long"]) && profile.number > 0.8 {
        return Some(MatchConcept::Longitude);
    }
    let short = profile.mean_words < 3.5;
    if (has(&["given", "forename", "firstname", "fname", "givenname", "middlename", "middle"])
        || (has(&["first"]) && has(&["name"]) && !has(&["surname", "last"]) && names.len() < 3))
        && short
        && is_text
    {
        return Some(MatchConcept::GivenName);
    }
    if (has(&["surname", "lastname", "lname", "familyname"]) || (has(&["last", "family"]) && has(&["name"])))
        && short
        && is_text
        && !has(&["first"])
    {
        return Some(MatchConcept::FamilyName);
    }
    if has(&["zip", "postcode", "postal", "zipcode", "postalcode", "plz"]) {
        return Some(MatchConcept::PostalCode);
    }
    if has(&["price", "amount", "cost", "revenue", "msrp", "salary", "listprice"]) && profile.number > 0.5 {
        return Some(MatchConcept::Money);
    }
    if has(&["country", "nation", "countrycode"]) {
        return Some(MatchConcept::Country);
    }
    if has(&["city", "town", "suburb", "locality", "municipality", "place", "birthplace"]) {
        return Some(MatchConcept::City);
    }
    if has(&["state", "province", "county", "region"]) {
        return Some(MatchConcept::Region);
    }
    if (has(&["housenumber", "streetnumber", "houseno", "streetno"])
        || (has(&["number", "no", "nr"]) && has(&["street", "house"])))
        && profile.digits > 0.6
    {
        return Some(MatchConcept::HouseNumber);
    }
    if has(&["street", "address", "addr", "streetaddress", "address1", "addressline1"]) {
        return Some(MatchConcept::Street);
    }
    if has(&["authors", "coauthors", "author", "artists", "members", "actors", "directors", "inventors", "creators"])
        && (profile.listed || profile.mean_words > 3.0)
    {
        return Some(MatchConcept::NameList);
    }
    if has(&["title", "headline", "subject", "song", "album", "movie", "film", "product"]) && !has(&["job"]) {
        return Some(if profile.mean_words > 12.0 { MatchConcept::FreeText } else { MatchConcept::Title });
    }
    if has(&["description", "desc", "abstract", "text", "notes", "note", "comment", "features", "details", "summary"])
        && profile.mean_words > 1.5
    {
        return Some(MatchConcept::FreeText);
    }
    if has(&[
        "gender",
        "sex",
        "type",
        "category",
        "industry",
        "genre",
        "style",
        "class",
        "classes",
        "occupation",
        "status",
        "segment",
        "venue",
        "sector",
        "language",
        "kind",
        "cuisine",
        "color",
        "colour",
        "currency",
        "year",
        "publisher",
    ]) {
        return Some(if profile.distinct_share > 0.6 && profile.mean_words > 4.0 {
            MatchConcept::FreeText
        } else {
            MatchConcept::Category
        });
    }
    if has(&[
        "company",
        "organization",
        "organisation",
        "org",
        "account",
        "business",
        "employer",
        "firm",
        "vendor",
        "supplier",
        "manufacturer",
        "brand",
        "affiliation",
        "legalname",
    ]) && is_text
        && profile.mean_words < 8.0
    {
        return Some(MatchConcept::CompanyName);
    }
    if has(&["sku", "model", "modelno", "part", "mpn", "modelnumber", "partno"]) && profile.mean_words < 2.5 {
        return Some(MatchConcept::Code);
    }
    if (has(&[
        "id", "ssn", "vat", "isbn", "ean", "upc", "gtin", "duns", "lei", "ein", "siret", "siren", "passport", "tax",
        "number", "soc", "nino",
    ]) || joined.ends_with("id"))
        && profile.digits > 0.5
        && profile.mean_words < 2.0
    {
        return Some(MatchConcept::Identifier);
    }
    if has(&["name", "fullname", "person", "contact", "customer", "names", "label"]) && is_text {
        return Some(a_name(profile));
    }
    None
}

/// A column called a name: of a person, of a company, or of a product.
fn a_name(profile: &Profile) -> MatchConcept {
    if profile.codes > 0.25 || profile.mean_words > 5.5 {
        MatchConcept::Title
    } else if profile.person > 0.15 && profile.person > profile.company * 1.5 {
        MatchConcept::PersonName
    } else {
        MatchConcept::CompanyName
    }
}

fn by_content(profile: &Profile) -> MatchConcept {
    if profile.email > 0.6 {
        return MatchConcept::Email;
    }
    if profile.domain > 0.6 {
        return MatchConcept::Domain;
    }
    if profile.date > 0.7 {
        return MatchConcept::Date;
    }
    if profile.phone > 0.6 && profile.mean_length > 8.0 && profile.same_length < 0.95 {
        return MatchConcept::Phone;
    }
    let coded =
        profile.distinct_share > 0.5 && profile.digits > 0.9 && profile.mean_words < 1.5 && profile.mean_length >= 5.0;
    if profile.number > 0.9 {
        return if coded && profile.same_length > 0.6 { MatchConcept::Identifier } else { MatchConcept::Number };
    }
    if coded {
        return MatchConcept::Identifier;
    }
    if profile.listed && profile.distinct_share > 0.3 {
        return MatchConcept::NameList;
    }
    if profile.distinct <= 60 || profile.distinct_share < 0.02 {
        return MatchConcept::Category;
    }
    if profile.mean_words >= 9.0 {
        return MatchConcept::FreeText;
    }
    if profile.mean_words >= 3.5 || profile.codes > 0.25 {
        return if profile.company > 0.35 && profile.codes < 0.1 {
            MatchConcept::CompanyName
        } else {
            MatchConcept::Title
        };
    }
    if profile.company > 0.1 && profile.company > profile.person {
        return MatchConcept::CompanyName;
    }
    if profile.person > 0.15 {
        return MatchConcept::PersonName;
    }
    if profile.digits > 0.3 { MatchConcept::Street } else { MatchConcept::City }
}

/// Columns that only repeat others would count the same evidence twice.
fn drop_repeated(table: &mut MatchTable, mapped: &[usize]) {
    let rows = table.rows();
    let step = (rows / 2000).max(1);
    let sampled: Vec<usize> = (0..rows).step_by(step).collect();
    let find = |concept: MatchConcept| table.columns.iter().position(|column| column.concept == concept);
    let parts = find(MatchConcept::GivenName).zip(find(MatchConcept::FamilyName));
    let mut repeated = Vec::new();
    for at in 0..table.columns.len() {
        let column = &table.columns[at];
        if column.concept == MatchConcept::Ignore || mapped.contains(&at) {
            continue;
        }
        let filled: Vec<usize> = sampled.iter().copied().filter(|row| column.cell(*row) != 0).collect();
        let twin = (0..at).filter(|other| table.columns[*other].concept != MatchConcept::Ignore).any(|other| {
            let same = filled
                .iter()
                .filter(|row| column.text(**row).eq_ignore_ascii_case(table.columns[other].text(**row)))
                .count();
            same * 100 >= filled.len() * 98
        });
        let joined = matches!(column.concept, MatchConcept::PersonName | MatchConcept::CompanyName)
            && parts.is_some_and(|(given, family)| {
                let same = filled
                    .iter()
                    .filter(|row| {
                        let mut whole = words(column.text(**row));
                        let mut both = words(table.columns[given].text(**row));
                        both.extend(words(table.columns[family].text(**row)));
                        whole.sort_unstable();
                        both.sort_unstable();
                        whole == both
                    })
                    .count();
                same * 100 >= filled.len() * 95
            });
        if twin || joined {
            repeated.push(at);
        }
    }
    for at in repeated {
        table.columns[at].concept = MatchConcept::Ignore;
    }
}
