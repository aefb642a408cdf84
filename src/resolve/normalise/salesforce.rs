//! Are a 15 and an 18 character Salesforce id the same record?

/// The 18 character form of a Salesforce record id, safe where case is lost.
///
/// A 15 character id is case-sensitive; the three characters added encode which letters are capitals, five bits each
/// (Salesforce, "Converting 15 character IDs to 18"). An 18 character id is repaired from its suffix when a tool changed
/// the case of its letters. `None` for anything else, also when the suffix contradicts the letters.
#[must_use]
pub fn salesforce_id_18(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    match text.len() {
        15 => Some(format!("{text}{}", suffix(text.as_bytes()))),
        18 => {
            let (id, check) = text.split_at(15);
            let has = |is: fn(&u8) -> bool| id.bytes().any(|byte| is(&byte));
            if has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) {
                // The case was kept, so the 15 characters say all; a suffix that does not fit them is not believed.
                return Some(format!("{id}{}", suffix(id.as_bytes())));
            }
            let mut repaired = String::with_capacity(18);
            for (block, mark) in id.as_bytes().chunks(5).zip(check.to_ascii_uppercase().bytes()) {
                let bits = ALPHABET.iter().position(|letter| *letter == mark)?;
                for (at, byte) in block.iter().enumerate() {
                    let capital = bits >> at & 1 == 1;
                    if capital && !byte.is_ascii_alphabetic() {
                        return None;
                    }
                    let byte = if capital { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
                    repaired.push(char::from(byte));
                }
            }
            repaired.push_str(&check.to_ascii_uppercase());
            Some(repaired)
        }
        _ => None,
    }
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

fn suffix(id: &[u8]) -> String {
    id.chunks(5)
        .map(|block| {
            let bits = block
                .iter()
                .enumerate()
                .filter(|(_, byte)| byte.is_ascii_uppercase())
                .fold(0, |bits, (at, _)| bits | 1 << at);
            char::from(ALPHABET[bits])
        })
        .collect()
}
