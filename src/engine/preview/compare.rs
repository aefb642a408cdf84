//! In what do two outcomes differ?

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::outcome::{Outcome, Value};
use super::{FieldChange, Flip, KindChange, Preview};
use crate::chart::conflict::Conflict;

/// Changes of one field shown as examples.
const SAMPLE: usize = 20;

/// Fields whose values are sums of money in the account's currency.
const MONEY: [&str; 3] = ["accounts.arr", "accounts.mrr", "accounts.overdue_amount"];

/// Lays two outcomes side by side.
pub fn compare(before: &Outcome, after: &Outcome) -> Preview {
    Preview {
        against: String::new(),
        accounts: (before.accounts, after.accounts),
        people: (before.people, after.people),
        to_review: Some((before.to_review, after.to_review)),
        conflicts: conflicts(&before.conflicts, &after.conflicts),
        fields: fields(before, after),
    }
}

/// Conflicts that are open in one and not in the other; both lists are sorted by id.
pub fn conflicts(before: &[Conflict], after: &[Conflict]) -> Vec<KindChange> {
    let open = |conflicts: &[Conflict]| -> BTreeMap<String, (String, Option<(String, f64)>)> {
        conflicts
            .iter()
            .filter(|conflict| conflict.status == "open")
            .map(|conflict| {
                let money = conflict.money_at_stake.map(|money| (conflict.currency.clone().unwrap_or_default(), money));
                (conflict.id.clone(), (conflict.kind.clone(), money))
            })
            .collect()
    };
    let (before, after) = (open(before), open(after));
    let mut kinds: BTreeMap<&str, (KindChange, BTreeMap<String, f64>)> = BTreeMap::new();
    for (_, (kind, money)) in before.iter().filter(|(id, _)| !after.contains_key(*id)) {
        let change = kinds.entry(kind).or_default();
        change.0.closed += 1;
        if let Some((currency, money)) = money {
            *change.1.entry(currency.clone()).or_default() += money;
        }
    }
    for (_, (kind, _)) in after.iter().filter(|(id, _)| !before.contains_key(*id)) {
        kinds.entry(kind).or_default().0.opened += 1;
    }
    let mut found: Vec<KindChange> = kinds
        .into_iter()
        .map(|(kind, (change, money))| KindChange {
            kind: kind.to_owned(),
            money: money.into_iter().collect(),
            ..change
        })
        .collect();
    found.sort_by(|one, other| {
        (other.closed + other.opened).cmp(&(one.closed + one.opened)).then_with(|| one.kind.cmp(&other.kind))
    });
    found
}

/// A value in one outcome or both.
type Pair<'a> = (Option<&'a Value>, Option<&'a Value>);

/// Values of entities that both outcomes have; those of new and vanished entities are counted with the entities.
fn fields(before: &Outcome, after: &Outcome) -> Vec<FieldChange> {
    let mut fields: BTreeMap<&str, Vec<Pair<'_>>> = BTreeMap::new();
    for (one, other) in merged(&before.values, &after.values) {
        let Some(value) = one.or(other) else { continue };
        let known = before.labels.contains_key(&value.entity) && after.labels.contains_key(&value.entity);
        let differs = one.map(|value| &value.text) != other.map(|value| &value.text);
        if known && differs {
            fields.entry(&value.field).or_default().push((one, other));
        }
    }
    let arr = |outcome: &Outcome, entity: &str| number(find(&outcome.values, entity, "accounts.arr")).unwrap_or(0.0);
    let mut found: Vec<FieldChange> = fields
        .into_iter()
        .map(|(field, mut pairs)| {
            let mut change = FieldChange { field: field.to_owned(), ..FieldChange::default() };
            for (one, other) in &pairs {
                match (one, other) {
                    (Some(_), Some(_)) => change.changed += 1,
                    (None, _) => change.filled += 1,
                    (_, None) => change.emptied += 1,
                }
            }
            if MONEY.contains(&field) {
                change.money = money(before, after, &pairs);
            }
            pairs.sort_by(|one, other| {
                let entity = |pair: &Pair<'_>| pair.0.or(pair.1).map_or("", |value| value.entity.as_str()).to_owned();
                let size = |pair: &Pair<'_>| arr(before, &entity(pair)).max(arr(after, &entity(pair)));
                size(other).total_cmp(&size(one)).then_with(|| entity(one).cmp(&entity(other)))
            });
            change.sample = pairs.iter().take(SAMPLE).map(|pair| flip(before, after, *pair)).collect();
            change
        })
        .collect();
    found.sort_by(|one, other| {
        let size = |change: &FieldChange| change.changed + change.filled + change.emptied;
        size(other).cmp(&size(one)).then_with(|| one.field.cmp(&other.field))
    });
    found
}

fn flip(before: &Outcome, after: &Outcome, (one, other): Pair<'_>) -> Flip {
    let entity = one.or(other).map_or("", |value| value.entity.as_str());
    let label = after.labels.get(entity).or_else(|| before.labels.get(entity)).cloned().unwrap_or_default();
    Flip {
        entity: entity.to_owned(),
        label,
        before: one.map(|value| value.text.clone()),
        from: one.map(|value| value.source.clone()).unwrap_or_default(),
        after: other.map(|value| value.text.clone()),
        to: other.map(|value| value.source.clone()).unwrap_or_default(),
    }
}

/// Sums of the changed values, by the currency that their account has then.
fn money(before: &Outcome, after: &Outcome, pairs: &[Pair<'_>]) -> Vec<(String, f64, f64)> {
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let currency = |outcome: &Outcome, value: &Value| {
        find(&outcome.values, &value.entity, "accounts.currency").map_or_else(String::new, |value| value.text.clone())
    };
    for (one, other) in pairs {
        if let Some(value) = one {
            sums.entry(currency(before, value)).or_default().0 += number(Some(value)).unwrap_or(0.0);
        }
        if let Some(value) = other {
            sums.entry(currency(after, value)).or_default().1 += number(Some(value)).unwrap_or(0.0);
        }
    }
    sums.into_iter().map(|(currency, (one, other))| (currency, one, other)).collect()
}

fn number(value: Option<&Value>) -> Option<f64> {
    value?.text.parse().ok()
}

fn find<'a>(values: &'a [Value], entity: &str, field: &str) -> Option<&'a Value> {
    let at = values.partition_point(|value| (value.entity.as_str(), value.field.as_str()) < (entity, field));
    values.get(at).filter(|value| value.entity == entity && value.field == field)
}

/// Two sorted lists as one, by entity and field.
fn merged<'a>(before: &'a [Value], after: &'a [Value]) -> impl Iterator<Item = Pair<'a>> {
    let (mut one, mut other) = (before.iter().peekable(), after.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (one.peek(), other.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => (&left.entity, &left.field).cmp(&(&right.entity, &right.field)),
        };
        Some(match order {
            Ordering::Less => (one.next(), None),
            Ordering::Greater => (None, other.next()),
            Ordering::Equal => (one.next(), other.next()),
        })
    })
}
