//! Compose's reading of an env file, statement by statement, with the place of everything it finds.
//!
//! It goes over bytes, since a file need not be UTF-8; what is not counts as U+FFFD, one byte at a time.

use std::{collections::HashMap, ops::Range};

use super::{
    BOM, Entry, LARGEST, Quote, Refusal, RefusalReason,
    interpolate::{Expander, Fault, unescape},
    letters,
};
use crate::domain::secret::Secret;

/// All entries of a file, or the first thing that Compose refuses.
pub(super) fn entries(bytes: &[u8], lookup: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Entry>, Refusal> {
    if bytes.len() > LARGEST {
        return Err(Refusal { line: 1, column: 1, reason: RefusalReason::TooLarge, compose_line: None });
    }
    let mut parser = Parser {
        bytes,
        pos: if bytes.starts_with(BOM) { BOM.len() } else { 0 },
        compose_line: 1,
        line_at: (0, 1),
        seen: HashMap::new(),
        expander: Expander::new(),
        lookup,
    };
    let mut entries = Vec::new();
    while parser.skip_to_statement() {
        entries.push(parser.statement()?);
    }
    Ok(entries)
}

struct Parser<'a> {
    bytes: &'a [u8],
    pos: usize,
    /// The line as Compose counts it for its messages.
    compose_line: usize,
    /// A place and its true line, so that counting goes on from there.
    line_at: (usize, usize),
    /// Values so far, which `$NAME` may refer to.
    seen: HashMap<String, Secret>,
    expander: Expander,
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

/// A key and what ends it.
struct Key {
    text: String,
    span: Range<usize>,
    bare: bool,
    /// Just behind `=`, `:` or the line end.
    next: usize,
}

impl Parser<'_> {
    /// Goes on to the next key, over blanks, empty lines and comments; false at the end of the file.
    fn skip_to_statement(&mut self) -> bool {
        while self.pos < self.bytes.len() {
            let (c, width) = char_at(self.bytes, self.pos);
            if c == '#' {
                self.pos = self.line_end(self.pos);
            } else if c.is_whitespace() {
                self.compose_line += usize::from(c == '\n');
                self.pos += width;
            } else {
                return true;
            }
        }
        false
    }

    fn statement(&mut self) -> Result<Entry, Refusal> {
        let key = self.key()?;
        let line = self.line_of(key.span.start);
        self.pos = self.skip_blanks(key.next);
        if key.bare {
            let value = (self.lookup)(&key.text).map(Secret::new);
            if let Some(value) = &value {
                self.seen.insert(key.text.clone(), value.clone());
            }
            let end = key.span.end;
            return Ok(Entry {
                key: key.text,
                value,
                bare: true,
                line,
                last_line: line,
                quote: Quote::None,
                key_span: key.span,
                value_span: end..end,
            });
        }
        let (quote, mut value_span, value) = match self.bytes.get(self.pos) {
            Some(b'"') => self.quoted(b'"')?,
            Some(b'\'') => self.quoted(b'\'')?,
            _ => self.unquoted()?,
        };
        if value_span.is_empty() {
            // A new value belongs right behind the sign, not behind the blanks after it.
            value_span = key.next..key.next;
        }
        self.seen.insert(key.text.clone(), value.clone());
        let last_line = self.line_of(value_span.end);
        Ok(Entry {
            key: key.text,
            value: Some(value),
            bare: false,
            line,
            last_line,
            quote,
            key_span: key.span,
            value_span,
        })
    }

    fn key(&mut self) -> Result<Key, Refusal> {
        let rest = &self.bytes[self.pos..];
        if rest.starts_with(b"export") && rest.get(6).is_some_and(|b| b"\t\n\x0c\r ".contains(b)) {
            let export = self.pos;
            self.pos = self.skip_blanks(self.pos + 6);
            if self.pos == self.bytes.len() {
                return Err(Refusal {
                    compose_line: None,
                    ..self.refuse(export, RefusalReason::NothingToExport)
                });
            }
        }
        let start = self.pos;
        let mut at = start;
        let (end, next, bare) = loop {
            if at == self.bytes.len() {
                // Compose's own quirk: a last word without a line end is the value of the empty key.
                break (start, start, false);
            }
            let (c, width) = char_at(self.bytes, at);
            match c {
                '=' | ':' | '\n' => break (at, at + 1, c == '\n'),
                '_' | '.' | '-' | '[' | ']' => {}
                c if is_blank(c) || letters::is_letter_or_number(c) => {}
                _ => return Err(self.refuse(at, RefusalReason::UnexpectedCharacter)),
            }
            at += width;
        };
        let raw = &self.bytes[start..end];
        self.compose_line += usize::from(bare && !raw.contains(&b' '));
        let key = &raw[..trimmed_len(raw)];
        if let Some(space) = key.iter().position(|b| *b == b' ') {
            return Err(self.refuse(start + space, RefusalReason::SpaceInKey));
        }
        let text = String::from_utf8_lossy(key).into_owned();
        Ok(Key { text, span: start..start + key.len(), bare, next })
    }

    fn unquoted(&mut self) -> Result<(Quote, Range<usize>, Secret), Refusal> {
        let start = self.pos;
        let line_end = self.line_end(start);
        let line = &self.bytes[start..line_end];
        let commented = line.windows(2).position(|pair| pair == b" #").unwrap_or(line.len());
        let raw = &line[..trimmed_len(&line[..commented])];
        let text = String::from_utf8_lossy(raw);
        let value = self.expand(&text, start, true)?;
        self.compose_line += 1;
        self.pos = (line_end + 1).min(self.bytes.len());
        Ok((Quote::None, start..start + raw.len(), value))
    }

    fn quoted(&mut self, quote: u8) -> Result<(Quote, Range<usize>, Secret), Refusal> {
        let start = self.pos;
        let mut text = zeroize::Zeroizing::new(Vec::new());
        let mut escaped = false;
        for (at, byte) in self.bytes.iter().copied().enumerate().skip(start + 1) {
            self.compose_line += usize::from(byte == b'\n');
            if byte == quote && !escaped {
                self.pos = at + 1;
                let text = String::from_utf8_lossy(&text);
                let (quote, value) = match quote {
                    b'"' => (Quote::Double, self.expand(&unescape(&text), start, false)?),
                    _ => (Quote::Single, Secret::new(text)),
                };
                return Ok((quote, start..at + 1, value));
            }
            if byte == b'\\' && !escaped {
                escaped = true;
                continue;
            }
            if escaped && byte != quote {
                text.push(b'\\');
            }
            escaped = false;
            text.push(byte);
        }
        Err(self.refuse(start, RefusalReason::UnterminatedQuote))
    }

    /// Fills in `$NAME`. `exact`: places in `text` are places in the file.
    fn expand(&mut self, text: &str, start: usize, exact: bool) -> Result<Secret, Refusal> {
        let (lookup, seen) = (self.lookup, &self.seen);
        let resolve = |name: &str| lookup(name).or_else(|| seen.get(name).map(|v| v.expose().to_owned()));
        match self.expander.expand(text, &resolve) {
            Ok(value) => Ok(Secret::new(value)),
            Err((fault, offset)) => {
                let at = if exact { (start + offset).min(self.bytes.len()) } else { start };
                let reason = match fault {
                    Fault::BadReference => RefusalReason::BadReference,
                    Fault::MissingVariable => RefusalReason::MissingVariable,
                    Fault::TooLarge => RefusalReason::TooLarge,
                    Fault::TooDeep => RefusalReason::TooDeep,
                };
                Err(Refusal { compose_line: None, ..self.refuse(at, reason) })
            }
        }
    }

    fn refuse(&mut self, at: usize, reason: RefusalReason) -> Refusal {
        let begin = self.bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1);
        let begin = if begin == 0 && self.bytes.starts_with(BOM) { BOM.len() } else { begin };
        let column = String::from_utf8_lossy(&self.bytes[begin.min(at)..at]).chars().count() + 1;
        Refusal { line: self.line_of(at), column, reason, compose_line: Some(self.compose_line) }
    }

    fn line_of(&mut self, at: usize) -> usize {
        let (from, line) = if at >= self.line_at.0 { self.line_at } else { (0, 1) };
        let line = line + self.bytes[from..at].iter().filter(|b| **b == b'\n').count();
        self.line_at = (at, line);
        line
    }

    fn line_end(&self, from: usize) -> usize {
        self.bytes[from..].iter().position(|b| *b == b'\n').map_or(self.bytes.len(), |found| from + found)
    }

    fn skip_blanks(&self, mut at: usize) -> usize {
        while at < self.bytes.len() {
            match char_at(self.bytes, at) {
                (c, width) if is_blank(c) => at += width,
                _ => break,
            }
        }
        at
    }
}

/// A blank within a line; other Unicode spaces are none for Compose here.
fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// The character at a place and its width; one byte of U+FFFD where the bytes are not UTF-8.
fn char_at(bytes: &[u8], at: usize) -> (char, usize) {
    let first = bytes[at];
    if first.is_ascii() {
        return (char::from(first), 1);
    }
    (2..=4)
        .find_map(|width| {
            let text = std::str::from_utf8(bytes.get(at..at + width)?).ok()?;
            text.chars().next().map(|c| (c, width))
        })
        .unwrap_or((char::REPLACEMENT_CHARACTER, 1))
}

/// The length without the whitespace at the end.
fn trimmed_len(bytes: &[u8]) -> usize {
    let mut len = bytes.len();
    'trim: while len > 0 {
        for width in 1..=len.min(4) {
            if let Ok(text) = std::str::from_utf8(&bytes[len - width..len]) {
                if text.chars().all(char::is_whitespace) {
                    len -= width;
                    continue 'trim;
                }
                break;
            }
        }
        break;
    }
    len
}
