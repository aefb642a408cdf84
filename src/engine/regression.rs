//! Do the rules and the decisions of the team still hold on the records as they are now, and how good are the matches?
//!
//! Records are resolved twice: with the decisions, which must all be honoured, and without them, which shows what the
//! engine would say alone. Precision and recall are estimated from labels that were drawn at random within strata of the
//! candidate pairs, below the threshold too.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::connect::{self, Access};
use super::decisions;
use super::labels::Labels;
use super::strata::{self, StratumReport};
use crate::chart;
use crate::config::{RuleVerdict, Workspace};
use crate::error::Result;
use crate::ident::{EntityId, EntityKind, PairKey, RecordKey};
use crate::progress::{CancelToken, Progress};
use crate::resolve::graph::{EntityGraph, PairStatus};
use crate::resolve::{Decisions, ResolveInput, resolve};
use crate::review::ReviewLog;
use crate::review::estimates::Estimate;
use crate::warehouse::Canceller;

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseState {
    /// The records are as the case says.
    Held,
    /// They are not.
    Broken,
    /// A record of the case is gone from its source.
    Gone,
}

/// Two records and what is right for them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Case {
    /// The pair's id.
    pub pair_id: String,
    /// The records.
    pub pair: PairKey,
    /// What is right.
    pub expected: RuleVerdict,
    /// The rule whose example it is, or the reviewers who decided.
    pub by: String,
    /// What became of it.
    pub state: CaseState,
    /// The weight that the engine alone gives to the pair, in bits; None where no pass proposes it.
    pub weight: Option<f64>,
}

/// The decisions as cases.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DecisionReport {
    /// Decisions that stand and say same or two.
    pub cases: usize,
    /// Those that the entities honour.
    pub held: usize,
    /// Those one of whose records is gone.
    pub gone: usize,
    /// Those that the entities do not honour: decisions that contradict each other.
    pub broken: Vec<Case>,
    /// Of those whose records are there, how many the engine would decide alike without being told.
    pub engine_agrees: usize,
    /// Those that it would decide otherwise.
    pub engine_differs: Vec<Case>,
}

/// How good the matches of one kind are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quality {
    /// Accounts or people.
    pub kind: EntityKind,
    /// The strata with what was labelled in each.
    pub strata: Vec<StratumReport>,
    /// The share of matched pairs that are right; None while a stratum has no label.
    pub precision: Option<Estimate>,
    /// The share of right pairs, among the candidate pairs, that are matched.
    pub recall: Option<Estimate>,
}

/// Everything that was tested.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestReport {
    /// The examples of rules.
    pub examples: Vec<Case>,
    /// Rules of `fourfold.toml` without an example.
    pub untested_rules: Vec<String>,
    /// The decisions.
    pub decisions: DecisionReport,
    /// Accounts, then people.
    pub quality: Vec<Quality>,
    /// Whether no case is broken and no example's record is gone.
    pub passed: bool,
}

/// What the engine says without decisions, for drawing samples from.
pub struct Tested {
    /// The report.
    pub report: TestReport,
    /// The graph without decisions.
    pub unaided: EntityGraph,
}

/// Resolves the records as they are now and tests rules, decisions and labels against them; publishes nothing.
///
/// # Errors
/// As the chart and resolution; `Log` when the review log cannot be read.
pub fn test(
    workspace: &Workspace,
    labels: &Labels,
    threads: usize,
    patience: Duration,
    on_connect: &dyn Fn(Canceller),
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Tested> {
    workspace.state()?;
    let warehouse = connect::open(workspace, Access::read(patience), progress, cancel)?;
    on_connect(warehouse.canceller());
    let chart = chart::chart(warehouse.as_ref(), &workspace.config, progress, cancel)?;
    let log = ReviewLog::open(&workspace.review_log())?;
    let decided = decisions::standing(&log)?;
    let effective = log.effective()?;
    let resolved = |decisions: &Decisions| {
        let input = ResolveInput {
            warehouse: warehouse.as_ref(),
            map: &chart.map,
            config: &workspace.config,
            decisions,
            previous: None,
            threads,
        };
        resolve(&input, progress, cancel)
    };
    let unaided = resolved(&Decisions::default())?;
    let aided = if decided == Decisions::default() { None } else { Some(resolved(&decided)?) };
    let alone = Judge::of(&unaided);
    let told = aided.as_ref().map(Judge::of);
    let told = told.as_ref().unwrap_or(&alone);

    let mut examples = Vec::new();
    let mut untested_rules = Vec::new();
    for rule in &workspace.config.resolve.rules {
        if rule.examples.is_empty() {
            untested_rules.push(rule.name.clone());
        }
        for (pair, verdict) in rule.examples.iter().filter_map(|example| Some((example.pair()?, example.verdict))) {
            examples.push(told.case(pair, verdict, &rule.name, &alone));
        }
    }
    let decisions = decided_cases(&decided, told, &alone);
    let quality = [EntityKind::Account, EntityKind::Person]
        .into_iter()
        .map(|kind| strata::quality(&unaided, kind, &effective, labels))
        .collect();
    let passed = decisions.broken.is_empty() && examples.iter().all(|case| case.state == CaseState::Held);
    Ok(Tested { report: TestReport { examples, untested_rules, decisions, quality, passed }, unaided })
}

fn decided_cases(decided: &Decisions, told: &Judge<'_>, alone: &Judge<'_>) -> DecisionReport {
    let mut report = DecisionReport::default();
    let same = decided.same.iter().map(|pair| (pair, RuleVerdict::Same));
    let apart = decided.apart();
    for (pair, expected) in same.chain(apart.iter().map(|pair| (pair, RuleVerdict::Different))) {
        report.cases += 1;
        let case = told.case(pair.key.clone(), expected, &pair.reviewer, alone);
        match case.state {
            CaseState::Gone => {
                report.gone += 1;
                continue;
            }
            CaseState::Held => report.held += 1,
            CaseState::Broken => report.broken.push(case),
        }
        let own = alone.case(pair.key.clone(), expected, &pair.reviewer, alone);
        if own.state == CaseState::Held {
            report.engine_agrees += 1;
        } else {
            report.engine_differs.push(own);
        }
    }
    report
}

/// Looks up what a graph says of pairs.
struct Judge<'a> {
    entity_of: BTreeMap<(EntityKind, &'a RecordKey), &'a EntityId>,
    weights: BTreeMap<&'a PairKey, (f64, PairStatus)>,
}

impl<'a> Judge<'a> {
    fn of(graph: &'a EntityGraph) -> Self {
        Self {
            entity_of: graph.links.iter().map(|link| ((link.kind, &link.record), &link.entity)).collect(),
            weights: graph.pairs.iter().map(|pair| (&pair.key, (pair.weight, pair.status))).collect(),
        }
    }

    fn case(&self, pair: PairKey, expected: RuleVerdict, by: &str, alone: &Judge<'_>) -> Case {
        let together = [EntityKind::Account, EntityKind::Person].into_iter().find_map(|kind| {
            let [left, right] = [&pair.left, &pair.right].map(|record| self.entity_of.get(&(kind, record)));
            Some(left? == right?)
        });
        let state = match together {
            None => CaseState::Gone,
            Some(together) if together == (expected == RuleVerdict::Same) => CaseState::Held,
            Some(_) => CaseState::Broken,
        };
        let weight = alone.weights.get(&pair).map(|(weight, _)| *weight);
        Case { pair_id: pair.id(), pair, expected, by: by.to_owned(), state, weight }
    }
}
