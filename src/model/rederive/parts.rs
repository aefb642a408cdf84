//! Which SQL puts a value together again from the few source rows that it was made of?

use super::{Subject, source};
use crate::model::cell::Amount;
use crate::model::parse;
use crate::model::trace::TracedPart;

pub(super) fn query(subject: &Subject<'_>) -> Option<String> {
    let trace = subject.trace;
    let own: Vec<&TracedPart> = trace.parts.iter().filter(|part| part.of.is_none()).collect();
    if (own.len() as u64) < trace.part_count {
        return None;
    }
    let of = |kind: &str| own.iter().copied().filter(|part| part.part == kind).collect::<Vec<_>>();
    let (adds, counts, reads) = (of("adds"), of("counts"), of("reads"));
    let field = subject.dialect.quote(&trace.field);
    let value = trace.value.as_deref()?;
    if !adds.is_empty() {
        let is_whole = !value.contains('.');
        let rows: Option<Vec<String>> = adds.iter().map(|part| addend(subject, part)).collect();
        let kind = if is_whole { "BIGINT" } else { "DECIMAL(38, 6)" };
        return Some(format!(
            "SELECT CAST(COALESCE(SUM(contribution), 0) AS {kind}) AS {field}\nFROM (\n  {}\n) contributions",
            rows?.join("\n  UNION ALL ")
        ));
    }
    if !counts.is_empty() {
        let rows: Option<Vec<String>> = counts.iter().map(|part| counted(subject, part)).collect();
        return Some(format!("SELECT COUNT(*) AS {field}\nFROM (\n  {}\n) counted", rows?.join("\n  UNION ALL ")));
    }
    match (trace.field.as_str(), reads.first()) {
        ("domains" | "emails", Some(_)) => {
            let rows: Option<Vec<String>> = reads.iter().map(|part| read(subject, part)).collect();
            let ordered = subject.dialect.ordered("contribution");
            Some(format!(
                "SELECT string_agg(contribution, ',' ORDER BY {ordered}) AS {field}\nFROM (SELECT DISTINCT contribution FROM (\n  {}\n) every_row) reads",
                rows?.join("\n  UNION ALL ")
            ))
        }
        ("name", Some(_)) => {
            let halves: Option<Vec<String>> =
                reads.iter().map(|part| Some(format!("({})", read(subject, part)?))).collect();
            Some(format!("SELECT concat_ws(' ', {}) AS {field}", halves?.join(", ")))
        }
        (_, Some(first)) => {
            // The value follows from one cell: as long as that says the same, so does this.
            let entry = subject.entry(&first.source, &first.table)?;
            let rows = source::rows(subject.dialect, entry, &[&first.pk])?;
            let column = subject.dialect.text(&subject.dialect.quote(first.column.as_deref()?));
            let mapped = source::mapped(subject.dialect, &column, first.value.as_deref()?, value);
            Some(format!("SELECT {mapped} AS {field}\n{rows}"))
        }
        (_, None)
            if trace.check.as_ref().is_some_and(|check| check.agrees && parse::money(&check.rows_give).is_some()) =>
        {
            let zero = if value.contains('.') { "CAST(0 AS DECIMAL(38, 6))" } else { "CAST(0 AS BIGINT)" };
            Some(format!("SELECT {zero} AS {field} -- no row was counted"))
        }
        (_, None) => None,
    }
}

/// What one row adds: its number times what fourfold multiplied it by (a quantity, the months of a period).
fn addend(subject: &Subject<'_>, part: &TracedPart) -> Option<String> {
    let entry = subject.entry(&part.source, &part.table)?;
    let rows = source::rows(subject.dialect, entry, &[&part.pk])?;
    let (column, raw) = (part.column.as_deref()?, part.value.as_deref()?);
    let adds = parse::money(part.contribution.as_deref()?)?;
    let text = subject.dialect.text(&subject.dialect.quote(column));
    let expression = match factor(raw, adds) {
        Some(factor) => format!("{} * {factor}", subject.dialect.try_decimal(&text)),
        None => format!(
            "CASE WHEN {text} = {} THEN CAST({} AS DECIMAL(38, 6)) END",
            subject.dialect.literal(raw),
            subject.dialect.literal(&adds.to_string())
        ),
    };
    Some(format!("SELECT {expression} AS contribution {rows}"))
}

/// By what the number in the cell was multiplied, where that has few digits; None where the cell holds no plain number.
fn factor(raw: &str, adds: Amount) -> Option<String> {
    let number = parse::money(raw.trim()).filter(|number| number.0 != 0)?;
    let is_plain = raw.trim_matches(' ').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    let exact = adds.scaled(Amount::SCALE, number.0)?;
    let again = number.scaled(exact.0, Amount::SCALE)?;
    (is_plain && again == adds).then(|| format!("CAST({exact} AS DECIMAL(18, 6))"))
}

fn counted(subject: &Subject<'_>, part: &TracedPart) -> Option<String> {
    let entry = subject.entry(&part.source, &part.table)?;
    let rows = source::rows(subject.dialect, entry, &[&part.pk])?;
    let column = part.column.as_deref().filter(|column| entry.columns.iter().any(|known| known.name == **column));
    let same = match (column, part.value.as_deref()) {
        (Some(column), Some(value)) => {
            let text = subject.dialect.text(&subject.dialect.quote(column));
            format!(" AND {text} = {}", subject.dialect.literal(value))
        }
        _ => String::new(),
    };
    Some(format!("SELECT 1 AS one {rows}{same}"))
}

fn read(subject: &Subject<'_>, part: &TracedPart) -> Option<String> {
    let entry = subject.entry(&part.source, &part.table)?;
    let rows = source::rows(subject.dialect, entry, &[&part.pk])?;
    let text = subject.dialect.text(&subject.dialect.quote(part.column.as_deref()?));
    let mapped = source::mapped(subject.dialect, &text, part.value.as_deref()?, part.contribution.as_deref()?);
    Some(format!("SELECT {mapped} AS contribution {rows}"))
}
