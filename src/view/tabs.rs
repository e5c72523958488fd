//! The four steps as tabs: where one is on the road.

use ratatui::{style::Style, text::Span};
use unicode_width::UnicodeWidthStr;

use super::page::Page;
use crate::{domain::sync::StepName, wording};

/// Two lines and a gap are always taken, so that the body of every step begins in the same row.
pub(super) fn tabs(page: &mut Page<'_>, current: StepName) {
    let names: Vec<String> = StepName::ALL
        .into_iter()
        .map(|step| {
            let tab = wording::step_tab(page.context.texts, step);
            page.context.glyphs.fold(&format!("{} {tab}", step.number())).into_owned()
        })
        .collect();
    let total: usize = names.iter().map(|name| name.width()).sum();
    let gap = (page.context.width.saturating_sub(4 + total) / 3).clamp(2, 6);
    let mut tabs = vec![Span::raw("   ")];
    let (mut before, mut under) = (3, 0);
    let mut column = 3;
    for (step, name) in StepName::ALL.into_iter().zip(names) {
        let here = step == current;
        if here {
            (before, under) = (column, name.width());
        }
        column += name.width() + gap;
        tabs.push(Span::styled(name, if here { page.context.theme.strong() } else { Style::new() }));
        tabs.push(Span::raw(" ".repeat(gap)));
    }
    tabs.pop();
    page.line(tabs);
    let line = page.context.glyphs.under.to_string().repeat(under);
    page.line([Span::raw(" ".repeat(before)), Span::raw(line)]);
}
