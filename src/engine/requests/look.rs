//! The look at everything that the overview shows, in one go: each host is asked once.

use crate::domain::{
    exit::Asking,
    license::License,
    request::{ApiKey, Body, LookBody, Outcome, StatusBody},
};

use crate::engine::{
    conclude::{self, Told},
    requests::{plan, resume, status, undo},
    run::Run,
    seeing::{
        examine::{self, Scope},
        open, stands, survey,
    },
};

/// The overview.
pub(crate) async fn look(run: &Run<'_>, login: Option<ApiKey>) -> Told {
    let asking = Asking::Diagnosing { strict: false };
    let survey = match open::looked_at(run).await {
        Ok(survey) => survey,
        Err(finding) => {
            let outcome = conclude::not_found(run, finding, asking);
            let body = LookBody {
                check: conclude::check_body(run, None),
                plan: None,
                status: StatusBody::default(),
                organization: None,
                organizations: Vec::new(),
                installations: survey::candidates(run.options).await,
                key_accepted: None,
                interrupted: false,
                license_known: None,
                undoing: None,
            };
            return Ok(Outcome { body: Body::Look(Box::new(body)), ..outcome });
        }
    };
    let case = open::of(run, survey).await?;
    stands::say_found(&case);
    // What earlier runs left is known before anybody is asked.
    stands::tell(run).await;
    let examined = examine::examine(&case, Scope::ALL, login.as_ref()).await;
    let planned = plan::make(&case, examined.lookups).await.ok();
    let connection = examined.server.as_ref().and_then(|seen| seen.connection.clone());
    let status = status::from_files(&case, planned.as_ref(), connection).await;
    let body = LookBody {
        check: conclude::check_body(run, Some(&case.survey)),
        plan: planned.map(|planned| planned.body),
        status,
        organization: case.license().map(License::organization),
        organizations: case.survey.licenses.iter().map(License::organization).collect(),
        installations: Vec::new(),
        key_accepted: examined.key_accepted,
        interrupted: resume::interrupted(&case).await.is_some(),
        license_known: examined.license_known,
        undoing: undo::undoing(&case.survey, case.state()).await,
    };
    Ok(conclude::outcome(conclude::roots_of(&run.report()), asking, Body::Look(Box::new(body))))
}
