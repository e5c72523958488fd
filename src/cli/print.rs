//! An outcome as a page, or as one JSON object.

use time::OffsetDateTime;

use super::{
    Call, apply,
    args::Command,
    check, disable,
    json::{self, Ending},
    page::Page,
    plan, resume, status, sync, token, undo,
};
use crate::{
    domain::{
        check::State,
        exit::Exit,
        journal::Standing,
        request::{Body, Outcome, Problem},
    },
    text::Texts,
    wording,
};

/// The result as it is printed.
pub fn outcome(call: &Call, outcome: &Outcome, stands: &Standing) -> String {
    if call.look.json {
        let wrong = outcome.problem.as_ref().filter(|_| !outcome.exit.is_ok());
        let error = wrong.map(|problem| message(&call.look.english, problem));
        let ending =
            Ending { exit: outcome.exit, changed: outcome.changed.clone(), roots: &outcome.roots, error };
        return json::object(&call.run, call.name(), ending, &outcome.body);
    }
    page(call, outcome, stands, false, OffsetDateTime::now_utc())
}

/// The page at a given time.
#[cfg(test)]
pub fn at(call: &Call, outcome: &Outcome, stands: &Standing, now: OffsetDateTime) -> String {
    page(call, outcome, stands, false, now)
}

/// What a person is asked to say yes to; always a page, as it goes to the terminal.
pub fn to_consent(call: &Call, outcome: &Outcome, stands: &Standing) -> String {
    page(call, outcome, stands, true, OffsetDateTime::now_utc())
}

fn page(call: &Call, outcome: &Outcome, stands: &Standing, planned: bool, now: OffsetDateTime) -> String {
    let mut page = Page::new(&call.look, now);
    banner(&mut page, call, stands, outcome.changed.is_empty());
    if let Some(told) = &outcome.problem {
        problem(&mut page, told, outcome.exit);
    }
    body(&mut page, call, outcome, planned);
    page.into_text()
}

/// What stands first while a run of bwsync has left the server down, or may have: since when, what is written, the
/// way up, and, `undo` given, how the settings are taken back.
fn banner(page: &mut Page<'_>, call: &Call, stands: &Standing, undo: bool) {
    let Some(server) = wording::server(page.texts(), stands, page.now).filter(|_| stands.is_urgent()) else {
        return;
    };
    let texts = page.texts();
    let changed = wording::changed(texts, stands, page.now, &[]).join(" ");
    page.answer(
        if stands.is_down() { State::Failed } else { State::Unknown },
        &format!("{server} {changed}"),
    );
    if stands.at_work {
        page.line(&texts.stands_follow_with());
        page.command(&call.command_line("resume").unwrap_or_else(|| "bwsync resume".to_owned()));
    }
    if let Some(rescue) = stands.rescue.as_ref().filter(|rescue| !rescue.commands.is_empty()) {
        page.way_up(stands, rescue);
        let line = call.command_line(&format!("undo --yes{}", stands.restart_flags()));
        if let Some(undo) = line.filter(|_| undo && stands.undoable) {
            page.line(&texts.stands_then_undo());
            page.command(&undo);
        }
    }
    page.gap();
}

fn body(page: &mut Page<'_>, call: &Call, outcome: &Outcome, planned: bool) {
    match &outcome.body {
        // Where a problem says why there is none, an answer made of an empty body would contradict it.
        Body::Undo(body) if outcome.problem.is_some() && body.changes.is_empty() => {
            page.roots(&outcome.roots)
        }
        Body::Check(body) => check::print(page, outcome, body),
        Body::Plan(body) => {
            plan::print(page, outcome, body, call.command_line("apply --yes").as_deref(), false)
        }
        Body::Apply(body) => match &call.command {
            Some(Command::Apply(args)) if args.check || planned => not_applied(page, outcome, body, planned),
            Some(Command::Disable(_)) => disable::print(page, outcome, body, planned),
            Some(Command::Resume) => resume::print(page, outcome, body),
            _ => apply::print(page, outcome, body, call.command_line("undo --yes").as_deref()),
        },
        Body::Undo(body) => undo::print(page, outcome, body, planned),
        Body::Token(body) => {
            let next = match call.command {
                Some(Command::Token(token::TokenCommand::Verify(_))) => {
                    "token set --token-file FILE --api-key-file FILE"
                }
                _ => "sync --api-key-file FILE",
            };
            token::print(page, outcome, body, call.command_line(next).as_deref());
        }
        Body::Sync(body) => sync::print(page, outcome, body),
        Body::Status(body) => status::print(page, outcome, body),
        Body::Look(body) => status::print(page, outcome, &body.status),
        Body::Nothing => page.roots(&outcome.roots),
    }
}

/// `apply --check`: the plan again, in its own words.
fn not_applied(page: &mut Page<'_>, outcome: &Outcome, body: &crate::domain::request::ApplyBody, asks: bool) {
    let plan = crate::domain::request::PlanBody {
        dir: body.dir.clone(),
        region: body.region,
        file: body.file.clone(),
        changes: body.changes.clone(),
        diff: body.diff.clone(),
        restart: body.restart.plan.clone(),
        later: crate::domain::request::Later::default(),
    };
    plan::print(page, outcome, &plan, None, asks);
}

fn problem(page: &mut Page<'_>, problem: &Problem, exit: Exit) {
    page.answer(wording::of_exit(exit), &wording::problem(page.texts(), problem));
    for command in problem.commands() {
        page.command(command);
    }
    page.gap();
}

/// The sentence of a problem with the commands that it announces, for JSON, which has no page below it.
fn message(texts: &Texts, problem: &Problem) -> String {
    let sentence = wording::problem(texts, problem);
    match problem.commands() {
        [] => sentence,
        commands => format!("{sentence} {}", commands.join("; ")),
    }
}
