//! Tells how things stand across all runs (design §12-4): reads the journals and the file, lets `domain` judge,
//! and finds the way up of a server that is down. What a request saw of the server is taken in.

use crate::domain::{
    check::{Cause, Check, Report, Side, State as CheckState, Target},
    journal::{Server, Standing},
    license::License,
    request::Event,
    settings,
};

use crate::engine::{
    asking::reach,
    case::Case,
    run::Run,
    seeing::{docker, ground::Ground},
};

/// The ground on which what is told of this installation stands.
pub(crate) fn ground(case: &Case<'_>) -> Ground {
    let survey = &case.survey;
    let views = survey.layers().map(|layers| settings::read(&layers)).unwrap_or_default();
    let effective: Vec<_> = views.iter().filter_map(|view| view.effective).collect();
    Ground {
        state: case.state(),
        installation: survey.installation.clone(),
        file: survey.file.path.clone(),
        rights: survey.rights.clone(),
        effective: (!effective.is_empty()).then(|| effective.iter().all(|effective| *effective)),
        root: survey.user.is_root(),
        own: docker::looker(case),
        owners: docker::runner(case),
        docker: docker::may_be_asked(case.run),
    }
}

/// Says what was found before anybody is contacted; how it stands is told of this installation from now on.
pub(crate) fn say_found(case: &Case<'_>) {
    case.run.stand_on(ground(case));
    let organization = case.license().map(License::organization);
    case.run.say(Event::Found(Box::new(case.survey.installation.clone()), organization));
}

/// Says how it stands, with what was seen so far.
pub(crate) async fn tell(run: &Run<'_>) -> Option<Standing> {
    let ground = run.ground()?;
    let (answers, reader) = (run.answers().or_else(|| answer_in(&run.report())), ground.clone());
    let mut standing = tokio::task::spawn_blocking(move || reader.judge(answers)).await.ok()?;
    if standing.needs_rescue() {
        standing.rescue = Some(ground.rescue().await);
    }
    run.say(Event::Stands(Box::new(standing.clone())));
    Some(standing)
}

/// The same; where the journals leave open how the server stands now, it is asked.
pub(crate) async fn look(case: &Case<'_>) -> Standing {
    let run = case.run;
    let standing = tell(run).await.unwrap_or_default();
    if !standing.asks_for_a_look() || run.options.offline {
        return standing;
    }
    let Some(reach) = reach::ways(&case.contact()) else { return standing };
    let answers = match reach.answers().await {
        Ok(_) => Some(true),
        Err(finding) if is_silence(finding.cause) => Some(false),
        Err(_) => None,
    };
    run.saw(answers);
    match answers {
        Some(_) => tell(run).await.unwrap_or(standing),
        None => standing,
    }
}

/// Whether the rows say that the server answers; none where they do not say.
fn answer_in(report: &Report) -> Option<bool> {
    let of_server = |check: &&Check| check.id.from == Side::Machine && check.id.target == Target::Server;
    let rows: Vec<_> = report.checks().filter(of_server).collect();
    if rows.iter().any(|check| check.cause.is_some_and(is_silence)) {
        return Some(false);
    }
    let answered = |check: &&&Check| {
        check.id.stage == crate::domain::check::Stage::Http
            && matches!(check.state, CheckState::Passed | CheckState::Warning)
    };
    rows.iter().find(answered).map(|_| true)
}

/// A fault that means that nothing answers there. A certificate or a name that is wrong does not.
fn is_silence(cause: Cause) -> bool {
    matches!(cause, Cause::ServerDown | Cause::ServerStarting | Cause::TcpRefused)
}

/// Whether a run left the server down: then what is put back comes up without a pull.
pub(crate) fn is_down(standing: &Standing) -> bool {
    matches!(standing.server, Server::Down(_)) && !standing.at_work
}
