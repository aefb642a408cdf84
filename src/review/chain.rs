//! How does a row prove that neither it nor anything before it was changed?
//!
//! `hash = SHA-256(prev, public columns, seal)` and `seal = SHA-256(salt, personal columns)`, every part preceded by
//! its length, so that no two rows can spell the same bytes. Because the personal columns enter only by their seal,
//! they can be erased and the chain still verifies; because the salt goes with them, the seal cannot be guessed.

use sha2::{Digest, Sha256};

use crate::resolve::graph::ComparedField;

use super::decision::FieldAnchor;
use super::hex;
use super::row::{Personal, StoredRow};

/// SHA-256 over parts, each preceded by its length or by a mark that it is absent.
struct PartHash(Sha256);

impl PartHash {
    fn new(purpose: &str) -> Self {
        Self(Sha256::new()).with(Some(purpose.as_bytes()))
    }

    fn with(mut self, part: Option<&[u8]>) -> Self {
        match part {
            Some(bytes) => {
                self.0.update((bytes.len() as u64 + 1).to_le_bytes());
                self.0.update(bytes);
            }
            None => self.0.update(0_u64.to_le_bytes()),
        }
        self
    }

    fn text(self, part: &str) -> Self {
        self.with(Some(part.as_bytes()))
    }

    fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The seal over the personal columns.
pub(super) fn seal(personal: &Personal) -> [u8; 32] {
    PartHash::new("fourfold review log, personal, 1")
        .with(personal.salt.as_deref())
        .with(personal.subject.as_deref().map(str::as_bytes))
        .with(personal.fields.as_deref().map(str::as_bytes))
        .with(personal.note.as_deref().map(str::as_bytes))
        .with(personal.batch_name.as_deref().map(str::as_bytes))
        .finish()
}

/// The hash of a row, from its columns; of an erased row, from the seal it left behind.
pub(super) fn hash(row: &StoredRow) -> [u8; 32] {
    let seal = match &row.sealed {
        Some(sealed) => sealed.clone(),
        None => seal(&row.personal).to_vec(),
    };
    let context = &row.context;
    PartHash::new("fourfold review log, entry, 1")
        .with(Some(&row.prev))
        .with(Some(&row.tick.to_le_bytes()))
        .with(Some(&row.at.to_le_bytes()))
        .text(&context.reviewer)
        .text(&context.action)
        .text(&context.kind)
        .text(&context.verdict)
        .text(&context.stratum)
        .with(Some(&[u8::from(context.settles)]))
        .text(&context.batch)
        .text(&context.rule)
        .with(row.target.as_deref())
        .with(row.weight.map(|weight| weight.to_bits().to_le_bytes()).as_ref().map(<[u8; 8]>::as_slice))
        .with(row.detail.as_deref().map(str::as_bytes))
        .with(Some(&seal))
        .finish()
}

/// The salted hash of one compared value: 64 bits are plenty to notice that it changed.
pub(super) fn value_hash(salt: &[u8], field: &str, value: &str) -> u64 {
    let digest = PartHash::new("fourfold review log, field, 1").with(Some(salt)).text(field).text(value).finish();
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// What the log keeps of the compared fields.
pub(super) fn write_anchors(salt: &[u8], fields: &[ComparedField]) -> Option<String> {
    if fields.is_empty() {
        return None;
    }
    let anchors: Vec<(&str, String, String)> = fields
        .iter()
        .map(|field| {
            let hash = |value: &str| hex::encode(&value_hash(salt, &field.field, value).to_be_bytes());
            (field.field.as_str(), hash(&field.left), hash(&field.right))
        })
        .collect();
    serde_json::to_string(&anchors).ok()
}

/// Reads the `fields` column.
pub(super) fn read_anchors(text: &str) -> Option<Vec<FieldAnchor>> {
    let anchors: Vec<(String, String, String)> = serde_json::from_str(text).ok()?;
    anchors
        .into_iter()
        .map(|(field, left, right)| {
            Some(FieldAnchor {
                field,
                left: u64::from_str_radix(&left, 16).ok()?,
                right: u64::from_str_radix(&right, 16).ok()?,
            })
        })
        .collect()
}
