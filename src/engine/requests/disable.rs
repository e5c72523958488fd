//! `disable`: takes the set-up back. The connection is removed while the server still runs, then the switch goes
//! off in place and the server is restarted; the region's lines stay, they are right (issue: design §4).

use crate::domain::{
    action::Action,
    exit::{Asking, Exit},
    journal,
    request::{ApiKey, ApplyBody, Body, Outcome, Problem, RestartResult, Restarting, Shown},
    settings::{self, Edit},
};

use crate::engine::{
    case::Case,
    changing::{
        carry,
        hold::{self, ChangeRequest},
        restart,
    },
    conclude::{self, Stop, Stopped, Told},
    requests::plan,
    run::Run,
    seeing::{
        live::{self, Pending},
        open, stands,
    },
};

/// `disable`
pub(crate) async fn disable(
    run: &Run<'_>,
    restarting: Restarting,
    confirmed: bool,
    shown_for: Option<Shown>,
    login: Option<ApiKey>,
) -> Told {
    let held = match confirmed && shown_for.is_none() && login.is_some() {
        true => hold::early(run).await?,
        false => None,
    };
    let case = open::with_containers(run).await?;
    stands::say_found(&case);
    let survey = &case.survey;
    let layers = survey.layers().map_err(|finding| Stop::of_file(finding.clone()))?;
    let name = survey.file.path.display().to_string();
    let edit = settings::disable(&layers, &name).map_err(Stop::of_file)?;
    let shown = Shown { file: survey.file.sha256.clone(), journal: None };
    if shown_for.is_some_and(|wanted| wanted.file != shown.file) {
        return Err(Problem::ChangedSincePlan.into());
    }
    let needed = !edit.changes.is_empty() || live::pending(&case).await == Pending::Yes;
    let plan = restart::plan(survey, needed);
    let not_done = || body(&case, &edit, restart::not_run(plan.clone()));
    if !confirmed {
        let outcome = conclude::outcome(Vec::new(), Asking::Acting, not_done());
        return Ok(Outcome { exit: Exit::WouldChange, ..outcome });
    }
    if login.is_none() {
        return Err(Stopped::from(Problem::ApiKeyMissing).with(not_done()));
    }
    restart::possible(&case, restarting, "disable --yes --no-restart --api-key-file FILE")
        .await
        .map_err(|stopped| stopped.with(not_done()))?;
    let write = restart::write(survey, &edit.changes, &edit.bytes);
    let mut actions = vec![Action::RemoveConnection];
    let values = live::values_of(survey, &edit.bytes);
    actions.extend(restart::around(write, if needed { restarting } else { Restarting::No }, Some(values)));
    let asked =
        ChangeRequest { shown: Some(shown), held, login, ..ChangeRequest::new(journal::Command::Disable) };
    let carried =
        carry::carry_out(&case, asked, actions).await.map_err(|stopped| stopped.with(not_done()))?;
    let mut body = body(&case, &edit, carried.restart_result(plan.clone()));
    if let Body::Apply(apply) = &mut body {
        apply.backup.clone_from(&carried.backup);
        apply.proved = carried.proved;
    }
    Ok(carried.outcome(body))
}

fn body(case: &Case<'_>, edit: &Edit, restart: RestartResult) -> Body {
    Body::Apply(Box::new(ApplyBody {
        dir: case.survey.installation.dir.clone(),
        region: plan::region_as_it_is(case),
        file: case.survey.file.clone(),
        changes: edit.changes.clone(),
        diff: edit.diff.clone(),
        backup: None,
        restart,
        proved: None,
        undoing: None,
    }))
}
