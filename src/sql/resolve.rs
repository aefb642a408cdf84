//! Which columns does a text of SQL give, out of which columns of which tables?

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use sqlparser::ast::{Query, Spanned, Statement};

use super::parse::{self, SqlDialect};
use super::query::Output;
use super::{Fault, Origin, Provenance, Tables};

/// A column that SQL gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutputColumn {
    /// The name.
    pub name: String,
    /// Out of what it is made.
    pub provenance: Provenance,
    /// The line on which it is written.
    pub line: u64,
    /// The character.
    pub column: u64,
}

/// What a text of SQL gives.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Resolved {
    /// The columns of the last query, in order.
    pub columns: Vec<OutputColumn>,
    /// Tables of which all columns pass through, though they are not all known.
    pub open: Vec<String>,
    /// Columns that choose rows: joins, filters, groups.
    pub conditions: BTreeSet<Origin>,
    /// Every table that is read.
    pub tables: BTreeSet<String>,
}

impl Resolved {
    /// Every column that is read, for a value or to choose rows.
    #[must_use]
    pub fn reads(&self) -> BTreeSet<&Origin> {
        self.columns.iter().flat_map(|column| &column.provenance.origins).chain(&self.conditions).collect()
    }
}

/// Resolves the columns that `text` gives.
///
/// # Errors
/// Every fault with its line and column: a syntax error, a table or column that does not exist, a name that fits several.
pub fn resolve(text: &str, dialect: SqlDialect, tables: &Tables) -> Result<Resolved, Vec<Fault>> {
    let (resolved, faults) = resolve_file(text, None, dialect, tables);
    if faults.is_empty() { Ok(resolved) } else { Err(faults) }
}

/// The faults of `text` alone; empty when it is sound.
#[must_use]
pub fn check(text: &str, dialect: SqlDialect, tables: &Tables) -> Vec<Fault> {
    resolve(text, dialect, tables).err().unwrap_or_default()
}

/// As [`resolve`], keeping what could be resolved beside the faults; stand-ins name `file`.
#[must_use]
pub fn resolve_file(
    text: &str,
    file: Option<Arc<str>>,
    dialect: SqlDialect,
    tables: &Tables,
) -> (Resolved, Vec<Fault>) {
    let start = sqlparser::tokenizer::Location { line: 1, column: 1 };
    if text.len() > LONGEST {
        let fault = Fault::at(start, format!("{} bytes of SQL are too many to follow", text.len()));
        return (Resolved::default(), vec![fault.hint("split it into several models")]);
    }
    // A chain of a thousand operators is a tree a thousand levels deep: what walks it needs a stack that is deep enough.
    let stack = STACK + text.len() * STACK_OF_A_BYTE;
    let spawned = std::thread::scope(|scope| {
        let resolving = std::thread::Builder::new()
            .stack_size(stack)
            .spawn_scoped(scope, || resolve_here(text, file, dialect, tables))
            .ok()?;
        resolving.join().ok()
    });
    spawned.unwrap_or_else(|| {
        let fault = Fault::at(start, "this SQL is nested too deeply to follow").hint("split it into several models");
        (Resolved::default(), vec![fault])
    })
}

/// Longest text, in bytes.
const LONGEST: usize = 1 << 20;

/// Stack for any text, and for each byte of it: an operator takes at least two bytes, a level of the tree some hundred.
const STACK: usize = 8 << 20;
const STACK_OF_A_BYTE: usize = 1 << 10;

fn resolve_here(text: &str, file: Option<Arc<str>>, dialect: SqlDialect, tables: &Tables) -> (Resolved, Vec<Fault>) {
    let parsed = match parse::parse(text, dialect) {
        Ok(parsed) => parsed,
        Err(fault) => return (Resolved::default(), vec![fault]),
    };
    let mut resolver = Resolver {
        tables,
        file,
        accepted: parsed.accepted.into_iter().collect(),
        faults: Vec::new(),
        reads: BTreeSet::new(),
    };
    let mut last: Option<Output> = None;
    for statement in &parsed.statements {
        if let Some(query) = query_of(statement) {
            last = Some(resolver.query(query, &super::scope::Ctes::default(), None));
        }
    }
    let Some(output) = last else {
        let place = parsed.statements.first().map(|first| first.span().start).filter(|place| place.line > 0);
        let place = place.unwrap_or(sqlparser::tokenizer::Location { line: 1, column: 1 });
        return (Resolved::default(), vec![Fault::at(place, "there is no query here").hint("write a SELECT")]);
    };
    resolver.twice(&output);
    let mut faults = resolver.faults;
    faults.sort();
    faults.dedup();
    let resolved =
        Resolved { columns: output.columns, open: output.open, conditions: output.conditions, tables: resolver.reads };
    (resolved, faults)
}

/// The query of a statement, also of one that makes or fills a table.
fn query_of(statement: &Statement) -> Option<&Query> {
    match statement {
        Statement::Query(query) => Some(query),
        Statement::CreateTable(create) => create.query.as_deref(),
        Statement::CreateView(create) => Some(&create.query),
        Statement::Insert(insert) => insert.source.as_deref(),
        _ => None,
    }
}

/// Resolves one text.
pub(super) struct Resolver<'t> {
    pub(super) tables: &'t Tables,
    pub(super) file: Option<Arc<str>>,
    pub(super) accepted: BTreeSet<u64>,
    pub(super) faults: Vec<Fault>,
    pub(super) reads: BTreeSet<String>,
}

impl Resolver<'_> {
    /// No table can have two columns of one name.
    fn twice(&mut self, output: &Output) {
        let mut seen = BTreeSet::new();
        for column in &output.columns {
            if !seen.insert(column.name.to_lowercase()) {
                let place = sqlparser::tokenizer::Location { line: column.line, column: column.column };
                self.faults.push(
                    Fault::at(place, format!("two columns are called {:?}", column.name)).hint("give one another name"),
                );
            }
        }
    }
}
