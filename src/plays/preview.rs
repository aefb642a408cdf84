//! Who would fire, how did the distribution move against the last run, and whose tier or owner changes?

use serde::Serialize;

use super::definition::{Play, Scoring};
use super::published::{Field, Published};
use super::rows::{Selection, key};
use super::statement::{Settings, Shape, statement};
use crate::error::Result;
use crate::warehouse::{ColumnType, Rows, TableName, Warehouse};

/// How many bars a distribution has: scores 0 to 100 in steps of five, the last one closed.
pub const BARS: usize = 20;

/// What a play says now, against what the last run published.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Preview {
    /// The play.
    pub play: String,
    /// Its name for people.
    pub title: String,
    /// The run whose model was read.
    pub run_id: String,
    /// The oldest sync of the inputs.
    pub inputs_as_of: Option<String>,
    /// The run against which it is compared; None when no run published the play.
    pub compared_with: Option<String>,
    /// Rows of the play.
    pub rows: u64,
    /// Rows that the last run had and that are gone.
    pub gone: u64,
    /// Rows that the last run did not have.
    pub fresh: u64,
    /// The tiers from the highest, with their rows now and then.
    pub tiers: Vec<TierCount>,
    /// Rows by score, in [`BARS`] bars.
    pub bars: Vec<u64>,
    /// The same in the last run.
    pub bars_before: Vec<u64>,
    /// The mean share of weight that was known.
    pub known_share: Option<f64>,
    /// The mean score.
    pub mean: Option<f64>,
    /// The mean score in the last run.
    pub mean_before: Option<f64>,
    /// Rows that fire, the highest score first, as many as were asked for.
    pub fired: Vec<Fired>,
    /// How many fire.
    pub fired_count: u64,
    /// Rows whose tier or owner changes, the largest change of score first, as many as were asked for.
    pub changes: Vec<Change>,
    /// How many change tier.
    pub tier_changes: u64,
    /// How many change owner.
    pub owner_changes: u64,
    /// Fields that no source feeds, with what that does to the play.
    pub missing: Vec<Missing>,
}

/// Rows of a tier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TierCount {
    /// The tier.
    pub tier: String,
    /// Rows now.
    pub rows: u64,
    /// Rows in the last run.
    pub before: u64,
    /// Whether somebody should act on them.
    pub fires: bool,
}

/// A row that fires.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Fired {
    /// Its key.
    pub key: String,
    /// The account.
    pub entity_id: String,
    /// Its name.
    pub name: Option<String>,
    /// The owner.
    pub owner: Option<String>,
    /// The score.
    pub score: Option<f64>,
    /// The tier.
    pub tier: String,
    /// The drivers in words.
    pub drivers: String,
    /// The share of weight known.
    pub known_share: Option<f64>,
}

/// A row whose tier or owner changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Change {
    /// Its key.
    pub key: String,
    /// The account.
    pub entity_id: String,
    /// Its name.
    pub name: Option<String>,
    /// The score before.
    pub score_before: Option<f64>,
    /// The score now.
    pub score: Option<f64>,
    /// The tier before; None for a row that is new.
    pub tier_before: Option<String>,
    /// The tier now; None for a row that is gone.
    pub tier: Option<String>,
    /// The owner before.
    pub owner_before: Option<String>,
    /// The owner now.
    pub owner: Option<String>,
}

/// A field that no source feeds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The field.
    pub field: String,
    /// What that does to the play, in words.
    pub effect: String,
    /// Whether the play says nothing without it.
    pub required: bool,
}

/// What a play needs and the sources do not have.
#[must_use]
pub fn missing(play: &Play, absent: &std::collections::BTreeSet<String>) -> Vec<Missing> {
    let mut found: Vec<Missing> = play
        .needs
        .iter()
        .filter(|need| absent.contains(&need.field))
        .map(|need| Missing {
            field: need.field.clone(),
            effect: format!("the play says nothing without it: {}", need.reason),
            required: true,
        })
        .collect();
    let total = play.total_weight();
    for signal in &play.signals {
        for field in signal.needs.iter().filter(|field| absent.contains(*field)) {
            let share = 100.0 * signal.weight / total;
            let effect = format!("{} is not known: {share:.0} % of the weight", signal.name);
            found.push(Missing { field: field.clone(), effect, required: false });
        }
    }
    found
}

/// Runs a play over the last run's model and compares it with what that run published. At most `limit` rows that fire and `limit`
/// that change are kept.
///
/// # Errors
/// `Config` when the template is wrong; `Warehouse` when the statement fails.
pub fn preview(
    play: &Play,
    warehouse: &dyn Warehouse,
    schema: &str,
    published: &Published,
    fields: &std::collections::BTreeSet<Field>,
    limit: usize,
) -> Result<Preview> {
    let dialect = warehouse.dialect();
    let inputs_as_of = published.inputs_as_of(fields);
    let literals = published.literals(dialect, inputs_as_of.as_deref());
    let sql = statement(play, &literals.frame(&published.tables, &published.absent, Settings::Inline), Shape::Output)?;
    let now = Selection::output(play);
    let before = before(play, warehouse, schema, published)?;
    let mut columns = now.columns.clone();
    let query = match &before {
        None => format!("SELECT {} FROM ({sql}) AS now_rows", now.items(dialect, "now_rows")),
        Some(before) => {
            columns.extend(before.columns.iter().cloned());
            let items: Vec<String> = before
                .columns
                .iter()
                .map(|(name, kind)| {
                    let own = name.trim_start_matches("before_");
                    let column = format!("before_rows.{}", dialect.quote(own));
                    let read = match kind {
                        ColumnType::Float => format!("CAST({column} AS {})", dialect.type_name(ColumnType::Float)),
                        kind => dialect.text_as(&column, *kind),
                    };
                    format!("{read} AS {name}")
                })
                .collect();
            let on: Vec<String> =
                play.key.iter().map(|name| format!("before_rows.{0} = now_rows.{0}", dialect.quote(name))).collect();
            format!(
                "SELECT {}, {} FROM ({sql}) AS now_rows FULL JOIN {} AS before_rows ON {}",
                now.items(dialect, "now_rows"),
                items.join(", "),
                dialect.table(&TableName::new(schema, play.table())),
                on.join(" AND ")
            )
        }
    };
    let selection = Selection { columns };
    let mut tally = Tally::new(play, published, inputs_as_of, limit, before.is_some());
    warehouse.stream(&query, &[], &mut |batch| {
        let rows = Rows::new(vec![batch]);
        for row in 0..rows.len() {
            tally.take(play, &selection, &rows, row);
        }
        Ok(())
    })?;
    Ok(tally.finish(play))
}

/// What the published table of the play has to compare with; None when there is none, or of another shape.
fn before(play: &Play, warehouse: &dyn Warehouse, schema: &str, published: &Published) -> Result<Option<Selection>> {
    if !published.plays.contains(&play.table()) {
        return Ok(None);
    }
    let tables = warehouse.tables(schema)?;
    let Some(shape) = tables.iter().find(|shape| shape.name.table == play.table()) else { return Ok(None) };
    let has = |name: &str| shape.columns.iter().any(|column| column.name == name);
    if !play.key.iter().all(|name| has(name)) || !has("score") || !has("tier") || !has("run_id") {
        return Ok(None);
    }
    let mut columns: Vec<(String, ColumnType)> =
        play.key.iter().map(|name| (format!("before_{name}"), ColumnType::Text)).collect();
    columns.push(("before_score".to_owned(), ColumnType::Float));
    columns.push(("before_tier".to_owned(), ColumnType::Text));
    columns.push(("before_run_id".to_owned(), ColumnType::Text));
    for name in ["owner", "name"].into_iter().filter(|name| has(name) && !play.key.iter().any(|key| key == name)) {
        columns.push((format!("before_{name}"), ColumnType::Text));
    }
    Ok(Some(Selection { columns }))
}

struct Tally {
    preview: Preview,
    limit: usize,
    compares: bool,
    known: (f64, u64),
    scores: (f64, u64),
    scores_before: (f64, u64),
}

impl Tally {
    fn new(play: &Play, published: &Published, inputs_as_of: Option<String>, limit: usize, compares: bool) -> Self {
        let tiers = play
            .tier_names()
            .into_iter()
            .map(|tier| TierCount { fires: play.fires(&tier), tier, ..TierCount::default() })
            .collect();
        let preview = Preview {
            play: play.name.clone(),
            title: play.title.clone(),
            run_id: published.run_id.clone(),
            inputs_as_of,
            tiers,
            bars: vec![0; BARS],
            bars_before: vec![0; BARS],
            missing: missing(play, &published.absent),
            ..Preview::default()
        };
        Self { preview, limit, compares, known: (0.0, 0), scores: (0.0, 0), scores_before: (0.0, 0) }
    }

    fn take(&mut self, play: &Play, selection: &Selection, rows: &Rows, row: usize) {
        let text = |name: &str| selection.text(rows, row, name);
        let number = |name: &str| selection.number(rows, row, name);
        let tier = text("tier");
        let tier_before = text("before_tier");
        let score = number("score");
        let score_before = number("before_score");
        if let Some(tier) = &tier {
            self.preview.rows += 1;
            self.count(play, tier, |count| &mut count.rows);
            add(&mut self.preview.bars, &mut self.scores, score);
            if let Some(share) = number("known_share") {
                self.known = (self.known.0 + share, self.known.1 + 1);
            }
            if play.fires(tier) {
                self.preview.fired_count += 1;
                self.preview.fired.push(Fired {
                    key: key(play, selection, rows, row),
                    entity_id: text("entity_id").unwrap_or_default(),
                    name: text("name"),
                    owner: text("owner"),
                    score,
                    tier: tier.clone(),
                    drivers: text("drivers").unwrap_or_default(),
                    known_share: number("known_share"),
                });
                self.trim_fired(self.limit.saturating_mul(8).max(1024));
            }
        }
        if !self.compares {
            return;
        }
        if let Some(tier) = &tier_before {
            if self.preview.compared_with.is_none() {
                self.preview.compared_with = text("before_run_id");
            }
            self.count(play, tier, |count| &mut count.before);
            add(&mut self.preview.bars_before, &mut self.scores_before, score_before);
        }
        match (&tier, &tier_before) {
            (Some(_), None) => self.preview.fresh += 1,
            (None, Some(_)) => self.preview.gone += 1,
            _ => {}
        }
        let (owner, owner_before) = (text("owner"), text("before_owner"));
        let both = tier.is_some() && tier_before.is_some();
        let other_tier = tier != tier_before;
        let other_owner = both && play.has_column("owner") && owner != owner_before;
        self.preview.tier_changes += u64::from(other_tier);
        self.preview.owner_changes += u64::from(other_owner);
        if other_tier || other_owner {
            let entity_id = text("entity_id").or_else(|| text("before_entity_id")).unwrap_or_default();
            let key_now = key(play, selection, rows, row);
            let key_before =
                play.key.iter().map(|name| text(&format!("before_{name}")).unwrap_or_default()).collect::<Vec<_>>();
            self.preview.changes.push(Change {
                key: if tier.is_some() { key_now } else { key_before.join(":") },
                entity_id,
                name: text("name").or_else(|| text("before_name")),
                score_before,
                score,
                tier_before,
                tier,
                owner_before,
                owner,
            });
            self.trim_changes(self.limit.saturating_mul(8).max(1024));
        }
    }

    fn count(&mut self, play: &Play, tier: &str, field: impl Fn(&mut TierCount) -> &mut u64) {
        let place = self.preview.tiers.iter().position(|count| count.tier == tier).unwrap_or_else(|| {
            self.preview.tiers.push(TierCount {
                tier: tier.to_owned(),
                fires: play.fires(tier),
                ..TierCount::default()
            });
            self.preview.tiers.len() - 1
        });
        *field(&mut self.preview.tiers[place]) += 1;
    }

    fn trim_fired(&mut self, at: usize) {
        if self.preview.fired.len() >= at {
            self.preview.fired.sort_by(|one, other| {
                other.score.unwrap_or(-1.0).total_cmp(&one.score.unwrap_or(-1.0)).then_with(|| one.key.cmp(&other.key))
            });
            self.preview.fired.truncate(self.limit);
        }
    }

    fn trim_changes(&mut self, at: usize) {
        if self.preview.changes.len() >= at {
            let moved = |change: &Change| (change.score.unwrap_or(0.0) - change.score_before.unwrap_or(0.0)).abs();
            self.preview
                .changes
                .sort_by(|one, other| moved(other).total_cmp(&moved(one)).then_with(|| one.key.cmp(&other.key)));
            self.preview.changes.truncate(self.limit);
        }
    }

    fn finish(mut self, play: &Play) -> Preview {
        self.trim_fired(0);
        self.trim_changes(0);
        // Rounded, so that the order in which an engine hands rows over does not show in the last digits.
        let mean = |(sum, count): (f64, u64)| (count > 0).then(|| (1e4 * sum / count as f64).round() / 1e4);
        self.preview.known_share = mean(self.known);
        if play.scoring == Scoring::Signals {
            self.preview.mean = mean(self.scores);
            self.preview.mean_before = mean(self.scores_before);
        }
        self.preview
    }
}

/// Puts a score into its bar; scores beyond 100 stand in the last.
fn add(bars: &mut [u64], sum: &mut (f64, u64), score: Option<f64>) {
    if let Some(score) = score {
        let place = ((score / 100.0 * BARS as f64).max(0.0) as usize).min(BARS - 1);
        bars[place] += 1;
        *sum = (sum.0 + score, sum.1 + 1);
    }
}
