//! Which invoices, subscriptions, tickets and deals have no account?

use rustc_hash::FxHashMap;

use super::Scene;
use super::sheet::comparable;
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{LISTED, beyond_listed, conflict, side, with_money};
use crate::chart::foreign_key::{Pointer, pointers, salesforce, targets_of, value_of};
use crate::chart::rows;
use crate::chart::source_map::{ColumnEntry, SourceEntry, TableEntry};
use crate::error::Result;
use crate::warehouse::{Dialect, Rows};

/// Finds rows that point to nothing. Those that point to a merged record are dangling tombstones, those that are older
/// than everything they could point to were left behind by a migration.
pub fn find(scene: &Scene<'_>) -> Result<Vec<Conflict>> {
    let mut found = Vec::new();
    for source in &scene.map.sources {
        for pointer in pointers(source) {
            let measured = scene.foreign_keys.iter().find(|key| {
                key.source == source.id && key.table == pointer.table.name.table && key.column == pointer.column.name
            });
            let Some(measured) = measured.filter(|key| key.orphans > 0) else { continue };
            let property =
                pointer.column.concept.as_deref().and_then(|concept| concept.split_once('.')).map(|(_, own)| own);
            if property == Some("account_id") && pointer.table.role != Role::Person {
                found.extend(rows_without(scene, source, &pointer)?);
            } else if pointer.table.role != Role::Event {
                let detail = format!(
                    "{} of {} rows of {}.{} that name a {} name one that is not there",
                    measured.orphans, measured.filled, source.id, measured.table, pointer.role
                );
                let value = pointer.column.profile.max.clone().unwrap_or_default();
                let side_a = side(source, pointer.table, "", &pointer.column.name, &value);
                found.push(conflict(
                    "orphan",
                    pointer.column.concept.as_deref().unwrap_or(""),
                    Some(side_a),
                    None,
                    detail,
                ));
            }
        }
        for table in &source.tables {
            found.extend(without_account(scene, source, table)?);
        }
    }
    Ok(found)
}

/// Rows whose account is named and not there.
fn rows_without(scene: &Scene<'_>, source: &SourceEntry, pointer: &Pointer<'_>) -> Result<Vec<Conflict>> {
    let dialect = scene.warehouse.dialect();
    let table = pointer.table;
    let money = money_columns(table);
    let created = table
        .column_of(&format!("{}.created_at", table.role))
        .or_else(|| table.column_of(&format!("{}.issued_at", table.role)));
    let inner = format!(
        "SELECT {key} AS pk, {value} AS value, {written} AS written, {created} AS created, {money} FROM {newest} AS t WHERE NOT {dead}",
        key = rows::key(dialect, table, "t"),
        value = value_of(scene.warehouse, pointer),
        written = rows::text(dialect, pointer.column, "t"),
        created = created.map_or_else(|| "NULL".to_owned(), |column| rows::text(dialect, column, "t")),
        money = select_money(dialect, &money),
        newest = rows::newest(dialect, table),
        dead = rows::dead(dialect, table, "t"),
    );
    let join = format!(
        "FROM ({inner}) AS child LEFT JOIN {} AS target ON child.value = target.id \
         WHERE pk IS NOT NULL AND value IS NOT NULL AND target.id IS NULL",
        targets_of(scene.warehouse, pointer)
    );
    let all = scene.warehouse.query(&format!("SELECT count(*) {join}"), &[])?.integer(0, 0).unwrap_or(0);
    if all == 0 {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT pk, value, written, created, amount, currency {join} ORDER BY coalesce(amount, 0) DESC, {} LIMIT {LISTED}",
        dialect.ordered("pk")
    );
    let answer = scene.warehouse.query(&sql, &[])?;
    let merged = merged_ids(scene, source, pointer);
    let first_parent = oldest_parent(pointer);
    let mut found = Vec::new();
    for row in 0..answer.len() {
        let (Some(pk), Some(value)) = (answer.text(row, 0), answer.text(row, 1)) else { continue };
        let written = answer.text(row, 2).unwrap_or(value);
        let older =
            matches!((answer.text(row, 3), &first_parent), (Some(created), Some(first)) if created < first.as_str());
        let side_a = side(source, table, pk, &pointer.column.name, written);
        let what = table.role;
        let (kind, side_b, detail) = if let Some((survivor_table, survivor)) = merged.get(value) {
            let column = survivor_table.primary_key.first().map_or("", String::as_str);
            let detail =
                format!("the {what} {pk} of {} still points to {written}, which was merged into {survivor}", source.id);
            ("dangling_tombstone", Some(side(source, survivor_table, survivor, column, survivor)), detail)
        } else if older {
            let detail = format!(
                "the {what} {pk} of {} points to {written}, which is not there, and is older than every {} in the source",
                source.id, pointer.role
            );
            ("pre_migration_delete", None, detail)
        } else {
            ("orphan", None, format!("the {what} {pk} of {} points to {written}, which is not there", source.id))
        };
        let field = pointer.column.concept.clone().unwrap_or_default();
        found.push(with_money(conflict(kind, &field, Some(side_a), side_b, detail), money_of(&answer, row, 4, &money)));
    }
    let more = u64::try_from(all).unwrap_or(0).saturating_sub(answer.len() as u64);
    if more > 0
        && let Some(first) = found.first()
    {
        found.push(beyond_listed(first, more));
    }
    Ok(found)
}

/// The survivors by the ids that they list as merged into them.
fn merged_ids<'map>(
    scene: &'map Scene<'_>,
    source: &SourceEntry,
    pointer: &Pointer<'map>,
) -> FxHashMap<String, (&'map TableEntry, String)> {
    let mut found = FxHashMap::default();
    for target in &pointer.targets {
        let Some(sheet) = scene.sheet_of(source.id.as_str(), &target.name.table) else { continue };
        for &column in sheet.with("merged_ids") {
            for row in sheet.rows.iter().filter(|row| !row.dead) {
                let Some(list) = row.cell(column) else { continue };
                for id in list.split(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '_') {
                    if !id.is_empty() {
                        found.insert(comparable(id, salesforce(pointer)), (*target, row.pk.clone()));
                    }
                }
            }
        }
    }
    found
}

/// When the oldest record that could be pointed to was created.
fn oldest_parent(pointer: &Pointer<'_>) -> Option<String> {
    pointer
        .targets
        .iter()
        .filter_map(|target| target.column_of(&format!("{}.created_at", target.role)))
        .filter_map(|column| column.profile.min.clone())
        .min()
}

/// Rows that name no account at all, where every row should.
fn without_account(scene: &Scene<'_>, source: &SourceEntry, table: &TableEntry) -> Result<Vec<Conflict>> {
    if !matches!(table.role, Role::Invoice | Role::Subscription | Role::Opportunity) || table.rows == 0 {
        return Ok(Vec::new());
    }
    let pointing = table.columns_of(&format!("{}.account_id", table.role));
    let Some(column) = pointing.first().filter(|_| pointing.iter().any(|column| column.profile.nulls > 0)) else {
        return Ok(Vec::new());
    };
    let dialect = scene.warehouse.dialect();
    let money = money_columns(table);
    let empty: Vec<String> =
        pointing.iter().map(|column| format!("{} IS NULL", rows::text(dialect, column, "t"))).collect();
    let inner = format!(
        "SELECT {key} AS pk, {money} FROM {newest} AS t WHERE NOT {dead} AND {empty}",
        key = rows::key(dialect, table, "t"),
        money = select_money(dialect, &money),
        newest = rows::newest(dialect, table),
        dead = rows::dead(dialect, table, "t"),
        empty = empty.join(" AND "),
    );
    let all =
        scene.warehouse.query(&format!("SELECT count(pk) FROM ({inner}) AS child"), &[])?.integer(0, 0).unwrap_or(0);
    let sql = format!(
        "SELECT pk, amount, currency FROM ({inner}) AS child WHERE pk IS NOT NULL ORDER BY coalesce(amount, 0) DESC, {} LIMIT {LISTED}",
        dialect.ordered("pk")
    );
    let answer = scene.warehouse.query(&sql, &[])?;
    let mut found = Vec::new();
    for row in 0..answer.len() {
        let Some(pk) = answer.text(row, 0) else { continue };
        let detail = format!("the {} {pk} of {} names no account", table.role, source.id);
        let side_a = side(source, table, pk, &column.name, "");
        let made = conflict("orphan", column.concept.as_deref().unwrap_or(""), Some(side_a), None, detail);
        found.push(with_money(made, money_of(&answer, row, 1, &money)));
    }
    let more = u64::try_from(all).unwrap_or(0).saturating_sub(answer.len() as u64);
    if more > 0
        && let Some(first) = found.first()
    {
        found.push(beyond_listed(first, more));
    }
    Ok(found)
}

/// The columns of a row's money.
pub struct Money<'map> {
    amount: Option<&'map ColumnEntry>,
    currency: Option<&'map ColumnEntry>,
}

/// The columns in which a table carries money.
pub fn money_columns(table: &TableEntry) -> Money<'_> {
    let of = |property: &str| table.column_of(&format!("{}.{property}", table.role));
    Money { amount: of("amount").or_else(|| of("arr")), currency: of("currency") }
}

/// The columns `amount` and `currency` of the row `t`.
pub fn select_money(dialect: Dialect, money: &Money<'_>) -> String {
    let amount = money.amount.map_or_else(
        || "CAST(NULL AS DOUBLE PRECISION)".to_owned(),
        |column| dialect.try_number(&rows::text(dialect, column, "t")),
    );
    let currency = money.currency.map_or_else(
        || format!("CAST(NULL AS {})", dialect.type_name(crate::warehouse::ColumnType::Text)),
        |column| rows::text(dialect, column, "t"),
    );
    format!("{amount} AS amount, {currency} AS currency")
}

/// The money of an answer's row, in units of the currency.
pub fn money_of(answer: &Rows, row: usize, at: usize, money: &Money<'_>) -> Option<(f64, Option<String>)> {
    let amount = answer.float(row, at)?;
    let currency = answer.text(row, at + 1).map(str::to_uppercase);
    let whole = currency.as_deref().is_some_and(|code| {
        crate::catalog::shipped().is_ok_and(|catalog| {
            catalog.systems.iter().any(|system| system.zero_decimal_currencies.iter().any(|own| own == code))
        })
    });
    let units = money.amount.and_then(|column| column.units_per_currency_unit).filter(|_| !whole).unwrap_or(1);
    Some((amount / f64::from(units), currency))
}
