//! Exit codes: the contract that scripts rely on (design §4).

use super::check::{Conclusion, Means, Severity};

/// How the program ends. The numbers are fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Good; to-dos and warnings included.
    Good,
    /// Something that should not happen.
    Unexpected,
    /// Usage, missing input, or an ambiguous installation.
    Usage,
    /// Something is wrong, nothing changed.
    Wrong,
    /// Warnings, with `--strict`.
    Warnings,
    /// A change failed and the server still answers.
    FailedUp,
    /// A change failed and the server does not answer.
    FailedDown,
    /// A credential or token was rejected.
    Rejected,
    /// Could not ask, or did not hear in time.
    CouldNotAsk,
    /// Another run holds the lock.
    Locked,
    /// `--check`: something would change.
    WouldChange,
    /// Our own `--timeout`.
    TimedOut,
    /// Ended by HUP.
    Hangup,
    /// Ended by INT.
    Interrupted,
    /// Ended by TERM.
    Terminated,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::Wrong => 3,
            Self::Warnings => 4,
            Self::FailedUp => 5,
            Self::FailedDown => 6,
            Self::Rejected => 7,
            Self::CouldNotAsk => 8,
            Self::Locked => 9,
            Self::WouldChange => 10,
            Self::TimedOut => 124,
            Self::Hangup => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// Whether JSON says `ok` (exit 0 or 10, design §5).
    pub fn is_ok(self) -> bool {
        matches!(self, Self::Good | Self::WouldChange)
    }
}

/// Which reading of a fault of the way applies (design §4: a finding in `check`, "could not ask" elsewhere).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// `check`: an unreachable host is what was looked for.
    Diagnosing {
        /// Warnings count (exit 4).
        strict: bool,
    },
    /// Any other command: an unreachable host means that it could not ask.
    Acting,
}

/// The code that the first conclusion gives. `machine` faults of the way count as "could not ask" when acting;
/// what the server could not reach (`from` server or log) stays a fault (3).
pub fn exit_of(conclusions: &[Conclusion], asking: Asking) -> Exit {
    use super::check::Side;
    let Some(first) = conclusions.first() else { return Exit::Good };
    match first.severity {
        Severity::Failed => {
            let ours = !matches!(first.from, Some(Side::Server | Side::Log));
            match first.cause.facts().means {
                Means::Usage => Exit::Usage,
                Means::Rejected(_) => Exit::Rejected,
                Means::NoWay { .. } | Means::NoServer { .. } if asking == Asking::Acting && ours => {
                    Exit::CouldNotAsk
                }
                Means::NoWay { .. } | Means::NoServer { .. } | Means::NoAddress | Means::Wrong => Exit::Wrong,
            }
        }
        Severity::Unknown => Exit::CouldNotAsk,
        Severity::Warning if asking == (Asking::Diagnosing { strict: true }) => Exit::Warnings,
        Severity::Warning | Severity::ToDo => Exit::Good,
    }
}

/// The code of a run that may have changed something: 5 or 6 where it did not come out well, by whether the server
/// answers after the restart. Where one ran (`restarted`) and nobody saw whether it answers, that is 8, and never
/// good. `of_roots` is the code that the conclusions alone give.
pub fn after_change(of_roots: Exit, changed: bool, restarted: bool, up: Option<bool>) -> Exit {
    match (restarted, up) {
        (true, None) => Exit::CouldNotAsk,
        (true, Some(false)) => Exit::FailedDown,
        _ if of_roots.is_ok() => of_roots,
        _ if changed => Exit::FailedUp,
        _ => of_roots,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::check::Cause, *};

    #[test]
    fn rejected_and_could_not_ask_are_never_confused() {
        let alone = |cause| vec![Conclusion::alone(cause)];
        let diagnosing = Asking::Diagnosing { strict: false };
        let table = [
            (vec![], diagnosing, Exit::Good),
            (alone(Cause::DnsNotFound), diagnosing, Exit::Wrong),
            (alone(Cause::DnsNotFound), Asking::Acting, Exit::CouldNotAsk),
            (alone(Cause::TokenRejected), Asking::Acting, Exit::Rejected),
            (alone(Cause::InstallationKeyRejected), diagnosing, Exit::Rejected),
            (alone(Cause::InstallationWrongRegion), diagnosing, Exit::Wrong),
            (alone(Cause::HttpRateLimited), diagnosing, Exit::CouldNotAsk),
            (alone(Cause::EnvDuplicateKey), diagnosing, Exit::Good),
            (alone(Cause::EnvDuplicateKey), Asking::Diagnosing { strict: true }, Exit::Warnings),
            (alone(Cause::ConnectionMissing), diagnosing, Exit::Good),
            (alone(Cause::InstallAmbiguous), Asking::Acting, Exit::Usage),
        ];
        for (conclusions, asking, wanted) in table {
            assert_eq!(exit_of(&conclusions, asking), wanted, "{conclusions:?}");
        }
    }
}
