//! What was found: the sentence, the evidence, what mends it, and the command alone on its line.

use ratatui::{style::Style, text::Span};
use unicode_width::UnicodeWidthStr;

use super::page::{Page, TEXT, wrap};
use crate::{
    domain::{
        check::{Finding, Severity},
        exit::Exit,
        request::{Outcome, Problem, Root},
    },
    wording::{self, Medium},
};

/// The sentence, with the code at the right end of its last line; `number` where it can be selected.
pub(super) fn headline(page: &mut Page<'_>, root: &Root, number: Option<usize>, focus: bool) {
    let context = page.context;
    let text = context.glyphs.fold(&wording::title(context.texts, &root.finding)).into_owned();
    let code = root.finding.cause.code();
    let style = if focus { context.theme.strong() } else { Style::new() };
    let number = number.map(|number| format!("{number}  ")).unwrap_or_default();
    let indent = TEXT + number.width();
    let parts = wrap(&text, page.edge().saturating_sub(indent));
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.into_iter().enumerate() {
        let mut spans = if at == 0 {
            let mut spans = page.gutter(focus, root.conclusion.severity.into());
            spans.push(Span::styled(number.clone(), style));
            spans
        } else {
            vec![Span::raw(" ".repeat(indent))]
        };
        spans.push(Span::styled(part, style));
        let used: usize = spans.iter().map(|span| span.content.width()).sum();
        let beside = used + 2 + code.width() <= page.edge();
        if at == last && text != code && beside {
            page.with_right(spans, code);
        } else {
            page.line(spans);
            if at == last && text != code && root.conclusion.severity != Severity::ToDo {
                page.with_right(vec![Span::raw(" ".repeat(indent))], code);
            }
        }
    }
}

/// The facts that were seen, one a line.
pub(super) fn evidence(page: &mut Page<'_>, finding: &Finding) {
    let facts = wording::facts(page.context.texts, &finding.evidence, Some(finding.cause));
    let column = TEXT + facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0) + 3;
    for (name, value) in facts {
        page.labelled(&format!("  {name}"), column.max(18), &value);
    }
}

/// What mends it: sentences, and commands alone from column 0.
pub(super) fn advice(page: &mut Page<'_>, finding: &Finding) {
    for line in wording::advice(page.context.texts, &finding.advice, Some(finding.cause), Medium::Screen) {
        if let Some(sentence) = line.sentence {
            page.say(TEXT, &sentence);
        }
        if let Some(command) = line.command {
            page.whole(&command);
        }
    }
}

/// One root, whole.
pub(super) fn root(page: &mut Page<'_>, root: &Root) {
    headline(page, root, None, false);
    evidence(page, &root.finding);
    advice(page, &root.finding);
}

/// Why a request ended, whole: the problem, then the first root with everything, the others with their sentence.
pub(super) fn why(page: &mut Page<'_>, outcome: &Outcome) {
    if let Some(problem) = &outcome.problem {
        self::problem(page, problem, outcome.exit);
    }
    for (at, found) in outcome.roots.iter().enumerate() {
        if at == 0 { root(page, found) } else { headline(page, found, None, false) }
    }
}

/// A problem that is no cause of the catalogue, of a request that ended so.
pub(super) fn problem(page: &mut Page<'_>, problem: &Problem, exit: Exit) {
    page.marked(wording::of_exit(exit), &wording::problem(page.context.texts, problem));
    for command in problem.commands() {
        page.whole(command);
    }
}
