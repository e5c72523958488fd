//! A lossless model of an env file in Docker Compose's dialect: read, edit, lint.
//!
//! Compose decides what the containers see, so its reading is the only one that counts: values and refusals
//! are held to its own answers for 1,562 files (`tests/compose.rs`). Nothing is ever printed from a parsed
//! model: an edit replaces the bytes of a value and leaves all others as they are (`edit`).

mod edit;
mod interpolate;
mod letters;
mod parse;
mod reader;

use std::{fmt, ops::Range};

use zeroize::Zeroizing;

use super::{
    check::{AdviceCode, Cause, Finding},
    secret::Secret,
};

pub use edit::{EditRefusal, LineEdit};
pub use reader::{Place, Reader};

/// Largest file that is read, in bytes; a genuine one has about two thousand.
pub const LARGEST: usize = 1 << 20;

/// The byte order mark that some editors put first; Compose skips it.
pub(crate) const BOM: &[u8] = b"\xef\xbb\xbf";

/// An env file: its bytes, and what Compose reads in them.
#[derive(Clone)]
pub struct EnvFile {
    bytes: Zeroizing<Vec<u8>>,
    entries: Vec<Entry>,
}

/// How a value is quoted in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    /// Not at all: to the end of the line or to ` #`.
    None,
    /// `'…'`: literal, only `\'` is an escape.
    Single,
    /// `"…"`: escapes and `$` work.
    Double,
}

/// One setting in the file. Spans are byte ranges of the whole file.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, spelled as in the file; Compose takes an empty one too.
    pub key: String,
    /// Its value as the container gets it; `None` for a bare key, which takes the value of the surrounding
    /// environment and is not set where that has none.
    pub value: Option<Secret>,
    /// Whether it is a bare key (no `=` or `:`).
    pub bare: bool,
    /// The line of the key, from 1.
    pub line: usize,
    /// The line on which the value ends, from 1.
    pub last_line: usize,
    /// How the value is quoted.
    pub quote: Quote,
    /// The key.
    pub key_span: Range<usize>,
    /// The value with its quotes, without the comment and blanks around it.
    pub value_span: Range<usize>,
}

impl Entry {
    /// Everything from the end of the key to the end of the value: `=` and blanks included, empty for a bare key.
    pub fn tail_span(&self) -> Range<usize> {
        self.key_span.end..self.value_span.end
    }
}

impl fmt::Debug for Entry {
    /// Neither the value nor a bare key, which may be the rest of a secret that was pasted over several lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.bare { "" } else { self.key.as_str() };
        f.debug_struct("Entry").field("line", &self.line).field("key", &key).finish_non_exhaustive()
    }
}

/// Why Compose would not start with this file. Never holds a part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The line where the fault begins, from 1.
    pub line: usize,
    /// The column where the fault begins, in characters from 1.
    pub column: usize,
    /// What is wrong there.
    pub reason: RefusalReason,
    /// The line that Compose's own message names; where it names one, it may differ (it counts to the end of an
    /// open quote, and does not count everything).
    pub compose_line: Option<usize>,
}

/// What Compose refuses in an env file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalReason {
    /// `key cannot contain a space`
    SpaceInKey,
    /// `unexpected character … in variable name`
    UnexpectedCharacter,
    /// `unterminated quoted value`
    UnterminatedQuote,
    /// `Invalid template`: a `${` that is no reference.
    BadReference,
    /// `required variable … is missing a value`: `${NAME?…}`.
    MissingVariable,
    /// `zero length string`: `export` and nothing behind it.
    NothingToExport,
    /// Not Compose v2's: bytes that are not UTF-8, which Compose 1.29.2 and `docker run` refuse.
    NotUtf8,
    /// Ours: larger than [`LARGEST`], or its references grow beyond all measure.
    TooLarge,
    /// Ours: references nested too deep.
    TooDeep,
}

impl RefusalReason {
    /// Stable code of the reason, for evidence and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::SpaceInKey => "space_in_key",
            Self::UnexpectedCharacter => "unexpected_character",
            Self::UnterminatedQuote => "unterminated_quote",
            Self::BadReference => "bad_reference",
            Self::MissingVariable => "missing_variable",
            Self::NothingToExport => "nothing_to_export",
            Self::NotUtf8 => "not_utf8",
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
        }
    }
}

impl Refusal {
    /// The same as a finding: `env.unparsable` with line, column and reason.
    pub fn finding(&self) -> Finding {
        Finding::new(Cause::EnvUnparsable)
            .with("line", self.line.to_string())
            .with("column", self.column.to_string())
            .with("reason", self.reason.code())
            .advise(AdviceCode::FixEnvFile)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {}, column {}", self.reason.code(), self.line, self.column)
    }
}

impl std::error::Error for Refusal {}

impl EnvFile {
    /// Reads a file as Compose does, with nothing in the surrounding environment.
    ///
    /// # Errors
    /// Where Compose refuses the file.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        Self::parse_with(bytes, &|_| None)
    }

    /// Reads a file as Compose does; `lookup` is the environment that Compose runs in, which fills in `$NAME`
    /// and bare keys.
    ///
    /// # Errors
    /// Where Compose refuses the file.
    pub fn parse_with(bytes: &[u8], lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, Refusal> {
        let entries = parse::entries(bytes, lookup)?;
        Ok(Self { bytes: Zeroizing::new(bytes.to_vec()), entries })
    }

    /// The file, byte for byte.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// All entries in order, duplicates and bare keys included.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The value that the container gets: the last one wins, in exactly this spelling.
    pub fn get(&self, key: &str) -> Option<&Secret> {
        self.entries.iter().rev().find(|e| e.key == key && e.value.is_some()).and_then(|e| e.value.as_ref())
    }

    /// The last entry of this spelling, a bare one included.
    pub fn last(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|e| e.key == key)
    }

    /// The line end that new lines get: the one that the last line end of the file is.
    pub fn newline(&self) -> &'static str {
        newline_of(&self.bytes)
    }
}

impl fmt::Debug for EnvFile {
    /// Sizes only: values are secrets, and so may comments be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvFile")
            .field("bytes", &self.bytes.len())
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

/// `\r\n` where the last line end is one, else `\n`.
fn newline_of(bytes: &[u8]) -> &'static str {
    match bytes.iter().rposition(|b| *b == b'\n') {
        Some(at) if at > 0 && bytes[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, key: &str) -> Option<String> {
        EnvFile::parse(text.as_bytes()).unwrap().get(key).map(|s| s.expose().to_owned())
    }

    #[test]
    fn the_container_sees_the_last_value_and_only_the_exact_spelling() {
        assert_eq!(read("A=1\nA=2\n", "A").as_deref(), Some("2"));
        assert_eq!(read("A=1\nA\n", "A").as_deref(), Some("1"));
        assert_eq!(read("a=1\n", "A"), None);
        assert_eq!(read("\u{feff}A=p$$w # c\r\n", "A").as_deref(), Some("p$w"));
    }

    #[test]
    fn a_refusal_says_where_the_fault_begins() {
        let table = [
            ("A=1\nB C=2\n", 2, 2, RefusalReason::SpaceInKey),
            ("A=1\n\n  é@=2\n", 3, 4, RefusalReason::UnexpectedCharacter),
            ("A=1\nB= \"x\ny\nz", 2, 4, RefusalReason::UnterminatedQuote),
            ("A=ab${\n", 1, 5, RefusalReason::BadReference),
            ("\u{feff}A=\"ab${\"\n", 1, 3, RefusalReason::BadReference),
            ("A=${B?}\n", 1, 3, RefusalReason::MissingVariable),
            ("A=1\nexport ", 2, 1, RefusalReason::NothingToExport),
        ];
        for (text, line, column, reason) in table {
            let refusal = EnvFile::parse(text.as_bytes()).unwrap_err();
            assert_eq!((refusal.line, refusal.column, refusal.reason), (line, column, reason), "{text:?}");
        }
    }

    #[test]
    fn hostile_files_end() {
        let mut doubling = String::from("A=xxxxxxxxxxxxxxxx\n");
        for _ in 0..60 {
            doubling.push_str("A=$A$A\n");
        }
        let reason = |text: &str| EnvFile::parse(text.as_bytes()).unwrap_err().reason;
        assert_eq!(reason(&doubling), RefusalReason::TooLarge);
        let nested = format!("A={}{}\n", "${N:-".repeat(100_000), "}".repeat(100_000));
        assert_eq!(reason(&nested), RefusalReason::TooDeep);
        assert_eq!(reason(&"#".repeat(LARGEST + 1)), RefusalReason::TooLarge);
        assert!(EnvFile::parse(format!("A={}\n", "${N-}".repeat(100_000)).as_bytes()).is_ok());
    }

    #[test]
    fn debug_shows_no_value() {
        let file = EnvFile::parse(b"# hunter1\nA=hunter2\nhunter3\nhunter4").unwrap();
        assert!(!format!("{file:?} {:?}", file.entries()).contains("hunter"));
    }
}
