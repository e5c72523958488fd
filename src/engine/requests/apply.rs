//! `apply`: through the gate, then pull, write, Compose's own reading, restart, answer, proof (design §11).

use std::path::PathBuf;

use crate::domain::{
    action::{Action, Contents, Set},
    check::{AdviceCode, Cause, Finding, From},
    exit::{Asking, Exit},
    journal,
    region::Conclusion,
    request::{
        ApiKey, ApplyBody, Body, Outcome, Phase, PhaseState, PlanBody, Problem, RestartResult, Restarting,
        Risk,
    },
    settings,
};
use crate::system::files::may_replace;

use crate::engine::{
    changing::{carry, gate, proof, restart},
    conclude,
    requests::{
        look,
        plan::{self, Planned},
        undo,
    },
    run::Run,
    seeing::{
        docker,
        examine::{self, Examined, Scope},
        stands,
        survey::Survey,
    },
};

/// `apply`
pub(crate) async fn apply(
    run: &Run<'_>,
    restarting: Restarting,
    planned_for: Option<String>,
    login: Option<ApiKey>,
) -> Outcome {
    let (survey, net) = match docker::surveyed_with_net(run).await {
        Ok(both) => both,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    look::say_found(run, &survey);
    stands::look(run, &survey).await;
    run.phase(Phase::Gate, PhaseState::Started);
    let examining = examine::examine(run, &survey, &net, Scope::GATE, None);
    // What follows the gate is never cut off.
    let Ok(examined) = run.asking(examining).await else {
        return conclude::problem(Problem::TimedOut, Body::Nothing);
    };
    let planned = match plan::make(run, &survey, examined.lookups).await {
        Ok(planned) => planned,
        Err(none) => return none.outcome(),
    };
    let wanted = if planned.body.restart.needed { restarting } else { Restarting::No };
    if planned_for.is_some_and(|sha256| sha256 != survey.file.sha256) {
        return conclude::problem(Problem::ChangedSincePlan, not_done(planned));
    }
    if planned.body.changes.is_empty() && wanted == Restarting::No {
        run.phase(Phase::Gate, PhaseState::Done);
        return conclude::outcome(Vec::new(), Asking::Acting, not_done(planned));
    }
    if let Some(stopped) = stopped_at_gate(run, &survey, &examined, &planned, restarting).await {
        run.phase(Phase::Gate, PhaseState::Failed);
        return Outcome { body: not_done(planned), ..stopped };
    }
    run.phase(Phase::Gate, PhaseState::Done);
    let errand =
        carry::Errand { command: journal::Command::Apply, takes_back: None, shown: None, held: None, login };
    let carried = match carry::carry_out(run, &survey, errand, actions(&survey, &planned, wanted)).await {
        Ok(carried) => carried,
        Err(stopped) => return Outcome { body: not_done(planned), ..stopped },
    };
    let restart = carried.restart_result(planned.body.restart.clone());
    let mut body = applied(planned, &carried, restart);
    if let Body::Apply(apply) = &mut body {
        apply.undoing = undo::undoing_now(run).await;
    }
    carried.outcome(body)
}

/// What is to be done, in the order of design §11.
fn actions(survey: &Survey, planned: &Planned, restarting: Restarting) -> Vec<Action> {
    let changes: Vec<_> =
        planned.body.changes.iter().map(|c| Set { key: c.key.clone(), to: c.to.clone() }).collect();
    let write = (!changes.is_empty()).then(|| Action::Write {
        file: survey.file.path.clone(),
        expected: survey.file.sha256.clone(),
        contents: Contents::new(planned.edit.bytes.clone()),
        changes,
    });
    restart::around(write, restarting, Some(proof::values_of(survey, &planned.edit.bytes)))
}

/// Why nothing may be written, if so.
async fn stopped_at_gate(
    run: &Run<'_>,
    survey: &Survey,
    examined: &Examined,
    planned: &Planned,
    restarting: Restarting,
) -> Option<Outcome> {
    if run.options.offline && !run.options.accepted.contains(&Risk::Unchecked) {
        return Some(conclude::problem(Problem::Offline, Body::Nothing));
    }
    if !planned.body.changes.is_empty()
        && let Some(finding) = not_replaceable(survey).await
    {
        return Some(conclude::stopped(finding, Some(From::File), Body::Nothing));
    }
    if let Err(finding) = survey.state(run.options).usable() {
        return Some(conclude::stopped(finding, Some(From::File), Body::Nothing));
    }
    let gates = gate::of_apply(restarting == Restarting::Script);
    let roots = gate::in_the_way(&run.report(), gates);
    let roots = gate::after_accepted(roots, run.options);
    if !roots.is_empty() {
        let mut outcome = conclude::outcome(roots, Asking::Acting, Body::Nothing);
        if outcome.exit == Exit::Good {
            outcome.exit = Exit::Wrong;
        }
        return Some(outcome);
    }
    if let Some(finding) = overruled(survey, examined) {
        return Some(conclude::stopped(finding, Some(From::File), Body::Nothing));
    }
    let open = matches!(examined.conclusion(), Conclusion::Open | Conclusion::UnknownEverywhere);
    if open && run.options.region.is_none() {
        return Some(conclude::problem(Problem::RegionOpen, Body::Nothing));
    }
    restart::possible(run, survey, restarting, "apply --yes --no-restart").await.err().map(|stopped| *stopped)
}

/// Why the file could not be written, before anything else is: whoever may not write it may not keep state either,
/// and would be told of that instead.
async fn not_replaceable(survey: &Survey) -> Option<Finding> {
    let (path, user) = (survey.file.path.clone(), survey.user.clone());
    // A look that broke off is told by the write itself.
    tokio::task::spawn_blocking(move || may_replace(&path, &user)).await.ok()?.err()
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
    settings::findings(&survey.layers()?, region).into_iter().find(by_compose)
}

/// The body where nothing was done.
pub(crate) fn not_done(planned: Planned) -> Body {
    let restart = restart::not_run(planned.body.restart.clone());
    body(planned, None, restart, None)
}

/// The body of what was done.
pub(crate) fn applied(planned: Planned, carried: &carry::Carried, restart: RestartResult) -> Body {
    body(planned, carried.backup.clone(), restart, carried.proved)
}

fn body(planned: Planned, backup: Option<PathBuf>, restart: RestartResult, proved: Option<bool>) -> Body {
    let PlanBody { dir, region, file, changes, diff, .. } = planned.body;
    let undoing = None;
    Body::Apply(Box::new(ApplyBody { dir, region, file, changes, diff, backup, restart, proved, undoing }))
}
