//! What does one SELECT give?

use std::collections::BTreeSet;

use sqlparser::ast::{ConnectByKind, Distinct, Expr, GroupByExpr, Ident, Select, SelectItem, Spanned};

use super::query::Output;
use super::resolve::Resolver;
use super::scope::{Ctes, Scope, ScopeColumn};
use super::{Origin, OutputColumn, Provenance};

impl Resolver<'_> {
    pub(super) fn select(&mut self, select: &Select, ctes: &Ctes, parent: Option<&Scope<'_>>) -> Output {
        let (mut relations, mut conditions) = self.from(&select.from, ctes, parent);
        for view in &select.lateral_views {
            let scope = Scope { relations: &relations, aliases: &[], windows: &[], ctes, parent };
            let made = self.expression(&view.lateral_view, &scope);
            let name =
                view.lateral_view_name.0.iter().filter_map(|part| part.as_ident()).map(|part| part.value.clone());
            relations.push(super::from::made(
                name.collect(),
                view.lateral_col_alias.iter().map(|alias| alias.value.clone()),
                made,
            ));
        }
        let mut output = Output::default();
        let mut aliases: Vec<ScopeColumn> = Vec::new();
        for item in &select.projection {
            let scope = Scope { relations: &relations, aliases: &aliases, windows: &select.named_window, ctes, parent };
            let first_new = output.columns.len();
            self.item(item, &scope, &mut output);
            for column in &output.columns[first_new..] {
                aliases.push(ScopeColumn { name: column.name.clone(), provenance: column.provenance.clone() });
            }
        }
        if let Some(exclude) = &select.exclude {
            let names = super::star::excluded(exclude);
            output.columns.retain(|column| !names.iter().any(|name| name.eq_ignore_ascii_case(&column.name)));
        }
        let scope = Scope { relations: &relations, aliases: &aliases, windows: &select.named_window, ctes, parent };
        self.chosen(select, &scope, &mut conditions);
        output.conditions.extend(conditions);
        output
    }

    fn item(&mut self, item: &SelectItem, scope: &Scope<'_>, output: &mut Output) {
        match item {
            SelectItem::UnnamedExpr(expression) => {
                let name = name_of(expression).unwrap_or_else(|| format!("column{}", output.columns.len() + 1));
                let provenance = self.expression(expression, scope);
                output.columns.push(column(name, provenance, expression.span().start));
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                let provenance = self.expression(expr, scope);
                output.columns.push(column(alias.value.clone(), provenance, alias.span.start));
            }
            SelectItem::ExprWithAliases { expr, aliases } => {
                let provenance = self.expression(expr, scope);
                for alias in aliases {
                    output.columns.push(column(alias.value.clone(), provenance.clone(), alias.span.start));
                }
            }
            SelectItem::Wildcard(options) => self.star(None, options, scope, output),
            SelectItem::QualifiedWildcard(kind, options) => self.star(Some(kind), options, scope, output),
        }
    }

    /// Everything that chooses rows: it must exist, and it bears on every column.
    fn chosen(&mut self, select: &Select, scope: &Scope<'_>, conditions: &mut BTreeSet<Origin>) {
        let mut chosen: Vec<&Expr> = Vec::new();
        chosen.extend(select.prewhere.iter().chain(&select.selection).chain(&select.having).chain(&select.qualify));
        if let GroupByExpr::Expressions(groups, _) = &select.group_by {
            chosen.extend(groups);
        }
        if let Some(Distinct::On(keys)) = &select.distinct {
            chosen.extend(keys);
        }
        for connect in &select.connect_by {
            match connect {
                ConnectByKind::ConnectBy { relationships, .. } => chosen.extend(relationships),
                ConnectByKind::StartWith { condition, .. } => chosen.push(condition),
            }
        }
        chosen.extend(select.cluster_by.iter().chain(&select.distribute_by));
        chosen.extend(select.sort_by.iter().map(|item| &item.expr));
        for expression in chosen {
            conditions.extend(self.expression(expression, scope).origins);
        }
    }
}

pub(super) fn column(name: String, provenance: Provenance, place: sqlparser::tokenizer::Location) -> OutputColumn {
    OutputColumn { name, provenance, line: place.line, column: place.column }
}

/// The name that engines give to an expression without an alias.
fn name_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Identifier(name) => Some(name.value.clone()),
        Expr::CompoundIdentifier(parts) => parts.last().map(|name: &Ident| name.value.clone()),
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } | Expr::Collate { expr: inner, .. } => name_of(inner),
        Expr::Function(function) => {
            let name = function.name.0.last().and_then(|part| part.as_ident()).map(|name| name.value.to_lowercase());
            // COLUMNS(…) stands for many columns, none of which is called so.
            name.filter(|name| name != "columns")
        }
        Expr::JsonAccess { value, .. } => name_of(value),
        _ => None,
    }
}
