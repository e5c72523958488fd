//! Text from outside (server names, errors, logs) is hostile until it went through here (design §6-9).

/// Longest text from outside that is kept, in characters.
const LONGEST: usize = 2_000;

/// The text without control characters, bidirectional overrides and zero-width characters, cut to a sane
/// length. Line ends and tabs become blanks.
pub fn clean(text: &str) -> String {
    let mut cleaned: String = text
        .chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' => Some(' '),
            c if c.is_control() => None,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
            c => Some(c),
        })
        .take(LONGEST + 1)
        .collect();
    if cleaned.chars().count() > LONGEST {
        cleaned.pop();
        cleaned.push('…');
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_overrides_do_not_survive() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\nd\u{9b}e"), "a[31mbc de");
        assert_eq!(clean(&"x".repeat(3_000)).chars().count(), LONGEST + 1);
    }
}
