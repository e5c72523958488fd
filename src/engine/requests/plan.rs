//! `plan`: the region, the edit, and the restart that would follow.

use crate::domain::{
    check::{Finding, From},
    exit::{Asking, Exit},
    region::{Conclusion, Lookups, conclude as conclude_region},
    request::{Body, Later, Outcome, PlanBody, Problem, RegionBy, RegionView, RestartPlan},
    settings::{self, Edit},
};

use crate::engine::{
    changing::{proof, restart},
    conclude,
    requests::look,
    run::Run,
    seeing::{
        docker,
        examine::{own_region, region_lookups},
        opinion, stands,
        survey::Survey,
    },
};

/// A plan with the bytes that it would write.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) body: PlanBody,
    pub(crate) edit: Edit,
}

/// Why there is no plan.
#[derive(Debug)]
pub(crate) enum NoPlan {
    Finding(Finding),
    Problem(Problem),
}

impl NoPlan {
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::Finding(finding) => conclude::stopped(finding, Some(From::File), Body::Nothing),
            Self::Problem(problem) => conclude::problem(problem, Body::Nothing),
        }
    }
}

/// `plan`
pub(crate) async fn plan(run: &Run<'_>, check: bool) -> Outcome {
    let (survey, net) = match docker::surveyed_with_net(run).await {
        Ok(both) => both,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    look::say_found(run, &survey);
    stands::look(run, &survey).await;
    let lookups = region_lookups(run, &survey, &net).await;
    let planned = match make(run, &survey, lookups).await {
        Ok(planned) => planned,
        Err(none) => return none.outcome(),
    };
    let would_change = !planned.body.changes.is_empty() || planned.body.restart.needed;
    // An apply would be refused for this before anything else is done.
    let unkept = survey.state(run.options).usable().err().filter(|_| would_change);
    let roots: Vec<_> = region_findings(&survey, lookups)
        .into_iter()
        .map(|finding| conclude::blocking(finding, Some(From::Machine)))
        .chain(unkept.map(|finding| conclude::blocking(finding, Some(From::File))))
        .collect();
    let mut outcome = conclude::outcome(roots, Asking::Acting, Body::Plan(Box::new(planned.body)));
    if outcome.exit == Exit::Good && check && would_change {
        outcome.exit = Exit::WouldChange;
    }
    outcome
}

/// What the regions' answers say against going on.
pub(crate) fn region_findings(_survey: &Survey, lookups: Lookups) -> Option<Finding> {
    use crate::domain::check::{AdviceCode, Cause};
    match conclude_region(lookups) {
        Conclusion::UnknownEverywhere => Some(
            Finding::new(Cause::InstallationIdUnknown)
                .command(AdviceCode::NewInstallationId, "https://bitwarden.com/host/"),
        ),
        Conclusion::Disabled(region) => Some(
            Finding::new(Cause::InstallationDisabled)
                .with("region", region.setting())
                .advise(AdviceCode::AskSupport),
        ),
        Conclusion::Known(_) | Conclusion::Open => None,
    }
}

/// The region that a plan is made for: the cloud's answer, else `--region`, else the file's own.
pub(crate) fn region_view(run: &Run<'_>, survey: &Survey, lookups: Lookups) -> Result<RegionView, Problem> {
    let (us, eu) = (lookups.us, lookups.eu);
    match (conclude_region(lookups), run.options.region) {
        (Conclusion::Known(region) | Conclusion::Disabled(region), given) => match given {
            Some(given) if given != region => {
                Err(Problem::RegionContradicted { concluded: region, by: RegionBy::Cloud })
            }
            _ => Ok(RegionView { concluded: Some(region), us, eu, by: RegionBy::Cloud, planned: region }),
        },
        (_, Some(given)) => Ok(RegionView { concluded: None, us, eu, by: RegionBy::Option, planned: given }),
        (_, None) => {
            let planned = own_region(run, survey);
            Ok(RegionView { concluded: None, us, eu, by: RegionBy::File, planned })
        }
    }
}

/// Makes the plan from what the regions answered.
pub(crate) async fn make(run: &Run<'_>, survey: &Survey, lookups: Lookups) -> Result<Planned, NoPlan> {
    let region = region_view(run, survey, lookups).map_err(NoPlan::Problem)?;
    if let Err(finding) = &survey.env {
        return Err(NoPlan::Finding(finding.clone()));
    }
    let Some(layers) = survey.layers() else {
        return Err(NoPlan::Problem(Problem::Unexpected("the env file has no layers".into())));
    };
    let name = survey.file.path.display().to_string();
    let edit = settings::plan(&layers, region.planned, &name).map_err(NoPlan::Finding)?;
    let objections = survey
        .env
        .as_ref()
        .map(|old| opinion::objections(old, &edit.bytes, &edit.changes))
        .unwrap_or_default();
    if !objections.is_empty() {
        let keys = objections.join(", ");
        return Err(NoPlan::Problem(Problem::Unexpected(format!(
            "a second reader objects to the edit: {keys}"
        ))));
    }
    let needed = !edit.changes.is_empty() || proof::pending(run, survey).await == Some(true);
    let body = PlanBody {
        dir: survey.installation.dir.clone(),
        region,
        file: survey.file.clone(),
        changes: edit.changes.clone(),
        diff: edit.diff.clone(),
        restart: RestartPlan {
            last_took: restart::last_took(run, survey).await,
            ..restart::plan(survey, needed)
        },
        later: Later {
            dropped: edit.later.dropped.clone(),
            comes_back: edit.later.comes_back.iter().map(ToString::to_string).collect(),
        },
    };
    Ok(Planned { body, edit })
}
