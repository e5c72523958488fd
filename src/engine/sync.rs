//! `sync`: triggers the license sync, and tells before and after; if it is refused, the server's own log tells
//! what its answer hides (design §10).

use time::OffsetDateTime;

use crate::{
    domain::{
        check::{AdviceCode, Cause, Finding, From},
        exit::Asking,
        request::{ApiKey, Body, Changed, Outcome, Phase, PhaseState, Problem, Root, SyncBody},
        sync::{Connection, Snapshot, SyncState},
        witness,
    },
    net::Net,
    system,
};

use super::{
    conclude, look,
    person::{self, Person},
    run::Run,
    survey::{self, Choice, Place, Survey},
};

/// `sync`
pub(super) async fn sync(run: &Run<'_>, login: ApiKey) -> Outcome {
    let empty = || Body::Sync(Box::default());
    let (survey, net) = match place(run).await {
        Ok(place) => place,
        Err(finding) => return conclude::stopped(finding, None, empty()),
    };
    if run.options.offline {
        return conclude::problem(Problem::Offline, empty());
    }
    let survey = survey.as_deref();
    if let Some(survey) = survey {
        let several = matches!(survey.choice(run.options), Choice::Several);
        if several || (run.options.org.is_some() && survey.license(run.options).is_none()) {
            return conclude::problem(survey.organization_open(), empty());
        }
        look::say_found(run, survey);
    }
    let url = survey.map_or_else(|| run.options.server.clone(), |survey| survey.server(run.options));
    let signed_in = async {
        let person = person::sign_in(run, url, &net, &login, survey).await?;
        let org = person.organization(known_organization(run, survey).as_deref())?;
        let before = snapshot(&person, &org).await?;
        Ok::<_, Finding>((person, org, before))
    };
    let (person, org, (before, connection)) = match signed_in.await {
        Ok(ready) => ready,
        Err(finding) => {
            return conclude::outcome(vec![conclude::of_server(finding)], Asking::Acting, empty());
        }
    };
    let body = |after: Option<Snapshot>| {
        let after = after.unwrap_or_else(|| before.clone());
        Body::Sync(Box::new(SyncBody { before: before.clone(), after }))
    };
    if connection.id.is_none() {
        let finding = Finding::new(Cause::ConnectionMissing)
            .command(AdviceCode::SaveToken, "bwsync token set --token-file FILE");
        return conclude::stopped(finding, Some(From::Server), body(None));
    }
    run.phase(Phase::TriggerSync, PhaseState::Started);
    let since = OffsetDateTime::now_utc();
    match person.server.sync_license(&person.bearer, &org).await {
        Ok(()) => {
            run.phase(Phase::TriggerSync, PhaseState::Done);
            let after = snapshot(&person, &org).await.ok().map(|(after, _)| after);
            let outcome = conclude::outcome(Vec::new(), Asking::Acting, body(after));
            conclude::changed(outcome, [Changed::License])
        }
        Err(finding) => {
            run.phase(Phase::TriggerSync, PhaseState::Failed);
            let root = explain(survey, finding, since).await;
            conclude::outcome(vec![root], Asking::Acting, body(None))
        }
    }
}

/// Where it works, and the transport there.
pub(super) async fn place(run: &Run<'_>) -> Result<(Option<Box<Survey>>, Net), Finding> {
    match survey::place(run.options).await? {
        Place::Here(survey) => {
            let net = survey.net(run.options).await?;
            Ok((Some(survey), net))
        }
        Place::Elsewhere => Ok((None, survey::net(run.options, Vec::new()).await?)),
    }
}

/// The organization's id on this server, as far as files and flags tell it.
pub(super) fn known_organization(run: &Run<'_>, survey: Option<&Survey>) -> Option<String> {
    match survey {
        Some(survey) => survey.license(run.options).map(|license| license.self_hosted_id.clone()),
        None => run.options.org.clone(),
    }
}

/// How it stands, as the server says.
pub(super) async fn snapshot(person: &Person, org: &str) -> Result<(Snapshot, Connection), Finding> {
    let connection = person.server.connection(&person.bearer, org).await?;
    // A server whose license file is damaged answers 500 here and can still be synced.
    let terms = person.server.subscription(&person.bearer, org).await.unwrap_or_default();
    let last = connection.last_license_sync;
    let state = match (&connection.id, last) {
        (_, Some(_)) => SyncState::Done,
        (Some(_), None) => SyncState::Never,
        (None, None) => SyncState::Unknown,
    };
    Ok((Snapshot { state, last, terms }, connection))
}

/// The true cause of a refused sync: the log's, where there is one; else the server's own words.
async fn explain(survey: Option<&Survey>, refused: Finding, since: OffsetDateTime) -> Root {
    if refused.cause == Cause::SyncRefused
        && let Some(survey) = survey
        && let Some(seen) = witnessed(survey, since).await
    {
        return conclude::blocking(seen, Some(From::Log));
    }
    conclude::of_server(refused)
}

/// What the api's log of this attempt says.
async fn witnessed(survey: &Survey, since: OffsetDateTime) -> Option<Finding> {
    let (found, rights) = (survey.installation.clone(), survey.rights.clone());
    let read = tokio::task::spawn_blocking(move || system::logs::of(&found, since, &rights));
    let text = read.await.ok()?.ok()?;
    witness::last_attempt(&witness::read(&text.text), since)?.finding
}
