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
        ("country_code", Some("US")),
        ("annual_revenue", Some("5000000.500000")),
        ("people", Some("2")),
        ("subscriptions_live", Some("1")),
        ("customer_since", Some("2023-01-05")),
        ("cancels_on", None),
        ("churned_on", None),
        ("overdue_invoices", Some("2")),
        ("overdue_since", Some("2026-06-10")),
        // The invoice that was issued `soon` is in no year.
        ("invoiced_12m", Some("1600.000000")),
        ("last_paid_at", Some("2026-05-02 09:30:00")),
        ("tickets_open_normal", Some("0")),
        ("tickets_open_low", Some("0")),
        ("tickets_solved_90d", Some("1")),
        ("hours_to_solve_90d", Some("48.75")),
        ("oldest_open_ticket_at", Some("2026-01-02 08:00:00")),
        ("csat_ratings", Some("2")),
        ("usage_events_prior_28d", Some("0")),
        ("usage_trend", Some("2")),
        ("usage_change_28d", None),
        ("active_users_prior_28d", Some("0")),
        ("seat_utilisation", Some("0.25")),
        ("first_active_on", Some("2026-01-10")),
        ("days_silent", Some("0")),
        ("open_opportunities", Some("0")),
        ("pipeline_amount", Some("0.000000")),
        ("next_close_on", None),
        ("last_won_on", Some("2024-01-02")),
        ("hierarchy_level", Some("0")),
        ("child_count", Some("0")),
        ("billed_by_entity_id", None),
        ("arr_reporting", None),
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
    assert_eq!(field(&warehouse, "acc_beta", "cancels_on").as_deref(), Some("2027-02-05"));
    assert_eq!(field(&warehouse, "acc_beta", "pipeline_amount").as_deref(), Some("700.000000"));
    assert_eq!(field(&warehouse, "acc_beta", "next_close_on").as_deref(), Some("2026-07-15"));
    assert_eq!(field(&warehouse, "acc_beta", "child_count").as_deref(), Some("1"));
    assert_eq!(field(&warehouse, "acc_zwei", "hierarchy_level").as_deref(), Some("1"));
    assert_eq!(field(&warehouse, "acc_zwei", "ultimate_parent_entity_id").as_deref(), Some("acc_beta"));
}

#[test]
fn money_is_converted_at_a_stated_rate_and_never_added_across_currencies() {
    let warehouse = warehouse();
    let text =
        "[money]\nreporting_currency = \"USD\"\n[money.rates]\nEUR = { rate = \"1.0837\", date = \"2026-06-30\" }\n";
    published(&warehouse, &Config::parse(text, "fourfold.toml").unwrap());
    let of = |entity: &str, name: &str| field(&warehouse, entity, name);
    assert_eq!(of("acc_beta", "arr").as_deref(), Some("3600.000000"));
    assert_eq!(of("acc_beta", "arr_reporting").as_deref(), Some("3901.320000"));
    assert_eq!(of("acc_beta", "fx_rate").as_deref(), Some("1.0837"));
    assert_eq!(of("acc_beta", "fx_date").as_deref(), Some("2026-06-30"));
    assert_eq!(of("acc_acme", "arr_reporting").as_deref(), Some("9600.000000"));
    assert_eq!(of("acc_acme", "overdue_reporting").as_deref(), Some("1000.000000"));
    assert_eq!(of("acc_acme", "fx_date"), None, "the same currency needs no rate");
    assert_eq!(of("acc_gamma", "arr_reporting"), None);
    for (wrong, key) in [
        ("reporting_currency = \"dollars\"", "reporting_currency"),
        ("reporting_currency = \"USD\"\n[money.rates]\nEUR = { rate = \"0\", date = \"2026-06-30\" }", "rates.EUR"),
        ("reporting_currency = \"USD\"\n[money.rates]\nEUR = { rate = \"1.1\" }", "rates.EUR"),
        ("[money.rates]\nEUR = { rate = \"1.1\", date = \"2026-06-30\" }", "rates"),
    ] {
        let error = Config::parse(&format!("[money]\n{wrong}\n").replace("[money]\n[money", "[money"), "fourfold.toml")
            .unwrap_err();
        assert!(error.message.contains(key), "{}", error.message);
    }
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
    for (field, expected) in [
        ("usage_events_28d", Some("2")),
        ("active_days_28d", Some("1")),
        ("tickets_open", Some("2")),
        ("tickets_90d", Some("2")),
        ("last_ticket_at", Some("2026-06-20 08:00:00")),
    ] {
        let column = warehouse.dialect().text(field);
        let found = text(&format!("SELECT {column} FROM fourfold.people WHERE entity_id = 'per_ann'"));
        assert_eq!(found.as_deref(), expected, "people.{field}");
    }
    assert_eq!(
        text("SELECT CAST(arr AS VARCHAR) FROM fourfold.subscriptions WHERE subscription_id = 'stripe:sub_2'")
            .as_deref(),
        Some("3600.000000")
    );
    assert_eq!(
        text("SELECT amount_open || '/' || days_overdue || '/' || is_open FROM fourfold.invoices WHERE invoice_id = 'stripe:in_3'").as_deref(),
        Some("200.000000/18/true")
    );
    assert_eq!(
        text("SELECT hours_to_solve || '/' || is_satisfied || '/' || assignee_key FROM fourfold.tickets WHERE ticket_id = 'zendesk:2'").as_deref(),
        Some("48.75833333333333/true/900")
    );
    assert_eq!(
        text(
            "SELECT grain || '/' || time_zone || '/' || money FROM fourfold.model_tables WHERE model_table = 'invoices'"
        )
        .as_deref(),
        Some("invoice_id/UTC/the column currency of the row")
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
