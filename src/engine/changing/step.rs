//! Does one action, with its intent in the journal before and its result after.

use crate::domain::{
    action::Action,
    check::{AdviceCode, Cause, Finding, Side},
    journal::Entry,
    request::{Changed, FileAfter, PhaseState},
};

use crate::engine::{
    case::Case,
    changing::{
        carried::Carried,
        hold::Hold,
        proof::{self, Proof},
        put_back::Restored,
        removal::{self, Removed},
        restart, settle,
        write::{self, NewFile},
    },
    conclude::{Done, Stop},
    seeing::docker,
};

/// Does it, with its result in the journal.
pub(crate) async fn step(
    case: &Case<'_>,
    hold: &mut Hold,
    action: Action,
    carried: &mut Carried,
) -> Result<(), Stop> {
    let act = action.act();
    if let Some(finding) = carried.unwritten.clone().filter(|_| act.changes()) {
        return Err(Stop::of_file(finding));
    }
    case.run.phase(act.phase(), PhaseState::Started);
    let done = perform(case, hold, action, carried).await;
    let (state, ok, result) = match &done {
        Ok(Done::Yes) => (PhaseState::Done, true, None),
        Ok(Done::NoNeed) => (PhaseState::Skipped, true, None),
        Err(Stop::Root(root)) => (PhaseState::Failed, false, Some(root.conclusion.cause.code().to_owned())),
        Err(Stop::Problem(problem)) => (PhaseState::Failed, false, Some(problem.code().to_owned())),
    };
    case.run.phase(act.phase(), state);
    // The act is done: a journal that cannot be written now must not hide how it went.
    let noted = hold.journal.write(Entry::Done { action: act, ok, result });
    if let Err(finding) = noted {
        carried.unwritten.get_or_insert(finding);
    }
    done.map(|_| ())
}

async fn perform(
    case: &Case<'_>,
    hold: &mut Hold,
    action: Action,
    carried: &mut Carried,
) -> Result<Done, Stop> {
    let act = action.act();
    match action {
        Action::Write { file, expected, contents, changes } => {
            let new = NewFile { file, expected, contents, changes };
            return write::write(&case.survey, hold, new, carried).await;
        }
        _ => match hold.journal.write(Entry::Intent { action: act, file: None }) {
            Err(finding) if act.changes() => return Err(Stop::of_file(finding)),
            // What was begun is followed to its end all the same.
            Err(finding) => carried.unwritten = Some(finding),
            Ok(()) => {}
        },
    }
    match action {
        Action::Pull => restart::pull(case).await.map_err(|finding| Stop::seen(Side::Machine, finding)),
        Action::ComposeConfig => match restart::compose_reads(case).await {
            Err(mut finding) => {
                match write::put_back(&case.survey, hold, carried).await? {
                    Restored::Whole => {}
                    Restored::Ours => carried.file = FileAfter::OursBack,
                    Restored::Not => {
                        carried.file = FileAfter::CouldNotPutBack;
                        finding = finding.command(AdviceCode::Undo, "bwsync undo --yes");
                    }
                }
                Err(Stop::of_file(finding))
            }
            Ok(done) => Ok(done),
        },
        Action::Restart => {
            look_before(case, carried).await;
            carried.ended = restart::restart(case, hold, carried.before.as_deref()).await?;
            carried.ran = true;
            // What came of it is decided by the containers and by whether the server answers (design §11).
            Ok(Done::Yes)
        }
        Action::Up => {
            look_before(case, carried).await;
            carried.ended = restart::up(case, hold, carried.before.as_deref()).await?;
            carried.ran = true;
            Ok(Done::Yes)
        }
        Action::RemoveConnection => {
            let removed = removal::remove_connection(case, hold.login.as_ref()).await;
            if matches!(removed, Removed::Yes | Removed::Perhaps(_)) {
                carried.changed.insert(Changed::Connection);
            }
            match removed {
                Removed::Yes => Ok(Done::Yes),
                Removed::NoNeed => Ok(Done::NoNeed),
                Removed::Not(finding) | Removed::Perhaps(finding) => Err(Stop::of_server(finding)),
            }
        }
        Action::AwaitAnswer => {
            let done = settle::settle(case, hold, carried).await;
            hold.saw(carried.up);
            done
        }
        Action::Prove { values } => {
            let before = carried.before.as_deref().filter(|_| carried.ended.by_script);
            let proof = proof::prove(case, &values, before, hold.login.as_ref()).await;
            carried.proved = proof.told();
            match proof {
                Proof::Proved => Ok(Done::Yes),
                Proof::Unseen => Ok(Done::NoNeed),
                Proof::Refuted => {
                    let finding = Finding::new(Cause::EnvNotEffective);
                    let finding = finding.command(AdviceCode::RestartServer, "bwsync apply --yes");
                    Err(Stop::seen(Side::Machine, finding))
                }
            }
        }
        Action::Write { .. } => Ok(Done::NoNeed),
    }
}

/// The containers before the first restart of this run: what comes after is compared with them.
async fn look_before(case: &Case<'_>, carried: &mut Carried) {
    if carried.before.is_none() {
        carried.before = docker::parts(case).await;
    }
}
