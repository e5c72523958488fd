//! What stands above everything while a run of bwsync has left the server down, or may have: since when, what is
//! written, and the way up. On every screen, and under whatever lies over it.

use ratatui::text::{Line, Span};

use super::{
    Context,
    glyphs::Mark,
    page::{LABEL, Page, cut, wrap},
};
use crate::{
    app::{Action, Key, State, keymap},
    domain::journal::Server,
    text::Texts,
    wording,
};

/// Rows that it takes at most.
const ROWS: usize = 2;

/// The sentences; none where there is nothing to warn of.
pub(super) fn sentences(state: &State, texts: &Texts) -> Vec<String> {
    let stands = &state.ledger.stands;
    let Some(server) = wording::server(texts, stands, state.now).filter(|_| stands.is_urgent()) else {
        return Vec::new();
    };
    let mut sentences = vec![server];
    sentences.extend(wording::changed(texts, stands, state.ledger.began, &[]));
    let here = state.changing().is_some();
    sentences.extend(match stands.server {
        _ if here => None,
        _ if keymap::offered(state, Action::StartHere) => Some(texts.stands_key(key())),
        _ if stands.needs_rescue() => Some(texts.stands_step()),
        Server::Restarting(_) | Server::Down(_) => Some(texts.stands_resume()),
        _ => None,
    });
    sentences
}

/// The key of the way up.
fn key() -> String {
    keymap::key(Action::StartHere).map(Key::hint).unwrap_or_default()
}

/// The rows for a screen of this width.
pub(super) fn rows(context: &Context<'_>, width: u16) -> Vec<Line<'static>> {
    let text = context.glyphs.fold(&sentences(context.state, context.texts).join(" ")).into_owned();
    if text.is_empty() {
        return Vec::new();
    }
    let mark = match context.state.ledger.stands.server {
        Server::Down(_) => Mark::Bad,
        Server::Restarting(_) => Mark::Running,
        _ => Mark::Unknown,
    };
    let sign = context.glyphs.mark(mark);
    let indent = sign.chars().count() + 2;
    let room = usize::from(width).saturating_sub(indent + 1);
    let mut parts = wrap(&text, room);
    if parts.len() > ROWS {
        let rest = parts.split_off(ROWS - 1).join(" ");
        parts.push(cut(&rest, room, context.glyphs.cut));
    }
    let strong = context.theme.strong();
    let row = |(at, part): (usize, String)| {
        let first = if at == 0 { sign } else { "" };
        let gap = " ".repeat(indent - 1 - first.chars().count());
        Line::from(vec![
            Span::raw(" "),
            Span::styled(first, context.theme.mark(mark).patch(strong)),
            Span::raw(gap),
            Span::styled(part, strong),
        ])
    };
    // A blank row keeps it apart from what stands below.
    parts.into_iter().enumerate().map(row).chain([Line::default()]).collect()
}

/// The way up on the screen of step 1: the key where bwsync can do it, and the commands in any case.
pub(super) fn way_up(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let stands = &state.ledger.stands;
    let Some(rescue) = stands.rescue.as_ref().filter(|_| stands.needs_rescue()) else { return };
    let text = match (rescue.commands.is_empty(), rescue.by_us) {
        (true, _) => texts.stands_way_up_none(),
        (false, true) => texts.stands_way_up_key(key()),
        (false, false) => wording::way_up(texts, stands, rescue),
    };
    page.say(LABEL, &text);
    for command in &rescue.commands {
        page.whole(command);
    }
    page.gap();
}
