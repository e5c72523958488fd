//! What is wrong: the conclusions first, then the rows that they rest on, then what mends the selected one.

use ratatui::{style::Style, text::Span};
use unicode_width::UnicodeWidthStr;

use super::{
    found,
    glyphs::Mark,
    page::{Page, TEXT, fit},
};
use crate::{
    app::What,
    domain::check::{CheckId, Side, Stage, Target},
    wording,
};

/// The rungs that are columns, with their widths.
const LADDER: [(Stage, usize); 7] = [
    (Stage::Name, 9),
    (Stage::Connect, 10),
    (Stage::Proxy, 9),
    (Stage::Tls, 9),
    (Stage::Http, 9),
    (Stage::SignIn, 10),
    (Stage::License, 9),
];
/// Where the columns begin.
const FIRST: usize = 24;

pub(super) fn page(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let roots = &state.known.roots;
    if let Some(ended) = state.ended(What::Look)
        && let Some(problem) = &ended.outcome.problem
    {
        found::problem(page, problem, ended.outcome.exit);
    }
    if state.running(What::Apply).or(state.running(What::Undo)).is_some() {
        page.marked(Mark::Running, &texts.screen_diagnose_before_restart());
    }
    if roots.is_empty() {
        let looking = state.running(What::Look).is_some();
        let text = if looking { texts.screen_diagnose_running() } else { texts.screen_diagnose_good() };
        page.marked(if looking { Mark::Running } else { Mark::Good }, &text);
    }
    let selected = state.conclusion.min(roots.len().saturating_sub(1));
    for (at, root) in roots.iter().enumerate() {
        let before = page.lines().len();
        found::headline(page, root, Some(at + 1), at == selected);
        if at == selected {
            page.focus_row(before, 1);
        }
    }
    page.gap();
    matrix(page);
    files(page);
    if let Some(root) = roots.get(selected) {
        page.gap();
        found::evidence(page, &root.finding);
        found::advice(page, &root.finding);
    }
}

/// Hosts down, rungs across; one block a side.
fn matrix(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let ladder = |id: &CheckId| LADDER.iter().any(|(stage, _)| *stage == id.stage);
    let rows: Vec<CheckId> = state.known.report.rows().map(|(id, _)| id).filter(ladder).collect();
    let used: Vec<(Stage, usize)> =
        LADDER.into_iter().filter(|(stage, _)| rows.iter().any(|id| id.stage == *stage)).collect();
    let mut headed = false;
    for from in [Side::Container, Side::Machine].into_iter().filter(|from| state.known.looked_from(*from)) {
        let targets: Vec<Target> = Target::ALL
            .iter()
            .copied()
            .filter(|target| rows.iter().any(|id| id.from == from && id.target == *target))
            .collect();
        if targets.is_empty() {
            continue;
        }
        let side = wording::side(texts, from);
        let mut heading = vec![page.span(&fit(&format!("   {side}"), FIRST), Style::new())];
        if !std::mem::replace(&mut headed, true) {
            for (stage, width) in &used {
                let name = wording::stage(texts, *stage);
                heading.push(page.span(&fit(&name, *width), Style::new()));
            }
        }
        page.line(heading);
        for target in targets {
            let name = wording::target(texts, target);
            let mut spans = vec![page.span(&fit(&format!("     {name}"), FIRST), Style::new())];
            for (stage, width) in &used {
                cell(page, &mut spans, CheckId::new(from, target, *stage), *width);
            }
            page.line(spans);
        }
    }
}

/// The time of a rung that passed; the sign of one that did not; nothing where there is no such rung.
fn cell(page: &Page<'_>, spans: &mut Vec<Span<'static>>, id: CheckId, width: usize) {
    let (known, glyphs) = (&page.context.state.known, page.context.glyphs);
    let (mark, time) = match known.report.get(id) {
        None if known.report.running(id) => (Mark::Running, None),
        None => return spans.push(Span::raw(" ".repeat(width))),
        Some(check) => (Mark::from(check.state), check.duration_ms),
    };
    let text = match (mark, time) {
        (Mark::Good, Some(time)) => page.context.texts.screen_ms(time),
        (mark, Some(time)) if mark != Mark::Skipped => {
            format!("{} {}", glyphs.mark(mark), page.context.texts.screen_ms(time))
        }
        (mark, _) => glyphs.mark(mark).to_owned(),
    };
    let style = if mark == Mark::Good { Style::new() } else { page.context.theme.mark(mark) };
    spans.push(page.span(&fit(&text, width), style));
}

/// The rows that are no rung: files, the server, its log; one line a side.
fn files(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let ladder = |id: &CheckId| {
        matches!(id.from, Side::Machine | Side::Container)
            && LADDER.iter().any(|(stage, _)| *stage == id.stage)
    };
    for sides in [&[Side::File, Side::Machine][..], &[Side::Container], &[Side::Server], &[Side::Log]] {
        // One word a target: the worst of its rows.
        let mut seen: Vec<(Target, Option<Mark>)> = Vec::new();
        for (id, check) in state.known.report.rows().filter(|(id, _)| sides.contains(&id.from) && !ladder(id))
        {
            let mark = check.map(|check| Mark::from(check.state));
            match seen.iter_mut().find(|(target, _)| *target == id.target) {
                Some((_, known)) => {
                    if weight(mark) > weight(*known) {
                        *known = mark;
                    }
                }
                None => seen.push((id.target, mark)),
            }
        }
        if seen.is_empty() {
            continue;
        }
        let side = match sides {
            [side] => wording::side(texts, *side),
            _ => texts.screen_diagnose_here(),
        };
        let column = FIRST.max(side.width() + TEXT);
        let mut spans = vec![page.span(&fit(&format!("   {side}"), column), Style::new())];
        let mut used = column;
        for (target, mark) in seen {
            let mark = mark.unwrap_or(Mark::Running);
            let name = wording::target(texts, target);
            let sign = page.context.glyphs.mark(mark);
            let width = sign.width() + 1 + name.width();
            if used + width > page.context.width && used > column {
                page.line(std::mem::replace(&mut spans, vec![Span::raw(" ".repeat(column))]));
                used = column;
            }
            used += width + 3;
            spans.push(page.span(sign, page.context.theme.mark(mark)));
            spans.push(page.span(&format!(" {name}   "), Style::new()));
        }
        page.line(spans);
    }
}

fn weight(mark: Option<Mark>) -> usize {
    match mark {
        Some(Mark::Good) => 0,
        Some(Mark::Skipped) => 1,
        Some(Mark::ToDo) => 2,
        None | Some(Mark::Running) => 3,
        Some(Mark::Look) => 4,
        Some(Mark::Unknown) => 5,
        Some(Mark::Bad) => 6,
    }
}
