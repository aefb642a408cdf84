//! Which people are in the table?

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::mess::{digits, one_of, slip, wrong_digit};
use crate::words::Skewed;
use crate::{Cells, Kind};

const GIVEN: [&str; 60] = [
    "james",
    "mary",
    "michael",
    "patricia",
    "robert",
    "jennifer",
    "john",
    "linda",
    "david",
    "elizabeth",
    "william",
    "barbara",
    "richard",
    "susan",
    "joseph",
    "jessica",
    "thomas",
    "karen",
    "christopher",
    "sarah",
    "charles",
    "lisa",
    "daniel",
    "nancy",
    "matthew",
    "sandra",
    "anthony",
    "ashley",
    "mark",
    "emily",
    "steven",
    "kimberly",
    "andrew",
    "donna",
    "paul",
    "michelle",
    "joshua",
    "carol",
    "kenneth",
    "amanda",
    "kevin",
    "melissa",
    "brian",
    "deborah",
    "timothy",
    "stephanie",
    "ronald",
    "rebecca",
    "jason",
    "laura",
    "george",
    "helen",
    "edward",
    "sharon",
    "jeffrey",
    "cynthia",
    "ryan",
    "anna",
    "jacob",
    "angela",
];
const HOSTS: [&str; 8] = [
    "gmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "hotmail.com",
    "proton.me",
    "northwind.example",
    "contoso.example",
];
const KINDS: [(&str, &str); 5] =
    [("street", "st"), ("road", "rd"), ("avenue", "ave"), ("place", "pl"), ("crescent", "cres")];

/// People with name, birthday, address, telephone and mailbox.
pub struct People {
    common: Skewed,
    rare: Skewed,
    family: Skewed,
    streets: Skewed,
    towns: Skewed,
}

impl People {
    /// Coins the names and places.
    pub fn new(random: &mut ChaCha8Rng) -> Self {
        Self {
            common: Skewed::of(&GIVEN, 0.7),
            rare: Skewed::coined(4000, 0.8, random),
            family: Skewed::coined(20_000, 0.85, random),
            streets: Skewed::coined(6000, 0.6, random),
            towns: Skewed::coined(3000, 0.8, random),
        }
    }

    fn address(&self, random: &mut ChaCha8Rng) -> [String; 3] {
        let (number, town) = self.towns.draw_numbered(random);
        let street = format!(
            "{} {} {}",
            random.random_range(1..400),
            self.streets.draw(random),
            KINDS[random.random_range(0..KINDS.len())].0
        );
        [street, town.to_owned(), format!("{:05}", 1000 + number * 31)]
    }
}

impl Kind for People {
    fn header(&self) -> &'static str {
        "given_name,surname,date_of_birth,street,town,postcode,phone,email"
    }

    fn entity(&mut self, random: &mut ChaCha8Rng) -> Cells {
        let given = if random.random::<f64>() < 0.6 { &self.common } else { &self.rare }.draw(random).to_owned();
        let family = self.family.draw(random).to_owned();
        let born = format!(
            "{}-{:02}-{:02}",
            random.random_range(1935..2007),
            random.random_range(1..13),
            random.random_range(1..29)
        );
        let email = if random.random::<f64>() < 0.25 {
            String::new()
        } else {
            format!("{given}.{family}{}@{}", one_of(&["", "", "1", "7", "85"], random), one_of(&HOSTS, random))
        };
        let [street, town, postcode] = self.address(random);
        vec![given, family, born, street, town, postcode, format!("07{}", digits(9, random)), email]
    }

    fn copy(&mut self, cells: &Cells, random: &mut ChaCha8Rng) -> Cells {
        let mut cells = cells.clone();
        for _ in 0..[1, 1, 1, 1, 1, 2, 2, 2, 3, 3][random.random_range(0..10usize)] {
            match random.random_range(0..11) {
                0 => cells[0] = slip(&cells[0], random),
                1 => cells[1] = slip(&cells[1], random),
                2 => cells[0].truncate(1),
                3 => cells[2] = wrong_digit(&cells[2], random),
                4 => {
                    let at = [2, 3, 5, 6, 7][random.random_range(0..5usize)];
                    cells[at].clear();
                }
                5 => {
                    for (whole, short) in KINDS {
                        cells[3] = cells[3].replace(whole, short);
                    }
                }
                6 => {
                    let address = self.address(random);
                    cells[3..6].clone_from_slice(&address);
                }
                7 => {
                    if let Some((local, _)) = cells[7].split_once('@') {
                        cells[7] = format!("{local}@{}", one_of(&HOSTS, random));
                    }
                }
                8 => cells[6] = wrong_digit(&cells[6], random),
                9 if random.random::<f64>() < 0.3 => self.family.draw(random).clone_into(&mut cells[1]),
                _ => cells[3] = slip(&cells[3], random),
            }
        }
        cells
    }

    fn hub(&self, cells: &mut Cells, random: &mut ChaCha8Rng) {
        cells[7] = format!("{}.{}{}@bigcorp.example", cells[0], cells[1], random.random_range(0..100));
    }
}
