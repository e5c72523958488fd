//! The terminal's events as the program's keys; what belongs to the terminal never becomes one.

use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures_util::{Stream, StreamExt, future};

use crate::{app::Key, domain::secret::Secret};

/// What comes from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(Key),
    /// Pasted text, a secret until it is known where it goes.
    Paste(Secret),
    /// The terminal has another size.
    Resize,
    /// The terminal is gone.
    Lost,
}

/// Everything that this process's terminal says.
pub(super) fn stream() -> impl Stream<Item = Input> + Unpin {
    EventStream::new().filter_map(|event| {
        future::ready(match event {
            Ok(event) => input(event),
            Err(_) => Some(Input::Lost),
        })
    })
}

fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(event) => key(event).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(Secret::new(text))),
        Event::Resize(..) => Some(Input::Resize),
        Event::FocusGained | Event::FocusLost | Event::Mouse(_) => None,
    }
}

/// The key, if it is one of the program's.
fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    Some(match event.code {
        // AltGr comes as both: then the character is what was meant.
        KeyCode::Char(c) if control == alt => {
            if alt && c.is_ascii_alphabetic() {
                return None;
            }
            Key::Char(c)
        }
        KeyCode::Char('h') if control => Key::Backspace,
        KeyCode::Char(c) if control => Key::Ctrl(c.to_ascii_lowercase()),
        _ if alt => return None,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alt_and_releases_are_no_keys() {
        let press = |code, modifiers| key(KeyEvent::new(code, modifiers));
        let none = KeyModifiers::NONE;
        assert_eq!(press(KeyCode::Char('q'), none), Some(Key::Char('q')));
        assert_eq!(press(KeyCode::Char('C'), KeyModifiers::CONTROL), Some(Key::Ctrl('c')));
        assert_eq!(press(KeyCode::Char('h'), KeyModifiers::CONTROL), Some(Key::Backspace));
        assert_eq!(press(KeyCode::Char('q'), KeyModifiers::ALT), None);
        let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
        assert_eq!(press(KeyCode::Char('@'), alt_gr), Some(Key::Char('@')));
        assert_eq!(press(KeyCode::F(1), none), None);
        assert_eq!(press(KeyCode::Char('?'), KeyModifiers::SHIFT), Some(Key::Char('?')));
        let mut release = KeyEvent::new(KeyCode::Enter, none);
        release.kind = KeyEventKind::Release;
        assert_eq!(key(release), None);
    }

    #[test]
    fn what_is_pasted_is_a_secret_at_once() {
        let pasted = input(Event::Paste("s3cret".to_owned()));
        assert!(!format!("{pasted:?}").contains("s3cret"));
    }
}
