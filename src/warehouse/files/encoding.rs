//! In which encoding is a file written, and how is it read as UTF-8?
//!
//! A byte order mark decides. Without one, text that is valid UTF-8 is UTF-8; text whose bytes alternate with zeros is UTF-16;
//! anything else is either UTF-8 with damage (most of its non-ASCII sequences are valid) or what chardetng takes it for.

use std::io::Read;
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

use crate::error::{Context, Error, ErrorKind, Result};
use crate::warehouse::printable;

/// A byte that is never part of UTF-8: it marks a place that could not be decoded, so that its row is kept aside.
const DAMAGE: u8 = 0xFF;
/// How much of a file the detector of legacy encodings looks at.
const DETECT_BYTES: u64 = 8 << 20;

/// Opens a file for reading, unpacked when its name ends in `.gz`.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read + Send>> {
    let file = std::fs::File::open(path).context(ErrorKind::Io, || format!("cannot open {}", shown(path)))?;
    let packed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    if packed { Ok(Box::new(MultiGzDecoder::new(std::io::BufReader::new(file)))) } else { Ok(Box::new(file)) }
}

/// A path for messages.
pub(super) fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}

/// The encoding with that name, such as `windows-1252`, `latin1`, `Shift_JIS` (WHATWG Encoding Standard labels).
pub(super) fn named(label: &str) -> Result<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
        Error::config(format!("there is no encoding {}", printable(label)))
            .hint("Write a WHATWG label such as utf-8, windows-1252, utf-16le or shift_jis.")
    })
}

/// Finds the encoding of a file by reading all of it once.
pub(super) fn detect(path: &Path) -> Result<&'static Encoding> {
    let mut input = open(path)?;
    let mut head = Vec::new();
    input
        .by_ref()
        .take(4_096)
        .read_to_end(&mut head)
        .context(ErrorKind::Io, || format!("cannot read {}", shown(path)))?;
    if head.starts_with(&[0xFF, 0xFE, 0, 0]) || head.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(Error::data(format!("{} is written in UTF-32, which cannot be read", shown(path)))
            .hint("Save it as UTF-8 and load it again."));
    }
    if let Some((encoding, _)) = Encoding::for_bom(&head) {
        return Ok(encoding);
    }
    if let Some(encoding) = utf16_without_mark(&head) {
        return Ok(encoding);
    }
    let tally = Tally::of(&head, input).context(ErrorKind::Io, || format!("cannot read {}", shown(path)))?;
    if tally.damaged == 0 || tally.sound >= tally.damaged {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut sample = Vec::new();
    open(path)?
        .take(DETECT_BYTES)
        .read_to_end(&mut sample)
        .context(ErrorKind::Io, || format!("cannot read {}", shown(path)))?;
    detector.feed(&sample, true);
    Ok(detector.guess(None, Utf8Detection::Deny))
}

/// Latin text in UTF-16 has a zero in every second byte.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).take(pairs).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 2 > pairs && even * 10 < pairs {
        Some(UTF_16LE)
    } else if even * 2 > pairs && odd * 10 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// How many non-ASCII sequences of a file are UTF-8 and how many are not.
#[derive(Default)]
struct Tally {
    sound: u64,
    damaged: u64,
}

impl Tally {
    fn of(head: &[u8], mut rest: Box<dyn Read + Send>) -> std::io::Result<Self> {
        let mut tally = Self::default();
        let mut buffer = head.to_vec();
        loop {
            let carried = tally.count(&buffer);
            buffer.drain(..buffer.len() - carried);
            let before = buffer.len();
            rest.by_ref().take(1 << 20).read_to_end(&mut buffer)?;
            if buffer.len() == before {
                tally.damaged += u64::from(carried > 0);
                return Ok(tally);
            }
        }
    }

    /// Counts and returns how many bytes at the end may belong to a sequence that goes on.
    fn count(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.sound += sequences(text.as_bytes());
                    return 0;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    self.sound += sequences(good);
                    let Some(length) = error.error_len() else { return bad.len() };
                    self.damaged += 1;
                    rest = &bad[length..];
                }
            }
        }
    }
}

fn sequences(bytes: &[u8]) -> u64 {
    if bytes.is_ascii() { 0 } else { bytes.iter().filter(|byte| **byte >= 0xC0).count() as u64 }
}

/// Reads a file as UTF-8. Places that could not be decoded hold a byte that UTF-8 does not have, then the original bytes
/// as `\xNN`.
pub(super) fn utf8(path: &Path, encoding: &'static Encoding) -> Result<Box<dyn Read + Send>> {
    let mut input = open(path)?;
    if encoding == UTF_8 {
        let mut head = [0; 3];
        let mut length = 0;
        while length < 3 {
            match input.read(&mut head[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(cause) => return Err(Error::io(format!("cannot read {}", shown(path))).because(cause)),
            }
        }
        let start = if head[..length] == [0xEF, 0xBB, 0xBF] { 3 } else { 0 };
        return Ok(Box::new(std::io::Cursor::new(head[start..length].to_vec()).chain(input)));
    }
    Ok(Box::new(Decoded {
        input,
        decoder: encoding.new_decoder(),
        single_byte: encoding.is_single_byte(),
        raw: Vec::new(),
        ready: Vec::new(),
        at: 0,
        ended: false,
    }))
}

struct Decoded {
    input: Box<dyn Read + Send>,
    decoder: Decoder,
    single_byte: bool,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Decoded {
    fn refill(&mut self) -> std::io::Result<()> {
        self.ready.clear();
        self.at = 0;
        self.raw.clear();
        self.input.by_ref().take(64 << 10).read_to_end(&mut self.raw)?;
        self.ended = self.raw.is_empty();
        let mut used = 0;
        loop {
            let needed =
                self.decoder.max_utf8_buffer_length_without_replacement(self.raw.len() - used).unwrap_or(1 << 20);
            let filled = self.ready.len();
            self.ready.resize(filled + needed, 0);
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.raw[used..],
                &mut self.ready[filled..],
                self.ended,
            );
            self.ready.truncate(filled + written);
            used += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    let end = used.saturating_sub(usize::from(after));
                    let start = end.saturating_sub(usize::from(length));
                    self.ready.push(DAMAGE);
                    for byte in &self.raw[start..end] {
                        self.ready.extend_from_slice(format!("\\x{byte:02X}").as_bytes());
                    }
                }
            }
        }
        if self.single_byte {
            self.mark_unassigned();
        }
        Ok(())
    }

    /// Single-byte encodings map their unassigned bytes to C1 control characters, which no text means.
    fn mark_unassigned(&mut self) {
        let is_c1 = |pair: &[u8]| pair[0] == 0xC2 && (0x80..0xA0).contains(&pair[1]) && pair[1] != 0x85;
        if !self.ready.windows(2).any(is_c1) {
            return;
        }
        let mut marked = Vec::with_capacity(self.ready.len() + 16);
        let mut at = 0;
        while at < self.ready.len() {
            if at + 1 < self.ready.len() && is_c1(&self.ready[at..at + 2]) {
                marked.push(DAMAGE);
                marked.extend_from_slice(format!("\\x{:02X}", self.ready[at + 1]).as_bytes());
                at += 2;
            } else {
                marked.push(self.ready[at]);
                at += 1;
            }
        }
        self.ready = marked;
    }
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let length = out.len().min(self.ready.len() - self.at);
        out[..length].copy_from_slice(&self.ready[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// The raw text of a damaged row: the marks of this module are taken out again.
pub(super) fn without_marks(bytes: &[u8], encoding: &'static Encoding) -> String {
    if encoding == UTF_8 {
        return super::row::lossless(bytes);
    }
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != DAMAGE).collect();
    super::row::lossless(&bytes)
}
