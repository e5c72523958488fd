//! `token verify` and `token set`: the cloud is asked before anything is stored.

use futures_util::{FutureExt, TryFutureExt};
use tokio::time::Instant;

use crate::{
    bitwarden::{Cloud, Undone},
    domain::{
        action::Act,
        answers::LicenseAnswer,
        check::{AdviceCode, Cause, Credential, Finding, From, Gate},
        exit::{Asking, Exit},
        journal::{Command, Ending},
        request::{ApiKey, Body, Changed, Outcome, Phase, PhaseState, Problem, Risk, Root, TokenBody},
        secret::{Secret, TokenShape, token_shape},
        sync::Connection,
    },
    net::Net,
};

use crate::engine::{
    asking::{
        sign_in,
        unheard::{self, Seen},
    },
    changing::{
        gate,
        hold::{self, Hold},
    },
    conclude,
    requests::{look, plan, sync},
    run::{Run, TimedOut},
    seeing::{
        examine::{self, Scope, connection_finding},
        survey::{self, Choice, Place, Survey},
    },
};

/// `token verify`
pub(crate) async fn verify(run: &Run<'_>, token: Secret) -> Outcome {
    let body = |accepted| Body::Token(TokenBody { accepted, connection: None });
    if let Some(finding) = misshapen(&token) {
        return conclude::stopped(finding, None, body(Some(false)));
    }
    let survey = match survey::survey(run.options).await {
        Ok(survey) => survey,
        Err(finding) => return conclude::stopped(finding, None, body(None)),
    };
    let net = match survey.net(run).await {
        Ok(net) => net,
        Err(finding) => return conclude::stopped(finding, None, body(None)),
    };
    match ask(run, &survey, &net, &token).await {
        Asked::Accepted => conclude::outcome(Vec::new(), Asking::Acting, body(Some(true))),
        Asked::Rejected(root) => conclude::outcome(vec![root], Asking::Acting, body(Some(false))),
        Asked::Not(roots) => conclude::outcome(roots, Asking::Acting, body(None)),
        Asked::Problem(problem) => conclude::problem(problem, body(None)),
    }
}

/// What is wrong with the token's shape, told before anybody is asked.
fn misshapen(token: &Secret) -> Option<Finding> {
    match token_shape(token, true) {
        TokenShape::Good => None,
        TokenShape::Other(kind) => Some(
            Finding::new(Cause::TokenWrongKind).with("value", kind.code()).advise(AdviceCode::GenerateToken),
        ),
        TokenShape::Empty | TokenShape::Short(_) | TokenShape::Long(_) | TokenShape::BadCharacter(_) => {
            let length = token.trimmed().len();
            Some(
                Finding::new(Cause::TokenMalformed)
                    .with("expected", crate::domain::secret::TOKEN_LENGTH.to_string())
                    .with("value", length.to_string())
                    .advise(AdviceCode::PasteWholeToken),
            )
        }
    }
}

/// What the cloud said.
enum Asked {
    Accepted,
    Rejected(Root),
    /// It could not be asked.
    Not(Vec<Root>),
    Problem(Problem),
}

/// Asks the cloud: the ladder and the sign-in first, then the license with the token, once.
async fn ask(run: &Run<'_>, survey: &Survey, net: &Net, token: &Secret) -> Asked {
    let license = match survey.choice(run.options) {
        Choice::One(license) => license,
        Choice::Several => return Asked::Problem(survey.organization_open()),
        Choice::None => {
            let finding = survey
                .unreadable
                .first()
                .cloned()
                .unwrap_or_else(|| Finding::new(Cause::LicenseMissing).advise(AdviceCode::UploadLicense));
            return Asked::Not(vec![conclude::blocking(finding, Some(From::File))]);
        }
    };
    if run.options.offline {
        return Asked::Problem(Problem::Offline);
    }
    look::say_found(run, survey);
    run.phase(Phase::AskCloud, PhaseState::Started);
    let examined = examine::examine(run, survey, net, Scope::GATE, None).await;
    if let Err(problem) = plan::region_view(run, survey, examined.lookups) {
        return Asked::Problem(problem);
    }
    let (Some(bearer), Some(region)) = (&examined.bearer, examined.region) else {
        run.phase(Phase::AskCloud, PhaseState::Failed);
        let roots = gate::in_the_way(&run.report(), &[Gate::Token]);
        return if roots.is_empty() { Asked::Problem(Problem::Offline) } else { Asked::Not(roots) };
    };
    let answer = Cloud::new(net.clone(), region).license(bearer, license, Some(&token.trimmed())).await;
    let (state, asked) = match answer {
        Ok(LicenseAnswer::Accepted { .. }) => (PhaseState::Done, Asked::Accepted),
        Ok(LicenseAnswer::AllButToken) => (PhaseState::Failed, rejected(Finding::new(Cause::TokenRejected))),
        Err(finding) if finding.cause.rejects() == Some(Credential::Token) => {
            (PhaseState::Failed, rejected(finding))
        }
        Err(finding) => {
            (PhaseState::Failed, Asked::Not(vec![conclude::blocking(finding, Some(From::Machine))]))
        }
    };
    run.phase(Phase::AskCloud, state);
    asked
}

fn rejected(finding: Finding) -> Asked {
    Asked::Rejected(conclude::blocking(finding.advise(AdviceCode::GenerateToken), Some(From::Machine)))
}

/// `token set`: asks the cloud, then saves under the lock and with a journal.
pub(crate) async fn set(run: &Run<'_>, token: Secret, login: ApiKey) -> Outcome {
    let body = |accepted, connection| Body::Token(TokenBody { accepted, connection });
    if let Some(finding) = misshapen(&token) {
        return conclude::stopped(finding, None, body(Some(false), None));
    }
    let asked = run.asking(before_saving(run, &token)).await;
    let (survey, net, accepted) = match asked {
        Ok(Ok(ready)) => ready,
        Ok(Err(outcome)) => return *outcome,
        Err(TimedOut) => return conclude::problem(Problem::TimedOut, body(None, None)),
    };
    let survey = survey.as_deref();
    let mut hold = match hold::begin(run, survey, Command::SetToken, None, None, None).await {
        Ok(hold) => hold,
        Err(stopped) => return Outcome { body: body(accepted, None), ..stopped },
    };
    let told = save(run, survey, &net, &mut hold, &token, &login).await;
    let ending = if matches!(told, Saved::Yes(_)) { Ending::Success } else { Ending::Failure };
    hold.end(run, ending);
    let of_server = |finding, connection| {
        conclude::outcome(vec![conclude::of_server(finding)], Asking::Acting, body(accepted, connection))
    };
    match told {
        Saved::Yes(connection) => {
            let roots = survey
                .and_then(|survey| connection_finding(&connection, survey, run))
                .map(|finding| conclude::blocking(finding, Some(From::Server)))
                .into_iter()
                .collect();
            let outcome = conclude::outcome(roots, Asking::Acting, body(accepted, Some(connection)));
            conclude::changed(outcome, [Changed::Connection])
        }
        Saved::No(finding, connection) => of_server(finding, connection),
        Saved::Unknown(finding) => conclude::unheard(of_server(finding, None), Changed::Connection),
        Saved::NotNoted(finding) => conclude::stopped(finding, Some(From::File), body(accepted, None)),
        Saved::TimedOut => conclude::problem(Problem::TimedOut, body(accepted, None)),
    }
}

/// Where it is saved, and what the cloud said of the token.
type Ready = (Option<Box<Survey>>, Net, Option<bool>);

/// All that is asked before anything is held or saved; an outcome where it goes no further.
async fn before_saving(run: &Run<'_>, token: &Secret) -> Result<Ready, Box<Outcome>> {
    let body = |accepted| Body::Token(TokenBody { accepted, connection: None });
    let stopped = |finding| Box::new(conclude::stopped(finding, None, body(None)));
    let unverified = run.options.accepted.contains(&Risk::UnverifiedToken);
    let (survey, net, asked) = match survey::place(run.options).await.map_err(stopped)? {
        Place::Here(survey) => {
            let net = survey.net(run).await.map_err(stopped)?;
            let asked = ask(run, &survey, &net, token).await;
            (Some(survey), net, asked)
        }
        Place::Elsewhere => {
            (None, survey::net(run, Vec::new()).await.map_err(stopped)?, Asked::Not(Vec::new()))
        }
    };
    match asked {
        Asked::Accepted => Ok((survey, net, Some(true))),
        Asked::Rejected(root) => {
            Err(Box::new(conclude::outcome(vec![root], Asking::Acting, body(Some(false)))))
        }
        Asked::Not(_) | Asked::Problem(Problem::Offline) if unverified => Ok((survey, net, None)),
        Asked::Not(roots) => {
            let mut outcome = conclude::outcome(roots, Asking::Acting, body(None));
            if outcome.exit == Exit::Good {
                outcome.exit = Exit::CouldNotAsk;
                outcome.problem = Some(Problem::TokenUnverified);
            }
            Err(Box::new(outcome))
        }
        Asked::Problem(problem) => Err(Box::new(conclude::problem(problem, body(None)))),
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
async fn save(
    run: &Run<'_>,
    survey: Option<&Survey>,
    net: &Net,
    hold: &mut Hold,
    token: &Secret,
    login: &ApiKey,
) -> Saved {
    let url = survey.map_or_else(|| run.options.server.clone(), |survey| survey.server(run.options));
    let ready = run.asking(async {
        let person = sign_in::sign_in(run, url, net, login, survey).await?;
        let org = person.organization(sync::known_organization(run, survey).as_deref())?;
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
