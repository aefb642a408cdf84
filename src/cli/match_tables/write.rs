//! How do pairs and clusters become CSV files, whole or not at all?

use std::fs::File;
use std::io::Write;
use std::path::Path;

use rayon::prelude::*;

use crate::error::{Context, ErrorKind, Result};
use crate::resolve::matching::{MatchTable, ScoredPair};

/// Lines that one thread writes at a time, and how many of such stretches are kept in memory before they leave.
const STRETCH: usize = 8192;
const WAVE: usize = 32;

/// Writes pairs as `left_id, right_id, weight, probability`, to standard output when no file is named.
///
/// # Errors
/// `Io` with the path.
pub(super) fn pairs(table: &MatchTable, pairs: &[ScoredPair], out: Option<&Path>) -> Result<()> {
    write(out, "left_id,right_id,weight,probability\n", pairs, |pair, line: &mut Vec<u8>| {
        push_cell(&table.ids[pair.left as usize], line);
        line.push(b',');
        push_cell(&table.ids[pair.right as usize], line);
        line.push(b',');
        push_fixed(pair.weight, 4, line);
        line.push(b',');
        push_fixed(pair.probability, 6, line);
        line.push(b'\n');
    })
}

/// Writes for each row `id, cluster_id`.
///
/// # Errors
/// `Io` with the path.
pub(super) fn clusters(table: &MatchTable, clusters: &[u32], path: &Path) -> Result<()> {
    let rows: Vec<(u32, u32)> = clusters.iter().enumerate().map(|(row, label)| (row as u32, *label)).collect();
    write(Some(path), "id,cluster_id\n", &rows, |(row, label), line| {
        push_cell(&table.ids[*row as usize], line);
        line.push(b',');
        push_cell(&table.ids[*label as usize], line);
        line.push(b'\n');
    })
}

fn write<Item: Sync>(
    path: Option<&Path>,
    header: &str,
    items: &[Item],
    line: impl Fn(&Item, &mut Vec<u8>) + Sync,
) -> Result<()> {
    let body = |writer: &mut dyn Write| {
        writer.write_all(header.as_bytes())?;
        for wave in items.chunks(STRETCH * WAVE) {
            let texts: Vec<Vec<u8>> = wave
                .par_chunks(STRETCH)
                .map(|stretch| {
                    let mut text = Vec::with_capacity(stretch.len() * 48);
                    for item in stretch {
                        line(item, &mut text);
                    }
                    text
                })
                .collect();
            texts.iter().try_for_each(|text| writer.write_all(text))?;
        }
        writer.flush()
    };
    match path {
        Some(path) => whole(path, &body),
        None => {
            body(&mut std::io::stdout().lock()).context(ErrorKind::Io, || "cannot write to standard output".to_owned())
        }
    }
}

/// Writes a file beside its place and moves it there once it is whole. Pipes and devices are written directly.
fn whole(path: &Path, body: &dyn Fn(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    let fault = || format!("cannot write {}", path.display());
    let special = std::fs::metadata(path).is_ok_and(|found| !found.is_file());
    let mut partial = path.as_os_str().to_owned();
    if !special {
        partial.push(".partial");
    }
    let partial = Path::new(&partial);
    let written = File::create(partial).and_then(|mut file| body(&mut file));
    if special {
        return written.context(ErrorKind::Io, fault);
    }
    let moved = written.and_then(|()| std::fs::rename(partial, path));
    if moved.is_err() {
        let _ = std::fs::remove_file(partial);
    }
    moved.context(ErrorKind::Io, fault)
}

/// A CSV cell, quoted where it has to be.
fn push_cell(text: &str, line: &mut Vec<u8>) {
    if text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        line.push(b'"');
        line.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        line.push(b'"');
    } else {
        line.extend_from_slice(text.as_bytes());
    }
}

/// A number with so many digits behind the point, as `{:.4}` writes it but many times faster.
fn push_fixed(number: f64, digits: u32, line: &mut Vec<u8>) {
    let unit = 10u64.pow(digits);
    let scaled = (number.abs() * unit as f64).round();
    if !scaled.is_finite() || scaled >= 1e15 {
        line.extend_from_slice(format!("{number:.0$}", digits as usize).as_bytes());
        return;
    }
    let scaled = scaled as u64;
    if number < 0.0 && scaled > 0 {
        line.push(b'-');
    }
    push_whole(scaled / unit, line);
    line.push(b'.');
    let (mut rest, mut place) = (scaled % unit, unit / 10);
    while place > 0 {
        line.push(b'0' + (rest / place) as u8);
        rest %= place;
        place /= 10;
    }
}

fn push_whole(number: u64, line: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = number;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    line.extend_from_slice(&digits[at..]);
}
