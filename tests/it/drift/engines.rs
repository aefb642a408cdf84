//! Is a great table measured alike on both engines, and alike a small one that is counted here?

use fourfold::chart::profile::profile;
use fourfold::chart::source_map::ValueShape;
use fourfold::progress::CancelToken;
use fourfold::warehouse::Warehouse;

use crate::support::engines::both;

/// A table of so many rows with every type that has a shape, NULLs, zeros, negative and tiny numbers.
fn make(warehouse: &dyn Warehouse, table: &str, rows: usize) {
    let series = match warehouse.dialect() {
        fourfold::warehouse::Dialect::DuckDb => format!("range({rows}) AS r(i)"),
        fourfold::warehouse::Dialect::Postgres => format!("generate_series(0, {rows} - 1) AS r(i)"),
    };
    let sql = format!(
        "CREATE TABLE shapes.{table} AS SELECT CAST(i AS BIGINT) AS id, \
         CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 'open' WHEN 2 THEN 'closed' WHEN 3 THEN '' ELSE 'a ''b'' |' END AS status, \
         CASE WHEN i % 5 = 0 THEN NULL ELSE CAST((i % 1000) * 137 AS BIGINT) END AS cents, \
         CAST((i % 50) - 25 AS DOUBLE PRECISION) / 3 AS ratio, \
         CAST('2026-01-01' AS TIMESTAMP) + (i % 90) * INTERVAL '1 day' AS created, \
         (i % 2 = 0) AS flag FROM {series}"
    );
    warehouse.execute(&sql, &[]).unwrap();
}

fn shapes(warehouse: &dyn Warehouse, table: &str) -> Vec<(String, ValueShape)> {
    let tables = warehouse.tables("shapes").unwrap();
    let shape = tables.iter().find(|shape| shape.name.table == table).unwrap();
    let measured = profile(warehouse, shape, &CancelToken::new()).unwrap();
    shape
        .columns
        .iter()
        .zip(measured.columns)
        // The hashes are of the first rows, and which these are is the engine's affair.
        .map(|(column, profile)| (column.name.clone(), ValueShape { sketch: Vec::new(), ..profile.shape }))
        .collect()
}

#[test]
fn both_engines_see_the_same_values_sizes_and_days() {
    let mut seen = Vec::new();
    for warehouse in both() {
        warehouse.execute("CREATE SCHEMA shapes", &[]).unwrap();
        make(warehouse.as_ref(), "small", 9_000);
        make(warehouse.as_ref(), "great", 18_000);
        seen.push((shapes(warehouse.as_ref(), "small"), shapes(warehouse.as_ref(), "great")));
    }
    assert_eq!(seen[0], seen[1]);
    let (small, great) = &seen[0];
    for ((name, few), (_, many)) in small.iter().zip(great) {
        // The great table is the small one twice over, counted by the engine instead of here.
        let times = |list: &[(i32, u64)]| list.iter().map(|(key, count)| (*key, count * 2)).collect::<Vec<_>>();
        if ["cents", "ratio"].contains(&name.as_str()) {
            let close = |one: u64, other: u64| one.abs_diff(other) * 100 <= one.max(other).max(300);
            assert_eq!(few.buckets.len(), many.buckets.len(), "{name}");
            for ((bucket, count), (other, counted)) in times(&few.buckets).into_iter().zip(many.buckets.clone()) {
                assert!(bucket == other && close(count, counted), "{name}: {bucket} {count}, {other} {counted}");
            }
        }
        assert_eq!(times(&few.days), many.days, "{name}");
        let values = few.values.iter().map(|(value, count)| (value.clone(), count * 2)).collect::<Vec<_>>();
        if name == "status" || name == "flag" {
            assert_eq!(values, many.values, "{name}");
        }
    }
    let status = &great.iter().find(|(name, _)| name == "status").unwrap().1;
    assert_eq!(
        status.values.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>(),
        ["a 'b' |", "closed", "open"]
    );
    let created = &great.iter().find(|(name, _)| name == "created").unwrap().1;
    assert_eq!(created.days.len(), 90);
}
