//! The one gate between the outside and whatever is shown. Text from outside (server names, errors, logs, file names,
//! paths) is hostile: what a terminal would obey or an eye would miss is written as its number, `<U+202E>`.
//!
//! [`clean`] makes one bounded line of a text where it comes in. The edges (standard output and error, the frame, JSON,
//! the journal) ask [`visible`] and [`json`] once more for all that they write, so that nothing can be forgotten.

use std::borrow::Cow;

use time::{
    OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc3339, macros::format_description,
};

/// Longest text from outside that is kept, in characters.
const LONGEST: usize = 2_000;

/// Whether a character is obeyed or not seen rather than read: controls, what turns the direction of writing, what has
/// no width, tags and selectors that nobody sees, and what stands for no character at all.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// An address from outside as it may be shown, without what may hold secrets in it: user, query and fragment.
pub fn bare_address(text: &str) -> String {
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    match bare.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
            let host = authority.rsplit('@').next().unwrap_or_default();
            clean(&format!("{scheme}://{host}{path}"))
        }
        None => clean(bare),
    }
}

/// One line of text from outside as it may be shown: hidden characters as their numbers, line ends and tabs as blanks,
/// cut to a sane length.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len().min(LONGEST));
    let mut length = 0;
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => cleaned.push(' '),
            c if is_hidden(c) => {
                let number = number(c);
                length += number.len() - 1;
                cleaned.push_str(&number);
            }
            c => cleaned.push(c),
        }
        length += 1;
        if length > LONGEST {
            let end = cleaned.char_indices().nth(LONGEST).map_or(cleaned.len(), |(end, _)| end);
            cleaned.truncate(end);
            cleaned.push('…');
            break;
        }
    }
    cleaned
}

/// Text of several lines as it may be shown: only the line ends are obeyed.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_hidden(c) && c != '\n') {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 32);
    for c in text.chars() {
        match c {
            '\t' => shown.push(' '),
            c if is_hidden(c) && c != '\n' => shown.push_str(&number(c)),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// JSON that means the same and holds no hidden character: within its strings they are escaped.
pub fn json(document: String) -> String {
    if !document.chars().any(|c| is_hidden(c) && c != '\n') {
        return document;
    }
    let mut escaped = String::with_capacity(document.len() + 32);
    for c in document.chars() {
        if is_hidden(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// A word of a shell command: as it is, in quotes, or where something hidden or no text is in it, in the quotes in which
/// bash takes bytes by their numbers.
pub fn word(bytes: &[u8]) -> String {
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| !text.contains(is_hidden)) else {
        return format!("$'{}'", bytes.escape_ascii());
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

fn number(c: char) -> String {
    format!("<U+{:04X}>", u32::from(c))
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

    /// One of each kind.
    const HIDDEN: [char; 17] = [
        '\u{1b}',
        '\u{7}',
        '\u{7f}',
        '\u{85}',
        '\u{9b}',
        '\u{ad}',
        '\u{61c}',
        '\u{200b}',
        '\u{200d}',
        '\u{2028}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{feff}',
        '\u{fdd0}',
        '\u{e0041}',
        '\u{10ffff}',
    ];

    #[test]
    fn what_is_obeyed_or_not_seen_is_written_as_its_number() {
        assert_eq!(
            clean("a\u{1b}[31mb\u{202e}c\nd\u{9b}e\u{e0041}"),
            "a<U+001B>[31mb<U+202E>c d<U+009B>e<U+E0041>"
        );
        assert_eq!(visible("a\tb\nc\u{1b}"), "a b\nc<U+001B>");
        assert!(matches!(visible("née\n日本語 ✓ 👍"), Cow::Borrowed(_)));
        for c in HIDDEN {
            let text = format!("x{c}y");
            for shown in [clean(&text), visible(&text).into_owned(), json(format!("\"{text}\""))] {
                assert!(!shown.contains(is_hidden), "{shown:?}");
            }
            let document = serde_json::to_string(&text).unwrap();
            assert_eq!(serde_json::from_str::<String>(&json(document)).unwrap(), text);
        }
    }

    #[test]
    fn every_length_is_bounded() {
        for text in ["x".repeat(3_000), "\u{1b}".repeat(3_000), "é".repeat(LONGEST + 1)] {
            assert_eq!(clean(&text).chars().count(), LONGEST + 1);
        }
        assert_eq!(clean(&"x".repeat(LONGEST)), "x".repeat(LONGEST));
    }

    #[test]
    fn a_word_is_quoted_only_where_it_must_be() {
        assert_eq!(word(b"/opt/bitwarden"), "/opt/bitwarden");
        assert_eq!(word(b"it's here"), r"'it'\''s here'");
        assert_eq!(word(b""), "''");
        assert_eq!(word(b"a\x1b'\xff"), r"$'a\x1b\'\xff'");
    }
}
