//! Step 2: the clicks with the labels of the cloud's web app, then the address, whole and alone.

use unicode_width::UnicodeWidthStr;

use super::page::{LABEL, Page, TEXT};
use crate::{
    domain::sync::{StepName, StepState},
    steps::obtain_token,
};

pub(super) fn page(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    if state.known.standing(StepName::ObtainToken) == StepState::Done {
        page.marked(super::glyphs::Mark::Good, &texts.screen_obtain_done());
    } else {
        page.say(LABEL, &texts.screen_obtain_who());
    }
    page.gap();
    page.say(LABEL, &texts.screen_obtain_path());
    let rows = [
        (texts.screen_obtain_first(), texts.screen_obtain_first_when()),
        (texts.screen_obtain_again(), texts.screen_obtain_again_when()),
    ];
    let column = TEXT + rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0) + 3;
    for (label, when) in rows {
        page.pair(TEXT, &label, column, &when);
    }
    page.say(TEXT, &texts.screen_obtain_then());
    page.gap();
    match obtain_token::address(&state.known) {
        Some(address) => {
            page.say(LABEL, &texts.page_address());
            page.whole(&address);
        }
        None => {
            page.say(LABEL, &texts.screen_obtain_start());
            page.whole(&obtain_token::start(&state.known));
        }
    }
    page.gap();
    page.say(LABEL, &texts.screen_obtain_copy());
    page.gap();
    let question = texts.screen_obtain_no_button();
    page.labelled(&question, LABEL + question.width() + 2, &texts.screen_obtain_no_button_why());
}
