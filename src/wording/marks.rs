//! The marks beside the words: what each stands for, its word, its sign, and its sign where letters alone must do.

use super::word;
use crate::{
    domain::{
        check::{Severity, State},
        sync::StepState,
    },
    text::Texts,
};

/// What a sign stands for. It repeats a word and never replaces one (design §6-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Good, or done.
    Good,
    /// A step that was not taken yet.
    ToDo,
    /// Under way.
    Running,
    /// Deserves a look.
    Look,
    /// Failed.
    Bad,
    /// Not known.
    Unknown,
    /// Not looked at, on purpose.
    Skipped,
}

impl Mark {
    /// All of them, as the help lists them.
    pub const ALL: [Self; 7] =
        [Self::Good, Self::ToDo, Self::Running, Self::Look, Self::Bad, Self::Unknown, Self::Skipped];

    /// The sign; in brackets in ASCII.
    pub fn sign(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Good, false) => "✓",
            (Self::Good, true) => "[+]",
            (Self::ToDo, false) => "•",
            (Self::ToDo, true) => "[*]",
            (Self::Running, false) => "…",
            (Self::Running, true) => "[.]",
            (Self::Look, false) => "!",
            (Self::Look, true) => "[!]",
            (Self::Bad, false) => "✗",
            (Self::Bad, true) => "[x]",
            (Self::Unknown, false) => "?",
            (Self::Unknown, true) => "[?]",
            (Self::Skipped, false) => "-",
            (Self::Skipped, true) => "[-]",
        }
    }

    /// The word.
    pub fn word(self, texts: &Texts) -> String {
        let state = match self {
            Self::Good => State::Passed,
            Self::ToDo => State::ToDo,
            Self::Look => State::Warning,
            Self::Bad => State::Failed,
            Self::Unknown => State::Unknown,
            Self::Skipped => State::Skipped,
            Self::Running => return word(texts, "state", "running"),
        };
        word(texts, "state", state.word())
    }
}

impl From<State> for Mark {
    fn from(state: State) -> Self {
        match state {
            State::Passed => Self::Good,
            State::Warning => Self::Look,
            State::Failed => Self::Bad,
            State::ToDo => Self::ToDo,
            State::Skipped => Self::Skipped,
            State::Unknown => Self::Unknown,
        }
    }
}

impl From<Severity> for Mark {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Failed => Self::Bad,
            Severity::Unknown => Self::Unknown,
            Severity::Warning => Self::Look,
            Severity::ToDo => Self::ToDo,
        }
    }
}

impl From<StepState> for Mark {
    fn from(state: StepState) -> Self {
        match state {
            StepState::Done => Self::Good,
            StepState::ToDo => Self::ToDo,
            StepState::Unknown => Self::Unknown,
        }
    }
}

/// How an ornament of our own texts is written in ASCII; none where the character is no such ornament.
pub fn ornament(c: char) -> Option<&'static str> {
    Some(match c {
        '•' => "*",
        '…' => "...",
        '→' => "->",
        '›' => ">",
        '·' | '–' | '—' | '─' => "-",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‘' | '’' => "'",
        '\u{a0}' => " ",
        _ => return None,
    })
}

/// A letter with an accent, or a sign that only opens a sentence, as ASCII has it; none where it is neither.
pub fn letter(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'â' | 'á' | 'ä' => "a",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'É' | 'È' | 'Ê' => "E",
        'í' | 'ï' | 'î' => "i",
        'ó' | 'ö' | 'ô' => "o",
        'ú' | 'ü' | 'ù' | 'û' => "u",
        'ñ' => "n",
        'ç' => "c",
        '¿' | '¡' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn every_mark_has_a_sign_of_its_own_and_a_word_in_every_language() {
        for ascii in [false, true] {
            let signs: std::collections::BTreeSet<_> =
                Mark::ALL.iter().map(|mark| mark.sign(ascii)).collect();
            assert_eq!(signs.len(), Mark::ALL.len());
            assert!(!ascii || signs.iter().all(|sign| sign.is_ascii()));
        }
        for language in Language::ALL {
            let texts = Texts::new(*language);
            let words: std::collections::BTreeSet<_> =
                Mark::ALL.iter().map(|mark| mark.word(&texts)).collect();
            assert_eq!(words.len(), Mark::ALL.len(), "{words:?}");
        }
    }
}
