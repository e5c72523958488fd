//! `disable`: takes the set-up back. The connection is removed while the server still runs, then the switch goes
//! off in place and the server is restarted; the region's lines stay, they are right (issue: design §4).

use crate::domain::{
    action::{Action, Contents, Set},
    check::From,
    exit::{Asking, Exit},
    journal,
    region::Lookups,
    request::{
        ApiKey, ApplyBody, Body, Outcome, Problem, RegionBy, RegionView, RestartResult, Restarting, Shown,
    },
    settings::{self, Edit},
};

use crate::engine::{
    changing::{carry, hold, proof, restart},
    conclude,
    requests::look,
    run::Run,
    seeing::{docker, examine::own_region, survey::Survey},
};

/// `disable`
pub(crate) async fn disable(
    run: &Run<'_>,
    restarting: Restarting,
    confirmed: bool,
    shown_for: Option<Shown>,
    login: Option<ApiKey>,
) -> Outcome {
    let held = match confirmed && shown_for.is_none() && login.is_some() {
        true => hold::early(run).await,
        false => Ok(None),
    };
    let held = match held {
        Ok(held) => held,
        Err(stopped) => return stopped,
    };
    let survey = match docker::surveyed(run).await {
        Ok(survey) => survey,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    look::say_found(run, &survey);
    let name = survey.file.path.display().to_string();
    let planned = match (&survey.env, survey.layers()) {
        (Err(finding), _) => Err(finding.clone()),
        (Ok(_), Some(layers)) => settings::disable(&layers, &name),
        (Ok(_), None) => return conclude::problem(Problem::Unexpected("no layers".into()), Body::Nothing),
    };
    let edit = match planned {
        Ok(edit) => edit,
        Err(finding) => return conclude::stopped(finding, Some(From::File), Body::Nothing),
    };
    let shown = Shown { file: survey.file.sha256.clone(), journal: None };
    if shown_for.is_some_and(|wanted| wanted.file != shown.file) {
        return conclude::problem(Problem::ChangedSincePlan, Body::Nothing);
    }
    let changes = !edit.changes.is_empty();
    let needed = changes || proof::pending(run, &survey).await == Some(true);
    let plan = restart::plan(&survey, needed);
    if !confirmed {
        let body = body(run, &survey, &edit, restart::not_run(plan));
        let mut outcome = conclude::outcome(Vec::new(), Asking::Acting, body);
        outcome.exit = Exit::WouldChange;
        return outcome;
    }
    if login.is_none() {
        let body = body(run, &survey, &edit, restart::not_run(plan));
        return conclude::problem(Problem::ApiKeyMissing, body);
    }
    if let Err(stopped) =
        restart::possible(run, &survey, restarting, "disable --yes --no-restart --api-key-file FILE").await
    {
        return Outcome { body: body(run, &survey, &edit, restart::not_run(plan)), ..*stopped };
    }
    let write = changes.then(|| Action::Write {
        file: survey.file.path.clone(),
        expected: survey.file.sha256.clone(),
        contents: Contents::new(edit.bytes.clone()),
        changes: edit.changes.iter().map(|c| Set { key: c.key.clone(), to: c.to.clone() }).collect(),
    });
    let mut actions = vec![Action::RemoveConnection];
    let values = proof::values_of(&survey, &edit.bytes);
    actions.extend(restart::around(write, if needed { restarting } else { Restarting::No }, Some(values)));
    let errand = carry::Errand {
        command: journal::Command::Disable,
        takes_back: None,
        shown: Some(shown),
        held,
        login,
    };
    let carried = match carry::carry_out(run, &survey, errand, actions).await {
        Ok(carried) => carried,
        Err(stopped) => {
            return Outcome { body: body(run, &survey, &edit, restart::not_run(plan)), ..stopped };
        }
    };
    let mut body = body(run, &survey, &edit, carried.restart_result(plan));
    if let Body::Apply(apply) = &mut body {
        apply.backup.clone_from(&carried.backup);
        apply.proved = carried.proved;
    }
    carried.outcome(body)
}

fn body(run: &Run<'_>, survey: &Survey, edit: &Edit, restart: RestartResult) -> Body {
    Body::Apply(Box::new(ApplyBody {
        dir: survey.installation.dir.clone(),
        region: region_as_it_is(run, survey),
        file: survey.file.clone(),
        changes: edit.changes.clone(),
        diff: edit.diff.clone(),
        backup: None,
        restart,
        proved: None,
        undoing: None,
    }))
}

/// The region as the file has it: nobody was asked.
pub(crate) fn region_as_it_is(run: &Run<'_>, survey: &Survey) -> RegionView {
    let Lookups { us, eu } = Lookups::default();
    RegionView { concluded: None, us, eu, by: RegionBy::File, planned: own_region(run, survey) }
}
