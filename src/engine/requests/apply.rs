//! `apply`: through the gate, then pull, write, Compose's own reading, restart, answer, proof (design §11).

use std::path::PathBuf;

use crate::domain::{
    action::Action,
    check::{AdviceCode, Cause, Finding},
    exit::{Asking, Exit},
    journal,
    region::Conclusion,
    request::{
        ApiKey, ApplyBody, Body, Phase, PhaseState, PlanBody, Problem, RestartResult, Restarting, Risk,
    },
    settings,
};
use crate::system::files::may_replace;

use crate::engine::{
    case::Case,
    changing::{carried::Carried, carry, gate, hold::ChangeRequest, restart},
    conclude::{self, Stop, Stopped, Told},
    requests::{
        plan::{self, Planned},
        undo,
    },
    run::Run,
    seeing::{
        examine::{self, Examined, Scope},
        live, open, stands,
        survey::Survey,
    },
};

/// `apply`
pub(crate) async fn apply(
    run: &Run<'_>,
    restarting: Restarting,
    planned_for: Option<String>,
    login: Option<ApiKey>,
) -> Told {
    let case = open::with_containers(run).await?;
    stands::say_found(&case);
    stands::look(&case).await;
    run.phase(Phase::Gate, PhaseState::Started);
    // What follows the gate is never cut off.
    let examined = run.asking(examine::examine(&case, Scope::GATE, None)).await?;
    let planned = plan::make(&case, examined.lookups).await?;
    let wanted = if planned.body.restart.needed { restarting } else { Restarting::No };
    if planned_for.is_some_and(|sha256| sha256 != case.survey.file.sha256) {
        return Err(Stopped::from(Problem::ChangedSincePlan).with(not_done(planned)));
    }
    if planned.body.changes.is_empty() && wanted == Restarting::No {
        run.phase(Phase::Gate, PhaseState::Done);
        return Ok(conclude::outcome(Vec::new(), Asking::Acting, not_done(planned)));
    }
    if let Err(stopped) = pass(&case, &examined, &planned, restarting).await {
        run.phase(Phase::Gate, PhaseState::Failed);
        return Err(stopped.with(not_done(planned)));
    }
    run.phase(Phase::Gate, PhaseState::Done);
    let asked = ChangeRequest { login, ..ChangeRequest::new(journal::Command::Apply) };
    match carry::carry_out(&case, asked, actions(&case.survey, &planned, wanted)).await {
        Ok(carried) => {
            let restart = carried.restart_result(planned.body.restart.clone());
            let mut body = applied(planned, &carried, restart);
            if let Body::Apply(apply) = &mut body {
                apply.undoing = undo::undoing_now(&case).await;
            }
            Ok(carried.outcome(body))
        }
        Err(stopped) => Err(stopped.with(not_done(planned))),
    }
}

/// What is to be done, in the order of design §11.
fn actions(survey: &Survey, planned: &Planned, restarting: Restarting) -> Vec<Action> {
    let write = restart::write(survey, &planned.body.changes, &planned.edit.bytes);
    restart::around(write, restarting, Some(live::values_of(survey, &planned.edit.bytes)))
}

/// Passes the gate.
///
/// # Errors
/// Why nothing may be written.
async fn pass(
    case: &Case<'_>,
    examined: &Examined,
    planned: &Planned,
    restarting: Restarting,
) -> Result<(), Stopped> {
    let options = case.options();
    if options.offline && !options.accepted.contains(&Risk::Unchecked) {
        return Err(Problem::Offline.into());
    }
    if !planned.body.changes.is_empty() {
        replaceable(&case.survey).await.map_err(Stop::of_file)?;
    }
    case.state().usable().map_err(Stop::of_file)?;
    let roots = gate::in_the_way(&case.run.report(), gate::of_apply(restarting == Restarting::Script));
    let roots = gate::after_accepted(roots, options);
    if !roots.is_empty() {
        let mut outcome = conclude::outcome(roots, Asking::Acting, Body::Nothing);
        if outcome.exit == Exit::Good {
            outcome.exit = Exit::Wrong;
        }
        return Err(outcome.into());
    }
    if let Some(finding) = overruled(&case.survey, examined) {
        return Err(Stop::of_file(finding).into());
    }
    let open = matches!(examined.conclusion(), Conclusion::Open | Conclusion::UnknownEverywhere);
    if open && options.region.is_none() {
        return Err(Problem::RegionOpen.into());
    }
    restart::possible(case, restarting, "apply --yes --no-restart").await
}

/// Whether the file could be written, before anything else is asked: whoever may not write it may not keep state
/// either, and would be told of that instead.
///
/// # Errors
/// Why it could not.
async fn replaceable(survey: &Survey) -> Result<(), Finding> {
    let (path, user) = (survey.file.path.clone(), survey.user.clone());
    // A look that broke off is told by the write itself.
    tokio::task::spawn_blocking(move || may_replace(&path, &user)).await.unwrap_or(Ok(()))
}

/// A compose file that wins over the env file: no edit of ours would count (design §11).
fn overruled(survey: &Survey, examined: &Examined) -> Option<Finding> {
    let region = match examined.conclusion() {
        Conclusion::Known(region) | Conclusion::Disabled(region) => Some(region),
        Conclusion::UnknownEverywhere | Conclusion::Open => None,
    };
    let by_compose = |finding: &Finding| {
        finding.cause == Cause::EnvNotEffective
            && finding.advice.iter().any(|advice| advice.code == AdviceCode::FixComposeOverride)
    };
    settings::findings(&survey.layers().ok()?, region).into_iter().find(by_compose)
}

/// The body where nothing was done.
fn not_done(planned: Planned) -> Body {
    let restart = restart::not_run(planned.body.restart.clone());
    body(planned, None, restart, None)
}

/// The body of what was done.
fn applied(planned: Planned, carried: &Carried, restart: RestartResult) -> Body {
    body(planned, carried.backup.clone(), restart, carried.proved)
}

fn body(planned: Planned, backup: Option<PathBuf>, restart: RestartResult, proved: Option<bool>) -> Body {
    let PlanBody { dir, region, file, changes, diff, .. } = planned.body;
    let undoing = None;
    Body::Apply(Box::new(ApplyBody { dir, region, file, changes, diff, backup, restart, proved, undoing }))
}
