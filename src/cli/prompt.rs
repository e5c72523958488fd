//! Asking on the terminal of this process, where there is one: a secret without echo, and yes or no.

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Read, Write},
    sync::{Mutex, PoisonError},
};

use rustix::termios::{self, LocalModes, OptionalActions, Termios};
use zeroize::Zeroizing;

use crate::domain::secret::Secret;

/// Longest line that is read, in bytes: longer than any secret.
const LONGEST: usize = 16 * 1024;

/// The terminal as it was, while a secret is being typed: [`restore`] puts it back whatever ends the program.
static AS_IT_WAS: Mutex<Option<Termios>> = Mutex::new(None);

/// How a question ended.
#[derive(Debug)]
pub enum Answer {
    /// A line, without its end.
    Line(Secret),
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D, or the terminal is gone.
    None,
}

/// Whether a person can be asked: both ends must be a terminal, or the question would be seen by nobody.
pub fn possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal() && terminal().is_ok()
}

fn terminal() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

/// Asks for one line. A secret is not shown; anything else is, as it is typed.
pub fn line(question: &str, shown: bool) -> Answer {
    key_by_key(question, |tty| match tty.try_clone() {
        Ok(mut screen) if shown => read_line(tty, &mut screen),
        _ => read_line(tty, &mut io::sink()),
    })
    .unwrap_or(Answer::None)
}

/// Asks yes or no with one key; only a letter of `yes_letters` is a yes. What was typed before the question
/// is thrown away. None where the terminal is gone.
pub fn yes(question: &str, yes_letters: &str) -> Option<bool> {
    key_by_key(question, |tty| {
        let mut key = [0_u8];
        let _ = tty.read(&mut key);
        let letter = char::from(key[0]).to_ascii_lowercase();
        if letter.is_ascii_alphabetic() {
            let _ = tty.write_all(&key);
        }
        yes_letters.contains(letter)
    })
}

/// Runs `ask` with the terminal giving keys one by one and showing none: there is then no line limit, and
/// Ctrl-C is a key like any other, so that the terminal is always put back.
fn key_by_key<T>(question: &str, ask: impl FnOnce(&mut File) -> T) -> Option<T> {
    let mut tty = terminal().ok()?;
    let before = termios::tcgetattr(&tty).ok()?;
    let mut silent = before.clone();
    silent.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
    *lock() = Some(before);
    let answer = termios::tcsetattr(&tty, OptionalActions::Flush, &silent)
        .ok()
        .and_then(|()| tty.write_all(super::out::shown(question).as_bytes()).ok())
        .map(|()| ask(&mut tty));
    restore();
    let _ = tty.write_all(b"\n");
    answer
}

/// Puts the terminal back as it was before a secret was asked for; nothing to do otherwise.
pub fn restore() {
    if let (Some(before), Ok(tty)) = (lock().take(), terminal()) {
        let _ = termios::tcsetattr(&tty, OptionalActions::Flush, &before);
    }
}

fn lock() -> std::sync::MutexGuard<'static, Option<Termios>> {
    AS_IT_WAS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_line(tty: &mut impl Read, screen: &mut impl Write) -> Answer {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = [0_u8];
    loop {
        match tty.read(&mut byte) {
            Ok(1) => {}
            _ => return Answer::None,
        }
        match byte[0] {
            b'\r' | b'\n' => break,
            3 => return Answer::Interrupted,
            4 if line.is_empty() => return Answer::None,
            // Backspace in both spellings; Ctrl-U empties the line.
            8 | 127 => {
                let gone = line.pop().is_some();
                if gone {
                    let _ = screen.write_all(b"\x08 \x08");
                }
            }
            21 => {
                let _ = screen.write_all("\u{8} \u{8}".repeat(line.len()).as_bytes());
                line.clear();
            }
            byte if line.len() < LONGEST => {
                line.push(byte);
                if !byte.is_ascii_control() {
                    let _ = screen.write_all(&[byte]);
                }
            }
            _ => {}
        }
    }
    let text = String::from_utf8_lossy(&line);
    // Terminals in bracketed paste mode wrap what is pasted in these.
    let text = Zeroizing::new(text.replace("\u{1b}[200~", "").replace("\u{1b}[201~", ""));
    Answer::Line(Secret::new(text.as_str()).trimmed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_line_is_edited_and_unwrapped() {
        let line = |bytes: &[u8]| match read_line(&mut &bytes[..], &mut io::sink()) {
            Answer::Line(secret) => Some(secret.expose().to_owned()),
            Answer::Interrupted => Some("^C".into()),
            Answer::None => None,
        };
        assert_eq!(line(b"abx\x7fc\r").as_deref(), Some("abc"));
        assert_eq!(line(b"wrong\x15right\n").as_deref(), Some("right"));
        assert_eq!(line(b"\x1b[200~ pasted \x1b[201~\r").as_deref(), Some("pasted"));
        assert_eq!(line(b"ab\x03").as_deref(), Some("^C"));
        assert_eq!(line(b"\x04"), None);
        assert_eq!(line(b"ab"), None);
    }
}
