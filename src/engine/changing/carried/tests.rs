//! What the engine makes of each end: exit code, conclusions and journal agree.

use super::*;
use crate::domain::{
    check::{Cause, Side},
    exit::Exit,
    restart::{Fault, Ill, Verdict},
};
use crate::engine::changing::settle;
use proptest::prelude::*;

fn stop(cause: Cause) -> Stop {
    Stop::Root(Box::new(conclude::blocking(Finding::new(cause), Some(Side::Machine))))
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    let fault = Fault { service: "api".into(), ill: Ill::Loops, code: Some(134), id: None, started: None };
    prop_oneof![
        Just(Verdict::Good),
        Just(Verdict::GoodDespite),
        Just(Verdict::NotRestarted),
        Just(Verdict::Worse(vec![fault.clone()])),
        Just(Verdict::Down(vec![fault])),
        Just(Verdict::NotSeen),
    ]
}

/// What the engine makes of a verdict, and of the one after the way back where there was one.
fn carried(verdict: &Verdict, back: Option<&Verdict>, changed: BTreeSet<Changed>, proved: bool) -> Carried {
    let mut carried = Carried { ran: true, up: verdict.up(), changed, ..Carried::default() };
    match verdict {
        Verdict::Good | Verdict::GoodDespite => {
            if *verdict == Verdict::GoodDespite {
                let finding = Finding::new(Cause::RestartScriptFailed);
                carried.noted.push(settle::noted(finding));
            }
            carried.stopped = (!proved).then(|| stop(Cause::EnvNotEffective));
            carried.proved = Some(proved);
        }
        Verdict::NotSeen => carried.stopped = Some(stop(Cause::ServerNotSeen)),
        _ => {
            carried.stopped = Some(stop(Cause::RestartContainerEnded));
            if let Some(back) = back {
                carried.changed.remove(&Changed::Settings);
                (carried.up, carried.file) = (back.up(), FileAfter::PutBack);
                carried.stopped = Some(stop(Cause::EnvInvalidValue));
                if *back == Verdict::NotSeen {
                    carried.noted.push(conclude::blocking(Finding::new(Cause::ServerNotSeen), None));
                }
            }
        }
    }
    carried
}

proptest! {
    #[test]
    fn exit_up_and_conclusion_of_an_end_agree(
        verdict in verdicts(),
        back in prop::option::of(verdicts()),
        settings in any::<bool>(),
        restarted in any::<bool>(),
        proved in any::<bool>(),
    ) {
        let mut changed = BTreeSet::new();
        changed.extend(settings.then_some(Changed::Settings));
        changed.extend(restarted.then_some(Changed::Restart));
        let mut carried = carried(&verdict, back.as_ref().filter(|_| settings), changed, proved);
        carried.backup = settings.then(PathBuf::new);
        let (up, ending) = (carried.up, ending(&carried));
        let outcome = carried.outcome(Body::Nothing);
        let first = outcome.roots.first().map(|root| root.conclusion.severity);
        // Good: it answered, and nothing failed; a warning at most is told.
        prop_assert_eq!(outcome.exit == Exit::Good, verdict.is_good() && proved);
        prop_assert!(outcome.exit != Exit::Good || up == Some(true));
        prop_assert!(outcome.exit != Exit::Good || first.is_none_or(|severity| severity == Severity::Warning));
        prop_assert_eq!(outcome.exit == Exit::FailedDown, up == Some(false));
        prop_assert_eq!(outcome.exit == Exit::CouldNotAsk, up.is_none());
        prop_assert_eq!(first == Some(Severity::Unknown), up.is_none());
        prop_assert!(outcome.exit != Exit::FailedUp || up == Some(true));
        // The journal's last line.
        prop_assert_eq!(ending == Ending::Success, outcome.exit == Exit::Good);
        prop_assert_eq!(
            ending == Ending::RolledBack,
            outcome.exit != Exit::Good && settings && !outcome.changed.contains(&Changed::Settings)
        );
    }
}
