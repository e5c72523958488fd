//! The gate: what must hold before anything is written, and before a key or token is sent (design §11, §9).

use crate::domain::{
    check::{Cause, Severity},
    exit::{Asking, exit_of},
    request::{Options, Risk, Root},
};

use super::{conclude, run::Run};

/// What stands in the way.
pub(super) fn in_the_way(run: &Run<'_>, stands: impl Fn(Cause) -> bool) -> Vec<Root> {
    conclude::roots_of(&run.report())
        .into_iter()
        .filter(|root| matches!(root.conclusion.severity, Severity::Failed | Severity::Unknown))
        .filter(|root| stands(root.conclusion.cause))
        .collect()
}

/// What stands in the way of applying: what the plan itself mends never does, nor what later steps are for.
pub(super) fn of_apply(cause: Cause, restart: bool) -> bool {
    let mended = matches!(
        cause,
        Cause::ConfigCloudCommunicationOff
            | Cause::ConfigHalfRegion
            | Cause::ConfigBadUrl
            | Cause::EnvInvalidValue
            | Cause::EnvQuotedBoolean
            | Cause::EnvMisspeltKey
            | Cause::InstallationWrongRegion
            | Cause::EnvNotEffective
            | Cause::RestartPending
    );
    let later = matches!(cause.area(), "license" | "connection" | "sync" | "server" | "login" | "token");
    let of_restart = cause.area() == "restart";
    !mended && !later && (restart || !of_restart)
}

/// What stands in the way of asking the cloud about a token: what it takes is the installation, its key and
/// the way to the region's hosts; the switch and the region's settings are the server's, not ours.
pub(super) fn of_token(cause: Cause) -> bool {
    let settings = matches!(
        cause,
        Cause::ConfigCloudCommunicationOff
            | Cause::ConfigHalfRegion
            | Cause::ConfigBadUrl
            | Cause::InstallationWrongRegion
    );
    // A file that does not read has no id and no key.
    let unread = matches!(cause, Cause::EnvUnparsable | Cause::EnvMissing);
    let others = matches!(cause.area(), "restart" | "connection" | "sync" | "server" | "env" | "login");
    !settings && (unread || !others)
}

/// The roots that are left after the risks that the person accepted by name.
pub(super) fn after_accepted(roots: Vec<Root>, options: &Options) -> Vec<Root> {
    roots
        .into_iter()
        .filter(|root| {
            let unchecked =
                exit_of(&[root.conclusion], Asking::Acting) == crate::domain::exit::Exit::CouldNotAsk;
            let never = matches!(root.conclusion.cause.area(), "install" | "env");
            let risk = if unchecked { Risk::Unchecked } else { Risk::FailedChecks };
            never || !options.accepted.contains(&risk)
        })
        .collect()
}

/// Whether a finding about the file means that step 1 is not done.
pub(super) fn of_step_one(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::ConfigCloudCommunicationOff
            | Cause::ConfigHalfRegion
            | Cause::ConfigBadUrl
            | Cause::EnvInvalidValue
            | Cause::EnvTwoSpellings
            | Cause::EnvSeveralSettingsOnOneLine
            | Cause::InstallationWrongRegion
    )
}
