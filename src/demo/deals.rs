//! What has sales offered to a company, and how did it end?

use crate::error::Result;

use super::calendar::{DAY, day, stamp};
use super::company::Stage;
use super::dice::Dice;
use super::families::Member;
use super::holdings::Plant;
use super::rows::Opportunity;
use super::salesforce::{SOURCES, money};
use super::vendor::CURRENCIES;
use super::world::World;

/// Writes the opportunities of one company.
pub(super) fn opportunities(world: &mut World, dice: &mut Dice, member: &Member) -> Result<()> {
    let Member { company, holdings, .. } = member;
    let Some(crm) = holdings.crm.as_deref().filter(|_| !company.fresh) else { return Ok(()) };
    // Name, stage, closing day, cents.
    let mut deals: Vec<(String, &'static str, i64, i64)> = Vec::new();
    let now = world.calendar.today;
    let core = &company.name.core;
    if let Some([contract, _]) = &company.contracts {
        if holdings.plant != Plant::BilledNotWon {
            deals.push((format!("{core} - New business"), "Closed Won", contract.start, contract.arr()));
            if let Some(end) = contract.ended {
                deals.push((format!("{core} - Renewal"), "Closed Lost", end, contract.arr()));
            } else if contract.start < now - 365 * DAY {
                deals.push((format!("{core} - Renewal"), "Closed Won", contract.start + 365 * DAY, contract.arr()));
            }
        }
        if contract.ended.is_none() && dice.chance(200) {
            deals.push((
                format!("{core} - Expansion"),
                "Negotiation",
                now + dice.between(10, 90) * DAY,
                contract.arr() / 4,
            ));
        }
    } else if company.stage == Stage::Prospect && dice.chance(550) {
        let stage = dice.pick(&["Discovery", "Proposal", "Negotiation", "Closed Lost", "Closed Lost"]);
        let close =
            if stage == "Closed Lost" { world.calendar.ago(dice, 10, 200) } else { now + dice.between(5, 120) * DAY };
        deals.push((format!("{core} - New business"), stage, close, dice.between(20, 900) * 10_000));
    }
    let currency = company.contracts.as_ref().map_or(0, |weeks| weeks[0].currency);
    for (name, stage, close, cents) in deals {
        let old = holdings.merged.as_deref().or(holdings.purged.as_deref()).filter(|_| dice.chance(300));
        let created = company.created.min(close - 10 * DAY);
        let row = Opportunity {
            id: world.keys.salesforce("006"),
            account_id: old.unwrap_or(crm).to_owned(),
            r#type: if name.ends_with("New business") { "New Business" } else { "Existing Business" },
            name,
            amount: money(cents),
            currency_iso_code: CURRENCIES[currency].to_uppercase(),
            close_date: day(close),
            created_date: stamp(created),
            stage_name: stage,
            is_closed: stage.starts_with("Closed"),
            is_won: stage == "Closed Won",
            probability: match stage {
                "Closed Won" => 100,
                "Closed Lost" => 0,
                "Negotiation" => 70,
                "Proposal" => 45,
                _ => 20,
            },
            forecast_category: if stage.starts_with("Closed") { "Closed" } else { "Pipeline" },
            lead_source: dice.pick(SOURCES),
            owner_id: world.vendor.staff[company.owner].user.clone(),
            last_modified_date: stamp(created.max(close.min(now - DAY))),
            _fivetran_active: true,
            _fivetran_synced: world.calendar.synced(dice, created, world.calendar.first()),
            ..Opportunity::default()
        };
        world.out.opportunity.both(&row)?;
    }
    Ok(())
}
