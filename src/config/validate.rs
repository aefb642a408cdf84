//! Do the values in `fourfold.toml` make sense together?

use super::{Config, WarehouseSettings};
use crate::error::{Error, Result};

/// Checks what types cannot.
///
/// # Errors
/// `Config`, naming the key.
pub(super) fn check(config: &Config, name: &str) -> Result<()> {
    if let WarehouseSettings::Postgres { url_env, dbt_profile, .. } = &config.warehouse
        && url_env.is_none() == dbt_profile.is_none()
    {
        return Err(Error::config(format!(
            "{name}: [warehouse] needs either url_env or dbt_profile, not both or neither"
        ))
        .hint("url_env = \"DATABASE_URL\" names the environment variable that holds the connection URL"));
    }
    let own = config.warehouse.schema();
    if own.is_empty() {
        return Err(Error::config(format!("{name}: [warehouse] schema is empty")));
    }
    for (source, settings) in &config.sources {
        if settings.schema.as_deref().unwrap_or(source) == own {
            return Err(Error::config(format!(
                "{name}: [sources.{source}] lies in the schema that fourfold writes ({own})"
            ))
            .hint("give [warehouse] another schema: fourfold never writes where a source lies"));
        }
    }
    let thresholds = [
        ("resolve.account_threshold", config.resolve.account_threshold),
        ("resolve.person_threshold", config.resolve.person_threshold),
        ("resolve.review_floor", Some(config.resolve.review_floor)),
    ];
    for (key, value) in thresholds {
        if value.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
            return Err(Error::config(format!("{name}: {key} must lie between 0 and 1")));
        }
    }
    config.money.check(name)?;
    super::match_rules::check(&config.resolve.rules, name)?;
    for (source, links) in &config.links {
        super::review::check_links(source, links, name)?;
    }
    for (kind, calibration) in &config.resolve.calibration {
        super::review::check_calibration(kind, calibration, name)?;
    }
    for (field, survivorship) in &config.survivorship {
        let place = format!("[survivorship] \"{field}\"");
        check_rule(config, name, &place, survivorship.rule, &survivorship.sources)?;
        for segment in &survivorship.segments {
            let place = format!("{place}, segment on {}", segment.when.field);
            check_rule(config, name, &place, segment.rule, &segment.sources)?;
            if field.rsplit('.').next() == Some(segment.when.field.as_str()) {
                return Err(Error::config(format!("{name}: {place} depends on the field it chooses"))
                    .hint("tell the segment by another field, such as country or employees"));
            }
            let says = &segment.when;
            if says.is.is_empty() && says.at_least.is_none() && says.below.is_none() {
                return Err(Error::config(format!("{name}: {place} says nothing about its field"))
                    .hint("when = { field = \"country\", is = [\"DE\", \"AT\"] }, or at_least = 100, or below = 100"));
            }
        }
    }
    for (number, exclusion) in (1..).zip(&config.exclude) {
        if exclusion.patterns().next().is_none() {
            return Err(Error::config(format!("{name}: [[exclude]] number {number} names no value"))
                .hint("value = \"*test*\", or values = [\"one\", \"two\"]"));
        }
    }
    for (number, accepted) in (1..).zip(&config.accepted) {
        if accepted.conflict.is_none() && accepted.kind.is_none() {
            return Err(Error::config(format!("{name}: [[accepted]] number {number} names neither conflict nor kind"))
                .hint("`fourfold conflicts accept ID` writes one"));
        }
        if let Some(until) = &accepted.until
            && until.parse::<jiff::civil::Date>().is_err()
        {
            return Err(Error::config(format!("{name}: [[accepted]] number {number} is accepted until {until:?}"))
                .hint("until = \"2026-03-31\", a day"));
        }
    }
    for choice in &config.choices {
        check_sources(
            config,
            name,
            &format!("[[choices]] for {}", choice.entity),
            std::slice::from_ref(&choice.source),
        )?;
    }
    Ok(())
}

fn check_rule(
    config: &Config,
    name: &str,
    place: &str,
    rule: super::SurvivorshipRule,
    sources: &[String],
) -> Result<()> {
    if rule.needs_sources() && sources.is_empty() {
        return Err(Error::config(format!("{name}: {place} names no sources"))
            .hint("sources = [\"billing\", \"crm\"] lists sources or surfaces, best first"));
    }
    check_sources(config, name, place, sources)
}

fn check_sources(config: &Config, name: &str, place: &str, sources: &[String]) -> Result<()> {
    for source in sources {
        let surface = crate::ident::Surface::ALL.iter().any(|surface| surface.as_str() == source);
        if !surface && !config.sources.contains_key(source) {
            return Err(Error::config(format!(
                "{name}: {place} names {source:?}, which is neither a source nor a surface"
            ))
            .hint(format!("sources are: {}", config.sources.keys().cloned().collect::<Vec<_>>().join(", "))));
        }
    }
    super::drift::check(&config.drift, name)
}
