//! In which order does resolution go?

use super::entities::constraints::{self, Constraints};
use super::entities::employers::Employers;
use super::entities::matcher::Ask;
use super::entities::settle::{Known, Settled, recall, settle};
use super::entities::{Resolved, label, links, pairs, rows, rules};
use super::evidence::staff::Staff;
use super::evidence::units::{self, Units};
use super::evidence::{identifiers, namesakes};
use super::extract::{Extract, Extracted, extract, masked};
use super::graph::{Birth, Entity, EntityGraph};
use super::hierarchy::paid::Mentions;
use super::hierarchy::{edges, paid, ultimate};
use super::identity::{assign, history, reasons};
use super::matching::Calibrated;
use super::memory::key::Asked;
use super::memory::{self, Memory, Remembered};
use super::relate::owners::DomainOwners;
use super::relate::{billing, tickets, users};
use super::{Decisions, ResolveInput};
use crate::error::Result;
use crate::ident::{EntityId, EntityKind};
use crate::progress::{CancelToken, Progress};

/// Below this many records of a kind, what was learned from them is worth a warning.
const FEW: usize = 30;

pub(super) fn run(
    input: &ResolveInput<'_>,
    memory: &mut Memory,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<EntityGraph> {
    let Extracted { mut accounts, mut people, keys, own_domains, mut warnings } = extract(input, progress, cancel)?;
    for extract in [&accounts, &people] {
        masked::check(extract, &mut warnings)?;
    }
    let account_constraints = constraints::gather(&accounts, input.decisions);
    let person_constraints = constraints::gather(&people, input.decisions);
    let account_units = units::group(&mut accounts, &account_constraints.untied());
    let person_units = units::group(&mut people, &person_constraints.untied());
    let staff = Staff::of(&accounts, &account_units, &people, &own_domains);

    progress.step("resolve: match accounts");
    let mut account_hints = identifiers::find(&accounts, &account_units, &keys);
    account_hints.extend(staff.hints(&accounts, &account_units));
    let account_rows = rows::accounts(&accounts, &account_units, &staff);
    let question =
        Question { extract: &accounts, units: &account_units, constraints: &account_constraints, homes: &[] };
    let stated = rules::find(&input.config.resolve.rules, &accounts, &account_units);
    let known = Known {
        stated: &stated,
        hints: &account_hints,
        family: &|unit| accounts.table(account_units.survivor(unit)).family,
        against: &|one, other, _| constraints::other_region(&accounts, &account_units, one, other),
    };
    let threshold = input.config.resolve.account_threshold;
    let (settled, account_key) =
        question.settle(input, account_rows, &known, threshold, memory, &mut warnings, progress, cancel)?;
    let accounts = name(input, accounts, account_units, settled);
    let ids = Mentions::of(&accounts);
    let owners = DomainOwners::of(&accounts, &staff);

    progress.step("resolve: match people");
    let mut user_accounts = users::named(&accounts, &people, &ids);
    let mut person_hints = identifiers::find(&people, &person_units, &keys);
    let account_of_unit = users::account_of_units(&user_accounts, &people, &person_units, &owners, &ids);
    person_hints.extend(namesakes::hints(&people, &person_units, &account_of_unit));
    let employers = Employers::of(&people, &person_units, &account_of_unit);
    let person_rows = rows::people(&people, &person_units);
    let question =
        Question { extract: &people, units: &person_units, constraints: &person_constraints, homes: &account_of_unit };
    let stated = rules::find(&input.config.resolve.rules, &people, &person_units);
    let known = Known {
        stated: &stated,
        hints: &person_hints,
        family: &|unit| people.table(person_units.survivor(unit)).family,
        against: &|one, other, explain| employers.against(one, other, explain),
    };
    let threshold = input.config.resolve.person_threshold;
    let (settled, person_key) =
        question.settle(input, person_rows, &known, threshold, memory, &mut warnings, progress, cancel)?;
    let people = name(input, people, person_units, settled);
    users::follow(&mut user_accounts, &people, &owners);

    progress.step("resolve: hierarchy");
    let mut found = Vec::new();
    edges::of_columns(&accounts, &mut found);
    edges::of_regions(&accounts, &staff, &mut found);
    edges::of_decisions(&accounts, input.decisions, &mut found);
    paid::edges(input, &accounts, &account_hints, &ids, &mut found, cancel)?;
    paid::of_mailboxes(&accounts, &staff, &mut found);
    let (found, circles) = ultimate::without_circles(found);
    if circles > 0 {
        warnings.push(format!("{circles} parent edges close a circle and are left out"));
    }

    progress.step("resolve: relations");
    let mut graph =
        EntityGraph { hierarchy: found.iter().map(|edge| edge.named(&accounts)).collect(), ..EntityGraph::default() };
    users::relations(&user_accounts, &accounts, &people, &mut graph.relations);
    let mut unlinked = billing::relations(input, &accounts, &owners, cancel, &mut graph.relations)?;
    let known = tickets::Known { accounts: &accounts, people: &people, user_accounts: &user_accounts, owners: &owners };
    unlinked.extend(tickets::relations(input, &known, cancel, &mut graph.relations)?);
    warnings.extend(unlinked.iter().filter_map(super::relate::Unlinked::warning));

    progress.step("resolve: explain");
    for (resolved, constraints, key) in
        [(accounts, &account_constraints, account_key), (people, &person_constraints, person_key)]
    {
        collect(input, resolved, constraints, (memory, key), &mut graph);
        cancel.check()?;
    }
    reasons::explain(&mut graph, input.decisions);
    graph.warnings = warnings;
    sort(&mut graph);
    Ok(graph)
}

/// One kind's units with what binds them.
struct Question<'a, 'map> {
    extract: &'a Extract<'map>,
    units: &'a Units,
    constraints: &'a Constraints,
    /// The account of each unit of people.
    homes: &'a [Option<u32>],
}

impl Question<'_, '_> {
    #[expect(clippy::too_many_arguments, reason = "what is asked, of what, and how to report: none belong together")]
    fn settle(
        &self,
        input: &ResolveInput<'_>,
        rows: rows::Rows,
        known: &Known<'_>,
        threshold: Option<f64>,
        memory: &Memory,
        warnings: &mut Vec<String>,
        progress: &dyn Progress,
        cancel: &CancelToken,
    ) -> Result<(Settled, Option<[u8; 32]>)> {
        let kind = self.extract.kind;
        let (together, apart) = self.constraints.between_rows(self.units, &rows.row_of, warnings);
        let compared = rows.units.len();
        if (2..FEW).contains(&compared) {
            warnings
                .push(format!("only {compared} {kind} records: too few to learn from, look at each match yourself"));
        }
        let key = memory.is_used().then(|| {
            let Question { extract, units, constraints, homes } = *self;
            let (columns, hints, stated) = (&rows.columns, known.hints, known.stated);
            let asked = Asked { extract, units, columns, hints, stated, constraints, homes };
            memory::key::of(input, memory.program(), &asked)
        });
        let known_answer = key.and_then(|key| memory.recall(kind, &key));
        if let Some(remembered) = known_answer.filter(|found| found.entity_of.len() == self.units.len()) {
            let kinds = if kind == EntityKind::Account { "accounts" } else { "people" };
            progress.step(&format!("resolve: {kinds} as before"));
            let settled = recall(rows, remembered);
            warnings.extend(settled.warnings.iter().map(|warning| format!("{kind}s: {warning}")));
            return Ok((settled, None));
        }
        let floor = (input.config.resolve.review_floor / 5.0).clamp(0.001, 0.05);
        let accepted = input.config.resolve.calibration.get(kind.as_str());
        let calibration = accepted.map_or_else(Calibrated::default, |accepted| Calibrated {
            shift: accepted.shift,
            factors: accepted.factors.clone(),
        });
        let ask = Ask { threads: input.threads, threshold, together, apart, floor, calibration };
        let settled = settle(rows, self.units, known, &ask, progress, cancel)?;
        warnings.extend(settled.warnings.iter().map(|warning| format!("{kind}s: {warning}")));
        Ok((settled, key))
    }
}

/// Gives the entities of one kind their stable names.
fn name<'map>(input: &ResolveInput<'_>, extract: Extract<'map>, units: Units, settled: Settled) -> Resolved<'map> {
    let kind = extract.kind;
    let mut resolved = Resolved { kind, extract, units, settled, ids: Vec::new() };
    resolved.ids = assign::assign(kind, &members(&resolved), input.previous).ids;
    resolved
}

/// The sorted records of each entity.
fn members(resolved: &Resolved<'_>) -> Vec<Vec<crate::ident::RecordKey>> {
    (0..resolved.settled.entities.len() as u32)
        .map(|entity| {
            let mut keys: Vec<_> =
                resolved.records(entity).into_iter().map(|record| resolved.extract.key(record)).collect();
            keys.sort();
            keys
        })
        .collect()
}

/// Adds what was found about one kind to the graph, and keeps it in the memory where it was not there.
fn collect(
    input: &ResolveInput<'_>,
    mut resolved: Resolved<'_>,
    constraints: &Constraints,
    (memory, key): (&mut Memory, Option<[u8; 32]>),
    graph: &mut EntityGraph,
) {
    let decisions: &Decisions = input.decisions;
    let strongest = links::strongest(&resolved);
    let kept = resolved.settled.remembered.take().map(|remembered| remembered.pairs);
    let resolved = &resolved;
    let members = members(resolved);
    let names = assign::assign(resolved.kind, &members, input.previous);
    let labels: Vec<String> =
        (0..members.len() as u32).map(|entity| label::of(&resolved.extract, &resolved.records(entity))).collect();
    graph.history.extend(history::events(input.previous, &members, &names));
    graph.history.extend(history::renames(input.previous, &labels, &names));
    graph.births.extend(births(input, &names));
    for (entity, (members, label)) in members.into_iter().zip(labels).enumerate() {
        graph.entities.push(Entity { id: resolved.ids[entity].clone(), kind: resolved.kind, label, members });
    }
    graph.links.extend(links::of(resolved, decisions, &strongest));
    let review_floor = input.config.resolve.review_floor;
    let pairs = kept.unwrap_or_else(|| pairs::of(resolved, decisions, &constraints.families, review_floor));
    let Some(key) = key else {
        graph.pairs.extend(pairs);
        return;
    };
    let mut strongest: Vec<(u32, f64, bool)> =
        strongest.into_iter().map(|(unit, (bits, rule))| (unit, bits, rule == links::CROSS_ID)).collect();
    strongest.sort_unstable_by_key(|(unit, ..)| *unit);
    let found = Remembered {
        entity_of: resolved.settled.entity_of.clone(),
        strongest,
        warnings: resolved.settled.warnings.clone(),
        pairs,
    };
    memory.keep(resolved.kind, key, &found);
    graph.pairs.extend(found.pairs);
}

/// When the entities were born that bear a name of an earlier run.
fn births(input: &ResolveInput<'_>, names: &assign::Assignment) -> Vec<(EntityId, Birth)> {
    let Some(previous) = input.previous else { return Vec::new() };
    let heirs = names.heir_of.iter().map(|heir| heir.map(|old| &previous.entities[names.old[old as usize]]));
    let revived = names.revives.iter().map(|revived| revived.map(|number| &previous.retired[number as usize]));
    heirs
        .zip(revived)
        .filter_map(|(heir, revived)| heir.or(revived))
        .map(|entity| (entity.id.clone(), Birth { at: entity.born.clone(), run: entity.first_run.clone() }))
        .collect()
}

/// Puts everything in the order of its names, so that the same input gives the same bytes.
fn sort(graph: &mut EntityGraph) {
    graph.entities.sort_by(|one, other| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
    graph.links.sort_by(|one, other| (one.kind, &one.record).cmp(&(other.kind, &other.record)));
    graph.relations.sort_by(|one, other| {
        (&one.record, &one.relation, &one.entity, &one.rule).cmp(&(
            &other.record,
            &other.relation,
            &other.entity,
            &other.rule,
        ))
    });
    graph.relations.dedup_by(|later, kept| {
        later.record == kept.record && later.relation == kept.relation && later.entity == kept.entity
    });
    graph.hierarchy.sort();
    graph.pairs.sort_by(|one, other| (one.kind, &one.key).cmp(&(other.kind, &other.key)));
    graph.history.sort_by(|one, other| {
        (&one.entity, &one.event, &one.other, &one.records).cmp(&(
            &other.entity,
            &other.event,
            &other.other,
            &other.records,
        ))
    });
}
