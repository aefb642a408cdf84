//! On what does the answer for one kind rest?
//!
//! On every value of every record that was read, on what the sources and the team say besides, on the decisions, on the
//! settings, and on the program. Each part is written with its length, so that no two inputs read alike.

use sha2::{Digest, Sha256};

use crate::resolve::ResolveInput;
use crate::resolve::entities::constraints::Constraints;
use crate::resolve::entities::matcher::Columns;
use crate::resolve::entities::rules::Stated;
use crate::resolve::evidence::Hints;
use crate::resolve::evidence::units::Units;
use crate::resolve::extract::Extract;

/// What is asked about one kind.
pub struct Asked<'a, 'map> {
    /// The records.
    pub extract: &'a Extract<'map>,
    /// The records by what their sources call one.
    pub units: &'a Units,
    /// The rows that are compared.
    pub columns: &'a Columns,
    /// What speaks for pairs besides.
    pub hints: &'a Hints,
    /// What the team's rules say.
    pub stated: &'a [Stated],
    /// What must and must not be one.
    pub constraints: &'a Constraints,
    /// The account of each unit of people; empty for accounts.
    pub homes: &'a [Option<u32>],
}

/// The fingerprint of a question.
#[must_use]
pub fn of(input: &ResolveInput<'_>, program: &str, asked: &Asked<'_, '_>) -> [u8; 32] {
    let mut print = Print(Sha256::new());
    print.text(program);
    print.text(asked.extract.kind.as_str());
    print.text(&format!("{:?} {:?}", input.config.resolve, input.config.own_domains));
    print.text(&format!("{:?}", input.decisions));
    for table in &asked.extract.tables {
        print.text(table.source.id.as_str());
        print.text(table.source.surface.as_str());
        print.text(&table.entry.name.table);
        print.number(u64::from(table.family));
    }
    print.number(asked.extract.records.len() as u64);
    for record in &asked.extract.records {
        print.number(u64::from(record.table));
        print.text(&record.pk);
        print.number(u64::from(record.deleted) | u64::from(record.internal) << 1);
        print.number(record.aside.map_or(0, |aside| aside as u64 + 1));
        print.number(record.cells.len() as u64);
        for cell in &record.cells {
            print.number((cell.field as u64) << 16 | u64::from(cell.column));
            print.text(&cell.value);
        }
    }
    for members in &asked.units.members {
        print.number(members.len() as u64);
        for member in members {
            print.number(u64::from(*member));
        }
    }
    print.text(&format!("{:?}", asked.units.ties));
    for column in &asked.columns.columns {
        print.text(&column.name);
        print.text(&format!("{:?}", column.meaning));
        for values in &column.values {
            print.number(values.len() as u64);
            for value in values {
                print.text(value);
            }
        }
    }
    for class in &asked.hints.classes {
        print.text(&format!("{class:?}"));
    }
    for hint in &asked.hints.hints {
        print.number(u64::from(hint.left) << 32 | u64::from(hint.right));
        print.number(u64::from(hint.class));
    }
    print.text(&format!("{:?}", asked.stated));
    print.text(&format!("{:?}", asked.constraints));
    print.number(asked.homes.len() as u64);
    for home in asked.homes {
        print.number(home.map_or(u64::MAX, u64::from));
    }
    print.0.finalize().into()
}

struct Print(Sha256);

impl Print {
    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
    }
}
