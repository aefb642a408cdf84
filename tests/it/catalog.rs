//! Does the catalog hold together, and does it know its systems again however their tables come?

use std::collections::BTreeSet;

use fourfold::catalog::dictionary::dictionary;
use fourfold::catalog::loaders::{loader_of, log_of};
use fourfold::catalog::names::{compact, singular, table_forms, words};
use fourfold::catalog::{Catalog, Hints, KnownTable, Look, Recognition, Role, System, recognise, shipped};
use fourfold::ident::Surface;
use proptest::prelude::*;

fn catalog() -> &'static Catalog {
    shipped().unwrap()
}

fn known(hints: &Hints<'_>, tables: &[Look]) -> Recognition {
    recognise(catalog(), hints, tables).unwrap()
}

fn look(name: &str, columns: &[&str]) -> Look {
    Look { name: name.to_owned(), columns: columns.iter().map(|column| (*column).to_owned()).collect() }
}

/// Every table of a system with all of its columns, under a name made from its own.
fn whole(system: &System, name: impl Fn(&KnownTable) -> String) -> Vec<Look> {
    system
        .tables
        .iter()
        .filter(|table| table.name != "event_table")
        .map(|table| {
            let mut columns: Vec<String> = table.columns().map(str::to_owned).collect();
            for column in table.requires.iter().chain(&table.version_column) {
                if !columns.contains(column) {
                    columns.push(column.clone());
                }
            }
            Look { name: name(table), columns }
        })
        .collect()
}

#[test]
fn every_file_is_read_and_holds_together() {
    let names: Vec<&str> = catalog().systems.iter().map(|system| system.system.as_str()).collect();
    for name in [
        "salesforce",
        "hubspot",
        "stripe",
        "zendesk",
        "intercom",
        "segment",
        "rudderstack",
        "zuora",
        "recurly",
        "pendo",
        "amplitude",
        "mixpanel",
    ] {
        assert!(names.contains(&name), "{name} is missing");
    }
    for system in &catalog().systems {
        let tables: BTreeSet<&str> = system.tables.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(tables.len(), system.tables.len(), "{} names a table twice", system.system);
        for table in system.tables.iter().filter(|table| table.role != Role::Other) {
            assert!(!table.primary_key.is_empty(), "{}.{} has no key", system.system, table.name);
            assert!(!table.grain.is_empty());
        }
    }
    for loader in ["fivetran", "airbyte", "dlt", "stitch", "segment", "snowplow"] {
        assert!(catalog().loader(loader).is_some(), "{loader} is missing");
    }
    assert!(dictionary().unwrap().of(Role::Account).is_some());
}

#[test]
fn amounts_of_stripe_count_cents() {
    let stripe = catalog().system("stripe").unwrap();
    let invoice = stripe.tables.iter().find(|table| table.name == "invoice").unwrap();
    assert_eq!(invoice.units.get("total"), Some(&100));
    assert!(stripe.zero_decimal_currencies.iter().any(|code| code == "JPY"));
    let zuora = catalog().system("zuora").unwrap();
    assert!(zuora.tables.iter().all(|table| table.units.is_empty()));
}

#[test]
fn names_are_compared_without_what_stands_around_them() {
    assert_eq!(compact("MasterRecord_Id"), "masterrecordid");
    assert_eq!(words("sf_AccountData2"), ["sf", "account", "data2"]);
    assert_eq!(singular("companies"), "company");
    assert_eq!(singular("status"), "status");
    assert_eq!(singular("addresses"), "address");
    let noise = vec!["sf".to_owned(), "stripe".to_owned()];
    assert!(table_forms("sf_account_data", &noise).contains(&"account".to_owned()));
    assert!(table_forms("stg_stripe__customers", &noise).contains(&"customer".to_owned()));
    assert!(table_forms("company_data_databricks", &[]).contains(&"company".to_owned()));
    assert!(table_forms("user_20260105", &[]).contains(&"user".to_owned()));
}

#[test]
fn every_system_is_known_by_the_names_of_its_tables() {
    for system in catalog().systems.iter().filter(|system| system.system != "rudderstack") {
        let tables = whole(system, |table| format!("{}_data", table.name));
        let found = known(&Hints { names: vec![&system.system], ..Hints::default() }, &tables);
        assert_eq!(found.system.unwrap().system, system.system);
        for (table, matched) in tables.iter().zip(&found.tables) {
            let matched = matched.as_ref().unwrap_or_else(|| panic!("{}.{} is lost", system.system, table.name));
            assert_eq!(format!("{}_data", matched.known.name), table.name, "of {}", system.system);
        }
    }
}

#[test]
fn every_system_is_known_by_its_columns_alone() {
    for system in catalog().systems.iter().filter(|system| system.system != "rudderstack") {
        let mut number = 0;
        let tables: Vec<Look> = whole(system, |table| table.name.clone())
            .into_iter()
            .map(|table| {
                number += 1;
                Look { name: format!("t{number}"), ..table }
            })
            .collect();
        let found = known(&Hints { names: vec!["s"], ..Hints::default() }, &tables);
        assert_eq!(found.system.map(|system| system.system.as_str()), Some(system.system.as_str()));
        for (own, matched) in system.tables.iter().filter(|table| table.name != "event_table").zip(&found.tables) {
            // A history and its table differ by the loader's columns alone, which are not in the catalog; pages and
            // screens of an event stream are alike.
            if own.role == Role::Other || own.stands_behind.is_some() || own.role == Role::Event {
                continue;
            }
            let matched = matched.as_ref().unwrap_or_else(|| panic!("{}.{} is lost", system.system, own.name));
            assert!(
                matched.known.role == own.role,
                "{}.{} was taken for {}",
                system.system,
                own.name,
                matched.known.name
            );
        }
    }
}

#[test]
fn writing_in_camel_case_and_custom_columns_do_no_harm() {
    let tables = [
        look(
            "Account",
            &[
                "Id",
                "Name",
                "Website",
                "MasterRecordId",
                "ParentId",
                "OwnerId",
                "IsDeleted",
                "BillingCity",
                "BillingCountry",
                "NumberOfEmployees",
                "Stripe_Customer_Id__c",
                "ARR__c",
            ],
        ),
        look(
            "Contact",
            &["Id", "AccountId", "Email", "FirstName", "LastName", "MailingCity", "ReportsToId", "Score__c"],
        ),
        look("Opportunity", &["Id", "AccountId", "StageName", "Amount", "CloseDate", "IsWon", "ForecastCategory"]),
    ];
    let found = known(&Hints { names: vec!["crm"], ..Hints::default() }, &tables);
    assert_eq!(found.system.unwrap().system, "salesforce");
    let roles: Vec<Role> = found.tables.iter().map(|table| table.as_ref().unwrap().known.role).collect();
    assert_eq!(roles, [Role::Account, Role::Person, Role::Opportunity]);
    let account = found.tables[0].as_ref().unwrap();
    assert_eq!(account.columns.get(&3).map(String::as_str), Some("master_record_id"));
}

#[test]
fn common_tables_are_claimed_for_no_system() {
    let shop = [
        look("customers", &["id", "name", "email", "created_at", "phone"]),
        look("invoices", &["id", "customer_id", "total", "status", "currency", "created_at"]),
        look("subscriptions", &["id", "customer_id", "plan", "status"]),
        look("users", &["id", "workspace_id", "email", "name", "role", "created_at"]),
    ];
    assert!(known(&Hints { names: vec!["backend"], ..Hints::default() }, &shop).system.is_none());
    let german =
        [look("kunden", &["id", "firma", "webseite", "umsatz"]), look("rechnungen", &["id", "kunden_id", "betrag"])];
    assert!(known(&Hints { names: vec!["erp"], ..Hints::default() }, &german).system.is_none());
    assert!(known(&Hints::default(), &[]).system.is_none());
}

#[test]
fn what_a_person_states_rules() {
    let tables = [look("customers", &["id", "name", "email"])];
    let found = known(&Hints { names: vec!["x"], surface: None, system: Some("stripe") }, &tables);
    assert_eq!(found.system.unwrap().system, "stripe");
    assert_eq!(found.tables[0].as_ref().unwrap().known.name, "customer");
    let hints = Hints { names: vec!["x"], surface: Some(Surface::Billing), system: Some("strype") };
    let error = recognise(catalog(), &hints, &tables).unwrap_err();
    assert!(error.message.contains("strype") && error.hints.iter().any(|hint| hint.contains("stripe")));
}

#[test]
fn loaders_are_known_by_their_marks() {
    let of = |columns: &[&str]| loader_of(catalog(), &[look("t", columns)]).map(|loader| loader.name.as_str());
    assert_eq!(of(&["id", "_fivetran_synced"]), Some("fivetran"));
    assert_eq!(of(&["id", "_airbyte_raw_id", "_airbyte_meta"]), Some("airbyte"));
    assert_eq!(of(&["id", "_dlt_load_id"]), Some("dlt"));
    assert_eq!(of(&["id", "_SDC_BATCHED_AT"]), Some("stitch"));
    assert_eq!(of(&["id", "received_at", "uuid_ts"]), Some("segment"));
    assert_eq!(of(&["id", "received_at"]), None);
    let log = look("_dlt_loads", &["load_id", "schema_name", "status", "inserted_at"]);
    assert_eq!(log_of(catalog(), &log).map(|(loader, _)| loader.name.as_str()), Some("dlt"));
    assert!(log_of(catalog(), &look("log", &["id", "text"])).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Three in four columns of every table that matters, behind a prefix, with columns of the team's own, in another order.
    #[test]
    fn cut_down_and_changed_tables_are_known(system in 0_usize..12, seed in 0_u64..1000, prefixed: bool) {
        let system = &catalog().systems[system];
        if system.system == "rudderstack" {
            return Ok(());
        }
        let kept = |column: &str, required: bool| {
            let hash = fourfold::ident::short_hash(&format!("{seed}{column}"));
            required || u8::from_str_radix(&hash[..2], 16).unwrap() >= 64
        };
        let tables: Vec<Look> = system
            .tables
            .iter()
            .filter(|table| table.role != Role::Other && table.name != "event_table")
            .map(|table| {
                let needed = |column: &str| table.requires.iter().chain(&table.primary_key).any(|own| own == column);
                let mut columns: Vec<String> = table
                    .columns()
                    .filter(|column| kept(column, needed(column)))
                    .map(|column| if prefixed { format!("x9_{column}") } else { column.to_owned() })
                    .collect();
                columns.extend(table.requires.iter().filter(|column| column.starts_with('_')).cloned());
                columns.reverse();
                columns.push("our_own_note".to_owned());
                Look { name: format!("{}_extract", table.name), columns }
            })
            .collect();
        let found = known(&Hints { names: vec!["s"], ..Hints::default() }, &tables);
        prop_assert_eq!(found.system.map(|found| found.system.as_str()), Some(system.system.as_str()));
        // A key alone behind a prefix says nothing.
        let telling = |table: &&Look| table.columns.iter().filter(|column| *column != "our_own_note").count() > 1;
        for (table, matched) in tables.iter().zip(&found.tables).filter(|(table, _)| telling(table)) {
            let own = table.name.strip_suffix("_extract").unwrap();
            let role = system.tables.iter().find(|table| table.name == own).unwrap().role;
            prop_assert_eq!(matched.as_ref().map(|matched| matched.known.role), Some(role), "{}", &table.name);
        }
    }

    /// Any name and any columns: an answer, never a panic.
    #[test]
    fn nothing_can_break_recognition(names in prop::collection::vec(".{0,20}", 0..6), name in ".{0,20}") {
        let tables = vec![Look { name: name.clone(), columns: names.clone() }, Look { name: names.concat(), columns: vec![] }];
        let _ = known(&Hints { names: vec![&name], ..Hints::default() }, &tables);
        for text in &names {
            let _ = (compact(text), words(text), singular(text), table_forms(text, &names));
        }
    }
}
