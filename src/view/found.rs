//! What was found: the sentence, the evidence, what mends it, and the command alone on its line.

use ratatui::{style::Style, text::Span};
use unicode_width::UnicodeWidthStr;

use super::{
    Context,
    glyphs::Mark,
    page::{Page, TEXT, wrap},
};
use crate::{
    domain::{
        check::{Cause, Evidence, Finding, Severity},
        request::{Outcome, Problem, RegionBy, Root},
    },
    steps,
    text::Texts,
};

/// The mark of a severity.
pub(super) fn mark(severity: Severity) -> Mark {
    match severity {
        Severity::Failed => Mark::Bad,
        Severity::Unknown => Mark::Unknown,
        Severity::Warning => Mark::Look,
        Severity::ToDo => Mark::ToDo,
    }
}

/// The sentence of a cause, with what was seen in it.
pub(super) fn sentence(context: &Context<'_>, finding: &Finding) -> String {
    text(context.texts, finding)
}

/// The same without a screen.
pub(super) fn text(texts: &Texts, finding: &Finding) -> String {
    let code = finding.cause.code();
    let text = texts.fill("cause", code, finding.evidence.iter()).unwrap_or_else(|| code.to_owned());
    // Which of the hosts it was is half of the answer.
    match finding.evidence.get("host").filter(|_| finding.cause.is_of_the_way()) {
        Some(host) => format!("{host}: {text}"),
        None => text,
    }
}

/// The sentence, with the code at the right end of its last line; `number` where it can be selected.
pub(super) fn headline(page: &mut Page<'_>, root: &Root, number: Option<usize>, focus: bool) {
    let context = page.context;
    let text = context.glyphs.fold(&sentence(context, &root.finding)).into_owned();
    let code = root.finding.cause.code();
    let style = if focus { context.theme.strong() } else { Style::new() };
    let number = number.map(|number| format!("{number}  ")).unwrap_or_default();
    let indent = TEXT + number.width();
    let parts = wrap(&text, page.edge().saturating_sub(indent));
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.into_iter().enumerate() {
        let mut spans = if at == 0 {
            let mut spans = page.gutter(focus, mark(root.conclusion.severity));
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

/// The facts that were seen, in words, in the order in which they are read.
pub(super) fn facts(texts: &Texts, finding: &Finding) -> Vec<(String, String)> {
    let cause = finding.cause;
    let mut facts: Vec<_> = finding
        .evidence
        .iter()
        .filter(|(name, value)| steps::tells(&finding.evidence, name, value))
        .collect();
    facts.sort_by_key(|(name, _)| Evidence::place(name));
    // Some facts mean something of their own under a cause.
    let label = |name: &str| {
        texts
            .by_code("evidence", &format!("{name}.{}", cause.code()))
            .or_else(|| texts.by_code("evidence", name))
            .unwrap_or_else(|| name.replace('_', " "))
    };
    facts.into_iter().map(|(name, value)| (label(name), fact(texts, cause, name, value))).collect()
}

/// A fact's value; codes among them have words.
fn fact(texts: &Texts, cause: Cause, name: &str, value: &str) -> String {
    let family = match name {
        "value" if cause == Cause::TokenWrongKind => "other",
        "reason" | "note" => "reason",
        "errno" => {
            let known = value.parse().map(|number| std::io::Error::from_raw_os_error(number).to_string());
            return known.unwrap_or_else(|_| value.to_owned());
        }
        _ => return value.to_owned(),
    };
    texts.by_code(family, &value.replace(' ', "_")).unwrap_or_else(|| value.to_owned())
}

/// The facts that were seen, one a line.
pub(super) fn evidence(page: &mut Page<'_>, finding: &Finding) {
    let facts = facts(page.context.texts, finding);
    let column = TEXT + facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0) + 3;
    for (name, value) in facts {
        page.labelled(&format!("  {name}"), column.max(18), &value);
    }
}

/// What mends it: sentences, and commands alone from column 0.
pub(super) fn advice(page: &mut Page<'_>, finding: &Finding) {
    let mut said = None;
    for advice in &finding.advice {
        let code = advice.code.code();
        if said.replace(code) == Some(code) {
            // Several commands of one advice stand below its sentence.
            if let Some(command) = &advice.command {
                page.whole(command);
            }
            continue;
        }
        let text = page.context.texts.fill("advice", code, finding.evidence.iter());
        let text = text.unwrap_or_else(|| code.to_owned());
        // A sentence that leads to a command ends as a sentence where there is none.
        let text = match (text.strip_suffix(':'), &advice.command) {
            (Some(sentence), None) => format!("{sentence}."),
            _ => text,
        };
        // Here a step does what a command would do elsewhere.
        if let Some(step) = steps::doing(advice.code, finding.cause) {
            let sentence = text.strip_suffix(':').map_or(text.clone(), |sentence| format!("{sentence}."));
            page.say(TEXT, &page.context.texts.screen_advice_step(sentence, step.number()));
            continue;
        }
        page.say(TEXT, &text);
        if let Some(command) = &advice.command {
            page.whole(command);
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
        self::problem(page, problem);
    }
    for (at, found) in outcome.roots.iter().enumerate() {
        if at == 0 { root(page, found) } else { headline(page, found, None, false) }
    }
}

/// A problem that is no cause of the catalogue.
pub(super) fn problem(page: &mut Page<'_>, problem: &Problem) {
    let code = match problem {
        Problem::RegionContradicted { by: RegionBy::File | RegionBy::Option, .. } => {
            "region_contradicted_by_file"
        }
        other => other.code(),
    };
    let detail = match problem {
        Problem::Locked { holder, .. } => holder.clone(),
        Problem::Unexpected(chain) => chain.clone(),
        Problem::RegionContradicted { concluded, .. } => concluded.setting().to_owned(),
        _ => String::new(),
    };
    let values = [("holder", detail.as_str()), ("chain", detail.as_str()), ("region", detail.as_str())];
    let text = page.context.texts.fill("problem", code, values).unwrap_or_else(|| code.to_owned());
    page.marked(Mark::Bad, &text);
    if !detail.is_empty() && !text.contains(&detail) {
        page.say(TEXT, &detail);
    }
    for command in problem.commands() {
        page.whole(command);
    }
}
