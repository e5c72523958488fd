//! The three programs that hand an env file to a container, and where they read one file differently
//! (`bitwarden.md` F6). Compose v2 is the one whose every answer is held (`parse`); of the others only
//! what decides about a setting is told.

use std::ops::Range;

use super::{BOM, Entry, EnvFile, Quote, Refusal, RefusalReason};
use crate::domain::secret::Secret;

/// Who reads the file where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Reader {
    /// `docker compose`
    #[default]
    ComposeV2,
    /// `docker-compose` 1.29.2
    ComposeV1,
    /// `docker run --env-file`
    DockerRun,
}

impl Reader {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ComposeV2, Self::ComposeV1, Self::DockerRun];

    /// The command, as evidence names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ComposeV2 => "docker compose",
            Self::ComposeV1 => "docker-compose 1.29.2",
            Self::DockerRun => "docker run --env-file",
        }
    }
}

/// A place in the file: line from 1, column in characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl EnvFile {
    /// The place of a byte.
    pub fn place(&self, at: usize) -> Place {
        let before = &self.bytes[..at.min(self.bytes.len())];
        let begin = before.iter().rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1);
        let text = before[begin..].strip_prefix(BOM).filter(|_| begin == 0).unwrap_or(&before[begin..]);
        Place {
            line: before.iter().filter(|b| **b == b'\n').count() + 1,
            column: String::from_utf8_lossy(text).chars().count() + 1,
        }
    }

    /// Whether a byte order mark stands first.
    pub fn has_bom(&self) -> bool {
        self.bytes.starts_with(BOM)
    }

    /// Where the first line ends in CR and LF.
    pub fn first_crlf(&self) -> Option<Place> {
        self.bytes.windows(2).position(|pair| pair == b"\r\n").map(|at| self.place(at))
    }

    /// Where the first byte stands that is not UTF-8: Compose v2 makes U+FFFD of it, the others stop.
    pub fn first_not_utf8(&self) -> Option<Place> {
        std::str::from_utf8(&self.bytes).err().map(|error| self.place(error.valid_up_to()))
    }

    /// Every key with the value that the container gets of it, in the order of their first lines: what a second
    /// opinion is compared with.
    pub fn readings(&self) -> Vec<(&str, &Secret)> {
        let mut all: Vec<(&str, &Secret)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for entry in &self.entries {
            let Some(value) = &entry.value else { continue };
            match places.get(entry.key.as_str()) {
                Some(place) => {
                    if let Some(pair) = all.get_mut::<usize>(*place) {
                        pair.1 = value;
                    }
                }
                None => {
                    places.insert(entry.key.as_str(), all.len());
                    all.push((&entry.key, value));
                }
            }
        }
        all
    }

    /// An entry's value as a reader takes it. Where the other readers' own way is not known (a reference that
    /// Compose 1.29.2 fills in, bytes that are not UTF-8) it is Compose v2's.
    pub fn reading<'a>(&'a self, entry: &'a Entry, reader: Reader) -> Option<&'a str> {
        let value = entry.value.as_ref().map(Secret::expose);
        let text = |span: Range<usize>| std::str::from_utf8(self.bytes.get(span)?).ok();
        if entry.bare {
            return value;
        }
        match reader {
            Reader::ComposeV2 => value,
            Reader::ComposeV1 => match entry.quote {
                Quote::None => match text(entry.value_span.start..self.text_end(entry.value_span.end)) {
                    Some(raw) if !raw.contains("${") => Some(raw.trim()),
                    _ => value,
                },
                Quote::Single => value,
                Quote::Double => {
                    let inner = text(entry.value_span.start + 1..entry.value_span.end.saturating_sub(1));
                    inner.filter(|raw| !raw.contains("${") && !raw.contains('\\')).or(value)
                }
            },
            Reader::DockerRun => {
                let line = text(entry.key_span.start..self.text_end(entry.key_span.start));
                line.map_or(value, |line| line.split_once('=').map(|(_, raw)| raw))
            }
        }
    }

    /// What `docker run --env-file` or Compose 1.29.2 refuse in a file that Compose v2 reads.
    ///
    /// # Errors
    /// The first such place.
    pub fn accepted_by(&self, reader: Reader) -> Result<(), Refusal> {
        if reader == Reader::ComposeV2 {
            return Ok(());
        }
        let refusal = |place: Place, reason| Refusal {
            line: place.line,
            column: place.column,
            reason,
            compose_line: None,
        };
        if let Some(place) = self.first_not_utf8() {
            return Err(refusal(place, RefusalReason::NotUtf8));
        }
        if reader == Reader::DockerRun {
            for line in self.lines() {
                let start = line.start + blanks(&self.bytes[line.clone()]);
                let text = &self.bytes[start..line.end];
                if text.starts_with(b"#") {
                    continue;
                }
                let name = text.split(|b| *b == b'=').next().unwrap_or_default();
                if let Some(space) = name.iter().position(u8::is_ascii_whitespace)
                    && !self.continues(start)
                {
                    return Err(refusal(self.place(start + space), RefusalReason::SpaceInKey));
                }
            }
        }
        Ok(())
    }

    /// Whether a place is inside a value that Compose reads over several lines: there the others read lines of
    /// their own, and the finding is another one.
    fn continues(&self, at: usize) -> bool {
        let before = self.entries.partition_point(|entry| entry.value_span.start < at);
        before.checked_sub(1).is_some_and(|last| at < self.entries[last].value_span.end)
    }

    /// The lines without their ends, as byte ranges.
    pub(super) fn lines(&self) -> impl Iterator<Item = Range<usize>> {
        let mut next = if self.has_bom() { BOM.len() } else { 0 };
        std::iter::from_fn(move || {
            let start = (next < self.bytes.len()).then_some(next)?;
            let end = self.text_end(start);
            next = self.bytes[start..].iter().position(|b| *b == b'\n').map_or(usize::MAX, |n| start + n + 1);
            Some(start..end)
        })
    }

    /// The end of the line that a place stands in, without CR and LF.
    pub(super) fn text_end(&self, from: usize) -> usize {
        let end = self.bytes[from..].iter().position(|b| *b == b'\n').map_or(self.bytes.len(), |n| from + n);
        if end > from && self.bytes[end - 1] == b'\r' { end - 1 } else { end }
    }

    /// Where a reader fills in a reference of an entry's value: the first `$` that is one. `$$` is the escape,
    /// single quotes are literal, `docker run` fills in nothing and Compose 1.29.2 only `${…}`.
    pub fn reference(&self, entry: &Entry, reader: Reader) -> Option<Place> {
        let raw = self.bytes.get(entry.value_span.clone())?;
        if entry.bare || entry.quote == Quote::Single || reader == Reader::DockerRun {
            return None;
        }
        let mut at = 0;
        while at < raw.len() {
            let behind = raw.get(at + 1).copied().unwrap_or_default();
            let begins = match reader {
                Reader::ComposeV1 => behind == b'{',
                _ => behind == b'{' || behind == b'_' || behind.is_ascii_alphabetic(),
            };
            match raw[at] {
                b'\\' if entry.quote == Quote::Double => at += 2,
                b'$' if behind == b'$' && reader == Reader::ComposeV2 => at += 2,
                b'$' if begins => return Some(self.place(entry.value_span.start + at)),
                _ => at += 1,
            }
        }
        None
    }

    /// Whether nothing stands behind a value on its line.
    pub fn ends_line(&self, entry: &Entry) -> bool {
        let end = entry.value_span.end;
        self.bytes[end..self.text_end(end)].iter().all(|b| b" \t\r".contains(b))
    }

    /// Where ` #` stands behind a value: a comment for Compose v2, a part of the value for the others.
    pub fn comment(&self, entry: &Entry) -> Option<Place> {
        let end = entry.value_span.end;
        let rest = &self.bytes[end..self.text_end(end)];
        (!entry.bare && rest[blanks(rest)..].starts_with(b"#")).then(|| self.place(end + blanks(rest)))
    }
}

/// How many blanks stand first.
fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b" \t\x0b\x0c\r".contains(b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, reader: Reader) -> Option<String> {
        let file = EnvFile::parse(text.as_bytes()).unwrap();
        let entry = file.last("A").unwrap();
        file.reading(entry, reader).map(str::to_owned)
    }

    #[test]
    fn each_reader_has_its_own_value() {
        // line, Compose v2, Compose 1.29.2, docker run (`bitwarden.md` F6)
        let table = [
            ("A=true\r\n", "true", "true", "true"),
            ("\u{feff}A=1\n", "1", "1", "1"),
            ("A=\"true\"\n", "true", "true", "\"true\""),
            ("A='x'\n", "x", "x", "'x'"),
            ("A= 1 \n", "1", "1", " 1 "),
            ("A=true # note\n", "true", "true # note", "true # note"),
            ("A=pa$$w0rd\n", "pa$w0rd", "pa$$w0rd", "pa$$w0rd"),
            ("A=a$HOSTVAR\n", "a", "a$HOSTVAR", "a$HOSTVAR"),
            ("A=1\nA=2", "2", "2", "2"),
        ];
        for (text, v2, v1, run) in table {
            let all = Reader::ALL.map(|reader| read(text, reader).unwrap());
            assert_eq!(all, [v2, v1, run], "{text:?}");
        }
    }

    #[test]
    fn docker_run_refuses_blanks_in_a_name_and_both_others_bytes_that_are_not_utf8() {
        let refused = |bytes: &[u8], reader| {
            let refusal = EnvFile::parse(bytes).unwrap().accepted_by(reader).err()?;
            Some((refusal.line, refusal.column, refusal.reason))
        };
        let spaced = Some((2, 2, RefusalReason::SpaceInKey));
        assert_eq!(refused(b"# a b\nA = 1\n", Reader::DockerRun), spaced);
        assert_eq!(refused(b"B=1\n export A=1\n", Reader::DockerRun).map(|r| r.1), Some(8));
        assert_eq!(refused(b"A = 1\n", Reader::ComposeV1), None);
        assert_eq!(refused(b"A = 1\n", Reader::ComposeV2), None);
        assert_eq!(refused(b"A='x\ny z'\n", Reader::DockerRun), None);
        for reader in [Reader::ComposeV1, Reader::DockerRun] {
            assert_eq!(refused(b"B=1\nA=a\xff", reader), Some((2, 4, RefusalReason::NotUtf8)));
        }
    }

    #[test]
    fn references_are_found_where_they_stand() {
        let place = |text: &str, reader| {
            let file = EnvFile::parse(text.as_bytes()).unwrap();
            file.reference(&file.entries()[0], reader).map(|place| place.column)
        };
        let table = [
            ("A=pa$$w0rd", None, None),
            ("A='$HOME'", None, None),
            ("A=a$HOME", Some(4), None),
            ("A=\"a${HOME}\"", Some(5), Some(5)),
            (r#"A="a\$HOME""#, None, None),
            (r#"A="a\\$HOME""#, Some(7), None),
            ("A=$1 $ $", None, None),
            ("A=$$$HOME", Some(5), None),
        ];
        for (text, v2, v1) in table {
            assert_eq!(place(text, Reader::ComposeV2), v2, "{text}");
            assert_eq!(place(text, Reader::ComposeV1), v1, "{text}");
            assert_eq!(place(text, Reader::DockerRun), None, "{text}");
        }
    }

    #[test]
    fn readings_are_what_the_container_gets() {
        let file = EnvFile::parse(b"A=1\nB\nC='x y'\nA=2\n").unwrap();
        let all: Vec<_> = file.readings().into_iter().map(|(key, value)| (key, value.expose())).collect();
        assert_eq!(all, [("A", "2"), ("C", "x y")]);
    }
}
