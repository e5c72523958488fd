//! Standard output and standard error. A reader that went away (`| head`) is no error: the exit code stays
//! that of what was done.

use std::io::Write;

/// Writes the result. Whatever happens to the reader, what was done was done: errors are not looked at.
pub fn result(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes talk and progress.
pub fn talk(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes one line of talk.
pub fn line(text: &str) {
    talk(&format!("{text}\n"));
}
