//! How far do two numbers or two places agree?

use super::Measure;

/// Numbers by the number of their value.
pub(crate) struct Numbers {
    pub(crate) numbers: Vec<f64>,
}

impl Measure for Numbers {
    fn level(&self, left: u32, right: u32) -> u8 {
        let (left, right) = (self.numbers[left as usize], self.numbers[right as usize]);
        let apart = (left - right).abs() / left.abs().max(right.abs()).max(f64::MIN_POSITIVE);
        match apart {
            apart if apart <= 0.02 => 4,
            apart if apart <= 0.1 => 3,
            apart if apart <= 0.25 => 2,
            _ => 1,
        }
    }

    fn is_costly(&self) -> bool {
        false
    }
}

/// Places (latitude, longitude in degrees) by the number of their value.
pub(crate) struct Places {
    pub(crate) places: Vec<(f64, f64)>,
}

impl Measure for Places {
    fn level(&self, left: u32, right: u32) -> u8 {
        match kilometres(self.places[left as usize], self.places[right as usize]) {
            apart if apart <= 5.0 => 4,
            apart if apart <= 50.0 => 3,
            apart if apart <= 200.0 => 2,
            _ => 1,
        }
    }

    fn is_costly(&self) -> bool {
        false
    }
}

/// The distance along a great circle (haversine formula, mean radius of the Earth 6,371 km).
fn kilometres(left: (f64, f64), right: (f64, f64)) -> f64 {
    let (latitude, other_latitude) = (left.0.to_radians(), right.0.to_radians());
    let half = |apart: f64| (apart.to_radians() / 2.0).sin().powi(2);
    let chord = half(right.0 - left.0) + latitude.cos() * other_latitude.cos() * half(right.1 - left.1);
    2.0 * 6371.0 * chord.sqrt().min(1.0).asin()
}
