//! Which pairs hold an entity together, and which one would split it?
//!
//! The records of an entity are the points of a graph, its matching pairs the edges. An edge whose loss parts the graph is
//! a bridge (Tarjan, 1974); the set of edges of least weight whose loss parts it is the weakest cut (Stoer and Wagner,
//! 1997). A reviewer who doubts an entity looks there first.

/// Records up to which the weakest cut is sought: it takes cubic time.
const LARGEST: usize = 400;

/// An edge between two records, by their places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// One record.
    pub left: usize,
    /// The other.
    pub right: usize,
    /// How strongly it holds, in bits; below 0 it holds nothing.
    pub weight: f64,
}

/// A way to part the records in two.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// The smaller part, in order; of equals the one without the first record.
    pub part: Vec<usize>,
    /// The edges between both parts that hold them together, as places in the list.
    pub edges: Vec<usize>,
    /// Their weight in bits.
    pub bits: f64,
}

/// What holds an entity together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cohesion {
    /// The parts that no edge ties to each other; one part when all is well.
    pub parts: Vec<Vec<usize>>,
    /// The edges each of which alone ties two parts, with the smaller part.
    pub bridges: Vec<Cut>,
    /// The weakest cut; None for fewer than two records, where edges are missing, and for very large entities.
    pub weakest: Option<Cut>,
}

/// Looks at `records` points and their edges.
#[must_use]
pub fn cohesion(records: usize, edges: &[Edge]) -> Cohesion {
    let holding: Vec<usize> =
        (0..edges.len()).filter(|at| edges[*at].weight > 0.0 && edges[*at].left != edges[*at].right).collect();
    let parts = parts(records, edges, &holding, None);
    let whole = parts.len() == 1 && records > 1;
    let bridges = bridges(records, edges, &holding)
        .into_iter()
        .filter_map(|bridge| {
            let apart = self::parts(records, edges, &holding, Some(bridge));
            let ends = [edges[bridge].left, edges[bridge].right];
            let part = apart
                .into_iter()
                .filter(|part| ends.iter().any(|end| part.contains(end)))
                .min_by_key(|part| smaller(part))?;
            Some(Cut { part, edges: vec![bridge], bits: edges[bridge].weight })
        })
        .collect();
    let weakest = if whole && records <= LARGEST { weakest(records, edges, &holding) } else { None };
    Cohesion { parts, bridges, weakest }
}

/// Small parts first, of equals the one whose records come last.
fn smaller(part: &[usize]) -> (usize, std::cmp::Reverse<usize>) {
    (part.len(), std::cmp::Reverse(part.first().copied().unwrap_or_default()))
}

fn neighbours(records: usize, edges: &[Edge], holding: &[usize]) -> Vec<Vec<(usize, usize)>> {
    let mut near = vec![Vec::new(); records];
    for at in holding {
        let edge = edges[*at];
        near[edge.left].push((edge.right, *at));
        near[edge.right].push((edge.left, *at));
    }
    near
}

/// The connected parts, without one edge.
fn parts(records: usize, edges: &[Edge], holding: &[usize], without: Option<usize>) -> Vec<Vec<usize>> {
    let near = neighbours(records, edges, holding);
    let mut seen = vec![false; records];
    let mut parts = Vec::new();
    for start in 0..records {
        if seen[start] {
            continue;
        }
        let (mut part, mut open) = (Vec::new(), vec![start]);
        seen[start] = true;
        while let Some(at) = open.pop() {
            part.push(at);
            for (next, edge) in &near[at] {
                if Some(*edge) != without && !seen[*next] {
                    seen[*next] = true;
                    open.push(*next);
                }
            }
        }
        part.sort_unstable();
        parts.push(part);
    }
    parts
}

/// The bridges, in the order of the edges: one walk, without recursion.
fn bridges(records: usize, edges: &[Edge], holding: &[usize]) -> Vec<usize> {
    let near = neighbours(records, edges, holding);
    let mut entered = vec![usize::MAX; records];
    let mut lowest = vec![usize::MAX; records];
    let mut clock = 0;
    let mut found = Vec::new();
    for start in 0..records {
        if entered[start] != usize::MAX {
            continue;
        }
        // Point, edge by which it was reached, next neighbour to look at.
        let mut path: Vec<(usize, Option<usize>, usize)> = vec![(start, None, 0)];
        (entered[start], lowest[start]) = (clock, clock);
        clock += 1;
        while let Some((at, by, next)) = path.last_mut() {
            let (at, by) = (*at, *by);
            if let Some((other, edge)) = near[at].get(*next).copied() {
                *next += 1;
                if Some(edge) == by {
                    continue;
                }
                if entered[other] == usize::MAX {
                    (entered[other], lowest[other]) = (clock, clock);
                    clock += 1;
                    path.push((other, Some(edge), 0));
                } else {
                    lowest[at] = lowest[at].min(entered[other]);
                }
                continue;
            }
            path.pop();
            if let (Some((parent, _, _)), Some(edge)) = (path.last(), by) {
                lowest[*parent] = lowest[*parent].min(lowest[at]);
                if lowest[at] > entered[*parent] {
                    found.push(edge);
                }
            }
        }
    }
    found.sort_unstable();
    found
}

/// The cut of least weight.
fn weakest(records: usize, edges: &[Edge], holding: &[usize]) -> Option<Cut> {
    let mut weights = vec![vec![0.0_f64; records]; records];
    for at in holding {
        let edge = edges[*at];
        weights[edge.left][edge.right] += edge.weight;
        weights[edge.right][edge.left] += edge.weight;
    }
    let mut merged: Vec<Vec<usize>> = (0..records).map(|record| vec![record]).collect();
    let mut open: Vec<usize> = (0..records).collect();
    let mut best: Option<(f64, Vec<usize>)> = None;
    while open.len() > 1 {
        let mut tightness = vec![0.0_f64; records];
        let mut added = vec![false; records];
        let (mut last, mut before) = (open[0], open[0]);
        for _ in 0..open.len() {
            let next = open
                .iter()
                .copied()
                .filter(|at| !added[*at])
                .max_by(|one, other| tightness[*one].total_cmp(&tightness[*other]).then(other.cmp(one)))?;
            added[next] = true;
            (before, last) = (last, next);
            for at in &open {
                if !added[*at] {
                    tightness[*at] += weights[next][*at];
                }
            }
        }
        let bits = tightness[last];
        if best.as_ref().is_none_or(|(least, _)| bits < *least) {
            best = Some((bits, merged[last].clone()));
        }
        let moved = std::mem::take(&mut merged[last]);
        merged[before].extend(moved);
        for at in &open {
            let weight = weights[last][*at];
            weights[before][*at] += weight;
            weights[*at][before] += weight;
        }
        open.retain(|at| *at != last);
    }
    let (bits, mut part) = best?;
    part.sort_unstable();
    let rest: Vec<usize> = (0..records).filter(|record| part.binary_search(record).is_err()).collect();
    let part = [part, rest].into_iter().min_by_key(|part| smaller(part))?;
    let crossing = holding
        .iter()
        .copied()
        .filter(|at| part.contains(&edges[*at].left) != part.contains(&edges[*at].right))
        .collect();
    Some(Cut { part, edges: crossing, bits })
}
