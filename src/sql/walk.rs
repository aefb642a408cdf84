//! Which parts does an expression have?

use sqlparser::ast::{
    AccessExpr, Expr, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments, OneOrManyWithParens,
    OrderByExpr, Query, Subscript, WindowSpec,
};

/// One part of an expression.
pub(super) enum Part<'a> {
    /// A smaller expression.
    Expression(&'a Expr),
    /// A query whose one value is used.
    Scalar(&'a Query),
    /// A query that is asked whether it has a row, or this row.
    Membership(&'a Query),
    /// A star: the rows as such.
    Rows,
}

/// The parts of an expression that says nothing itself; None for one that does: a name, a constant, a function, a lambda.
#[expect(clippy::too_many_lines, reason = "one list of every form that an expression can have")]
pub(super) fn parts<'e>(expression: &'e Expr) -> Option<Vec<Part<'e>>> {
    let mut found: Vec<Part<'e>> = Vec::new();
    let mut add = |inner: Option<&'e Expr>| found.extend(inner.map(Part::Expression));
    match expression {
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::CompoundFieldAccess { .. }
        | Expr::Value(_)
        | Expr::TypedString(_)
        | Expr::Function(_)
        | Expr::Lambda(_)
        | Expr::MatchAgainst { .. } => return None,
        Expr::JsonAccess { value: inner, .. }
        | Expr::IsFalse(inner)
        | Expr::IsNotFalse(inner)
        | Expr::IsTrue(inner)
        | Expr::IsNotTrue(inner)
        | Expr::IsNull(inner)
        | Expr::IsNotNull(inner)
        | Expr::IsUnknown(inner)
        | Expr::IsNotUnknown(inner)
        | Expr::IsJson { expr: inner, .. }
        | Expr::IsNormalized { expr: inner, .. }
        | Expr::UnaryOp { expr: inner, .. }
        | Expr::Cast { expr: inner, .. }
        | Expr::Extract { expr: inner, .. }
        | Expr::Ceil { expr: inner, .. }
        | Expr::Floor { expr: inner, .. }
        | Expr::Collate { expr: inner, .. }
        | Expr::Nested(inner)
        | Expr::Prefixed { value: inner, .. }
        | Expr::Named { expr: inner, .. }
        | Expr::OuterJoin(inner)
        | Expr::Prior(inner) => add(Some(inner)),
        Expr::IsDistinctFrom(left, right)
        | Expr::IsNotDistinctFrom(left, right)
        | Expr::BinaryOp { left, right, .. }
        | Expr::AnyOp { left, right, .. }
        | Expr::AllOp { left, right, .. } => {
            add(Some(left));
            add(Some(right));
        }
        Expr::Like { expr, pattern, .. }
        | Expr::ILike { expr, pattern, .. }
        | Expr::SimilarTo { expr, pattern, .. }
        | Expr::RLike { expr, pattern, .. } => {
            add(Some(expr));
            add(Some(pattern));
        }
        Expr::InList { expr, list, .. } => {
            add(Some(expr));
            found.extend(list.iter().map(Part::Expression));
        }
        Expr::InUnnest { expr, array_expr, .. } => {
            add(Some(expr));
            add(Some(array_expr));
        }
        Expr::Between { expr, low, high, .. } => {
            add(Some(expr));
            add(Some(low));
            add(Some(high));
        }
        Expr::Convert { expr, styles, .. } => {
            add(Some(expr));
            found.extend(styles.iter().map(Part::Expression));
        }
        Expr::AtTimeZone { timestamp, time_zone } => {
            add(Some(timestamp));
            add(Some(time_zone));
        }
        Expr::Position { expr, r#in } => {
            add(Some(expr));
            add(Some(r#in));
        }
        Expr::Substring { expr, substring_from, substring_for, .. } => {
            add(Some(expr));
            add(substring_from.as_deref());
            add(substring_for.as_deref());
        }
        Expr::Trim { expr, trim_what, trim_characters, .. } => {
            add(Some(expr));
            add(trim_what.as_deref());
            found.extend(trim_characters.iter().flatten().map(Part::Expression));
        }
        Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
            add(Some(expr));
            add(Some(overlay_what));
            add(Some(overlay_from));
            add(overlay_for.as_deref());
        }
        Expr::Case { operand, conditions, else_result, .. } => {
            add(operand.as_deref());
            for when in conditions {
                add(Some(&when.condition));
                add(Some(&when.result));
            }
            add(else_result.as_deref());
        }
        Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
            found.extend(sets.iter().flatten().map(Part::Expression));
        }
        Expr::Tuple(items) => found.extend(items.iter().map(Part::Expression)),
        Expr::Struct { values, .. } => found.extend(values.iter().map(Part::Expression)),
        Expr::Dictionary(fields) => found.extend(fields.iter().map(|field| Part::Expression(&field.value))),
        Expr::Map(map) => {
            for entry in &map.entries {
                add(Some(&entry.key));
                add(Some(&entry.value));
            }
        }
        Expr::Array(array) => found.extend(array.elem.iter().map(Part::Expression)),
        Expr::Interval(interval) => add(Some(&interval.value)),
        Expr::MemberOf(member) => {
            add(Some(&member.value));
            add(Some(&member.array));
        }
        Expr::Exists { subquery, .. } => found.push(Part::Membership(subquery)),
        Expr::InSubquery { expr, subquery, .. } => {
            add(Some(expr));
            found.push(Part::Membership(subquery));
        }
        Expr::Subquery(query) => found.push(Part::Scalar(query)),
        Expr::Wildcard(_) | Expr::QualifiedWildcard(_, _) => found.push(Part::Rows),
    }
    Some(found)
}

/// What stands between the parentheses of a function.
pub(super) fn arguments(arguments: &FunctionArguments) -> Vec<Part<'_>> {
    match arguments {
        FunctionArguments::None => Vec::new(),
        FunctionArguments::Subquery(query) => vec![Part::Scalar(query)],
        FunctionArguments::List(list) => {
            let mut found: Vec<Part<'_>> = list.args.iter().map(argument).collect();
            for clause in &list.clauses {
                match clause {
                    FunctionArgumentClause::Where(inner) | FunctionArgumentClause::Limit(inner) => {
                        found.push(Part::Expression(inner));
                    }
                    FunctionArgumentClause::OrderBy(items) => found.extend(ordered(items)),
                    FunctionArgumentClause::Having(bound) => found.push(Part::Expression(&bound.1)),
                    _ => {}
                }
            }
            found
        }
    }
}

/// One argument.
pub(super) fn argument(argument: &FunctionArg) -> Part<'_> {
    let (FunctionArg::Named { arg, .. } | FunctionArg::ExprNamed { arg, .. } | FunctionArg::Unnamed(arg)) = argument;
    match arg {
        FunctionArgExpr::Expr(inner) => Part::Expression(inner),
        FunctionArgExpr::QualifiedWildcard(_) | FunctionArgExpr::Wildcard | FunctionArgExpr::WildcardWithOptions(_) => {
            Part::Rows
        }
    }
}

/// What a window parts and orders its rows by.
pub(super) fn window(window: &WindowSpec) -> Vec<Part<'_>> {
    window.partition_by.iter().map(Part::Expression).chain(ordered(&window.order_by)).collect()
}

/// What rows are ordered by.
pub(super) fn ordered(items: &[OrderByExpr]) -> impl Iterator<Item = Part<'_>> {
    items.iter().map(|item| Part::Expression(&item.expr))
}

/// Names of fields, and expressions between brackets, in a chain of accesses.
pub(super) fn access(chain: &[AccessExpr]) -> impl Iterator<Item = &Expr> {
    chain.iter().flat_map(|access| match access {
        AccessExpr::Dot(_) => Vec::new(),
        AccessExpr::Subscript(Subscript::Index { index }) => vec![index],
        AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride }) => {
            [lower_bound, upper_bound, stride].into_iter().flatten().collect()
        }
    })
}

/// The names of a lambda's parameters.
pub(super) fn parameters(
    parameters: &OneOrManyWithParens<sqlparser::ast::LambdaFunctionParameter>,
) -> impl Iterator<Item = &str> {
    let listed = match parameters {
        OneOrManyWithParens::One(one) => std::slice::from_ref(one),
        OneOrManyWithParens::Many(many) => many.as_slice(),
    };
    listed.iter().map(|parameter| parameter.name.value.as_str())
}
