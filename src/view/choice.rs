//! A list to choose from.

use ratatui::style::Style;

use unicode_width::UnicodeWidthStr;

use super::page::{LABEL, Page, cut, fit};
use crate::{
    app::{Choice, ChoiceOf},
    domain::{installation::Organization, region::Region},
};

/// Longest name that is shown whole, so that the id beside it is.
const LONGEST_NAME: usize = 34;

/// Name and id, since two may have the same name.
fn organizations(organizations: &[Organization]) -> Vec<String> {
    let name = |organization: &Organization| organization.name.clone().unwrap_or_default();
    let widest = organizations.iter().map(|organization| name(organization).width()).max().unwrap_or(0);
    let width = widest.min(LONGEST_NAME) + 2;
    organizations
        .iter()
        .map(|organization| {
            let name = cut(&name(organization), LONGEST_NAME, '~');
            format!("{}{}", fit(&name, width), organization.id)
        })
        .collect()
}

pub(super) fn page(page: &mut Page<'_>, choice: &Choice) {
    let (known, texts) = (&page.context.state.known, page.context.texts);
    let (question, rows): (String, Vec<String>) = match choice.of {
        ChoiceOf::Installation => (
            texts.screen_choose_installation(),
            known.installations.iter().map(|path| path.display().to_string()).collect(),
        ),
        ChoiceOf::Organization => (texts.screen_choose_organization(), organizations(&known.organizations)),
        ChoiceOf::Region => (
            texts.screen_choose_region(),
            Region::ALL
                .iter()
                .map(|region| match region {
                    Region::Us => texts.screen_region_us(),
                    Region::Eu => texts.screen_region_eu(),
                })
                .collect(),
        ),
    };
    page.say_in(LABEL, &question, page.context.theme.strong());
    page.gap();
    for (at, row) in rows.iter().enumerate() {
        let focus = at == choice.at;
        let sign = if focus { page.context.glyphs.focus } else { " " };
        let style = if focus { page.context.theme.strong() } else { Style::new() };
        let spans = [
            page.span(&format!(" {sign} "), page.context.theme.strong()),
            page.span(&format!("{}  {row}", at + 1), style),
        ];
        page.line(spans);
        if focus {
            page.focus(1);
        }
    }
}
