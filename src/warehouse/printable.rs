//! Which text from outside may stand in a message?

/// Text without control and bidirectional formatting characters, each shown as `\u{1b}`: a name in a file or an error of a
/// server never reaches a terminal raw. Line breaks become blanks.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                out.extend(character.escape_unicode());
            }
            character if character.is_control() => out.extend(character.escape_unicode()),
            character => out.push(character),
        }
    }
    out
}

/// The first non-empty line of a statement, at most 100 characters of it.
#[must_use]
pub fn first_line(sql: &str) -> String {
    let line = sql.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let mut short: String = printable(line).chars().take(100).collect();
    if line.chars().count() > 100 {
        short.push('…');
    }
    short
}
