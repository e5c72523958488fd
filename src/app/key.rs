//! Keys as the program knows them, with a form in text, so that tests and hints name keys as people do.

use std::fmt;

/// A key that the program knows. Others never become a message: Alt, function keys and the mouse belong to the
/// terminal (design §6-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character.
    Char(char),
    /// Control and a letter.
    Ctrl(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Start of the line.
    Home,
    /// End of the line.
    End,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Takes the character before the cursor.
    Backspace,
    /// Takes the character under the cursor.
    Delete,
}

/// Names of the keys that are no characters, as in `<enter>`.
const NAMED: [(Key, &str); 14] = [
    (Key::Enter, "enter"),
    (Key::Esc, "esc"),
    (Key::Tab, "tab"),
    (Key::BackTab, "s-tab"),
    (Key::Up, "up"),
    (Key::Down, "down"),
    (Key::Left, "left"),
    (Key::Right, "right"),
    (Key::Home, "home"),
    (Key::End, "end"),
    (Key::PageUp, "pageup"),
    (Key::PageDown, "pagedown"),
    (Key::Backspace, "backspace"),
    (Key::Delete, "delete"),
];

impl Key {
    /// As the screen names it in its hints: `a`, `Enter`, `Ctrl-C`.
    pub fn hint(self) -> String {
        match self {
            Self::Char(c) => c.to_string(),
            Self::Ctrl(c) => format!("Ctrl-{}", c.to_ascii_uppercase()),
            Self::BackTab => "Shift-Tab".to_owned(),
            Self::PageUp => "PgUp".to_owned(),
            Self::PageDown => "PgDn".to_owned(),
            named => {
                let name = NAMED.iter().find(|(key, _)| *key == named).map_or("", |(_, name)| name);
                let mut letters = name.chars();
                letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
            }
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(c) => write!(f, "{c}"),
            Self::Ctrl(c) => write!(f, "<c-{c}>"),
            named => {
                let name = NAMED.iter().find(|(key, _)| key == named).map_or("", |(_, name)| name);
                write!(f, "<{name}>")
            }
        }
    }
}

/// The keys of a script such as `a<right><enter>`; what stands between `<` and `>` and is no key is taken
/// character by character.
pub fn script(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let named =
            rest.strip_prefix('<').and_then(|inner| inner.split_once('>')).and_then(|(name, after)| {
                let key = match name.strip_prefix("c-") {
                    Some(letter) => letter.chars().next().map(Key::Ctrl),
                    None => NAMED.iter().find(|(_, known)| *known == name).map(|(key, _)| *key),
                };
                key.map(|key| (key, after))
            });
        let (key, after) =
            named.unwrap_or((Key::Char(first), rest.get(first.len_utf8()..).unwrap_or_default()));
        keys.push(key);
        rest = after;
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_back() {
        let text = "a<enter>?<s-tab><c-c>é<<pagedown>";
        let keys = script(text);
        assert_eq!(keys.iter().map(Key::to_string).collect::<String>(), text);
        assert_eq!(keys.len(), 8);
        assert_eq!(keys[2], Key::Char('?'));
        assert_eq!(Key::PageDown.hint(), "PgDn");
        assert_eq!(Key::Enter.hint(), "Enter");
    }
}
