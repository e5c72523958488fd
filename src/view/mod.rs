//! State to frame: one file a panel. Changes nothing and never fails, at any size.
//!
//! ```text
//!  bwsync   vault.example.org · Acme Example · US                  DEMO en    head     chrome.rs
//! ──────────────────────────────────────────────────────────────────────────
//!  ✗ The server is down since 14:02:31 UTC. …                                  banner   banner.rs, where it is so
//!    1 Configure      2 Obtain token      3 Apply token      4 Trigger sync    tabs     tabs.rs
//!
//!    …                                                                         body     one file a panel
//!
//! ── notice ─────────────────────────────────────────────────── PgDn: more ─
//!  Nothing changed yet.                                                        footer   chrome.rs
//!  a apply and restart   w write only   r again   Esc back                     keys     chrome.rs
//! ```

mod apply_token;
mod banner;
mod bye;
mod choice;
mod chrome;
mod commands;
mod configure;
mod diagnose;
mod found;
mod glyphs;
mod help;
mod layout;
mod login;
mod obtain_token;
mod overview;
mod page;
mod plain;
mod question;
mod run;
mod status;
mod tabs;
mod theme;
mod trigger_sync;

use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use crate::{
    app::{Base, Over, Place, State},
    domain::{outside, sync::StepName},
    text::Texts,
};
use glyphs::Glyphs;
use page::Page;
use theme::Theme;

pub use bye::summary;
pub use plain::plain;

/// What every panel is drawn with.
struct Context<'a> {
    state: &'a State,
    texts: &'a Texts,
    glyphs: &'static Glyphs,
    theme: &'static Theme,
    /// Columns of the body.
    width: usize,
    /// Rows of the body.
    height: usize,
}

/// Draws the state, with the hardware cursor on the focus. Tells how many lines of the body do not fit.
pub fn draw(frame: &mut Frame<'_>, state: &State, texts: &Texts) -> usize {
    let area = frame.area();
    let mut context = Context {
        state,
        texts,
        glyphs: Glyphs::of(state.look.ascii),
        theme: Theme::of(state.look.colour),
        width: usize::from(area.width),
        height: usize::from(area.height),
    };
    let banner = banner::rows(&context, area.width);
    let zones = layout::zones(area, u16::try_from(banner.len()).unwrap_or(0));
    (context.width, context.height) = (usize::from(zones.body.width), usize::from(zones.body.height));
    for (row, line) in banner.iter().enumerate() {
        put(frame, zones.banner, row, line);
    }
    let page = body(&context);
    let hidden = page.lines().len().saturating_sub(context.height);
    let top = scrolled(state.scroll.min(hidden), hidden, &page, context.height);
    for (row, line) in page.lines().iter().skip(top).take(context.height).enumerate() {
        put(frame, zones.body, row, line);
    }
    if let Some((row, column)) = page.cursor()
        && let Some(row) = row.checked_sub(top).filter(|row| *row < context.height)
    {
        cursor(frame, zones.body, row, column);
    }
    chrome::draw(frame, &zones, &context, top < hidden);
    if let Over::Question(question) = &state.over {
        question::draw(frame, zones.body, &context, question);
    }
    hidden
}

/// The first line shown: as scrolled, but never so that the focus is out of sight.
fn scrolled(wanted: usize, hidden: usize, page: &Page<'_>, height: usize) -> usize {
    let Some((row, _)) = page.cursor() else { return wanted };
    let lowest = row.saturating_sub(height.saturating_sub(1));
    if wanted == 0 { lowest.min(hidden) } else { wanted }
}

/// Draws a line. Everything that is drawn goes over this edge, and nothing hidden does (design §6-9).
fn put(frame: &mut Frame<'_>, area: Rect, row: usize, line: &Line<'_>) {
    let Ok(row) = u16::try_from(row) else { return };
    let shown = |span: &Span<'_>| Span::styled(outside::clean(&span.content), span.style);
    let line = Line { spans: line.spans.iter().map(shown).collect(), ..*line };
    if row < area.height {
        let place = Rect { y: area.y.saturating_add(row), height: 1, ..area };
        line.render(place.intersection(frame.area()), frame.buffer_mut());
    }
}

fn cursor(frame: &mut Frame<'_>, area: Rect, row: usize, column: usize) {
    let (Ok(row), Ok(column)) = (u16::try_from(row), u16::try_from(column)) else { return };
    let x = area.x.saturating_add(column.min(area.width.saturating_sub(1)));
    let y = area.y.saturating_add(row.min(area.height.saturating_sub(1)));
    if area.width > 0 && area.height > 0 {
        frame.set_cursor_position(Position { x, y });
    }
}

fn body<'a>(context: &'a Context<'a>) -> Page<'a> {
    let mut page = Page::new(context);
    match &context.state.over {
        Over::Help => help::page(&mut page),
        Over::Commands => commands::page(&mut page),
        Over::Choice(choice) => choice::page(&mut page, choice),
        Over::Login(form) => login::page(&mut page, form),
        Over::Nothing | Over::Question(_) => match context.state.place {
            Place::Base(Base::Overview) => overview::page(&mut page),
            Place::Base(Base::Step(step)) => {
                tabs::tabs(&mut page, step);
                match step {
                    StepName::Configure => configure::page(&mut page),
                    StepName::ObtainToken => obtain_token::page(&mut page),
                    StepName::ApplyToken => apply_token::page(&mut page),
                    StepName::TriggerSync => trigger_sync::page(&mut page),
                }
            }
            Place::Diagnose(_) => diagnose::page(&mut page),
            Place::Status(_) => status::page(&mut page),
        },
    }
    page
}
