//! Takes the verdict on a restart in: what it says was changed, and whether a setting of ours is the proven cause
//! (design §11).

use crate::domain::{
    action::Set,
    check::{Conclusion, Finding, Side},
    request::{Changed, FileAfter, Root},
    restart::{self as rules, Verdict},
    settings::Setting,
};

use crate::engine::{
    case::Case,
    changing::{
        carried::Carried,
        hold::Hold,
        verdict::{self, Blamed, Judged},
    },
    conclude::{Done, Stop},
};

/// Waits for the verdict and takes it in.
///
/// # Errors
/// Why the restart did not come out well: it stops what would follow.
pub(crate) async fn settle(case: &Case<'_>, hold: &Hold, carried: &mut Carried) -> Result<Done, Stop> {
    let judged = verdict::await_verdict(case, &carried.ended, carried.before.as_deref()).await;
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
            // What was taken back stays taken back: there is nothing to say of it.
            None if hold.takes_back() => {}
            None => carried.file = stays(carried, &judged),
        }
    }
    let undo = (wrote && hold.applies() || carried.stands) && judged.verdict.up().is_some();
    let finding = verdict::finding(&case.survey, &judged, &carried.ended, undo);
    let from = if judged.verdict.faults().is_empty() { Side::Machine } else { Side::Container };
    Err(Stop::seen(from, finding))
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
    let conclusion = Conclusion { cause: finding.cause, check: None, from: Some(Side::Machine), severity };
    Root { conclusion, finding }
}
