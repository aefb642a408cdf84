//! How does a structure become few bytes, and come back?

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Context, ErrorKind, Result};

/// Larger bodies are no baselines of ours.
const LARGEST: u64 = 256 * 1024 * 1024;

/// JSON, compressed.
pub(super) fn pack(value: &impl Serialize) -> Result<Vec<u8>> {
    let fail = || "cannot write a baseline".to_owned();
    let text = serde_json::to_vec(value).context(ErrorKind::Internal, fail)?;
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(text.len() / 4), Compression::new(6));
    encoder.write_all(&text).context(ErrorKind::Internal, fail)?;
    encoder.finish().context(ErrorKind::Internal, fail)
}

/// What [`pack`] made.
pub(super) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let fail = || "a stored baseline cannot be read".to_owned();
    let mut text = Vec::new();
    ZlibDecoder::new(bytes).take(LARGEST).read_to_end(&mut text).context(ErrorKind::Data, fail)?;
    serde_json::from_slice(&text).context(ErrorKind::Data, fail)
}
