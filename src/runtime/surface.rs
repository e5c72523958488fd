//! What the loop draws on: a terminal, or in tests a picture of one.

use std::io;

use ratatui::{Terminal, backend::TestBackend};

use crate::{app::State, text::Texts, view};

/// Something to draw on.
pub trait Surface {
    /// Draws the state; tells how many lines of the body do not fit.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn draw(&mut self, state: &State, texts: &Texts) -> io::Result<usize>;

    /// Leaves the full screen and prints these lines as they are.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn print(&mut self, lines: &[String]) -> io::Result<()>;

    /// Comes back to the full screen.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn resume(&mut self) -> io::Result<()>;

    /// Forgets what stands on the screen, so that all of it is drawn anew.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn clear(&mut self) -> io::Result<()>;
}

/// A picture of a terminal, for tests; what would be printed plainly is dropped.
impl Surface for Terminal<TestBackend> {
    fn draw(&mut self, state: &State, texts: &Texts) -> io::Result<usize> {
        let mut hidden = 0;
        let drawn = Terminal::draw(self, |frame| hidden = view::draw(frame, state, texts));
        drawn.map(|_| hidden).map_err(io::Error::other)
    }

    fn print(&mut self, _lines: &[String]) -> io::Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        Terminal::clear(self).map_err(io::Error::other)
    }
}
