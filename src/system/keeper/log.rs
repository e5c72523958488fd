//! The file that keeps what a program said, bounded: of endless output the beginning and the end.

use std::{collections::VecDeque, fs::File, io::Write};

/// What is kept of the beginning, in bytes.
const BEGINNING: usize = 2 << 20;
/// What is kept of the end.
const END: usize = 256 << 10;

/// A bounded file of lines.
pub(super) struct Log {
    file: File,
    written: usize,
    end: VecDeque<String>,
    kept: usize,
    left_out: u64,
}

impl Log {
    pub(super) fn new(file: File) -> Self {
        Self { file, written: 0, end: VecDeque::new(), kept: 0, left_out: 0 }
    }

    /// Adds a line. A disk that is full stops nothing: what is kept is only for looking it up.
    pub(super) fn line(&mut self, line: &str) {
        if self.end.is_empty() && self.written + line.len() < BEGINNING {
            self.written += line.len() + 1;
            self.write(line);
            return;
        }
        self.kept += line.len() + 1;
        self.end.push_back(line.to_owned());
        while self.kept > END {
            let Some(first) = self.end.pop_front() else { break };
            self.kept -= first.len() + 1;
            self.left_out += first.len() as u64 + 1;
        }
    }

    /// Adds the end of what did not fit, after what of it was never even read.
    pub(super) fn finish(&mut self, unread: u64) {
        let left_out = std::mem::take(&mut self.left_out) + unread;
        if left_out > 0 {
            self.write(&format!("[{left_out} bytes are left out here]"));
        }
        self.kept = 0;
        for line in std::mem::take(&mut self.end) {
            self.write(&line);
        }
    }

    fn write(&mut self, line: &str) {
        let _ = self.file.write_all(format!("{line}\n").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Seek};

    #[test]
    fn the_beginning_and_the_end_are_kept() {
        let mut file = tempfile::tempfile().unwrap();
        let mut log = Log::new(file.try_clone().unwrap());
        for number in 0..400_000 {
            log.line(&format!("line {number}"));
        }
        log.finish(7);
        file.rewind().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert!(text.len() < BEGINNING + END + 100, "{}", text.len());
        assert!(text.starts_with("line 0\nline 1\n") && text.ends_with("line 399998\nline 399999\n"));
        assert!(text.contains(" bytes are left out here]\n"));
    }
}
