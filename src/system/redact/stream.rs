//! Redacts bytes as they come: what may be the beginning of a secret is held back until it is known, so that no
//! border between two reads lets a secret through.

use zeroize::Zeroizing;

use super::{MASK, Redactor, Seen, spelling::BACKSLASHES};

/// What Compose puts before the rest of a file that it could not read (`bitwarden.md` F6).
const NEAR: &[u8] = b" near ";

/// Redacts what one program writes.
#[derive(Debug, Clone)]
pub struct Stream {
    redactor: Redactor,
    /// What may be the beginning of a secret.
    held: Zeroizing<Vec<u8>>,
    /// The last bytes that were let through.
    before: [u8; 2],
    /// Within what Compose quotes of a file, up to the end of the line.
    in_quote: bool,
}

impl Stream {
    pub(super) fn new(redactor: &Redactor) -> Self {
        Self { redactor: redactor.clone(), held: Zeroizing::default(), before: [b'\n'; 2], in_quote: false }
    }

    /// What can be let through now that these bytes came.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.pass(bytes, false)
    }

    /// What was held back, when nothing comes any more.
    pub fn finish(&mut self) -> Vec<u8> {
        self.pass(&[], true)
    }

    /// How many bytes are held back.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    fn pass(&mut self, bytes: &[u8], last: bool) -> Vec<u8> {
        // A buffer that grew would leave its old self behind unwiped.
        let mut text = Zeroizing::new(Vec::with_capacity(self.held.len() + bytes.len()));
        text.extend_from_slice(&self.held);
        text.extend_from_slice(bytes);
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            if self.in_quote {
                self.in_quote = !matches!(byte, b'\n' | b'\r');
                at += usize::from(self.in_quote);
                continue;
            }
            let seen = match near(&text, at, last) {
                Seen::Nothing => self.redactor.at(&text, at, self.before, last),
                Seen::Until(_) => {
                    out.extend_from_slice(NEAR);
                    out.extend_from_slice("…".as_bytes());
                    self.in_quote = true;
                    continue;
                }
                open => open,
            };
            match seen {
                Seen::Nothing => {
                    out.push(*byte);
                    self.before = [self.before[1], *byte];
                    at += 1;
                }
                Seen::Until(end) => {
                    out.extend_from_slice(MASK.as_bytes());
                    self.before = [b'x'; 2];
                    at = end.max(at + 1);
                }
                Seen::Open => break,
            }
        }
        self.held = Zeroizing::new(text.get(at..).unwrap_or_default().to_vec());
        out
    }
}

/// Whether Compose quotes a file from here on.
fn near(text: &[u8], at: usize, last: bool) -> Seen {
    let rest = text.get(at..).unwrap_or_default();
    match rest.strip_prefix(NEAR) {
        Some(after) => {
            let escapes = after.iter().take(BACKSLASHES).take_while(|byte| **byte == b'\\').count();
            match after.get(escapes) {
                Some(b'"' | b'\'' | b'`') => Seen::Until(at),
                None if !last => Seen::Open,
                _ => Seen::Nothing,
            }
        }
        None if !last && !rest.is_empty() && NEAR.starts_with(rest) => Seen::Open,
        None => Seen::Nothing,
    }
}
