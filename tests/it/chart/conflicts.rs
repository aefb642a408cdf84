//! Is every disagreement that shows in the sources named, and nothing else?

use fourfold::chart::conflict::Conflict;
use fourfold::chart::kinds::{self, Finder};
use fourfold::chart::{Chart, interview};
use fourfold::ident::Surface;

use super::world::World;

const SALESFORCE: &str = "CREATE TABLE salesforce.account (id VARCHAR, name VARCHAR, website VARCHAR, is_deleted BOOLEAN, master_record_id VARCHAR, \
     parent_id VARCHAR, account_number VARCHAR, legacy_crm_id_c VARCHAR, arr_c DOUBLE, currency_iso_code VARCHAR, stripe_customer_id_c VARCHAR, \
     created_date TIMESTAMP, number_of_employees BIGINT, photo_url VARCHAR, _fivetran_synced TIMESTAMP)";

/// Salesforce, Stripe, Zendesk and the product, with one of each disagreement.
fn company() -> World {
    let mut world = World::new();
    world.config.own_domains = vec!["vendor.io".to_owned()];
    world
        .source("salesforce", Surface::Crm)
        .source("stripe", Surface::Billing)
        .source("zendesk", Surface::Support)
        .source("product", Surface::Product);
    world.sql(SALESFORCE);
    // Thirty ordinary accounts, and some that are not.
    world.sql(
        "INSERT INTO salesforce.account SELECT '0015g00000' || lpad(i::VARCHAR, 5, 'Z') || 'AAA', 'Company ' || chr((65 + i // 5)::INTEGER) || chr((97 + i)::INTEGER) , \
         'company' || i || '.com', false, NULL, NULL, '00' || (1000 + i), 'OLD-' || i, 1000.0 * i, 'EUR', NULL, TIMESTAMP '2023-01-01 00:00:00', 10, NULL, \
         TIMESTAMP '2026-01-05 03:00:00' FROM range(0, 25) AS r(i)",
    );
    world.sql(
        "INSERT INTO salesforce.account (id, name, website, is_deleted, master_record_id, arr_c, currency_iso_code, created_date, stripe_customer_id_c) VALUES \
         ('0015g00000TWINAAAA', 'Northwind Traders Inc.', 'https://www.northwind.com', false, NULL, 5000, 'EUR', '2023-02-01', NULL), \
         ('0015g00000TWINBAAA', 'Northwind Traders', 'northwind.com/home', false, NULL, 700, 'EUR', '2023-02-02', NULL), \
         ('0015g00000DEADAAAA', 'Northwind (old)', NULL, true, '0015g00000TWINAAAA', NULL, 'EUR', '2023-02-03', NULL), \
         ('0015g00000SUBDEAAA', 'Northwind Traders Deutschland', 'northwind.com', false, NULL, NULL, 'EUR', '2023-02-03', NULL), \
         ('0015g00000VENDRAAA', 'Vendor HQ', 'vendor.io', false, NULL, NULL, 'EUR', '2023-02-04', NULL), \
         ('0015g00000TESTXAAA', 'TEST - do not use', NULL, false, NULL, NULL, 'EUR', '2023-02-04', 'cus_NOTTHERE00001')",
    );
    world.sql(
        "CREATE TABLE salesforce.contact AS SELECT '0035g00000' || lpad(i::VARCHAR, 5, 'Z') || 'AAA' AS id, 'P' || i AS first_name, 'Q' AS last_name, \
         'p' || i || '@company1.com' AS email, CASE WHEN i = 3 THEN '0015g00000DEADAAAA' ELSE '0015g00000ZZZZ1AAA' END AS account_id, false AS is_deleted, \
         NULL::VARCHAR AS master_record_id, NULL::VARCHAR AS title, NULL::VARCHAR AS mailing_city, TIMESTAMP '2026-01-02 03:00:00' AS _fivetran_synced FROM range(0, 25) AS r(i)",
    );
    world.sql("INSERT INTO salesforce.contact (id, email, first_name, last_name, account_id, title) VALUES ('0035g00000TWICEAAA', 'P1+news@company1.com', 'P', 'Q', '0015g00000ZZZZ1AAA', 'CEO')");
    world.sql(
        "CREATE TABLE stripe.customer AS SELECT 'cus_0000000000' || lpad(i::VARCHAR, 3, '0') AS id, 'Company ' || chr((65 + i // 5)::INTEGER) || chr((97 + i)::INTEGER) AS name, \
         'ap@customer' || i || '.com' AS email, 'eur' AS currency, false AS delinquent, true AS livemode, TIMESTAMP '2023-01-01 00:00:00' AS created, \
         CASE WHEN i < 10 THEN '{\"salesforce_id\": \"0015g00000ZZZZ' || i || 'AAA\"}' WHEN i = 10 THEN '{\"SalesforceId\": \"0015g00000ZZZZ9AAA\"}' \
         WHEN i = 11 THEN '{\"salesforce_id\": \"0015g00000DEADAAAA\"}' WHEN i = 12 THEN '{\"salesforce_id\": \"0015g00000NOWHEAAA\"}' ELSE '{}' END AS metadata, \
         TIMESTAMP '2026-01-05 04:00:00' AS _fivetran_synced FROM range(0, 25) AS r(i)",
    );
    world.sql(
        "INSERT INTO stripe.customer (id, name, email, currency, livemode, metadata, created) VALUES \
         ('cus_AGENCY00000001', 'Bluebird Foods', 'billing@agency.com', 'eur', true, '{}', '2023-01-02'), \
         ('cus_AGENCY00000002', 'Quartz Mining', 'billing@agency.com', 'eur', true, '{}', '2023-01-02'), \
         ('cus_AGENCY00000003', 'Hollow Pines', 'billing@agency.com', 'eur', true, '{}', '2023-01-02'), \
         ('cus_SANDBOX0000001', 'Somebody', 'a@somebody.com', 'eur', false, '{}', '2023-01-02')",
    );
    world.sql(
        "CREATE TABLE stripe.invoice AS SELECT 'in_00000000000' || i AS id, 'cus_0000000000' || lpad(i::VARCHAR, 3, '0') AS customer_id, 50000 AS total, 50000 AS amount_due, \
         CASE WHEN i = 5 THEN 'usd' ELSE 'eur' END AS currency, 'paid' AS status, TIMESTAMP '2024-01-01 00:00:00' AS created, 'N' || i AS number, \
         1 AS attempt_count, TIMESTAMP '2026-01-05 04:00:00' AS _fivetran_synced FROM range(0, 20) AS r(i)",
    );
    world.sql(
        "INSERT INTO stripe.invoice (id, customer_id, total, currency, created) VALUES ('in_LOST0000000001', 'cus_GONE000000001', 123400, 'eur', '2024-05-01'), \
         ('in_OLD00000000001', 'cus_GONE000000002', 99900, 'eur', '2022-05-01'), ('in_NONE0000000001', NULL, 100, 'eur', '2024-05-01')",
    );
    world.sql(
        "CREATE TABLE zendesk.organization AS SELECT 36000 + i AS id, 'Company ' || chr((65 + i // 5)::INTEGER) || chr((97 + i)::INTEGER) AS name, \
         CASE WHEN i % 2 = 0 THEN '0015g00000' || lpad(i::VARCHAR, 5, 'Z') || 'AAA' ELSE '0015g00000' || lpad(i::VARCHAR, 5, 'Z') END AS external_id, false AS shared_tickets, \
         false AS shared_comments, 'u' AS url, TIMESTAMP '2026-01-05 04:00:00' AS _fivetran_synced FROM range(0, 20) AS r(i)",
    );
    world.sql("CREATE TABLE zendesk.user AS SELECT 1 + i AS id, 'U' || i AS name, 'u' || i || '@org.com' AS email, 36000 + i % 20 AS organization_id, 'end-user' AS role, true AS active, false AS suspended FROM range(0, 40) AS r(i)");
    world.sql(
        "CREATE TABLE zendesk.ticket AS SELECT 900 + i AS id, CASE WHEN i = 4 THEN 36019 ELSE 36000 + i % 20 END AS organization_id, 1 + i AS requester_id, 'open' AS status, \
         'S' AS subject, 'normal' AS priority, true AS is_public, 'web' AS via_channel FROM range(0, 30) AS r(i)",
    );
    world.sql(
        "CREATE TABLE product.groups AS SELECT 'org_' || i AS id, 'Group ' || chr((65 + i)::INTEGER) || i AS name, 'company' || i || '.com' AS domain, 1000 + i AS account_number, \
         'p' AS plan, TIMESTAMP '2026-01-05 04:00:00' AS received_at, TIMESTAMP '2026-01-05 04:00:00' AS uuid_ts FROM range(0, 20) AS r(i)",
    );
    world
}

fn of<'chart>(chart: &'chart Chart, kind: &str) -> Vec<&'chart Conflict> {
    chart.conflicts.iter().filter(|conflict| conflict.kind == kind).collect()
}

fn pks(conflict: &Conflict) -> (String, String) {
    let pk = |side: &Option<fourfold::chart::conflict::Side>| {
        side.as_ref().map(|side| side.record.pk.clone()).unwrap_or_default()
    };
    (pk(&conflict.side_a), pk(&conflict.side_b))
}

#[test]
fn every_planted_disagreement_is_named() {
    let chart = company().chart();
    let all: Vec<String> =
        chart.conflicts.iter().map(|conflict| format!("{}: {}", conflict.kind, conflict.detail)).collect();
    let only = |kind: &str, count: usize| {
        let found = of(&chart, kind);
        assert_eq!(found.len(), count, "{kind}\n{}", all.join("\n"));
        found
    };

    let duplicates = only("duplicate_record", 2);
    let twins = duplicates.iter().find(|conflict| conflict.field == "account.domain").unwrap();
    assert_eq!(pks(twins), ("0015g00000TWINAAAA".to_owned(), "0015g00000TWINBAAA".to_owned()));
    assert_eq!((twins.money_at_stake, twins.currency.as_deref()), (Some(5000.0), Some("EUR")));
    assert!(duplicates.iter().any(|conflict| conflict.field == "person.email"));

    let shared = only("shared_domain", 1);
    assert_eq!(shared[0].side_a.as_ref().unwrap().value, "billing@agency.com");
    assert!(shared[0].detail.contains("3 accounts"));

    let internal: Vec<(String, String)> = only("internal_or_test", 3).into_iter().map(pks).collect();
    for pk in ["0015g00000VENDRAAA", "0015g00000TESTXAAA", "cus_SANDBOX0000001"] {
        assert!(internal.iter().any(|(own, _)| own == pk), "{pk}");
    }

    let tombstones = only("dangling_tombstone", 2);
    let child = tombstones.iter().find(|conflict| conflict.field == "person.account_id").unwrap();
    assert_eq!(pks(child), ("0035g00000ZZZZ3AAA".to_owned(), "0015g00000TWINAAAA".to_owned()));
    assert!(tombstones.iter().any(|conflict| pks(conflict).0 == "cus_0000000000011"));

    let stale: Vec<(String, String)> = of(&chart, "stale_cross_id").into_iter().map(pks).collect();
    assert!(stale.iter().any(|(own, _)| own == "cus_0000000000012"), "{stale:?}");

    let billed = only("one_to_many_billing", 1);
    assert_eq!(pks(billed[0]), ("cus_0000000000009".to_owned(), "cus_0000000000010".to_owned()));

    let split = only("key_format_split", 1);
    assert_eq!(split[0].side_a.as_ref().unwrap().column, "external_id");

    let mismatch = only("type_mismatched_join", 1);
    assert!(mismatch[0].detail.contains("0 values in common"), "{}", mismatch[0].detail);

    let spelled = only("metadata_key_drift", 1);
    assert!(spelled[0].detail.contains("salesforce_id (12), SalesforceId (1)"), "{}", spelled[0].detail);

    assert_eq!(only("migration_scar_field", 1)[0].side_a.as_ref().unwrap().column, "legacy_crm_id_c");

    let orphans: Vec<(String, String)> = of(&chart, "orphan").into_iter().map(pks).collect();
    for pk in ["in_LOST0000000001", "in_NONE0000000001", "904"] {
        assert!(orphans.iter().any(|(own, _)| own == pk), "{pk} {orphans:?}");
    }
    let lost = chart.conflicts.iter().find(|conflict| pks(conflict).0 == "in_LOST0000000001").unwrap();
    assert_eq!((lost.money_at_stake, lost.currency.as_deref()), (Some(1234.0), Some("EUR")));
    assert_eq!(pks(only("pre_migration_delete", 1)[0]).0, "in_OLD00000000001");

    let currency = only("currency_mismatch", 1);
    assert_eq!(pks(currency[0]), ("cus_0000000000005".to_owned(), "in_000000000005".to_owned()));
    assert_eq!((currency[0].money_at_stake, currency[0].currency.as_deref()), (Some(500.0), Some("USD")));

    assert!(
        of(&chart, "silent_null").iter().any(|conflict| conflict.side_a.as_ref().unwrap().column == "mailing_city")
    );
    let race = only("sync_race", 1);
    assert_eq!(race[0].side_a.as_ref().unwrap().record.table, "contact");
}

#[test]
fn conflicts_have_stable_ids_known_kinds_and_one_order() {
    let (one, other) = (company().chart(), company().chart());
    assert_eq!(one.conflicts, other.conflicts);
    assert_eq!(serde_json::to_string(&one.map).unwrap(), serde_json::to_string(&other.map).unwrap());
    let mut ids: Vec<&String> = one.conflicts.iter().map(|conflict| &conflict.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), one.conflicts.len());
    for conflict in &one.conflicts {
        let kind = kinds::by_id(&conflict.kind).unwrap_or_else(|| panic!("{} is not listed", conflict.kind));
        assert_eq!(kind.finder, Finder::Chart);
        assert!(!conflict.detail.is_empty() && conflict.side_a.is_some());
    }
}

#[test]
fn a_flood_of_one_kind_is_cut_and_counted() {
    let mut world = World::new();
    world.source("stripe", Surface::Billing);
    world.sql("CREATE TABLE stripe.customer AS SELECT 'cus_00000001' AS id, 'A' AS name, 'a@a.com' AS email, '{}' AS metadata, false AS delinquent");
    world.sql("CREATE TABLE stripe.invoice AS SELECT 'in_' || i AS id, 'cus_lost' AS customer_id, 100 AS total, 100 AS amount_due, 'eur' AS currency, 'N' AS number, 1 AS attempt_count FROM range(1500) AS r(i)");
    let chart = world.chart();
    let orphans = of(&chart, "orphan");
    assert_eq!(orphans.len(), 1001);
    assert!(
        orphans.iter().any(|conflict| conflict.detail == "500 more of this kind are not listed"),
        "{}",
        orphans.last().unwrap().detail
    );
}

#[test]
fn the_questions_come_from_the_findings() {
    let chart = company().chart();
    let questions = interview::questions(&chart.map, &chart.conflicts);
    assert!(questions.iter().any(|question| question.about.starts_with("internal_or_test")));
    assert!(questions.iter().all(|question| !question.options.is_empty() && !question.text.is_empty()));
}

#[test]
fn a_mapping_that_an_integration_changed_is_named() {
    let mut world = World::new();
    world.source("salesforce", Surface::Crm);
    world.sql(SALESFORCE);
    world.sql(
        "INSERT INTO salesforce.account (id, name, website, is_deleted, stripe_customer_id_c, arr_c, currency_iso_code) VALUES \
         ('0015g00000AAAAAAA0', 'One', 'one.com', false, 'cus_NEW00000001', 900, 'EUR'), \
         ('0015g00000BBBBBBB0', 'Two', 'two.com', false, 'cus_NEW00000002', 100, 'EUR')",
    );
    world.sql(
        "CREATE TABLE salesforce.user AS SELECT * FROM (VALUES ('005H', 'Hedy Human', 'hedy@vendor.io', true, 'hedy', 'Standard'), \
         ('005I', 'Stripe Integration', 'api@vendor.io', true, 'api', 'Standard')) AS t(id, name, email, is_active, username, user_type)",
    );
    // One: a person's value was changed by the integration. Two: the person had the last word.
    world.sql(
        "CREATE TABLE salesforce.account_field_history AS SELECT * FROM (VALUES \
         ('h1', '0015g00000AAAAAAA0', 'Stripe_Customer_Id__c', NULL, 'cus_HAND0000001', '005H', TIMESTAMP '2026-01-01 00:00:00'), \
         ('h2', '0015g00000AAAAAAA0', 'Stripe_Customer_Id__c', 'cus_HAND0000001', 'cus_NEW00000001', '005I', TIMESTAMP '2026-01-02 00:00:00'), \
         ('h3', '0015g00000BBBBBBB0', 'Stripe_Customer_Id__c', NULL, 'cus_OLD', '005I', TIMESTAMP '2026-01-01 00:00:00'), \
         ('h4', '0015g00000BBBBBBB0', 'Stripe_Customer_Id__c', 'cus_OLD', 'cus_NEW00000002', '005H', TIMESTAMP '2026-01-02 00:00:00'), \
         ('h5', '0015g00000AAAAAAA0', 'Name', 'Uno', 'One', '005I', TIMESTAMP '2026-01-03 00:00:00')) \
         AS t(id, account_id, field, old_value, new_value, created_by_id, created_date)",
    );
    let chart = world.chart();
    let found = of(&chart, "manual_mapping_overwritten");
    assert_eq!(found.len(), 1, "{found:?}");
    let side = |side: &Option<fourfold::chart::conflict::Side>| {
        let side = side.as_ref().unwrap();
        (side.record.table.clone(), side.record.pk.clone(), side.value.clone())
    };
    let now = ("account".to_owned(), "0015g00000AAAAAAA0".to_owned(), "cus_NEW00000001".to_owned());
    let before = ("account_field_history".to_owned(), "h1".to_owned(), "cus_HAND0000001".to_owned());
    assert_eq!((side(&found[0].side_a), side(&found[0].side_b)), (now, before));
    assert_eq!(found[0].money_at_stake, Some(900.0));
    assert!(found[0].detail.contains("Stripe Integration"), "{}", found[0].detail);
}
