//! Which keys are a number here and text there, so that joining them as they are finds too little?

use super::Scene;
use crate::catalog::names::compact;
use crate::catalog::{Role, dictionary::dictionary};
use crate::chart::conflict::Conflict;
use crate::chart::finding::{conflict, side};
use crate::chart::infer::share;
use crate::chart::rows;
use crate::chart::source_map::{ColumnEntry, SourceEntry, TableEntry};
use crate::error::Result;
use crate::warehouse::ColumnType;

/// More pairs of columns than this are not tried.
const MOST_PAIRS: usize = 50;

type Place<'map> = (&'map SourceEntry, &'map TableEntry, &'map ColumnEntry);

/// Finds pairs of columns with one name in two sources, all digits on both sides, that join better once leading zeros and
/// types are set aside.
pub fn find(scene: &Scene<'_>) -> Result<Vec<Conflict>> {
    let dictionary = dictionary()?;
    let mut places: Vec<Place<'_>> = Vec::new();
    for source in &scene.map.sources {
        for table in
            source.tables.iter().filter(|table| matches!(table.role, Role::Account | Role::Person | Role::Subscription))
        {
            for column in &table.columns {
                let key = dictionary.key_stem(&column.name).is_some_and(|stem| !stem.is_empty());
                let digits = share(&column.profile, &["integer"]).is_some_and(|share| share >= 0.8);
                if key && digits && column.profile.distinct >= 3 {
                    places.push((source, table, column));
                }
            }
        }
    }
    let mut found = Vec::new();
    let mut tried = 0;
    for (at, one) in places.iter().enumerate() {
        for other in &places[at + 1..] {
            let same_name = compact(&one.2.name) == compact(&other.2.name);
            let different = one.0.id != other.0.id && (unlike(one.2, other.2) || padded(one.2) != padded(other.2));
            if same_name && different && tried < MOST_PAIRS {
                tried += 1;
                found.extend(compare(scene, *one, *other)?);
            }
        }
    }
    Ok(found)
}

fn unlike(one: &ColumnEntry, other: &ColumnEntry) -> bool {
    (one.kind == ColumnType::Text) != (other.kind == ColumnType::Text)
}

/// Whether numbers are written with leading zeros: the smallest text begins with one.
fn padded(column: &ColumnEntry) -> bool {
    column.kind == ColumnType::Text
        && column.profile.min.as_deref().is_some_and(|min| min.len() > 1 && min.starts_with('0'))
}

fn compare(scene: &Scene<'_>, one: Place<'_>, other: Place<'_>) -> Result<Option<Conflict>> {
    let dialect = scene.warehouse.dialect();
    let values = |place: Place<'_>| {
        let value = rows::text(dialect, place.2, "t");
        format!("SELECT DISTINCT {value} AS value FROM {} AS t WHERE {value} IS NOT NULL", dialect.table(&place.1.name))
    };
    let count = |normalised: bool| -> Result<i64> {
        let on = if normalised { "ltrim(one.value, '0') = ltrim(other.value, '0')" } else { "one.value = other.value" };
        let sql = format!("SELECT count(*) FROM ({}) AS one JOIN ({}) AS other ON {on}", values(one), values(other));
        Ok(scene.warehouse.query(&sql, &[])?.integer(0, 0).unwrap_or(0))
    };
    let (plain, normalised) = (count(false)?, count(true)?);
    if normalised < 3 || normalised <= plain {
        return Ok(None);
    }
    let sql = format!(
        "SELECT one.value, other.value FROM ({}) AS one JOIN ({}) AS other ON ltrim(one.value, '0') = ltrim(other.value, '0') \
         WHERE one.value <> other.value ORDER BY {} LIMIT 1",
        values(one),
        values(other),
        dialect.ordered("one.value"),
    );
    let example = scene.warehouse.query(&sql, &[])?;
    let shown = |place: Place<'_>, column: usize| {
        side(place.0, place.1, "", &place.2.name, example.text(0, column).unwrap_or(""))
    };
    let detail = format!(
        "{}.{}.{} and {}.{}.{} have {plain} values in common as they are, and {normalised} without leading zeros",
        one.0.id, one.1.name.table, one.2.name, other.0.id, other.1.name.table, other.2.name
    );
    let field = one.2.concept.clone().unwrap_or_else(|| one.2.name.clone());
    Ok(Some(conflict("type_mismatched_join", &field, Some(shown(one, 0)), Some(shown(other, 1)), detail)))
}
