//! Who works at a company, and under which names and addresses do the systems know them?

use rustc_hash::FxHashSet;

use super::dice::Dice;
use super::places::{Country, phone};
use super::words::{FAMILY, GIVEN, TITLES, label, typo};

/// Hosts of private mailboxes.
pub(super) const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "gmail.com",
    "gmail.com",
    "outlook.com",
    "yahoo.com",
    "hotmail.com",
    "icloud.com",
    "gmx.net",
    "proton.me",
];

/// A real person of the demo.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// The id in the truth.
    pub(super) id: String,
    /// Given name.
    pub(super) given: &'static str,
    /// Family name.
    pub(super) family: &'static str,
    /// Short form of the given name, empty if there is none.
    nick: &'static str,
    /// Job title.
    pub(super) title: &'static str,
    /// The address at work.
    pub(super) email: String,
    /// Another address at work, from an older naming scheme or another domain of the company.
    alias: String,
    /// A private address.
    private: String,
    /// Country, area and subscriber number of the mobile phone.
    mobile: String,
}

/// One way a system knows a person.
#[derive(Debug, Clone)]
pub(super) struct Guise {
    /// Given name as typed; empty with `family` if the system has no name.
    pub(super) given: String,
    /// Family name as typed.
    pub(super) family: String,
    /// E-mail as typed.
    pub(super) email: String,
}

impl Guise {
    /// The name in one field.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.given, self.family).trim().to_owned()
    }
}

/// Where the addresses of a company live.
#[derive(Debug)]
pub(super) struct Mail<'a> {
    /// The company's domains; none if it only has private mailboxes.
    pub(super) domains: &'a [String],
    /// The company's label, told apart inside a free-mail host.
    pub(super) label: &'a str,
    /// The naming scheme of its addresses.
    pub(super) scheme: usize,
    /// Where its people have their phones.
    pub(super) country: &'a Country,
}

/// `given.family`, `gfamily`, `given`, `given_f`: the part before the `@`.
fn local(scheme: usize, given: &str, family: &str) -> String {
    let (given, family) = (label(given), label(family));
    match scheme {
        0 => format!("{given}.{family}"),
        1 => format!("{}{family}", &given[..1]),
        2 => format!("{given}{family}"),
        _ => format!("{given}_{}", &family[..1]),
    }
}

impl Person {
    /// Someone whose name and address nobody else in `taken` has; a `relative` lends the family name.
    pub(super) fn meet(
        dice: &mut Dice,
        id: String,
        mail: &Mail,
        relative: Option<&Self>,
        taken: &mut FxHashSet<String>,
    ) -> Self {
        let home = mail.country;
        loop {
            let (given, nick) = dice.pick(&GIVEN);
            let family = relative.map_or_else(|| dice.pick(&FAMILY), |relative| relative.family);
            let (email, alias) = if let Some(first) = mail.domains.first() {
                let other = mail.domains.get(1).filter(|_| dice.chance(500)).unwrap_or(first);
                let scheme = if other == first { (mail.scheme + 1) % 3 } else { mail.scheme };
                (
                    format!("{}@{first}", local(mail.scheme, given, family)),
                    format!("{}@{other}", local(scheme, given, family)),
                )
            } else {
                let address = format!("{}.{}@{}", local(0, given, family), mail.label, dice.pick(FREE_MAIL));
                (address.clone(), address)
            };
            // Two of a family name are told apart by their given names, not always by their initials.
            if taken.contains(&email) || taken.contains(&alias) || !taken.insert(local(2, given, family)) {
                continue;
            }
            taken.insert(email.clone());
            taken.insert(alias.clone());
            let private =
                format!("{}{:03}@{}", local(dice.below(3), given, family), dice.below(1000), dice.pick(FREE_MAIL));
            let area = if home.dial == "1" { "917" } else { "170" };
            let subscriber = format!("555{:05}", dice.below(100_000));
            let mobile = phone(dice, home, area, if home.dial == "1" { &subscriber[..7] } else { &subscriber });
            return Self { id, given, family, nick, title: dice.pick(&TITLES), email, alias, private, mobile };
        }
    }

    /// The private address.
    pub(super) fn private_address(&self) -> &str {
        &self.private
    }

    /// The mobile number, where a record has one.
    pub(super) fn mobile(&self, dice: &mut Dice, permille: usize) -> String {
        if dice.chance(permille) { self.mobile.clone() } else { String::new() }
    }

    /// How the CRM knows this person: a full name and mostly the address at work.
    pub(super) fn in_crm(&self, dice: &mut Dice) -> Guise {
        let (given, family) = match dice.weighted(&[860, 60, 40, 40]) {
            1 if !self.nick.is_empty() => (self.nick.to_owned(), self.family.to_owned()),
            2 => (deunicode::deunicode(self.given), deunicode::deunicode(self.family)),
            3 => (self.given.to_uppercase(), self.family.to_uppercase()),
            _ => (self.given.to_owned(), self.family.to_owned()),
        };
        Guise { given, family, email: self.address(dice, [870, 70, 20, 0]) }
    }

    /// How the support desk knows this person: whatever the mail client sent.
    pub(super) fn in_support(&self, dice: &mut Dice) -> Guise {
        let mut email = self.address(dice, [850, 90, 40, 0]);
        let (given, family) = match dice.weighted(&[700, 90, 60, 60, 90]) {
            1 if !self.nick.is_empty() => (self.nick.to_owned(), self.family.to_owned()),
            2 => (format!("{}.", self.given.chars().next().unwrap_or('?')), self.family.to_owned()),
            3 => (format!("{},", self.family), self.given.to_owned()),
            4 => {
                // Only a mail address, and the desk made a name of its first half.
                email.clone_from(&self.email);
                (email.split('@').next().unwrap_or_default().to_owned(), String::new())
            }
            _ => (self.given.to_owned(), self.family.to_owned()),
        };
        Guise { given, family, email }
    }

    /// How the product knows this person: what they typed when they signed up.
    pub(super) fn in_product(&self, dice: &mut Dice) -> Guise {
        let mut email = self.address(dice, [800, 60, 50, 60]);
        let (given, family) = match dice.weighted(&[660, 100, 90, 120, 30]) {
            4 => {
                email.clone_from(&self.email);
                (self.given.to_owned(), typo(dice, self.family))
            }
            1 if !self.nick.is_empty() => (self.nick.to_owned(), self.family.to_owned()),
            2 => (self.given.to_lowercase(), self.family.to_lowercase()),
            3 => {
                email.clone_from(&self.email);
                (String::new(), String::new())
            }
            _ => (self.given.to_owned(), self.family.to_owned()),
        };
        Guise { given, family, email }
    }

    /// An address: at work, the alias, private, or plus-addressed, by weight; sometimes in capitals.
    fn address(&self, dice: &mut Dice, [work, alias, private, plus]: [usize; 4]) -> String {
        let plain = match dice.weighted(&[work, alias, private, plus]) {
            1 => self.alias.clone(),
            2 => self.private.clone(),
            3 => self.email.replacen('@', dice.pick(&["+larkspur@", "+metrics@", "+app@"]), 1),
            _ => self.email.clone(),
        };
        if dice.chance(50) { capital_ends(&plain) } else { plain }
    }
}

/// The address as a phone's keyboard writes it, with a capital first letter.
fn capital_ends(email: &str) -> String {
    super::words::capital(email)
}
