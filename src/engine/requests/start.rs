//! The way up after a failed pull: the containers from the images that are here, then nginx.

use crate::domain::{action::Action, journal};

use crate::engine::{
    changing::{carry, hold::ChangeRequest, restart},
    conclude::Told,
    requests::resume::body,
    run::Run,
    seeing::{open, stands},
};

/// Starts the server without the script.
pub(crate) async fn start(run: &Run<'_>) -> Told {
    let case = open::files(run).await?;
    stands::say_found(&case);
    let plan = restart::plan(&case.survey, true);
    let asked = ChangeRequest::new(journal::Command::Resume);
    let carried = carry::carry_out(&case, asked, vec![Action::Up, Action::AwaitAnswer])
        .await
        .map_err(|stopped| stopped.with(body(&case, None, restart::not_run(plan.clone()))))?;
    let result = carried.restart_result(plan);
    Ok(carried.outcome(body(&case, None, result)))
}
