//! What frames and rules are drawn with, in Unicode and in ASCII, and text as either can show it.

use std::borrow::Cow;

use crate::wording;
pub(super) use crate::wording::Mark;

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
        mark.sign(self.ascii)
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
            match wording::ornament(c).or_else(|| wording::letter(c)) {
                Some(plain) => folded.push_str(plain),
                None if c.is_ascii() => folded.push(c),
                None => folded.push('?'),
            }
        }
        Cow::Owned(folded)
    }
}
