//! Are differences measured as the books say?

use fourfold::chart::profile::{bucket, contained, middle, sketch};
use fourfold::drift::statistics::{
    classes, cohen_h, deviations, median, middle_bucket, moved, psi, spread, standard_errors,
};
use proptest::prelude::*;

#[test]
fn the_median_and_the_spread_ignore_one_wild_value() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(median(&[1.0, 2.0, 3.0, 1000.0]), Some(2.5));
    assert!(spread(&[5.0]).abs() < f64::EPSILON);
    assert!((spread(&[1.0, 2.0, 3.0, 4.0, 1000.0]) - 1.4826).abs() < 1e-9);
    // A series that never moved has a floor.
    assert_eq!(deviations(12.0, &[10.0, 10.0, 10.0], 1.0), Some(2.0));
}

#[test]
fn psi_knows_its_thresholds() {
    let same = psi(&[100, 200, 300], &[50, 100, 150]);
    assert!(same < 0.001, "{same}");
    let look = psi(&[100, 200, 300], &[150, 250, 200]);
    assert!((0.05..0.25).contains(&look), "{look}");
    let act = psi(&[500, 50, 50], &[50, 50, 500]);
    assert!(act > 1.0, "{act}");
    assert!(psi(&[100, 0], &[0, 100]).is_finite());
}

#[test]
fn shares_differ_by_effect_and_not_by_number_of_rows() {
    assert!((cohen_h(0.5, 0.5)).abs() < 1e-12);
    assert!(cohen_h(0.4, 0.8) > 0.8);
    assert!(standard_errors(500_000, 1_000_000, 501_000, 1_000_000) > 1.0);
    assert!(cohen_h(0.5, 0.501).abs() < 0.01, "a million rows do not make a thousandth large");
    assert!(standard_errors(0, 0, 5, 10).abs() < f64::EPSILON);
}

#[test]
fn a_shift_of_units_is_a_shift_of_buckets() {
    let cents: Vec<(i32, u64)> = (1..50).filter_map(|n| Some((bucket(f64::from(n) * 1900.0)?, 1))).collect();
    let units: Vec<(i32, u64)> = (1..50).filter_map(|n| Some((bucket(f64::from(n) * 19.0)?, 1))).collect();
    let shift = middle_bucket(&cents).unwrap() - middle_bucket(&units).unwrap();
    assert!((f64::from(shift) - 100_f64.log2() * 4.0).abs() <= 1.0, "{shift}");
    assert_eq!(bucket(0.0), Some(0));
    assert_eq!(bucket(f64::NAN), None);
    assert_eq!(bucket(f64::INFINITY), None);
    assert!(middle(0).abs() < f64::EPSILON);
}

proptest! {
    #[test]
    fn a_bucket_holds_its_number(number in prop_oneof![-1e12..1e12_f64, -1e-3..1e-3_f64]) {
        let place = bucket(number).unwrap();
        let middle = middle(place);
        prop_assert!(number == 0.0 || (middle / number).ln().abs() < 0.1, "{number} is far from {middle}");
    }

    #[test]
    fn buckets_keep_the_order(one in -1e9..1e9_f64, other in -1e9..1e9_f64) {
        let (low, high) = if one <= other { (one, other) } else { (other, one) };
        prop_assert!(middle(bucket(low).unwrap()) <= middle(bucket(high).unwrap()));
    }

    #[test]
    fn psi_is_never_negative_and_symmetric(counts in prop::collection::vec((0..1000_u64, 0..1000_u64), 1..20)) {
        let (one, other): (Vec<u64>, Vec<u64>) = counts.into_iter().unzip();
        let (there, back) = (psi(&one, &other), psi(&other, &one));
        prop_assert!(there >= -1e-12);
        prop_assert!((there - back).abs() < 1e-9);
    }

    #[test]
    fn classes_lose_no_row(counts in prop::collection::vec((-500..500_i32, 1..100_u64), 1..60)) {
        let mut before: Vec<(i32, u64)> = counts.clone();
        before.sort_unstable();
        before.dedup_by_key(|(bucket, _)| *bucket);
        let now: Vec<(i32, u64)> = before.iter().map(|(bucket, count)| (bucket + 3, *count)).collect();
        let (old, new) = classes(&before, &now);
        let sum = |list: &[(i32, u64)]| list.iter().map(|(_, count)| count).sum::<u64>();
        prop_assert_eq!(old.iter().sum::<u64>(), sum(&before));
        prop_assert_eq!(new.iter().sum::<u64>(), sum(&now));
    }

    #[test]
    fn moved_is_a_share(one in 1..500_u64, other in 1..500_u64, third in 0..500_u64) {
        let list = |a: u64, b: u64| vec![("a".to_owned(), a), ("b".to_owned(), b)];
        let share = moved(&list(one, third), &list(other, third));
        prop_assert!((0.0..=1.0).contains(&share));
    }
}

#[test]
fn a_sketch_tells_how_much_of_one_column_is_in_another() {
    let names = |range: std::ops::Range<u32>| range.map(|n| format!("value {n}")).collect::<Vec<_>>();
    let make = |range| sketch(names(range).iter().map(String::as_str));
    let (whole, half, other) = (make(0..20_000), make(0..10_000), make(50_000..70_000));
    assert_eq!(contained(&whole, &whole), Some(1.0));
    let share = contained(&whole, &half).unwrap();
    assert!((share - 0.5).abs() < 0.12, "half of the values are there, not {share}");
    assert!(contained(&half, &whole).unwrap() > 0.95);
    assert!(contained(&whole, &other).unwrap() < 0.05);
    assert_eq!(contained(&[], &whole), None);
    // A few values are held whole, and then nothing is estimated.
    assert_eq!(contained(&make(0..10), &make(0..9)), Some(0.9));
}
