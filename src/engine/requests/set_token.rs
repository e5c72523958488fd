//! `token set`: asks the cloud for the token, then saves it in the server's connection.

use futures_util::{FutureExt, TryFutureExt};
use tokio::time::Instant;

use crate::{
    bitwarden::Undone,
    domain::{
        action::Act,
        check::{Finding, Side},
        exit::{Asking, Exit},
        journal::{Command, Ending},
        request::{ApiKey, Body, Changed, Phase, PhaseState, Problem, Risk, TokenBody},
        secret::Secret,
        sync::Connection,
    },
};

use crate::engine::{
    asking::{
        sign_in,
        unheard::{self, Seen},
    },
    case::{Contact, Place},
    changing::hold::{self, ChangeRequest, Hold},
    conclude::{self, Stop, Stopped, Told},
    requests::verify_token::{Asked, ask, well_shaped},
    run::{Run, TimedOut},
    seeing::{examine::connection_finding, open},
};

/// `token set`: asks the cloud, then saves under the lock and with a journal.
pub(crate) async fn set(run: &Run<'_>, token: Secret, login: ApiKey) -> Told {
    let body = |accepted, connection| Body::Token(TokenBody { accepted, connection });
    well_shaped(&token)?;
    let (place, accepted) = run.asking(before_saving(run, &token)).await??;
    let contact = place.contact();
    let mut hold = hold::begin(&contact, ChangeRequest::new(Command::SetToken))
        .await
        .map_err(|stopped| stopped.with(body(accepted, None)))?;
    let told = save(&contact, &mut hold, &token, &login).await;
    let ending = if matches!(told, Saved::Yes(_)) { Ending::Success } else { Ending::Failure };
    hold.end(run, ending);
    let of_server = |finding, connection| {
        conclude::outcome(vec![conclude::of_server(finding)], Asking::Acting, body(accepted, connection))
    };
    match told {
        Saved::Yes(connection) => {
            let roots = place
                .case()
                .and_then(|case| connection_finding(case, &connection))
                .map(|finding| conclude::blocking(finding, Some(Side::Server)))
                .into_iter()
                .collect();
            let outcome = conclude::outcome(roots, Asking::Acting, body(accepted, Some(connection)));
            Ok(conclude::changed(outcome, [Changed::Connection]))
        }
        Saved::No(finding, connection) => Ok(of_server(finding, connection)),
        Saved::Unknown(finding) => Ok(conclude::unheard(of_server(finding, None), Changed::Connection)),
        Saved::NotNoted(finding) => Err(Stopped::from(Stop::of_file(finding)).with(body(accepted, None))),
        Saved::TimedOut => Err(Stopped::from(TimedOut).with(body(accepted, None))),
    }
}

/// All that is asked before anything is held or saved: where it is saved, and what the cloud said of the token.
///
/// # Errors
/// Why it goes no further.
async fn before_saving<'a>(run: &'a Run<'a>, token: &Secret) -> Result<(Place<'a>, Option<bool>), Stopped> {
    let body = |accepted| Body::Token(TokenBody { accepted, connection: None });
    let unverified = run.options.accepted.contains(&Risk::UnverifiedToken);
    let place = open::place(run).await?;
    let asked = match place.case() {
        Some(case) => ask(case, token).await,
        None => Asked::Not(Vec::new()),
    };
    match asked {
        Asked::Accepted => Ok((place, Some(true))),
        Asked::Rejected(root) => Err(conclude::outcome(vec![root], Asking::Acting, body(Some(false))).into()),
        Asked::Not(_) | Asked::Problem(Problem::Offline) if unverified => Ok((place, None)),
        Asked::Not(roots) => {
            let mut outcome = conclude::outcome(roots, Asking::Acting, body(None));
            if outcome.exit == Exit::Good {
                outcome.exit = Exit::CouldNotAsk;
                outcome.problem = Some(Problem::TokenUnverified);
            }
            Err(outcome.into())
        }
        Asked::Problem(problem) => Err(problem.into()),
    }
}

/// What became of the saving.
enum Saved {
    /// The server has it.
    Yes(Connection),
    /// It has not, by its own word or because it was never asked; the connection as it was last seen.
    No(Finding, Option<Connection>),
    /// It was sent, and neither an answer nor a later look told.
    Unknown(Finding),
    /// The journal could not be written, so nothing was sent.
    NotNoted(Finding),
    /// `--timeout` was over before anything was sent.
    TimedOut,
}

/// Signs in and saves. From the moment at which the token is sent on nothing is cut short: the request has its own
/// limit, and where no answer comes the server is asked what it has.
async fn save(contact: &Contact<'_>, hold: &mut Hold, token: &Secret, login: &ApiKey) -> Saved {
    let run = contact.run;
    let ready = run.asking(async {
        let person = sign_in::sign_in(contact, login).await?;
        let org = person.organization(contact.organization().as_deref())?;
        let existing = person.server.connection(&person.bearer, &org).await?;
        Ok::<_, Finding>((person, org, existing))
    });
    let (person, org, existing) = match ready.await {
        Ok(Ok(ready)) => ready,
        Ok(Err(finding)) => return Saved::No(finding, None),
        Err(TimedOut) => return Saved::TimedOut,
    };
    if let Err(finding) = hold.intent(Act::SaveConnection) {
        return Saved::NotNoted(finding);
    }
    run.phase(Phase::SaveConnection, PhaseState::Started);
    let (server, bearer) = (&person.server, &person.bearer);
    let saved = match server.save_connection(bearer, &org, &token.trimmed(), &existing).await {
        // What counts is what the server has afterwards, not what it answered to the saving.
        Ok(answered) => Saved::Yes(server.connection(bearer, &org).await.unwrap_or(answered)),
        Err(Undone::Not(finding)) => Saved::No(finding, Some(existing)),
        Err(undone) => {
            let until = unheard::until(&undone, Instant::now() + run.waits.unheard);
            let holds = || {
                let asked = server.connection_with(bearer, &org, token);
                asked.map_ok(|(connection, same)| same.then_some(connection)).boxed()
            };
            match unheard::look(until, run.waits.pause * 4, holds).await {
                Seen::Done(connection) => Saved::Yes(connection),
                Seen::Not => Saved::No(undone.finding(), Some(existing)),
                Seen::Unknown => Saved::Unknown(undone.finding()),
            }
        }
    };
    let result = match &saved {
        Saved::No(finding, _) | Saved::Unknown(finding) => Some(finding.cause.code().to_owned()),
        _ => None,
    };
    let ok = matches!(saved, Saved::Yes(_));
    hold.done(run, Act::SaveConnection, ok, result);
    match &saved {
        // Nobody knows: for whoever follows it is still under way.
        Saved::Unknown(_) => {}
        _ => run.phase(Phase::SaveConnection, if ok { PhaseState::Done } else { PhaseState::Failed }),
    }
    saved
}
