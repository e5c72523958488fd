//! What follows the program of a restart: the verdict on it, what that says was changed, and the way back where a
//! setting of ours is the proven cause (design §11).

use crate::domain::{
    action::{Act, Action, Set},
    check::{AdviceCode, Cause, Finding, From},
    request::{Changed, FileAfter, Root},
    restart::{self as rules, Verdict},
    settings::Setting,
};
use crate::system::compose;

use crate::engine::{
    changing::{
        carry::{self, Carried, Done, Hands, Stop},
        put_back::Restored,
        verdict::{self, Blamed, Judged},
    },
    conclude,
    run::Run,
    seeing::survey::Survey,
};

/// Waits for the verdict and takes it in.
///
/// # Errors
/// Why the restart did not come out well: it stops what would follow.
pub(crate) async fn settle(
    run: &Run<'_>,
    survey: &Survey,
    hands: &Hands,
    carried: &mut Carried,
) -> Result<Done, Stop> {
    let judged = verdict::await_verdict(run, survey, &carried.ended, carried.before.as_deref()).await;
    carried.up = judged.verdict.up();
    if touched(carried, &judged) {
        carried.changed.insert(Changed::Restart);
    }
    match judged.verdict {
        Verdict::Good => return Ok(Done::Yes),
        Verdict::GoodDespite => {
            carried.noted.push(noted(verdict::despite(&carried.ended)));
            return Ok(Done::Yes);
        }
        _ => {}
    }
    let wrote = carried.changed.contains(&Changed::Settings);
    if wrote {
        match ours(carried, &judged) {
            Some(blamed) => carried.blamed = Some(blamed),
            None => carried.file = stays(carried, &judged),
        }
    }
    let undo = (wrote && hands.applies() || carried.stands) && judged.verdict.up().is_some();
    let finding = verdict::finding(survey, &judged, &carried.ended, undo);
    let from = if judged.verdict.faults().is_empty() { From::Machine } else { From::Container };
    Err(Stop::Root(Box::new(conclude::blocking(finding, Some(from)))))
}

/// Whether containers were taken down or up.
fn touched(carried: &Carried, judged: &Judged) -> bool {
    let by_containers = match (&carried.before, &judged.now) {
        (Some(before), Some(now)) => !rules::unchanged(before, now),
        // Nobody could compare: what the program and the server said is all there is.
        _ => carried.ended.exit == Some(0) || judged.verdict.up() == Some(false),
    };
    carried.ran && (by_containers || carried.ended.went_down)
}

/// The setting that stopped api or identity, if this run gave it its value and the old file is not back already. Beside
/// what was stopped nothing goes back: it would be begun twice.
fn ours(carried: &Carried, judged: &Judged) -> Option<Blamed> {
    if carried.ended.stopped.is_some() {
        return None;
    }
    let blamed = judged.blamed.clone().filter(|_| carried.file == FileAfter::AsTold)?;
    let setting = Setting::of_key(blamed.key.as_deref()?)?;
    let set = |set: &Set| Setting::of_key(&set.key) == Some(setting);
    (verdict::is_of_settings(&blamed.service) && carried.sets.iter().any(set)).then_some(blamed)
}

fn stays(carried: &Carried, judged: &Judged) -> FileAfter {
    match &judged.blamed {
        Some(Blamed { key: Some(_), .. }) if carried.ended.stopped.is_none() => FileAfter::StaysOtherSetting,
        _ => FileAfter::StaysUnproven,
    }
}

/// What is told beside what was asked for: it weighs what it weighs.
pub(crate) fn noted(finding: Finding) -> Root {
    let severity = finding.severity();
    let conclusion = crate::domain::check::Conclusion {
        cause: finding.cause,
        check: None,
        from: Some(From::Machine),
        severity,
    };
    Root { conclusion, finding }
}

/// The way back: the old file, then the server with it; both are told, whatever comes of them.
pub(crate) async fn go_back(
    run: &Run<'_>,
    survey: &Survey,
    hands: &mut Hands,
    carried: &mut Carried,
    blamed: Blamed,
) {
    let mut finding = Finding::new(Cause::EnvInvalidValue).with("candidates", blamed.service);
    if let Some(key) = blamed.key {
        finding = finding.with("key", key);
    }
    let put_back = carry::put_back(survey, hands, carried).await;
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
            let done = carry::step(run, survey, hands, action, carried).await;
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
        for command in compose::commands_up(&survey.installation) {
            finding = finding.command(AdviceCode::StartWithoutPull, command);
        }
    }
    carried.stopped = Some(Stop::Root(Box::new(conclude::blocking(finding, Some(From::Container)))));
}
