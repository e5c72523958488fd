//! `sync`: triggers the license sync, and tells before and after; if it is refused, the server's own log tells
//! what its answer hides (design §10).

use futures_util::FutureExt;
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::{
    bitwarden::Undone,
    domain::{
        action::Act,
        check::{AdviceCode, Cause, Finding, From},
        exit::{Asking, Exit},
        journal::{Command, Ending},
        request::{ApiKey, Body, Changed, Outcome, Phase, PhaseState, Problem, Root, SyncBody},
        sync::{Connection, Snapshot, SyncState},
        witness,
    },
    net::Net,
    system,
};

use crate::engine::{
    asking::{
        sign_in::{self, Person},
        unheard::{self, Seen},
    },
    changing::hold::{self, Hold},
    conclude,
    requests::look,
    run::{Run, TimedOut},
    seeing::survey::{self, Choice, Place, Survey},
};

/// `sync`: triggers it under the lock and with a journal.
pub(crate) async fn sync(run: &Run<'_>, login: ApiKey) -> Outcome {
    let empty = || Body::Sync(Box::default());
    let (survey, net) = match run.asking(place(run)).await {
        Ok(Ok(place)) => place,
        Ok(Err(finding)) => return conclude::stopped(finding, None, empty()),
        Err(TimedOut) => return conclude::problem(Problem::TimedOut, empty()),
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
    let mut hold = match hold::begin(run, survey, Command::Sync, None, None, None).await {
        Ok(hold) => hold,
        Err(stopped) => return Outcome { body: empty(), ..stopped },
    };
    let outcome = held(run, survey, &net, &mut hold, &login).await;
    hold.end(run, if outcome.exit == Exit::Good { Ending::Success } else { Ending::Failure });
    outcome
}

/// Signs in, reads how it stands, triggers, reads again.
async fn held(run: &Run<'_>, survey: Option<&Survey>, net: &Net, hold: &mut Hold, login: &ApiKey) -> Outcome {
    let url = survey.map_or_else(|| run.options.server.clone(), |survey| survey.server(run.options));
    let ready = run.asking(async {
        let person = sign_in::sign_in(run, url, net, login, survey).await?;
        let org = person.organization(known_organization(run, survey).as_deref())?;
        let before = snapshot(&person, &org).await?;
        Ok::<_, Finding>((person, org, before))
    });
    let (person, org, (before, connection)) = match ready.await {
        Ok(Ok(ready)) => ready,
        Ok(Err(finding)) => {
            let root = conclude::of_server(finding);
            return conclude::outcome(vec![root], Asking::Acting, Body::Sync(Box::default()));
        }
        Err(TimedOut) => return conclude::problem(Problem::TimedOut, Body::Sync(Box::default())),
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
    if let Err(finding) = hold.intent(Act::TriggerSync) {
        return conclude::stopped(finding, Some(From::File), body(None));
    }
    run.phase(Phase::TriggerSync, PhaseState::Started);
    let told = trigger(run, survey, &person, &org, before.last).await;
    let (ok, result) = match &told {
        Synced::Yes => (true, None),
        Synced::No(root) | Synced::Unknown(root) => (false, Some(root.conclusion.cause.code().to_owned())),
    };
    hold.done(run, Act::TriggerSync, ok, result);
    match &told {
        // Nobody knows: for whoever follows it is still under way.
        Synced::Unknown(_) => {}
        _ => run.phase(Phase::TriggerSync, if ok { PhaseState::Done } else { PhaseState::Failed }),
    }
    match told {
        Synced::Yes => {
            let after = snapshot(&person, &org).await.ok().map(|(after, _)| after);
            let outcome = conclude::outcome(Vec::new(), Asking::Acting, body(after));
            conclude::changed(outcome, [Changed::License])
        }
        Synced::No(root) => conclude::outcome(vec![root], Asking::Acting, body(None)),
        Synced::Unknown(root) => {
            let outcome = conclude::outcome(vec![root], Asking::Acting, body(None));
            conclude::unheard(outcome, Changed::License)
        }
    }
}

/// What became of the sync.
enum Synced {
    Yes,
    No(Root),
    /// It was triggered, and neither an answer nor a later look told.
    Unknown(Root),
}

/// Triggers it, and waits for its end to the request's own limit. Where no answer came the server is asked whether
/// its last sync is another one now, for as long as it may still be at it, and its log what stopped it.
async fn trigger(
    run: &Run<'_>,
    survey: Option<&Survey>,
    person: &Person,
    org: &str,
    before: Option<OffsetDateTime>,
) -> Synced {
    let (since, began) = (OffsetDateTime::now_utc(), Instant::now());
    let (server, bearer) = (&person.server, &person.bearer);
    let undone = match server.sync_license(bearer, org).await {
        Ok(()) => return Synced::Yes,
        Err(Undone::Not(finding)) => return Synced::No(explain(survey, finding, since).await),
        Err(undone) => undone,
    };
    let bound = (began + run.waits.synced).max(Instant::now() + run.waits.unheard);
    let until = unheard::until(&undone, bound);
    let ended = || {
        let look = async move {
            let last = server.connection(bearer, org).await?.last_license_sync;
            if last.is_some() && last != before {
                return Ok(Some(Synced::Yes));
            }
            let seen = match survey {
                Some(survey) => witnessed(survey, since).await,
                None => None,
            };
            Ok(seen.map(|finding| Synced::No(conclude::blocking(finding, Some(From::Log)))))
        };
        look.boxed()
    };
    match unheard::look(until, run.waits.pause * 4, ended).await {
        Seen::Done(told) => told,
        Seen::Not => Synced::No(explain(survey, undone.finding(), since).await),
        Seen::Unknown => Synced::Unknown(conclude::of_server(undone.finding())),
    }
}

/// Where it works, and the transport there.
pub(crate) async fn place(run: &Run<'_>) -> Result<(Option<Box<Survey>>, Net), Finding> {
    match survey::place(run.options).await? {
        Place::Here(survey) => {
            let net = survey.net(run).await?;
            Ok((Some(survey), net))
        }
        Place::Elsewhere => Ok((None, survey::net(run, Vec::new()).await?)),
    }
}

/// The organization's id on this server, as far as files and flags tell it.
pub(crate) fn known_organization(run: &Run<'_>, survey: Option<&Survey>) -> Option<String> {
    match survey {
        Some(survey) => survey.license(run.options).map(|license| license.self_hosted_id.clone()),
        None => run.options.org.clone(),
    }
}

/// How it stands, as the server says.
pub(crate) async fn snapshot(person: &Person, org: &str) -> Result<(Snapshot, Connection), Finding> {
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
