//! Step 1: the plan as an exact diff, the restart as it goes, and how it ended.

use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::{
    banner, found,
    glyphs::Mark,
    page::{LABEL, Page, TEXT},
    run,
};
use crate::{
    app::{Ended, What},
    domain::{
        check::{AdviceCode, Severity},
        exit::Exit,
        request::{ApplyBody, Body, Changed, DiffLine, DiffSign, Outcome, Phase, PlanBody, Problem},
    },
    steps::configure::{self, RESTART_SECONDS, ToDo},
    wording,
};

pub(super) fn page(page: &mut Page<'_>) {
    let state = page.context.state;
    if let Some(under_way) = state.running(What::Apply) {
        run::phases(page, under_way, configure::STEP.phases);
        page.gap();
        run::output(page, under_way);
    } else if let Some(under_way) = state.running(What::Undo) {
        page.marked(Mark::Running, &page.context.texts.screen_undo_running());
        page.gap();
        run::phases(page, under_way, &[]);
        page.gap();
        run::output(page, under_way);
    } else if let Some(under_way) = state.running(What::Up) {
        run::phases(page, under_way, &[Phase::Up, Phase::Answer]);
        page.gap();
        run::output(page, under_way);
    } else if let Some(under_way) = state.running(What::Resume) {
        page.marked(Mark::Running, &page.context.texts.screen_resume_running());
        page.gap();
        run::phases(page, under_way, &[]);
        page.gap();
        run::output(page, under_way);
    } else if let Some(ended) = state.ended(What::Up).or_else(|| state.ended(What::Resume)).filter(is_bad) {
        went_wrong(page, ended);
    } else if let Some(ended) = state.ended(What::Apply) {
        applied(page, ended);
    } else if let Some(ended) = state.ended(What::Undo).filter(is_bad) {
        undo_failed(page, ended);
    } else {
        banner::way_up(page);
        planned(page);
    }
}

/// Both outcomes, each by itself: the settings, and the server.
fn undo_failed(page: &mut Page<'_>, ended: &Ended) {
    let texts = page.context.texts;
    banner::way_up(page);
    if ended.outcome.changed.contains(&Changed::Settings) {
        page.marked(Mark::Good, &texts.screen_undo_back());
    } else {
        page.marked_in(Mark::Bad, &texts.screen_undo_not_back(), page.context.theme.strong());
    }
    let up = match &ended.outcome.body {
        Body::Undo(undo) => undo.restart.up,
        _ => None,
    };
    match up.or_else(|| page.context.state.ledger.stands.is_down().then_some(false)) {
        Some(true) => page.marked(Mark::Good, &texts.screen_undo_up()),
        Some(false) => page.marked_in(Mark::Bad, &texts.screen_undo_down(), page.context.theme.strong()),
        None => page.marked(Mark::Unknown, &texts.screen_undo_not_seen()),
    }
    page.gap();
    found::why(page, &without_way_up(page, &ended.outcome));
    run::output(page, &ended.run);
}

/// The outcome without the commands of the way up where they stand above already.
fn without_way_up(page: &Page<'_>, outcome: &Outcome) -> Outcome {
    let mut outcome = outcome.clone();
    let stands = &page.context.state.ledger.stands;
    if stands.needs_rescue() && stands.rescue.as_ref().is_some_and(|rescue| !rescue.commands.is_empty()) {
        for root in &mut outcome.roots {
            root.finding.advice.retain(|advice| advice.code != AdviceCode::StartWithoutPull);
        }
    }
    outcome
}

fn is_bad(ended: &&Ended) -> bool {
    !ended.outcome.exit.is_ok()
}

fn planned(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let Some(plan) = &state.known.plan else {
        if state.running(What::Look).is_some() {
            page.marked(Mark::Running, &texts.screen_plan_looking());
        } else {
            page.say_in(LABEL, &texts.screen_plan_none(), page.context.theme.strong());
            if let Some(ended) = state.ended(What::Look) {
                page.gap();
                found::why(page, &ended.outcome);
            }
        }
        return;
    };
    let to_do = configure::to_do(&state.known);
    page.say(LABEL, &wording::region(texts, &plan.region));
    let strong = page.context.theme.strong();
    match to_do {
        ToDo::ChooseRegion => page.say_in(LABEL, &texts.screen_plan_choose(), strong),
        ToDo::Nothing => page.marked_in(Mark::Good, &texts.screen_plan_nothing(), strong),
        ToDo::Restart => page.say_in(LABEL, &texts.screen_plan_restart(), strong),
        ToDo::Write | ToDo::NoPlan => {
            page.say_in(LABEL, &texts.screen_plan_changes(plan.changes.len()), strong)
        }
    }
    page.gap();
    if !plan.diff.lines.is_empty() {
        page.say(LABEL, &plan.file.path.display().to_string());
        diff(page, &plan.diff.lines);
        page.gap();
    }
    if to_do != ToDo::Nothing {
        costs(page, plan);
    }
}

/// Sign, number, text; a line that is too long goes on below itself, so that the change is shown to the letter.
fn diff(page: &mut Page<'_>, lines: &[DiffLine]) {
    for line in lines {
        let (sign, style) = match line.sign {
            DiffSign::Same => (' ', Style::new()),
            DiffSign::Removed => ('-', page.context.theme.mark(Mark::Bad)),
            DiffSign::Added => ('+', page.context.theme.mark(Mark::Good)),
        };
        let before = format!("   {sign}{:>2}   ", line.number);
        let column = before.width();
        let text = page.context.glyphs.fold(&line.text).into_owned();
        let room = page.context.width.saturating_sub(column).max(1);
        for (at, part) in super::page::chunks(&text, room).into_iter().enumerate() {
            let before = if at == 0 { before.clone() } else { " ".repeat(column) };
            page.line([page.span(&before, style), page.span(&part, style)]);
        }
    }
}

fn costs(page: &mut Page<'_>, plan: &PlanBody) {
    let (state, texts) = (page.context.state, page.context.texts);
    let checked = if state.running(What::Look).is_some() {
        format!("{} {}", page.context.glyphs.mark(Mark::Running), texts.screen_plan_checked_running())
    } else if let Some(root) =
        state.known.roots.iter().find(|root| root.conclusion.severity == Severity::Failed)
    {
        format!("{} {}", page.context.glyphs.mark(Mark::Bad), wording::title(texts, &root.finding))
    } else if state.known.key_accepted == Some(true) {
        texts.screen_plan_checked_all()
    } else {
        texts.screen_plan_checked_open()
    };
    let rows = [
        (texts.screen_plan_checked(), checked),
        (
            texts.screen_plan_cost(),
            texts.screen_plan_cost_value(plan.restart.last_took.map_or(RESTART_SECONDS, u64::cast_signed)),
        ),
        (texts.screen_plan_undo(), texts.screen_plan_undo_value()),
    ];
    let push_off = state.known.installation.as_ref().is_some_and(|found| found.push_off);
    if push_off && plan.region.planned == crate::domain::region::Region::Eu {
        page.say(LABEL, &texts.screen_plan_push());
    }
    if !plan.later.dropped.is_empty() {
        page.say(LABEL, &texts.plan_later(plan.later.dropped.len()));
    }
    let column = LABEL + rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0) + 2;
    for (label, value) in rows {
        page.labelled(&label, column, &value);
    }
}

fn applied(page: &mut Page<'_>, ended: &Ended) {
    if ended.outcome.problem == Some(Problem::ChangedSincePlan) {
        found::why(page, &ended.outcome);
        page.gap();
        return planned(page);
    }
    match &ended.outcome.body {
        Body::Apply(body) if ended.outcome.exit.is_ok() => {
            went_well(page, body);
            if !ended.outcome.roots.is_empty() {
                page.gap();
                found::why(page, &ended.outcome);
            }
        }
        _ => went_wrong(page, ended),
    }
}

fn went_well(page: &mut Page<'_>, body: &ApplyBody) {
    let (texts, strong) = (page.context.texts, page.context.theme.strong());
    let region = body.region.planned.setting();
    if body.restart.ran {
        // That the server can talk to the cloud is said only where it was seen.
        if body.proved == Some(true) {
            page.marked_in(Mark::Good, &texts.screen_apply_done(region), strong);
            page.gap();
            page.marked(Mark::Good, &texts.screen_apply_done_restarted());
            page.marked(Mark::Good, &texts.screen_apply_done_proved());
        } else {
            page.marked_in(Mark::Good, &texts.screen_apply_done_restarted(), strong);
            page.gap();
            page.marked(Mark::Unknown, &texts.screen_apply_done_not_proved());
        }
    } else {
        page.marked_in(Mark::Good, &texts.screen_apply_done_written(), strong);
        if let Some(command) = &body.restart.plan.command {
            page.whole(command);
        }
    }
    if let Some(backup) = &body.backup {
        page.gap();
        page.say(TEXT, &texts.screen_apply_done_backup());
        page.whole(&backup.display().to_string());
    }
    page.gap();
    page.say(TEXT, &texts.screen_apply_done_next());
}

/// First whether the server is up, which the banner says where it is not; then the way up, why, and what the commands
/// said last.
fn went_wrong(page: &mut Page<'_>, ended: &Ended) {
    let (state, texts) = (page.context.state, page.context.texts);
    let stands = &state.ledger.stands;
    if !stands.is_urgent() {
        let text = match ended.outcome.exit {
            Exit::FailedDown => texts.screen_apply_failed_down_now(),
            // That it is up is said only where it was heard.
            _ => match ended.outcome.restart().filter(|restart| restart.ran).map(|restart| restart.up) {
                Some(Some(true)) => texts.screen_apply_failed_up(),
                Some(_) => texts.screen_apply_failed_unknown(),
                None if ended.outcome.changed.is_empty() => texts.screen_apply_nothing_written(),
                None => texts.screen_apply_failed_untouched(),
            },
        };
        page.marked_in(Mark::Bad, &text, page.context.theme.strong());
    }
    let file = ended.outcome.restart().and_then(|restart| wording::file_after(texts, restart));
    if let Some(line) = &file {
        page.say(TEXT, line);
    }
    if !stands.is_urgent() || file.is_some() {
        page.gap();
    }
    banner::way_up(page);
    found::why(page, &without_way_up(page, &ended.outcome));
    if !ended.run.output.is_empty() {
        page.gap();
        run::output(page, &ended.run);
    }
}
