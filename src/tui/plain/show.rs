//! What is said of a pair, line by line?

use jiff::Timestamp;

use super::{Asking, is_disputed};
use crate::error::Result;
use crate::review::Effective;
use crate::tui::event::PairDetail;
use crate::tui::mask::mask_difference;
use crate::tui::{diff, text, words};

impl Asking<'_> {
    pub(super) fn show(&mut self, detail: &PairDetail, place: u64, total: u64, effective: &Effective) -> Result<()> {
        let row = &detail.row;
        let money =
            row.money.map_or(String::new(), |sum| format!(", {} a year", words::money(sum, row.currency.as_deref())));
        let weight = if self.options.blind {
            String::new()
        } else {
            format!(", {} bits, probability {:.2}", words::bits(row.weight), row.probability)
        };
        self.say("")?;
        self.say(&format!("Pair {} of {}: {}{weight}{money}.", words::count(place), words::count(total), row.kind))?;
        self.say(&format!("Left:  {}", text::clean(&row.key.left.to_string())))?;
        self.say(&format!("Right: {}", text::clean(&row.key.right.to_string())))?;
        if is_disputed(effective, row) {
            if self.options.blind {
                self.say("Reviewers differ on this pair.")?;
            } else {
                self.decisions(detail, effective)?;
            }
        }
        self.values(detail, self.options.reveal)?;
        if self.options.blind { Ok(()) } else { self.why(detail) }
    }

    /// The bars in one line.
    fn why(&mut self, detail: &PairDetail) -> Result<()> {
        let bars: Vec<String> = detail
            .body
            .waterfall
            .bars
            .iter()
            .map(|bar| {
                format!("{} {} ({})", text::clean(&bar.comparison), words::bits(bar.weight), text::clean(&bar.level))
            })
            .collect();
        self.say(&format!("Why: {}.", bars.join("; ")))
    }

    /// The bars, one a line, with what they sum to.
    pub(super) fn weights(&mut self, detail: &PairDetail) -> Result<()> {
        if self.options.blind {
            return self.say("The score is shown after your verdict (--blind).");
        }
        for bar in &detail.body.waterfall.bars {
            let line = format!(
                "{}: {} bits, {}",
                text::clean(&bar.comparison),
                words::bits(bar.weight),
                text::clean(&bar.level)
            );
            self.say(&line)?;
        }
        let row = &detail.row;
        self.say(&format!("Sum: {} bits, probability {:.2}.", words::bits(row.weight), row.probability))
    }

    pub(super) fn evidence(&mut self, detail: &PairDetail) -> Result<()> {
        if detail.body.evidence.is_empty() {
            self.say("The neighbours say nothing: no shared domain, contact, invoice, ticket or id.")?;
        }
        for evidence in &detail.body.evidence {
            let speaks = match evidence.speaks_for {
                Some(true) => "speaks for one entity",
                Some(false) => "speaks against",
                None => "says nothing either way",
            };
            self.say(&format!("{}: {} ({speaks}).", text::clean(&evidence.kind), text::clean(&evidence.text)))?;
        }
        let notes = [("Left", &detail.body.left_note), ("Right", &detail.body.right_note)];
        for (side, note) in notes {
            let synced = note.synced_at.as_ref().map(|at| format!("landed {}", words::ago(at, Timestamp::now())));
            let url = note.url.as_ref().map(|url| text::clean(url));
            let said: Vec<String> = synced.into_iter().chain(url).collect();
            if !said.is_empty() {
                self.say(&format!("{side}: {}.", said.join(", ")))?;
            }
        }
        Ok(())
    }

    /// What "same" would put together, and what would have to be looked at.
    pub(super) fn effect(&mut self, detail: &PairDetail) -> Result<()> {
        let row = &detail.row;
        if row.left_entity == row.right_entity {
            self.say("Both records are one entity now; `different` would split it.")?;
        }
        for (side, entity) in [("Left", &detail.left), ("Right", &detail.right)] {
            let Some(entity) = entity else { continue };
            let arr = entity
                .arr
                .map_or(String::new(), |sum| format!(", {} a year", words::money(sum, entity.currency.as_deref())));
            let status = if entity.status.is_empty() { String::new() } else { format!(", {}", entity.status) };
            self.say(&format!(
                "{side} entity: {}, {} in {}{}{arr}.",
                text::clean(&entity.label),
                words::counted(entity.record_count, "record", "records"),
                text::clean(&entity.sources.join(", ")),
                text::clean(&status),
            ))?;
        }
        let conflicts = detail.conflicts.len() as u64;
        self.say(&format!("{} about them.", words::counted(conflicts, "open conflict is", "open conflicts are")))?;
        for conflict in detail.conflicts.iter().take(10) {
            self.say(&format!("  {}", text::clean(&conflict.conflict.detail)))?;
        }
        Ok(())
    }

    /// Earlier verdicts on the pair.
    pub(super) fn decisions(&mut self, detail: &PairDetail, effective: &Effective) -> Result<()> {
        let Some(standing) = effective.of(&detail.row.key) else {
            return self.say("Nobody has decided this pair yet.");
        };
        let opinions: Vec<String> = standing
            .opinions()
            .map(|opinion| format!("{} said {}", text::clean(opinion.reviewer), opinion.verdict))
            .collect();
        let head = if is_disputed(effective, &detail.row) { "Reviewers differ" } else { "Decided" };
        self.say(&format!("{head}: {}.", opinions.join("; ")))
    }

    pub(super) fn values(&mut self, detail: &PairDetail, reveal: bool) -> Result<()> {
        for field in &detail.body.fields {
            if reveal && field.personal {
                for record in [&detail.row.key.left, &detail.row.key.right] {
                    self.backend.reveal_logged(record, &field.field, &self.options.reviewer, Timestamp::now())?;
                }
            }
            let (left, right) = (text::clean(&field.left), text::clean(&field.right));
            let sign = diff::likeness(&left, &right).sign().1;
            let mut shown = diff::difference(&left, &right);
            if field.personal && !reveal {
                shown = mask_difference(&shown);
            }
            let side = |segments: &[diff::Segment], open: &str, close: &str| -> String {
                let parts: Vec<String> = segments
                    .iter()
                    .map(|part| if part.differs { format!("{open}{}{close}", part.text) } else { part.text.clone() })
                    .collect();
                if parts.is_empty() { "(empty)".to_owned() } else { parts.concat() }
            };
            let line = format!(
                "{}: {} | {} ({sign})",
                text::clean(&field.field),
                side(&shown.left, "[-", "]"),
                side(&shown.right, "{+", "}")
            );
            self.say(&line)?;
        }
        Ok(())
    }
}
