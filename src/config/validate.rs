//! Do the values in `fourfold.toml` make sense together?

use super::{Config, SurvivorshipRule, WarehouseSettings};
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
    super::rules::check(&config.resolve.rules, name)?;
    for (source, links) in &config.links {
        super::review::check_links(source, links, name)?;
    }
    for (kind, calibration) in &config.resolve.calibration {
        super::review::check_calibration(kind, calibration, name)?;
    }
    for (field, survivorship) in &config.survivorship {
        let needs_sources = matches!(survivorship.rule, SurvivorshipRule::Priority | SurvivorshipRule::Source);
        if needs_sources && survivorship.sources.is_empty() {
            return Err(Error::config(format!("{name}: [survivorship] \"{field}\" names no sources"))
                .hint("sources = [\"billing\", \"crm\"] lists sources or surfaces, best first"));
        }
        for source in &survivorship.sources {
            let surface = crate::ident::Surface::ALL.iter().any(|surface| surface.as_str() == source);
            if !surface && !config.sources.contains_key(source) {
                return Err(Error::config(format!(
                    "{name}: [survivorship] \"{field}\" names {source:?}, which is neither a source nor a surface"
                ))
                .hint(format!("sources are: {}", config.sources.keys().cloned().collect::<Vec<_>>().join(", "))));
            }
        }
    }
    super::drift::check(&config.drift, name)
}
