//! Which columns does a star stand for?

use sqlparser::ast::{
    ExcludeSelectItem, Expr, Ident, ObjectName, RenameSelectItem, SelectItemQualifiedWildcardKind,
    WildcardAdditionalOptions,
};
use sqlparser::tokenizer::Location;

use super::Fault;
use super::query::Output;
use super::resolve::Resolver;
use super::scope::{Relation, Scope};
use super::select::column;

impl Resolver<'_> {
    /// Adds the columns of `*` or `name.*`, without those left out, with those replaced and renamed.
    pub(super) fn star(
        &mut self,
        kind: Option<&SelectItemQualifiedWildcardKind>,
        options: &WildcardAdditionalOptions,
        scope: &Scope<'_>,
        output: &mut Output,
    ) {
        let place = options.wildcard_token.0.span.start;
        let relations: Vec<&Relation> = match kind {
            None => scope.relations.iter().collect(),
            Some(SelectItemQualifiedWildcardKind::ObjectName(name)) => {
                let parts = idents(name);
                match scope.relation(&parts) {
                    Some(relation) => vec![relation],
                    None if self.fields(&parts, scope, output, place) => return,
                    None => {
                        self.faults.push(
                            Fault::at(place, format!("there is no table or alias called {name} here"))
                                .hint("name one of the tables in FROM"),
                        );
                        return;
                    }
                }
            }
            Some(SelectItemQualifiedWildcardKind::Expr(expression)) => {
                // The fields of a structure: their names are not known, what they are made of is.
                let provenance = self.expression(expression, scope);
                output.columns.push(column("*".to_owned(), provenance, place));
                return;
            }
        };
        if relations.is_empty() {
            self.faults.push(Fault::at(place, "a star has no table to stand for").hint("add FROM"));
        }
        let mut left_out: Vec<String> = options.opt_exclude.iter().flat_map(excluded).collect();
        if let Some(except) = &options.opt_except {
            left_out.push(except.first_element.value.clone());
            left_out.extend(except.additional_elements.iter().map(|name| name.value.clone()));
        }
        let is_out = |name: &str| left_out.iter().any(|out| out.eq_ignore_ascii_case(name));
        let like = options.opt_ilike.as_ref().map(|like| like.pattern.to_lowercase());
        let mut merged: Vec<&str> = Vec::new();
        for relation in relations {
            for known in &relation.columns {
                let seen = kind.is_none() && merged.iter().any(|name| name.eq_ignore_ascii_case(&known.name));
                if seen || is_out(&known.name) || like.as_deref().is_some_and(|like| !is_like(&known.name, like)) {
                    continue;
                }
                let mut name = known.name.clone();
                if let Some(rename) = &options.opt_rename {
                    name = renamed(rename, &name);
                }
                output.columns.push(column(name, known.provenance.clone(), place));
            }
            merged.extend(relation.merged.iter().map(String::as_str));
            for table in &relation.open {
                if !output.open.contains(table) {
                    output.open.push(table.clone());
                }
            }
            if let (Some(made), true) = (&relation.made, relation.columns.is_empty()) {
                let name = relation.name.last().cloned().unwrap_or_else(|| "value".to_owned());
                output.columns.push(column(name, made.clone(), place));
            }
        }
        for replaced in options.opt_replace.iter().flat_map(|replace| &replace.items) {
            let provenance = self.expression(&replaced.expr, scope);
            let name = &replaced.column_name.value;
            match output.columns.iter_mut().find(|known| known.name.eq_ignore_ascii_case(name)) {
                Some(known) => *known = column(name.clone(), provenance, replaced.column_name.span.start),
                None => output.columns.push(column(name.clone(), provenance, replaced.column_name.span.start)),
            }
        }
    }
}

impl Resolver<'_> {
    /// Adds the fields of a structure that a column holds, as `details.*` gives them: their names are not known, the column is. Tells
    /// whether there is such a column.
    fn fields(&mut self, parts: &[Ident], scope: &Scope<'_>, output: &mut Output, place: Location) -> bool {
        let written = match parts {
            [one] => Expr::Identifier(one.clone()),
            _ => Expr::CompoundIdentifier(parts.to_vec()),
        };
        let known = self.faults.len();
        let provenance = self.expression(&written, scope);
        if self.faults.len() > known || provenance.origins.is_empty() {
            self.faults.truncate(known);
            return false;
        }
        for origin in &provenance.origins {
            let structure = format!("{}.{}", origin.table, origin.column);
            if !output.open.contains(&structure) {
                output.open.push(structure);
            }
        }
        output.columns.push(column(format!("{written}.*"), provenance, place));
        true
    }
}

/// The names of an exclusion.
pub(super) fn excluded(exclude: &ExcludeSelectItem) -> Vec<String> {
    let last = |name: &ObjectName| name.0.last().and_then(|part| part.as_ident()).map(|name| name.value.clone());
    match exclude {
        ExcludeSelectItem::Single(name) => last(name).into_iter().collect(),
        ExcludeSelectItem::Multiple(names) => names.iter().filter_map(last).collect(),
    }
}

fn renamed(rename: &RenameSelectItem, name: &str) -> String {
    let items = match rename {
        RenameSelectItem::Single(item) => std::slice::from_ref(item),
        RenameSelectItem::Multiple(items) => items,
    };
    let found = items.iter().find(|item| item.ident.value.eq_ignore_ascii_case(name));
    found.map_or_else(|| name.to_owned(), |item| item.alias.value.clone())
}

/// The parts of a name that are plain names.
pub(super) fn idents(name: &ObjectName) -> Vec<Ident> {
    name.0.iter().filter_map(|part| part.as_ident()).cloned().collect()
}

/// Whether a name fits a pattern of LIKE, in lower case.
fn is_like(name: &str, pattern: &str) -> bool {
    fn fits(name: &[char], pattern: &[char]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some(('%', rest)) => (0..=name.len()).any(|start| fits(&name[start..], rest)),
            Some((letter, rest)) => {
                name.split_first().is_some_and(|(first, tail)| (*letter == '_' || first == letter) && fits(tail, rest))
            }
        }
    }
    let letters = |text: &str| text.to_lowercase().chars().collect::<Vec<char>>();
    fits(&letters(name), &letters(pattern))
}
