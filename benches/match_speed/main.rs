//! What does `fourfold match` find among its candidates, and on which tables is its speed measured?
//!
//! `generate people|companies ROWS DIR [--hub]` writes `records.csv` and `truth_cluster.csv`, the same for the same
//! arguments; with `--hub` one domain stands on 5 % of the rows. `reach DIR [--candidates N]` prints, as JSON, how many
//! candidate pairs there are, which share of the true pairs is among them, and how long comparing took.
//! `benches/match_speed.sh` drives both and sets the times beside Splink's.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "a benchmark stops where it fails")]

mod companies;
mod mess;
mod people;
mod reach;
mod words;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// One record: its cells behind the id.
pub type Cells = Vec<String>;

/// A kind of record: its header, an entity of its own, and a copy with the mess of another system.
pub trait Kind {
    /// The columns behind `id`.
    fn header(&self) -> &'static str;
    /// The record of a new entity.
    fn entity(&mut self, random: &mut ChaCha8Rng) -> Cells;
    /// Another record of the same entity.
    fn copy(&mut self, cells: &Cells, random: &mut ChaCha8Rng) -> Cells;
    /// Puts the common domain into a record.
    fn hub(&self, cells: &mut Cells, random: &mut ChaCha8Rng);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let plain: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match plain.as_slice() {
        ["generate", what, rows, folder, ..] => {
            let mut random = ChaCha8Rng::seed_from_u64(7);
            let mut kind: Box<dyn Kind> = match *what {
                "people" => Box::new(people::People::new(&mut random)),
                _ => Box::new(companies::Companies::new(&mut random)),
            };
            generate(kind.as_mut(), rows.parse().unwrap(), Path::new(folder), has("--hub"), &mut random);
        }
        ["reach", folder, ..] => {
            let at = arguments.iter().position(|argument| argument == "--candidates");
            let candidates = at.and_then(|at| arguments.get(at + 1)).and_then(|number| number.parse().ok());
            println!("{}", reach::reach(Path::new(folder), candidates));
        }
        _ => println!("generate people|companies ROWS DIR [--hub]; reach DIR [--candidates N]"),
    }
}

/// Writes so many rows in random order, with the entity of each beside.
fn generate(kind: &mut dyn Kind, rows: usize, folder: &Path, hub: bool, random: &mut ChaCha8Rng) {
    let mut made: Vec<(u32, Cells)> = Vec::with_capacity(rows + 4);
    let mut entity = 0;
    while made.len() < rows {
        let first = kind.entity(random);
        for copy in 0..5 {
            if copy > 0 && random.random::<f64>() >= 0.35 {
                break;
            }
            let mut cells = if copy == 0 { first.clone() } else { kind.copy(&first, random) };
            if hub && random.random::<f64>() < 0.05 {
                kind.hub(&mut cells, random);
            }
            made.push((entity, cells));
        }
        entity += 1;
    }
    made.truncate(rows);
    for at in (1..made.len()).rev() {
        made.swap(at, random.random_range(0..=at));
    }
    std::fs::create_dir_all(folder).unwrap();
    let open = |name: &str| BufWriter::with_capacity(1 << 20, File::create(folder.join(name)).unwrap());
    let (mut records, mut truth) = (open("records.csv"), open("truth_cluster.csv"));
    writeln!(records, "id,{}", kind.header()).unwrap();
    writeln!(truth, "id,cluster").unwrap();
    for (number, (entity, cells)) in made.iter().enumerate() {
        write!(records, "r{number}").unwrap();
        for cell in cells {
            let quoted = cell.contains([',', '"']);
            let cell = if quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() };
            write!(records, ",{cell}").unwrap();
        }
        writeln!(records).unwrap();
        writeln!(truth, "r{number},{entity}").unwrap();
    }
}
