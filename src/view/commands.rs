//! Every command that was run, in order, each whole and from column 0, to be copied.

use super::page::{LABEL, Page};

pub(super) fn page(page: &mut Page<'_>) {
    let texts = page.context.texts;
    page.say_in(LABEL, &texts.screen_commands_title(), page.context.theme.strong());
    page.gap();
    let commands = &page.context.state.commands;
    if commands.is_empty() {
        page.say(LABEL, &texts.screen_commands_none());
    }
    for command in commands {
        page.whole(command);
    }
}
