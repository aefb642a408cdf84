//! How do pairs and clusters become CSV files, whole or not at all?

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::error::{Context, ErrorKind, Result};
use crate::resolve::matching::{MatchTable, ScoredPair};

/// Writes pairs as `left_id,right_id,weight,probability` to a file, or to standard output.
///
/// # Errors
/// `Io` with the path.
pub(super) fn pairs(table: &MatchTable, pairs: &[ScoredPair], out: Option<&Path>) -> Result<()> {
    let body = |writer: &mut dyn Write| {
        writeln!(writer, "left_id,right_id,weight,probability")?;
        for pair in pairs {
            let (left, right) = (&table.ids[pair.left as usize], &table.ids[pair.right as usize]);
            writeln!(writer, "{},{},{:.4},{:.6}", quoted(left), quoted(right), pair.weight, pair.probability)?;
        }
        Ok(())
    };
    match out {
        Some(path) => whole(path, &body),
        None => {
            let mut writer = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
            body(&mut writer)
                .and_then(|()| writer.flush())
                .context(ErrorKind::Io, || "cannot write to standard output".to_owned())
        }
    }
}

/// Writes clusters as `id,cluster_id`, one line a row.
///
/// # Errors
/// `Io` with the path.
pub(super) fn clusters(table: &MatchTable, clusters: &[u32], path: &Path) -> Result<()> {
    whole(path, &|writer: &mut dyn Write| {
        writeln!(writer, "id,cluster_id")?;
        for (row, cluster) in clusters.iter().enumerate() {
            writeln!(writer, "{},{}", quoted(&table.ids[row]), quoted(&table.ids[*cluster as usize]))?;
        }
        Ok(())
    })
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
    let written = File::create(partial).and_then(|file| {
        let mut writer = BufWriter::with_capacity(1 << 20, file);
        body(&mut writer)?;
        writer.flush()
    });
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
fn quoted(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}
