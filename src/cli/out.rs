//! Standard output and standard error: the one edge that all text of the commands goes over. Whatever is in it, no
//! terminal obeys it: our own colours are marks until here, and everything else that is hidden becomes visible. A
//! reader that went away (`| head`) is no error: the exit code stays that of what was done.

use std::io::{self, ErrorKind, Write};

use super::look::escape_code;
use crate::domain::outside;

/// Writes the result.
///
/// # Errors
/// It could not be written, and not because its reader went away: a disk that is full, for instance. What was done
/// was done all the same.
pub fn result(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(shown(text).as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes talk and progress; whether anybody hears it changes nothing.
pub fn talk(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(shown(text).as_bytes()).and_then(|()| out.flush());
}

/// Writes one line of talk.
pub fn line(text: &str) {
    talk(&format!("{text}\n"));
}

/// The text as a terminal may get it.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, code)) = rest.char_indices().find_map(|(at, c)| Some((at, escape_code(c)?))) {
        let (before, mark) = rest.split_at(at);
        shown.push_str(&outside::visible(before));
        shown.push_str(code);
        let mut after = mark.chars();
        after.next();
        rest = after.as_str();
    }
    shown.push_str(&outside::visible(rest));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_colours_pass_and_nothing_else_does() {
        let text = "\u{fdd3}bad\u{fdd0} \u{1b}[31m\u{202e}x\ty\nnext";
        assert_eq!(shown(text), "\u{1b}[31mbad\u{1b}[0m <U+001B>[31m<U+202E>x y\nnext");
    }
}
