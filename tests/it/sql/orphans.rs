//! Columns that come from nowhere are named where they are written, and no others.

use fourfold::sql::orphans::{Orphan, orphans};
use fourfold::sql::{SqlDialect, StandInKind, resolve};

use super::columns::tables;

fn found(sql: &str) -> Vec<Orphan> {
    orphans(&resolve(sql, SqlDialect::DuckDb, &tables()).unwrap_or_else(|faults| panic!("{sql}\n{faults:?}")), None)
}

fn named(sql: &str) -> Vec<(String, StandInKind, bool)> {
    found(sql).into_iter().map(|orphan| (orphan.column, orphan.kind, orphan.partly)).collect()
}

#[test]
fn stand_ins_are_named_with_their_place() {
    let sql = "select entity_id,\n    cast(null as varchar) as phone,\n    0 as seats,\n    'eu' as region,\n    now() as loaded_at,\n    lower('X') || 'y' as tag\nfrom fourfold.accounts";
    let orphans = found(sql);
    let short: Vec<(&str, StandInKind, u64)> =
        orphans.iter().map(|orphan| (orphan.column.as_str(), orphan.kind, orphan.line)).collect();
    assert_eq!(
        short,
        [
            ("phone", StandInKind::Null, 2),
            ("seats", StandInKind::Constant, 3),
            ("region", StandInKind::Constant, 4),
            ("loaded_at", StandInKind::Generated, 5),
            ("tag", StandInKind::Constant, 6)
        ]
    );
    assert_eq!(orphans[0].text, "CAST(NULL AS VARCHAR)");
    assert!(orphans[0].words().contains("phone comes from nowhere"));
}

#[test]
fn a_stand_in_is_followed_to_the_output() {
    let sql = "with filled as (select entity_id, cast(null as text) as phone, cast(null as text) as unused from fourfold.accounts),
         renamed as (select entity_id, trim(phone) as telephone from filled) select * from renamed";
    assert_eq!(named(sql), [("telephone".to_owned(), StandInKind::Null, false)]);
    assert_eq!((found(sql)[0].line, found(sql)[0].text.as_str()), (1, "CAST(NULL AS TEXT)"));
}

#[test]
fn one_branch_of_a_union_is_a_gap() {
    let sql = "select entity_id, name, 'crm' as origin from fourfold.accounts
         union all select id, cast(null as text), 'contact' from crm.contact";
    assert_eq!(
        named(sql),
        [
            ("origin".to_owned(), StandInKind::Constant, false),
            ("name".to_owned(), StandInKind::Null, true),
            ("origin".to_owned(), StandInKind::Constant, false)
        ]
    );
}

#[test]
fn what_counts_or_compares_rows_is_no_orphan() {
    for sql in [
        "select count(*) as n, count(1) as m, sum(1) as s from fourfold.accounts",
        "select row_number() over () as place from fourfold.accounts",
        "select case when arr > 10 then 'big' else 'small' end as size from fourfold.accounts",
        "select coalesce(arr, 0) as arr, arr is null as is_unknown from fourfold.accounts",
        "select exists (select 1 from fourfold.tickets where is_open) as any_open",
        "select a.entity_id, days.day from fourfold.accounts a, unnest(a.tags) as days(day)",
        "select coalesce(cast(null as text), name) as name from fourfold.accounts",
    ] {
        assert_eq!(named(sql), [], "{sql}");
    }
}

#[test]
fn who_means_it_says_so() {
    let sql = "select entity_id,\n    'eu' as region, -- fourfold: constant\n    null as phone /* FOURFOLD:  constant */,\n    0 as seats\nfrom fourfold.accounts";
    let accepted: Vec<(String, bool)> = found(sql).into_iter().map(|orphan| (orphan.column, orphan.accepted)).collect();
    assert_eq!(accepted, [("region".to_owned(), true), ("phone".to_owned(), true), ("seats".to_owned(), false)]);
}

#[test]
fn rows_that_stand_in_the_query_come_from_nowhere() {
    let sql = "select plan, price from (values ('pro', 10), ('team', 20)) as prices(plan, price)";
    let columns: std::collections::BTreeSet<String> = named(sql).into_iter().map(|(column, _, _)| column).collect();
    assert_eq!(columns.into_iter().collect::<Vec<_>>(), ["plan", "price"]);
    assert!(found(sql).iter().all(|orphan| orphan.kind == StandInKind::Constant));
}
