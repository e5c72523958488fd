//! A question that costs something: the only frame there is. No stands first and is preselected.

use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Clear, Widget},
};
use unicode_width::UnicodeWidthStr;

use super::{
    Context,
    page::{cut, wrap},
    put,
};
use crate::{
    app::{Question, QuestionOf},
    domain::request::{Change, Changes, Risk},
    steps::configure::{self, RESTART_SECONDS, ToDo},
};

/// Columns of the frame, where there is room for them.
const WIDTH: u16 = 73;

/// The title, what it costs, and the words for yes.
fn words(context: &Context<'_>, of: QuestionOf) -> (String, Vec<String>, String) {
    let texts = context.texts;
    let known = &context.state.known;
    let change = || {
        let count = known.plan.as_ref().map_or(0, |plan| plan.changes.len());
        let path = known.plan.as_ref().and_then(|plan| plan.file.path.file_name());
        let file = path.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        texts.screen_question_apply_change(count, file)
    };
    match of {
        QuestionOf::Apply | QuestionOf::WithoutPull => {
            let only_restart = configure::to_do(known) == ToDo::Restart;
            let yes = if only_restart {
                texts.screen_question_restart_yes()
            } else {
                texts.screen_question_apply_yes()
            };
            (
                texts.screen_question_apply(),
                vec![texts.screen_question_apply_cost(RESTART_SECONDS), change()],
                yes,
            )
        }
        QuestionOf::Write => (
            texts.screen_question_write(),
            vec![change(), texts.screen_question_write_cost()],
            texts.screen_question_write_yes(),
        ),
        QuestionOf::Undo if context.state.ledger.stands.is_down() => (
            texts.screen_question_undo(),
            std::iter::once(texts.screen_question_undo_down()).chain(taken_back(context)).collect(),
            texts.screen_question_undo_down_yes(),
        ),
        QuestionOf::Undo => (
            texts.screen_question_undo(),
            std::iter::once(texts.screen_question_undo_cost(RESTART_SECONDS))
                .chain(taken_back(context))
                .collect(),
            texts.screen_question_undo_yes(),
        ),
        QuestionOf::Anyway(risk) => (
            texts.screen_question_anyway(),
            vec![match risk {
                Risk::RootInstallation => texts.screen_question_anyway_root(),
                Risk::Unchecked | Risk::UnverifiedToken => texts.screen_question_anyway_unchecked(),
                Risk::FailedChecks => texts.screen_question_anyway_failed(),
            }],
            texts.screen_question_anyway_yes(),
        ),
        QuestionOf::Leave(changes) => (
            texts.screen_question_leave(),
            vec![match changes {
                Changes::Installation => texts.screen_question_leave_apply(),
                Changes::Server | Changes::Nothing => texts.screen_question_leave_other(),
            }],
            texts.screen_question_leave_yes(),
        ),
    }
}

/// What would be taken back and what would be left, one line each.
fn taken_back(context: &Context<'_>) -> Vec<String> {
    let texts = context.texts;
    let Some(undoing) = &context.state.known.undoing else { return Vec::new() };
    let none = texts.cli_not_set();
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| none.clone());
    let change =
        |change: &Change| format!("{}: {} -> {}", change.key, value(&change.from), value(&change.to));
    let left = undoing.left.iter().map(|left| texts.cli_undo_left(left.key.as_str()));
    undoing.changes.iter().map(change).chain(left).collect()
}

/// Draws the frame in the middle of the body.
pub(super) fn draw(frame: &mut Frame<'_>, body: Rect, context: &Context<'_>, question: &Question) {
    let (title, costs, yes) = words(context, question.of);
    let fold = |text: &str| context.glyphs.fold(text).into_owned();
    let width = WIDTH.min(body.width);
    let inner = usize::from(width).saturating_sub(6);
    let mut lines: Vec<String> = costs.iter().flat_map(|cost| wrap(&fold(cost), inner)).collect();
    let no = fold(&context.texts.screen_question_no());
    // Both answers side by side, or one below the other where they do not fit.
    let beside = no.width() + fold(&yes).width() + 16 <= usize::from(width);
    let rows = if beside { 1 } else { 2 };
    let height = u16::try_from(lines.len() + 3 + rows).unwrap_or(u16::MAX).min(body.height);
    // Where there is no room for all of it the answers stay.
    lines.truncate(usize::from(height).saturating_sub(3 + rows));
    let area = Rect {
        x: body.x.saturating_add(body.width.saturating_sub(width) / 2),
        y: body.y.saturating_add(body.height.saturating_sub(height) / 2),
        width,
        height,
    }
    .intersection(frame.area());
    if area.is_empty() {
        return;
    }
    // The page behind must not seem to go on in the frame's own lines: a margin around it is blank.
    let margin = Rect {
        x: body.x,
        y: area.y.saturating_sub(1).max(body.y),
        width: body.width,
        height: area.height.saturating_add(2),
    };
    Clear.render(margin.intersection(body).intersection(frame.area()), frame.buffer_mut());
    let [top_left, top_right, bottom_left, bottom_right, side] = context.glyphs.frame;
    let span = usize::from(width).saturating_sub(2);
    let rule = context.glyphs.rule;
    let title = cut(&format!("{rule} {} ", fold(&title)), span, context.glyphs.cut);
    let rest = rule.to_string().repeat(span.saturating_sub(title.width()));
    put(frame, area, 0, &Line::from(format!("{top_left}{title}{rest}{top_right}")));
    for (row, line) in lines.iter().map(String::as_str).chain([""]).enumerate() {
        let text = format!("{side}  {}", cut(line, inner, context.glyphs.cut));
        let room = usize::from(width).saturating_sub(text.width() + 1);
        put(frame, area, row + 1, &Line::from(format!("{text}{}{side}", " ".repeat(room))));
    }
    let answers = usize::from(height).saturating_sub(1 + rows);
    let (row, column) = if beside {
        let both = [(no.as_str(), !question.yes), (&*fold(&yes), question.yes)];
        (answers, answer_line(frame, area, answers, context, &both))
    } else {
        let below = answers + 1;
        let first = answer_line(frame, area, answers, context, &[(&no, !question.yes)]);
        let second = answer_line(frame, area, below, context, &[(&*fold(&yes), question.yes)]);
        if question.yes { (below, second) } else { (answers, first) }
    };
    let bottom = rule.to_string().repeat(span);
    put(frame, area, answers + rows, &Line::from(format!("{bottom_left}{bottom}{bottom_right}")));
    if let (Ok(row), Ok(column)) = (u16::try_from(row), u16::try_from(column)) {
        let x = area.x.saturating_add(column.min(area.width.saturating_sub(1)));
        frame.set_cursor_position(Position { x, y: area.y.saturating_add(row) });
    }
}

/// Answers beside each other, the selected one reversed; tells the column of the selected one.
fn answer_line(
    frame: &mut Frame<'_>,
    area: Rect,
    row: usize,
    context: &Context<'_>,
    answers: &[(&str, bool)],
) -> usize {
    let side = context.glyphs.frame[4];
    let width = usize::from(area.width);
    let mut spans = vec![Span::raw(format!("{side} "))];
    let mut used = 2;
    let mut column = used + 1;
    for (at, (answer, selected)) in answers.iter().enumerate() {
        if at > 0 {
            spans.push(Span::raw("   "));
            used += 3;
        }
        if *selected {
            column = used + 1;
        }
        let sign = if *selected { context.glyphs.focus } else { " " };
        let text = cut(&format!(" {sign} {answer} "), width.saturating_sub(used + 1), context.glyphs.cut);
        used += text.width();
        let style = if *selected { context.theme.selected() } else { Style::new() };
        spans.push(Span::styled(text, style));
    }
    let room = width.saturating_sub(used + 1);
    spans.push(Span::raw(format!("{}{side}", " ".repeat(room))));
    put(frame, area, row, &Line::from(spans));
    column
}
