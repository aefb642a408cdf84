//! What is to be matched: which tables, with which meaning, and what did a person say about them?

use super::MatchArgs;
use crate::error::{Error, Result};
use crate::resolve::matching::labels::{self, Labels};
use crate::resolve::matching::{MatchConcept, MatchTable, Rules, infer, read};

/// Everything the command line names, read.
pub(super) struct Loaded {
    pub(super) table: MatchTable,
    pub(super) rules: Rules,
    pub(super) labels: Labels,
    pub(super) pairs: Option<Vec<(u32, u32)>>,
}

/// Reads the tables, guesses what their columns mean, and reads what was said about them.
///
/// # Errors
/// Whatever is wrong in a file or on the command line.
pub(super) fn load(args: &MatchArgs) -> Result<Loaded> {
    let rules = match &args.rules {
        Some(path) => Rules::read(path)?,
        None => Rules::default(),
    };
    let mut table = tables(args)?;
    for entry in &args.map {
        let (name, concept) =
            entry.split_once('=').ok_or_else(|| Error::config(format!("--map {entry}: expected column=concept")))?;
        map_column(&mut table, name, concept.parse()?, &format!("--map {entry}"))?;
    }
    for (name, concept) in &rules.columns {
        map_column(&mut table, &name.text, *concept, &name.place)?;
    }
    let labels = match &args.labels {
        Some(path) => labels::read_labels(path, &table)?,
        None => Labels::default(),
    };
    let pairs = match &args.pairs {
        Some(path) => Some(labels::read_pairs(path, &table)?),
        None => None,
    };
    Ok(Loaded { table, rules, labels, pairs })
}

fn tables(args: &MatchArgs) -> Result<MatchTable> {
    let mut left = read::read_table(&args.left)?;
    infer::infer(&mut left, &[]);
    let Some(path) = &args.right else { return Ok(left) };
    let mut right = read::read_table(path)?;
    infer::infer(&mut right, &[]);
    let mut table = read::stack(&left, &right);
    infer::infer(&mut table, &[]);
    Ok(table)
}

fn map_column(table: &mut MatchTable, name: &str, concept: MatchConcept, place: &str) -> Result<()> {
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let column = table.columns.iter_mut().find(|column| column.name == name).ok_or_else(|| {
        Error::config(format!("{place}: there is no column `{name}`"))
            .hint(format!("the columns are {}", names.join(", ")))
    })?;
    column.concept = concept;
    Ok(())
}
