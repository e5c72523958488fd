//! Head, rules, footer and keys: the same on every screen.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::{Context, layout::Zones, page::cut, put};
use crate::{
    app::{FileFault, Key, Notice, Place, keymap},
    domain::{
        journal::{Server, Settings},
        request::Changed,
    },
    steps, wording,
};

/// Draws what is around the body; `more` where the body goes on below.
pub(super) fn draw(frame: &mut Frame<'_>, zones: &Zones, context: &Context<'_>, more: bool) {
    put(frame, zones.head, 0, &head(context, zones.head.width));
    let rule = |left: &str, right: &str| rule(context, zones.upper.width, left, right);
    put(frame, zones.upper, 0, &rule("", ""));
    let more = if more { context.texts.screen_more() } else { String::new() };
    let notice = context.state.notice.map(|notice| words_of(context, notice)).unwrap_or_default();
    put(frame, zones.lower, 0, &rule(&notice, &more));
    // Where there is no room for the rule, what answers the last key stands in the footer's place.
    let footer = if zones.lower.height == 0 && !notice.is_empty() {
        let text = context.glyphs.fold(&notice).into_owned();
        let room = usize::from(zones.footer.width).saturating_sub(1);
        Line::styled(format!(" {}", cut(&text, room, context.glyphs.cut)), context.theme.strong())
    } else {
        footer(context, zones.footer)
    };
    put(frame, zones.footer, 0, &footer);
    put(frame, zones.keys, 0, &keys(context, zones.keys));
}

fn head(context: &Context<'_>, width: u16) -> Line<'static> {
    let state = context.state;
    let mut right = state.look.language.code().to_owned();
    if state.look.demo.is_some() {
        right = format!("{} {right}", context.texts.screen_demo());
    }
    let region = state.known.region().map(|region| region.setting().to_owned());
    let parts = [
        state.known.server().map(str::to_owned),
        state.known.organization.as_ref().and_then(|organization| organization.name.clone()),
        region,
    ];
    let where_we_are: Vec<_> = parts.into_iter().flatten().collect();
    let left = context.glyphs.fold(&where_we_are.join(" · ")).into_owned();
    let used = " bwsync   ".width() + right.width() + 2;
    let left = cut(&left, usize::from(width).saturating_sub(used), context.glyphs.cut);
    let room = usize::from(width).saturating_sub(used - 1 + left.width());
    Line::from(vec![
        Span::styled(" bwsync", context.theme.strong()),
        Span::raw(format!("   {left}{}", " ".repeat(room))),
        Span::raw(right),
    ])
}

fn rule(context: &Context<'_>, width: u16, left: &str, right: &str) -> Line<'static> {
    let width = usize::from(width);
    let stretch = |columns: usize| context.glyphs.rule.to_string().repeat(columns);
    let fold = |text: &str| context.glyphs.fold(text).into_owned();
    let left = if left.is_empty() { String::new() } else { format!(" {} ", fold(left)) };
    let right = if right.is_empty() { String::new() } else { format!(" {} ", fold(right)) };
    let left = cut(&left, width.saturating_sub(4), context.glyphs.cut);
    let right = if left.width() + right.width() + 4 <= width { right } else { String::new() };
    let middle = width.saturating_sub(left.width() + right.width() + 4);
    Line::from(vec![
        Span::raw(stretch(2.min(width))),
        Span::styled(left, context.theme.strong()),
        Span::raw(stretch(middle)),
        Span::raw(right),
        Span::raw(stretch(2.min(width.saturating_sub(2)))),
    ])
}

fn words_of(context: &Context<'_>, notice: Notice) -> String {
    let texts = context.texts;
    match notice {
        Notice::PasteDropped => texts.screen_notice_paste(),
        Notice::FieldsMissing => texts.screen_notice_fields(),
        Notice::TokenNotWhole => texts.screen_notice_token(),
        Notice::VerifyFirst => texts.screen_notice_verify(),
        Notice::RestartDone => texts.screen_notice_restart_done(),
        Notice::RestartFailed => texts.screen_notice_restart_failed(),
        Notice::File(fault) => file(context, fault),
    }
}

fn file(context: &Context<'_>, fault: FileFault) -> String {
    context.texts.by_code("screen-file", fault.code()).unwrap_or_else(|| fault.code().to_owned())
}

/// What was changed, and how the server stands: always there. Where it is down the banner says since when, and the
/// footer for how long.
fn footer(context: &Context<'_>, area: Rect) -> Line<'static> {
    let (texts, state) = (context.texts, context.state);
    let ledger = &state.ledger;
    // A server that is down comes first: on a narrow screen the rest is cut.
    let mut sentences = Vec::new();
    match ledger.stands.server {
        Server::Down(since) if state.ticks() => {
            let (span, since) = (wording::span(texts, state.now - since), wording::moment(since, state.now));
            sentences.push(texts.screen_foot_down(span, since));
        }
        Server::Down(since) => {
            sentences.push(texts.screen_foot_down_since(wording::moment(since, state.now)));
        }
        _ => sentences.extend(wording::server(texts, &ledger.stands, state.now)),
    }
    match ledger.unheard {
        Some(Changed::License) => sentences.push(texts.screen_foot_perhaps_license()),
        Some(_) => sentences.push(texts.screen_foot_perhaps_connection()),
        None => {}
    }
    let mut mine = Vec::new();
    if ledger.connection.is_some() {
        mine.push(texts.screen_changed_connection());
    }
    if ledger.license {
        mine.push(texts.screen_changed_license());
    }
    // What may have come about, or a restart alone, is not "nothing".
    let more = ledger.restarted || ledger.unheard.is_some();
    let none = matches!(ledger.stands.settings, Settings::Unknown | Settings::Untouched) && mine.is_empty();
    if !(more && none) {
        sentences.extend(wording::changed(texts, &ledger.stands, ledger.began, &mine));
    }
    if ledger.stands.server == Server::Up && ledger.restarted {
        sentences.push(texts.screen_foot_up());
    }
    let text = context.glyphs.fold(&sentences.join(" ")).into_owned();
    Line::from(format!(" {}", cut(&text, usize::from(area.width).saturating_sub(1), context.glyphs.cut)))
}

/// The offers of the key table, closer together where they would not fit, and without those in the middle where
/// even so there is no room: the first, the help and the way out stay.
fn keys(context: &Context<'_>, area: Rect) -> Line<'static> {
    let mut hints = hints(context);
    let room = usize::from(area.width);
    let width = |hints: &[(String, String)], gap: usize| {
        1 + hints.iter().map(|(key, text)| key.width() + 1 + text.width()).sum::<usize>()
            + gap * hints.len().saturating_sub(1)
    };
    let gap = if width(&hints, 3) <= room { 3 } else { 2 };
    while width(&hints, gap) > room && hints.len() > 1 {
        let keep = hints.iter().rev().take_while(|(key, _)| key == "?" || key == "q").count();
        // Of two that must go the way out goes last.
        let at = (hints.len().saturating_sub(keep + 1)).max(1);
        hints.remove(at);
    }
    let mut spans = vec![Span::raw(" ")];
    for (at, (key, text)) in hints.into_iter().enumerate() {
        spans.push(Span::raw(" ".repeat(if at == 0 { 0 } else { gap })));
        spans.push(Span::styled(key, context.theme.strong()));
        spans.push(Span::raw(format!(" {text}")));
    }
    Line::from(spans)
}

/// The key and the words of every offer; what Enter does too stands there with Enter.
fn hints(context: &Context<'_>) -> Vec<(String, String)> {
    let state = context.state;
    let primary = keymap::primary(state);
    let step = match state.place {
        Place::Diagnose(_) => keymap::mends(state).unwrap_or(state.chosen),
        _ => state.chosen,
    };
    let step = steps::step(step).name.number().to_string();
    keymap::offers(state)
        .into_iter()
        .enumerate()
        .filter_map(|(at, offer)| {
            let enters = at == 0 && primary == Some(offer.action);
            let key = if enters { Key::Enter } else { keymap::key(offer.action)? };
            let text = context.texts.fill("key", offer.hint, [("value", step.as_str())]);
            let text = text.unwrap_or_else(|| offer.hint.to_owned());
            Some((key.hint(), context.glyphs.fold(&text).into_owned()))
        })
        .collect()
}
