//! Which pairs does a typed filter take?
//!
//! Words are looked for in both names and keys, exactly or with gaps. `rule:`, `source:`, `between:`, `kind:`,
//! `cluster:` and `is:` look at one thing each; a value with blanks stands in quotes: `rule:"same domain"`.

use super::fuzzy::Pattern;
use crate::snapshot::PairLine;

/// A filter in parts.
pub struct PairFilter {
    rule: Option<String>,
    source: Vec<String>,
    between: Option<String>,
    kind: Option<String>,
    cluster: Option<String>,
    reasons: Vec<String>,
    words: Pattern,
}

/// The reasons that `is:` looks for in the queue itself; other values depend on what was decided.
const REASONS: [&str; 4] = ["audit", "bridge", "uncertain", "reopened"];

impl PairFilter {
    /// Takes what was typed apart.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let mut filter = Self {
            rule: None,
            source: Vec::new(),
            between: None,
            kind: None,
            cluster: None,
            reasons: Vec::new(),
            words: Pattern::new(""),
        };
        let mut rest = Vec::new();
        for word in words(&typed.to_lowercase()) {
            match word.split_once(':') {
                Some(("rule", rule)) => filter.rule = Some(rule.to_owned()),
                Some(("source", source)) => filter.source.push(source.to_owned()),
                Some(("between", sources)) => filter.between = Some(in_order(sources)),
                Some(("kind", kind)) => filter.kind = Some(kind.to_owned()),
                Some(("cluster", cluster)) => filter.cluster = Some(cluster.to_owned()),
                Some(("is", reason)) => filter.reasons.extend(REASONS.contains(&reason).then(|| reason.to_owned())),
                _ => rest.push(word),
            }
        }
        filter.words = Pattern::new(&rest.join(" "));
        filter
    }

    /// The cluster, when the filter asks for nothing else.
    #[must_use]
    pub fn only_cluster(&self) -> Option<u32> {
        let alone = self.rule.is_none()
            && self.source.is_empty()
            && self.between.is_none()
            && self.kind.is_none()
            && self.reasons.is_empty()
            && self.words.is_empty();
        self.cluster.as_ref().filter(|_| alone)?.parse().ok()
    }

    /// Whether a pair matches.
    pub fn takes(&self, pair: &PairLine<'_>) -> bool {
        self.rule.as_ref().is_none_or(|rule| pair.rule.contains(rule.as_str()))
            && self.source.iter().all(|part| pair.sources.split('+').any(|source| source.contains(part.as_str())))
            && self.between.as_ref().is_none_or(|sources| pair.sources == sources)
            && self.kind.as_ref().is_none_or(|kind| pair.kind.starts_with(kind.as_str()))
            && self.cluster.as_ref().is_none_or(|cluster| pair.cluster == cluster)
            && self.reasons.iter().all(|reason| pair.reason.split('+').any(|known| known == reason))
            && (self.words.is_empty() || self.words.matches_lower(pair.text))
    }
}

/// Two sources in the order in which the queue names them.
fn in_order(sources: &str) -> String {
    match sources.split_once('+') {
        Some((one, other)) if one > other => format!("{other}+{one}"),
        _ => sources.to_owned(),
    }
}

/// The words of what was typed; what stands in quotes is one word.
#[must_use]
pub fn words(typed: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in typed.chars() {
        match character {
            '"' => quoted = !quoted,
            character if character.is_whitespace() && !quoted => words.push(String::new()),
            character => {
                if let Some(word) = words.last_mut() {
                    word.push(character);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A value as a filter takes it.
#[must_use]
pub fn quoted(value: &str) -> String {
    let plain = value.replace('"', "");
    if plain.chars().any(char::is_whitespace) { format!("\"{plain}\"") } else { plain }
}
