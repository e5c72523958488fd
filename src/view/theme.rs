//! Colours: the 16 ANSI ones as foreground, over the terminal's own; and one theme without any.

use ratatui::style::{Color, Modifier, Style};

use super::glyphs::Mark;

/// How things look. Selection is reversed, the focus is bold: both stand in one colour too.
#[derive(Debug)]
pub(super) struct Theme {
    colour: bool,
}

static COLOUR: Theme = Theme { colour: true };
/// Sets no colour at all, so that nothing else resets the reversed selection.
static MONO: Theme = Theme { colour: false };

impl Theme {
    /// The theme.
    pub(super) fn of(colour: bool) -> &'static Self {
        if colour { &COLOUR } else { &MONO }
    }

    fn foreground(&self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }

    /// A mark's.
    pub(super) fn mark(&self, mark: Mark) -> Style {
        match mark {
            Mark::Good => self.foreground(Color::Green),
            Mark::Look => self.foreground(Color::Yellow),
            Mark::Bad => self.foreground(Color::Red),
            Mark::Running => self.foreground(Color::Cyan),
            Mark::ToDo | Mark::Unknown | Mark::Skipped => Style::new(),
        }
    }

    /// Addresses and commands to be copied.
    pub(super) fn link(&self) -> Style {
        self.foreground(Color::Cyan)
    }

    /// Headings, keys and the row with the focus.
    pub(super) fn strong(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The selected answer.
    pub(super) fn selected(&self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}
