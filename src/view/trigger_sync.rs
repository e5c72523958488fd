//! Step 4: the two ways to trigger it, the sync as it goes, before and after, and what members do next.

use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::{
    found,
    glyphs::Mark,
    page::{LABEL, Page, TEXT, fit},
    run, words,
};
use crate::{
    app::What,
    domain::{
        request::{Body, SyncBody},
        sync::{Snapshot, SyncState},
    },
    steps::trigger_sync,
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
        page.marked_in(Mark::Bad, &page.context.texts.screen_sync_failed(), page.context.theme.strong());
        page.gap();
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
        let text = texts.screen_sync_done_before(words::ago(texts, last, state.now));
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
        page.say(LABEL, &texts.screen_browser_address());
        page.whole(&address);
    }
    page.gap();
    page.say(LABEL, &texts.screen_sync_only_asked());
}

fn synced(page: &mut Page<'_>, body: &SyncBody) {
    let (state, texts) = (page.context.state, page.context.texts);
    let mut headline = page.gutter(false, Mark::Good);
    headline.push(page.span(&texts.screen_sync_done(), page.context.theme.strong()));
    let at = body.after.last.map(|last| format!("{} {} UTC", last.date(), words::clock(last)));
    page.with_right(headline, &at.unwrap_or_default());
    page.gap();
    row(page, "", &texts.screen_sync_before(), &texts.screen_sync_after());
    let last = |snapshot: &Snapshot| match (snapshot.state, snapshot.last) {
        (_, Some(last)) => words::ago(texts, last, state.now),
        (SyncState::Never, None) => texts.screen_sync_never(),
        _ => texts.screen_not_known(),
    };
    row(page, &texts.screen_sync_last(), &last(&body.before), &last(&body.after));
    let expires = |snapshot: &Snapshot| {
        let terms = &snapshot.terms;
        let (end, grace) = (terms.expires_without_grace.or(terms.expires), terms.expires);
        match (end, grace) {
            (Some(end), Some(grace)) if grace > end => {
                texts.screen_days_of_grace((grace - end).whole_days(), end.date().to_string())
            }
            (Some(end), _) => end.date().to_string(),
            (None, _) => texts.screen_not_known(),
        }
    };
    row(page, &texts.screen_sync_expires(), &expires(&body.before), &expires(&body.after));
    let seats = |snapshot: &Snapshot| {
        snapshot.terms.seats.map_or_else(|| texts.screen_sync_unlimited(), |n| n.to_string())
    };
    row(page, &texts.screen_sync_seats(), &seats(&body.before), &seats(&body.after));
    let plan = |snapshot: &Snapshot| snapshot.terms.plan.clone().unwrap_or_else(|| texts.screen_not_known());
    row(page, &texts.screen_sync_plan(), &plan(&body.before), &plan(&body.after));
    page.gap();
    page.say(LABEL, &texts.screen_sync_only_asked());
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
