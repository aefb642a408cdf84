//! What need not be found out again, because nothing it rests on has changed?
//!
//! The answer for accounts, and that for people, is a function of what was read, asked and decided. Both are kept under a
//! fingerprint of all of that and of the program itself ([`key`]). A later run that comes to the same fingerprint takes the
//! answer over; any other compares everything again. So a run that remembers gives the same graph as one that does not,
//! whatever was edited, deleted, decided or configured in between: there is no model that could have grown stale.

mod codec;
pub mod key;

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use self::codec::{Reader, Writer};
use crate::ident::EntityKind;
use crate::resolve::graph::CandidatePair;

/// The first bytes of a file, with the number of its format.
const MAGIC: &[u8] = b"fourfold resolve 1\n";

/// The longest answer that is unpacked, in bytes: a file that claims more is broken.
const LONGEST: u64 = 16 << 30;

/// What was found out about one kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Remembered {
    /// The entity of each unit.
    pub entity_of: Vec<u32>,
    /// Unit, bits of the strongest pair that ties it, whether an id of another system proposed that pair.
    pub strongest: Vec<(u32, f64, bool)>,
    /// What the matching core warned of.
    pub warnings: Vec<String>,
    /// The pairs worth keeping.
    pub pairs: Vec<CandidatePair>,
}

#[derive(Debug, Clone)]
struct Slot {
    key: [u8; 32],
    packed: Vec<u8>,
}

/// The answers of the last run, on their way to the next.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    slots: BTreeMap<EntityKind, Slot>,
    /// Whether to look at what is kept.
    recalls: bool,
    /// Whether to keep what is found.
    keeps: bool,
    program: String,
}

impl Memory {
    /// Remembers nothing and keeps nothing.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Remembers nothing yet, keeps what is found. `program` names the program that finds it: another one finds another
    /// answer.
    #[must_use]
    pub fn empty(program: &str) -> Self {
        Self { slots: BTreeMap::new(), recalls: true, keeps: true, program: program.to_owned() }
    }

    /// Compares everything again, whatever is kept.
    #[must_use]
    pub fn forgetful(program: &str) -> Self {
        Self { recalls: false, ..Self::empty(program) }
    }

    /// Reads a file; None when it is no file of this format or is broken.
    #[must_use]
    pub fn read(bytes: &[u8], program: &str) -> Option<Self> {
        let mut memory = Self::empty(program);
        let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(32)?)?;
        if Sha256::digest(body)[..] != *sum {
            return None;
        }
        let mut rest = body.strip_prefix(MAGIC)?;
        while !rest.is_empty() {
            let (head, tail) = rest.split_at_checked(41)?;
            let kind = if head[0] == 0 { EntityKind::Account } else { EntityKind::Person };
            let key: [u8; 32] = head[1..33].try_into().ok()?;
            let length = u64::from_le_bytes(head[33..41].try_into().ok()?);
            let (packed, next) = tail.split_at_checked(usize::try_from(length).ok()?)?;
            memory.slots.insert(kind, Slot { key, packed: packed.to_vec() });
            rest = next;
        }
        Some(memory)
    }

    /// The bytes of the file; None when there is nothing to keep.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        if self.slots.is_empty() {
            return None;
        }
        let mut bytes = MAGIC.to_vec();
        for (kind, slot) in &self.slots {
            bytes.push(u8::from(*kind == EntityKind::Person));
            bytes.extend(slot.key);
            bytes.extend((slot.packed.len() as u64).to_le_bytes());
            bytes.extend(&slot.packed);
        }
        let sum = Sha256::digest(&bytes);
        bytes.extend(sum);
        Some(bytes)
    }

    /// The name of the program that remembers.
    #[must_use]
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Whether a key has to be made at all.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.recalls || self.keeps
    }

    /// The answer under a key.
    #[must_use]
    pub fn recall(&self, kind: EntityKind, key: &[u8; 32]) -> Option<Remembered> {
        let slot = self.slots.get(&kind).filter(|slot| self.recalls && slot.key == *key)?;
        let mut unpacked = Vec::new();
        GzDecoder::new(slot.packed.as_slice()).take(LONGEST).read_to_end(&mut unpacked).ok()?;
        let mut reader = Reader::new(&unpacked);
        let remembered = Remembered {
            entity_of: reader.list(Reader::number)?,
            strongest: reader.list(|reader| Some((reader.number()?, reader.float()?, reader.number()? == 1)))?,
            warnings: reader.list(Reader::text)?,
            pairs: reader.list(Reader::pair)?,
        };
        reader.is_done().then_some(remembered)
    }

    /// Keeps an answer under a key, in place of an older one.
    pub fn keep(&mut self, kind: EntityKind, key: [u8; 32], found: &Remembered) {
        if !self.keeps {
            return;
        }
        let mut writer = Writer::default();
        writer.list(&found.entity_of, |writer, entity| writer.number(*entity));
        writer.list(&found.strongest, |writer, (unit, bits, by_id)| {
            writer.number(*unit);
            writer.float(*bits);
            writer.number(u32::from(*by_id));
        });
        writer.list(&found.warnings, |writer, warning| writer.text(warning));
        writer.list(&found.pairs, Writer::pair);
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        // Writing into memory cannot fail; what could not be packed is not kept.
        if packer.write_all(&writer.finish()).is_ok()
            && let Ok(packed) = packer.finish()
        {
            self.slots.insert(kind, Slot { key, packed });
        } else {
            self.slots.remove(&kind);
        }
    }
}
