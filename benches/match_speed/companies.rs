//! Which companies are in the table?

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::mess::{digits, one_of, slip, wrong_digit};
use crate::words::{Skewed, coined};
use crate::{Cells, Kind};

/// Country, its code, how a telephone number begins, and its legal forms as different systems write them.
const COUNTRIES: [(&str, &str, &str, &[&[&str]]); 6] = [
    ("United States", "US", "+1", &[&["Inc", "Inc.", "Incorporated"], &["LLC", "L.L.C."], &["Corp", "Corporation"]]),
    ("United Kingdom", "GB", "+44", &[&["Ltd", "Limited", "Ltd."], &["PLC", "plc"], &["LLP"]]),
    ("Germany", "DE", "+49", &[&["GmbH", "G.m.b.H.", "gmbh"], &["AG"], &["GmbH & Co. KG", "GmbH + Co KG"]]),
    ("France", "FR", "+33", &[&["SARL", "S.A.R.L."], &["SAS", "S.A.S."], &["SA", "S.A."]]),
    ("Italy", "IT", "+39", &[&["S.r.l.", "SRL"], &["S.p.A.", "SPA"]]),
    ("Netherlands", "NL", "+31", &[&["B.V.", "BV"], &["N.V.", "NV"]]),
];
/// What companies do, with the spellings in use.
const TRADES: [(&str, &str); 24] = [
    ("Technologies", "Tech"),
    ("International", "Intl"),
    ("Services", "Svcs"),
    ("Systems", "Sys"),
    ("Logistics", "Logistic"),
    ("Manufacturing", "Mfg"),
    ("Holdings", "Hldgs"),
    ("Consulting", "Consult"),
    ("Engineering", "Eng"),
    ("Solutions", "Sol"),
    ("Foods", "Food"),
    ("Pharma", "Pharmaceuticals"),
    ("Energy", "Energies"),
    ("Media", "Media Group"),
    ("Partners", "Ptnrs"),
    ("Industries", "Ind"),
    ("Bank", "Banking"),
    ("Insurance", "Ins"),
    ("Software", "SW"),
    ("Capital", "Cap"),
    ("Design", "Designs"),
    ("Trading", "Trade"),
    ("Group", "Grp"),
    ("Labs", "Laboratories"),
];
const STREETS: [(&str, &str); 5] =
    [("Street", "St."), ("Road", "Rd"), ("Avenue", "Ave"), ("Square", "Sq"), ("Way", "Wy")];
const ENDINGS: [&str; 6] = ["com", "com", "com", "io", "net", "co"];

/// Companies with name, web site, telephone and address.
pub struct Companies {
    names: Skewed,
    streets: Skewed,
    towns: Skewed,
    /// The last company, of which the next may be a subsidiary.
    last: Option<(Cells, usize)>,
    country: usize,
}

impl Companies {
    /// Coins the names and places.
    pub fn new(random: &mut ChaCha8Rng) -> Self {
        Self {
            names: Skewed::coined(60_000, 0.6, random),
            streets: Skewed::coined(5000, 0.6, random),
            towns: Skewed::coined(2500, 0.8, random),
            last: None,
            country: 0,
        }
    }

    fn address(&self, random: &mut ChaCha8Rng) -> [String; 3] {
        let (number, town) = self.towns.draw_numbered(random);
        let kind = STREETS[random.random_range(0..STREETS.len())].0;
        let street = format!("{} {} {kind}", random.random_range(1..300), capital(self.streets.draw(random)));
        [street, format!("{:05}", 1000 + number * 37), capital(town)]
    }

    fn phone(&self, random: &mut ChaCha8Rng) -> String {
        format!("{} {} {}", COUNTRIES[self.country].2, digits(3, random), digits(6, random))
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Kind for Companies {
    fn header(&self) -> &'static str {
        "company_name,website,phone,street,postal_code,city,country"
    }

    fn entity(&mut self, random: &mut ChaCha8Rng) -> Cells {
        // One in twelve is a sister of the last: its first word, its web site, another trade, town and number.
        let sister = if random.random::<f64>() < 0.08 { self.last.clone() } else { None };
        let (core, domain) = match &sister {
            Some((cells, country)) => {
                self.country = *country;
                (cells[0].split(' ').next().unwrap_or_default().to_owned(), cells[1].clone())
            }
            None => {
                self.country = random.random_range(0..COUNTRIES.len());
                let mut core = capital(self.names.draw(random));
                if random.random::<f64>() < 0.35 {
                    core = format!("{core} {}", capital(&coined(random)));
                }
                let domain = format!(
                    "{}{}.{}",
                    core.to_lowercase().replace(' ', ""),
                    if random.random::<f64>() < 0.3 { random.random_range(1..100).to_string() } else { String::new() },
                    one_of(&ENDINGS, random)
                );
                (core, domain)
            }
        };
        let (country, _, _, forms) = COUNTRIES[self.country];
        let trade = TRADES[random.random_range(0..TRADES.len())].0;
        let form = forms[random.random_range(0..forms.len())][0];
        let [street, postal_code, town] = self.address(random);
        let domain = if random.random::<f64>() < 0.15 { String::new() } else { domain };
        let cells = vec![
            format!("{core} {trade} {form}"),
            domain,
            self.phone(random),
            street,
            postal_code,
            town,
            country.to_owned(),
        ];
        self.last = Some((cells.clone(), self.country));
        cells
    }

    fn copy(&mut self, cells: &Cells, random: &mut ChaCha8Rng) -> Cells {
        let mut cells = cells.clone();
        let (country, code, _, forms) = COUNTRIES[self.country];
        // Every system writes the legal form in its own way, or leaves it out.
        for spellings in forms {
            if let Some(core) = cells[0].strip_suffix(spellings[0]).map(str::trim_end).map(str::to_owned) {
                cells[0] = match random.random_range(0..3) {
                    0 => core,
                    1 => format!("{core}, {}", one_of(spellings, random)),
                    _ => format!("{core} {}", one_of(spellings, random)),
                };
                break;
            }
        }
        for _ in 0..[1, 1, 1, 1, 2, 2, 2, 3][random.random_range(0..8usize)] {
            match random.random_range(0..11) {
                0 => cells[0] = slip(&cells[0], random),
                1 => {
                    for (whole, short) in TRADES {
                        if cells[0].contains(whole) {
                            cells[0] = cells[0].replace(whole, short);
                            break;
                        }
                    }
                }
                2 => cells[0] = cells[0].to_uppercase(),
                3 => cells[0] = format!("{} - {}", cells[0], one_of(&["EMEA", "Europe", "Global"], random)),
                4 if !cells[1].is_empty() => {
                    cells[1] = format!("{}{}", one_of(&["https://www.", "www.", "http://"], random), cells[1]);
                }
                5 => {
                    let at = random.random_range(1..5usize);
                    cells[at].clear();
                }
                6 => cells[2] = cells[2].replace(' ', one_of(&["", "-", "."], random)),
                7 => cells[2] = self.phone(random),
                8 => {
                    let address = self.address(random);
                    cells[3..6].clone_from_slice(&address);
                }
                9 => {
                    for (whole, short) in STREETS {
                        cells[3] = cells[3].replace(whole, short);
                    }
                }
                _ => cells[2] = wrong_digit(&cells[2], random),
            }
        }
        cells[6] = one_of(&[country, code], random).to_owned();
        cells
    }

    fn hub(&self, cells: &mut Cells, _random: &mut ChaCha8Rng) {
        "bigcorp.com".clone_into(&mut cells[1]);
    }
}
