//! `check`: asks everything in the order of the ladder and tells each row.

use crate::domain::{
    exit::Asking,
    request::{ApiKey, Body},
};

use crate::engine::{
    conclude::{self, Stopped, Told},
    requests::plan,
    run::Run,
    seeing::{
        examine::{self, Scope},
        open,
        select::Selection,
        stands,
    },
};

/// `check`
pub(crate) async fn check(run: &Run<'_>, selection: Selection, strict: bool, login: Option<ApiKey>) -> Told {
    run.select(selection);
    let asking = Asking::Diagnosing { strict };
    let survey = match open::looked_at(run).await {
        Ok(survey) => survey,
        Err(finding) => return Ok(conclude::not_found(run, finding, asking)),
    };
    let case = open::of(run, survey).await?;
    case.organization_named()?;
    stands::say_found(&case);
    let examined = examine::examine(&case, Scope::ALL, login.as_ref()).await;
    let body = || Body::Check(Box::new(conclude::check_body(run, Some(&case.survey))));
    plan::region_view(&case, examined.lookups).map_err(|problem| Stopped::from(problem).with(body()))?;
    Ok(conclude::outcome(conclude::roots_of(&run.report()), asking, body()))
}
