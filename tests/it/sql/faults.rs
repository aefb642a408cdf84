//! What is wrong is said with its line and column, and what was meant.

use fourfold::sql::{Fault, SqlDialect, Tables, check};

use super::columns::tables;

fn faults(sql: &str) -> Vec<Fault> {
    check(sql, SqlDialect::Postgres, &tables())
}

#[track_caller]
fn one(sql: &str, line: u64, column: u64, message: &str, hint: &str) {
    let found = faults(sql);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].line, found[0].column), (line, column), "{found:?}");
    assert!(found[0].message.contains(message), "{found:?}");
    assert!(found[0].hint.contains(hint), "{found:?}");
}

#[test]
fn names_that_do_not_exist() {
    one("select entity_id,\n       arrr\nfrom fourfold.accounts", 2, 8, "no column arrr", "did you mean arr?");
    one("select a.nmae from fourfold.accounts a", 1, 10, "a has no column nmae", "did you mean name?");
    one("select 1 from fourfold.acounts", 1, 15, "no table fourfold.acounts", "did you mean fourfold.accounts?");
    one("select b.arr from fourfold.accounts a", 1, 8, "no table or alias called b", "");
    one("select arr from fourfold.accounts where stage = 'x'", 1, 41, "no column stage", "");
    one("select arr from fourfold.accounts order by stage", 1, 44, "no column stage", "");
    one("select sum(arr) over w from fourfold.accounts", 1, 22, "no window called w", "WINDOW");
}

#[test]
fn names_that_fit_several_and_unions_that_do_not_fit() {
    one(
        "select id from crm.contact c join (select entity_id as id from fourfold.accounts) a on true",
        1,
        8,
        "could be a column of c or a",
        "table.column",
    );
    one(
        "select arr, name from fourfold.accounts union all select id from crm.contact",
        1,
        51,
        "1 columns",
        "same columns",
    );
    one("select arr, name as arr from fourfold.accounts", 1, 21, "two columns are called", "another name");
}

#[test]
fn what_is_no_sql() {
    one("select arr from from fourfold.accounts", 1, 30, "", "dialect");
    one("select 1\nfrom {{ ref('accounts') }}", 2, 6, "dbt template", "dbt compile");
    assert_eq!(faults("select 'open").len(), 1);
    one("grant select on x to y", 1, 1, "no query", "SELECT");
    one("", 1, 1, "no query", "SELECT");
}

#[test]
fn a_missing_table_is_one_fault_and_not_one_for_each_column() {
    let found = faults("select x.a, x.b, c from nowhere.x where x.d > 1");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn nothing_hostile_brings_it_down() {
    let deep = format!("select {}1{} from fourfold.accounts", "(".repeat(400), ")".repeat(400));
    let long = format!("select {} from fourfold.accounts", vec!["arr"; 20_000].join(" + "));
    let unions = vec!["select arr from fourfold.accounts"; 3_000].join(" union all ");
    for sql in [
        deep.as_str(),
        unions.as_str(),
        long.as_str(),
        "select \u{0} from \u{202e}",
        "select * from",
        "with a as (select * from a) select * from a",
        "with recursive a as (select * from a) select * from a",
        "select * exclude (arr",
        "((((",
        "select '\u{1b}[2J' as x",
    ] {
        let _ = check(sql, SqlDialect::Generic, &Tables::trusting());
    }
}
