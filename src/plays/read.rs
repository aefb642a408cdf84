//! How is a play read from its file, and does the file hang together?

use std::collections::BTreeSet;
use std::path::Path;

use super::definition::{Drivers, Origin, Play, Scoring};
use super::words;
use crate::error::{Context, Error, ErrorKind, Result};

/// Reads a definition; `file` is its name for messages.
///
/// # Errors
/// `Config` with file, line and column.
pub fn parse(text: &str, file: &str, sql: &str, origin: Origin) -> Result<Play> {
    let mut play: Play = toml::from_str(text).map_err(|cause| {
        let offset = cause.span().map_or(0, |span| span.start).min(text.len());
        let (line, column) = place(text, offset);
        Error::config(format!("{file}:{line}:{column}: {}", cause.message().trim()))
            .hint("`fourfold plays new NAME` writes a play to start from")
    })?;
    sql.clone_into(&mut play.sql);
    play.origin = origin;
    validate(&play).map_err(|(key, message)| {
        let offset = find(text, &key);
        let (line, column) = place(text, offset);
        Error::config(format!("{file}:{line}:{column}: {message}"))
    })?;
    Ok(play)
}

/// Reads `<name>.toml` and the `<name>.sql` beside it.
///
/// # Errors
/// As [`parse`]; `Io` when a file cannot be read; `NotFound` when the SQL is missing.
pub fn file(path: &Path) -> Result<Play> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).context(ErrorKind::Io, || format!("cannot read the play {}", path.display()))
    };
    let text = read(path)?;
    let sql_path = path.with_extension("sql");
    if !sql_path.is_file() {
        return Err(Error::not_found(format!("{} has no SQL beside it", path.display()))
            .hint(format!("write the query that reads its inputs into {}", sql_path.display())));
    }
    let sql = read(&sql_path)?;
    let origin = Origin::File { definition: path.to_owned(), sql: sql_path };
    let play = parse(&text, &path.display().to_string(), &sql, origin)?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if stem != play.name {
        return Err(Error::config(format!("{}: the play is called {:?}", path.display(), play.name))
            .hint("a play's name is that of its file: rename one of them"));
    }
    Ok(play)
}

/// Line and column of a byte offset, counted from 1.
pub(super) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or("");
    (before.matches('\n').count() + 1, before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1)
}

/// Where a name stands in quotes, else where a key stands; the beginning when it stands nowhere.
fn find(text: &str, key: &str) -> usize {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted).last().map(|(at, _)| at).or_else(|| text.find(key)).unwrap_or(0)
}

/// Whether a text is a plain SQL name.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

type Fault = (String, String);

pub(super) fn validate(play: &Play) -> Result<(), Fault> {
    let fault = |key: &str, message: String| Err((key.to_owned(), message));
    let named = |what: &str, name: &str| {
        if is_name(name) {
            Ok(())
        } else {
            Err((
                name.to_owned(),
                format!("{what} {name:?} must be lower-case letters, digits and underscores, at most 40"),
            ))
        }
    };
    named("the name", &play.name)?;
    if ["columns", "inputs", "fields", "outputs", "scores_before"].contains(&play.name.as_str()) {
        return fault(
            &play.name,
            format!("fourfold itself publishes a table play_{}: give the play another name", play.name),
        );
    }
    if play.tiers.is_empty() {
        return fault("tiers", "the play names no tiers".to_owned());
    }
    let mut seen = BTreeSet::new();
    for column in &play.columns {
        named("the column", &column.name)?;
        if !seen.insert(&column.name) || super::definition::COMMON.iter().any(|(name, ..)| *name == column.name) {
            return fault(&column.name, format!("the column {:?} is given twice", column.name));
        }
    }
    if let Some(missing) = play.key.iter().find(|name| !play.has_column(name)) {
        return fault(missing, format!("the key {missing:?} is none of the columns"));
    }
    if !play.has_column("entity_id") {
        return fault("columns", "the columns lack entity_id, which says whose row it is".to_owned());
    }
    for (name, parameter) in &play.parameters {
        named("the parameter", name)?;
        super::template::parameter_text(name, parameter, crate::warehouse::Dialect::DuckDb)
            .map_err(|message| (name.clone(), message))?;
    }
    if !(0.0..=1.0).contains(&play.least_known) {
        return fault("least_known", "least_known must lie between 0 and 1".to_owned());
    }
    for need in play.needs.iter().map(|need| &need.field).chain(play.signals.iter().flat_map(|signal| &signal.needs)) {
        if need.split('.').count() != 2 {
            return fault(need, format!("{need:?} is not a field of the model, such as accounts.arr"));
        }
    }
    tiers(play)?;
    match play.scoring {
        Scoring::Signals => signals(play),
        Scoring::Given if !play.signals.is_empty() => {
            fault("signals", "scoring = \"given\" takes no signals: the SQL gives the score".to_owned())
        }
        Scoring::Given => Ok(()),
    }
}

fn tiers(play: &Play) -> Result<(), Fault> {
    let mut names = BTreeSet::new();
    for tier in &play.tiers {
        if tier.name.is_empty() || !names.insert(&tier.name) {
            return Err((tier.name.clone(), format!("the tier {:?} is named twice or has no name", tier.name)));
        }
        if !is_name(&tier.name) {
            return Err((
                tier.name.clone(),
                format!("the tier {:?} must be lower-case letters, digits and underscores", tier.name),
            ));
        }
        if [super::definition::UNKNOWN, super::definition::DISQUALIFIED].contains(&tier.name.as_str()) {
            return Err((tier.name.clone(), format!("the tier {:?} is made by fourfold itself", tier.name)));
        }
    }
    if play.scoring == Scoring::Given {
        return Ok(());
    }
    for pair in play.tiers.windows(2) {
        if pair[1].from >= pair[0].from {
            return Err((
                pair[1].name.clone(),
                format!(
                    "the tier {:?} must begin below {:?}: tiers go from the highest score down",
                    pair[1].name, pair[0].name
                ),
            ));
        }
    }
    match play.tiers.last() {
        Some(last) if last.from != 0.0 || last.signals != 0 => {
            Err((last.name.clone(), format!("the last tier, {:?}, must begin at 0 and ask for no signals", last.name)))
        }
        _ => Ok(()),
    }
}

fn signals(play: &Play) -> Result<(), Fault> {
    if play.signals.is_empty() {
        return Err(("signals".to_owned(), "the play weighs no signals".to_owned()));
    }
    let mut names = BTreeSet::new();
    for signal in &play.signals {
        let fault = |message: String| Err((signal.name.clone(), message));
        if !is_name(&signal.name) || !is_name(&signal.value) {
            return fault(format!(
                "the signal {:?} and its value must be lower-case letters, digits and underscores",
                signal.name
            ));
        }
        if !names.insert(&signal.name) {
            return fault(format!("the signal {:?} is named twice", signal.name));
        }
        if !signal.weight.is_finite() || signal.weight < 0.0 {
            return fault(format!("the weight of {:?} must be a number from 0 up", signal.name));
        }
        match (signal.from, signal.to) {
            (None, None) => {}
            (Some(from), Some(to)) if from.is_finite() && to.is_finite() && (from - to).abs() > f64::EPSILON => {}
            (Some(_), Some(_)) => return fault(format!("from and to of {:?} must differ", signal.name)),
            _ => return fault(format!("{:?} has only one of from and to", signal.name)),
        }
        for text in [Some(&signal.words), signal.low_words.as_ref()].into_iter().flatten() {
            words::pieces(text)
                .map_err(|message| (signal.name.clone(), format!("the words of {:?}: {message}", signal.name)))?;
        }
    }
    if play.total_weight() <= 0.0 {
        return Err(("signals".to_owned(), "all weights are 0".to_owned()));
    }
    if play.drivers == Drivers::Both && play.signals.iter().all(|signal| signal.low_words.is_none()) {
        return Err(("drivers".to_owned(), "drivers = \"both\" needs low_words for what stands low".to_owned()));
    }
    Ok(())
}
