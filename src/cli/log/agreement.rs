//! How far do reviewers agree, and on which pairs do they differ?

use std::io::Write;

use serde_json::json;

use super::{clean, print, print_json};
use crate::error::Result;
use crate::review::ReviewLog;
use crate::review::agreement::{Agreement, agreement};

/// Prints the agreement of every two reviewers.
///
/// # Errors
/// `Log` when the log cannot be read; `Io` when `out` takes no more.
pub(super) fn agreements(log: &ReviewLog, json: bool, out: &mut dyn Write) -> Result<()> {
    let effective = log.effective()?;
    let found = agreement(&effective);
    let disputed = effective.disagreements().count();
    if json {
        return print_json(&json!({ "agreement": found, "disagreements": disputed }), out);
    }
    for agreement in &found {
        print(out, &line(agreement))?;
    }
    if found.is_empty() {
        print(out, "no two reviewers have judged a pair in common")?;
    }
    print(out, &format!("{disputed} pairs wait for somebody to settle them"))
}

/// `ada and mo: 40 pairs, 36 alike, kappa 0.78 (0.63 to 0.93)`.
fn line(agreement: &Agreement) -> String {
    let kappa = match (agreement.kappa, agreement.standard_error) {
        (Some(kappa), Some(error)) => {
            let (low, high) = ((kappa - 1.96 * error).max(-1.0), (kappa + 1.96 * error).min(1.0));
            format!("kappa {kappa:.2} ({low:.2} to {high:.2}), {}", strength(kappa))
        }
        _ => "kappa is not defined: both said the same throughout".to_owned(),
    };
    format!(
        "{} and {}: {} pairs in common, {} alike, {kappa}",
        clean(&agreement.one),
        clean(&agreement.other),
        agreement.pairs,
        agreement.agreed
    )
}

/// The words that Landis and Koch (1977) gave to ranges of kappa.
#[must_use]
pub(crate) fn strength(kappa: f64) -> &'static str {
    match kappa {
        _ if kappa < 0.0 => "poor",
        _ if kappa <= 0.20 => "slight",
        _ if kappa <= 0.40 => "fair",
        _ if kappa <= 0.60 => "moderate",
        _ if kappa <= 0.80 => "substantial",
        _ => "almost perfect",
    }
}

/// Prints the pairs on which reviewers differ, with what each said.
///
/// # Errors
/// As [`agreements`].
pub(super) fn disagreements(log: &ReviewLog, json: bool, out: &mut dyn Write) -> Result<()> {
    let effective = log.effective()?;
    for standing in effective.disagreements() {
        let Some(pair) = standing.pair() else { continue };
        let opinions: Vec<_> = standing.opinions().map(|opinion| (opinion.reviewer, opinion.verdict)).collect();
        if json {
            let said: Vec<_> = opinions
                .iter()
                .map(|(reviewer, verdict)| json!({ "reviewer": reviewer, "verdict": verdict }))
                .collect();
            print_json(&json!({ "pair_id": pair.id(), "pair": pair, "opinions": said }), out)?;
        } else {
            let said: Vec<String> =
                opinions.iter().map(|(reviewer, verdict)| format!("{} {verdict}", clean(reviewer))).collect();
            let pair_text = format!("{} | {}", clean(&pair.left.to_string()), clean(&pair.right.to_string()));
            print(out, &format!("{}  {pair_text}  {}", pair.id(), said.join(", ")))?;
        }
    }
    Ok(())
}
