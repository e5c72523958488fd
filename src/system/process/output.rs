//! What comes out of a program: without secrets, and only then cut into lines, cleaned, bounded.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::domain::outside;

use super::super::redact::Redactor;

/// Longest line that is kept, in bytes; a longer one is cut into several.
const LINE: usize = 2_000;
/// Lines that are kept for the reason why a program failed.
const LAST: usize = 12;

/// What came out of a program.
#[derive(Default)]
pub(super) struct Heard {
    /// Bytes of standard output that are kept; with 0 it is told line by line instead.
    pub(super) keep: usize,
    pub(super) stdout: Vec<u8>,
    pub(super) said: Vec<String>,
    pub(super) cut: bool,
}

impl Heard {
    pub(super) async fn listen(
        &mut self,
        out: Option<impl AsyncRead + Unpin>,
        err: Option<impl AsyncRead + Unpin>,
        redactor: &Redactor,
        on_line: &mut (dyn FnMut(String) + Send),
    ) -> io::Result<()> {
        let (Some(mut out), Some(mut err)) = (out, err) else { return Ok(()) };
        let (mut out_open, mut err_open) = (true, true);
        let (mut out_part, mut err_part) = (vec![0; 8_192], vec![0; 8_192]);
        let (mut out_lines, mut err_lines) = (Lines::default(), Lines::default());
        let (mut out_clean, mut err_clean) = (redactor.stream(), redactor.stream());
        while out_open || err_open {
            let lines = tokio::select! {
                read = out.read(&mut out_part), if out_open => {
                    let bytes = out_part.get(..read?).unwrap_or_default();
                    out_open = !bytes.is_empty();
                    if self.keep > 0 {
                        let room = self.keep - self.stdout.len();
                        self.cut |= bytes.len() > room;
                        self.stdout.extend(bytes.iter().take(room));
                        Vec::new()
                    } else {
                        out_lines.push(&out_clean.push(bytes))
                    }
                }
                read = err.read(&mut err_part), if err_open => {
                    let bytes = err_part.get(..read?).unwrap_or_default();
                    err_open = !bytes.is_empty();
                    err_lines.push(&err_clean.push(bytes))
                }
            };
            for line in lines {
                // Once more, now that no colour stands in the middle of a word.
                self.say(redactor.line(&line), on_line);
            }
        }
        for (mut lines, mut clean) in [(out_lines, out_clean), (err_lines, err_clean)] {
            let last = lines.push(&clean.finish());
            for line in last.into_iter().chain(lines.rest()) {
                self.say(redactor.line(&line), on_line);
            }
        }
        Ok(())
    }

    fn say(&mut self, line: String, on_line: &mut (dyn FnMut(String) + Send)) {
        if self.said.len() == LAST {
            self.said.remove(0);
        }
        self.said.push(line.clone());
        on_line(line);
    }
}

/// Cuts bytes into cleaned lines; a carriage return ends one too (progress bars).
#[derive(Debug, Default)]
pub(in crate::system) struct Lines {
    part: Vec<u8>,
}

impl Lines {
    /// The lines that these bytes complete.
    pub(in crate::system) fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for byte in bytes {
            if matches!(byte, b'\n' | b'\r') || self.part.len() >= LINE {
                lines.extend(self.rest());
            }
            if !matches!(byte, b'\n' | b'\r') {
                self.part.push(*byte);
            }
        }
        lines
    }

    /// What is left at the end.
    pub(in crate::system) fn rest(&mut self) -> Option<String> {
        let line = outside::clean(&without_colour(&String::from_utf8_lossy(&std::mem::take(&mut self.part))));
        let line = line.trim_end().to_owned();
        (!line.is_empty()).then_some(line)
    }
}

/// The text without escape sequences: without their first character alone, `[32m` would stay.
fn without_colour(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.peek() == Some(&'[') {
            chars.next();
            // Parameters end at the first character from `@` to `~`.
            while chars.next().is_some_and(|c| !('@'..='~').contains(&c)) {}
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_secret_is_hidden_across_reads_and_cuts_and_colours() {
        let env = crate::domain::action::Contents::new(b"SA_PASSWORD=correct-horse-battery\n".to_vec());
        let redactor = Redactor::of([&env]);
        let long = format!("{}correct-horse-battery{}\n", "x".repeat(LINE - 7), "y".repeat(LINE));
        for said in
            [long.as_str(), "so: correct-\u{1b}[1mhorse\u{1b}[0m-battery\n", "the end correct-horse-battery"]
        {
            for size in [1, 7, 1_000, 8_192] {
                let out = in_reads(said.as_bytes(), size);
                let (mut heard, mut lines) = (Heard::default(), Vec::new());
                heard
                    .listen(Some(out), Some(&b""[..]), &redactor, &mut |line| lines.push(line))
                    .await
                    .unwrap();
                let all = lines.concat();
                assert!(all.contains('•') && !all.contains("correct") && !all.contains("battery"), "{all}");
            }
        }
    }

    /// Gives the bytes in reads of this size.
    fn in_reads(bytes: &[u8], size: usize) -> impl AsyncRead + Unpin + use<> {
        let (mut write, read) = tokio::io::duplex(size);
        let bytes = bytes.to_vec();
        tokio::spawn(async move { tokio::io::AsyncWriteExt::write_all(&mut write, &bytes).await });
        read
    }

    #[test]
    fn lines_are_cut_cleaned_and_bounded() {
        let mut lines = Lines::default();
        assert_eq!(lines.push(b"one\ntw"), ["one"]);
        assert_eq!(lines.push(b"o\r\n\x1b[1;32mthree\x1b[0m\n"), ["two", "three"]);
        assert_eq!(lines.rest(), None);
        assert_eq!(lines.push(&[b'x'; 5_000]).len(), 2);
    }
}
