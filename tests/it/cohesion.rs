//! Are bridges and weakest cuts those that a slow search finds?

use fourfold::resolve::cohesion::{Edge, cohesion};
use proptest::prelude::*;

fn edge(left: usize, right: usize, weight: f64) -> Edge {
    Edge { left, right, weight }
}

/// The parts that edges leave, by repeated joining.
fn parts(records: usize, edges: &[Edge]) -> usize {
    let mut label: Vec<usize> = (0..records).collect();
    for _ in 0..records {
        for edge in edges {
            let least = label[edge.left].min(label[edge.right]);
            (label[edge.left], label[edge.right]) = (least, least);
        }
    }
    let mut labels = label;
    labels.sort_unstable();
    labels.dedup();
    labels.len()
}

#[test]
fn two_triangles_hang_on_one_bridge() {
    let edges = [
        edge(0, 1, 9.0),
        edge(1, 2, 9.0),
        edge(0, 2, 9.0),
        edge(3, 4, 7.0),
        edge(4, 5, 7.0),
        edge(3, 5, 7.0),
        edge(2, 3, 4.0),
        edge(0, 5, -3.0),
    ];
    let found = cohesion(6, &edges);
    assert_eq!(found.parts.len(), 1);
    assert_eq!(found.bridges.len(), 1);
    assert_eq!((found.bridges[0].edges.as_slice(), found.bridges[0].part.as_slice()), (&[6][..], &[3, 4, 5][..]));
    let cut = found.weakest.unwrap();
    assert_eq!((cut.part, cut.edges, cut.bits), (vec![3, 4, 5], vec![6], 4.0));
}

#[test]
fn one_record_and_missing_edges_have_no_cut() {
    assert_eq!(cohesion(1, &[]).weakest, None);
    let found = cohesion(4, &[edge(0, 1, 5.0), edge(2, 3, 5.0)]);
    assert_eq!(found.parts, [vec![0, 1], vec![2, 3]]);
    assert_eq!((found.weakest, found.bridges.len()), (None, 2));
    assert_eq!(cohesion(0, &[]).parts.len(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn bridges_and_cuts_are_those_of_a_slow_search(
        records in 2..9_usize,
        list in prop::collection::vec((0..9_usize, 0..9_usize, -4..12_i32), 1..24),
    ) {
        let edges: Vec<Edge> = list
            .into_iter()
            .map(|(left, right, weight)| edge(left % records, right % records, f64::from(weight)))
            .collect();
        let holding: Vec<Edge> =
            edges.iter().copied().filter(|edge| edge.weight > 0.0 && edge.left != edge.right).collect();
        let found = cohesion(records, &edges);
        prop_assert_eq!(found.parts.len(), parts(records, &holding));

        let bridges: Vec<usize> = (0..edges.len())
            .filter(|at| edges[*at].weight > 0.0 && edges[*at].left != edges[*at].right)
            .filter(|at| {
                let rest: Vec<Edge> = (0..edges.len())
                    .filter(|other| other != at && edges[*other].weight > 0.0)
                    .map(|other| edges[other])
                    .collect();
                parts(records, &rest) > found.parts.len()
            })
            .collect();
        let told: Vec<usize> = found.bridges.iter().flat_map(|cut| cut.edges.clone()).collect();
        prop_assert_eq!(told, bridges);

        if found.parts.len() == 1 {
            let crossing = |side: usize| -> f64 {
                let inside = |record: usize| side >> record & 1 == 1;
                holding.iter().filter(|edge| inside(edge.left) != inside(edge.right)).map(|edge| edge.weight).sum()
            };
            let least = (1..(1_usize << records) - 1).map(crossing).fold(f64::INFINITY, f64::min);
            let cut = found.weakest.unwrap();
            prop_assert!((cut.bits - least).abs() < 1e-9);
            let side = cut.part.iter().fold(0, |side, record| side | 1 << record);
            prop_assert!((crossing(side) - least).abs() < 1e-9);
            prop_assert!(cut.part.len() * 2 <= records);
            let sum: f64 = cut.edges.iter().map(|at| edges[*at].weight).sum();
            prop_assert!((sum - least).abs() < 1e-9);
        } else {
            prop_assert_eq!(found.weakest, None);
        }
    }
}
