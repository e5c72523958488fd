//! `token verify`: asks the cloud whether a token is right, and stores nothing.

use crate::{
    bitwarden::Cloud,
    domain::{
        answers::LicenseAnswer,
        check::{AdviceCode, Cause, Credential, Finding, Gate, Side},
        exit::Asking,
        request::{Body, Phase, PhaseState, Problem, Root, TokenBody},
        secret::{Secret, TokenShape, token_shape},
    },
};

use crate::engine::{
    asking::choice::{self, Choice},
    case::Case,
    changing::gate,
    conclude::{self, Stopped, Told},
    requests::plan,
    run::Run,
    seeing::{
        examine::{self, Scope},
        open, stands,
    },
};

/// `token verify`
pub(crate) async fn verify(run: &Run<'_>, token: Secret) -> Told {
    well_shaped(&token)?;
    let case = open::files(run).await?;
    match ask(&case, &token).await {
        Asked::Accepted => Ok(conclude::outcome(Vec::new(), Asking::Acting, body(Some(true)))),
        Asked::Rejected(root) => Ok(conclude::outcome(vec![root], Asking::Acting, body(Some(false)))),
        Asked::Not(roots) => Ok(conclude::outcome(roots, Asking::Acting, body(None))),
        Asked::Problem(problem) => Err(problem.into()),
    }
}

/// What the cloud said of the token.
fn body(accepted: Option<bool>) -> Body {
    Body::Token(TokenBody { accepted, connection: None })
}

/// Refuses a token whose shape is wrong, before anybody is asked.
///
/// # Errors
/// `token.malformed`, `token.wrong_kind`.
pub(crate) fn well_shaped(token: &Secret) -> Result<(), Stopped> {
    match misshapen(token) {
        Some(finding) => Err(Stopped::from(finding).with(body(Some(false)))),
        None => Ok(()),
    }
}

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
pub(crate) enum Asked {
    Accepted,
    Rejected(Root),
    /// It could not be asked.
    Not(Vec<Root>),
    Problem(Problem),
}

/// Asks the cloud: the ladder and the sign-in first, then the license with the token, once.
pub(crate) async fn ask(case: &Case<'_>, token: &Secret) -> Asked {
    let (run, of_file) =
        (case.run, |finding| Asked::Not(vec![conclude::blocking(finding, Some(Side::File))]));
    let license = match case.choice() {
        Choice::One(license) => license,
        Choice::Several => return Asked::Problem(choice::open(&case.survey.licenses)),
        Choice::Unreadable(finding) => return of_file(finding.clone()),
        Choice::None => {
            return of_file(Finding::new(Cause::LicenseMissing).advise(AdviceCode::UploadLicense));
        }
    };
    if run.options.offline {
        return Asked::Problem(Problem::Offline);
    }
    stands::say_found(case);
    run.phase(Phase::AskCloud, PhaseState::Started);
    let examined = examine::examine(case, Scope::GATE, None).await;
    if let Err(problem) = plan::region_view(case, examined.lookups) {
        return Asked::Problem(problem);
    }
    let (Some(bearer), Some(region)) = (&examined.bearer, examined.region) else {
        run.phase(Phase::AskCloud, PhaseState::Failed);
        let roots = gate::in_the_way(&run.report(), &[Gate::Token]);
        return if roots.is_empty() { Asked::Problem(Problem::Offline) } else { Asked::Not(roots) };
    };
    let answer = Cloud::new(case.net.clone(), region).license(bearer, license, Some(&token.trimmed())).await;
    let (state, asked) = match answer {
        Ok(LicenseAnswer::Accepted { .. }) => (PhaseState::Done, Asked::Accepted),
        Ok(LicenseAnswer::AllButToken) => (PhaseState::Failed, rejected(Finding::new(Cause::TokenRejected))),
        Err(finding) if finding.cause.rejects() == Some(Credential::Token) => {
            (PhaseState::Failed, rejected(finding))
        }
        Err(finding) => {
            (PhaseState::Failed, Asked::Not(vec![conclude::blocking(finding, Some(Side::Machine))]))
        }
    };
    run.phase(Phase::AskCloud, state);
    asked
}

fn rejected(finding: Finding) -> Asked {
    Asked::Rejected(conclude::blocking(finding.advise(AdviceCode::GenerateToken), Some(Side::Machine)))
}
