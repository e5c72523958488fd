//! How to speak: language, colour, glyphs, and how much. Decided once, from flags, variables and where the
//! output goes.

use std::io::IsTerminal;

use super::{
    args::{ColorWhen, Common},
    environment::Environment,
};
use crate::{
    text::{self, Language, Texts},
    wording::{self, Mark},
};

/// How much is said beside the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volume {
    /// The result only.
    Quiet,
    /// Phases too.
    Normal,
    /// Every row, every command, the output of scripts.
    Verbose,
}

/// How to speak.
#[derive(Debug, Clone)]
pub struct Look {
    /// The texts of the person's language.
    pub texts: Texts,
    /// The texts of JSON and of nothing else: English.
    pub english: Texts,
    /// One JSON object instead of text.
    pub json: bool,
    /// Colour on standard output.
    pub colour: bool,
    /// Only ASCII.
    pub ascii: bool,
    /// How much.
    pub volume: Volume,
}

/// What a piece of text is, for its colour; the words alone say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good.
    Good,
    /// Deserves a look.
    Warning,
    /// Wrong.
    Bad,
    /// Unknown, or something to do.
    Note,
    /// The sentence that answers.
    Strong,
    /// As the terminal has it.
    Plain,
}

/// Ends the colour that a mark began.
const END: char = '\u{fdd0}';

impl Tone {
    /// The mark that begins text of this tone. It is none of the characters that text is made of (Unicode keeps them
    /// for use within one program), and in text from outside it is as visible as an escape code.
    fn mark(self) -> Option<char> {
        match self {
            Self::Good => Some('\u{fdd1}'),
            Self::Warning => Some('\u{fdd2}'),
            Self::Bad => Some('\u{fdd3}'),
            Self::Note => Some('\u{fdd4}'),
            Self::Strong => Some('\u{fdd5}'),
            Self::Plain => None,
        }
    }
}

/// What a terminal makes of a mark; none where the character is no mark.
pub(super) fn escape_code(mark: char) -> Option<&'static str> {
    match mark {
        END => Some("\u{1b}[0m"),
        '\u{fdd1}' => Some("\u{1b}[32m"),
        '\u{fdd2}' => Some("\u{1b}[33m"),
        '\u{fdd3}' => Some("\u{1b}[31m"),
        '\u{fdd4}' => Some("\u{1b}[36m"),
        '\u{fdd5}' => Some("\u{1b}[1m"),
        _ => None,
    }
}

impl Look {
    /// Decides it.
    pub fn new(common: &Common, environment: &Environment) -> Self {
        let language = text::choose(common.lang.as_deref(), |name| std::env::var(name).ok());
        let dumb = environment.get("TERM").is_none_or(|term| term == "dumb");
        let when = if common.no_color { ColorWhen::Never } else { common.color.unwrap_or_default() };
        let colour = match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => {
                environment.get("NO_COLOR").is_none() && !dumb && std::io::stdout().is_terminal()
            }
        };
        let volume = match (common.quiet, common.verbose) {
            (true, _) => Volume::Quiet,
            (false, 0) => Volume::Normal,
            (false, _) => Volume::Verbose,
        };
        Self {
            texts: Texts::new(language),
            english: Texts::new(Language::En),
            json: common.json,
            colour: colour && !common.json,
            ascii: common.ascii || !utf8(),
            volume,
        }
    }

    /// Plain English on a pipe, for tests.
    #[cfg(test)]
    pub fn plain() -> Self {
        Self {
            texts: Texts::new(Language::En),
            english: Texts::new(Language::En),
            json: false,
            colour: false,
            ascii: false,
            volume: Volume::Normal,
        }
    }

    /// Text in its colour, where there is colour; [`out`](super::out) makes it of these marks.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        match tone.mark().filter(|_| self.colour) {
            Some(mark) => format!("{mark}{text}{END}"),
            None => text.to_owned(),
        }
    }

    /// The sign of a mark, beside its word.
    pub fn glyph(&self, mark: impl Into<Mark>) -> &'static str {
        mark.into().sign(self.ascii)
    }

    /// A line of the file, with the mask that stands for a secret in ASCII where that is wanted.
    pub fn masks(&self, line: &str) -> String {
        match line.split_once('=') {
            Some((name, value)) if self.ascii && !value.is_empty() && value.chars().all(|c| c == '•') => {
                format!("{name}={}", "*".repeat(value.chars().count()))
            }
            _ => line.to_owned(),
        }
    }

    /// What a person writes is kept; only our own ornaments have an ASCII form.
    pub fn ornaments(&self, text: &str) -> String {
        if !self.ascii {
            return text.to_owned();
        }
        text.chars().fold(String::with_capacity(text.len()), |mut plain, c| {
            match wording::ornament(c) {
                Some(ascii) => plain.push_str(ascii),
                None => plain.push(c),
            }
            plain
        })
    }
}

/// The tone of a mark.
pub fn tone(mark: Mark) -> Tone {
    match mark {
        Mark::Good => Tone::Good,
        Mark::Look => Tone::Warning,
        Mark::Bad => Tone::Bad,
        Mark::ToDo | Mark::Running | Mark::Unknown => Tone::Note,
        Mark::Skipped => Tone::Plain,
    }
}

/// Whether the locale says that the terminal shows UTF-8. No locale at all is common on servers whose
/// terminal shows it well, so only a locale that names something else counts against it.
fn utf8() -> bool {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    named.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8")
            || locale.contains("utf8")
            || !locale.contains('.') && locale != "c" && locale != "posix"
    })
}
