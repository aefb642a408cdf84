//! Which tables does a query read, and which columns do they have?

use std::collections::BTreeSet;

use sqlparser::ast::{
    Expr, ExprWithAlias, Ident, Join, JoinConstraint, JoinOperator, PivotValueSource, Spanned, TableAlias, TableFactor,
    TableWithJoins,
};
use sqlparser::tokenizer::Location;

use super::resolve::Resolver;
use super::scope::{Ctes, Relation, Scope, ScopeColumn};
use super::star::idents;
use super::walk::{self, Part};
use super::{Fault, Origin, Provenance};

/// A relation whose rows a function makes: any column of it is made of `made`.
pub(super) fn made(name: Vec<String>, columns: impl Iterator<Item = String>, made: Provenance) -> Relation {
    let columns: Vec<ScopeColumn> = columns.map(|name| ScopeColumn { name, provenance: made.clone() }).collect();
    Relation { name, columns, made: Some(made), ..Relation::default() }
}

impl Resolver<'_> {
    /// The relations of FROM, and the columns by which they are joined.
    pub(super) fn from(
        &mut self,
        from: &[TableWithJoins],
        ctes: &Ctes,
        parent: Option<&Scope<'_>>,
    ) -> (Vec<Relation>, BTreeSet<Origin>) {
        let mut relations = Vec::new();
        let mut conditions = BTreeSet::new();
        for table in from {
            self.joined(table, ctes, parent, &mut relations, &mut conditions);
        }
        (relations, conditions)
    }

    fn joined(
        &mut self,
        table: &TableWithJoins,
        ctes: &Ctes,
        parent: Option<&Scope<'_>>,
        relations: &mut Vec<Relation>,
        conditions: &mut BTreeSet<Origin>,
    ) {
        let first = relations.len();
        self.factor(&table.relation, ctes, parent, relations, conditions);
        for join in &table.joins {
            let right = relations.len();
            self.factor(&join.relation, ctes, parent, relations, conditions);
            self.constraint(join, ctes, parent, relations, (first, right), conditions);
        }
    }

    fn constraint(
        &mut self,
        join: &Join,
        ctes: &Ctes,
        parent: Option<&Scope<'_>>,
        relations: &mut [Relation],
        (first, right): (usize, usize),
        conditions: &mut BTreeSet<Origin>,
    ) {
        let (constraint, also) = match &join.join_operator {
            JoinOperator::Join(constraint)
            | JoinOperator::Inner(constraint)
            | JoinOperator::Left(constraint)
            | JoinOperator::LeftOuter(constraint)
            | JoinOperator::Right(constraint)
            | JoinOperator::RightOuter(constraint)
            | JoinOperator::FullOuter(constraint)
            | JoinOperator::CrossJoin(constraint)
            | JoinOperator::Semi(constraint)
            | JoinOperator::LeftSemi(constraint)
            | JoinOperator::RightSemi(constraint)
            | JoinOperator::Anti(constraint)
            | JoinOperator::LeftAnti(constraint)
            | JoinOperator::RightAnti(constraint)
            | JoinOperator::StraightJoin(constraint) => (Some(constraint), None),
            JoinOperator::AsOf { match_condition, constraint } => (Some(constraint), Some(match_condition)),
            JoinOperator::CrossApply
            | JoinOperator::OuterApply
            | JoinOperator::ArrayJoin
            | JoinOperator::LeftArrayJoin
            | JoinOperator::InnerArrayJoin => (None, None),
        };
        let using: Vec<String> = match constraint {
            Some(JoinConstraint::Using(names)) => {
                names.iter().filter_map(|name| idents(name).pop()).map(|name| name.value).collect()
            }
            Some(JoinConstraint::Natural) => relations[right..]
                .iter()
                .flat_map(|relation| relation.columns.iter().map(|column| column.name.clone()))
                .filter(|name| relations[first..right].iter().any(|relation| relation.column(name).is_some()))
                .collect(),
            _ => Vec::new(),
        };
        if let Some(JoinConstraint::Using(names)) = constraint {
            for (written, name) in names.iter().zip(&using) {
                for side in [&relations[first..right], &relations[right..]] {
                    let found = side.iter().find_map(|relation| relation.provenance(name));
                    match found {
                        Some(provenance) => conditions.extend(provenance.origins),
                        None => self.faults.push(
                            Fault::at(written.span().start, format!("one side of the join has no column {name}"))
                                .hint("join ON columns that both sides have"),
                        ),
                    }
                }
            }
        }
        for relation in &mut relations[first..] {
            relation.merged.extend(using.iter().cloned());
        }
        let scope = Scope { relations: &*relations, aliases: &[], windows: &[], ctes, parent };
        let on = match constraint {
            Some(JoinConstraint::On(on)) => Some(on),
            _ => None,
        };
        for expression in on.into_iter().chain(also) {
            conditions.extend(self.expression(expression, &scope).origins);
        }
    }

    #[expect(clippy::too_many_lines, reason = "one list of everything that can stand in FROM")]
    fn factor(
        &mut self,
        factor: &TableFactor,
        ctes: &Ctes,
        parent: Option<&Scope<'_>>,
        relations: &mut Vec<Relation>,
        conditions: &mut BTreeSet<Origin>,
    ) {
        let place = factor.span().start;
        // A lateral query or a function may name what stands before it.
        let before = relations.clone();
        let beside = Scope { relations: &before, aliases: &[], windows: &[], ctes, parent };
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let parts: Vec<String> = idents(name).into_iter().map(|part| part.value).collect();
                // BigQuery reads the elements of an array through the alias of what stands before it.
                if let ([first, rest @ ..], true) = (&idents(name)[..], parts.len() > 1)
                    && beside.relations.iter().any(|relation| relation.is_called(std::slice::from_ref(first)))
                {
                    let array = Expr::CompoundIdentifier(std::iter::once(first).chain(rest).cloned().collect());
                    let provenance = self.expression(&array, &beside);
                    relations.push(made(alias_name(alias.as_ref(), parts.last()), std::iter::empty(), provenance));
                    return;
                }
                let relation = self.named(&parts, place, ctes);
                relations.push(aliased(relation, alias.as_ref()));
            }
            TableFactor::Table { name, alias, args: Some(arguments), .. } => {
                let parts: Vec<Part<'_>> = arguments.args.iter().map(walk::argument).collect();
                self.function_table(&name.to_string(), &parts, alias.as_ref(), place, &beside, relations);
            }
            TableFactor::Function { name, args, alias, .. } => {
                let parts: Vec<Part<'_>> = args.iter().map(walk::argument).collect();
                self.function_table(&name.to_string(), &parts, alias.as_ref(), place, &beside, relations);
            }
            TableFactor::TableFunction { expr, alias } => {
                self.function_table("table", &[Part::Expression(expr)], alias.as_ref(), place, &beside, relations);
            }
            TableFactor::UNNEST { alias, array_exprs, with_offset_alias, .. } => {
                let parts: Vec<Part<'_>> = array_exprs.iter().map(Part::Expression).collect();
                self.function_table("unnest", &parts, alias.as_ref(), place, &beside, relations);
                if let (Some(offset), Some(relation)) = (with_offset_alias, relations.last_mut()) {
                    let provenance = relation.made.clone().unwrap_or_default();
                    relation.columns.push(ScopeColumn { name: offset.value.clone(), provenance });
                }
            }
            TableFactor::JsonTable { json_expr, alias, .. } | TableFactor::OpenJsonTable { json_expr, alias, .. } => {
                self.function_table(
                    "json_table",
                    &[Part::Expression(json_expr)],
                    alias.as_ref(),
                    place,
                    &beside,
                    relations,
                );
            }
            TableFactor::XmlTable { row_expression, alias, .. } => {
                self.function_table(
                    "xmltable",
                    &[Part::Expression(row_expression)],
                    alias.as_ref(),
                    place,
                    &beside,
                    relations,
                );
            }
            TableFactor::UnpivotExpr { expression, value_alias, attribute_alias } => {
                let provenance = self.expression(expression, &beside);
                let names = std::iter::once(value_alias).chain(attribute_alias).map(|name| name.value.clone());
                relations.push(made(Vec::new(), names, provenance));
            }
            TableFactor::Derived { lateral, subquery, alias, .. } => {
                // Some engines let any subquery in FROM name what stands before it.
                let output = self.query(subquery, ctes, if *lateral { Some(&beside) } else { parent });
                conditions.extend(output.conditions.iter().cloned());
                relations.push(output.relation(alias.as_ref()));
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                let mut inner = Vec::new();
                self.joined(table_with_joins, ctes, parent, &mut inner, conditions);
                match alias {
                    None => relations.extend(inner),
                    Some(alias) => relations.push(aliased(together(inner), Some(alias))),
                }
            }
            TableFactor::Pivot { table, aggregate_functions, value_column, value_source, alias, .. } => {
                let mut inner = Vec::new();
                self.factor(table, ctes, parent, &mut inner, conditions);
                let relation =
                    self.pivoted(together(inner), aggregate_functions, value_column, value_source, ctes, parent);
                relations.push(aliased(relation, alias.as_ref()));
            }
            TableFactor::Unpivot { table, value, name, columns, alias, .. } => {
                let mut inner = Vec::new();
                self.factor(table, ctes, parent, &mut inner, conditions);
                let relation = self.unpivoted(together(inner), value, name, columns, ctes, parent);
                relations.push(aliased(relation, alias.as_ref()));
            }
            TableFactor::MatchRecognize { table, alias, measures, .. } => {
                let mut inner = Vec::new();
                self.factor(table, ctes, parent, &mut inner, conditions);
                let mut relation = together(inner);
                let whole = relation.whole();
                relation.columns.extend(
                    measures
                        .iter()
                        .map(|measure| ScopeColumn { name: measure.alias.value.clone(), provenance: whole.clone() }),
                );
                relations.push(aliased(relation, alias.as_ref()));
            }
            TableFactor::SemanticView { name, alias, .. } => {
                let name = name.to_string();
                self.reads.insert(name.clone());
                let relation = Relation { name: vec![name.clone()], open: vec![name], ..Relation::default() };
                relations.push(aliased(relation, alias.as_ref()));
            }
        }
    }

    /// A common table expression or a table by its name.
    pub(super) fn named(&mut self, parts: &[String], place: Location, ctes: &Ctes) -> Relation {
        if let [name] = parts
            && let Some(cte) = ctes.find(name)
        {
            return Relation { name: vec![name.clone()], ..cte.relation.clone() };
        }
        if let Some(table) = self.tables.find(parts) {
            self.reads.insert(table.name.clone());
            let columns = table
                .columns
                .iter()
                .map(|column| ScopeColumn {
                    name: column.name.clone(),
                    provenance: column.provenance.clone().unwrap_or_else(|| Provenance::of(&table.name, &column.name)),
                })
                .collect();
            return Relation { name: parts.to_vec(), columns, open: table.open.clone(), ..Relation::default() };
        }
        let written = parts.join(".");
        if self.tables.trusts(parts) {
            self.reads.insert(written.clone());
            return Relation { name: parts.to_vec(), open: vec![written], ..Relation::default() };
        }
        let fault = Fault::at(place, format!("there is no table {written}"));
        self.faults.push(match self.tables.alike(parts) {
            Some(close) => fault.hint(format!("did you mean {close}?")),
            None => fault,
        });
        // What is read of it is no second fault.
        Relation { name: parts.to_vec(), made: Some(Provenance::default()), ..Relation::default() }
    }

    fn function_table(
        &mut self,
        name: &str,
        arguments: &[Part<'_>],
        alias: Option<&TableAlias>,
        place: Location,
        beside: &Scope<'_>,
        relations: &mut Vec<Relation>,
    ) {
        let mut provenance = Provenance::default();
        for argument in arguments {
            match argument {
                Part::Expression(inner) => {
                    let found = self.expression(inner, beside);
                    provenance.join(&found);
                }
                Part::Scalar(query) | Part::Membership(query) => {
                    for column in self.query(query, beside.ctes, Some(beside)).columns {
                        provenance.join(&column.provenance);
                    }
                }
                Part::Rows => {}
            }
        }
        let lower = name.to_lowercase();
        let bare = lower.rsplit('.').next().unwrap_or(&lower).trim_matches(['"', '`']);
        if !provenance.is_grounded() && (bare.starts_with("read_") || bare.ends_with("_scan") || bare == "glob") {
            // A file that the engine reads is a table of its own.
            self.reads.insert(name.to_owned());
            let relation = Relation { name: vec![bare.to_owned()], open: vec![name.to_owned()], ..Relation::default() };
            relations.push(aliased(relation, alias));
            return;
        }
        if !provenance.is_grounded() {
            provenance = self.stand_in(super::StandInKind::Generated, &format!("{bare}(…)"), place);
        }
        provenance.settle();
        let columns: Vec<String> = alias
            .map(|alias| alias.columns.iter().map(|column| column.name.value.clone()).collect())
            .unwrap_or_default();
        relations.push(made(alias_name(alias, Some(&bare.to_owned())), columns.into_iter(), provenance));
    }

    fn pivoted(
        &mut self,
        relation: Relation,
        aggregates: &[ExprWithAlias],
        keys: &[Expr],
        values: &PivotValueSource,
        ctes: &Ctes,
        parent: Option<&Scope<'_>>,
    ) -> Relation {
        let inner = [relation];
        let scope = Scope { relations: &inner, aliases: &[], windows: &[], ctes, parent };
        let mut provenance = Provenance::default();
        for expression in aggregates.iter().map(|aggregate| &aggregate.expr).chain(keys) {
            let found = self.expression(expression, &scope);
            provenance.join(&found);
        }
        provenance.how = super::How::Aggregated;
        let [mut relation] = inner;
        let used: BTreeSet<String> = provenance.origins.iter().map(|origin| origin.column.to_lowercase()).collect();
        relation.columns.retain(|column| !used.contains(&column.name.to_lowercase()));
        if let PivotValueSource::List(list) = values {
            for value in list {
                let name = value
                    .alias
                    .as_ref()
                    .map_or_else(|| value.expr.to_string().trim_matches('\'').to_owned(), |alias| alias.value.clone());
                relation.columns.push(ScopeColumn { name, provenance: provenance.clone() });
            }
        }
        relation.made = Some(provenance);
        relation
    }

    fn unpivoted(
        &mut self,
        relation: Relation,
        value: &Expr,
        name: &Ident,
        columns: &[ExprWithAlias],
        ctes: &Ctes,
        parent: Option<&Scope<'_>>,
    ) -> Relation {
        let inner = [relation];
        let scope = Scope { relations: &inner, aliases: &[], windows: &[], ctes, parent };
        let mut provenance = Provenance::default();
        for column in columns {
            let found = self.expression(&column.expr, &scope);
            provenance.join(&found);
        }
        let [mut relation] = inner;
        let used: Vec<String> = columns.iter().map(|column| column.expr.to_string()).collect();
        relation.columns.retain(|column| !used.iter().any(|name| name.eq_ignore_ascii_case(&column.name)));
        for name in [value.to_string(), name.value.clone()] {
            relation.columns.push(ScopeColumn { name, provenance: provenance.clone() });
        }
        relation
    }
}

/// Several relations as one.
fn together(relations: Vec<Relation>) -> Relation {
    let mut found = Relation::default();
    for relation in relations {
        if found.name.is_empty() {
            found.name = relation.name;
        }
        found.columns.extend(relation.columns);
        found.open.extend(relation.open);
        found.made = found.made.or(relation.made);
    }
    found
}

fn alias_name(alias: Option<&TableAlias>, own: Option<&String>) -> Vec<String> {
    alias.map(|alias| alias.name.value.clone()).or_else(|| own.cloned()).into_iter().collect()
}

/// The relation under an alias, which hides its own name and may rename its columns.
fn aliased(mut relation: Relation, alias: Option<&TableAlias>) -> Relation {
    let Some(alias) = alias else { return relation };
    relation.name = vec![alias.name.value.clone()];
    for (column, renamed) in relation.columns.iter_mut().zip(&alias.columns) {
        column.name.clone_from(&renamed.name.value);
    }
    relation
}
