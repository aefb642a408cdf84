//! A small company in four systems, with its map and its graph written by hand.

use fourfold::catalog::Role;
use fourfold::chart::source_map::{ColumnEntry, ColumnProfile, Origin, SourceEntry, SourceMap, TableEntry};
use fourfold::config::Config;
use fourfold::ident::{EntityId, EntityKind, RecordKey, SourceId, Surface};
use fourfold::model::{Model, ModelInput};
use fourfold::progress::{CancelToken, Silent};
use fourfold::resolve::graph::{Entity, EntityGraph, HierarchyEdge, Link, Relation};
use fourfold::warehouse::{ColumnType, DuckDb, DuckDbOptions, TableName, Warehouse};

pub const AS_OF: &str = "2026-06-30T12:00:00Z";
pub const RUN: &str = "run1";

pub type Concepts<'a> = &'a [(&'a str, &'a str)];

/// A warehouse in memory with everything loaded.
pub fn warehouse() -> DuckDb {
    let warehouse = DuckDb::in_memory(&DuckDbOptions::default()).unwrap();
    load(&warehouse);
    warehouse
}

/// Makes the sources.
pub fn load(warehouse: &dyn Warehouse) {
    run(warehouse, SQL);
}

/// Everything that was published as text, except when.
pub fn dump(warehouse: &dyn Warehouse) -> String {
    let mut out = String::new();
    for table in warehouse.tables("fourfold").unwrap() {
        if table.name.table == "runs" {
            continue;
        }
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| warehouse.dialect().text(&warehouse.dialect().quote(&column.name)))
            .collect();
        let sql = format!("SELECT {} FROM {}", columns.join(", "), warehouse.dialect().table(&table.name));
        let rows = warehouse.query(&sql, &[]).unwrap();
        let mut lines: Vec<String> = (0..rows.len())
            .map(|row| {
                (0..columns.len()).map(|column| rows.text(row, column).unwrap_or("∅")).collect::<Vec<_>>().join("|")
            })
            .collect();
        if table.is_view {
            lines.sort();
        }
        out.push_str(&format!("{}\n{}\n", table.name, lines.join("\n")));
    }
    out
}

pub fn run(warehouse: &dyn Warehouse, sql: &str) {
    for statement in sql.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        warehouse.execute(statement, &[]).unwrap();
    }
}

const SQL: &str = r#"
CREATE SCHEMA salesforce;
CREATE TABLE salesforce.account (id VARCHAR, name VARCHAR, website VARCHAR, owner_id VARCHAR, type VARCHAR, arr_c VARCHAR,
  currency_iso_code VARCHAR, plan_c VARCHAR, seats_c VARCHAR, renewal_c DATE, billing_country VARCHAR, number_of_employees INTEGER,
  stripe_customer_id_c VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, is_deleted BOOLEAN, _fivetran_synced TIMESTAMP);
INSERT INTO salesforce.account VALUES
 ('001A','Acme, Inc.','https://www.acme.com','005A','Customer','12000.00','USD','Pro','10','2026-09-03','United States',250,'cus_1',
  '2024-01-01 10:00:00','2026-06-01 00:00:00',false,'2026-06-29 01:00:00'),
 ('001B','Beta GmbH','beta.de','005B','Prospect',NULL,'EUR',NULL,NULL,NULL,'Germany',40,'cus_3',
  '2024-02-01 10:00:00','2026-05-01 00:00:00',false,'2026-06-29 01:00:00'),
 ('001D','Acme (old)','acme-old.com','005B','Customer','99','USD','Free','1','2026-01-01','France',1,NULL,
  '2023-01-01 10:00:00','2026-06-20 00:00:00',true,'2026-06-29 01:00:00'),
 ('001C','Gamma','gamma.io','005A','Customer',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2025-01-01 10:00:00',NULL,false,'2026-06-29 01:00:00'),
 (NULL,'No key',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,false,NULL),
 ('001C','Gamma twin','gamma.io','005A','Customer',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2025-01-01 10:00:00',NULL,false,'2026-06-28 01:00:00');
CREATE TABLE salesforce.user (id VARCHAR, name VARCHAR, email VARCHAR, _fivetran_synced TIMESTAMP);
INSERT INTO salesforce.user VALUES ('005A','Olga Owner','olga@vendor.com','2026-06-29 01:00:00'),('005B','Bert Boss','bert@vendor.com','2026-06-29 01:00:00');
CREATE TABLE salesforce.opportunity (id VARCHAR, account_id VARCHAR, amount DOUBLE PRECISION, is_won BOOLEAN, stage_name VARCHAR, _fivetran_synced TIMESTAMP);
INSERT INTO salesforce.opportunity VALUES ('006A','001A',12000,true,'Closed Won','2026-06-29 01:00:00'),('006C','001C',5000,true,'Closed Won','2026-06-29 01:00:00'),
 ('006B','001B',700,false,'Negotiation','2026-06-29 01:00:00');
CREATE SCHEMA stripe;
CREATE TABLE stripe.customer (id VARCHAR, name VARCHAR, email VARCHAR, address_country VARCHAR, currency VARCHAR, metadata VARCHAR, created TIMESTAMP,
  livemode BOOLEAN, _airbyte_extracted_at TIMESTAMP, _airbyte_meta VARCHAR);
INSERT INTO stripe.customer VALUES
 ('cus_1','ACME Incorporated','billing@acme.com','US','usd','{"account_owner":"zoe@vendor.com"}','2024-01-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('cus_2','Beta GmbH','ap@beta.de','FR','eur','{}','2024-02-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('cus_3','Beta Zwei','ap@gmail.com','DE','eur','{}','2024-03-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}');
CREATE TABLE stripe.product (id VARCHAR, name VARCHAR);
INSERT INTO stripe.product VALUES ('prod_pro','Pro'),('prod_team','Team');
CREATE TABLE stripe.price (id VARCHAR, product_id VARCHAR, nickname VARCHAR, currency VARCHAR, unit_amount BIGINT, recurring_interval VARCHAR, recurring_interval_count BIGINT);
INSERT INTO stripe.price VALUES ('price_pm','prod_pro','Pro monthly','usd',10000,'month',1),('price_ty','prod_team','Team yearly','eur',120000,'year',1),
 ('price_pe','prod_pro','Pro monthly EUR','eur',9000,'month',1);
CREATE TABLE stripe.subscription (id VARCHAR, customer_id VARCHAR, status VARCHAR, quantity BIGINT, start_date TIMESTAMP, ended_at TIMESTAMP,
  current_period_start TIMESTAMP, current_period_end TIMESTAMP, livemode BOOLEAN, _airbyte_extracted_at TIMESTAMP, _airbyte_meta VARCHAR);
INSERT INTO stripe.subscription VALUES
 ('sub_1','cus_1','active',NULL,'2024-01-05 00:00:00',NULL,'2026-06-05 00:00:00','2026-09-01 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('sub_2','cus_2','active',NULL,'2024-02-05 00:00:00',NULL,'2026-02-05 00:00:00','2027-02-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('sub_3','cus_1','canceled',3,'2023-01-05 00:00:00','2023-12-31 00:00:00','2023-12-05 00:00:00','2024-01-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 76}'),
 ('sub_t','cus_1','active',3,'2023-01-05 00:00:00',NULL,'2023-12-05 00:00:00','2024-01-05 00:00:00',false,'2026-06-29 02:00:00','{"sync_id": 76}');
CREATE TABLE stripe.subscription_item (id VARCHAR, subscription_id VARCHAR, plan_id VARCHAR, quantity BIGINT);
INSERT INTO stripe.subscription_item VALUES ('si_1','sub_1','price_pm',8),('si_2','sub_2','price_ty',3),('si_3','sub_3','price_pm',3),('si_t','sub_t','price_pm',9);
CREATE TABLE stripe.invoice (id VARCHAR, customer_id VARCHAR, subscription_id VARCHAR, number VARCHAR, status VARCHAR, total BIGINT, amount_due BIGINT, amount_paid BIGINT,
  currency VARCHAR, due_date TIMESTAMP, created VARCHAR, livemode BOOLEAN, _airbyte_extracted_at TIMESTAMP, _airbyte_meta VARCHAR);
INSERT INTO stripe.invoice VALUES
 ('in_1','cus_1','sub_1','A-1','open',80000,80000,0,'usd','2026-06-10 00:00:00','2026-05-10 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('in_2','cus_1','sub_1','A-2','paid',80000,80000,80000,'usd','2026-05-10 00:00:00','2026-04-10T00:00:00Z',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('in_3','cus_1','sub_1','A-3','open',30000,30000,10000,'usd','2026-06-12 00:00:00','soon',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('in_4','cus_9',NULL,'A-4','open',100,100,0,'usd','2026-06-12 00:00:00','2026-05-12',true,'2026-06-29 02:00:00','{"sync_id": 77}');
CREATE SCHEMA zendesk;
CREATE TABLE zendesk.organization (id BIGINT, name VARCHAR, created_at TIMESTAMP, updated_at TIMESTAMP, _fivetran_synced TIMESTAMP);
INSERT INTO zendesk.organization VALUES (10,'Acme','2024-03-01 00:00:00','2026-06-15 00:00:00','2026-06-29 03:00:00'),(20,'Beta','2024-03-01 00:00:00','2026-06-15 00:00:00','2026-06-29 03:00:00');
CREATE TABLE zendesk.domain_name (organization_id BIGINT, domain_name VARCHAR, index BIGINT);
INSERT INTO zendesk.domain_name VALUES (10,'acme.co.uk',0);
CREATE TABLE zendesk.user (id BIGINT, name VARCHAR, email VARCHAR, organization_id BIGINT, _fivetran_synced TIMESTAMP);
INSERT INTO zendesk.user VALUES (501,'Ann Able','Ann@acme.com',10,'2026-06-29 03:00:00');
CREATE TABLE zendesk.ticket (id BIGINT, organization_id BIGINT, requester_id BIGINT, status VARCHAR, priority VARCHAR, subject VARCHAR, created_at TIMESTAMP, satisfaction VARCHAR, _fivetran_synced TIMESTAMP);
INSERT INTO zendesk.ticket VALUES
 (1,10,501,'open','urgent','=cmd|''/c calc''!A1','2026-06-20 08:00:00',NULL,'2026-06-29 03:00:00'),
 (2,10,501,'solved','high','Slow','2026-05-20 08:00:00','good','2026-06-29 03:00:00'),
 (3,20,501,'pending','high','Wrong org','2026-01-02 08:00:00','bad','2026-06-29 03:00:00'),
 (4,NULL,NULL,'new',NULL,'Nobody','2026-06-21 08:00:00',NULL,'2026-06-29 03:00:00');
CREATE SCHEMA product;
CREATE TABLE product.groups (id VARCHAR, name VARCHAR, plan VARCHAR, seats BIGINT, received_at TIMESTAMP);
INSERT INTO product.groups VALUES ('g1','Acme','Team',10,'2026-06-30 00:00:00');
CREATE TABLE product.users (id VARCHAR, email VARCHAR, first_name VARCHAR, last_name VARCHAR, group_id VARCHAR, received_at TIMESTAMP);
INSERT INTO product.users VALUES ('u1','ann@acme.com','Ann','Able','g1','2026-06-30 00:00:00'),('u2','bob@acme.com','Bob','Best','g1','2026-06-30 00:00:00');
CREATE TABLE product.tracks (id VARCHAR, user_id VARCHAR, event VARCHAR, "timestamp" TIMESTAMP);
INSERT INTO product.tracks VALUES ('e1','u1','Opened','2026-06-30 09:00:00'),('e2','u1','Opened','2026-06-30 10:00:00'),('e3','u2','Opened','2026-06-25 10:00:00'),
 ('e4','u2','Opened','2026-06-10 10:00:00'),('e5','u2','Opened','2026-01-10 10:00:00'),('e6','stranger','Opened','2026-06-10 10:00:00'),('e7','u1','Opened',NULL)
"#;

fn source(id: &str, surface: Surface, system: &str, tables: Vec<TableEntry>) -> SourceEntry {
    let mut tables = tables;
    for table in &mut tables {
        table.name.schema = id.to_owned();
    }
    SourceEntry {
        id: SourceId::new(id),
        surface,
        schema: id.to_owned(),
        system: Some(system.to_owned()),
        confidence: 1.0,
        loader: None,
        tables,
    }
}

fn kind(warehouse: &dyn Warehouse, schema: &str, table: &str, column: &str) -> ColumnType {
    let tables = warehouse.tables(schema).unwrap();
    let shape = tables.iter().find(|shape| shape.name.table == table).unwrap();
    shape.columns.iter().find(|shape| shape.name == column).unwrap().kind
}

pub fn table(name: &str, role: Role, concepts: Concepts<'_>) -> TableEntry {
    let columns = concepts
        .iter()
        .map(|(column, property)| ColumnEntry {
            name: (*column).to_owned(),
            kind: ColumnType::Text,
            concept: (!property.is_empty()).then(|| format!("{role}.{property}")),
            origin: Some(Origin::CatalogName),
            confidence: 1.0,
            refers_to: (*column == "stripe_customer_id_c").then(|| "stripe".to_owned()),
            units_per_currency_unit: ["unit_amount", "total", "amount_due", "amount_paid"]
                .contains(column)
                .then_some(100),
            profile: ColumnProfile::default(),
        })
        .collect();
    let has = |name: &str| concepts.iter().any(|(column, _)| *column == name).then(|| name.to_owned());
    TableEntry {
        name: TableName::new("", name),
        role,
        system_table: Some(name.to_owned()),
        origin: Origin::CatalogName,
        confidence: 1.0,
        primary_key: vec!["id".to_owned()],
        version_column: None,
        synced_column: has("_fivetran_synced").or_else(|| has("_airbyte_extracted_at")).or_else(|| has("received_at")),
        sync_id_column: has("_airbyte_meta"),
        deleted_columns: has("is_deleted").into_iter().collect(),
        active_columns: Vec::new(),
        rows: 1,
        newest_sync: Some("2026-06-29 03:00:00".to_owned()),
        columns,
    }
}

/// The map of [`warehouse`].
pub fn map(warehouse: &dyn Warehouse) -> SourceMap {
    let mut domain_name =
        table("domain_name", Role::AccountDomain, &[("organization_id", "account_id"), ("domain_name", "domain")]);
    domain_name.primary_key = vec!["organization_id".to_owned(), "domain_name".to_owned()];
    let synced = ("_fivetran_synced", "");
    let (extracted, meta) = (("_airbyte_extracted_at", ""), ("_airbyte_meta", ""));
    let mut map = SourceMap {
        sources: vec![
            source(
                "product",
                Surface::Product,
                "segment",
                vec![
                    table(
                        "groups",
                        Role::Account,
                        &[("id", "id"), ("name", "name"), ("plan", "plan"), ("seats", "seats"), ("received_at", "")],
                    ),
                    table(
                        "tracks",
                        Role::Event,
                        &[("id", "id"), ("user_id", "person_id"), ("event", "name"), ("timestamp", "at")],
                    ),
                    table(
                        "users",
                        Role::Person,
                        &[
                            ("id", "id"),
                            ("email", "email"),
                            ("first_name", "given_name"),
                            ("last_name", "family_name"),
                            ("group_id", "account_id"),
                            ("received_at", ""),
                        ],
                    ),
                ],
            ),
            source(
                "salesforce",
                Surface::Crm,
                "salesforce",
                vec![
                    table(
                        "account",
                        Role::Account,
                        &[
                            ("id", "id"),
                            ("name", "name"),
                            ("website", "website"),
                            ("owner_id", "owner_id"),
                            ("type", "status"),
                            ("arr_c", "arr"),
                            ("currency_iso_code", "currency"),
                            ("plan_c", "plan"),
                            ("seats_c", "seats"),
                            ("renewal_c", "renewal_date"),
                            ("billing_country", "country"),
                            ("number_of_employees", "employees"),
                            ("stripe_customer_id_c", "external_id"),
                            ("created_date", "created_at"),
                            ("last_modified_date", "updated_at"),
                            ("is_deleted", "deleted"),
                            synced,
                        ],
                    ),
                    table(
                        "opportunity",
                        Role::Opportunity,
                        &[
                            ("id", "id"),
                            ("account_id", "account_id"),
                            ("amount", "amount"),
                            ("is_won", "is_won"),
                            ("stage_name", "stage"),
                            synced,
                        ],
                    ),
                    table("user", Role::Owner, &[("id", "id"), ("name", "name"), ("email", "email"), synced]),
                ],
            ),
            source(
                "stripe",
                Surface::Billing,
                "stripe",
                vec![
                    table(
                        "customer",
                        Role::Account,
                        &[
                            ("id", "id"),
                            ("name", "name"),
                            ("email", "email"),
                            ("address_country", "country"),
                            ("currency", "currency"),
                            ("metadata", "metadata"),
                            ("created", "created_at"),
                            ("livemode", "live_mode"),
                            extracted,
                            meta,
                        ],
                    ),
                    table(
                        "invoice",
                        Role::Invoice,
                        &[
                            ("id", "id"),
                            ("customer_id", "account_id"),
                            ("subscription_id", "subscription_id"),
                            ("number", "number"),
                            ("status", "status"),
                            ("total", "amount"),
                            ("amount_due", "amount_due"),
                            ("amount_paid", "amount_paid"),
                            ("currency", "currency"),
                            ("due_date", "due_at"),
                            ("created", "created_at"),
                            ("livemode", "live_mode"),
                            extracted,
                            meta,
                        ],
                    ),
                    table(
                        "price",
                        Role::Price,
                        &[
                            ("id", "id"),
                            ("product_id", "product_id"),
                            ("nickname", "name"),
                            ("currency", "currency"),
                            ("unit_amount", "amount"),
                            ("recurring_interval", "interval"),
                            ("recurring_interval_count", "interval_count"),
                        ],
                    ),
                    table("product", Role::Product, &[("id", "id"), ("name", "name")]),
                    table(
                        "subscription",
                        Role::Subscription,
                        &[
                            ("id", "id"),
                            ("customer_id", "account_id"),
                            ("status", "status"),
                            ("quantity", "quantity"),
                            ("start_date", "started_at"),
                            ("ended_at", "ended_at"),
                            ("current_period_start", "period_start"),
                            ("current_period_end", "period_end"),
                            ("livemode", "live_mode"),
                            extracted,
                            meta,
                        ],
                    ),
                    table(
                        "subscription_item",
                        Role::SubscriptionItem,
                        &[
                            ("id", "id"),
                            ("subscription_id", "subscription_id"),
                            ("plan_id", "price_id"),
                            ("quantity", "quantity"),
                        ],
                    ),
                ],
            ),
            source(
                "zendesk",
                Surface::Support,
                "zendesk",
                vec![
                    domain_name,
                    table(
                        "organization",
                        Role::Account,
                        &[
                            ("id", "id"),
                            ("name", "name"),
                            ("created_at", "created_at"),
                            ("updated_at", "updated_at"),
                            synced,
                        ],
                    ),
                    table(
                        "ticket",
                        Role::Ticket,
                        &[
                            ("id", "id"),
                            ("organization_id", "account_id"),
                            ("requester_id", "person_id"),
                            ("status", "status"),
                            ("priority", "priority"),
                            ("subject", "subject"),
                            ("created_at", "created_at"),
                            ("satisfaction", "satisfaction"),
                            synced,
                        ],
                    ),
                    table(
                        "user",
                        Role::Person,
                        &[
                            ("id", "id"),
                            ("name", "name"),
                            ("email", "email"),
                            ("organization_id", "account_id"),
                            synced,
                        ],
                    ),
                ],
            ),
        ],
    };
    for source in &mut map.sources {
        for table in &mut source.tables {
            for column in &mut table.columns {
                column.kind = kind(warehouse, &source.schema, &table.name.table, &column.name);
            }
            let count = format!("SELECT COUNT(*) FROM {}", warehouse.dialect().table(&table.name));
            table.rows = warehouse.query(&count, &[]).unwrap().integer(0, 0).unwrap() as u64;
        }
    }
    map
}

/// The graph of [`warehouse`].
pub fn graph() -> EntityGraph {
    let record = |text: &str| {
        let (source, rest) = text.split_once('.').unwrap();
        let (table, pk) = rest.split_once(':').unwrap();
        RecordKey::new(source, table, pk)
    };
    let mut graph = EntityGraph::default();
    let mut entity = |id: &str, kind: EntityKind, label: &str, members: &[&str]| {
        let members: Vec<RecordKey> = members.iter().map(|text| record(text)).collect();
        for member in &members {
            graph.links.push(Link {
                entity: EntityId::new(id),
                kind,
                record: member.clone(),
                rule: "match".to_owned(),
                weight: Some(12.5),
                decided_by: "engine".to_owned(),
            });
        }
        graph.entities.push(Entity { id: EntityId::new(id), kind, label: label.to_owned(), members });
    };
    entity(
        "acc_acme",
        EntityKind::Account,
        "Acme",
        &[
            "product.groups:g1",
            "salesforce.account:001A",
            "salesforce.account:001D",
            "stripe.customer:cus_1",
            "zendesk.organization:10",
        ],
    );
    entity(
        "acc_beta",
        EntityKind::Account,
        "Beta",
        &["salesforce.account:001B", "stripe.customer:cus_2", "zendesk.organization:20"],
    );
    entity("acc_gamma", EntityKind::Account, "Gamma", &["salesforce.account:001C"]);
    entity("acc_zwei", EntityKind::Account, "Beta Zwei", &["stripe.customer:cus_3"]);
    entity("per_ann", EntityKind::Person, "Ann Able", &["product.users:u1", "zendesk.user:501"]);
    entity("per_bob", EntityKind::Person, "Bob Best", &["product.users:u2"]);
    let mut relate = |text: &str, relation: &str, id: &str| {
        graph.relations.push(Relation {
            record: record(text),
            relation: relation.to_owned(),
            entity: EntityId::new(id),
            rule: "foreign_key".to_owned(),
            weight: None,
        });
    };
    for user in ["product.users:u1", "product.users:u2", "zendesk.user:501"] {
        relate(user, "user_of_account", "acc_acme");
    }
    for (subscription, id) in
        [("sub_1", "acc_acme"), ("sub_2", "acc_beta"), ("sub_3", "acc_acme"), ("sub_t", "acc_acme")]
    {
        relate(&format!("stripe.subscription:{subscription}"), "subscription_of_account", id);
    }
    for invoice in ["in_1", "in_2", "in_3"] {
        relate(&format!("stripe.invoice:{invoice}"), "invoice_of_account", "acc_acme");
    }
    for ticket in ["1", "2", "3"] {
        relate(&format!("zendesk.ticket:{ticket}"), "ticket_of_account", "acc_acme");
        relate(&format!("zendesk.ticket:{ticket}"), "ticket_of_person", "per_ann");
    }
    for (opportunity, id) in [("006A", "acc_acme"), ("006B", "acc_beta"), ("006C", "acc_gamma")] {
        relate(&format!("salesforce.opportunity:{opportunity}"), "opportunity_of_account", id);
    }
    graph.hierarchy.push(HierarchyEdge {
        child: EntityId::new("acc_zwei"),
        parent: EntityId::new("acc_beta"),
        relation: "child_of".to_owned(),
        basis: "by hand".to_owned(),
    });
    graph
}

/// Builds the model over a warehouse.
pub fn build<'a>(
    warehouse: &'a dyn Warehouse,
    map: &'a SourceMap,
    graph: &'a EntityGraph,
    config: &'a Config,
) -> Model<'a> {
    let input = ModelInput { warehouse, map, graph, config, as_of: AS_OF.parse().unwrap(), run_id: RUN };
    fourfold::model::build(&input, &Silent, &CancelToken::new()).unwrap()
}

/// Builds and publishes the fixture.
pub fn published(warehouse: &dyn Warehouse, config: &Config) {
    let (map, graph) = (map(warehouse), graph());
    let model = build(warehouse, &map, &graph, config);
    publish(warehouse, &model, &graph, &map);
}

/// Publishes a model.
pub fn publish(warehouse: &dyn Warehouse, model: &Model<'_>, graph: &EntityGraph, map: &SourceMap) {
    let input = fourfold::model::publish::PublishInput {
        warehouse,
        schema: "fourfold",
        model,
        graph,
        chart_conflicts: &[],
        map,
        run_id: RUN,
        started: AS_OF.parse().unwrap(),
        as_of: AS_OF.parse().unwrap(),
    };
    fourfold::model::publish::publish(&input, &Silent, &CancelToken::new()).unwrap();
}

/// One cell of the first row of a query, as text.
pub fn one(warehouse: &dyn Warehouse, sql: &str) -> Option<String> {
    let rows = warehouse.query(sql, &[]).unwrap();
    rows.text(0, 0).map(str::to_owned)
}

/// A field of an account, as text.
pub fn field(warehouse: &dyn Warehouse, entity: &str, field: &str) -> Option<String> {
    let text = warehouse.dialect().text(&warehouse.dialect().quote(field));
    one(warehouse, &format!("SELECT {text} FROM fourfold.accounts WHERE entity_id = '{entity}'"))
}
