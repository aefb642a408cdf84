//! What does a name mean at one place of a query?

use std::rc::Rc;

use sqlparser::ast::{Ident, NamedWindowDefinition};

use super::Provenance;

/// A column that can be named.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ScopeColumn {
    pub(super) name: String,
    pub(super) provenance: Provenance,
}

/// A table, subquery or function in `FROM`.
#[derive(Debug, Clone, Default)]
pub(super) struct Relation {
    /// The parts of the name by which columns are qualified: an alias alone, or a table's whole name.
    pub(super) name: Vec<String>,
    pub(super) columns: Vec<ScopeColumn>,
    /// Tables whose columns are not all known and can be named here too.
    pub(super) open: Vec<String>,
    /// What any other column is made of: rows that a function makes.
    pub(super) made: Option<Provenance>,
    /// Columns that stand twice because of `USING` and show once in a star.
    pub(super) merged: Vec<String>,
}

impl Relation {
    /// The column of that name; an exact fit goes before one that differs in case.
    pub(super) fn column(&self, name: &str) -> Option<&ScopeColumn> {
        let exact = self.columns.iter().find(|column| column.name == name);
        exact.or_else(|| self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)))
    }

    /// Whether it can be qualified by these parts.
    pub(super) fn is_called(&self, parts: &[Ident]) -> bool {
        !self.name.is_empty()
            && parts.len() <= self.name.len()
            && self.name.iter().rev().zip(parts.iter().rev()).all(|(own, part)| own.eq_ignore_ascii_case(&part.value))
    }

    /// What a column of the relation is made of, also where not all columns are known.
    pub(super) fn provenance(&self, name: &str) -> Option<Provenance> {
        if let Some(column) = self.column(name) {
            return Some(column.provenance.clone());
        }
        if !self.open.is_empty() {
            let mut found = Provenance::default();
            for table in &self.open {
                found.join(&Provenance::of(table, name));
            }
            return Some(found);
        }
        self.made.clone()
    }

    /// What the relation as a whole is made of.
    pub(super) fn whole(&self) -> Provenance {
        let mut found = Provenance::default();
        for column in &self.columns {
            found.join(&column.provenance);
        }
        found.rows_of.extend(self.open.iter().cloned());
        if let Some(made) = &self.made {
            found.join(made);
        }
        found.settle();
        found
    }
}

/// A common table expression by its name.
#[derive(Debug)]
pub(super) struct Cte {
    pub(super) name: String,
    pub(super) relation: Relation,
}

/// The common table expressions that can be read, the nearest last.
#[derive(Debug, Clone, Default)]
pub(super) struct Ctes(Vec<Rc<Cte>>);

impl Ctes {
    pub(super) fn find(&self, name: &str) -> Option<&Cte> {
        self.0.iter().rev().find(|cte| cte.name.eq_ignore_ascii_case(name)).map(Rc::as_ref)
    }

    pub(super) fn push(&mut self, cte: Cte) {
        self.0.push(Rc::new(cte));
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }
}

/// What can be named at one place.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) relations: &'a [Relation],
    /// Columns of the select list by their aliases, where the engine lets them be named.
    pub(super) aliases: &'a [ScopeColumn],
    pub(super) windows: &'a [NamedWindowDefinition],
    pub(super) ctes: &'a Ctes,
    pub(super) parent: Option<&'a Scope<'a>>,
}

/// What a search for a name gave.
pub(super) enum Found {
    One(Provenance),
    Several(Vec<String>),
    None,
}

impl Scope<'_> {
    /// A name without a qualifier.
    pub(super) fn bare(&self, name: &str) -> Found {
        let known: Vec<&Relation> = self.relations.iter().filter(|relation| relation.column(name).is_some()).collect();
        match known[..] {
            [] => {}
            [one] => return one.provenance(name).map_or(Found::None, Found::One),
            [first, ..] if first.merged.iter().any(|merged| merged.eq_ignore_ascii_case(name)) => {
                let mut found = Provenance::default();
                for relation in known {
                    if let Some(provenance) = relation.provenance(name) {
                        found.join(&provenance);
                    }
                }
                return Found::One(found);
            }
            _ => {
                // A relation of which little is known cannot make a known name doubtful, but two known ones do.
                return Found::Several(known.iter().map(|relation| relation.name.join(".")).collect());
            }
        }
        if let Some(alias) = self.aliases.iter().rev().find(|alias| alias.name.eq_ignore_ascii_case(name)) {
            return Found::One(alias.provenance.clone());
        }
        let mut open = Provenance::default();
        for relation in self.relations.iter().filter(|relation| !relation.open.is_empty()) {
            if let Some(provenance) = relation.provenance(name) {
                open.join(&provenance);
            }
        }
        if !open.is_orphan() {
            return Found::One(open);
        }
        if let Some(whole) = self
            .relations
            .iter()
            .find(|relation| relation.name.last().is_some_and(|own| own.eq_ignore_ascii_case(name)))
        {
            return Found::One(whole.whole());
        }
        if let Some(outer) = self.parent {
            match outer.bare(name) {
                Found::None => {}
                found => return found,
            }
        }
        let made = self.relations.iter().find_map(|relation| relation.made.clone());
        made.map_or(Found::None, Found::One)
    }

    /// The relation of that name, here or around.
    pub(super) fn relation(&self, parts: &[Ident]) -> Option<&Relation> {
        let own = self.relations.iter().find(|relation| relation.is_called(parts));
        own.or_else(|| self.parent.and_then(|outer| outer.relation(parts)))
    }

    /// Every name that could have been meant, for suggestions.
    pub(super) fn names(&self) -> Vec<&str> {
        self.relations.iter().flat_map(|relation| relation.columns.iter().map(|column| column.name.as_str())).collect()
    }
}
