//! What does a query give, with its common table expressions and unions?

use std::collections::BTreeSet;

use sqlparser::ast::{
    Expr, OrderByKind, Query, SetExpr, SetOperator, SetQuantifier, Spanned, Statement, TableAlias, Values, With,
};

use super::resolve::Resolver;
use super::scope::{Cte, Ctes, Relation, Scope, ScopeColumn};
use super::{Fault, Origin, OutputColumn, Provenance, StandIn, StandInKind};

/// What a query gives.
#[derive(Debug, Clone, Default)]
pub(super) struct Output {
    pub(super) columns: Vec<OutputColumn>,
    /// Tables of which all columns pass through a star, though they are not all known.
    pub(super) open: Vec<String>,
    /// Columns that choose rows.
    pub(super) conditions: BTreeSet<Origin>,
}

impl Output {
    /// The output as something to read from, under an alias that may rename columns.
    pub(super) fn relation(self, alias: Option<&TableAlias>) -> Relation {
        let renamed = alias.map(|alias| &alias.columns[..]).unwrap_or_default();
        let columns = self
            .columns
            .into_iter()
            .enumerate()
            .map(|(place, column)| ScopeColumn {
                name: renamed.get(place).map_or(column.name, |definition| definition.name.value.clone()),
                provenance: column.provenance,
            })
            .collect();
        let name = alias.map(|alias| vec![alias.name.value.clone()]).unwrap_or_default();
        Relation { name, columns, open: self.open, ..Relation::default() }
    }
}

impl Resolver<'_> {
    /// Resolves a query; `parent` is what a correlated or lateral one may name.
    pub(super) fn query(&mut self, query: &Query, ctes: &Ctes, parent: Option<&Scope<'_>>) -> Output {
        let mut ctes = ctes.clone();
        if let Some(with) = &query.with {
            self.with(with, &mut ctes, parent);
        }
        let mut output = self.body(&query.body, &ctes, parent);
        self.order(query, &output.columns, &ctes, parent);
        if !query.pipe_operators.is_empty() {
            self.faults.push(Fault::at(query.span().start, "pipe syntax (|>) cannot be followed yet"));
            output.columns.clear();
        }
        output
    }

    fn with(&mut self, with: &With, ctes: &mut Ctes, parent: Option<&Scope<'_>>) {
        for cte in &with.cte_tables {
            let name = cte.alias.name.value.clone();
            let recursive = match cte.query.body.as_ref() {
                SetExpr::SetOperation { left, .. } if with.recursive => Some(left),
                _ => None,
            };
            if let Some(seed) = recursive {
                // The first branch tells which columns there are; its faults are found again below.
                let known = self.faults.len();
                let relation = self.body(seed, ctes, parent).relation(Some(&cte.alias));
                self.faults.truncate(known);
                ctes.push(Cte { name: name.clone(), relation });
            }
            let relation = self.query(&cte.query, ctes, parent).relation(Some(&cte.alias));
            if recursive.is_some() {
                ctes.pop();
            }
            ctes.push(Cte { name, relation });
        }
    }

    fn body(&mut self, body: &SetExpr, ctes: &Ctes, parent: Option<&Scope<'_>>) -> Output {
        match body {
            SetExpr::Select(select) => self.select(select, ctes, parent),
            SetExpr::Query(query) => self.query(query, ctes, parent),
            SetExpr::SetOperation { op, set_quantifier, .. } => {
                // Long unions lean to the left: they are followed in a loop, so that their length does not matter.
                let mut branches = Vec::new();
                let mut rest = body;
                while let SetExpr::SetOperation { left, right, op: same, set_quantifier: quantifier } = rest {
                    if same != op || quantifier != set_quantifier {
                        break;
                    }
                    branches.push(right);
                    rest = left;
                }
                let mut output = self.body(rest, ctes, parent);
                for branch in branches.into_iter().rev() {
                    let other = self.body(branch, ctes, parent);
                    self.unite(&mut output, other, *op, *set_quantifier, branch);
                }
                output
            }
            SetExpr::Values(values) => self.values(values, ctes, parent),
            SetExpr::Table(table) => {
                let parts = [&table.schema_name, &table.table_name].into_iter().flatten().cloned().collect::<Vec<_>>();
                let place = body.span().start;
                let relation = self.named(&parts, place, ctes);
                Output {
                    columns: relation
                        .columns
                        .into_iter()
                        .map(|column| OutputColumn {
                            name: column.name,
                            provenance: column.provenance,
                            line: place.line,
                            column: place.column,
                        })
                        .collect(),
                    open: relation.open,
                    conditions: BTreeSet::new(),
                }
            }
            SetExpr::Insert(Statement::Insert(insert)) => {
                insert.source.as_ref().map_or_else(Output::default, |query| self.query(query, ctes, parent))
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => Output::default(),
        }
    }

    fn unite(
        &mut self,
        output: &mut Output,
        other: Output,
        operator: SetOperator,
        quantifier: SetQuantifier,
        branch: &SetExpr,
    ) {
        let by_name =
            matches!(quantifier, SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName);
        if operator != SetOperator::Union {
            output.conditions.extend(other.conditions);
            output.conditions.extend(other.columns.into_iter().flat_map(|column| column.provenance.origins));
            return;
        }
        let is_known = output.open.is_empty() && other.open.is_empty();
        if by_name || !is_known {
            for column in other.columns {
                match output.columns.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&column.name)) {
                    Some(known) => known.provenance.unite(&column.provenance),
                    None if by_name => output.columns.push(column),
                    None => {}
                }
            }
        } else if output.columns.len() == other.columns.len() {
            for (known, column) in output.columns.iter_mut().zip(other.columns) {
                known.provenance.unite(&column.provenance);
            }
        } else {
            let message = format!(
                "this branch has {} columns, the branches before it {}",
                other.columns.len(),
                output.columns.len()
            );
            self.faults.push(Fault::at(branch.span().start, message).hint("give every branch the same columns"));
        }
        for table in other.open {
            if !output.open.contains(&table) {
                output.open.push(table);
            }
        }
        output.conditions.extend(other.conditions);
    }

    /// Rows that stand in the query itself.
    fn values(&mut self, values: &Values, ctes: &Ctes, parent: Option<&Scope<'_>>) -> Output {
        let mut output = Output::default();
        let scope = Scope { relations: &[], aliases: &[], windows: &[], ctes, parent };
        for row in &values.rows {
            for (place, cell) in row.content.iter().enumerate() {
                let provenance = self.expression(cell, &scope);
                match output.columns.get_mut(place) {
                    Some(column) => column.provenance.join(&provenance),
                    None => {
                        let start = cell.span().start;
                        output.columns.push(OutputColumn {
                            name: format!("column{}", place + 1),
                            provenance,
                            line: start.line,
                            column: start.column,
                        });
                    }
                }
            }
        }
        for column in &mut output.columns {
            column.provenance.settle();
        }
        output
    }

    /// Columns to sort by exist too.
    fn order(&mut self, query: &Query, columns: &[OutputColumn], ctes: &Ctes, parent: Option<&Scope<'_>>) {
        let Some(order) = &query.order_by else { return };
        let OrderByKind::Expressions(items) = &order.kind else { return };
        let aliases: Vec<ScopeColumn> = columns
            .iter()
            .map(|column| ScopeColumn { name: column.name.clone(), provenance: column.provenance.clone() })
            .collect();
        let SetExpr::Select(select) = query.body.as_ref() else { return };
        let items: Vec<&Expr> = items
            .iter()
            .map(|item| &item.expr)
            .filter(|item| match item {
                Expr::Identifier(name) => !aliases.iter().any(|alias| alias.name.eq_ignore_ascii_case(&name.value)),
                _ => true,
            })
            .collect();
        if items.is_empty() {
            return;
        }
        // What stands in FROM was resolved with the select list already: its faults are known.
        let known = self.faults.len();
        let relations = self.from(&select.from, ctes, parent).0;
        self.faults.truncate(known);
        let scope = Scope { relations: &relations, aliases: &aliases, windows: &select.named_window, ctes, parent };
        for item in items {
            self.expression(item, &scope);
        }
    }

    /// A stand-in at a place.
    pub(super) fn stand_in(&self, kind: StandInKind, text: &str, place: sqlparser::tokenizer::Location) -> Provenance {
        Provenance::standing(StandIn {
            kind,
            text: shortened(text),
            file: self.file.clone(),
            line: place.line,
            column: place.column,
            accepted: self.accepted.contains(&place.line),
        })
    }
}

/// Long constants are told apart by their beginning.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(LONGEST - 1).collect();
    short.push('…');
    short
}
