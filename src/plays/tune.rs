//! How are weights, curves and tiers changed, first in thought and then in `fourfold.toml`?

use toml_edit::{DocumentMut, Item, Table, Value};

use super::definition::Play;
use super::library::changed_play;
use super::statement::part;
use crate::config::PlaySettings;
use crate::error::{Context, Error, ErrorKind, Result};

/// A number of a play and its new value, by the names of [`super::statement::settings`].
pub type NewValue = (String, f64);

/// Where a number stands below `[plays.NAME]`: its path, such as `signals`, `seats`, `weight`.
fn path(play: &Play, setting: &str) -> Result<Vec<String>> {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    if setting == "least_known" {
        return Ok(owned(&["least_known"]));
    }
    if let Some(tier) = setting.strip_prefix("tier_").filter(|name| play.tiers.iter().any(|tier| tier.name == *name)) {
        return Ok(owned(&["tiers", tier]));
    }
    for signal in &play.signals {
        if let Some(what) = ["weight", "from", "to"].into_iter().find(|what| part(signal, what) == setting) {
            return Ok(owned(&["signals", &signal.name, what]));
        }
    }
    Err(Error::config(format!("the play {} has no number {setting:?}", play.name)))
}

/// The play with some numbers changed.
///
/// # Errors
/// `Config` when a number is not there, or leaves the play senseless.
pub fn changed(play: &Play, values: &[NewValue]) -> Result<Play> {
    let mut settings = PlaySettings::default();
    for (name, value) in values {
        match path(play, name)?.as_slice() {
            [signals, signal, what] if signals == "signals" => {
                let own = settings.signals.entry(signal.clone()).or_default();
                match what.as_str() {
                    "weight" => own.weight = Some(*value),
                    "from" => own.from = Some(*value),
                    _ => own.to = Some(*value),
                }
            }
            [tiers, tier] if tiers == "tiers" => {
                settings.tiers.insert(tier.clone(), *value);
            }
            _ => settings.least_known = Some(*value),
        }
    }
    changed_play(play, &settings)
}

/// The text of `fourfold.toml` with some numbers of a play in it; everything else stays as it is, comments too.
///
/// # Errors
/// `Config` when the text is not TOML, or a number is not there.
pub fn written(text: &str, play: &Play, values: &[NewValue]) -> Result<String> {
    let mut document: DocumentMut =
        text.parse().context(ErrorKind::Config, || "fourfold.toml cannot be read".to_owned())?;
    for (name, value) in values {
        let path = path(play, name)?;
        let mut at: &mut Item = document.as_item_mut();
        for key in ["plays", play.name.as_str()].into_iter().chain(path[..path.len() - 1].iter().map(String::as_str)) {
            let Some(table) = at.as_table_like_mut() else {
                return Err(Error::config(format!("fourfold.toml: {key} below [plays.{}] is no table", play.name)));
            };
            if table.get(key).is_none() {
                let mut new = Table::new();
                new.set_implicit(true);
                table.insert(key, Item::Table(new));
            }
            at = table.get_mut(key).ok_or_else(|| Error::internal("a table that was just made is gone"))?;
        }
        let last = path.last().map_or("", String::as_str);
        let number =
            if value.fract() == 0.0 && value.abs() < 1e15 { Value::from(*value as i64) } else { Value::from(*value) };
        let Some(table) = at.as_table_like_mut() else {
            return Err(Error::config(format!("fourfold.toml: [plays.{}] is no table", play.name)));
        };
        // A number that stands there keeps what is written around it.
        match table.get_mut(last).and_then(Item::as_value_mut) {
            Some(old) => {
                let decor = old.decor().clone();
                *old = number;
                *old.decor_mut() = decor;
            }
            None => {
                table.insert(last, Item::Value(number));
            }
        }
    }
    Ok(document.to_string())
}

/// By how much a number changes at one step: a weight by 1, what is a share by 0.05, others by about a twentieth.
#[must_use]
pub fn step(setting: &str, value: f64) -> f64 {
    if setting.ends_with("_weight") || setting.starts_with("tier_") {
        return 1.0;
    }
    let size = value.abs();
    if size <= 2.0 {
        0.05
    } else if size < 20.0 {
        1.0
    } else {
        10_f64.powf((size / 20.0).log10().ceil())
    }
}

/// A number moved by some steps, without the dust of binary fractions.
#[must_use]
pub fn moved(setting: &str, value: f64, steps: i32) -> f64 {
    let new = value + step(setting, value) * f64::from(steps);
    let new = (new * 1e6).round() / 1e6;
    if setting.ends_with("_weight") || setting.starts_with("tier_") { new.max(0.0) } else { new }
}
