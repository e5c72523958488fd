//! `plan`: the region, the edit, and the restart that would follow.

use crate::domain::{
    check::{AdviceCode, Cause, Finding, Side},
    exit::{Asking, Exit},
    region::{Conclusion, Lookups, conclude as conclude_region},
    request::{Body, Later, PlanBody, Problem, RegionBy, RegionView, RestartPlan},
    settings::{self, Edit},
};

use crate::engine::{
    case::Case,
    changing::restart,
    conclude::{self, Stop, Told},
    run::Run,
    seeing::{
        examine::{own_region, region_lookups},
        live::{self, Pending},
        open, opinion, stands,
    },
};

/// A plan with the bytes that it would write.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) body: PlanBody,
    pub(crate) edit: Edit,
}

/// `plan`
pub(crate) async fn plan(run: &Run<'_>, check: bool) -> Told {
    let case = open::with_containers(run).await?;
    stands::say_found(&case);
    stands::look(&case).await;
    let lookups = region_lookups(&case).await;
    let planned = make(&case, lookups).await?;
    let would_change = !planned.body.changes.is_empty() || planned.body.restart.needed;
    // An apply would be refused for this before anything else is done.
    let unkept = case.state().usable().err().filter(|_| would_change);
    let roots: Vec<_> = region_findings(lookups)
        .into_iter()
        .map(|finding| conclude::blocking(finding, Some(Side::Machine)))
        .chain(unkept.map(|finding| conclude::blocking(finding, Some(Side::File))))
        .collect();
    let mut outcome = conclude::outcome(roots, Asking::Acting, Body::Plan(Box::new(planned.body)));
    if outcome.exit == Exit::Good && check && would_change {
        outcome.exit = Exit::WouldChange;
    }
    Ok(outcome)
}

/// What the regions' answers say against going on.
pub(crate) fn region_findings(lookups: Lookups) -> Option<Finding> {
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
pub(crate) fn region_view(case: &Case<'_>, lookups: Lookups) -> Result<RegionView, Problem> {
    let (us, eu) = (lookups.us, lookups.eu);
    match (conclude_region(lookups), case.run.options.region) {
        (Conclusion::Known(region) | Conclusion::Disabled(region), given) => match given {
            Some(given) if given != region => {
                Err(Problem::RegionContradicted { concluded: region, by: RegionBy::Cloud })
            }
            _ => Ok(RegionView { concluded: Some(region), us, eu, by: RegionBy::Cloud, planned: region }),
        },
        (_, Some(given)) => Ok(RegionView { concluded: None, us, eu, by: RegionBy::Option, planned: given }),
        (_, None) => {
            let planned = own_region(case);
            Ok(RegionView { concluded: None, us, eu, by: RegionBy::File, planned })
        }
    }
}

/// The region as the file has it: nobody was asked.
pub(crate) fn region_as_it_is(case: &Case<'_>) -> RegionView {
    let Lookups { us, eu } = Lookups::default();
    RegionView { concluded: None, us, eu, by: RegionBy::File, planned: own_region(case) }
}

/// Makes the plan from what the regions answered.
///
/// # Errors
/// What is wrong with the env file, as far as it cannot be edited; a region against the concluded one.
pub(crate) async fn make(case: &Case<'_>, lookups: Lookups) -> Result<Planned, Stop> {
    let survey = &case.survey;
    let region = region_view(case, lookups).map_err(Stop::Problem)?;
    let env = survey.env.as_ref().map_err(|finding| Stop::of_file(finding.clone()))?;
    let layers = survey.layers().map_err(|finding| Stop::of_file(finding.clone()))?;
    let name = survey.file.path.display().to_string();
    let edit = settings::plan(&layers, region.planned, &name).map_err(Stop::of_file)?;
    let objections = opinion::objections(env, &edit.bytes, &edit.changes);
    if !objections.is_empty() {
        let told = format!("a second reader objects to the edit: {}", objections.join(", "));
        return Err(Stop::Problem(Problem::Unexpected(told)));
    }
    let needed = !edit.changes.is_empty() || live::pending(case).await == Pending::Yes;
    let body = PlanBody {
        dir: case.survey.installation.dir.clone(),
        region,
        file: case.survey.file.clone(),
        changes: edit.changes.clone(),
        diff: edit.diff.clone(),
        restart: RestartPlan {
            last_took: restart::last_took(case).await,
            ..restart::plan(&case.survey, needed)
        },
        later: Later {
            dropped: edit.later.dropped.clone(),
            comes_back: edit.later.comes_back.iter().map(ToString::to_string).collect(),
        },
    };
    Ok(Planned { body, edit })
}
