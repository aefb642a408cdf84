//! How do people type the name, the site and the address of a company into each system?

use super::company::{Company, Signs};
use super::dice::Dice;
use super::words::{label, typo};

/// Legal forms and other ways to write them.
const FORMS: &[(&str, &[&str])] = &[
    ("GmbH", &["gmbh", "G.m.b.H.", "GMBH"]),
    ("AG", &["A.G."]),
    ("Inc.", &["Inc", "Incorporated", ", Inc."]),
    ("LLC", &["L.L.C.", "llc", ", LLC"]),
    ("Corp.", &["Corporation", "Corp"]),
    ("Ltd", &["Ltd.", "Limited", "LTD"]),
    ("Limited", &["Ltd", "Ltd."]),
    ("PLC", &["plc", "P.L.C."]),
    ("B.V.", &["BV", "b.v."]),
    ("S.L.", &["SL", "S.L"]),
    ("S.A.", &["SA"]),
    ("SAS", &["S.A.S.", "sas"]),
    ("SARL", &["S.à r.l.", "Sarl"]),
    ("S.r.l.", &["SRL", "Srl"]),
    ("S.p.A.", &["SPA", "SpA"]),
    ("Sp. z o.o.", &["Sp.z.o.o.", "spółka z o.o."]),
    ("Pty Ltd", &["Pty. Ltd.", "PTY LTD"]),
    ("Pvt. Ltd.", &["Private Limited", "Pvt Ltd"]),
    ("Ltda.", &["LTDA", "Ltda"]),
];

/// The legal name with its form written some way.
fn legal(dice: &mut Dice, company: &Company) -> String {
    let name = &company.name;
    let form = FORMS
        .iter()
        .find(|(form, _)| *form == name.form && dice.chance(350))
        .map_or(name.form, |(_, others)| dice.pick(others));
    if form.starts_with(',') { format!("{}{form}", name.core) } else { format!("{} {form}", name.core) }
}

impl Company {
    /// Whether every record must carry the exact name.
    pub(super) fn exact(&self) -> bool {
        self.signs == Signs::Exact
    }

    /// Whether every record must carry the domain, because the name alone does not say who it is.
    pub(super) fn carries_domain(&self) -> bool {
        !self.domains.is_empty() && (self.signs != Signs::Any || self.name.split || self.name.native.is_some())
    }

    /// Core or legal name, exactly: for records without any other sign, and for companies with namesakes.
    fn plain_name(&self, dice: &mut Dice) -> String {
        if dice.chance(600) { self.name.legal() } else { self.name.core.clone() }
    }

    /// The name of the CRM account. `site`: the record also has the domain.
    pub(super) fn crm_name(&self, dice: &mut Dice, site: bool) -> String {
        if self.exact() || !site {
            return self.plain_name(dice);
        }
        let name = &self.name;
        if let Some(native) = name.native.filter(|_| dice.chance(600)) {
            return format!("{native}株式会社");
        }
        if let Some(former) = name.former.as_ref().filter(|_| dice.chance(500)) {
            return format!("{} (formerly {former})", name.core);
        }
        match dice.weighted(&[46, 18, 13, 9, 6, 5, 3]) {
            0 => legal(dice, self),
            1 => name.core.clone(),
            2 => name.brand.clone(),
            3 => {
                format!("{}{}", name.core, dice.pick(&[" - EMEA", " - NA", " - DACH", " (APAC)", " - Global", " - HQ"]))
            }
            4 => typo(dice, &name.core),
            5 => legal(dice, self).to_uppercase(),
            _ if name.split => format!("{} dba {}", name.legal(), name.brand),
            _ => name.core.replace(" & ", " and "),
        }
    }

    /// The name of the billing customer: what stands on the invoice.
    pub(super) fn billing_name(&self, dice: &mut Dice, site: bool) -> String {
        if self.exact() || !site {
            return self.plain_name(dice);
        }
        match dice.weighted(&[58, 12, 16, 10, 4]) {
            0 => legal(dice, self),
            1 => legal(dice, self).to_uppercase(),
            2 => self.name.core.clone(),
            3 => self.name.brand.clone(),
            _ => deunicode::deunicode(&self.name.core),
        }
    }

    /// The name of the support organisation.
    pub(super) fn support_name(&self, dice: &mut Dice, site: bool) -> String {
        if self.exact() || !site {
            return self.plain_name(dice);
        }
        match dice.weighted(&[46, 26, 14, 6, 5, 3]) {
            0 => self.name.brand.clone(),
            1 => self.name.core.clone(),
            2 => legal(dice, self),
            3 => self.domain().to_owned(),
            4 => deunicode::deunicode(&self.name.brand).to_lowercase(),
            _ => typo(dice, &self.name.core),
        }
    }

    /// The name of the product workspace.
    pub(super) fn workspace_name(&self, dice: &mut Dice, site: bool) -> String {
        if self.exact() || !site {
            return self.plain_name(dice);
        }
        match dice.weighted(&[44, 24, 12, 8, 6, 6]) {
            0 => self.name.brand.clone(),
            1 => self.name.core.clone(),
            2 => label(&self.name.brand),
            3 => format!("{} Team", self.name.brand),
            4 => format!("{} Analytics Workspace", self.name.brand),
            _ => legal(dice, self),
        }
    }

    /// The web site as typed; the main domain or, now and then, another one.
    pub(super) fn website(&self, dice: &mut Dice) -> String {
        let Some(main) = self.domains.first() else { return String::new() };
        let domain = if dice.chance(120) { dice.among(&self.domains) } else { main };
        match dice.below(6) {
            0 => format!("https://www.{domain}"),
            1 => format!("www.{domain}"),
            2 => format!("http://{domain}/"),
            3 => format!("https://{domain}/{}", self.place.country.code.to_lowercase()),
            4 => format!("https://{domain}"),
            _ => domain.clone(),
        }
    }
}

/// The street as typed: in full, or with the usual short forms.
pub(super) fn street(dice: &mut Dice, street: &str) -> String {
    if dice.chance(700) {
        return street.to_owned();
    }
    [
        ("Street", "St"),
        ("Avenue", "Ave."),
        ("Boulevard", "Blvd"),
        ("Road", "Rd"),
        ("Drive", "Dr"),
        ("straße", "str."),
        ("Lane", "Ln"),
    ]
    .iter()
    .fold(street.to_owned(), |text, (long, short)| text.replace(long, short))
}
