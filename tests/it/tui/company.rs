//! An invented company, so that screens have something believable to show.

use fourfold::catalog::Role;
use fourfold::chart::conflict::{Conflict, Severity, Side};
use fourfold::chart::source_map::{ColumnEntry, ColumnProfile, Origin, SourceEntry, SourceMap, TableEntry};
use fourfold::ident::{EntityId, EntityKind, PairKey, RecordKey, SourceId, Surface};
use fourfold::resolve::graph::{CandidatePair, ComparedField, PairStatus};
use fourfold::resolve::waterfall::{Bar, Waterfall, probability_of};
use fourfold::snapshot::{CellRow, ConflictKind, EntityRow, Evidence, QueuedPair, RecordNote, RunMeta, SnapshotData};
use fourfold::warehouse::{ColumnType, TableName};

use super::surroundings::{strata, surroundings};

const FIRST: [&str; 12] = [
    "Northwind",
    "Blauwerk",
    "Cedar & Finch",
    "Ostrava",
    "Lumen",
    "Harbour",
    "Pinecrest",
    "Quillon",
    "Sable",
    "Tern",
    "Umbra",
    "Verdant",
];
const SECOND: [&str; 6] = ["Analytics", "Logistik", "Foods", "Robotics", "Health", "Studios"];
pub const PEOPLE: [&str; 8] =
    ["Ada Brandt", "Noor Haddad", "Jonas Vidal", "Mei Tanaka", "Owen Pryce", "Ines Sorel", "Tomas Kral", "Leila Aydin"];

pub fn account_name(index: usize) -> String {
    format!("{} {}", FIRST[index % FIRST.len()], SECOND[index / FIRST.len() % SECOND.len()])
}

pub fn domain(index: usize) -> String {
    format!("{}.example", account_name(index).to_lowercase().replace([' ', '&'], ""))
}

pub fn entity(index: usize) -> EntityId {
    EntityId::new(format!("acc_{index:016x}"))
}

fn person(index: usize) -> EntityId {
    EntityId::new(format!("per_{index:016x}"))
}

fn bar(comparison: &str, left: &str, right: &str, level: &str, weight: f64) -> Bar {
    Bar { comparison: comparison.into(), left: left.into(), right: right.into(), level: level.into(), weight }
}

fn field(name: &str, left: &str, right: &str, personal: bool) -> ComparedField {
    ComparedField { field: name.into(), left: left.into(), right: right.into(), personal }
}

/// A pair of accounts, one in the CRM and one in billing.
pub fn account_pair(index: usize) -> QueuedPair {
    let name = account_name(index);
    let variants = [" GmbH", ", Inc.", " (formerly Aldous Partners)", " - EMEA", " Holding BV"];
    let other = format!("{name}{}", variants[index % variants.len()]);
    let left = RecordKey::new("salesforce", "account", format!("0015g00000{index:08}AAC"));
    let right = RecordKey::new("stripe_eu", "customer", format!("cus_{index:014}"));
    let shift = (index % 7) as f64 * 0.6 - 1.5;
    let bars = vec![
        bar("prior", "", "", "how rare a match is", -13.2),
        bar("name", &name, &other, "same but for the legal form", 6.4 + shift),
        bar("domain", &domain(index), &domain(index), "same", 7.15),
        bar("country", "DE", "Germany", "same", 1.32),
        bar("phone", "", "+49 30 5550 0", "one side empty", 0.0),
        bar("city", "Berlin", "Potsdam", "different", -1.07),
    ];
    let waterfall = Waterfall { bars };
    let weight = waterfall.weight();
    let fields = vec![
        field("name", &name, &other, false),
        field("domain", &domain(index), &domain(index), false),
        field("website", &format!("https://www.{}", domain(index)), &domain(index), false),
        field("country", "DE", "Germany", false),
        field("city", "Berlin", "Potsdam", false),
        field("phone", "", "+49 30 5550 0", true),
        field("billing e-mail", &format!("finance@{}", domain(index)), &format!("finanzen@{}", domain(index)), true),
        field("owner", "Rae Lindqvist", "", false),
        field("created", "2021-03-04", "2022-11-19", false),
    ];
    QueuedPair {
        pair: CandidatePair {
            key: PairKey::new(left, right),
            kind: EntityKind::Account,
            weight,
            probability: probability_of(weight),
            status: PairStatus::Review,
            rule: if index.is_multiple_of(3) { "same domain".into() } else { "name and country".into() },
            waterfall,
            fields,
        },
        priority: 1000.0 - index as f64,
        money: Some(84_200.0 - 900.0 * index as f64),
        currency: Some("EUR".into()),
        reason: ["uncertain", "bridge", "uncertain", "audit"][index % 4].into(),
        cluster: 1 + index as u32,
        reopened: None,
        left_entity: entity(2 * index),
        right_entity: entity(2 * index + 1),
        left_label: name,
        right_label: other,
        left_note: RecordNote {
            synced_at: Some("2026-03-02T04:10:00Z".into()),
            url: Some(format!("https://crm.example/account/{index}")),
        },
        right_note: RecordNote { synced_at: Some("2026-03-01T22:00:00Z".into()), url: None },
        evidence: vec![Evidence {
            kind: "sales".into(),
            text: "the CRM says it was won before the first invoice".into(),
            speaks_for: Some(true),
            personal: Vec::new(),
        }],
    }
}

/// A pair of people, one in support and one in the product.
pub fn person_pair(index: usize) -> QueuedPair {
    let mut pair = account_pair(index);
    let name = PEOPLE[index % PEOPLE.len()];
    let (given, family) = name.split_once(' ').unwrap();
    let mail = format!("{}.{}@{}", given.to_lowercase(), family.to_lowercase(), domain(index));
    let short = format!("{}{}@{}", &given[..1].to_lowercase(), family.to_lowercase(), domain(index));
    pair.pair.key = PairKey::new(
        RecordKey::new("segment", "users", format!("u-{index:05}")),
        RecordKey::new("zendesk", "user", format!("{}", 36_000_000_000u64 + index as u64)),
    );
    pair.pair.kind = EntityKind::Person;
    pair.pair.rule = "name and account".into();
    pair.pair.fields = vec![
        field("name", name, &format!("{family}, {given}"), true),
        field("email", &mail, &short, true),
        field("phone", "+49 170 5550 112", "+49 170 5550 122", true),
        field("title", "Head of Data", "Head of data", false),
        field("company", &account_name(index), &account_name(index), false),
    ];
    pair.cluster = 10_000 + index as u32;
    pair.left_entity = person(2 * index);
    pair.right_entity = person(2 * index + 1);
    pair.left_label = name.into();
    pair.right_label = format!("{family}, {given}");
    pair
}

fn column(
    name: &str,
    kind: ColumnType,
    concept: &str,
    rows: u64,
    nulls: u64,
    distinct: u64,
    format: &str,
) -> ColumnEntry {
    ColumnEntry {
        name: name.into(),
        kind,
        concept: (!concept.is_empty()).then(|| concept.into()),
        origin: (!concept.is_empty()).then_some(Origin::CatalogName),
        confidence: 0.98,
        refers_to: None,
        units_per_currency_unit: None,
        profile: ColumnProfile {
            nulls,
            distinct,
            min: None,
            max: None,
            top: vec![("Customer".into(), rows / 3), ("Prospect".into(), rows / 5)],
            formats: vec![(format.into(), rows - nulls)],
            ..ColumnProfile::default()
        },
    }
}

fn table(schema: &str, name: &str, role: Role, rows: u64, columns: Vec<ColumnEntry>) -> TableEntry {
    TableEntry {
        name: TableName::new(schema, name),
        role,
        system_table: None,
        origin: Origin::CatalogName,
        confidence: 1.0,
        primary_key: vec!["id".into()],
        version_column: None,
        synced_column: Some("_fivetran_synced".into()),
        sync_id_column: None,
        deleted_columns: Vec::new(),
        active_columns: Vec::new(),
        rows,
        newest_sync: Some("2026-03-02 04:10:00+00".into()),
        columns,
    }
}

fn source(id: &str, surface: Surface, system: Option<&str>, tables: Vec<TableEntry>) -> SourceEntry {
    SourceEntry {
        id: SourceId::new(id),
        surface,
        schema: id.into(),
        system: system.map(Into::into),
        confidence: 0.97,
        loader: Some("fivetran".into()),
        tables,
    }
}

fn map() -> SourceMap {
    use ColumnType::{Decimal, Text, Timestamp};
    let account = |schema: &str, name: &str, rows: u64, website: u64| {
        table(
            schema,
            name,
            Role::Account,
            rows,
            vec![
                column("id", Text, "account.id", rows, 0, rows, "salesforce_id_18"),
                column("name", Text, "account.name", rows, 0, rows - 6, "text"),
                column("website", Text, "account.domain", rows, website, rows - website - 9, "domain"),
                column("country", Text, "account.country", rows, rows / 4, 14, "country_code"),
                column("status", Text, "account.status", rows, rows / 10, 5, "text"),
                column("arr", Decimal, "account.arr", rows, rows, 0, "decimal"),
                column("created", Timestamp, "account.created_at", rows, 0, rows, "timestamp"),
            ],
        )
    };
    let person = |schema: &str, name: &str, rows: u64| {
        table(
            schema,
            name,
            Role::Person,
            rows,
            vec![
                column("id", Text, "person.id", rows, 0, rows, "integer"),
                column("email", Text, "person.email", rows, rows / 40, rows - rows / 30, "email"),
                column("full_name", Text, "person.name", rows, rows / 8, rows - rows / 6, "text"),
                column("phone", Text, "person.phone", rows, rows * 6 / 10, rows * 3 / 10, "phone"),
            ],
        )
    };
    let invoice = |schema: &str| {
        table(
            schema,
            "invoice",
            Role::Invoice,
            4_210,
            vec![
                column("id", Text, "invoice.id", 4_210, 0, 4_210, "prefix:in_"),
                column("total", Decimal, "invoice.amount", 4_210, 3, 911, "integer"),
                column("currency", Text, "invoice.currency", 4_210, 0, 3, "currency_code"),
            ],
        )
    };
    SourceMap {
        sources: vec![
            source("segment", Surface::Product, Some("segment"), vec![person("segment", "users", 8_120)]),
            source(
                "salesforce",
                Surface::Crm,
                Some("salesforce"),
                vec![account("salesforce", "account", 342, 40), person("salesforce", "contact", 2_904)],
            ),
            source(
                "stripe",
                Surface::Billing,
                Some("stripe"),
                vec![account("stripe", "customer", 214, 101), invoice("stripe")],
            ),
            source(
                "stripe_eu",
                Surface::Billing,
                Some("stripe"),
                vec![account("stripe_eu", "customer", 88, 61), invoice("stripe_eu")],
            ),
            source(
                "zendesk",
                Surface::Support,
                Some("zendesk"),
                vec![account("zendesk", "organization", 301, 30), person("zendesk", "user", 3_777)],
            ),
        ],
    }
}

fn kinds() -> Vec<ConflictKind> {
    let kind = |id: &str, term: &str, meaning: &str, action: &str| ConflictKind {
        id: id.into(),
        term: term.into(),
        meaning: meaning.into(),
        action: action.into(),
    };
    vec![
        kind(
            "status_disagreement",
            "consistency",
            "The CRM calls the account a customer, billing has no active subscription, or the other way round.",
            "Decide which of the two is right and since when; a precedence rule settles the rest.",
        ),
        kind(
            "amount_disagreement",
            "consistency",
            "The yearly amount in the CRM is not twelve times the monthly one in billing.",
            "The account's owner decides which number stands.",
        ),
        kind(
            "dangling_tombstone",
            "referential",
            "Rows still point to a record that was merged away.",
            "Redirect them to the record that lives on.",
        ),
        kind(
            "timing",
            "timeliness",
            "The same change arrived at different times.",
            "Usually nothing: it settles itself.",
        ),
    ]
}

fn conflicts(count: usize) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    for index in 0..count {
        let (kind, severity, field, one, other, money) = match index % 8 {
            0 | 3 => (
                "status_disagreement",
                Severity::High,
                "accounts.status",
                "Customer",
                "canceled",
                Some(12_400.0 + index as f64),
            ),
            1 | 4 => ("amount_disagreement", Severity::High, "accounts.arr", "84200", "79800", Some(4_400.0)),
            2 => ("dangling_tombstone", Severity::Medium, "account.id", "001OLD", "", None),
            _ => ("timing", Severity::Low, "accounts.plan", "Scale", "Growth", None),
        };
        let side = |source: &str, table: &str, column: &str, value: &str| Side {
            record: RecordKey::new(source, table, format!("{source}-{index:06}")),
            column: column.into(),
            value: value.into(),
        };
        conflicts.push(Conflict {
            id: format!("c{index:08}"),
            kind: kind.into(),
            severity,
            entity: Some(entity(index % 24)),
            field: field.into(),
            side_a: Some(side("salesforce", "account", "type", one)),
            side_b: (!other.is_empty()).then(|| side("stripe_eu", "subscription", "status", other)),
            detail: format!("{} is `{one}` in salesforce and `{other}` in stripe_eu", account_name(index % 24)),
            money_at_stake: money,
            currency: money.map(|_| if index % 5 == 0 { "USD".into() } else { "EUR".into() }),
            status: "open".into(),
        });
    }
    conflicts
}

fn cells(index: usize) -> Vec<CellRow> {
    let cell =
        |field: &str, value: Option<String>, rule: &str, from: Option<(&str, &str, &str)>, personal: bool| CellRow {
            entity: entity(index),
            field: field.into(),
            value,
            rule: rule.into(),
            record: from.map(|(source, table, _)| RecordKey::new(source, table, format!("{source}-{index:06}"))),
            column: from.map_or(String::new(), |(.., column)| column.into()),
            sync_id: from.map(|_| "sync-20260302".into()),
            synced_at: from.map(|_| "2026-03-02T04:10:00Z".into()),
            personal,
        };
    let crm = |column| Some(("salesforce", "account", column));
    vec![
        cell("name", Some(account_name(index / 2)), "priority: crm before billing before support", crm("name"), false),
        cell("domain", Some(domain(index / 2)), "priority: crm before billing", crm("website"), false),
        cell(
            "status",
            Some("customer".into()),
            "source: billing",
            Some(("stripe_eu", "subscription", "status")),
            false,
        ),
        cell("arr", Some("84200.00".into()), "sum of active subscriptions x 12", None, false),
        cell("currency", Some("EUR".into()), "source: billing", Some(("stripe_eu", "customer", "currency")), false),
        cell("plan", Some("Scale".into()), "recency", crm("plan__c"), false),
        cell(
            "billing_email",
            Some(format!("finance@{}", domain(index))),
            "source: billing",
            Some(("stripe_eu", "customer", "email")),
            true,
        ),
        cell("owner_name", None, "priority: crm", None, false),
    ]
}

/// The whole company: `accounts` account pairs and a third as many pairs of people.
pub fn company(accounts: usize) -> SnapshotData {
    let mut pairs: Vec<QueuedPair> = (0..accounts).map(account_pair).collect();
    pairs.extend((0..accounts / 3).map(person_pair));
    let mut entities: Vec<EntityRow> = (0..2 * accounts)
        .map(|index| EntityRow {
            id: entity(index),
            kind: EntityKind::Account,
            label: if index % 2 == 0 { account_name(index / 2) } else { format!("{} GmbH", account_name(index / 2)) },
            arr: (index % 5 != 4).then_some(84_200.0 - 900.0 * index as f64),
            currency: Some("EUR".into()),
            status: "customer".into(),
            sources: vec!["salesforce".into(), "stripe_eu".into()],
            record_count: 2 + index as u64 % 5,
        })
        .collect();
    entities.extend((0..2 * (accounts / 3)).map(|index| EntityRow {
        id: person(index),
        kind: EntityKind::Person,
        label: PEOPLE[index / 2 % PEOPLE.len()].into(),
        arr: None,
        currency: None,
        status: String::new(),
        sources: vec!["segment".into()],
        record_count: 1,
    }));
    SnapshotData {
        run: RunMeta {
            id: "r000001".into(),
            finished_at: "2026-03-02T05:00:00Z".into(),
            counts: vec![
                ("accounts".into(), 2 * accounts as u64),
                ("people".into(), 3_120),
                ("pairs to review".into(), pairs.len() as u64),
            ],
            ..RunMeta::default()
        },
        map: map(),
        kinds: kinds(),
        conflicts: conflicts(61),
        pairs,
        cells: (0..2 * accounts).flat_map(cells).collect(),
        around: surroundings(accounts),
        strata: strata(accounts),
        entities,
    }
}
