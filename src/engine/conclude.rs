//! From what was found to an outcome: roots in their order, and the exit code that the first one gives.

use std::collections::BTreeSet;

use crate::domain::{
    check::{Area, Check, Conclusion, Finding, Report, Severity, Side, row},
    exit::{Asking, Exit, exit_of},
    request::{Body, Changed, CheckBody, Outcome, Problem, Root},
    settings,
};

use super::{
    run::{Run, TimedOut},
    seeing::survey::Survey,
};

/// The roots of a report, each with its evidence and advice.
pub(super) fn roots_of(report: &Report) -> Vec<Root> {
    report
        .conclusions()
        .into_iter()
        .map(|conclusion| {
            let check = conclusion.check.and_then(|id| report.get(id));
            let finding = check.and_then(Check::finding).unwrap_or_else(|| Finding::new(conclusion.cause));
            Root { conclusion, finding }
        })
        .collect()
}

/// A root that stands in the way of what was asked.
pub(super) fn blocking(finding: Finding, from: Option<Side>) -> Root {
    let severity = finding.cause.in_the_way(finding.severity());
    let finding = finding.weighing(severity);
    Root { conclusion: Conclusion { cause: finding.cause, check: None, from, severity }, finding }
}

/// A root that came of asking the self-hosted server: what kept us from an answer is seen from this machine,
/// the rest is what the server said.
pub(super) fn of_server(finding: Finding) -> Root {
    let from = match finding.cause.area() {
        Area::Dns | Area::Tcp | Area::Proxy | Area::Tls | Area::Http | Area::Server => Side::Machine,
        Area::Install | Area::Env | Area::Config | Area::Installation | Area::License | Area::Login => {
            Side::Server
        }
        Area::Token | Area::Connection | Area::Sync | Area::Restart => Side::Server,
    };
    blocking(finding, Some(from))
}

/// An outcome whose exit code follows from its first root.
pub(super) fn outcome(mut roots: Vec<Root>, asking: Asking, body: Body) -> Outcome {
    for root in &mut roots {
        // What kept us from asking is not known to be wrong with what was asked about (design §4).
        if exit_of(&[root.conclusion], asking) == Exit::CouldNotAsk {
            root.conclusion.severity = Severity::Unknown;
        }
    }
    let conclusions: Vec<_> = roots.iter().map(|root| root.conclusion).collect();
    Outcome { exit: exit_of(&conclusions, asking), roots, problem: None, changed: BTreeSet::new(), body }
}

/// An outcome for which no cause of the catalogue is the reason.
pub(super) fn problem(problem: Problem, body: Body) -> Outcome {
    let exit = match &problem {
        Problem::RegionOpen
        | Problem::RegionContradicted { .. }
        | Problem::OrganizationOpen { .. }
        | Problem::ApiKeyMissing => Exit::Usage,
        Problem::Locked { .. } => Exit::Locked,
        Problem::ChangedSincePlan | Problem::CannotRestart { .. } | Problem::RootInstallation => Exit::Wrong,
        Problem::NothingToUndo | Problem::NothingToResume => Exit::Good,
        Problem::Offline | Problem::TokenUnverified | Problem::Unheard(_) => Exit::CouldNotAsk,
        Problem::TimedOut => Exit::TimedOut,
        Problem::Unexpected(_) => Exit::Unexpected,
    };
    Outcome { exit, roots: Vec::new(), problem: Some(problem), changed: BTreeSet::new(), body }
}

/// The same outcome with what was changed.
pub(super) fn changed(mut outcome: Outcome, changed: impl IntoIterator<Item = Changed>) -> Outcome {
    outcome.changed.extend(changed);
    outcome
}

/// The same outcome where a change was sent to the server and nobody could say whether it was made: it counts as
/// changed, since nobody may rely on the old state any more, and the words say that it is not known.
pub(super) fn unheard(outcome: Outcome, what: Changed) -> Outcome {
    let mut outcome = changed(outcome, [what]);
    for root in &mut outcome.roots {
        root.conclusion.severity = Severity::Unknown;
    }
    Outcome { exit: Exit::CouldNotAsk, problem: Some(Problem::Unheard(what)), ..outcome }
}

/// The rows so far as the body of `check`.
pub(super) fn check_body(run: &Run<'_>, survey: Option<&Survey>) -> CheckBody {
    let report = run.report();
    CheckBody {
        verdict: report.verdict(),
        installation: survey.map(|survey| survey.installation.clone()),
        settings: survey
            .and_then(|survey| survey.layers().ok())
            .map(|layers| settings::read(&layers))
            .unwrap_or_default(),
        checks: report.to_checks(),
    }
}

/// An outcome where no installation could be read: the finding becomes the report's only row.
pub(super) fn not_found(run: &Run<'_>, finding: Finding, asking: Asking) -> Outcome {
    run.judge(finding.cause.row().unwrap_or(row::INSTALL), Some(finding));
    let body = check_body(run, None);
    outcome(roots_of(&run.report()), asking, Body::Check(Box::new(body)))
}

/// How an act ended that did not fail.
pub(super) enum Done {
    Yes,
    /// There was no need, or no way, and that is no fault.
    NoNeed,
}

/// Why an act goes no further.
#[derive(Debug)]
pub(super) enum Stop {
    Root(Box<Root>),
    Problem(Problem),
}

impl Stop {
    /// A finding that was seen from there.
    pub(super) fn seen(from: Side, finding: Finding) -> Self {
        Self::Root(Box::new(blocking(finding, Some(from))))
    }

    /// A finding about the installation's own files.
    pub(super) fn of_file(finding: Finding) -> Self {
        Self::seen(Side::File, finding)
    }

    /// A finding that came of asking the self-hosted server.
    pub(super) fn of_server(finding: Finding) -> Self {
        Self::Root(Box::new(of_server(finding)))
    }
}

/// Why a request goes no further: the outcome that tells it. `?` hands it up to [`super::Engine`].
#[derive(Debug)]
pub(super) struct Stopped(Box<Outcome>);

/// How a request ends.
pub(super) type Told = Result<Outcome, Stopped>;

impl Stopped {
    /// The same with what is shown all the same.
    pub(super) fn with(mut self, body: Body) -> Self {
        self.0.body = body;
        self
    }

    /// The outcome; `empty` where there is nothing else to show.
    pub(super) fn outcome(self, empty: Body) -> Outcome {
        match self.0.body {
            Body::Nothing => Outcome { body: empty, ..*self.0 },
            _ => *self.0,
        }
    }
}

impl From<Outcome> for Stopped {
    fn from(outcome: Outcome) -> Self {
        Self(Box::new(outcome))
    }
}

impl From<Stop> for Stopped {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Root(root) => outcome(vec![*root], Asking::Acting, Body::Nothing).into(),
            Stop::Problem(told) => told.into(),
        }
    }
}

impl From<Finding> for Stopped {
    fn from(finding: Finding) -> Self {
        outcome(vec![blocking(finding, None)], Asking::Acting, Body::Nothing).into()
    }
}

impl From<Problem> for Stopped {
    fn from(told: Problem) -> Self {
        problem(told, Body::Nothing).into()
    }
}

impl From<TimedOut> for Stopped {
    fn from(TimedOut: TimedOut) -> Self {
        Problem::TimedOut.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::Cause;

    #[test]
    fn what_kept_us_from_the_server_is_seen_from_here_and_the_rest_is_what_it_said() {
        for (cause, from) in [
            (Cause::DnsNotFound, Side::Machine),
            (Cause::TlsExpired, Side::Machine),
            (Cause::ServerDown, Side::Machine),
            (Cause::LoginNotOwner, Side::Server),
            (Cause::ConnectionMissing, Side::Server),
            (Cause::LicenseMissing, Side::Server),
            (Cause::SyncRefused, Side::Server),
        ] {
            let root = of_server(Finding::new(cause));
            assert_eq!(root.conclusion.from, Some(from), "{}", cause.code());
            assert_eq!(root.conclusion.severity, Severity::Failed, "{}", cause.code());
        }
    }
}
