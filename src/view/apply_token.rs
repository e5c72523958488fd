//! Step 3: what the license needs, the masked token with its verdict, who saves it, the browser's clicks.

use ratatui::{style::Style, text::Span};
use unicode_width::UnicodeWidthStr;

use super::{
    found,
    glyphs::Mark,
    page::{LABEL, Page, TEXT},
    run,
};
use crate::{
    app::{SecretField, Stage, What},
    domain::{
        request::Body,
        secret::{TokenShape, token_shape},
    },
    steps::apply_token::{self, License, WAYS, Way},
    wording,
};

/// Most masked characters that are shown.
const MASKED: usize = 40;

pub(super) fn page(page: &mut Page<'_>) {
    license(page);
    page.gap();
    if page.context.state.stage == Stage::Browser {
        browser(page);
    } else {
        token(page);
        ways(page);
        saving(page);
        demo(page);
    }
}

fn license(page: &mut Page<'_>) {
    let (known, texts) = (&page.context.state.known, page.context.texts);
    match apply_token::license(known) {
        License::Ready => {
            let plan = known.organization.as_ref().and_then(|organization| organization.plan.clone());
            page.marked(Mark::Good, &texts.screen_token_license(plan.unwrap_or_default()));
        }
        License::Missing => {
            let text = texts
                .screen_token_license_missing(texts.screen_label_download(), texts.screen_label_upload());
            page.marked(Mark::Look, &text);
        }
        License::Wrong(root) => found::root(page, root),
        License::Unknown => page.marked(Mark::Unknown, &texts.screen_token_license_unknown()),
    }
}

/// The text of a secret field: a path as it is, anything else masked up to its last three characters.
pub(super) fn masked(page: &Page<'_>, field: &SecretField) -> String {
    if let Some(path) = field.path() {
        return path;
    }
    let secret = field.secret();
    let tail = secret.tail();
    let hidden = secret.len().saturating_sub(tail.len()).min(MASKED);
    format!("{}{tail}", page.context.glyphs.mask.to_string().repeat(hidden))
}

/// A line with a field; the cursor stands behind its text where it has the focus.
pub(super) fn field(page: &mut Page<'_>, label: &str, column: usize, text: &str, cursor: Option<usize>) {
    let before = format!("   {}", super::page::fit(label, column.saturating_sub(LABEL)));
    let style = if cursor.is_some() { page.context.theme.strong() } else { Style::new() };
    let room = page.context.width.saturating_sub(column + 1);
    // The end is what one types at: of a text that is too long the beginning goes.
    let skipped = text.width().saturating_sub(room);
    let shown: String = text.chars().skip(skipped).collect();
    let spans = [page.span(&before, style), page.span(&shown, Style::new())];
    page.line(spans);
    if let Some(cursor) = cursor {
        page.focus(column + cursor.saturating_sub(skipped));
    }
}

fn token(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let label = texts.screen_token_label();
    let column = LABEL + label.width() + 2;
    let text = masked(page, &state.token);
    let cursor = (state.stage == Stage::Token).then(|| text.width());
    field(page, &label, column, &text, cursor);
    let before = page.lines().len();
    verdict(page, column);
    // Two lines and a gap always, so that what stands below does not jump while one types.
    page.gap();
    while page.lines().len() < before + 3 {
        page.gap();
    }
}

/// What can be said about what stands in the field, at once; what the cloud said, once it did.
fn verdict(page: &mut Page<'_>, column: usize) {
    let (state, texts) = (page.context.state, page.context.texts);
    if let Some(run) = state.running(What::Verify) {
        let text = texts.screen_token_asking(wording::span(texts, state.now - run.began));
        return beside(page, column, Some(Mark::Running), &text);
    }
    if let Some(ended) = state.ended(What::Verify) {
        let accepted = match &ended.outcome.body {
            Body::Token(token) => token.accepted,
            _ => None,
        };
        let name = state.known.organization.as_ref().and_then(|organization| organization.name.clone());
        match (accepted, name) {
            (Some(true), Some(name)) => {
                beside(page, column, Some(Mark::Good), &texts.screen_token_accepted(name));
            }
            (Some(true), None) => {
                beside(page, column, Some(Mark::Good), &texts.screen_token_accepted_plain())
            }
            (Some(false), _) => found::why(page, &ended.outcome),
            (None, _) => {
                beside(page, column, Some(Mark::Unknown), &texts.screen_token_not_asked());
                found::why(page, &ended.outcome);
            }
        }
        return;
    }
    let (mark, text) = match token_shape(state.token.secret(), true) {
        _ if state.token.path().is_some() => (None, texts.screen_token_path()),
        TokenShape::Empty => (None, texts.screen_token_empty()),
        TokenShape::Short(n) => (Some(Mark::ToDo), texts.screen_token_short(n)),
        TokenShape::Good => (Some(Mark::Good), texts.screen_token_good()),
        TokenShape::Long(n) => (Some(Mark::Bad), texts.screen_token_long(n)),
        TokenShape::BadCharacter(at) => (Some(Mark::Bad), texts.screen_token_bad_character(at)),
        TokenShape::Other(kind) => {
            let text = texts.by_code("screen-other", kind.code());
            (Some(Mark::Bad), text.unwrap_or_else(|| kind.code().to_owned()))
        }
    };
    beside(page, column, mark, &text);
}

fn beside(page: &mut Page<'_>, column: usize, mark: Option<Mark>, text: &str) {
    let Some(mark) = mark else { return page.say(column, text) };
    let sign = page.context.glyphs.mark(mark);
    let style = page.context.theme.mark(mark);
    let indent = column + sign.width() + 1;
    let text = page.context.glyphs.fold(text).into_owned();
    for (at, part) in super::page::wrap(&text, page.edge().saturating_sub(indent)).into_iter().enumerate() {
        if at == 0 {
            page.line([
                Span::raw(" ".repeat(column)),
                Span::styled(sign, style),
                Span::raw(format!(" {part}")),
            ]);
        } else {
            page.line([Span::raw(" ".repeat(indent)), Span::raw(part)]);
        }
    }
}

fn ways(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let server = state.known.server().map_or_else(|| texts.screen_bye_this_server(), str::to_owned);
    page.say(LABEL, &texts.screen_ways_who(server));
    for (at, way) in WAYS.into_iter().enumerate() {
        let (title, more) = match way {
            Way::Browser => (texts.screen_ways_browser(), texts.screen_ways_browser_more()),
            Way::ApiKey => (texts.screen_ways_key(), texts.screen_ways_key_more()),
        };
        let focus = state.stage == Stage::Ways(at);
        let style = if focus { page.context.theme.strong() } else { Style::new() };
        let sign = if focus { page.context.glyphs.focus } else { " " };
        let spans = [
            page.span(&format!(" {sign} "), page.context.theme.strong()),
            page.span(&format!("{}  {title}", at + 1), style),
        ];
        page.line(spans);
        if focus {
            page.focus(1);
        }
        page.say(TEXT + 1, &more);
    }
}

/// How the saving goes, for somebody who left the form meanwhile.
fn saving(page: &mut Page<'_>) {
    let state = page.context.state;
    if let Some(run) = state.running(What::Save) {
        page.gap();
        run::phases(page, run, apply_token::STEP.phases);
    } else if let Some(ended) = state.ended(What::Save).filter(|ended| !ended.outcome.exit.is_ok()) {
        page.gap();
        found::why(page, &ended.outcome);
    }
}

fn demo(page: &mut Page<'_>) {
    if let Some(demo) = &page.context.state.look.demo {
        page.gap();
        page.say(LABEL, &page.context.texts.screen_demo_token());
        page.whole(&demo.token_file.display().to_string());
    }
}

/// The page of this server's web app where the token is pasted (`bitwarden.md` D1).
pub(super) fn address(page: &Page<'_>) -> Option<String> {
    let known = &page.context.state.known;
    let server = known.installation.as_ref()?.server.as_ref()?;
    let organization = &known.organization.as_ref()?.id;
    let server = server.as_str().trim_end_matches('/');
    Some(format!("{server}/#/organizations/{organization}/billing/subscription"))
}

fn browser(page: &mut Page<'_>) {
    let texts = page.context.texts;
    page.say(LABEL, &texts.screen_browser_where());
    let clicks = [
        texts.screen_browser_1(),
        texts.screen_browser_2(),
        texts.screen_browser_3(),
        texts.screen_browser_4(),
    ];
    for (at, click) in clicks.iter().enumerate() {
        page.labelled(&(at + 1).to_string(), LABEL + 3, click);
    }
    page.gap();
    if let Some(address) = address(page) {
        page.say(LABEL, &texts.page_address());
        page.whole(&address);
        page.gap();
    }
    page.marked(Mark::Look, &texts.screen_browser_silent());
    page.marked(Mark::Unknown, &texts.screen_browser_unseen());
}
