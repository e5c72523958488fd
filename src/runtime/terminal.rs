//! The real terminal: raw mode, alternate screen and bracketed paste, given back whatever happens.

use std::{
    io::{self, BufWriter, Stdout, Write},
    mem::ManuallyDrop,
    panic,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crossterm::{
    cursor::{MoveTo, Show},
    event::{DisableBracketedPaste, EnableBracketedPaste},
    execute,
    terminal::{
        Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{Terminal, backend::CrosstermBackend};

use super::Surface;
use crate::{app::State, domain::outside::visible, text::Texts, view};

/// Whether the terminal is ours and must be given back.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The full screen. Dropping it gives the terminal back.
pub(super) struct Full {
    /// Never dropped: its end complains on standard error if it cannot show the cursor, and panics where that is
    /// gone with the terminal. The guard shows the cursor.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>,
    /// Last, so that it is dropped after everything that still writes.
    _guard: Guard,
}

/// Gives the terminal back when dropped.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

impl Full {
    /// Takes the terminal.
    pub(super) fn enter() -> io::Result<Self> {
        restore_on_panic();
        TAKEN.store(true, Ordering::SeqCst);
        let guard = Guard;
        enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
        let terminal = Terminal::new(CrosstermBackend::new(BufWriter::new(io::stdout())))?;
        Ok(Self { terminal: ManuallyDrop::new(terminal), _guard: guard })
    }
}

impl Surface for Full {
    fn draw(&mut self, state: &State, texts: &Texts) -> io::Result<usize> {
        let mut hidden = 0;
        self.terminal.draw(|frame| hidden = view::draw(frame, state, texts))?;
        Ok(hidden)
    }

    fn print(&mut self, lines: &[String]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        execute!(out, LeaveAlternateScreen, Show)?;
        // Raw mode stays, so that the key that comes back is heard: lines end as it wants them.
        for line in lines {
            write!(out, "{}\r\n", visible(line))?;
        }
        out.flush()
    }

    fn resume(&mut self) -> io::Result<()> {
        execute!(io::stdout(), EnterAlternateScreen)?;
        self.clear()
    }

    fn clear(&mut self) -> io::Result<()> {
        execute!(io::stdout(), Clear(ClearType::All), MoveTo(0, 0))?;
        // Not `Terminal::clear`: it asks the terminal where the cursor stands, and one that does not answer would
        // look like one that is gone.
        let area = self.terminal.size()?.into();
        self.terminal.resize(area)
    }
}

/// Gives the terminal back, once; a terminal that is gone needs nothing any more.
fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(io::stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

/// A panic of the screen's own thread gives the terminal back before it is told. One of a task is told by its
/// result: the screen goes on, and nothing may write over it.
fn restore_on_panic() {
    let screen = thread::current().id();
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == screen {
            restore();
        }
        if !TAKEN.load(Ordering::SeqCst) {
            told(info);
        }
    }));
}
