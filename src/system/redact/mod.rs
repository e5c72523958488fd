//! Takes secrets out of what other programs say: Compose quotes the line of an env file that it cannot read, the
//! script and the containers print what they were given. Every secret of every file that they may quote is known
//! here (`gather`, `files`), found however it is spelt (`spelling`), and wherever a read or a line was cut
//! (`stream`).

mod files;
mod gather;
mod spelling;
mod stream;

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::domain::action::Contents;

pub(super) use files::of_installation;
use gather::Gathered;
pub use stream::Stream;

/// What stands in place of a secret.
pub const MASK: &str = "••••••••";
/// Secrets that are looked for; a genuine installation has about twenty.
const MOST: usize = 4_000;
/// Shorter ones are hidden where they are a whole word: inside of one they would eat words.
const ANYWHERE: usize = 6;
/// Shorter ones are hidden only where they stand as a value.
const WORD: usize = 4;
/// The beginning of a secret that is hidden at the end of a text that somebody cut, in characters.
const BEGINNING: usize = 8;
/// Words that the programs say themselves: as a password they are hidden only where they stand as a value.
const SAID: [&str; 22] = [
    "admin",
    "administrator",
    "bitwarden",
    "compose",
    "container",
    "containers",
    "database",
    "default",
    "docker",
    "image",
    "identity",
    "localhost",
    "mssql",
    "network",
    "nginx",
    "password",
    "production",
    "restart",
    "secret",
    "server",
    "token",
    "vault",
];

/// Knows the secrets of an installation. Cheap to clone.
///
/// It can be handed to a process of ours as part of its job, through a pipe: its serialised form *is* the secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Redactor {
    secrets: Arc<Secrets>,
}

#[derive(Default, PartialEq, Eq)]
struct Secrets {
    /// The longest first, so that no part of it stays when a shorter one is in it.
    all: Vec<Zeroizing<String>>,
    /// Which of them may begin with a byte, as written.
    by_first: Vec<Vec<usize>>,
}

/// Whether a secret stands at a place of a text.
enum Seen {
    Nothing,
    /// The text ends before that is known.
    Open,
    /// One does, up to here.
    Until(usize),
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({} secrets)", self.secrets.all.len())
    }
}

impl Redactor {
    /// The secrets in these env files, whatever their dialect, also where Compose would refuse them.
    pub fn of<'a>(files: impl IntoIterator<Item = &'a Contents>) -> Self {
        let mut gathered = Gathered::default();
        files.into_iter().for_each(|file| gathered.env_file(file.bytes()));
        Self::knowing(gathered.secrets)
    }

    fn knowing(mut all: Vec<Zeroizing<String>>) -> Self {
        all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        all.dedup();
        all.truncate(MOST);
        let begins = |byte: u8, secret: &str| {
            spelling::introduces(byte)
                || secret.bytes().next() == Some(byte)
                || byte > 127 && secret.starts_with('\u{fffd}')
        };
        let with =
            |byte| (0..all.len()).filter(|at| all.get(*at).is_some_and(|one| begins(byte, one))).collect();
        let by_first = (0..=u8::MAX).map(with).collect();
        Self { secrets: Arc::new(Secrets { all, by_first }) }
    }

    /// The text without secrets, and without what Compose quotes of a file (`… near "…`).
    pub fn line(&self, line: &str) -> String {
        let mut stream = self.stream();
        let mut clean = stream.push(line.as_bytes());
        clean.extend(stream.finish());
        String::from_utf8_lossy(&clean).into_owned()
    }

    /// The same for what comes in parts, as bytes.
    pub fn stream(&self) -> Stream {
        Stream::new(self)
    }

    /// Whether a secret begins at `at`; the longest one counts. `before` are the two bytes before it, and `last`
    /// says that no more text will come.
    fn at(&self, text: &[u8], at: usize, before: [u8; 2], last: bool) -> Seen {
        let first = text.get(at).and_then(|byte| self.secrets.by_first.get(usize::from(*byte)));
        for secret in first.into_iter().flatten().filter_map(|place| self.secrets.all.get(*place)) {
            let whole = Bounds::of(secret);
            if !whole.begin(before) {
                continue;
            }
            let reached = reach(text, at, secret);
            let open =
                reached.open || reached.end.is_some_and(|end| end == text.len() && whole != Bounds::None);
            if open && !last {
                return Seen::Open;
            }
            if let Some(end) = reached.end.filter(|end| whole.end(text.get(*end).copied())) {
                return Seen::Until(end);
            }
            if reached.open && reached.characters >= BEGINNING {
                return Seen::Until(text.len());
            }
        }
        Seen::Nothing
    }
}

/// What must stand around a secret so that it counts as one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bounds {
    None,
    Word,
    Value,
}

impl Bounds {
    fn of(secret: &str) -> Self {
        let said = SAID.iter().any(|said| said.eq_ignore_ascii_case(secret));
        match secret.chars().count() {
            length if length < WORD || said => Self::Value,
            length if length < ANYWHERE => Self::Word,
            _ => Self::None,
        }
    }

    fn begin(self, before: [u8; 2]) -> bool {
        let opens = |byte| matches!(byte, b'=' | b':' | b'"' | b'\'' | b'`');
        match (self, before) {
            (Self::None, _) => true,
            (Self::Word, [_, last]) => !last.is_ascii_alphanumeric(),
            (Self::Value, [first, b' ']) => matches!(first, b'=' | b':'),
            (Self::Value, [_, last]) => opens(last),
        }
    }

    fn end(self, after: Option<u8>) -> bool {
        match self {
            Self::None => true,
            Self::Word => !after.is_some_and(|byte| byte.is_ascii_alphanumeric()),
            Self::Value => {
                !after.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_./:@".contains(&byte))
            }
        }
    }
}

/// How far a secret is spelt in a text.
struct Reached {
    /// Where it ends, if all of it is there.
    end: Option<usize>,
    /// The text ends before it does.
    open: bool,
    /// Characters of it that are there.
    characters: usize,
}

fn reach(text: &[u8], at: usize, secret: &str) -> Reached {
    let mut reached = Reached { end: None, open: false, characters: 0 };
    let mut places = vec![at];
    let mut next = Vec::new();
    for c in secret.chars() {
        for place in &places {
            reached.open |= spelling::ends(text, *place, c, &mut next);
        }
        next.sort_unstable();
        next.dedup();
        (places, next) = (next, places);
        next.clear();
        if places.is_empty() {
            return reached;
        }
        reached.characters += 1;
    }
    reached.end = places.last().copied();
    reached
}

impl Serialize for Redactor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.secrets.all.iter().map(|secret| secret.as_str()))
    }
}

impl<'de> Deserialize<'de> for Redactor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Vec::<String>::deserialize(deserializer)?;
        Ok(Self::knowing(all.into_iter().map(Zeroizing::new).collect()))
    }
}

#[cfg(test)]
mod tests;
