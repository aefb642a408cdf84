//! How deep does a walk go: pages, round trips, links, feeds?

use std::sync::atomic::{AtomicU32, Ordering};

use duckdb::arrow::record_batch::RecordBatch;
use fourfold::config::Config;
use fourfold::error::Result;
use fourfold::model::feeds;
use fourfold::model::trace::{TraceRequest, trace, walk};
use fourfold::warehouse::{BatchSink, Canceller, Column, Dialect, TableName, TableShape, Value, Warehouse};

use super::fixture::{load, published, run, warehouse};
use crate::support::engines::both;

/// A warehouse that counts how often it is asked.
struct Counting<'a> {
    inner: &'a dyn Warehouse,
    asked: AtomicU32,
}

impl Counting<'_> {
    fn count(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }
}

impl Warehouse for Counting<'_> {
    fn describe(&self) -> String {
        self.inner.describe()
    }

    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        self.count();
        self.inner.execute(sql, values)
    }

    fn transaction(&self, statements: &[String]) -> Result<()> {
        self.count();
        self.inner.transaction(statements)
    }

    fn stream(&self, sql: &str, values: &[Value], sink: BatchSink<'_>) -> Result<()> {
        self.count();
        self.inner.stream(sql, values, sink)
    }

    fn load(
        &self,
        table: &TableName,
        columns: &[Column],
        batches: &mut dyn Iterator<Item = Result<RecordBatch>>,
    ) -> Result<u64> {
        self.count();
        self.inner.load(table, columns, batches)
    }

    fn schemas(&self) -> Result<Vec<String>> {
        self.count();
        self.inner.schemas()
    }

    fn tables(&self, schema: &str) -> Result<Vec<TableShape>> {
        self.count();
        self.inner.tables(schema)
    }

    fn canceller(&self) -> Canceller {
        self.inner.canceller()
    }
}

#[test]
fn every_walk_takes_three_round_trips_at_most_on_every_engine() {
    for warehouse in both() {
        load(warehouse.as_ref());
        published(warehouse.as_ref(), &Config::default());
        let columns = warehouse
            .query("SELECT model_table, field FROM fourfold.model_columns WHERE model_table IN ('accounts', 'people', 'invoices')", &[])
            .unwrap();
        for row in 0..columns.len() {
            let (table, field) = (columns.text(row, 0).unwrap(), columns.text(row, 1).unwrap());
            let entity = match table {
                "accounts" => "Acme, Inc.",
                "people" => "person:per_ann",
                _ => "invoice:stripe:in_1",
            };
            let counting = Counting { inner: warehouse.as_ref(), asked: AtomicU32::new(0) };
            let walked = trace(&counting, "fourfold", entity, field).unwrap();
            let asked = counting.asked.load(Ordering::Relaxed);
            assert!(asked <= 3, "{table}.{field} asked {asked} times");
            assert_eq!(walked.round_trips, asked, "{table}.{field}");
        }
    }
}

#[test]
fn contributing_rows_come_in_pages_by_what_they_contribute() {
    let warehouse = warehouse();
    for number in 0..250 {
        run(
            &warehouse,
            &format!(
                "INSERT INTO stripe.invoice (id, customer_id, number, status, total, amount_due, amount_paid, currency, due_date, created, livemode) \
                 VALUES ('in_x{number:03}', 'cus_1', 'X', 'open', {cents}, {cents}, 0, 'usd', '2026-06-01 00:00:00', '2026-05-01 00:00:00', true)",
                cents = 100 * (number + 1)
            ),
        );
    }
    let (map, mut graph) = (super::fixture::map(&warehouse), super::fixture::graph());
    for number in 0..250 {
        graph.relations.push(fourfold::resolve::graph::Relation {
            record: fourfold::ident::RecordKey::new("stripe", "invoice", format!("in_x{number:03}")),
            relation: "invoice_of_account".to_owned(),
            entity: fourfold::ident::EntityId::new("acc_acme"),
            rule: "foreign_key".to_owned(),
            weight: None,
        });
    }
    let config = Config::default();
    let model = super::fixture::build(&warehouse, &map, &graph, &config);
    super::fixture::publish(&warehouse, &model, &graph, &map);
    let page = |offset: u64| {
        let request = TraceRequest { offset, limit: 100, ..TraceRequest::new("acc_acme", "overdue_amount") };
        walk(&warehouse, "fourfold", &request).unwrap()
    };
    let first = page(0);
    assert_eq!((first.parts.len(), first.part_count), (100, 252));
    let amounts: Vec<f64> =
        first.parts.iter().map(|part| part.contribution.as_deref().unwrap().parse().unwrap()).collect();
    assert!((amounts[0] - 800.0).abs() < 1e-9, "the largest first");
    assert!(amounts.windows(2).all(|pair| pair[0] >= pair[1]));
    assert_eq!(first.parts[0].related_by.as_deref(), Some("invoice_of_account by foreign_key"));
    let check = first.check.unwrap();
    assert!(
        check.agrees && check.how == "sum of 252 contributions",
        "all rows are added up, not those on the page: {check:?}"
    );
    let last = page(200);
    assert_eq!((last.parts.len(), last.part_offset), (52, 200));
    assert!(!first.parts.iter().any(|part| last.parts.contains(part)));
    assert!(page(1000).parts.is_empty());
    // What is stored no longer adds up: the walk says so.
    run(&warehouse, "UPDATE fourfold.accounts SET overdue_amount = 1 WHERE entity_id = 'acc_acme'");
    let broken = page(0).check.unwrap();
    assert_eq!((broken.agrees, broken.field_holds.as_str()), (false, "1.000000"));
}

#[test]
fn links_pairs_conflicts_and_feeds_belong_to_the_field() {
    let warehouse = warehouse();
    let (map, mut graph, config) = (super::fixture::map(&warehouse), super::fixture::graph(), Config::default());
    let key = fourfold::ident::PairKey::new(
        fourfold::ident::RecordKey::new("salesforce", "account", "001A"),
        fourfold::ident::RecordKey::new("stripe", "customer", "cus_1"),
    );
    let bars = [("prior", -8.0), ("domain", 14.5)]
        .map(|(comparison, weight)| fourfold::resolve::waterfall::Bar {
            comparison: comparison.to_owned(),
            left: String::new(),
            right: String::new(),
            level: "same".to_owned(),
            weight,
        })
        .to_vec();
    graph.pairs.push(fourfold::resolve::graph::CandidatePair {
        key,
        kind: fourfold::ident::EntityKind::Account,
        weight: 6.5,
        probability: 0.99,
        status: fourfold::resolve::graph::PairStatus::Matched,
        rule: "domain".to_owned(),
        waterfall: fourfold::resolve::waterfall::Waterfall { bars },
        fields: Vec::new(),
    });
    let model = super::fixture::build(&warehouse, &map, &graph, &config);
    super::fixture::publish(&warehouse, &model, &graph, &map);
    let walked = trace(&warehouse, "fourfold", "acc_acme", "arr").unwrap();
    assert_eq!(walked.pairs.len(), 1);
    assert!((walked.pairs[0].waterfall.weight() - walked.pairs[0].weight).abs() < 1e-9);
    assert_eq!(walked.pairs[0].left, "salesforce.account:001A");
    assert_eq!(
        walked.conflicts.iter().map(|conflict| conflict.kind.as_str()).collect::<Vec<_>>(),
        ["amount_disagreement"]
    );
    assert!(walked.feeds.iter().any(|feed| feed.name == "accounts.arr_reporting"));
    for field in ["subscriptions.arr", "subscriptions.is_live", "subscriptions.currency"] {
        assert!(walked.made_of.iter().any(|known| known == field), "{:?}", walked.made_of);
    }
    let name = trace(&warehouse, "fourfold", "acc_acme", "name").unwrap();
    assert!(name.conflicts.is_empty());
    let invoice = trace(&warehouse, "fourfold", "invoice:stripe:in_1", "amount").unwrap();
    assert_eq!(invoice.links[0].rule, "invoice_of_account acc_acme by foreign_key");
}

#[test]
fn the_table_of_feeds_names_only_fields_that_exist() {
    let warehouse = warehouse();
    published(&warehouse, &Config::default());
    let rows = warehouse.query("SELECT model_table || '.' || field FROM fourfold.model_columns", &[]).unwrap();
    let known: Vec<&str> = (0..rows.len()).filter_map(|row| rows.text(row, 0)).collect();
    for name in feeds::named() {
        assert!(known.contains(&name), "{name} is no field");
    }
}

#[test]
fn lineage_leaves_as_openlineage() {
    for warehouse in both() {
        load(warehouse.as_ref());
        published(warehouse.as_ref(), &Config::default());
        let event = fourfold::model::openlineage::event(warehouse.as_ref(), "fourfold", &[]).unwrap();
        valid(&event);
        let outputs = event["outputs"].as_array().unwrap();
        assert_eq!(outputs.len(), 6);
        let accounts = outputs.iter().find(|output| output["name"] == "fourfold.accounts").unwrap();
        let fields = &accounts["facets"]["columnLineage"]["fields"];
        let arr = fields["arr"]["inputFields"].as_array().unwrap();
        assert!(arr.iter().any(|input| input["name"] == "stripe.subscription"), "{arr:?}");
        let name = &fields["name"]["inputFields"][0];
        assert_eq!((name["name"].as_str(), name["field"].as_str()), (Some("salesforce.account"), Some("name")));
        assert_eq!(name["transformations"][0]["subtype"], "IDENTITY");
        assert!(event["inputs"].as_array().unwrap().iter().any(|input| input["name"] == "stripe.customer"));
        let walked = trace(warehouse.as_ref(), "fourfold", "acc_acme", "arr").unwrap();
        let one =
            fourfold::model::openlineage::of_trace(&walked, "fourfold", "duckdb://x", &|source| source.to_owned());
        valid(&one);
        assert_eq!(one["outputs"][0]["facets"]["columnLineage"]["fields"].as_object().unwrap().len(), 1);
    }
}

/// What the JSON schemas of OpenLineage 2-0-2 and of the facet `columnLineage` 1-2-0 demand.
fn valid(event: &serde_json::Value) {
    let text = |value: &serde_json::Value, name: &str| {
        value[name].as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("{name} in {value}")).to_owned()
    };
    assert!(["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"].contains(&text(event, "eventType").as_str()));
    text(event, "eventTime").parse::<jiff::Timestamp>().unwrap();
    assert!(text(event, "producer").starts_with("https://"));
    assert!(text(event, "schemaURL").contains("/OpenLineage.json#/$defs/RunEvent"));
    let id = text(&event["run"], "runId");
    let groups: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12], "{id} is a UUID");
    assert!(id.chars().all(|digit| digit == '-' || digit.is_ascii_hexdigit()));
    text(&event["job"], "namespace");
    text(&event["job"], "name");
    for dataset in event["inputs"].as_array().unwrap().iter().chain(event["outputs"].as_array().unwrap()) {
        text(dataset, "namespace");
        text(dataset, "name");
        for facet in dataset["facets"].as_object().into_iter().flat_map(|facets| facets.values()) {
            assert!(text(facet, "_producer").starts_with("https://"));
            assert!(text(facet, "_schemaURL").starts_with("https://openlineage.io/spec/facets/"));
        }
        let Some(fields) = dataset["facets"]["columnLineage"]["fields"].as_object() else { continue };
        for (name, field) in fields {
            let inputs = field["inputFields"].as_array().unwrap_or_else(|| panic!("inputFields of {name}"));
            assert!(!inputs.is_empty(), "{name}");
            for input in inputs {
                for member in ["namespace", "name"] {
                    text(input, member);
                }
                assert!(input["field"].is_string());
                for transformation in input["transformations"].as_array().unwrap() {
                    assert!(["DIRECT", "INDIRECT"].contains(&text(transformation, "type").as_str()));
                    text(transformation, "subtype");
                    assert!(transformation["masking"].is_boolean());
                }
            }
        }
    }
}
