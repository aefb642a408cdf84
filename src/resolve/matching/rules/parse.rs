//! Is the rules file well-formed, and where is it not?

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::{Condition, Limit, Name, Rules, VerdictRule};
use crate::error::{Context, Error, ErrorKind, Result};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    columns: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    must_match: Vec<Spanned<Verdict>>,
    #[serde(default)]
    must_not_match: Vec<Spanned<Verdict>>,
    #[serde(default)]
    block: Vec<Spanned<Block>>,
    #[serde(default)]
    source: Vec<Source>,
    #[serde(default)]
    compare: Vec<Spanned<Compare>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    name: Option<String>,
    #[serde(default)]
    same: Vec<Spanned<String>>,
    #[serde(default)]
    close: Vec<Spanned<String>>,
    #[serde(default)]
    different: Vec<Spanned<String>>,
    #[serde(default)]
    sources: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    same: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    name: Spanned<String>,
    duplicates: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Compare {
    column: Spanned<String>,
    least: Option<f64>,
    most: Option<f64>,
}

impl Rules {
    /// Reads a rules file.
    ///
    /// # Errors
    /// `Io` when it cannot be read; `Config` with file, line and column for what is wrong in it.
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).context(ErrorKind::Io, || format!("cannot read {}", path.display()))?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads the text of a rules file; `name` is for messages.
    ///
    /// # Errors
    /// `Config` with file, line and column.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let at = |offset: usize| place(text, name, offset);
        let file: File = toml::from_str(text).map_err(|cause| {
            let offset = cause.span().map_or(0, |span| span.start);
            Error::config(format!("{}: {}", at(offset), cause.message().trim()))
                .hint("`fourfold match --help` shows what a rules file may hold")
        })?;
        let named = |one: Spanned<String>| Name { place: at(one.span().start), text: one.into_inner() };
        let mut rules = Self::default();
        for (column, concept) in file.columns {
            let place = at(concept.span().start);
            let meant = concept
                .get_ref()
                .parse()
                .map_err(|cause: Error| Error { message: format!("{place}: {}", cause.message), ..cause })?;
            rules.columns.push((Name { text: column, place }, meant));
        }
        let verdicts = file.must_match.into_iter().map(|one| (one, true));
        for (verdict, same) in verdicts.chain(file.must_not_match.into_iter().map(|one| (one, false))) {
            let place = at(verdict.span().start);
            rules.verdicts.push(verdict_rule(verdict.into_inner(), same, &place, &named)?);
        }
        for block in file.block {
            let place = at(block.span().start);
            let same: Vec<Name> = block.into_inner().same.into_iter().map(&named).collect();
            if same.is_empty() {
                return Err(Error::config(format!("{place}: `same` names no column"))
                    .hint("name the columns whose agreement makes two rows worth comparing"));
            }
            rules.blocks.push(same);
        }
        rules.unique_sources =
            file.source.into_iter().filter(|source| !source.duplicates).map(|source| named(source.name)).collect();
        for compare in file.compare {
            let place = at(compare.span().start);
            let Compare { column, least, most } = compare.into_inner();
            let bad = |bound: Option<f64>| bound.is_some_and(|bits| !bits.is_finite());
            if bad(least) || bad(most) || (least.is_none() && most.is_none()) {
                return Err(Error::config(format!("{place}: give `least` or `most` as a number of bits")));
            }
            if let (Some(least), Some(most)) = (least, most)
                && least > most
            {
                return Err(Error::config(format!("{place}: `least` is above `most`")));
            }
            rules.limits.push(Limit { column: named(column), least, most });
        }
        Ok(rules)
    }
}

fn verdict_rule(
    verdict: Verdict,
    same: bool,
    place: &str,
    named: &impl Fn(Spanned<String>) -> Name,
) -> Result<VerdictRule> {
    let Verdict { name, same: equal, close, different, sources } = verdict;
    let lists = [(equal, Condition::Same), (close, Condition::Close), (different, Condition::Different)];
    let conditions: Vec<(Name, Condition)> = lists
        .into_iter()
        .flat_map(|(list, how)| list.into_iter().map(move |one| (one, how)))
        .fold(Vec::new(), |mut all, (one, how)| {
            all.push((named(one), how));
            all
        });
    let kind = if same { "must_match" } else { "must_not_match" };
    if conditions.is_empty() {
        return Err(Error::config(format!("{place}: the rule has no condition"))
            .hint("give `same`, `close` or `different` a list of columns"));
    }
    if same && !conditions.iter().any(|(_, how)| *how == Condition::Same) {
        return Err(Error::config(format!("{place}: a must_match rule needs a column under `same`"))
            .hint("its pairs are found by what they share"));
    }
    let mut sources = sources.into_iter().map(named);
    let sources = match (sources.next(), sources.next(), sources.next()) {
        (None, ..) => None,
        (Some(one), None, _) => Some((one.clone(), one)),
        (Some(one), Some(other), None) => Some((one, other)),
        (.., Some(third)) => {
            return Err(Error::config(format!("{}: a rule speaks of one source or of two", third.place)));
        }
    };
    let name = name.unwrap_or_else(|| {
        let names: Vec<&str> = conditions.iter().map(|(column, _)| column.text.as_str()).collect();
        format!("{kind}: {}", names.join(", "))
    });
    Ok(VerdictRule { name, same, conditions, sources })
}

/// `name:line:column` of a byte, counted from 1.
fn place(text: &str, name: &str, offset: usize) -> String {
    let before = text.get(..offset.min(text.len())).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    format!("{name}:{line}:{column}")
}
