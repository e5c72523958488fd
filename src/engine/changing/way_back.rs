//! The way back where a setting of ours is the proven cause of a server that does not come up (design §11).

use crate::{
    domain::{
        action::{Act, Action},
        check::{AdviceCode, Cause, Finding, Side},
        request::FileAfter,
    },
    system::compose,
};

use crate::engine::{
    case::Case,
    changing::{carried::Carried, hold::Hold, put_back::Restored, step::step, verdict::Blamed, write},
    conclude::Stop,
};

/// The way back: the old file, then the server with it; both are told, whatever comes of them.
pub(crate) async fn go(case: &Case<'_>, hold: &mut Hold, carried: &mut Carried, blamed: Blamed) {
    let mut finding = Finding::new(Cause::EnvInvalidValue).with("candidates", blamed.service);
    if let Some(key) = blamed.key {
        finding = finding.with("key", key);
    }
    let put_back = write::put_back(&case.survey, hold, carried).await;
    carried.file = match put_back {
        Ok(Restored::Whole) => FileAfter::PutBack,
        Ok(Restored::Ours) => FileAfter::OursBack,
        Ok(Restored::Not) | Err(_) => FileAfter::CouldNotPutBack,
    };
    if carried.file == FileAfter::CouldNotPutBack {
        finding = finding.command(AdviceCode::Undo, "bwsync undo --yes --restart");
    } else {
        // What is told of the restart is that of the program that was asked for.
        let ended = std::mem::take(&mut carried.ended);
        for action in [Action::Up, Action::AwaitAnswer] {
            let awaits = action.act() == Act::AwaitAnswer;
            // Where nothing could be started the server is looked at all the same.
            let done = step(case, hold, action, carried).await;
            if let Err(Stop::Root(root)) = done
                && awaits
                && root.conclusion.cause == Cause::ServerNotSeen
            {
                carried.noted.insert(0, *root);
            }
        }
        carried.ended = ended;
    }
    if carried.up == Some(false) {
        for command in compose::commands_up(&case.survey.installation, case.survey.runs.compose()) {
            finding = finding.command(AdviceCode::StartWithoutPull, command);
        }
    }
    carried.stopped = Some(Stop::seen(Side::Container, finding));
}
