//! Which rule holds for one field of one entity?
//!
//! A choice that an operator made for this entity, else the rule of the first segment that it belongs to, else the field's rule. A segment
//! is told by other fields as they survive without segments, so that the order of fields never matters.

use rustc_hash::FxHashMap;

use super::{Choice, Rule, known};
use crate::config::{Condition, Config, SurvivorshipRule};
use crate::ident::Surface;

/// The rules of one field.
#[derive(Debug, Clone)]
pub struct FieldRule {
    /// Where no segment fits.
    pub base: Rule,
    segments: Vec<(Condition, Rule)>,
    /// By entity.
    choices: FxHashMap<String, Rule>,
}

impl FieldRule {
    /// The rules in force for `table.field`.
    #[must_use]
    pub fn of(config: &Config, table: &str, field: &str, choice: Choice, surfaces: &[Surface]) -> Self {
        let base = Rule::in_force(config, table, field, choice, surfaces);
        let path = format!("{table}.{field}");
        let stated = config.survivorship.get(&path);
        let segments = stated
            .into_iter()
            .flat_map(|rule| &rule.segments)
            .map(|segment| {
                let rule = Rule {
                    choice: of_word(segment.rule),
                    sources: segment.sources.clone(),
                    fallback: surfaces.to_vec(),
                    stated_by: format!("fourfold.toml, segment on {}", segment.when.field),
                };
                (segment.when.clone(), rule)
            })
            .collect();
        let choices = config
            .choices
            .iter()
            .filter(|choice| choice.field == path && known(config, &choice.source))
            .map(|choice| {
                let rule = Rule {
                    choice: Choice::Priority,
                    sources: vec![choice.source.clone()],
                    fallback: surfaces.to_vec(),
                    stated_by: format!("operator {}", choice.who),
                };
                (choice.entity.clone(), rule)
            })
            .collect();
        Self { base, segments, choices }
    }

    /// Whether other fields must be known before this one is settled.
    #[must_use]
    pub fn has_segments(&self) -> bool {
        !self.segments.is_empty()
    }

    /// The rule for an entity; `value` gives its other fields.
    pub fn pick(&self, entity: &str, value: &dyn Fn(&str) -> Option<String>) -> &Rule {
        if let Some(rule) = self.choices.get(entity) {
            return rule;
        }
        self.segments
            .iter()
            .find(|(when, _)| when.holds(value(&when.field).as_deref()))
            .map_or(&self.base, |(_, rule)| rule)
    }
}

/// The choice behind a word of `fourfold.toml`.
#[must_use]
pub fn of_word(rule: SurvivorshipRule) -> Choice {
    match rule {
        SurvivorshipRule::Priority => Choice::Priority,
        SurvivorshipRule::Recency => Choice::Recency,
        SurvivorshipRule::Source => Choice::Source,
        SurvivorshipRule::MostComplete => Choice::MostComplete,
    }
}
