//! The signs beside the words, in Unicode and in ASCII; a word always says the same.

use std::borrow::Cow;

/// What a sign stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Good,
    ToDo,
    Running,
    Look,
    Bad,
    Unknown,
    Skipped,
}

/// One set of signs.
#[derive(Debug)]
pub(super) struct Glyphs {
    ascii: bool,
    /// Beside the row with the focus.
    pub focus: &'static str,
    /// Rules.
    pub rule: char,
    /// Under the tab of the step.
    pub under: char,
    /// Beside the output of a command.
    pub pane: &'static str,
    /// One masked character.
    pub mask: char,
    /// Cut here.
    pub cut: char,
    /// Corners and sides of a frame: top left, top right, bottom left, bottom right, side.
    pub frame: [char; 5],
}

const UNICODE: Glyphs = Glyphs {
    ascii: false,
    focus: "›",
    rule: '─',
    under: '▔',
    pane: "│",
    mask: '•',
    cut: '…',
    frame: ['┌', '┐', '└', '┘', '│'],
};

const ASCII: Glyphs = Glyphs {
    ascii: true,
    focus: ">",
    rule: '-',
    under: '=',
    pane: "|",
    mask: '*',
    cut: '~',
    frame: ['+', '+', '+', '+', '|'],
};

impl Glyphs {
    /// The set.
    pub(super) fn of(ascii: bool) -> &'static Self {
        if ascii { &ASCII } else { &UNICODE }
    }

    /// The sign of a mark; in brackets where letters alone must do.
    pub(super) fn mark(&self, mark: Mark) -> &'static str {
        match (self.ascii, mark) {
            (false, Mark::Good) => "✓",
            (false, Mark::ToDo) => "•",
            (false, Mark::Running) => "…",
            (false, Mark::Look) => "!",
            (false, Mark::Bad) => "✗",
            (false, Mark::Unknown) => "?",
            (false, Mark::Skipped) => "-",
            (true, Mark::Good) => "[+]",
            (true, Mark::ToDo) => "[*]",
            (true, Mark::Running) => "[.]",
            (true, Mark::Look) => "[!]",
            (true, Mark::Bad) => "[x]",
            (true, Mark::Unknown) => "[?]",
            (true, Mark::Skipped) => "[-]",
        }
    }

    /// The five columns before a row: the focus, the sign, a blank.
    pub(super) fn gutter(&self, focus: bool) -> (&'static str, &'static str) {
        match (self.ascii, focus) {
            (false, true) => (" › ", " "),
            (false, false) => ("   ", " "),
            (true, true) => (">", " "),
            (true, false) => (" ", " "),
        }
    }

    /// The text as this set can show it.
    pub(super) fn fold<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.ascii || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut folded = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                c if c.is_ascii() => folded.push(c),
                '›' => folded.push('>'),
                '·' | '–' | '─' => folded.push('-'),
                '…' => folded.push_str("..."),
                '•' => folded.push('*'),
                '‘' | '’' => folded.push('\''),
                '“' | '”' | '«' | '»' => folded.push('"'),
                'à' | 'â' | 'á' | 'ä' => folded.push('a'),
                'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
                'É' | 'È' | 'Ê' => folded.push('E'),
                'í' | 'ï' | 'î' => folded.push('i'),
                'ó' | 'ö' | 'ô' => folded.push('o'),
                'ú' | 'ü' | 'ù' | 'û' => folded.push('u'),
                'ñ' => folded.push('n'),
                'ç' => folded.push('c'),
                '¿' | '¡' => {}
                '\u{a0}' => folded.push(' '),
                _ => folded.push('?'),
            }
        }
        Cow::Owned(folded)
    }
}
