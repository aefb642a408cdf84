//! Which single pair holds two groups of an entity together?
//!
//! An edge is a bridge when nothing else leads from one of its ends to the other (Tarjan, 1974). One wrong answer there
//! merges two customers, so it is asked first. An edge at whose end a single record hangs is none: every entity of two
//! records would consist of them.

use rustc_hash::FxHashMap;

/// The places in `edges` that are bridges between two groups of at least two records each. Edges are pairs of records
/// by their numbers; several between the same two records hold each other up.
#[must_use]
pub fn find(edges: &[(u32, u32)]) -> Vec<usize> {
    let mut at: FxHashMap<u32, Vec<(u32, usize)>> = FxHashMap::default();
    for (place, (left, right)) in edges.iter().enumerate() {
        at.entry(*left).or_default().push((*right, place));
        at.entry(*right).or_default().push((*left, place));
    }
    let mut walk = Walk { at: &at, order: FxHashMap::default(), low: FxHashMap::default(), cut: Vec::new() };
    let mut starts: Vec<u32> = at.keys().copied().collect();
    starts.sort_unstable();
    let mut found = Vec::new();
    for start in starts {
        if !walk.order.contains_key(&start) {
            let before = walk.order.len();
            walk.from(start);
            let size = walk.order.len() - before;
            found
                .extend(walk.cut.drain(..).filter(|(_, below)| *below >= 2 && size - below >= 2).map(|(edge, _)| edge));
        }
    }
    found.sort_unstable();
    found
}

struct Walk<'a> {
    at: &'a FxHashMap<u32, Vec<(u32, usize)>>,
    order: FxHashMap<u32, usize>,
    low: FxHashMap<u32, usize>,
    /// Edges that nothing goes round, with how many records lie behind them.
    cut: Vec<(usize, usize)>,
}

impl Walk<'_> {
    /// Depth first, without recursion: a component may hold thousands of records.
    fn from(&mut self, start: u32) {
        let mut stack: Vec<(u32, Option<usize>, usize, usize)> = Vec::new();
        self.enter(start);
        stack.push((start, None, 0, 1));
        while let Some((node, by, next, size)) = stack.pop() {
            let Some((other, edge)) = self.at[&node].get(next).copied() else {
                self.leave(node, by, size, &mut stack);
                continue;
            };
            stack.push((node, by, next + 1, size));
            if Some(edge) == by {
                continue;
            }
            if let Some(seen) = self.order.get(&other).copied() {
                let low = self.low[&node].min(seen);
                self.low.insert(node, low);
            } else {
                self.enter(other);
                stack.push((other, Some(edge), 0, 1));
            }
        }
    }

    fn enter(&mut self, node: u32) {
        let number = self.order.len();
        self.order.insert(node, number);
        self.low.insert(node, number);
    }

    fn leave(&mut self, node: u32, by: Option<usize>, size: usize, stack: &mut [(u32, Option<usize>, usize, usize)]) {
        let (Some(above), Some(edge)) = (stack.last_mut(), by) else { return };
        above.3 += size;
        let low = self.low[&node];
        if low > self.order[&above.0] {
            self.cut.push((edge, size));
        }
        let raised = self.low[&above.0].min(low);
        self.low.insert(above.0, raised);
    }
}
