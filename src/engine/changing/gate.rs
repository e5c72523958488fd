//! The gate: what must hold before anything is written, and before a key or token is sent (design §11, §9).

use crate::domain::{
    check::{Gate, Report, Severity},
    request::{Options, Root},
};

use crate::engine::conclude;

/// What an apply has to pass, by the script or without it.
pub(crate) fn of_apply(by_script: bool) -> &'static [Gate] {
    if by_script { &[Gate::Write, Gate::Apply, Gate::Restart] } else { &[Gate::Write, Gate::Apply] }
}

/// What stands in the way at these gates: what weighs less than a fault, or is only left to do, never does.
pub(crate) fn in_the_way(report: &Report, gates: &[Gate]) -> Vec<Root> {
    conclude::roots_of(report)
        .into_iter()
        .filter(|root| matches!(root.conclusion.severity, Severity::Failed | Severity::Unknown))
        .filter(|root| gates.iter().any(|gate| root.conclusion.cause.blocks(*gate)))
        .collect()
}

/// The roots that are left after the risks that the person accepted by name.
pub(crate) fn after_accepted(roots: Vec<Root>, options: &Options) -> Vec<Root> {
    let accepted = |root: &Root| {
        root.conclusion.cause.accepted_as().is_some_and(|risk| options.accepted.contains(&risk))
    };
    roots.into_iter().filter(|root| !accepted(root)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        check::{Cause, Check, CheckEvent, CheckId, Finding, Side, Stage, Target},
        exit::{Asking, Exit, exit_of},
        risk::Risk,
    };

    /// The roots of a report in which nothing but this cause was found.
    fn roots(cause: Cause, gates: &[Gate]) -> Vec<Root> {
        let anywhere = CheckId::new(Side::Machine, Target::Api, Stage::State);
        let mut report = Report::default();
        report.apply(CheckEvent::Done(Check::found(cause.row().unwrap_or(anywhere), Finding::new(cause))));
        in_the_way(&report, gates)
    }

    fn accepting(risks: impl IntoIterator<Item = Risk>) -> Options {
        Options { accepted: risks.into_iter().collect(), ..Options::default() }
    }

    #[test]
    fn what_blocks_a_gate_is_refused_there_and_nowhere_else() {
        let doors = [Gate::Apply, Gate::Write, Gate::Restart, Gate::Token];
        for cause in Cause::ALL.iter().copied() {
            let weighs = matches!(cause.severity(), Severity::Failed | Severity::Unknown);
            for gate in doors {
                let refused = roots(cause, &[gate]).iter().any(|root| root.conclusion.cause == cause);
                assert_eq!(refused, weighs && cause.blocks(gate), "{} at {gate:?}", cause.code());
            }
        }
    }

    #[test]
    fn only_an_apply_by_the_script_minds_the_script() {
        assert_eq!(roots(Cause::RestartScriptMissing, of_apply(true)).len(), 1);
        assert!(roots(Cause::RestartScriptMissing, of_apply(false)).is_empty());
        for restart in [true, false] {
            assert_eq!(roots(Cause::DnsNotFound, of_apply(restart)).len(), 1);
            assert_eq!(roots(Cause::EnvUnparsable, of_apply(restart)).len(), 1);
        }
    }

    #[test]
    fn a_cause_is_let_through_by_the_name_of_its_own_risk_alone() {
        for cause in Cause::ALL.iter().copied() {
            for risk in Risk::ALL {
                let left = after_accepted(roots(cause, of_apply(true)), &accepting([risk]));
                let stood = !roots(cause, of_apply(true)).is_empty();
                let wanted = stood && cause.accepted_as() != Some(risk);
                assert_eq!(!left.is_empty(), wanted, "{} by {}", cause.code(), risk.name());
            }
        }
    }

    #[test]
    fn nobody_waves_through_what_the_write_or_the_script_cannot_do_without() {
        for cause in Cause::ALL.iter().copied() {
            let acceptable = cause.blocks(Gate::Apply);
            assert_eq!(cause.accepted_as().is_some(), acceptable, "{}", cause.code());
            let hard = cause.blocks(Gate::Write) || cause.blocks(Gate::Restart);
            assert!(!(acceptable && hard), "{}", cause.code());
        }
        let all = accepting(Risk::ALL);
        for cause in [Cause::InstallNotWritable, Cause::EnvTwoSpellings, Cause::RestartScriptMissing] {
            assert_eq!(after_accepted(roots(cause, of_apply(true)), &all).len(), 1, "{}", cause.code());
        }
    }

    #[test]
    fn what_could_not_be_asked_is_accepted_as_unchecked_and_what_failed_as_failed() {
        for cause in Cause::ALL.iter().copied() {
            for root in roots(cause, &[Gate::Apply]) {
                let unasked = exit_of(&[root.conclusion], Asking::Acting) == Exit::CouldNotAsk;
                let risk = if unasked { Risk::Unchecked } else { Risk::FailedChecks };
                assert_eq!(cause.accepted_as(), Some(risk), "{}", cause.code());
            }
        }
    }
}
