//! Which companies are generated, and how do they reach resolution?

use std::collections::BTreeMap;
use std::sync::Mutex;

use fourfold::chart::chart;
use fourfold::config::{Config, SourceSettings};
use fourfold::ident::{EntityId, EntityKind, RecordKey, Surface};
use fourfold::progress::{CancelToken, Progress};
use fourfold::resolve::graph::EntityGraph;
use fourfold::resolve::memory::Memory;
use fourfold::resolve::{Decisions, ResolveInput, resolve, resolve_remembering};
use fourfold::warehouse::{DuckDb, DuckDbOptions, Warehouse};

const FIRST: [&str; 16] = [
    "Copperline",
    "Northgate",
    "Brightwater",
    "Harbour",
    "Meridian",
    "Sable",
    "Larkfield",
    "Ironbridge",
    "Quartzmere",
    "Thistle",
    "Wolverton",
    "Applegarth",
    "Kestrel",
    "Marlowe",
    "Pinewood",
    "Ravenhall",
];
const SECOND: [&str; 16] = [
    "Logistics",
    "Foods",
    "Dental",
    "Optics",
    "Textiles",
    "Energy",
    "Analytics",
    "Robotics",
    "Ceramics",
    "Printing",
    "Aviation",
    "Brewing",
    "Chemicals",
    "Furniture",
    "Insurance",
    "Shipping",
];
const PLACES: [(&str, &str); 6] = [
    ("Bristol", "United Kingdom"),
    ("Hamburg", "Germany"),
    ("Lyon", "France"),
    ("Austin", "United States"),
    ("Toronto", "Canada"),
    ("Porto", "Portugal"),
];
const FORMS: [&str; 4] = ["Ltd", "GmbH", "Inc.", "S.A."];
const GIVEN: [&str; 12] =
    ["Anna", "Boris", "Clara", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Katya", "Lars"];
const FAMILY: [&str; 12] = [
    "Abbott",
    "Bergman",
    "Castell",
    "Dorsey",
    "Eklund",
    "Farrow",
    "Grimaldi",
    "Holmqvist",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindgren",
];

/// A row: the table it stands in, its key and its cells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub table: &'static str,
    pub key: String,
    pub cells: Vec<String>,
    /// The company it is of.
    pub company: usize,
}

/// Generated companies with their records.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub rows: Vec<Row>,
    /// Pairs of companies that share nothing but their name.
    pub namesakes: Vec<(usize, usize)>,
    /// Companies whose bills one agency gets, and the agency.
    pub clients: Vec<usize>,
    pub agency: usize,
    /// Child and parent.
    pub children: Vec<(usize, usize)>,
    /// Two companies between which one record stands that is half of either.
    pub bridged: (usize, usize),
    companies: usize,
    seed: u64,
}

const TABLES: [(&str, &str); 4] = [
    (
        "salesforce.account",
        "id VARCHAR, name VARCHAR, website VARCHAR, parent_id VARCHAR, billing_city VARCHAR, billing_country VARCHAR, \
         phone VARCHAR, is_deleted BOOLEAN, owner_id VARCHAR, _fivetran_synced TIMESTAMP",
    ),
    (
        "salesforce.contact",
        "id VARCHAR, account_id VARCHAR, first_name VARCHAR, last_name VARCHAR, email VARCHAR, phone VARCHAR, \
         is_deleted BOOLEAN, _fivetran_synced TIMESTAMP",
    ),
    (
        "stripe.customer",
        "id VARCHAR, name VARCHAR, email VARCHAR, address_city VARCHAR, address_country VARCHAR, metadata VARCHAR, \
         livemode BOOLEAN, created TIMESTAMP, _fivetran_synced TIMESTAMP",
    ),
    (
        "stripe.subscription",
        "id VARCHAR, customer_id VARCHAR, status VARCHAR, created TIMESTAMP, _fivetran_synced TIMESTAMP",
    ),
];

impl World {
    /// Some 60 companies under a seed.
    pub fn new(seed: u64) -> Self {
        let mut world = Self { seed, ..Self::default() };
        for number in 0..48 {
            let name = world.name(number);
            world.company(&name, &format!("{}.com", slug(&name)), number);
        }
        // Namesakes in two countries.
        for number in 0..3 {
            let name = world.name(60 + number);
            let one = world.company(&name, &format!("{}.com", slug(&name)), 0);
            let other = world.company(&name, &format!("{}-group.pt", slug(&name)), 5);
            world.namesakes.push((one, other));
        }
        // A parent with two children on its domain.
        let parent = world.name(70);
        let domain = format!("{}.com", slug(&parent));
        let above = world.company(&parent, &domain, 1);
        let parent_key = world.account_of(above);
        for country in ["Chile", "Norway"] {
            let child = world.companies;
            world.companies += 1;
            let key = world.salesforce("001");
            let cells =
                [key.as_str(), &format!("{parent} {country}"), &domain, &parent_key, "", country, "", "false", "o1"];
            world.put("salesforce.account", &key, &cells, child);
            world.children.push((child, above));
        }
        // An agency whose mailbox stands on the bills of its clients.
        let name = world.name(80);
        world.agency = world.company(&name, "harrowgate-media.com", 2);
        for number in 0..10 {
            let name = world.name(90 + number);
            let domain = format!("{}.com", slug(&name));
            let client = world.companies;
            world.companies += 1;
            let (city, country) = PLACES[number % PLACES.len()];
            let key = world.salesforce("001");
            world.put(
                "salesforce.account",
                &key,
                &[&key, &name, &domain, "", city, country, "", "false", "o1"],
                client,
            );
            let customer = format!("cus_{:014}", world.rows.len() + 500);
            let form = FORMS[number % FORMS.len()];
            let cells =
                [customer.as_str(), &format!("{name} {form}"), "ap@harrowgate-media.com", city, country, "{}", "true"];
            world.put("stripe.customer", &customer, &cells, client);
            world.clients.push(client);
        }
        // Two companies, each with duplicates, and a customer named after one that holds the id of the other.
        let ends = [world.name(110), world.name(111)];
        let sides = ends.each_ref().map(|name| {
            let company = world.company(name, &format!("{}.com", slug(name)), 3);
            for _ in 0..2 {
                let key = world.salesforce("001");
                let domain = format!("{}.com", slug(name));
                world.put("salesforce.account", &key, &[&key, name, &domain, "", "", "", "", "false", "o1"], company);
            }
            company
        });
        world.bridged = (sides[0], sides[1]);
        let customer = format!("cus_{:014}", world.rows.len() + 900);
        let metadata = format!("{{\"salesforce_id\":\"{}\"}}", world.account_of(sides[1]));
        let mail = format!("billing@{}.com", slug(&ends[0]));
        let cells = [customer.as_str(), &ends[0].clone(), &mail, "", "", &metadata, "true"];
        world.put("stripe.customer", &customer, &cells, usize::MAX);
        world
    }

    /// A number below a bound that depends on the seed and a place.
    pub fn dice(&self, place: u64, bound: u64) -> u64 {
        let mut mixed = self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ place.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 29)) % bound.max(1)
    }

    fn name(&self, number: usize) -> String {
        let turn = self.dice(7, 16) as usize;
        let first = FIRST[(number + turn) % 16];
        let second = SECOND[(number / 16 + number * 5 + turn) % 16];
        format!("{first} {second}")
    }

    fn salesforce(&self, prefix: &str) -> String {
        format!("{prefix}5g00000{:05}AAA", self.rows.len() + 100)
    }

    /// The key of the first account of a company.
    pub fn account_of(&self, company: usize) -> String {
        self.rows.iter().find(|row| row.company == company && row.table == "salesforce.account").unwrap().key.clone()
    }

    fn put(&mut self, table: &'static str, key: &str, cells: &[&str], company: usize) {
        let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
        self.rows.push(Row { table, key: key.to_owned(), cells, company });
    }

    /// A company with an account, contacts, and mostly a customer.
    fn company(&mut self, name: &str, domain: &str, number: usize) -> usize {
        let company = self.companies;
        self.companies += 1;
        let (city, country) = PLACES[(number + self.dice(company as u64, 6) as usize) % PLACES.len()];
        let form = FORMS[company % FORMS.len()];
        let phone = format!("+44 117 496 {company:04}");
        let key = self.salesforce("001");
        let legal = format!("{name} {form}");
        let cells = [key.as_str(), &legal, &format!("https://www.{domain}"), "", city, country, &phone, "false", "o1"];
        self.put("salesforce.account", &key, &cells, company);
        for person in 0..2 {
            let given = GIVEN[(company * 7 + person * 5) % GIVEN.len()];
            let family = FAMILY[(company * 3 + person * 11 + self.dice(3, 12) as usize) % FAMILY.len()];
            let contact = self.salesforce("003");
            let mail = format!("{}.{}@{domain}", given.to_lowercase(), family.to_lowercase());
            let cells = [contact.as_str(), &key, given, family, &mail, "", "false"];
            self.put("salesforce.contact", &contact, &cells, company);
        }
        if self.dice(1000 + company as u64, 10) < 7 || company.is_multiple_of(3) {
            let customer = format!("cus_{:014}", self.rows.len() + 100);
            let metadata =
                if company.is_multiple_of(2) { format!("{{\"salesforce_id\":\"{key}\"}}") } else { "{}".to_owned() };
            let mail = format!("billing@{domain}");
            let cells = [customer.as_str(), name, &mail, city, country, &metadata, "true"];
            self.put("stripe.customer", &customer, &cells, company);
            let subscription = format!("sub_{:014}", self.rows.len());
            self.put("stripe.subscription", &subscription, &[&subscription, &customer, "active"], company);
        }
        company
    }

    /// The rows in another order.
    pub fn shuffled(&self, seed: u64) -> Self {
        let mut world = self.clone();
        world.rows.sort_by_key(|row| {
            let place = row.key.bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
            self.dice(place, u64::MAX)
        });
        world
    }

    /// Loads the rows in their order and charts them.
    pub fn load(&self) -> Loaded {
        let warehouse = DuckDb::in_memory(&DuckDbOptions::default()).unwrap();
        for schema in ["salesforce", "stripe"] {
            warehouse.execute(&format!("CREATE SCHEMA {schema}"), &[]).unwrap();
        }
        for (table, columns) in TABLES {
            warehouse.execute(&format!("CREATE TABLE {table} ({columns})"), &[]).unwrap();
            let width = columns.split(", ").count();
            let rows: Vec<String> = self
                .rows
                .iter()
                .filter(|row| row.table == table)
                .map(|row| {
                    let mut cells: Vec<String> = row
                        .cells
                        .iter()
                        .map(|cell| {
                            if cell.is_empty() { "NULL".to_owned() } else { format!("'{}'", cell.replace('\'', "''")) }
                        })
                        .collect();
                    while cells.len() < width {
                        cells.push("TIMESTAMP '2026-01-05 06:00:00'".to_owned());
                    }
                    format!("({})", cells.join(", "))
                })
                .collect();
            if !rows.is_empty() {
                warehouse.execute(&format!("INSERT INTO {table} VALUES {}", rows.join(", ")), &[]).unwrap();
            }
        }
        let mut config = Config::default();
        for (name, surface) in [("salesforce", Surface::Crm), ("stripe", Surface::Billing)] {
            let settings = SourceSettings { surface, schema: None, system: None, tables: BTreeMap::new() };
            config.sources.insert(name.to_owned(), settings);
        }
        Loaded { warehouse, config }
    }
}

fn slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// Companies in a warehouse.
pub struct Loaded {
    pub warehouse: DuckDb,
    pub config: Config,
}

/// Notes the steps that were taken.
#[derive(Default)]
pub struct Steps(pub Mutex<Vec<String>>);

impl Progress for Steps {
    fn step(&self, name: &str) {
        self.0.lock().unwrap().push(name.to_owned());
    }

    fn advance(&self, _done: u64, _total: u64) {}

    fn note(&self, _text: &str) {}
}

impl Loaded {
    /// Resolves without a memory.
    pub fn resolve(&self, decisions: &Decisions, threads: usize) -> EntityGraph {
        self.with(decisions, threads, |input, cancel| resolve(input, &Steps::default(), cancel).unwrap())
    }

    /// Resolves with a memory, and says which steps were taken.
    pub fn remembering(&self, decisions: &Decisions, memory: &mut Memory) -> (EntityGraph, Vec<String>) {
        let steps = Steps::default();
        let graph =
            self.with(decisions, 2, |input, cancel| resolve_remembering(input, memory, &steps, cancel).unwrap());
        (graph, steps.0.into_inner().unwrap())
    }

    fn with<T>(
        &self,
        decisions: &Decisions,
        threads: usize,
        ask: impl FnOnce(&ResolveInput<'_>, &CancelToken) -> T,
    ) -> T {
        let cancel = CancelToken::new();
        let map = chart(&self.warehouse, &self.config, &Steps::default(), &cancel).unwrap().map;
        let input = ResolveInput {
            warehouse: &self.warehouse,
            map: &map,
            config: &self.config,
            decisions,
            previous: None,
            threads,
        };
        ask(&input, &cancel)
    }
}

/// The entity of each account record.
pub fn accounts(graph: &EntityGraph) -> BTreeMap<&RecordKey, &EntityId> {
    graph
        .links
        .iter()
        .filter(|link| link.kind == EntityKind::Account)
        .map(|link| (&link.record, &link.entity))
        .collect()
}

/// The record of a row.
pub fn record(row: &Row) -> RecordKey {
    let (source, table) = row.table.split_once('.').unwrap();
    RecordKey::new(source, table, row.key.clone())
}

/// A graph as bytes.
pub fn bytes(graph: &EntityGraph) -> String {
    serde_json::to_string(graph).unwrap()
}
