//! Which text do the bytes of a file stand for?

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use rayon::prelude::*;

use crate::error::{Context, Error, ErrorKind, Result};

/// Bytes that one thread reads at a time.
const STRETCH: usize = 4 << 20;

/// The whole text of a file, unpacked where its name ends in `gz`.
///
/// UTF-8 where the bytes are; otherwise what a byte order mark says, or the likeliest encoding.
pub(super) fn read_text(path: &Path) -> Result<String> {
    let bytes = read_bytes(path)?;
    let bytes = if path.extension().is_some_and(|ending| ending == "gz") { unpack(&bytes, path)? } else { bytes };
    Ok(decode(bytes))
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let fault = |cause: std::io::Error| {
        let kind = if cause.kind() == std::io::ErrorKind::NotFound { ErrorKind::NotFound } else { ErrorKind::Io };
        Error::new(kind, format!("cannot read {}", path.display())).because(cause)
    };
    let mut file = File::open(path).map_err(fault)?;
    let about = file.metadata().map_err(fault)?;
    if !about.is_file() || (about.len() as usize) < STRETCH {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(fault)?;
        return Ok(bytes);
    }
    let mut bytes = vec![0; about.len() as usize];
    bytes
        .par_chunks_mut(STRETCH)
        .enumerate()
        .try_for_each(|(at, stretch)| {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start((at * STRETCH) as u64))?;
            file.read_exact(stretch)
        })
        .map_err(fault)?;
    Ok(bytes)
}

fn unpack(bytes: &[u8], path: &Path) -> Result<Vec<u8>> {
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .read_to_end(&mut plain)
        .context(ErrorKind::Data, || format!("{} is no gzip file", path.display()))?;
    Ok(plain)
}

fn decode(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..3);
            }
            text
        }
        Err(other) => {
            let bytes = other.into_bytes();
            let guessed = || {
                let mut guess = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
                guess.feed(&bytes, true);
                guess.guess(None, chardetng::Utf8Detection::Allow)
            };
            let encoding = encoding_rs::Encoding::for_bom(&bytes).map_or_else(guessed, |(encoding, _)| encoding);
            encoding.decode(&bytes).0.into_owned()
        }
    }
}
