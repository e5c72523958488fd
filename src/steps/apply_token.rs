//! Step 3: the token goes to this server, after the cloud was asked whether it is right.

use super::{Known, Note, Step};
use crate::domain::{
    check::{Area, Cause},
    request::{Phase, Root},
    secret::Secret,
    sync::{StepName, StepState},
};

/// The step.
pub const STEP: Step = Step {
    name: StepName::ApplyToken,
    code: "apply-token",
    note,
    phases: &[Phase::AskCloud, Phase::SignIn, Phase::SaveConnection],
};

/// Who saves the token on this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The person, in the browser.
    Browser,
    /// bwsync, with an owner's personal API key.
    ApiKey,
}

/// Both, in the order in which they are offered.
pub const WAYS: [Way; 2] = [Way::Browser, Way::ApiKey];

/// What the license on this server needs before a token is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum License<'a> {
    /// Nothing.
    Ready,
    /// There is none: it must be uploaded first.
    Missing,
    /// Something is wrong with it.
    Wrong(&'a Root),
    /// Nobody could look.
    Unknown,
}

/// What the license on this server needs.
pub fn license(known: &Known) -> License<'_> {
    let about_license = |root: &&Root| root.conclusion.cause.area() == Area::License;
    match known.roots.iter().find(about_license) {
        Some(root) if root.conclusion.cause == Cause::LicenseMissing => License::Missing,
        Some(root) => License::Wrong(root),
        None if known.has(Cause::LicenseMissing) => License::Missing,
        None if known.organization.is_some() => License::Ready,
        None => License::Unknown,
    }
}

/// The path, where what stands in a secret field is one: such a file is read instead (design §4).
pub fn path(text: &Secret) -> Option<String> {
    let text = text.expose().trim();
    ["/", "~/", "./"].iter().any(|start| text.starts_with(start)).then(|| text.to_owned())
}

fn note(known: &Known) -> Note {
    match known.standing(StepName::ApplyToken) {
        StepState::Done => Note::new("apply-token-done"),
        StepState::ToDo if license(known) == License::Missing => Note::new("apply-token-license"),
        StepState::ToDo => Note::new("apply-token-missing"),
        StepState::Unknown => Note::new("apply-token-unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::{Conclusion, Finding};

    #[test]
    fn what_is_about_the_license_comes_before_the_token_and_nothing_else_does() {
        for cause in Cause::ALL.iter().copied() {
            let root = Root { conclusion: Conclusion::alone(cause), finding: Finding::new(cause) };
            let known = Known { roots: vec![root.clone()], ..Known::default() };
            let wanted = match cause.code().split_once('.') {
                Some(("license", "missing")) => License::Missing,
                Some(("license", _)) => License::Wrong(&root),
                _ => License::Unknown,
            };
            assert_eq!(license(&known), wanted, "{}", cause.code());
        }
    }
}
