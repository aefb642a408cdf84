//! Whatever is put around a column, its origin stays; whatever is put around a constant, it stays one.

use fourfold::sql::{SqlDialect, Tables, resolve};
use proptest::prelude::*;

/// One way of putting a query around another that gives columns `c0` (read) and `c1` (made up).
fn around(inner: &str, way: usize) -> String {
    match way % 8 {
        0 => format!("select c0, c1 from ({inner}) q"),
        1 => format!("with q as ({inner}) select * from q"),
        2 => format!("with q as ({inner}), r as (select q.* from q) select r.c0, r.c1 from r"),
        3 => format!("select c0, c1 from ({inner}) q union all select c0, c1 from ({inner}) r"),
        4 => format!("select max(c0) as c0, max(c1) as c1 from ({inner}) q group by c1"),
        5 => format!("select q.c0, q.c1 from ({inner}) q left join other.x on x.k = q.c0"),
        6 => format!("select first_value(c0) over (order by c0) as c0, c1 from ({inner}) q"),
        _ => format!("select * from (select c1 as a, c0 as b from ({inner}) q) as r(c1, c0)"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn origins_and_stand_ins_survive_any_nesting(ways in prop::collection::vec(0_usize..8, 0..5)) {
        let mut sql = "select k as c0, cast(null as text) as c1 from base.t".to_owned();
        for way in ways {
            sql = around(&sql, way);
        }
        let mut tables = Tables::closed();
        tables.add("base.t", ["k", "v"]);
        tables.add("other.x", ["k"]);
        let found = resolve(&sql, SqlDialect::Generic, &tables).unwrap_or_else(|faults| panic!("{sql}\n{faults:?}"));
        let column = |name: &str| found.columns.iter().find(|column| column.name == name).unwrap();
        let origins: Vec<String> = column("c0").provenance.origins.iter().map(ToString::to_string).collect();
        prop_assert_eq!(origins, ["base.t.k"], "{}", &sql);
        prop_assert!(column("c1").provenance.is_orphan(), "{}", &sql);
    }

    #[test]
    fn no_text_brings_it_down(text in "[a-z0-9 ,.*()'\"=<>;\\-\n]{0,120}") {
        let _ = resolve(&format!("select {text} from t"), SqlDialect::Generic, &Tables::trusting());
    }
}
