//! Which names and domains are taken, and what could the next company be called?

use rustc_hash::FxHashSet;

use super::dice::Dice;
use super::places::Place;
use super::words::{FAMILY, NATIVE, TRADES, UNICODE_STEMS, label, stem};

/// The names of a company.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// The legal name without its form: `Copperline Logistics`.
    pub(super) core: String,
    /// The legal form: `GmbH`.
    pub(super) form: &'static str,
    /// What it calls itself: `Copperline`, or a name of its own.
    pub(super) brand: String,
    /// What it was called before.
    pub(super) former: Option<String>,
    /// The name in its own script.
    pub(super) native: Option<&'static str>,
    /// Legal name and brand share no word: only domain or ids join them.
    pub(super) split: bool,
}

impl Name {
    /// The full legal name.
    pub(super) fn legal(&self) -> String {
        format!("{} {}", self.core, self.form)
    }
}

/// Gives out company names and domains that no other company of the demo has.
#[derive(Debug, Default)]
pub(super) struct Register(FxHashSet<String>);

impl Register {
    /// Takes a name if nobody has it.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.0.insert(label(name))
    }

    /// A new name, its trade's industry, and the text its domain is made of.
    pub(super) fn coin(&mut self, dice: &mut Dice, place: &Place) -> (Name, &'static str) {
        loop {
            let (trade, industry) = dice.pick(&TRADES);
            let form = place.legal_form(dice);
            let english = place.country.hours < 1;
            let base = if !english && dice.chance(120) { dice.pick(&UNICODE_STEMS).to_string() } else { stem(dice) };
            let (core, mut brand) = match dice.weighted(&[58, 18, 8, 6, 10]) {
                0 => (format!("{base} {trade}"), base),
                1 => (base.clone(), base),
                2 => {
                    let pair = format!("{} & {}", dice.pick(&FAMILY), dice.pick(&FAMILY));
                    (pair.clone(), pair)
                }
                3 => (format!("{base} {}", dice.pick(&["Group", "Collective", "Partners", "Holding", "Works"])), base),
                _ => {
                    let family = dice.pick(&FAMILY);
                    (format!("{family} {trade}"), format!("{family} {trade}"))
                }
            };
            if !self.take(&core) {
                continue;
            }
            let mut split = false;
            if dice.chance(70) {
                let other = stem(dice);
                if self.take(&other) {
                    brand = other;
                    split = true;
                }
            } else if brand != core && !self.take(&brand) {
                brand.clone_from(&core);
            }
            let mut name = Name { core, form, brand, former: None, native: None, split };
            if place.country.code == "JP" && dice.chance(400) {
                let (script, abroad) = dice.pick(&NATIVE);
                if self.take(abroad) {
                    name = Name { core: abroad.to_owned(), brand: abroad.to_owned(), native: Some(script), ..name };
                    name.split = false;
                }
            }
            if dice.chance(60) {
                let old = format!("{} {trade}", stem(dice));
                name.former = self.take(&old).then_some(old);
            }
            return (name, industry);
        }
    }

    /// A domain made of a name that nobody else has.
    pub(super) fn domain(&mut self, dice: &mut Dice, name: &str, place: &Place) -> String {
        let base = label(name);
        let endings = [place.country.ending, "com", "io", "co", "app"];
        for attempt in 0..50 {
            let ending = endings[dice.weighted(&[38, 46, 9, 4, 3])];
            let tail = match attempt {
                0..8 => String::new(),
                8..20 => dice.pick(&["hq", "group", "team", "online"]).to_owned(),
                _ => dice.below(100_000).to_string(),
            };
            let domain = format!("{base}{tail}.{ending}");
            if self.0.insert(format!("@{domain}")) {
                return domain;
            }
        }
        format!("{base}-{}.com", dice.hexadecimal(8))
    }
}
