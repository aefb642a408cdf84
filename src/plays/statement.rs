//! How does a play become one SQL statement?
//!
//! The play's own SQL reads the inputs, one row an entity. Around it stands the same frame for every play: each signal becomes a
//! number between 0 and 1, what is known is weighed, the three weightiest signals are put into words, and the score falls into its
//! tier. A layer reads the layer before it and adds columns, so that nothing is worked out twice.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::definition::{COMMON, DISQUALIFIED, Drivers, Play, Scoring, Signal, Tier, UNKNOWN};
use super::template::{self, Surroundings, number_text};
use super::words;
use crate::error::Result;
use crate::warehouse::{ColumnType, Dialect};

/// Where the weights, curves and tiers of a statement come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settings {
    /// They stand in the statement where they are used.
    Inline,
    /// They stand together at the head of the statement, for people to read and change.
    Together,
    /// They are read from a table with the columns `play`, `setting` and `value`: a seed.
    Table(String),
}

/// What a statement is made for.
pub struct Frame<'a> {
    /// How the template is rendered.
    pub surroundings: Surroundings<'a>,
    /// A query that must come first, named `this_run`, where `as_of` and the others read from it.
    pub this_run: Option<String>,
    /// The expression for the run's id.
    pub run_id: &'a str,
    /// The expression for the oldest sync of the inputs.
    pub inputs_as_of: &'a str,
    /// Where weights come from.
    pub settings: Settings,
    /// Fields of the model, as `table.column`, that no source feeds: signals that need them are not known.
    pub absent: &'a BTreeSet<String>,
}

/// What the last layer gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The play's columns.
    Output,
    /// Every column of the inputs, each signal and what it adds, then the common columns.
    Explained,
}

/// The whole statement.
///
/// # Errors
/// As [`template::render`].
pub fn statement(play: &Play, frame: &Frame<'_>, shape: Shape) -> Result<String> {
    let inputs = template::render(play, &frame.surroundings)?;
    let writer = Writer { play, frame, dialect: frame.surroundings.dialect };
    Ok(match play.scoring {
        Scoring::Signals => writer.weighed(&inputs, shape),
        Scoring::Given => writer.given(&inputs, shape),
    })
}

struct Writer<'a> {
    play: &'a Play,
    frame: &'a Frame<'a>,
    dialect: Dialect,
}

impl Writer<'_> {
    fn kind(&self, kind: ColumnType) -> String {
        self.dialect.type_name(kind).to_lowercase()
    }

    /// A number of the play, wherever it is kept.
    fn setting(&self, name: &str, value: f64) -> String {
        match self.frame.settings {
            Settings::Inline => number_text(value, self.dialect),
            Settings::Together | Settings::Table(_) => format!("settings.{name}"),
        }
    }

    fn settings_join(&self) -> &'static str {
        if self.frame.settings == Settings::Inline { "" } else { "\n    cross join settings" }
    }

    /// Common table expressions so far, each with the word that makes the engine treat it as this statement wants.
    fn head(&self, inputs: &str) -> String {
        let mut sql = String::from("with ");
        if let Some(run) = &self.frame.this_run {
            let _ = write!(sql, "this_run as (\n{}\n),\n\n", indented(run));
        }
        if self.play.scoring == Scoring::Signals && self.frame.settings != Settings::Inline {
            let _ = write!(sql, "settings as (\n{}\n),\n\n", indented(&self.settings_query()));
        }
        let _ = write!(sql, "inputs as {}(\n{}\n)", self.dialect.inlined(), indented(inputs));
        sql
    }

    fn settings_query(&self) -> String {
        let every = settings(self.play);
        match &self.frame.settings {
            Settings::Inline => String::new(),
            Settings::Together => {
                let items: Vec<String> = every
                    .iter()
                    .map(|(name, value)| format!("    {} as {name}", number_text(*value, self.dialect)))
                    .collect();
                format!("select\n{}", items.join(",\n"))
            }
            Settings::Table(table) => {
                let items: Vec<String> = every
                    .iter()
                    .map(|(name, _)| format!("    max(case when setting = '{name}' then value end) as {name}"))
                    .collect();
                format!("select\n{}\nfrom {table}\nwhere play = '{}'", items.join(",\n"), self.play.name)
            }
        }
    }

    fn weighed(&self, inputs: &str, shape: Shape) -> String {
        let mut sql = self.head(inputs);
        let layer = |sql: &mut String, name: &str, items: &[String], from: &str| {
            let _ = write!(
                sql,
                ",\n\n{name} as {}(\n    select\n        {from}.*,\n        {}\n    from {from}{}\n)",
                self.dialect.layered(),
                items.join(",\n        "),
                self.settings_join()
            );
        };
        let signals = &self.play.signals;
        let measured: Vec<String> =
            signals.iter().map(|signal| format!("{} as {}", self.curve(signal), part(signal, "signal"))).collect();
        layer(&mut sql, "measured", &measured, "inputs");
        layer(&mut sql, "weighed", &self.weights(), "measured");
        layer(&mut sql, "first_driver", &[format!("{} as driver_1", self.driver(&[]))], "weighed");
        layer(&mut sql, "second_driver", &[format!("{} as driver_2", self.driver(&["driver_1"]))], "first_driver");
        let third = self.driver(&["driver_1", "driver_2"]);
        layer(&mut sql, "third_driver", &[format!("{third} as driver_3")], "second_driver");
        let scored = [
            format!("{} as score", tenths("100 * points / nullif(known_weight, 0)")),
            format!(
                "floor(100 * known_weight / nullif({}, 0) + 0.5) / 100 as known_share",
                self.sum(|signal| self.setting(&part(signal, "weight"), signal.weight))
            ),
            format!("{} as drivers", self.words()),
        ];
        layer(&mut sql, "scored", &scored, "third_driver");
        let _ = write!(
            sql,
            "\n\nselect\n    {}\nfrom scored{}",
            self.last(shape).join(",\n    "),
            self.settings_join().replace("\n    ", "\n")
        );
        sql
    }

    /// A signal between 0 and 1; NULL where it is not known.
    fn curve(&self, signal: &Signal) -> String {
        let float = self.kind(ColumnType::Float);
        if signal.needs.iter().any(|field| self.frame.absent.contains(field)) {
            return format!("cast(null as {float})");
        }
        let value = format!("cast(inputs.{} as {float})", signal.value);
        let value = match (signal.from, signal.to) {
            (Some(from), Some(to)) => {
                let from = self.setting(&part(signal, "from"), from);
                let to = self.setting(&part(signal, "to"), to);
                format!("({value} - {from}) / ({to} - {from})")
            }
            _ => value,
        };
        // Greatest and least skip NULL, so that a signal of unknown value would become known.
        format!("case when inputs.{} is not null then least(1, greatest(0, {value})) end", signal.value)
    }

    fn sum(&self, term: impl Fn(&Signal) -> String) -> String {
        self.play.signals.iter().map(term).collect::<Vec<_>>().join(" + ")
    }

    /// What each signal adds, the weight that is known, and how many signals stand at one half or more.
    fn weights(&self) -> Vec<String> {
        let float = self.kind(ColumnType::Float);
        let weight = |signal: &Signal| self.setting(&part(signal, "weight"), signal.weight);
        let mut items: Vec<String> = self
            .play
            .signals
            .iter()
            .map(|signal| {
                let name = part(signal, "signal");
                let pull = match self.play.drivers {
                    Drivers::Raising => format!("{} * {name}", weight(signal)),
                    Drivers::Both => format!("{} * abs({name} - 0.5)", weight(signal)),
                };
                format!("{pull} as {}", part(signal, "pull"))
            })
            .collect();
        let points = self.sum(|signal| format!("coalesce({} * {}, 0)", weight(signal), part(signal, "signal")));
        let known = self.sum(|signal| {
            format!("case when {} is null then cast(0 as {float}) else {} end", part(signal, "signal"), weight(signal))
        });
        let raised = self.sum(|signal| format!("case when {} >= 0.5 then 1 else 0 end", part(signal, "signal")));
        items.push(format!("{points} as points"));
        items.push(format!("{known} as known_weight"));
        items.push(format!("{raised} as signals_raised"));
        items
    }

    /// The number of the weightiest signal that is none of those taken; NULL when none pulls.
    fn driver(&self, taken: &[&str]) -> String {
        let pulls: Vec<String> = self
            .play
            .signals
            .iter()
            .enumerate()
            .map(|(place, signal)| {
                let free: Vec<String> =
                    taken.iter().map(|driver| format!("coalesce({driver}, 0) <> {}", place + 1)).collect();
                let pull = part(signal, "pull");
                if free.is_empty() { pull } else { format!("case when {} then {pull} end", free.join(" and ")) }
            })
            .collect();
        let greatest = if pulls.len() == 1 { pulls[0].clone() } else { format!("greatest({})", pulls.join(", ")) };
        let cases: Vec<String> = pulls
            .iter()
            .enumerate()
            .map(|(place, pull)| format!("when {pull} = {greatest} then {}", place + 1))
            .collect();
        format!("case when coalesce({greatest}, 0) <= 0 then null {} end", cases.join(" "))
    }

    /// The drivers as one sentence.
    fn words(&self) -> String {
        let mut parts: Vec<String> =
            [&self.play.disqualified, &self.play.lead].into_iter().flatten().cloned().collect();
        for driver in ["driver_1", "driver_2", "driver_3"] {
            let cases: Vec<String> = self
                .play
                .signals
                .iter()
                .enumerate()
                .map(|(place, signal)| format!("when {} then {}", place + 1, self.sentence(signal)))
                .collect();
            parts.push(format!("case {driver} {} end", cases.join(" ")));
        }
        format!("coalesce(nullif(concat_ws('; ', {}), ''), 'no signal stands out')", parts.join(", "))
    }

    /// A signal in words, with what it adds to the score out of what it could.
    fn sentence(&self, signal: &Signal) -> String {
        let high = words::expression(&signal.words, self.dialect);
        let name = part(signal, "signal");
        let said = match &signal.low_words {
            None => high,
            Some(low) => {
                format!("case when {name} >= 0.5 then {high} else {} end", words::expression(low, self.dialect))
            }
        };
        let weight = self.setting(&part(signal, "weight"), signal.weight);
        let adds = words::whole(&format!("100 * {weight} * {name} / known_weight"), self.dialect);
        let could = words::whole(&format!("100 * {weight} / known_weight"), self.dialect);
        format!("concat({said}, ' (', {adds}, ' of ', {could}, ')')")
    }

    fn tier(&self) -> String {
        let mut cases = Vec::new();
        if let Some(column) = &self.play.disqualified {
            cases.push(format!("when {column} is not null then '{DISQUALIFIED}'"));
        }
        cases.push(format!(
            "when score is null or known_share < {} then '{UNKNOWN}'",
            self.setting("least_known", self.play.least_known)
        ));
        let (last, higher) =
            self.play.tiers.split_last().map_or((None, &[][..]), |(last, higher)| (Some(last), higher));
        cases.extend(higher.iter().map(|tier| {
            let enough =
                if tier.signals > 0 { format!(" and signals_raised >= {}", tier.signals) } else { String::new() };
            let from = self.setting(&tier_setting(tier), tier.from);
            format!("when score >= {from}{enough} then '{}'", tier.name)
        }));
        let last = last.map_or("", |tier| tier.name.as_str());
        format!("case\n        {}\n        else '{last}'\n    end", cases.join("\n        "))
    }

    fn last(&self, shape: Shape) -> Vec<String> {
        let mut items = Vec::new();
        for column in &self.play.columns {
            let kind = self.kind(column.kind.column_type());
            items.push(format!("cast({} as {kind}) as {}", column.name, column.name));
        }
        if shape == Shape::Explained {
            for signal in &self.play.signals {
                let float = self.kind(ColumnType::Float);
                items.push(format!("cast({} as {float}) as {}", signal.value, part(signal, "value")));
                items.push(part(signal, "signal"));
                let weight = self.setting(&part(signal, "weight"), signal.weight);
                items.push(format!(
                    "100 * {weight} * {} / nullif(known_weight, 0) as {}",
                    part(signal, "signal"),
                    part(signal, "points")
                ));
                items.push(format!(
                    "case when {} is not null then {} end as {}",
                    part(signal, "signal"),
                    self.spoken(signal),
                    part(signal, "words")
                ));
            }
        }
        items.extend(COMMON.iter().map(|(name, kind, _)| {
            let expression = match *name {
                "tier" => self.tier(),
                "inputs_as_of" => self.frame.inputs_as_of.to_owned(),
                "run_id" => self.frame.run_id.to_owned(),
                name => name.to_owned(),
            };
            format!("cast({expression} as {}) as {name}", self.kind(*kind))
        }));
        items
    }

    fn spoken(&self, signal: &Signal) -> String {
        let high = words::expression(&signal.words, self.dialect);
        match &signal.low_words {
            None => high,
            Some(low) => format!(
                "case when {} >= 0.5 then {high} else {} end",
                part(signal, "signal"),
                words::expression(low, self.dialect)
            ),
        }
    }

    /// A play whose SQL gives the score itself.
    fn given(&self, inputs: &str, _shape: Shape) -> String {
        let mut items: Vec<String> = self
            .play
            .columns
            .iter()
            .map(|column| {
                format!("cast({} as {}) as {}", column.name, self.kind(column.kind.column_type()), column.name)
            })
            .collect();
        items.extend(COMMON.iter().map(|(name, kind, _)| {
            let expression = match *name {
                "inputs_as_of" => self.frame.inputs_as_of,
                "run_id" => self.frame.run_id,
                name => name,
            };
            format!("cast({expression} as {}) as {name}", self.kind(*kind))
        }));
        format!("{}\n\nselect\n    {}\nfrom inputs", self.head(inputs), items.join(",\n    "))
    }
}

/// A number rounded half up to one decimal, by the same arithmetic on every engine.
fn tenths(expression: &str) -> String {
    format!("floor(10 * ({expression}) + 0.5) / 10")
}

/// The name of something that belongs to a signal.
#[must_use]
pub fn part(signal: &Signal, what: &str) -> String {
    format!("{}_{what}", signal.name)
}

fn tier_setting(tier: &Tier) -> String {
    format!("tier_{}", tier.name)
}

/// Every number of a play that can be changed, by its name, in order: weights, curves, tiers.
#[must_use]
pub fn settings(play: &Play) -> Vec<(String, f64)> {
    let mut every = Vec::new();
    for signal in &play.signals {
        every.push((part(signal, "weight"), signal.weight));
        if let (Some(from), Some(to)) = (signal.from, signal.to) {
            every.push((part(signal, "from"), from));
            every.push((part(signal, "to"), to));
        }
    }
    if play.scoring == Scoring::Signals {
        let above_last = play.tiers.len().saturating_sub(1);
        every.extend(play.tiers.iter().take(above_last).map(|tier| (tier_setting(tier), tier.from)));
        every.push(("least_known".to_owned(), play.least_known));
    }
    every
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("    {line}") })
        .collect::<Vec<_>>()
        .join("\n")
}
