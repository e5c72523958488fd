//! Text fields: an ordinary one, and one whose text is a secret and wipes itself.

use tui_input::{Input, InputRequest};

use super::Key;
use crate::{domain::secret::Secret, steps::apply_token};

/// Longest text that a field takes, in characters: a paste of a whole file is not a token.
const LONGEST: usize = 4_096;

/// A field for a text that is no secret.
#[derive(Debug, Clone, Default)]
pub struct TextField(Input);

impl PartialEq for TextField {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text() && self.cursor() == other.cursor()
    }
}

impl Eq for TextField {}

impl TextField {
    /// What stands in it.
    pub fn text(&self) -> &str {
        self.0.value()
    }

    /// Column of the cursor in the text.
    pub fn cursor(&self) -> usize {
        self.0.visual_cursor()
    }

    /// Takes an editing key; false where the key edits nothing.
    pub fn press(&mut self, key: Key) -> bool {
        let request = match key {
            Key::Char(c) if self.text().chars().count() < LONGEST => InputRequest::InsertChar(c),
            Key::Backspace => InputRequest::DeletePrevChar,
            Key::Delete => InputRequest::DeleteNextChar,
            Key::Left => InputRequest::GoToPrevChar,
            Key::Right => InputRequest::GoToNextChar,
            Key::Home => InputRequest::GoToStart,
            Key::End => InputRequest::GoToEnd,
            Key::Ctrl('u') => InputRequest::DeleteFromStart,
            Key::Ctrl('w') => InputRequest::DeletePrevWord,
            _ => return false,
        };
        self.0.handle(request);
        true
    }

    /// Takes pasted text, on one line.
    pub fn paste(&mut self, text: &str) {
        for c in text.trim().chars().filter(|c| !c.is_control()) {
            self.press(Key::Char(c));
        }
    }

    /// Puts another text in.
    pub fn set(&mut self, text: &str) {
        self.0.reset();
        self.paste(text);
    }
}

/// A field whose text is a secret: it is masked on the screen, and wiped when it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecretField(Secret);

impl SecretField {
    /// What stands in it.
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The path in it, where that is what stands there; a path is no secret and may be shown.
    pub fn path(&self) -> Option<String> {
        apply_token::path(&self.0)
    }

    /// Takes an editing key; false where the key edits nothing. The cursor always stands at the end: nobody
    /// can see what stands before it.
    pub fn press(&mut self, key: Key) -> bool {
        match key {
            Key::Char(c) if self.0.len() < LONGEST => self.0.push(c),
            Key::Backspace => self.0.pop(),
            Key::Ctrl('u' | 'w') => self.clear(),
            _ => return false,
        }
        true
    }

    /// Takes pasted text, without blanks around it and without what cannot be seen.
    pub fn paste(&mut self, text: &Secret) {
        let kept =
            |c: &char| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        let room = LONGEST.saturating_sub(self.0.len());
        // One buffer of the final size: a growing one would leave unwiped copies behind.
        let mut joined = String::with_capacity(self.0.expose().len() + text.expose().len());
        joined.push_str(self.0.expose());
        joined.extend(text.expose().trim().chars().filter(kept).take(room));
        self.0 = Secret::new(joined);
    }

    /// Wipes it.
    pub fn clear(&mut self) {
        self.0 = Secret::default();
    }

    /// Puts another secret in.
    pub fn set(&mut self, secret: Secret) {
        self.0 = secret;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_secret_loses_what_cannot_be_seen() {
        let mut field = SecretField::default();
        field.paste(&Secret::new("  abc\u{200b}\r\n\u{1b}def\n"));
        assert_eq!(field.secret().expose(), "abcdef");
        assert!(field.press(Key::Backspace));
        assert!(!field.press(Key::Left));
        assert_eq!(field.secret().len(), 5);
        field.clear();
        field.paste(&Secret::new("~/token"));
        assert_eq!(field.path().as_deref(), Some("~/token"));
    }

    #[test]
    fn a_text_field_edits_in_the_middle() {
        let mut field = TextField::default();
        field.paste("user.1\n");
        for key in [Key::Home, Key::Delete, Key::Char('U'), Key::End, Key::Backspace] {
            assert!(field.press(key));
        }
        assert_eq!(field.text(), "User.");
        assert!(!field.press(Key::Up));
    }
}
