//! `token verify` and `token set`: the cloud is asked before anything is stored.

use crate::{
    bitwarden::Cloud,
    domain::{
        answers::LicenseAnswer,
        check::{AdviceCode, Cause, Credential, Finding, From, Gate},
        exit::{Asking, Exit},
        request::{ApiKey, Body, Changed, Outcome, Phase, PhaseState, Problem, Risk, Root, TokenBody},
        secret::{Secret, TokenShape, token_shape},
    },
    net::Net,
};

use super::{
    conclude,
    examine::{self, Scope, connection_finding},
    gate, look, person, plan,
    run::Run,
    survey::{self, Choice, Place, Survey},
};

/// `token verify`
pub(super) async fn verify(run: &Run<'_>, token: Secret) -> Outcome {
    let body = |accepted| Body::Token(TokenBody { accepted, connection: None });
    if let Some(finding) = misshapen(&token) {
        return conclude::stopped(finding, None, body(Some(false)));
    }
    let survey = match survey::survey(run.options).await {
        Ok(survey) => survey,
        Err(finding) => return conclude::stopped(finding, None, body(None)),
    };
    let net = match survey.net(run.options).await {
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

/// `token set`
pub(super) async fn set(run: &Run<'_>, token: Secret, login: ApiKey) -> Outcome {
    let body = |accepted, connection| Body::Token(TokenBody { accepted, connection });
    if let Some(finding) = misshapen(&token) {
        return conclude::stopped(finding, None, body(Some(false), None));
    }
    let place = match survey::place(run.options).await {
        Ok(place) => place,
        Err(finding) => return conclude::stopped(finding, None, body(None, None)),
    };
    let unverified = run.options.accepted.contains(&Risk::UnverifiedToken);
    let (survey, net, asked) = match &place {
        Place::Here(survey) => {
            let net = match survey.net(run.options).await {
                Ok(net) => net,
                Err(finding) => return conclude::stopped(finding, None, body(None, None)),
            };
            let asked = ask(run, survey, &net, &token).await;
            (Some(survey.as_ref()), net, asked)
        }
        Place::Elsewhere => match survey::net(run.options, Vec::new()).await {
            Ok(net) => (None, net, Asked::Not(Vec::new())),
            Err(finding) => return conclude::stopped(finding, None, body(None, None)),
        },
    };
    let accepted = match asked {
        Asked::Accepted => Some(true),
        Asked::Rejected(root) => {
            return conclude::outcome(vec![root], Asking::Acting, body(Some(false), None));
        }
        Asked::Not(_) | Asked::Problem(Problem::Offline) if unverified => None,
        Asked::Not(roots) => {
            let mut outcome = conclude::outcome(roots, Asking::Acting, body(None, None));
            if outcome.exit == Exit::Good {
                outcome.exit = Exit::CouldNotAsk;
                outcome.problem = Some(Problem::TokenUnverified);
            }
            return outcome;
        }
        Asked::Problem(problem) => return conclude::problem(problem, body(None, None)),
    };
    let url = survey.map_or_else(|| run.options.server.clone(), |survey| survey.server(run.options));
    let saved = save(run, survey, &net, url, &token, &login).await;
    match saved {
        Ok(connection) => {
            let roots = survey
                .and_then(|survey| connection_finding(&connection, survey, run))
                .map(|finding| conclude::blocking(finding, Some(From::Server)))
                .into_iter()
                .collect();
            let outcome = conclude::outcome(roots, Asking::Acting, body(accepted, Some(connection)));
            conclude::changed(outcome, [Changed::Connection])
        }
        Err(finding) => {
            conclude::outcome(vec![conclude::of_server(finding)], Asking::Acting, body(accepted, None))
        }
    }
}

async fn save(
    run: &Run<'_>,
    survey: Option<&Survey>,
    net: &Net,
    url: Option<url::Url>,
    token: &Secret,
    login: &ApiKey,
) -> Result<crate::domain::sync::Connection, Finding> {
    let person = person::sign_in(run, url, net, login, survey).await?;
    let known = match survey {
        Some(survey) => survey.license(run.options).map(|license| license.self_hosted_id.clone()),
        None => run.options.org.clone(),
    };
    let org = person.organization(known.as_deref())?;
    run.phase(Phase::SaveConnection, PhaseState::Started);
    let saved = async {
        let existing = person.server.connection(&person.bearer, &org).await?;
        person.server.save_connection(&person.bearer, &org, &token.trimmed(), &existing).await?;
        // What counts is what the server has afterwards, not what it answered to the saving.
        person.server.connection(&person.bearer, &org).await
    };
    let result = saved.await;
    let state = if result.is_ok() { PhaseState::Done } else { PhaseState::Failed };
    run.phase(Phase::SaveConnection, state);
    result
}
