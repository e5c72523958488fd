//! Editing in place: only the bytes of what is edited change, and the result is read back before it counts.

use std::ops::Range;

use zeroize::Zeroizing;

use super::{BOM, Entry, EnvFile, Quote, Refusal, newline_of};
use crate::domain::secret::Secret;

/// One edit of a file. Entries are named by their index in [`EnvFile::entries`]. Not `Debug`: it holds values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LineEdit<'a> {
    /// Gives an entry another value, quoted only where the value or what follows needs it.
    Value(usize, &'a str),
    /// Puts these bytes between an entry's key and what follows its value, as they stood in another state of the
    /// file (see [`Entry::tail_span`]).
    Tail(usize, &'a [u8]),
    /// Gives an entry another value so that every reader takes it: nothing is left of blanks around the sign or of
    /// a comment behind the value. For a file that Compose v2 does not read.
    Plain(usize, &'a str),
    /// Puts these bytes between an entry's key and the end of its line, line end excluded.
    Rest(usize, &'a [u8]),
    /// Takes out the line of an entry, which stands alone on it.
    Remove(usize),
    /// Adds a line at the end.
    Append(&'a str, &'a str),
}

/// Why an edit cannot be made so that all else stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditRefusal {
    /// There is no such entry, or two edits meet.
    NoSuchPlace,
    /// Compose would refuse the result.
    Refused(Refusal),
    /// The entry at this line (from 1, in the old file) would read otherwise than meant.
    WouldChange {
        /// The line.
        line: usize,
    },
}

impl EditRefusal {
    /// The line that stands in the way, from 1, where one does.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::NoSuchPlace => None,
            Self::Refused(refusal) => Some(refusal.line),
            Self::WouldChange { line } => Some(*line),
        }
    }
}

impl EnvFile {
    /// Makes the edits and reads the result back, with nothing in the surrounding environment and with a hostile
    /// one: new values must read as given, all other entries as before.
    ///
    /// # Errors
    /// Where that cannot be had.
    pub fn edited(&self, edits: &[LineEdit]) -> Result<Self, EditRefusal> {
        let bytes = self.spliced(edits)?;
        let hostile = |_: &str| Some("§ hostile §".to_owned());
        let new = Self::parse(&bytes).map_err(EditRefusal::Refused)?;
        compare(self, &new, edits)?;
        let old_hostile = Self::parse_with(&self.bytes, &hostile).map_err(EditRefusal::Refused)?;
        let new_hostile = Self::parse_with(&bytes, &hostile).map_err(EditRefusal::Refused)?;
        compare(&old_hostile, &new_hostile, edits)?;
        Ok(new)
    }

    fn spliced(&self, edits: &[LineEdit]) -> Result<Zeroizing<Vec<u8>>, EditRefusal> {
        let mut pieces: Vec<(Range<usize>, Zeroizing<Vec<u8>>)> = Vec::new();
        for edit in edits {
            match *edit {
                LineEdit::Value(index, value) => {
                    let entry = self.entry(index)?;
                    let mut text = Zeroizing::new(Vec::new());
                    if entry.bare {
                        text.push(b'=');
                    }
                    let quoted = !may_stand_bare(&self.bytes[entry.value_span.end..]);
                    text.extend_from_slice(written(value, quoted && entry.quote != Quote::None).as_bytes());
                    pieces.push((entry.value_span.clone(), text));
                }
                LineEdit::Tail(index, tail) => {
                    pieces.push((self.entry(index)?.tail_span(), Zeroizing::new(tail.to_vec())));
                }
                LineEdit::Plain(index, value) => {
                    let mut text = Zeroizing::new(b"=".to_vec());
                    text.extend_from_slice(written(value, false).as_bytes());
                    pieces.push((self.rest_span(self.entry(index)?), text));
                }
                LineEdit::Rest(index, rest) => {
                    pieces.push((self.rest_span(self.entry(index)?), Zeroizing::new(rest.to_vec())));
                }
                LineEdit::Remove(index) => {
                    pieces.push((self.line_span(self.entry(index)?), Zeroizing::default()));
                }
                LineEdit::Append(..) => {}
            }
        }
        pieces.sort_by_key(|(span, _)| (span.start, span.end));
        if pieces.windows(2).any(|pair| pair[0].0.end > pair[1].0.start || pair[0].0 == pair[1].0) {
            return Err(EditRefusal::NoSuchPlace);
        }
        let mut out = Zeroizing::new(Vec::with_capacity(self.bytes.len() + 512));
        let mut pos = 0;
        for (span, text) in &pieces {
            out.extend_from_slice(&self.bytes[pos..span.start]);
            out.extend_from_slice(text);
            pos = span.end;
        }
        out.extend_from_slice(&self.bytes[pos..]);
        if edits.iter().any(|edit| matches!(edit, LineEdit::Remove(_))) {
            end_as(&mut out, ends_in_newline(&self.bytes));
        }
        append(&mut out, edits, self.newline());
        Ok(out)
    }

    fn entry(&self, index: usize) -> Result<&Entry, EditRefusal> {
        self.entries.get(index).ok_or(EditRefusal::NoSuchPlace)
    }

    /// Everything from the end of an entry's key to the end of its last line, line end excluded.
    pub(crate) fn rest_span(&self, entry: &Entry) -> Range<usize> {
        entry.key_span.end..self.text_end(entry.value_span.end)
    }

    /// The whole lines of an entry, the line end included.
    fn line_span(&self, entry: &Entry) -> Range<usize> {
        let first = if self.bytes.starts_with(BOM) { BOM.len() } else { 0 };
        let start =
            self.bytes[..entry.key_span.start].iter().rposition(|b| *b == b'\n').map_or(first, |at| at + 1);
        let behind = entry.value_span.end;
        let end = self.bytes[behind..]
            .iter()
            .position(|b| *b == b'\n')
            .map_or(self.bytes.len(), |at| behind + at + 1);
        start..end
    }
}

/// An empty file counts as one that ends in a line end: it gets whole lines.
fn ends_in_newline(bytes: &[u8]) -> bool {
    bytes.is_empty() || bytes == BOM || bytes.ends_with(b"\n")
}

/// After lines were taken out: a file that did not end in a line end does so no more.
fn end_as(out: &mut Vec<u8>, newline: bool) {
    if newline || !out.ends_with(b"\n") {
        return;
    }
    out.pop();
    // Which line end it was can be told from the lines before only: a CR may belong to the last line.
    if newline_of(out) == "\r\n" && out.ends_with(b"\r") {
        out.pop();
    }
}

/// New lines at the end, with the line end that the old file has (undo tells it from that file's text too); the
/// file ends afterwards as it did before.
fn append(out: &mut Vec<u8>, edits: &[LineEdit], newline: &str) {
    let behind = ends_in_newline(out);
    for edit in edits {
        let LineEdit::Append(key, value) = edit else { continue };
        if !behind {
            out.extend_from_slice(newline.as_bytes());
        }
        out.extend_from_slice(key.as_bytes());
        out.push(b'=');
        out.extend_from_slice(written(value, false).as_bytes());
        if behind {
            out.extend_from_slice(newline.as_bytes());
        }
    }
}

/// Whether what follows a value ends it without quotes: the end of the line, or ` #`.
fn may_stand_bare(behind: &[u8]) -> bool {
    let line = behind.split(|b| *b == b'\n').next().unwrap_or_default();
    match line.iter().position(|b| !b" \t\r".contains(b)) {
        None => true,
        Some(at) => {
            line[at] == b'#' && at > 0 && line[at - 1] == b' ' && line[..at].iter().all(|b| *b == b' ')
        }
    }
}

/// A value as it is written: as it is where every reader takes it so (Compose v2 and v1, `docker run`,
/// dotenvy), else in single quotes, which keep `$`, else in double quotes with escapes.
fn written(value: &str, quoted: bool) -> Zeroizing<String> {
    let plain = value.chars().all(|c| c.is_ascii_graphic() && !"\"'`$\\#".contains(c));
    if plain && !quoted {
        return Zeroizing::new(value.to_owned());
    }
    if !value.contains(['\'', '\\', '\n', '\r']) {
        return Zeroizing::new(format!("'{value}'"));
    }
    let mut text = Zeroizing::new(String::with_capacity(value.len() + 8));
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' | '$' => {
                text.push('\\');
                text.push(c);
            }
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

/// What an entry should read as after the edits.
enum Wanted<'a> {
    /// As before.
    Same(&'a Entry),
    /// This value.
    Value(&'a str, &'a str, usize),
    /// The same key; the value is the caller's affair.
    Key(&'a Entry),
}

fn compare(old: &EnvFile, new: &EnvFile, edits: &[LineEdit]) -> Result<(), EditRefusal> {
    let mut wanted: Vec<Option<Wanted>> = old.entries.iter().map(|e| Some(Wanted::Same(e))).collect();
    for edit in edits {
        match *edit {
            LineEdit::Value(index, value) | LineEdit::Plain(index, value) => {
                let entry = old.entry(index)?;
                wanted[index] = Some(Wanted::Value(&entry.key, value, entry.line));
            }
            LineEdit::Tail(index, _) | LineEdit::Rest(index, _) => {
                wanted[index] = Some(Wanted::Key(old.entry(index)?))
            }
            LineEdit::Remove(index) => wanted[index] = None,
            LineEdit::Append(key, value) => wanted.push(Some(Wanted::Value(key, value, 0))),
        }
    }
    let mut entries = new.entries.iter();
    let mut last = 0;
    for wanted in wanted.into_iter().flatten() {
        let entry = entries.next();
        let (good, line) = match wanted {
            Wanted::Same(e) => {
                (entry.is_some_and(|n| n.key == e.key && n.value == e.value && n.bare == e.bare), e.line)
            }
            Wanted::Key(e) => (entry.is_some_and(|n| n.key == e.key), e.line),
            Wanted::Value(key, value, line) => {
                let reads = |n: &Entry| n.key == key && n.value.as_ref().map(Secret::expose) == Some(value);
                (entry.is_some_and(reads), if line == 0 { last } else { line })
            }
        };
        if !good {
            return Err(EditRefusal::WouldChange { line });
        }
        last = line;
    }
    if entries.next().is_some() { Err(EditRefusal::WouldChange { line: last }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, edits: &[LineEdit]) -> Result<String, EditRefusal> {
        let file = EnvFile::parse(text.as_bytes()).unwrap();
        file.edited(edits).map(|new| String::from_utf8(new.bytes().to_vec()).unwrap())
    }

    #[test]
    fn a_value_is_set_in_place_and_quoted_only_where_needed() {
        let table = [
            ("A=1\nB=2\n", "x", "A=x\nB=2\n"),
            ("A=1 # c\n", "x", "A=x # c\n"),
            ("A = 1 \r\nB\r\n", "x", "A = x \r\nB\r\n"),
            ("A=\"1\" # c\n", "x", "A=x # c\n"),
            ("A=\"1\"# c\n", "x", "A='x'# c\n"),
            ("A=\"1\"y\n", "x", "A='x'y\n"),
            ("A=  \nB=1\n", "x", "A=x  \nB=1\n"),
            ("A\nB=1\n", "x", "A=x\nB=1\n"),
            ("export A\r\n", "x", "export A=x\r\n"),
            ("A=", "x", "A=x"),
            ("A=1\n", "", "A=\n"),
            ("A=1\n", "a b", "A='a b'\n"),
            ("A=1\n", "p$w\"#", "A='p$w\"#'\n"),
            ("A=1\n", "it's $5\\", "A=\"it's \\$5\\\\\"\n"),
            ("A=1\n", "a\nb\r", "A=\"a\\nb\\r\"\n"),
            ("A='x\ny' \nB=1", "z", "A=z \nB=1"),
        ];
        for (text, value, wanted) in table {
            assert_eq!(edited(text, &[LineEdit::Value(0, value)]).as_deref(), Ok(wanted), "{text:?}");
        }
    }

    #[test]
    fn lines_are_added_with_the_files_own_line_end_and_taken_out_again() {
        let table = [
            ("", "A=1\n"),
            ("\u{feff}", "\u{feff}A=1\n"),
            ("B=2\n", "B=2\nA=1\n"),
            ("B=2", "B=2\nA=1"),
            ("B=2\r\n", "B=2\r\nA=1\r\n"),
            ("C=3\r\nB=2", "C=3\r\nB=2\r\nA=1"),
            ("C=3\r\nB=2\r", "C=3\r\nB=2\r\r\nA=1"),
            ("B=2\r", "B=2\r\nA=1"),
            ("B=2\n\n  ", "B=2\n\n  \nA=1"),
            ("# c", "# c\nA=1"),
            ("B='x\ny'", "B='x\ny'\nA=1"),
        ];
        for (text, wanted) in table {
            assert_eq!(edited(text, &[LineEdit::Append("A", "1")]).as_deref(), Ok(wanted), "{text:?}");
            let file = EnvFile::parse(wanted.as_bytes()).unwrap();
            let back = file.edited(&[LineEdit::Remove(file.entries().len() - 1)]).unwrap();
            assert_eq!(back.bytes(), text.as_bytes(), "{wanted:?}");
        }
    }

    #[test]
    fn what_would_change_another_entry_is_refused() {
        let append = [LineEdit::Append("A", "1")];
        assert!(matches!(edited("B=1\nC", &append), Err(EditRefusal::WouldChange { line: 2 })));
        assert!(matches!(
            edited("A=1\nB=$A\n", &[LineEdit::Value(0, "2")]),
            Err(EditRefusal::WouldChange { line: 2 })
        ));
        assert!(matches!(
            edited("A=\"1\" B=2\n", &[LineEdit::Remove(0)]),
            Err(EditRefusal::WouldChange { .. })
        ));
        assert_eq!(edited("A=1\n", &[LineEdit::Remove(3)]), Err(EditRefusal::NoSuchPlace));
    }
}
