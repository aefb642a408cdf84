//! What did the week teach, as far as decisions, conflicts and the warehouse can tell?

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::edit::edit;
use super::{init, pair_rows};
use crate::catalog::Role;
use crate::chart::rows::key;
use crate::chart::source_map::{SourceEntry, SourceMap, TableEntry};
use crate::config::Workspace;
use crate::drift::baseline::Baseline;
use crate::drift::deepen::{
    self, Change, ConflictCase, DecidedPair, Held, OpenPair, PairSigns, Proposal, SegmentCount, Stands, UnmappedColumn,
};
use crate::drift::store::{DriftStore, ProposalRow};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::ident::{PairKey, RecordKey};
use crate::resolve::graph::EntityGraph;
use crate::resolve::waterfall::Waterfall;
use crate::review::{Effective, ReviewLog};
use crate::warehouse::{ColumnType, Dialect, Rows, TableName, Value, Warehouse};

/// Properties whose values tell segments apart.
const SEGMENTS: [&str; 6] = ["country", "status", "plan", "industry", "role", "currency"];
/// Columns without a concept that are looked at, of one table.
const COLUMNS: usize = 30;
/// Pairs that nobody doubts which are read.
const SAMPLE: usize = 20_000;
/// Greater tables are not asked about single columns.
const LARGEST: u64 = 1_000_000;

/// Everything that would be worth taking in, except what was answered already.
///
/// # Errors
/// `NotFound` before the first run; `Warehouse` when what is published cannot be read; `Log`.
pub fn propose(workspace: &Workspace, warehouse: &dyn Warehouse, map: &SourceMap) -> Result<Vec<Proposal>> {
    let schema = workspace.config.warehouse.schema();
    let answered: Vec<String> = if workspace.drift().exists() {
        DriftStore::open_read_only(&workspace.drift())?.proposals()?.into_iter().map(|row| row.id).collect()
    } else {
        Vec::new()
    };
    let published = Published { warehouse, schema };
    let mut found = Vec::new();
    if workspace.review_log().exists() {
        let effective = ReviewLog::open_read_only(&workspace.review_log())?.effective()?;
        let (decided, open) = published.pairs(&effective)?;
        found.extend(deepen::mine(&decided, &open));
    }
    found.extend(deepen::apart(&published.segments(map)?));
    if let Some(baseline) = last_baseline(workspace)? {
        found.extend(deepen::crossing(&baseline));
    }
    found.extend(published.settling(map)?);
    found.extend(systems(workspace, warehouse)?);
    found.retain(|proposal| !answered.contains(&proposal.id));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|proposal| seen.insert(proposal.id.clone()));
    Ok(found)
}

fn last_baseline(workspace: &Workspace) -> Result<Option<Baseline>> {
    if !workspace.drift().exists() {
        return Ok(None);
    }
    let store = DriftStore::open_read_only(&workspace.drift())?;
    let last = store.baselines()?.pop();
    last.map_or(Ok(None), |last| store.baseline(&last.run_id))
}

/// Writes a proposal to `fourfold.toml` and remembers it, to see whether it holds.
///
/// # Errors
/// `Config` and `Io` as of an edit; `Io` when it cannot be remembered.
pub fn accept(workspace: &Workspace, proposal: &Proposal, who: &str, now: jiff::Timestamp) -> Result<()> {
    edit(workspace, |text| Ok((deepen::write(text, &proposal.change)?, ())))?;
    answer(workspace, proposal, "accepted", who, now)
}

/// Remembers that nobody wants to hear of a proposal again.
///
/// # Errors
/// `Io` when it cannot be remembered.
pub fn refuse(workspace: &Workspace, proposal: &Proposal, who: &str, now: jiff::Timestamp) -> Result<()> {
    answer(workspace, proposal, "refused", who, now)
}

fn answer(workspace: &Workspace, proposal: &Proposal, status: &str, who: &str, now: jiff::Timestamp) -> Result<()> {
    workspace.state()?;
    let body = serde_json::to_string(proposal).context(ErrorKind::Internal, || "cannot write a proposal".to_owned())?;
    DriftStore::open(&workspace.drift())?.put_proposal(&ProposalRow {
        id: proposal.id.clone(),
        status: status.to_owned(),
        who: who.to_owned(),
        at: now.to_string(),
        body,
        held: (0, 0),
        said: String::new(),
    })
}

/// Holds every accepted proposal against a run, remembers it, and says what did not hold and what did.
pub(super) fn hold(
    store: &DriftStore,
    now: &Baseline,
    graph: &EntityGraph,
    effective: &Effective,
) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let accepted: Vec<ProposalRow> = store.proposals()?.into_iter().filter(|row| row.status == "accepted").collect();
    if accepted.is_empty() {
        return Ok(lines);
    }
    let verdicts = verdicts(effective);
    let decided: Vec<DecidedPair> = graph
        .pairs
        .iter()
        .filter_map(|pair| {
            let same = *verdicts.get(&pair.key)?;
            Some(decided_pair(&pair.key, pair.kind.as_str(), &pair.waterfall, same))
        })
        .collect();
    for row in accepted {
        let Ok(proposal) = serde_json::from_str::<Proposal>(&row.body) else { continue };
        let Held { held, said } = deepen::held(&proposal, now, &decided);
        store.put_held(&row.id, &now.run_id, held, &said)?;
        let word = if held { "held" } else { "DID NOT HOLD" };
        let (good, bad) = (row.held.0 + u64::from(held), row.held.1 + u64::from(!held));
        lines.push(format!("{}: {word}; {said} ({good} of {} runs)", proposal.title, good + bad));
    }
    Ok(lines)
}

/// Which pairs people called one entity and which two.
fn verdicts(effective: &Effective) -> FxHashMap<PairKey, bool> {
    let same = effective.must_link().map(|decided| (decided.pair, true));
    same.chain(effective.cannot_link().map(|decided| (decided.pair, false))).collect()
}

fn decided_pair(key: &PairKey, kind: &str, waterfall: &Waterfall, same: bool) -> DecidedPair {
    DecidedPair { kind: kind.to_owned(), records: (place(&key.left), place(&key.right)), same, signs: signs(waterfall) }
}

fn signs(waterfall: &Waterfall) -> PairSigns {
    PairSigns::of(waterfall.bars.iter().map(|bar| (bar.comparison.as_str(), bar.level.as_str())))
}

/// A record as rules and examples write it.
fn place(record: &RecordKey) -> String {
    format!("{}.{}:{}", record.source, record.table, record.pk)
}

/// Schemas of the warehouse that are no source yet.
fn systems(workspace: &Workspace, warehouse: &dyn Warehouse) -> Result<Vec<Proposal>> {
    let known: Vec<&str> =
        workspace.config.sources.iter().map(|(name, source)| source.schema.as_deref().unwrap_or(name)).collect();
    let mut found = Vec::new();
    for schema in init::propose(warehouse, workspace.config.warehouse.schema())? {
        let unsure = schema.guessed && schema.system.is_none();
        if known.contains(&schema.name.as_str()) || unsure {
            continue;
        }
        let system = schema.system.clone().unwrap_or_else(|| format!("a {} system", schema.surface));
        let mut proposal = Proposal::new(
            format!("the schema {} looks like {system}", schema.name),
            Change::Source {
                name: schema.name.clone(),
                schema: None,
                surface: schema.surface.as_str().to_owned(),
                system: schema.system.clone(),
            },
        );
        proposal.seen.push(format!("{} tables, {:.0} % sure", schema.tables, schema.confidence * 100.0));
        proposal
            .would
            .push(format!("`fourfold sources add {} --dry-run` shows what joining it would change", schema.name));
        "holds while its tables take part in the join".clone_into(&mut proposal.test);
        found.push(proposal);
    }
    Ok(found)
}

/// What the last run published.
struct Published<'a> {
    warehouse: &'a dyn Warehouse,
    schema: &'a str,
}

impl Published<'_> {
    fn dialect(&self) -> Dialect {
        self.warehouse.dialect()
    }

    fn table(&self, name: &str) -> String {
        self.dialect().table(&TableName::new(self.schema, name))
    }

    fn select(&self, table: &str, columns: &[&str], rest: &str) -> Result<Rows> {
        let dialect = self.dialect();
        if !self.warehouse.tables(self.schema)?.iter().any(|shape| shape.name.table == table) {
            return Err(Error::not_found("nothing was published yet").hint("`fourfold run` takes every step"));
        }
        let columns: Vec<String> = columns.iter().map(|name| dialect.text(&dialect.quote(name))).collect();
        self.warehouse.query(&format!("SELECT {} FROM {} {rest}", columns.join(", "), self.table(table)), &[])
    }

    /// Pairs that people decided, and pairs that nobody did. Of those that nobody doubts a sample is enough: a pair's id is
    /// a hash, so the first ones by id are as good as drawn.
    fn pairs(&self, effective: &Effective) -> Result<(Vec<DecidedPair>, Vec<OpenPair>)> {
        let verdicts = verdicts(effective);
        let columns = [&pair_rows::BOTH[..], &["kind", "status", "waterfall"]].concat();
        let asked =
            self.select("pairs", &columns, "WHERE status IN ('review', 'accepted', 'refused') ORDER BY pair_id")?;
        let sure = "WHERE status IN ('matched', 'rejected')";
        let sample = self.select("pairs", &columns, &format!("{sure} ORDER BY pair_id LIMIT {SAMPLE}"))?;
        let all = self.warehouse.query(&format!("SELECT count(*) FROM {} {sure}", self.table("pairs")), &[])?;
        let all = all.integer(0, 0).unwrap_or(0) as f64;
        let (mut decided, mut open) = (Vec::new(), Vec::new());
        for (rows, weight) in [(&asked, 1.0), (&sample, (all / sample.len().max(1) as f64).max(1.0))] {
            for row in 0..rows.len() {
                let cell = |column: usize| rows.text(row, column).unwrap_or_default();
                let waterfall: Waterfall = serde_json::from_str(cell(8))
                    .context(ErrorKind::Data, || "a published pair cannot be read".to_owned())?;
                let key = pair_rows::pair(rows, row, 0);
                if let Some(same) = verdicts.get(&key) {
                    decided.push(decided_pair(&key, cell(6), &waterfall, *same));
                    continue;
                }
                let stands = match cell(7) {
                    "review" => Stands::Waits,
                    "matched" => Stands::Same,
                    "rejected" => Stands::Different,
                    _ => continue,
                };
                open.push(OpenPair { kind: cell(6).to_owned(), signs: signs(&waterfall), stands, weight });
            }
        }
        Ok((decided, open))
    }

    /// How many records of each segment are known to another source too.
    fn segments(&self, map: &SourceMap) -> Result<Vec<SegmentCount>> {
        let dialect = self.dialect();
        let mut found = Vec::new();
        for (source, table) in accounts_and_people(map) {
            for column in &table.columns {
                let tells = column.concept.as_deref().and_then(|concept| concept.split_once('.'));
                let few = (2..=20).contains(&column.profile.distinct);
                if !few || !tells.is_some_and(|(_, property)| SEGMENTS.contains(&property)) {
                    continue;
                }
                let sql = format!(
                    "SELECT value, count(*), CAST(sum(matched) AS BIGINT) FROM (SELECT {} AS value, CASE WHEN e.sources > 1 THEN 1 ELSE 0 END AS matched \
                     FROM {} AS t JOIN {links} AS l ON l.source = $1 AND l.{table_word} = $2 AND l.pk = {} \
                     JOIN (SELECT entity_id, count(DISTINCT source) AS sources FROM {links} GROUP BY entity_id) AS e ON e.entity_id = l.entity_id) AS s \
                     WHERE value IS NOT NULL AND value <> '' GROUP BY value ORDER BY {}",
                    dialect.text_as(&format!("t.{}", dialect.quote(&column.name)), column.kind),
                    dialect.table(&table.name),
                    key(dialect, table, "t"),
                    dialect.ordered("value"),
                    links = self.table("links"),
                    table_word = dialect.quote("table"),
                );
                let values = [Value::from(source.id.as_str()), Value::from(table.name.table.as_str())];
                let rows = self.warehouse.query(&sql, &values)?;
                let count =
                    |row, place| rows.integer(row, place).and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
                found.extend((0..rows.len()).map(|row| SegmentCount {
                    source: source.id.as_str().to_owned(),
                    table: table.name.table.clone(),
                    column: column.name.clone(),
                    value: rows.text(row, 0).unwrap_or_default().to_owned(),
                    total: count(row, 1),
                    matched: count(row, 2),
                }));
            }
        }
        Ok(found)
    }

    /// Columns without a concept that agree with one side of conflicts.
    fn settling(&self, map: &SourceMap) -> Result<Vec<Proposal>> {
        let conflicts = self.select(
            "conflicts",
            &["entity_id", "kind", "field", "source_a", "value_a", "source_b", "value_b"],
            "WHERE entity_id IS NOT NULL AND value_a IS NOT NULL AND value_b IS NOT NULL ORDER BY conflict_id",
        )?;
        let mut found = Vec::new();
        for (source, table) in accounts_and_people(map) {
            let columns: Vec<&str> = table
                .columns
                .iter()
                .filter(|column| column.concept.is_none() && column.kind == ColumnType::Text)
                .filter(|column| column.profile.distinct > 1 && !column.name.starts_with('_'))
                .map(|column| column.name.as_str())
                .take(COLUMNS)
                .collect();
            if columns.is_empty() || table.rows > LARGEST {
                continue;
            }
            let said = self.said(source, table, &columns)?;
            for (place, column) in columns.iter().enumerate() {
                let unmapped = UnmappedColumn {
                    source: source.id.as_str().to_owned(),
                    table: table.name.table.clone(),
                    column: (*column).to_owned(),
                    role: table.role.as_str().to_owned(),
                };
                let cases: Vec<ConflictCase> = (0..conflicts.len())
                    .filter_map(|row| {
                        let cell = |column: usize| conflicts.text(row, column).unwrap_or_default().to_owned();
                        let says = said.get(conflicts.text(row, 0)?)?.get(place)?.clone();
                        Some(ConflictCase {
                            kind: cell(1),
                            field: cell(2),
                            one: (cell(3), cell(4)),
                            other: (cell(5), cell(6)),
                            says,
                        })
                    })
                    .collect();
                found.extend(deepen::settling(&unmapped, &cases));
            }
        }
        Ok(found)
    }

    /// What columns say of the entities that have a conflict.
    fn said(
        &self,
        source: &SourceEntry,
        table: &TableEntry,
        columns: &[&str],
    ) -> Result<BTreeMap<String, Vec<Option<String>>>> {
        let dialect = self.dialect();
        let listed: Vec<String> = columns
            .iter()
            .map(|name| format!("nullif({}, '')", dialect.text(&format!("t.{}", dialect.quote(name)))))
            .collect();
        let sql = format!(
            "SELECT {}, {} FROM {} AS t JOIN {} AS l ON l.source = $1 AND l.{} = $2 AND l.pk = {} \
             WHERE l.entity_id IN (SELECT entity_id FROM {} WHERE entity_id IS NOT NULL) ORDER BY 1, {}",
            dialect.text("l.entity_id"),
            listed.join(", "),
            dialect.table(&table.name),
            self.table("links"),
            dialect.quote("table"),
            key(dialect, table, "t"),
            self.table("conflicts"),
            dialect.ordered("l.pk"),
        );
        let rows =
            self.warehouse.query(&sql, &[Value::from(source.id.as_str()), Value::from(table.name.table.as_str())])?;
        let mut said: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
        for row in 0..rows.len() {
            let entity = said
                .entry(rows.text(row, 0).unwrap_or_default().to_owned())
                .or_insert_with(|| vec![None; columns.len()]);
            for (place, says) in entity.iter_mut().enumerate() {
                if says.is_none() {
                    *says = rows.text(row, place + 1).map(str::to_owned);
                }
            }
        }
        Ok(said)
    }
}

/// Tables of accounts and people that have a key.
fn accounts_and_people(map: &SourceMap) -> impl Iterator<Item = (&SourceEntry, &TableEntry)> {
    map.sources.iter().flat_map(|source| source.tables.iter().map(move |table| (source, table))).filter(|(_, table)| {
        matches!(table.role, Role::Account | Role::Person)
            && !table.primary_key.is_empty()
            && table.version_column.is_none()
    })
}
