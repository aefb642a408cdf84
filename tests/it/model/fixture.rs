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
        // A table has no order of its own.
        lines.sort();
        out.push_str(&format!("{}\n{}\n", table.name, lines.join("\n")));
    }
    out
}

pub fn run(warehouse: &dyn Warehouse, sql: &str) {
    for statement in sql.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        warehouse.execute(statement, &[]).unwrap();
    }
}

const SQL: &str = include_str!("sources.sql");

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
                            ("annual_revenue", "annual_revenue"),
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
                            ("is_closed", "is_closed"),
                            ("close_date", "closed_at"),
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
                            ("paid_at", "paid_at"),
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
                            ("cancel_at", "cancel_at"),
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
                            ("solved_at", "solved_at"),
                            ("assignee_id", "assignee_id"),
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
