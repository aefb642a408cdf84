//! In which currency does the team report, and at which rates?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Money across currencies: `[money]` in `fourfold.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MoneySettings {
    /// The currency that the team reports in, ISO 4217; amounts are not converted when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporting_currency: Option<String>,
    /// What one unit of other currencies is in it, by their codes: `EUR = { rate = "1.08", date = "2026-06-30" }`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rates: BTreeMap<String, Rate>,
}

/// A rate of exchange.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Units of the reporting currency for one unit of the other, as text so that it stays exact.
    pub rate: String,
    /// The day of the rate, `2026-06-30`.
    pub date: Option<String>,
}

impl MoneySettings {
    /// The rate of a currency; 1 for the reporting currency itself, None where none is stated.
    #[must_use]
    pub fn rate(&self, currency: &str) -> Option<Rate> {
        let reporting = self.reporting_currency.as_deref()?;
        if currency.eq_ignore_ascii_case(reporting) {
            return Some(Rate { rate: "1".to_owned(), date: None });
        }
        self.rates.iter().find(|(code, _)| code.eq_ignore_ascii_case(currency)).map(|(_, rate)| rate.clone())
    }

    /// Checks codes, rates and days.
    ///
    /// # Errors
    /// `Config`, naming the key.
    pub(super) fn check(&self, name: &str) -> Result<()> {
        let is_code = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
        let wrong = |key: &str, why: &str| {
            Err(Error::config(format!("{name}: [money] {key} {why}")).hint(
                "reporting_currency = \"USD\" and, below [money.rates], EUR = { rate = \"1.08\", date = \"2026-06-30\" }",
            ))
        };
        match &self.reporting_currency {
            Some(code) if !is_code(code) => return wrong("reporting_currency", "is no ISO 4217 code of three letters"),
            None if !self.rates.is_empty() => return wrong("rates", "need a reporting_currency"),
            _ => {}
        }
        for (code, rate) in &self.rates {
            if !is_code(code) {
                return wrong(&format!("rates.{code}"), "is no ISO 4217 code of three letters");
            }
            let number: Option<f64> = rate.rate.parse().ok();
            if !number.is_some_and(|number| number.is_finite() && number > 0.0) {
                return wrong(&format!("rates.{code}"), "is no rate above zero");
            }
            match &rate.date {
                Some(date) if date.parse::<jiff::civil::Date>().is_ok() => {}
                _ => {
                    return wrong(
                        &format!("rates.{code}"),
                        "has no day such as 2026-06-30: a rate without one tells nothing",
                    );
                }
            }
        }
        Ok(())
    }
}
