//! What stands in the tables, and what is named as a conflict.

use fourfold::config::Config;
use fourfold::warehouse::Warehouse;

use super::fixture::{build, dump, field, graph, map, one, published, warehouse};

#[test]
fn accounts_join_what_four_systems_say() {
    let warehouse = warehouse();
    published(&warehouse, &Config::default());
    let acme = |name: &str| field(&warehouse, "acc_acme", name);
    for (name, expected) in [
        ("name", Some("Acme, Inc.")),
        ("legal_name", Some("ACME Incorporated")),
        ("former_name", None),
        ("domain", Some("acme.com")),
        ("domains", Some("acme.co.uk,acme.com")),
        ("status", Some("customer")),
        ("owner", Some("Olga Owner")),
        ("owner_email", Some("olga@vendor.com")),
        ("plan", Some("Pro")),
        // Eight seats of 100.00 USD a month; the ended and the test subscription do not count.
        ("mrr", Some("800.000000")),
        ("arr", Some("9600.000000")),
        ("currency", Some("USD")),
        ("seats_bought", Some("8")),
        ("seats_used", Some("2")),
        ("renewal_date", Some("2026-09-01")),
        ("open_invoices", Some("2")),
        // 800 in full, and 300 of which 100 is paid.
        ("overdue_amount", Some("1000.000000")),
        ("usage_events_7d", Some("3")),
        ("usage_events_28d", Some("4")),
        ("active_users_7d", Some("2")),
        ("active_users_28d", Some("2")),
        ("active_days_28d", Some("3")),
        ("last_active_on", Some("2026-06-30")),
        ("users", Some("2")),
        ("tickets_open", Some("2")),
        ("tickets_open_urgent", Some("1")),
        ("tickets_open_high", Some("1")),
        ("tickets_90d", Some("2")),
        ("last_ticket_at", Some("2026-06-20 08:00:00")),
        ("csat", Some("0.5")),
        ("country", Some("US")),
        ("employees", Some("250")),
        ("created_at", Some("2024-01-01 10:00:00")),
        ("sources", Some("product,salesforce,stripe,zendesk")),
        ("record_count", Some("5")),
        ("is_internal", Some("false")),
        ("ultimate_parent_entity_id", Some("acc_acme")),
        ("parent_entity_id", None),
    ] {
        assert_eq!(acme(name).as_deref(), expected, "accounts.{name}");
    }
    assert_eq!(field(&warehouse, "acc_beta", "arr").as_deref(), Some("3600.000000"));
    assert_eq!(field(&warehouse, "acc_beta", "usage_events_7d"), None, "unknown to the product is not zero");
    assert_eq!(
        field(&warehouse, "acc_beta", "tickets_open").as_deref(),
        Some("0"),
        "known to support and silent is zero"
    );
    assert_eq!(field(&warehouse, "acc_gamma", "arr"), None);
    assert_eq!(field(&warehouse, "acc_zwei", "ultimate_parent_entity_id").as_deref(), Some("acc_beta"));
}

#[test]
fn people_and_rows_carry_their_origin() {
    let warehouse = warehouse();
    published(&warehouse, &Config::default());
    let text = |sql: &str| one(&warehouse, sql);
    assert_eq!(text("SELECT name FROM fourfold.people WHERE entity_id = 'per_bob'").as_deref(), Some("Bob Best"));
    assert_eq!(text("SELECT emails FROM fourfold.people WHERE entity_id = 'per_ann'").as_deref(), Some("ann@acme.com"));
    assert_eq!(
        text("SELECT account_entity_id FROM fourfold.people WHERE entity_id = 'per_ann'").as_deref(),
        Some("acc_acme")
    );
    assert_eq!(
        text("SELECT _source || '/' || _table || '/' || _pk || '/' || _sync_id FROM fourfold.invoices WHERE invoice_id = 'stripe:in_1'").as_deref(),
        Some("stripe/invoice/in_1/77")
    );
    assert_eq!(
        text("SELECT CAST(COUNT(*) AS VARCHAR) FROM fourfold.subscriptions").as_deref(),
        Some("3"),
        "subscriptions of test mode take no part"
    );
    assert_eq!(
        text("SELECT CAST(SUM(events) AS VARCHAR) FROM fourfold.account_usage_daily").as_deref(),
        Some("5"),
        "events of strangers and without a time stay out"
    );
}

#[test]
fn lineage_has_one_winner_and_keeps_the_losers() {
    let warehouse = warehouse();
    published(&warehouse, &Config::default());
    let names = warehouse
        .query(
            "SELECT value, source, pk, rank FROM fourfold.lineage_cells WHERE entity_id = 'acc_acme' AND field = 'name' ORDER BY rank",
            &[],
        )
        .unwrap();
    let seen: Vec<(String, String)> = (0..names.len())
        .map(|row| (names.text(row, 0).unwrap().to_owned(), names.text(row, 1).unwrap().to_owned()))
        .collect();
    let expected = [
        ("Acme, Inc.", "salesforce"),
        ("ACME Incorporated", "stripe"),
        ("Acme", "zendesk"),
        ("Acme", "product"),
        ("Acme (old)", "salesforce"),
    ];
    assert_eq!(
        seen,
        expected.map(|(value, source)| (value.to_owned(), source.to_owned())),
        "the deleted record comes last"
    );
    assert_eq!(
        one(&warehouse, "SELECT rule FROM fourfold.lineage WHERE entity_id = 'acc_acme' AND field = 'arr'").as_deref(),
        Some("priority:billing>crm>product>support; sum(subscriptions.mrr * 12)")
    );
    assert_eq!(
        one(&warehouse, "SELECT \"column\" FROM fourfold.lineage WHERE entity_kind = 'invoice' AND entity_id = 'stripe:in_1' AND field = 'amount'").as_deref(),
        Some("total")
    );
}

#[test]
fn conflicts_name_both_sides_and_the_money() {
    let warehouse = warehouse();
    let (map, graph, config) = (map(&warehouse), graph(), Config::default());
    let model = build(&warehouse, &map, &graph, &config);
    let mut seen: Vec<String> = model
        .conflicts
        .iter()
        .map(|conflict| {
            let side = |side: &Option<fourfold::chart::conflict::Side>| {
                side.as_ref().map_or("-".to_owned(), |side| format!("{}={}", side.record, side.value))
            };
            let entity = conflict.entity.as_ref().map_or("-", |entity| entity.as_str());
            format!("{} {} {} | {}", conflict.kind, entity, side(&conflict.side_a), side(&conflict.side_b))
        })
        .collect();
    seen.sort();
    let expected = [
        "amount_disagreement acc_acme salesforce.account:001A=12000.00 | stripe.subscription:sub_1=9600.000000",
        "billed_not_won acc_beta - | stripe.subscription:sub_2=active",
        "country_mismatch acc_beta stripe.customer:cus_2=FR | salesforce.account:001B=Germany",
        "many_domains acc_acme salesforce.account:001A=https://www.acme.com | zendesk.domain_name:10|acme.co.uk=acme.co.uk",
        "orphan - stripe.invoice:in_4= | -",
        "orphan - zendesk.ticket:4= | -",
        "orphan acc_acme zendesk.ticket:3=20 | zendesk.ticket:3=501",
        "owner_mismatch acc_acme salesforce.user:005A=olga@vendor.com | stripe.customer:cus_1=zoe@vendor.com",
        "plan_mismatch acc_acme product.groups:g1=Team | stripe.product:prod_pro=Pro",
        "seats_mismatch acc_acme product.groups:g1=10 | stripe.subscription_item:si_1=8",
        "seats_mismatch acc_acme salesforce.account:001A=10 | stripe.subscription_item:si_1=8",
        "status_disagreement acc_beta salesforce.account:001B=Prospect | stripe.subscription:sub_2=active",
        "timing acc_acme salesforce.account:001A=2026-09-03 | stripe.subscription:sub_1=2026-09-01 00:00:00",
        "unreadable_value - stripe.invoice:in_3=soon | -",
        "won_not_billed acc_gamma salesforce.opportunity:006C=Closed Won | -",
        "wrong_attribution acc_beta salesforce.account:001B=cus_3 | stripe.customer:cus_3=",
    ];
    assert_eq!(seen, expected);
    let amount = model.conflicts.iter().find(|conflict| conflict.kind == "amount_disagreement").unwrap();
    assert_eq!((amount.money_at_stake, amount.currency.as_deref()), (Some(2400.0), Some("USD")));
}

#[test]
fn publishing_twice_gives_the_same_bytes() {
    let warehouse = warehouse();
    published(&warehouse, &Config::default());
    let first = dump(&warehouse);
    published(&warehouse, &Config::default());
    assert_eq!(first, dump(&warehouse));
    assert!(first.contains("acc_acme"));
}
