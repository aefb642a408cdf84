//! Where are companies, and how does each country write its addresses, phones and legal forms?

use super::dice::Dice;

/// One country.
#[derive(Debug)]
pub(super) struct Country {
    /// ISO 3166 alpha-2 code.
    pub(super) code: &'static str,
    /// How people write it; the first is the usual one.
    pub(super) names: &'static [&'static str],
    /// ISO 4217 currency the vendor bills here, in Stripe's lower case.
    pub(super) currency: &'static str,
    /// Whether the European Stripe account bills here.
    pub(super) europe: bool,
    /// The national ending of domains.
    pub(super) ending: &'static str,
    /// Telephone country code and area codes.
    pub(super) dial: &'static str,
    areas: &'static [&'static str],
    /// Legal forms, the frequent ones first.
    forms: &'static [&'static str],
    /// City and state (empty where addresses carry none).
    cities: &'static [(&'static str, &'static str)],
    /// Street names; `#` stands for the number.
    streets: &'static [&'static str],
    /// Postal code: `#` a digit, `@` a capital letter.
    postal: &'static str,
    /// Hours ahead of UTC.
    pub(super) hours: i64,
    /// Of a hundred companies of the whole.
    share: usize,
}

macro_rules! country {
    ($code:literal $names:expr, $currency:literal $europe:literal $ending:literal, $dial:literal $areas:expr, $forms:expr, $cities:expr,
     $streets:expr, $postal:literal, $hours:literal, $share:literal) => {
        Country {
            code: $code,
            names: &$names,
            currency: $currency,
            europe: $europe,
            ending: $ending,
            dial: $dial,
            areas: &$areas,
            forms: &$forms,
            cities: &$cities,
            streets: &$streets,
            postal: $postal,
            hours: $hours,
            share: $share,
        }
    };
}

/// The countries in which the demo vendor sells.
#[rustfmt::skip]
pub(super) static COUNTRIES: &[Country] = &[
    country!("US" ["United States", "USA", "US", "United States of America"], "usd" false "com",
        "1" ["206", "212", "303", "312", "415", "512", "503", "617", "702", "720", "773", "801", "857", "919"],
        ["Inc.", "LLC", "Corp.", "Inc.", "Co.", "L.P."],
        [("Austin", "TX"), ("Boston", "MA"), ("Chicago", "IL"), ("Denver", "CO"), ("Portland", "OR"), ("Raleigh", "NC"), ("Seattle", "WA"), ("Salt Lake City", "UT"), ("Atlanta", "GA"), ("Minneapolis", "MN")],
        ["# Market Street", "# Oak Avenue", "# Commerce Drive", "# Lakeview Road", "# West 4th Street", "# Mill Creek Parkway", "# Foundry Lane", "# Harbor Boulevard"], "#####", -6, 38),
    country!("GB" ["United Kingdom", "UK", "Great Britain", "GB"], "gbp" true "co.uk",
        "44" ["1632"], ["Ltd", "Limited", "PLC", "LLP"],
        [("London", ""), ("Leeds", ""), ("Bristol", ""), ("Manchester", ""), ("Glasgow", ""), ("Cardiff", ""), ("Norwich", "")],
        ["# High Street", "# Station Road", "# Canal Wharf", "# Mill Lane", "# Foundry Yard", "# Queens Park"], "@@# #@@", 0, 12),
    country!("DE" ["Germany", "Deutschland", "DE"], "eur" true "de",
        "49" ["30", "40", "69", "89", "221", "711"], ["GmbH", "GmbH", "AG", "GmbH & Co. KG", "UG (haftungsbeschränkt)"],
        [("Berlin", ""), ("Hamburg", ""), ("München", ""), ("Köln", ""), ("Stuttgart", ""), ("Leipzig", "")],
        ["Lindenstraße #", "Hafenstraße #", "Am Mühlbach #", "Bahnhofstraße #", "Gartenweg #", "Industriestraße #"], "#####", 1, 11),
    country!("FR" ["France", "FR"], "eur" true "fr",
        "33" ["1", "4", "5"], ["SAS", "SARL", "SA"],
        [("Paris", ""), ("Lyon", ""), ("Nantes", ""), ("Lille", ""), ("Bordeaux", "")],
        ["# rue des Tilleuls", "# avenue du Port", "# quai de la Forge", "# boulevard des Ateliers"], "#####", 1, 6),
    country!("NL" ["Netherlands", "The Netherlands", "Nederland"], "eur" true "nl",
        "31" ["20", "10", "30"], ["B.V.", "B.V.", "N.V."],
        [("Amsterdam", ""), ("Rotterdam", ""), ("Utrecht", ""), ("Eindhoven", "")],
        ["Keizerkade #", "Molenweg #", "Havenstraat #", "Stationsplein #"], "#### @@", 1, 5),
    country!("ES" ["Spain", "España"], "eur" true "es",
        "34" ["91", "93", "96"], ["S.L.", "S.A.", "S.L.U."],
        [("Madrid", ""), ("Barcelona", ""), ("Valencia", ""), ("Bilbao", "")],
        ["Calle del Molino #", "Avenida de la Fuente #", "Carrer del Port #"], "#####", 1, 4),
    country!("IT" ["Italy", "Italia"], "eur" true "it",
        "39" ["02", "06", "011"], ["S.r.l.", "S.p.A."],
        [("Milano", "MI"), ("Roma", "RM"), ("Torino", "TO"), ("Bologna", "BO")],
        ["Via dei Tigli #", "Corso del Porto #", "Via della Fornace #"], "#####", 1, 3),
    country!("SE" ["Sweden", "Sverige"], "eur" true "se",
        "46" ["8", "31", "40"], ["AB", "AB"],
        [("Stockholm", ""), ("Göteborg", ""), ("Malmö", "")],
        ["Hamngatan #", "Kvarnvägen #", "Lindgatan #"], "### ##", 1, 3),
    country!("DK" ["Denmark", "Danmark"], "eur" true "dk",
        "45" ["33", "86"], ["ApS", "A/S"],
        [("København", ""), ("Aarhus", ""), ("Odense", "")],
        ["Havnegade #", "Møllevej #", "Strandvejen #"], "####", 1, 2),
    country!("PL" ["Poland", "Polska"], "eur" true "pl",
        "48" ["22", "12", "71"], ["Sp. z o.o.", "S.A."],
        [("Warszawa", ""), ("Kraków", ""), ("Wrocław", ""), ("Gdańsk", "")],
        ["ul. Lipowa #", "ul. Portowa #", "ul. Młyńska #"], "##-###", 1, 3),
    country!("CH" ["Switzerland", "Schweiz", "Suisse"], "eur" true "ch",
        "41" ["44", "22", "61"], ["AG", "GmbH", "Sàrl"],
        [("Zürich", ""), ("Genève", ""), ("Basel", "")],
        ["Seestrasse #", "Mühleweg #", "Rue du Lac #"], "####", 1, 2),
    country!("CA" ["Canada", "CA"], "usd" false "ca",
        "1" ["416", "514", "604"], ["Inc.", "Ltd."],
        [("Toronto", "ON"), ("Montréal", "QC"), ("Vancouver", "BC")],
        ["# King Street West", "# Maple Avenue", "# Harbour Road"], "@#@ #@#", -5, 4),
    country!("AU" ["Australia", "AU"], "usd" false "com.au",
        "61" ["2", "3", "7"], ["Pty Ltd", "Pty Ltd", "Ltd"],
        [("Sydney", "NSW"), ("Melbourne", "VIC"), ("Brisbane", "QLD")],
        ["# George Street", "# Wattle Road", "# Quay Parade"], "####", 10, 3),
    country!("JP" ["Japan", "JP"], "usd" false "co.jp",
        "81" ["3", "6"], ["K.K.", "Co., Ltd."],
        [("Tokyo", ""), ("Osaka", "")],
        ["#-4 Minamicho", "#-12 Honmachi"], "###-####", 9, 2),
    country!("BR" ["Brazil", "Brasil"], "usd" false "com.br",
        "55" ["11", "21"], ["Ltda.", "S.A."],
        [("São Paulo", "SP"), ("Rio de Janeiro", "RJ")],
        ["Rua das Flores, #", "Avenida do Porto, #"], "#####-###", -3, 1),
    country!("IN" ["India", "IN"], "usd" false "in",
        "91" ["22", "80"], ["Pvt. Ltd.", "Private Limited"],
        [("Mumbai", "MH"), ("Bengaluru", "KA")],
        ["# Lake Road", "# Banyan Street"], "######", 5, 1),
];

/// The address of a company.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The country.
    pub(super) country: &'static Country,
    /// Street and number.
    pub(super) street: String,
    /// City.
    pub(super) city: &'static str,
    /// State, empty where addresses carry none.
    pub(super) state: &'static str,
    /// Postal code.
    pub(super) postal: String,
    /// Area code and subscriber number; the exchange is one kept for fiction where there is such a one.
    pub(super) phone: (&'static str, String),
}

impl Place {
    /// A place anywhere.
    pub(super) fn anywhere(dice: &mut Dice) -> Self {
        let shares: Vec<usize> = COUNTRIES.iter().map(|country| country.share).collect();
        let at = dice.weighted(&shares);
        Self::within(dice, &COUNTRIES[at])
    }

    /// A place in a country other than `home`.
    pub(super) fn abroad(dice: &mut Dice, home: &'static Country) -> Self {
        loop {
            let place = Self::anywhere(dice);
            if place.country.code != home.code {
                return place;
            }
        }
    }

    /// A place in a given country.
    pub(super) fn within(dice: &mut Dice, country: &'static Country) -> Self {
        let (city, state) = dice.pick(country.cities);
        let number = dice.between(1, 480).to_string();
        let postal = country
            .postal
            .chars()
            .map(|sign| match sign {
                '#' => char::from(b'1' + dice.below(9) as u8),
                '@' => char::from(dice.pick(b"ABCDEFGHJKLNPRSTUWXY")),
                other => other,
            })
            .collect();
        let subscriber = match country.code {
            "GB" => format!("9{:05}", dice.below(100_000)),
            "US" | "CA" => format!("555{:04}", dice.below(10_000)),
            _ => format!("555{:05}", dice.below(100_000)),
        };
        let street = dice.pick(country.streets).replace('#', &number);
        Self { country, street, city, state, postal, phone: (dice.pick(country.areas), subscriber) }
    }

    /// A legal form of the country.
    pub(super) fn legal_form(&self, dice: &mut Dice) -> &'static str {
        dice.pick(self.country.forms)
    }

    /// The phone number in one of the ways people type it.
    pub(super) fn phone(&self, dice: &mut Dice) -> String {
        phone(dice, self.country, self.phone.0, &self.phone.1)
    }

    /// The country as people type it.
    pub(super) fn country_name(&self, dice: &mut Dice) -> &'static str {
        if dice.chance(750) { self.country.names[0] } else { dice.pick(self.country.names) }
    }
}

/// A phone number in one of the ways people type it.
pub(super) fn phone(dice: &mut Dice, country: &Country, area: &str, subscriber: &str) -> String {
    let dial = country.dial;
    let (head, tail) = subscriber.split_at(3);
    if dial == "1" {
        return match dice.below(5) {
            0 => format!("+1{area}{subscriber}"),
            1 => format!("+1 {area} {head} {tail}"),
            2 => format!("({area}) {head}-{tail}"),
            3 => format!("{area}-{head}-{tail}"),
            _ => format!("{area}.{head}.{tail}"),
        };
    }
    let trunk = if matches!(country.code, "IT" | "ES" | "DK" | "PL") { "" } else { "0" };
    match dice.below(5) {
        0 => format!("+{dial}{area}{subscriber}"),
        1 => format!("+{dial} {area} {head} {tail}"),
        2 => format!("00{dial} {area} {subscriber}"),
        3 => format!("{trunk}{area} {head}{tail}"),
        _ if trunk.is_empty() => format!("+{dial} {area}{head} {tail}"),
        _ => format!("+{dial} ({trunk}){area} {subscriber}"),
    }
}
