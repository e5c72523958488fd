//! An act under way or ended: its phases with their time, and the output of the commands that it runs.

use ratatui::{style::Style, text::Span};

use super::{
    glyphs::Mark,
    page::{LABEL, Page},
};
use crate::{
    app::Run,
    domain::request::{Phase, PhaseState},
    wording,
};

/// One row a phase, also for those to come, so that nothing jumps.
pub(super) fn phases(page: &mut Page<'_>, run: &Run, phases: &[Phase]) {
    let texts = page.context.texts;
    let others = run.phases.iter().map(|row| row.phase).filter(|phase| !phases.contains(phase));
    for phase in phases.iter().copied().chain(others) {
        let row = run.phases.iter().find(|row| row.phase == phase);
        let (mark, right) = match row {
            None => (Mark::ToDo, String::new()),
            Some(row) => {
                let end = row.ended.unwrap_or(page.context.state.now);
                let took = wording::span(texts, end - row.began);
                match row.state {
                    PhaseState::Started => (Mark::Running, took),
                    PhaseState::Done => (Mark::Good, took),
                    PhaseState::Failed => (Mark::Bad, took),
                    PhaseState::Skipped => (Mark::Skipped, texts.screen_phase_skipped()),
                }
            }
        };
        let mut spans = page.gutter(false, mark);
        let name = match containers(run).filter(|_| mark == Mark::Running && is_restart(phase)) {
            Some((up, all)) => texts.screen_phase_containers(all, up),
            None => wording::phase(texts, phase),
        };
        spans.push(page.span(&name, Style::new()));
        page.with_right(spans, &right);
        if mark == Mark::Running {
            page.focus(LABEL);
        }
    }
}

fn is_restart(phase: Phase) -> bool {
    matches!(phase, Phase::Restart | Phase::Up)
}

/// How many of the containers that were named run again; none where none was named yet.
fn containers(run: &Run) -> Option<(usize, usize)> {
    use crate::domain::installation::ContainerStep as Step;
    let up =
        run.containers.iter().filter(|c| matches!(c.step, Step::Started | Step::Running | Step::Healthy));
    (!run.containers.is_empty()).then(|| (up.count(), run.containers.len()))
}

/// The command that runs and as much of its output as there is room for, at least three lines.
pub(super) fn output(page: &mut Page<'_>, run: &Run) {
    if let Some(command) = &run.command {
        let owner = page.context.state.known.installation.as_ref().map(|found| found.owner.to_string());
        let right = owner.map(|owner| page.context.texts.screen_run_as(owner)).unwrap_or_default();
        let spans = vec![Span::raw("   "), page.span(command, page.context.theme.strong())];
        page.with_right(spans, &right);
    }
    let room = page.room().max(3);
    let from = run.output.len().saturating_sub(room);
    for line in run.output.iter().skip(from) {
        let pane = format!("   {} ", page.context.glyphs.pane);
        page.line([Span::raw(pane), page.span(line, Style::new())]);
    }
}
