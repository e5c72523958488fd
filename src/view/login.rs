//! Signing in on the server with an owner's personal API key.

use unicode_width::UnicodeWidthStr;

use super::{
    apply_token::{field, masked},
    found,
    glyphs::Mark,
    page::{LABEL, Page},
    run,
};
use crate::{
    app::{Focus, LoginForm, Purpose, What},
    domain::request::Phase,
    steps,
};

pub(super) fn page(page: &mut Page<'_>, form: &LoginForm) {
    let (state, texts) = (page.context.state, page.context.texts);
    let server = state.known.server().map_or_else(|| texts.screen_bye_this_server(), str::to_owned);
    page.say_in(LABEL, &texts.screen_login_title(server), page.context.theme.strong());
    page.gap();
    let (id, secret) = (texts.screen_login_id(), texts.screen_login_secret());
    let column = LABEL + id.width().max(secret.width()) + 2;
    let busy = what(form.purpose).1;
    let under_way = state.running(busy);
    let failed = state.ended(busy).filter(|ended| !ended.outcome.exit.is_ok());
    // Why it failed, and what to do about it, takes the room of what was said before.
    if failed.is_none() {
        page.say(LABEL, &texts.screen_login_where());
        page.say(LABEL, &texts.screen_login_mail());
        page.gap();
    }
    let focus = |focus: Focus| form.focus == focus && under_way.is_none();
    let typed = state.login.id.text().trim();
    let path = typed.starts_with(['/', '~', '.']);
    // What is no client_id may be a secret in the wrong field.
    let shown = typed.is_empty() || path || could_be_personal(typed);
    let text = if shown {
        state.login.id.text().to_owned()
    } else {
        page.context.glyphs.mask.to_string().repeat(typed.chars().count())
    };
    let cursor = focus(Focus::Id).then(|| state.login.id.cursor());
    field(page, &id, column, &text, cursor);
    let text = masked(page, &state.login.secret);
    let cursor = focus(Focus::Secret).then(|| text.width());
    field(page, &secret, column, &text, cursor);
    if !shown {
        page.marked(Mark::Look, &texts.screen_login_not_personal());
    } else {
        page.say(column, &texts.screen_login_hint());
    }
    page.gap();
    if let Some(under_way) = under_way {
        run::phases(page, under_way, what(form.purpose).0);
    } else if let Some(ended) = failed {
        found::why(page, &ended.outcome);
    }
    if let Some(demo) = &state.look.demo {
        page.gap();
        page.say(LABEL, &texts.screen_demo_key());
        page.whole(&demo.api_key_file.display().to_string());
    }
}

/// The phases and the request of a purpose.
fn what(purpose: Purpose) -> (&'static [Phase], What) {
    match purpose {
        Purpose::Save => (steps::apply_token::STEP.phases, What::Save),
        Purpose::Sync => (steps::trigger_sync::STEP.phases, What::Sync),
        Purpose::Status => (&[Phase::SignIn, Phase::ReadStatus], What::Status),
    }
}

/// Whether it is, or may become, the `client_id` of a personal API key.
fn could_be_personal(typed: &str) -> bool {
    const START: &str = "user.";
    typed.starts_with(START) || START.starts_with(typed)
}
