//! What a program says, taken in as it comes. It goes to a file in memory: not to a pipe, since a keeper that was
//! killed must not kill by SIGPIPE what it kept, and not to the disk, where secrets in it would lie. What was
//! read is given back to the system, so that endless output costs no memory.

use std::{fs::File, io, os::unix::fs::FileExt};

use rustix::fs::{FallocateFlags, MemfdFlags, OFlags};

use super::super::{
    process::Lines,
    redact::{Redactor, Stream},
};

/// Most that is taken in at once, in bytes.
const PART: usize = 64 << 10;
/// Output that came faster than it could be read is left out up to here before its end, in bytes.
const BEHIND: u64 = 8 << 20;
/// What is read of it then.
const LAST: u64 = 1 << 20;

/// The output of one program.
pub(super) struct Output<'a> {
    file: File,
    read: u64,
    lines: Lines,
    redactor: &'a Redactor,
    clean: Stream,
    /// Whether the line that is read now began before what is read.
    cut: bool,
    /// Bytes that were not read.
    pub(super) left_out: u64,
}

impl<'a> Output<'a> {
    /// Memory for it.
    pub(super) fn new(redactor: &'a Redactor) -> io::Result<Self> {
        let file = File::from(rustix::fs::memfd_create("output", MemfdFlags::CLOEXEC)?);
        // A program may open it anew by `/dev/stderr` and begin at its beginning.
        rustix::fs::fcntl_setfl(&file, OFlags::APPEND)?;
        Ok(Self {
            file,
            read: 0,
            lines: Lines::default(),
            redactor,
            clean: redactor.stream(),
            cut: false,
            left_out: 0,
        })
    }

    /// Where the program writes to.
    pub(super) fn writer(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// The lines that came since, without secrets.
    pub(super) fn glance(&mut self, on_line: &mut dyn FnMut(&str)) -> io::Result<()> {
        let end = self.file.metadata()?.len();
        if end < self.read {
            // The program opened it anew and emptied it.
            self.read = 0;
        }
        if end - self.read > BEHIND {
            self.left_out += end - LAST - self.read;
            self.read = end - LAST;
            self.lines = Lines::default();
            self.clean = self.redactor.stream();
            self.cut = true;
        }
        let mut part = vec![0; PART];
        while self.read < end {
            let length = self.file.read_at(&mut part, self.read)?;
            let Some(mut bytes) = part.get(..length).filter(|bytes| !bytes.is_empty()) else { break };
            self.read += length as u64;
            if std::mem::take(&mut self.cut) {
                // Half a line could be half a secret.
                match bytes.iter().position(|byte| *byte == b'\n') {
                    Some(at) => bytes = bytes.get(at..).unwrap_or_default(),
                    None => {
                        self.cut = true;
                        continue;
                    }
                }
            }
            self.lines.push(&self.clean.push(bytes)).iter().for_each(|line| on_line(line));
        }
        self.give_back();
        Ok(())
    }

    /// What is left at the end.
    pub(super) fn rest(&mut self, on_line: &mut dyn FnMut(&str)) {
        let last = self.lines.push(&self.clean.finish());
        last.into_iter().chain(self.lines.rest()).for_each(|line| on_line(&line));
    }

    fn give_back(&self) {
        let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        if self.read > 0 {
            // Where memory cannot be given back, it is used.
            let _ = rustix::fs::fallocate(&self.file, flags, 0, self.read);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::action::Contents;
    use std::{io::Write, os::unix::fs::MetadataExt};

    const SECRET: &str = "kT9mQ2xW7vLp4RzB8nYc";

    #[test]
    fn a_secret_is_taken_out_wherever_its_line_is_cut() {
        let env = Contents::new(format!("globalSettings__installation__key={SECRET}\n").into_bytes());
        let redactor = Redactor::of([&env]);
        for before in [1_980, 1_990, 1_999, 2_000, 2_010, 3_990] {
            let mut output = Output::new(&redactor).unwrap();
            let mut writer = output.writer().unwrap();
            let mut told = String::new();
            let text = format!("{}{SECRET}{}", "x".repeat(before), "y".repeat(3_000));
            for chunk in text.as_bytes().chunks(7) {
                writer.write_all(chunk).unwrap();
                output.glance(&mut |line| told.push_str(line)).unwrap();
            }
            output.rest(&mut |line| told.push_str(line));
            assert!(told.contains('•') && !told.contains("kT9") && !told.contains("nYc"), "{before}");
        }
    }

    #[test]
    fn what_was_read_costs_no_memory_and_what_comes_too_fast_is_left_out() {
        let redactor = Redactor::default();
        let mut output = Output::new(&redactor).unwrap();
        let mut writer = output.writer().unwrap();
        let many = "0123456789abcde\n".repeat(1 << 16);
        let mut lines = 0;
        for _ in 0..20 {
            writer.write_all(many.as_bytes()).unwrap();
        }
        output
            .glance(&mut |line| {
                assert_eq!(line, "0123456789abcde");
                lines += 1
            })
            .unwrap();
        assert_eq!(lines, (1 << 16) - 1, "the last of it, without the line that was cut");
        assert_eq!(output.left_out, 19 << 20);
        let blocks = output.file.metadata().unwrap().blocks();
        assert!(blocks <= 16, "{blocks} blocks are kept");
        // Emptied by the program itself.
        output.file.set_len(0).unwrap();
        writer.write_all(b"again\n").unwrap();
        let mut told = Vec::new();
        output.glance(&mut |line| told.push(line.to_owned())).unwrap();
        assert_eq!(told, ["again"]);
    }
}
