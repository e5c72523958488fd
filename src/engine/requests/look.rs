//! `check`, and the look at everything that the overview shows.

use crate::domain::{
    exit::Asking,
    request::{ApiKey, Body, CheckBody, Event, LookBody, Outcome, StatusBody},
    settings,
};

use crate::engine::{
    conclude,
    requests::{plan, resume, status, undo},
    run::Run,
    seeing::{
        docker,
        examine::{self, Scope},
        select::Selection,
        stands::{self, Ground},
        survey::{self, Survey},
    },
};

/// `check`
pub(crate) async fn check(
    run: &Run<'_>,
    selection: Selection,
    strict: bool,
    login: Option<ApiKey>,
) -> Outcome {
    run.select(selection);
    let asking = Asking::Diagnosing { strict };
    let survey = match docker::surveyed(run).await {
        Ok(survey) => survey,
        Err(finding) => return conclude::not_found(run, finding, asking),
    };
    let net = match survey.net(run).await {
        Ok(net) => net,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    if run.options.org.is_some() && survey.license(run.options).is_none() {
        return conclude::problem(survey.organization_open(), Body::Nothing);
    }
    say_found(run, &survey);
    let examined = examine::examine(run, &survey, &net, Scope::ALL, login.as_ref()).await;
    if let Err(problem) = plan::region_view(run, &survey, examined.lookups) {
        return conclude::problem(problem, Body::Check(Box::new(check_body(run, Some(&survey)))));
    }
    let report = run.report();
    let body = check_body(run, Some(&survey));
    conclude::outcome(conclude::roots_of(&report), asking, Body::Check(Box::new(body)))
}

/// Everything that the overview shows, in one go: each host is asked once.
pub(crate) async fn look(run: &Run<'_>, login: Option<ApiKey>) -> Outcome {
    let asking = Asking::Diagnosing { strict: false };
    let survey = match docker::surveyed(run).await {
        Ok(survey) => survey,
        Err(finding) => {
            let outcome = conclude::not_found(run, finding, asking);
            let installations = survey::candidates(run.options).await;
            let body = LookBody {
                check: check_body(run, None),
                plan: None,
                status: StatusBody::default(),
                organization: None,
                organizations: Vec::new(),
                installations,
                key_accepted: None,
                interrupted: false,
                license_known: None,
                undoing: None,
            };
            return Outcome { body: Body::Look(Box::new(body)), ..outcome };
        }
    };
    let net = match survey.net(run).await {
        Ok(net) => net,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    say_found(run, &survey);
    // What earlier runs left is known before anybody is asked.
    stands::tell(run).await;
    let examined = examine::examine(run, &survey, &net, Scope::ALL, login.as_ref()).await;
    let planned = plan::make(run, &survey, examined.lookups).await.ok();
    let connection = examined.server.as_ref().and_then(|seen| seen.connection.clone());
    let status = status::from_files(run, &survey, planned.as_ref(), connection).await;
    let report = run.report();
    let body = LookBody {
        check: check_body(run, Some(&survey)),
        plan: planned.map(|planned| planned.body),
        status,
        organization: survey.license(run.options).map(|license| license.organization()),
        organizations: survey.organizations(),
        installations: Vec::new(),
        key_accepted: examined.key_accepted,
        interrupted: resume::interrupted(run, &survey).await.is_some(),
        license_known: examined.license_known,
        undoing: undo::undoing(run, &survey).await,
    };
    conclude::outcome(conclude::roots_of(&report), asking, Body::Look(Box::new(body)))
}

/// The rows so far as the body of `check`.
pub(crate) fn check_body(run: &Run<'_>, survey: Option<&Survey>) -> CheckBody {
    let report = run.report();
    CheckBody {
        verdict: report.verdict(),
        installation: survey.map(|survey| survey.installation.clone()),
        settings: survey
            .and_then(|survey| survey.layers().map(|layers| settings::read(&layers)))
            .unwrap_or_default(),
        checks: report.to_checks(),
    }
}

/// Says what was found before anybody is contacted.
pub(crate) fn say_found(run: &Run<'_>, survey: &Survey) {
    let organization = survey.license(run.options).map(|license| license.organization());
    run.stand_on(Ground::of(run, survey));
    run.say(Event::Found(Box::new(survey.installation.clone()), organization));
}
