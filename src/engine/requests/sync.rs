//! `sync`: triggers the license sync, and tells before and after; if it is refused, the server's own log tells
//! what its answer hides (design §10).

use futures_util::FutureExt;
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::{
    bitwarden::Undone,
    domain::{
        action::Act,
        check::{AdviceCode, Cause, Finding, Side},
        exit::{Asking, Exit},
        journal::{Command, Ending},
        request::{ApiKey, Body, Changed, Phase, PhaseState, Problem, Root, SyncBody},
        sync::Snapshot,
        witness,
    },
    system,
};

use crate::engine::{
    asking::{
        choice::{self, Choice},
        sign_in::{self, Person},
        unheard::{self, Seen},
    },
    case::Contact,
    changing::hold::{self, ChangeRequest, Hold},
    conclude::{self, Stop, Stopped, Told},
    run::Run,
    seeing::{open, stands, survey::Survey},
};

/// `sync`: triggers it under the lock and with a journal.
pub(crate) async fn sync(run: &Run<'_>, login: ApiKey) -> Told {
    let place = run.asking(open::place(run)).await??;
    if run.options.offline {
        return Err(Problem::Offline.into());
    }
    if let Some(case) = place.case() {
        case.organization_named()?;
        if matches!(case.choice(), Choice::Several) {
            return Err(choice::open(&case.survey.licenses).into());
        }
        stands::say_found(case);
    }
    let contact = place.contact();
    let mut hold = hold::begin(&contact, ChangeRequest::new(Command::Sync)).await?;
    let told = held(&contact, &mut hold, &login).await;
    let good = told.as_ref().is_ok_and(|outcome| outcome.exit == Exit::Good);
    hold.end(run, if good { Ending::Success } else { Ending::Failure });
    told
}

/// Signs in, reads how it stands, triggers, reads again.
async fn held(contact: &Contact<'_>, hold: &mut Hold, login: &ApiKey) -> Told {
    let run = contact.run;
    let ready = run.asking(async {
        let person = sign_in::sign_in(contact, login).await?;
        let org = person.organization(contact.organization().as_deref())?;
        let before = person.snapshot(&org).await?;
        Ok::<_, Finding>((person, org, before))
    });
    let (person, org, (before, connection)) = ready.await?.map_err(Stop::of_server)?;
    let body = |after: Option<Snapshot>| {
        let after = after.unwrap_or_else(|| before.clone());
        Body::Sync(Box::new(SyncBody { before: before.clone(), after }))
    };
    if connection.id.is_none() {
        let finding = Finding::new(Cause::ConnectionMissing)
            .command(AdviceCode::SaveToken, "bwsync token set --token-file FILE");
        return Err(Stopped::from(Stop::seen(Side::Server, finding)).with(body(None)));
    }
    if let Err(finding) = hold.intent(Act::TriggerSync) {
        return Err(Stopped::from(Stop::of_file(finding)).with(body(None)));
    }
    run.phase(Phase::TriggerSync, PhaseState::Started);
    let told = trigger(contact, &person, &org, before.last).await;
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
    Ok(match told {
        Synced::Yes => {
            let after = person.snapshot(&org).await.ok().map(|(after, _)| after);
            let outcome = conclude::outcome(Vec::new(), Asking::Acting, body(after));
            conclude::changed(outcome, [Changed::License])
        }
        Synced::No(root) => conclude::outcome(vec![root], Asking::Acting, body(None)),
        Synced::Unknown(root) => {
            let outcome = conclude::outcome(vec![root], Asking::Acting, body(None));
            conclude::unheard(outcome, Changed::License)
        }
    })
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
    contact: &Contact<'_>,
    person: &Person,
    org: &str,
    before: Option<OffsetDateTime>,
) -> Synced {
    let (run, survey) = (contact.run, contact.survey);
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
            Ok(seen.map(|finding| Synced::No(conclude::blocking(finding, Some(Side::Log)))))
        };
        look.boxed()
    };
    match unheard::look(until, run.waits.pause * 4, ended).await {
        Seen::Done(told) => told,
        Seen::Not => Synced::No(explain(survey, undone.finding(), since).await),
        Seen::Unknown => Synced::Unknown(conclude::of_server(undone.finding())),
    }
}

/// The true cause of a refused sync: the log's, where there is one; else the server's own words.
async fn explain(survey: Option<&Survey>, refused: Finding, since: OffsetDateTime) -> Root {
    if refused.cause == Cause::SyncRefused
        && let Some(survey) = survey
        && let Some(seen) = witnessed(survey, since).await
    {
        return conclude::blocking(seen, Some(Side::Log));
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
