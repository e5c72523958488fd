//! The keys, from the key table.

use ratatui::{style::Style, text::Span};
use unicode_width::UnicodeWidthStr;

use super::{
    glyphs::Mark,
    page::{LABEL, Page, cut, fit},
};
use crate::app::{Action, keymap};

/// Code of what an action does, and how its key is named; None for one that another row speaks for.
fn row(action: Action, key: String) -> Option<(String, &'static str)> {
    let code = match action {
        Action::Go => "go",
        Action::Back => "back",
        Action::Next => "next",
        Action::Up => return Some(("Up Down".to_owned(), "move")),
        Action::Left => return Some(("Left Right".to_owned(), "sideways")),
        Action::PageUp => return Some(("PgUp PgDn".to_owned(), "page")),
        Action::Row(0) => return Some(("1 - 4".to_owned(), "row")),
        Action::Previous | Action::Down | Action::Right | Action::PageDown | Action::Row(_) => return None,
        Action::Apply => "apply",
        Action::Write => "write",
        Action::StartHere => "start-here",
        Action::Undo => "undo",
        Action::Anyway => "anyway",
        Action::Region => "region",
        Action::Again => "again",
        Action::Plain => "plain",
        Action::SignIn => "sign-in",
        Action::Trigger => "trigger",
        Action::Diagnose => "diagnose",
        Action::Status => "status",
        Action::Commands => "commands",
        Action::Language => "language",
        Action::Help => "help",
        Action::Quit => "quit",
        Action::Yes => "yes",
        Action::No => "no",
        Action::Interrupt => "interrupt",
        Action::Redraw => "redraw",
    };
    Some((key, code))
}

pub(super) fn page(page: &mut Page<'_>) {
    let texts = page.context.texts;
    page.say_in(LABEL, &texts.screen_help_title(), page.context.theme.strong());
    page.gap();
    let rows: Vec<(String, String)> = keymap::TABLE
        .iter()
        .filter_map(|(key, action)| row(*action, key.hint()))
        .map(|(key, code)| (key, texts.by_code("key", &format!("about-{code}")).unwrap_or_default()))
        .collect();
    let keys = rows.iter().map(|(key, _)| key.width()).max().unwrap_or(0) + 2;
    let column = page.context.width.saturating_sub(LABEL) / 2;
    // Two columns where there is room for them, read downwards.
    let columns = if column >= keys + 20 { 2 } else { 1 };
    let height = rows.len().div_ceil(columns);
    for at in 0..height {
        let mut spans = vec![Span::raw("   ")];
        for (key, text) in rows.iter().skip(at).step_by(height) {
            spans.push(page.span(&fit(key, keys), page.context.theme.strong()));
            if columns == 2 {
                let room = column.saturating_sub(keys + 1);
                let text = cut(&page.context.glyphs.fold(text), room, page.context.glyphs.cut);
                spans.push(page.span(&fit(&text, room + 1), Style::new()));
            } else {
                spans.push(page.span(text, Style::new()));
            }
        }
        page.line(spans);
    }
    page.gap();
    page.say(LABEL, &texts.screen_help_field());
    let legend = Mark::ALL.map(|mark| format!("{} {}", page.context.glyphs.mark(mark), mark.word(texts)));
    page.say(LABEL, &legend.join("  "));
}
