//! Out of what is the value of an expression made?

use sqlparser::ast::{Expr, Function, Ident, NamedWindowExpr, Query, Spanned, Value, WindowType};
use sqlparser::tokenizer::Location;

use super::fault::alike;
use super::resolve::Resolver;
use super::scope::{Found, Scope};
use super::walk::{self, Part};
use super::{Fault, How, Provenance, StandInKind};

/// Functions that work on many rows.
const AGGREGATES: [&str; 46] = [
    "any_value",
    "approx_count_distinct",
    "approx_distinct",
    "arg_max",
    "arg_min",
    "argmax",
    "argmin",
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bool_and",
    "bool_or",
    "booland_agg",
    "boolor_agg",
    "corr",
    "count",
    "count_if",
    "countif",
    "every",
    "first",
    "group_concat",
    "json_agg",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_object_agg",
    "last",
    "list",
    "listagg",
    "logical_and",
    "logical_or",
    "max",
    "max_by",
    "mean",
    "median",
    "min",
    "min_by",
    "mode",
    "object_agg",
    "percentile_cont",
    "percentile_disc",
    "stddev",
    "string_agg",
    "sum",
    "variance",
    "approx_percentile",
];

/// Functions whose argument can be a part of a date without quotes.
const WITH_DATE_PARTS: [&str; 28] = [
    "add_interval",
    "date_add",
    "date_diff",
    "date_part",
    "date_sub",
    "date_trunc",
    "dateadd",
    "datediff",
    "datename",
    "datepart",
    "datetime_add",
    "datetime_diff",
    "datetime_sub",
    "datetime_trunc",
    "extract",
    "last_day",
    "next_day",
    "time_diff",
    "time_slice",
    "time_trunc",
    "timeadd",
    "timediff",
    "timestamp_add",
    "timestamp_diff",
    "timestamp_sub",
    "timestamp_trunc",
    "timestampadd",
    "timestampdiff",
];

/// The parts of a date.
const DATE_PARTS: [&str; 34] = [
    "century",
    "d",
    "day",
    "dayofweek",
    "dayofyear",
    "days",
    "decade",
    "dow",
    "doy",
    "epoch",
    "h",
    "hour",
    "hours",
    "isoweek",
    "isoyear",
    "microsecond",
    "millisecond",
    "minute",
    "minutes",
    "mm",
    "month",
    "months",
    "quarter",
    "second",
    "seconds",
    "week",
    "week_iso",
    "weekday",
    "weeks",
    "year",
    "years",
    "yy",
    "yyyy",
    "nanosecond",
];

/// What was seen on the way through one expression.
#[derive(Default)]
struct Seen {
    found: Provenance,
    /// Constants of the expression itself.
    constants: usize,
    nulls: usize,
    generated: usize,
    columns: usize,
    is_faulty: bool,
    /// Names that a lambda binds.
    bound: Vec<String>,
}

impl Resolver<'_> {
    /// Resolves an expression.
    pub(super) fn expression(&mut self, expression: &Expr, scope: &Scope<'_>) -> Provenance {
        let mut seen = Seen::default();
        // Expressions can be as deep as they are long: they are walked without recursion.
        let mut open: Vec<Part<'_>> = vec![Part::Expression(expression)];
        while let Some(part) = open.pop() {
            match part {
                Part::Expression(inner) => match walk::parts(inner) {
                    Some(parts) => {
                        if !matches!(inner, Expr::Nested(_)) {
                            seen.found.how = seen.found.how.max(How::Derived);
                        }
                        open.extend(parts.into_iter().rev());
                    }
                    None => self.leaf(inner, scope, &mut seen, &mut open),
                },
                Part::Scalar(query) => {
                    let output = self.query(query, scope.ctes, Some(scope));
                    for column in &output.columns {
                        seen.found.join(&column.provenance);
                    }
                    seen.found.rows_of.extend(output.open);
                }
                Part::Membership(query) => self.membership(query, scope, &mut seen),
                Part::Rows => rows(scope, &mut seen),
            }
        }
        self.settled(expression, seen)
    }

    fn leaf<'e>(&mut self, inner: &'e Expr, scope: &Scope<'_>, seen: &mut Seen, open: &mut Vec<Part<'e>>) {
        match inner {
            Expr::Value(value) => match &value.value {
                Value::Null => seen.nulls += 1,
                _ => seen.constants += 1,
            },
            Expr::TypedString(_) => seen.constants += 1,
            Expr::Identifier(name) => self.column(std::slice::from_ref(name), scope, seen),
            Expr::CompoundIdentifier(parts) => self.column(parts, scope, seen),
            Expr::CompoundFieldAccess { root, access_chain } => {
                seen.found.how = seen.found.how.max(How::Derived);
                open.extend(walk::access(access_chain).map(Part::Expression));
                open.push(Part::Expression(root));
            }
            Expr::Function(function) => self.function(function, scope, seen, open),
            Expr::Lambda(lambda) => {
                seen.bound.extend(walk::parameters(&lambda.params).map(str::to_lowercase));
                open.push(Part::Expression(&lambda.body));
            }
            Expr::MatchAgainst { columns, .. } => {
                for column in columns {
                    self.column(&super::star::idents(column), scope, seen);
                }
            }
            _ => {}
        }
    }

    fn function<'e>(&mut self, function: &'e Function, scope: &Scope<'_>, seen: &mut Seen, open: &mut Vec<Part<'e>>) {
        let name = function.name.0.last().map_or_else(String::new, |part| part.to_string().to_lowercase());
        let before = open.len();
        open.extend(walk::arguments(&function.parameters));
        open.extend(walk::arguments(&function.args));
        if WITH_DATE_PARTS.contains(&name.as_str()) {
            open.retain(|part| !matches!(part, Part::Expression(Expr::Identifier(word)) if is_date_part(word)));
        }
        open.extend(walk::ordered(&function.within_group));
        open.extend(function.filter.as_deref().map(Part::Expression));
        let is_empty = open.len() == before;
        let mut is_over_rows = AGGREGATES.contains(&name.as_str()) || !function.within_group.is_empty();
        match &function.over {
            None => {}
            Some(WindowType::WindowSpec(window)) => {
                is_over_rows = true;
                open.extend(walk::window(window));
            }
            Some(WindowType::NamedWindow(wanted)) => {
                is_over_rows = true;
                self.named_window(wanted, scope, seen);
            }
        }
        if is_over_rows {
            seen.found.how = How::Aggregated;
            let counts =
                open[before..].iter().all(|part| matches!(part, Part::Rows | Part::Expression(Expr::Value(_))));
            if counts {
                rows(scope, seen);
            }
        } else {
            seen.found.how = seen.found.how.max(How::Derived);
            if is_empty {
                seen.generated += 1;
            }
        }
    }

    fn named_window(&mut self, wanted: &Ident, scope: &Scope<'_>, seen: &mut Seen) {
        let found = scope.windows.iter().find(|window| window.0.value.eq_ignore_ascii_case(&wanted.value));
        match found.map(|window| &window.1) {
            Some(NamedWindowExpr::WindowSpec(window)) => {
                for part in walk::window(window) {
                    if let Part::Expression(inner) = part {
                        let provenance = self.expression(inner, scope);
                        seen.found.join(&provenance);
                    }
                }
            }
            Some(NamedWindowExpr::NamedWindow(_)) => {}
            None => {
                seen.is_faulty = true;
                let message = format!("there is no window called {wanted}");
                self.faults.push(Fault::at(wanted.span.start, message).hint("declare it after WINDOW"));
            }
        }
    }

    /// A query that is asked for the presence of a row: what it compares decides.
    fn membership(&mut self, query: &Query, scope: &Scope<'_>, seen: &mut Seen) {
        let output = self.query(query, scope.ctes, Some(scope));
        seen.found.how = seen.found.how.max(How::Derived);
        seen.found.origins.extend(output.conditions);
        for column in &output.columns {
            seen.found.origins.extend(column.provenance.origins.iter().cloned());
            seen.found.rows_of.extend(column.provenance.rows_of.iter().cloned());
        }
        seen.found.rows_of.extend(output.open);
    }

    /// A name: of a column, of a column of a table, of a field within a column.
    fn column(&mut self, parts: &[Ident], scope: &Scope<'_>, seen: &mut Seen) {
        let Some(first) = parts.first() else { return };
        if seen.bound.contains(&first.value.to_lowercase()) {
            return;
        }
        seen.columns += 1;
        for qualifier in (1..parts.len()).rev() {
            let Some(relation) = scope.relation(&parts[..qualifier]) else { continue };
            let wanted = &parts[qualifier];
            if parts.len() > qualifier + 1 {
                seen.found.how = seen.found.how.max(How::Derived);
            }
            if let Some(provenance) = relation.provenance(&wanted.value) {
                seen.found.join(&provenance);
                return;
            }
            let whole = relation.name.join(".");
            let known = relation.columns.iter().map(|column| column.name.as_str());
            let message = format!("{whole} has no column {wanted}");
            self.fault(wanted.span.start, message, alike(&wanted.value, known), seen);
            return;
        }
        match scope.bare(&first.value) {
            Found::One(provenance) => {
                if parts.len() > 1 {
                    seen.found.how = seen.found.how.max(How::Derived);
                }
                seen.found.join(&provenance);
            }
            Found::Several(relations) => {
                seen.is_faulty = true;
                let message = format!("{first} could be a column of {}", relations.join(" or "));
                self.faults.push(Fault::at(first.span.start, message).hint("say whose: table.column"));
            }
            Found::None if parts.len() == 1 && is_pseudo(first) => seen.generated += 1,
            Found::None => {
                let written: Vec<String> = parts.iter().map(ToString::to_string).collect();
                let message = if parts.len() > 1 {
                    format!("there is no table or alias called {first} here, for {}", written.join("."))
                } else {
                    format!("there is no column {first} here")
                };
                let close = alike(&first.value, scope.names().into_iter()).filter(|_| parts.len() == 1);
                self.fault(first.span.start, message, close, seen);
            }
        }
    }

    fn fault(&mut self, place: Location, message: String, close: Option<&str>, seen: &mut Seen) {
        seen.is_faulty = true;
        let fault = Fault::at(place, message);
        self.faults.push(match close {
            Some(close) => fault.hint(format!("did you mean {close}?")),
            None => fault,
        });
    }

    /// What the whole expression is made of.
    fn settled(&self, expression: &Expr, seen: Seen) -> Provenance {
        let Seen { mut found, constants, nulls, generated, columns, is_faulty, .. } = seen;
        if columns + constants + nulls > 1 {
            // More than one thing went in, so what is missing from one of them need not be missing here.
            found.gaps.clear();
        }
        if found.is_grounded() || is_faulty || !found.stand_ins.is_empty() {
            found.settle();
            return found;
        }
        let kind = match (generated, constants, nulls) {
            (1.., _, _) => StandInKind::Generated,
            (0, 0, 1..) => StandInKind::Null,
            _ => StandInKind::Constant,
        };
        let mut standing = self.stand_in(kind, &expression.to_string(), expression.span().start);
        standing.how = How::Copied;
        standing
    }
}

/// The rows of everything in FROM.
fn rows(scope: &Scope<'_>, seen: &mut Seen) {
    for relation in scope.relations {
        let whole = relation.whole();
        seen.found.rows_of.extend(whole.origins.into_iter().map(|origin| origin.table));
        seen.found.rows_of.extend(whole.rows_of);
    }
}

fn is_date_part(word: &Ident) -> bool {
    word.quote_style.is_none() && DATE_PARTS.contains(&word.value.to_lowercase().as_str())
}

/// Names that engines give a value of their own.
fn is_pseudo(name: &Ident) -> bool {
    const NAMES: [&str; 14] = [
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "getdate",
        "localtime",
        "localtimestamp",
        "rowid",
        "session_user",
        "sysdate",
        "user",
    ];
    name.quote_style.is_none() && NAMES.contains(&name.value.to_lowercase().as_str())
}
