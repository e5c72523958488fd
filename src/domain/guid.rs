//! GUIDs as the server, which is written in .NET, reads them (`bitwarden.md` F7): the one way that all ids are read.

/// A GUID, lower-case with dashes: with dashes or none, braces or brackets, any case, blanks around it.
pub fn parse(text: &str) -> Option<String> {
    let text = trimmed(text);
    let inner = [('{', '}'), ('(', ')')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
        .unwrap_or(text);
    let dashes = inner.len() == 36
        && inner.bytes().enumerate().all(|(at, b)| (b == b'-') == matches!(at, 8 | 13 | 18 | 23));
    let none = inner.len() == 32 && inner.len() == text.len() && !inner.contains('-');
    if !(dashes || none) {
        return None;
    }
    uuid::Uuid::try_parse(inner).ok().map(|id| id.hyphenated().to_string())
}

/// Whether the text reads as a GUID.
pub fn is_guid(text: &str) -> bool {
    parse(text).is_some()
}

/// Without what .NET trims off: whitespace of any kind, and NUL.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_the_server_reads_them() {
        let id = "3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34";
        let forms = [
            " 3F2B1C9E-7D46-4A58-9C1B-B2E9017A5D34\r",
            "3f2b1c9e7d464a589c1bb2e9017a5d34",
            "{3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34}",
        ];
        for text in forms {
            assert_eq!(parse(text).as_deref(), Some(id), "{text:?}");
        }
        for text in [
            "",
            "\"3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34\"",
            "3f2b1c9e",
            "urn:uuid:3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34",
            "{3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
