//! How is an answer written, so that it reads back to the last bit?
//!
//! Numbers are little-endian, floats by their bits. A text that came before is written as its number, which halves what
//! bars and fields take.

use rustc_hash::FxHashMap;

use crate::ident::{EntityKind, PairKey, RecordKey};
use crate::resolve::graph::{CandidatePair, ComparedField, PairStatus};
use crate::resolve::waterfall::{Bar, Waterfall};

const STATUSES: [PairStatus; 5] =
    [PairStatus::Matched, PairStatus::Review, PairStatus::Rejected, PairStatus::Accepted, PairStatus::Refused];

/// Writes values one behind the other.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    texts: FxHashMap<String, u32>,
}

impl Writer {
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn number(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    pub(super) fn float(&mut self, number: f64) {
        self.bytes.extend(number.to_bits().to_le_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some(number) = self.texts.get(text) {
            let number = *number;
            self.number(number);
            return;
        }
        let next = self.texts.len() as u32;
        self.texts.insert(text.to_owned(), next);
        self.number(next);
        self.number(text.len() as u32);
        self.bytes.extend(text.as_bytes());
    }

    pub(super) fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.number(items.len() as u32);
        for item in items {
            each(self, item);
        }
    }

    fn record(&mut self, record: &RecordKey) {
        self.text(record.source.as_str());
        self.text(&record.table);
        self.text(&record.pk);
    }

    pub(super) fn pair(&mut self, pair: &CandidatePair) {
        self.record(&pair.key.left);
        self.record(&pair.key.right);
        self.number(u32::from(pair.kind == EntityKind::Person));
        self.float(pair.weight);
        self.float(pair.probability);
        self.number(STATUSES.iter().position(|status| *status == pair.status).unwrap_or_default() as u32);
        self.text(&pair.rule);
        self.list(&pair.waterfall.bars, |writer, bar| {
            writer.text(&bar.comparison);
            writer.text(&bar.left);
            writer.text(&bar.right);
            writer.text(&bar.level);
            writer.float(bar.weight);
        });
        self.list(&pair.fields, |writer, field| {
            writer.text(&field.field);
            writer.text(&field.left);
            writer.text(&field.right);
            writer.number(u32::from(field.personal));
        });
    }
}

/// Reads what a [`Writer`] wrote; None where it was something else.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    texts: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, texts: Vec::new() }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    pub(super) fn float(&mut self) -> Option<f64> {
        self.take(8)?.try_into().ok().map(|bytes| f64::from_bits(u64::from_le_bytes(bytes)))
    }

    pub(super) fn text(&mut self) -> Option<String> {
        self.word().map(str::to_owned)
    }

    fn word(&mut self) -> Option<&'a str> {
        let number = self.number()? as usize;
        if let Some(text) = self.texts.get(number) {
            return Some(text);
        }
        if number != self.texts.len() {
            return None;
        }
        let length = self.number()? as usize;
        let text = std::str::from_utf8(self.take(length)?).ok()?;
        self.texts.push(text);
        Some(text)
    }

    pub(super) fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()? as usize;
        // A broken count must not ask for memory that is not there.
        let mut items = Vec::with_capacity(count.min(self.rest.len()));
        for _ in 0..count {
            items.push(each(self)?);
        }
        Some(items)
    }

    fn record(&mut self) -> Option<RecordKey> {
        Some(RecordKey::new(self.word()?, self.word()?, self.word()?))
    }

    pub(super) fn pair(&mut self) -> Option<CandidatePair> {
        Some(CandidatePair {
            key: PairKey { left: self.record()?, right: self.record()? },
            kind: if self.number()? == 1 { EntityKind::Person } else { EntityKind::Account },
            weight: self.float()?,
            probability: self.float()?,
            status: *STATUSES.get(self.number()? as usize)?,
            rule: self.text()?,
            waterfall: Waterfall {
                bars: self.list(|reader| {
                    Some(Bar {
                        comparison: reader.text()?,
                        left: reader.text()?,
                        right: reader.text()?,
                        level: reader.text()?,
                        weight: reader.float()?,
                    })
                })?,
            },
            fields: self.list(|reader| {
                Some(ComparedField {
                    field: reader.text()?,
                    left: reader.text()?,
                    right: reader.text()?,
                    personal: reader.number()? == 1,
                })
            })?,
        })
    }
}
