//! Step 4: the two ways to trigger it, the sync as it goes, before and after, and what members do next.

use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::{
    found,
    glyphs::Mark,
    page::{LABEL, Page, TEXT, fit},
    run,
};
use crate::{
    app::What,
    domain::request::{Body, SyncBody},
    steps::trigger_sync,
    wording,
};

/// Where the two columns of the comparison begin.
const BEFORE: usize = 24;
const AFTER: usize = 48;

pub(super) fn page(page: &mut Page<'_>) {
    let state = page.context.state;
    if let Some(under_way) = state.running(What::Sync) {
        run::phases(page, under_way, trigger_sync::STEP.phases);
        return;
    }
    if let Some(ended) = state.ended(What::Sync) {
        if let Body::Sync(body) = &ended.outcome.body
            && ended.outcome.exit.is_ok()
        {
            return synced(page, body);
        }
        if let Some((mark, text)) = wording::synced(page.context.texts, &ended.outcome) {
            page.marked_in(mark, &text, page.context.theme.strong());
            page.gap();
        }
        found::why(page, &ended.outcome);
        if ended.outcome.changed.is_empty() {
            page.gap();
            page.say(TEXT, &page.context.texts.screen_sync_not_seen());
        }
        return;
    }
    still_to_do(page);
}

fn still_to_do(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let last = state.known.status.as_ref().and_then(|status| status.license_sync.last);
    if state.ledger.connection.is_some() {
        page.marked_in(Mark::Good, &texts.screen_sync_connection_saved(), page.context.theme.strong());
        page.gap();
    }
    if let Some(last) = last {
        let text = texts.screen_sync_done_before(wording::age(texts, last, state.now));
        page.marked_in(Mark::Good, &text, page.context.theme.strong());
        page.gap();
    }
    page.say(LABEL, &texts.screen_sync_what());
    page.gap();
    page.say(LABEL, &texts.screen_sync_two_ways());
    let signed_in = state.login.accepted.is_some();
    let how = if signed_in { texts.screen_sync_key_ready() } else { texts.screen_sync_key_more() };
    let ways = [
        ("t", texts.screen_sync_key(), how),
        ("-", texts.screen_sync_browser(), texts.screen_sync_browser_more()),
    ];
    let column = TEXT + 3 + ways.iter().map(|(_, title, _)| title.width()).max().unwrap_or(0) + 3;
    for (key, title, more) in ways {
        page.pair(TEXT, &format!("{key}  {title}"), column, &more);
    }
    if let Some(address) = super::apply_token::address(page) {
        page.gap();
        page.say(LABEL, &texts.page_address());
        page.whole(&address);
    }
    page.gap();
    page.say(LABEL, &texts.sync_only_asked());
}

fn synced(page: &mut Page<'_>, body: &SyncBody) {
    let texts = page.context.texts;
    let mut headline = page.gutter(false, Mark::Good);
    headline.push(page.span(&texts.sync_done(), page.context.theme.strong()));
    let at = body.after.last.map(|last| format!("{} {} UTC", wording::day(last), wording::clock(last)));
    page.with_right(headline, &at.unwrap_or_default());
    page.gap();
    row(page, "", &texts.sync_before(), &texts.sync_after());
    for line in wording::comparison(texts, &body.before, &body.after) {
        row(page, &line.label, &line.before, &line.after);
    }
    page.gap();
    page.say(LABEL, &texts.sync_only_asked());
    page.gap();
    page.say(LABEL, &texts.screen_sync_members());
}

fn row(page: &mut Page<'_>, label: &str, before: &str, after: &str) {
    let changed = before != after && !label.is_empty();
    let style = if changed { page.context.theme.strong() } else { Style::new() };
    let spans = [
        page.span(&format!("   {}", fit(label, BEFORE - LABEL)), Style::new()),
        page.span(&fit(before, AFTER - BEFORE), Style::new()),
        page.span(after, style),
    ];
    page.line(spans);
}
