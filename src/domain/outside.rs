//! Text from outside (server names, errors, logs) is hostile until it went through here (design §6-9).

use time::{
    OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc3339, macros::format_description,
};

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

/// A moment as .NET writes it: RFC 3339, with up to nine decimals, and UTC where no offset stands
/// (`license-file.json`), or a claim's `MM/dd/yyyy HH:mm:ss`. `0001-01-01` is .NET's "not set".
pub fn moment(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    let claim = format_description!("[month]/[day]/[year] [hour]:[minute]:[second]");
    let moment = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339))
        .or_else(|_| PrimitiveDateTime::parse(text, claim).map(PrimitiveDateTime::assume_utc))
        .ok()?;
    (moment.year() > 1).then_some(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_as_the_server_writes_them() {
        let wanted = time::macros::datetime!(2028-01-14 00:00 UTC);
        for text in ["2028-01-14T00:00:00Z", "2028-01-14T00:00:00", "01/14/2028 00:00:00"] {
            assert_eq!(moment(text), Some(wanted), "{text}");
        }
        assert!(moment("2026-11-21T22:10:03.1234567+00:00").is_some());
        for text in ["", "soon", "0001-01-01T00:00:00", "2026-13-01T00:00:00Z", "99/99/2026 00:00:00"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn escapes_and_overrides_do_not_survive() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\nd\u{9b}e"), "a[31mbc de");
        assert_eq!(clean(&"x".repeat(3_000)).chars().count(), LONGEST + 1);
    }
}
