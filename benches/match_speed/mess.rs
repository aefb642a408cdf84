//! What happens to a value on its way through another system?

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// One slip of the pen: a letter left out, doubled, replaced or swapped with the next.
pub fn slip(text: &str, random: &mut ChaCha8Rng) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = random.random_range(0..letters.len() - 1);
    let letter = char::from(b'a' + random.random_range(0..26u8));
    match random.random_range(0..4) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letter),
        2 => letters[at] = letter,
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

/// Another digit somewhere.
pub fn wrong_digit(text: &str, random: &mut ChaCha8Rng) -> String {
    let places: Vec<usize> = text.char_indices().filter(|(_, one)| one.is_ascii_digit()).map(|(at, _)| at).collect();
    let Some(at) = places.get(random.random_range(0..places.len().max(1))) else { return text.to_owned() };
    let mut out = text.to_owned();
    out.replace_range(*at..=*at, &random.random_range(0..10u8).to_string());
    out
}

/// So many random digits.
pub fn digits(count: usize, random: &mut ChaCha8Rng) -> String {
    (0..count).map(|_| char::from(b'0' + random.random_range(0..10u8))).collect()
}

/// One of a list.
pub fn one_of<'a>(list: &[&'a str], random: &mut ChaCha8Rng) -> &'a str {
    list[random.random_range(0..list.len())]
}
