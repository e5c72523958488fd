//! The judge over generated ends: exit code × containers before and after × answers.

use proptest::prelude::*;

use super::{part::ESSENTIAL, *};

fn part(service: &str, state: State) -> Part {
    Part {
        id: format!("1{service}"),
        name: format!("bitwarden-{service}"),
        service: service.into(),
        lite: service == "bitwarden",
        state,
        started: None,
        restarts: 0,
        grew: false,
    }
}

fn all(state: State) -> Vec<Part> {
    ["mssql", "identity", "api", "admin", "nginx", "web"].map(|service| part(service, state)).to_vec()
}

fn with(mut parts: Vec<Part>, service: &str, state: State) -> Vec<Part> {
    for part in parts.iter_mut().filter(|part| part.service == service) {
        part.state = state;
    }
    parts
}

fn by_name(heard: Heard) -> Answers {
    Answers { by_name: Some(heard), by_port: None }
}

fn by_both(by_name: Heard, by_port: Heard) -> Answers {
    Answers { by_name: Some(by_name), by_port: Some(by_port) }
}

fn judged(end: i32, before: &[Part], now: &[Part], answers: Answers) -> (Verdict, Patience) {
    let (before, now) = (Some(before), Some(now));
    judge(&Seen { end: ProgramEnd::Code(end), went_down: true, before, now, answers })
}

fn named(verdict: &Verdict) -> Vec<(&str, Ill)> {
    verdict.faults().iter().map(|fault| (fault.service.as_str(), fault.ill)).collect()
}

#[test]
fn the_cases_of_the_field_are_judged_as_they_must() {
    use Heard::{Answered, CouldNotAsk, Gateway, Refused, Silent};
    use State::{Ended, Healthy, Loops, Starting, Unhealthy};
    let well = all(Healthy);
    let answered = by_name(Answered);
    // port_taken_between_down_and_up: nginx was made and could not start; the port accepts and closes.
    let taken = with(well.clone(), "nginx", Ended(Some(128)));
    let closes = by_both(CouldNotAsk(Cause::TlsHandshake), CouldNotAsk(Cause::TlsHandshake));
    let (verdict, patience) = judged(1, &well, &taken, closes);
    assert_eq!(
        (verdict.up(), patience, named(&verdict)),
        (Some(false), Patience::Short, vec![("nginx", Ill::Ended)])
    );
    // our_setting_stops_the_api: nginx answers, the api behind it does not.
    let (verdict, patience) =
        judged(0, &well, &with(well.clone(), "api", Loops(Some(134))), by_name(Gateway));
    assert_eq!(
        (verdict.up(), patience, named(&verdict)),
        (Some(false), Patience::Long, vec![("api", Ill::Loops)])
    );
    assert_eq!(verdict.cause_by_parts(), Some(Cause::RestartContainerEnded));
    // unhealthy_by_false_alarm: unhealthy before and after, and while its check has not decided yet.
    let ill = all(Unhealthy);
    for now in [&ill, &all(Starting)] {
        assert_eq!(judged(0, &ill, now, answered), (Verdict::Good, Patience::None));
    }
    // the_database_does_not_come_up: it is named first.
    let now = with(with(well.clone(), "mssql", Loops(Some(139))), "api", Unhealthy);
    let (verdict, _) = judged(0, &well, &now, by_name(Gateway));
    assert_eq!(
        (verdict.up(), verdict.faults()[0].code, named(&verdict)[0]),
        (Some(false), Some(139), ("mssql", Ill::Loops))
    );
    // the_helper_container_is_in_the_way: 125, and all is well.
    assert_eq!(judged(125, &well, &well, answered), (Verdict::GoodDespite, Patience::None));
    // Worse than before is waited for, and then told.
    let (verdict, patience) = judged(0, &well, &with(well.clone(), "admin", Unhealthy), answered);
    assert_eq!((verdict.up(), patience, verdict.is_good()), (Some(true), Patience::Long, false));
    // What is still starting is waited for where it worked before.
    assert_eq!(judged(0, &well, &all(Starting), answered), (Verdict::Good, Patience::Long));
    // A container that is gone is no container that nobody could see.
    let (verdict, _) = judged(1, &well, &[], by_name(Silent(Cause::TcpTimeout)));
    assert_eq!((verdict.up(), verdict.cause_by_parts()), (Some(false), None));
    let blind = Seen {
        end: ProgramEnd::Code(0),
        went_down: true,
        before: Some(&well),
        now: None,
        answers: by_name(Silent(Cause::TcpTimeout)),
    };
    assert_eq!(judge(&blind), (Verdict::NotSeen, Patience::Long));
    // A certificate that nobody trusts here says nothing about the server; its own port does.
    let untrusted = CouldNotAsk(Cause::ServerTlsUntrusted);
    assert_eq!(judged(0, &well, &well, by_name(untrusted)), (Verdict::NotSeen, Patience::Short));
    assert_eq!(judged(0, &well, &well, by_both(untrusted, Answered)).0, Verdict::Good);
    assert_eq!(judged(0, &well, &well, by_both(untrusted, Refused)).0.up(), Some(false));
    // An address where nobody listens may be another machine's, where the containers work.
    assert_eq!(judged(0, &well, &well, by_name(Refused)).0, Verdict::NotSeen);
    assert_eq!(judge(&Seen { now: None, answers: by_name(Refused), ..blind }).0.up(), Some(false));
    // A script that failed: without a sight of the containers, and without a sight of the server going down,
    // nothing shows that it did anything.
    let failed = Seen { end: ProgramEnd::Code(1), went_down: false, answers: answered, ..blind };
    assert_eq!(judge(&failed).0, Verdict::NotRestarted);
    assert_eq!(judge(&Seen { went_down: true, ..failed }).0, Verdict::GoodDespite);
    // One that stands still has the last word yet to come.
    assert_eq!(judge(&Seen { end: ProgramEnd::Stopped, ..failed }).0, Verdict::NotSeen);
    // The way up from a server that was down: what did not run before is not blamed for being no better.
    let dead = all(Ended(Some(0)));
    assert_eq!(
        judged(0, &dead, &with(well.clone(), "admin", Unhealthy), answered),
        (Verdict::Good, Patience::None)
    );
}

#[test]
fn the_lite_editions_one_container_is_essential() {
    let before = [part("bitwarden", State::Healthy)];
    let now = [part("bitwarden", State::Ended(Some(1)))];
    let (verdict, _) = judged(0, &before, &now, by_name(Heard::Silent(Cause::TcpReset)));
    assert_eq!((verdict.up(), named(&verdict)), (Some(false), vec![("bitwarden", Ill::Ended)]));
}

#[test]
fn a_loop_is_told_although_it_runs_at_the_moment_of_the_look() {
    let mut watch = Watch::default();
    let look = |restarts, state| vec![Part { restarts, ..part("api", state) }];
    watch.look(look(3, State::Runs));
    watch.look(look(4, State::Loops(Some(134))));
    let now = watch.look(look(5, State::Runs));
    let before = all(State::Healthy);
    let (verdict, patience) = judged(0, &before[2..3], &now, by_name(Heard::Silent(Cause::HttpTimeout)));
    let verdict = match verdict {
        Verdict::Down(faults) => watch.with_codes(faults),
        other => panic!("{other:?}"),
    };
    assert_eq!((verdict[0].ill, verdict[0].code, patience), (Ill::Loops, Some(134), Patience::Long));
    // Once it answers, having been started again is no fault; it is watched until its own check says so.
    assert_eq!(judged(0, &before[2..3], &now, by_name(Heard::Answered)), (Verdict::Good, Patience::Long));
}

fn states() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::Healthy),
        Just(State::Runs),
        Just(State::Starting),
        Just(State::Unhealthy),
        prop::option::of(0i64..200).prop_map(State::Loops),
        prop::option::of(0i64..200).prop_map(State::Ended),
    ]
}

fn sights() -> impl Strategy<Value = Option<Vec<Part>>> {
    let services = ["mssql", "identity", "api", "admin", "nginx", "web", "bitwarden"];
    let parts = services.map(|service| {
        prop::option::of((states(), 0u8..3, any::<bool>())).prop_map(move |found| {
            found.map(|(state, life, grew)| Part {
                id: format!("{life}{service}"),
                grew,
                ..part(service, state)
            })
        })
    });
    prop::option::of(parts.prop_map(|found| found.into_iter().flatten().collect()))
}

fn heards() -> impl Strategy<Value = Option<Heard>> {
    prop::option::of(prop_oneof![
        Just(Heard::Answered),
        Just(Heard::Gateway),
        Just(Heard::Refused),
        Just(Heard::Other(Cause::HttpUnexpectedStatus)),
        Just(Heard::Silent(Cause::HttpTimeout)),
        Just(Heard::CouldNotAsk(Cause::DnsNotFound)),
        Just(Heard::CouldNotAsk(Cause::ServerTlsUntrusted)),
    ])
}

fn ends() -> impl Strategy<Value = ProgramEnd> {
    prop_oneof![
        Just(ProgramEnd::Code(0)),
        (1..256).prop_map(ProgramEnd::Code),
        Just(ProgramEnd::Unknown),
        Just(ProgramEnd::Stopped),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn good_implies_an_answer_after_the_end_and_down_that_it_was_seen(
        end in ends(),
        went_down in any::<bool>(),
        before in sights(),
        now in sights(),
        by_name in heards(),
        by_port in heards(),
    ) {
        let answers = Answers { by_name, by_port };
        let seen = Seen { end, went_down, before: before.as_deref(), now: now.as_deref(), answers };
        let (verdict, _) = judge(&seen);
        let heard_down = [by_name, by_port].into_iter().flatten()
            .any(|heard| matches!(heard, Heard::Gateway | Heard::Refused));
        let ill = |part: &Part| part.grew || matches!(part.state, State::Unhealthy | State::Loops(_) | State::Ended(_));
        let seen_ill = now.iter().flatten().any(|part| part.is_essential() && ill(part));
        let runs = |parts: &[Part], service: &str| parts.iter().any(|part| {
            part.service == service && !matches!(part.state, State::Loops(_) | State::Ended(_))
        });
        match verdict.up() {
            Some(true) => prop_assert!(answers.answered() && end != ProgramEnd::Stopped),
            Some(false) => {
                prop_assert!(!answers.answered());
                let gone = before.is_some() && now.is_some();
                prop_assert!(heard_down || seen_ill || gone);
            }
            None => prop_assert!(!answers.answered() || end == ProgramEnd::Stopped),
        }
        if verdict.is_good() {
            prop_assert!(verdict.up() == Some(true));
            // No essential part that ran before is down now.
            if let (Some(before), Some(now)) = (&before, &now) {
                for service in ESSENTIAL {
                    prop_assert!(!runs(before, service) || runs(now, service), "{service}");
                }
            }
        }
        // The exit code alone decides nothing: with all else the same it turns good into good with a warning.
        let as_well = judge(&Seen { end: ProgramEnd::Code(0), ..seen }).0;
        if let ProgramEnd::Code(_) | ProgramEnd::Unknown = end {
            prop_assert_eq!(verdict.up(), as_well.up());
            prop_assert_eq!(verdict.faults(), as_well.faults());
        }
    }
}

/// What a fault of asking says of the server: the column of the table, by its whole chain.
#[test]
fn a_fault_of_asking_says_how_far_it_came() {
    let table = [
        (Cause::ServerDown, Heard::Refused),
        (Cause::TcpRefused, Heard::Refused),
        (Cause::ServerStarting, Heard::Gateway),
        (Cause::TcpTimeout, Heard::Silent(Cause::TcpTimeout)),
        (Cause::TcpReset, Heard::Silent(Cause::TcpReset)),
        (Cause::TcpUnreachable, Heard::Silent(Cause::TcpUnreachable)),
        (Cause::HttpTimeout, Heard::Silent(Cause::HttpTimeout)),
        (Cause::DnsNotFound, Heard::CouldNotAsk(Cause::DnsNotFound)),
        (Cause::ProxyDenied, Heard::CouldNotAsk(Cause::ProxyDenied)),
        (Cause::TlsExpired, Heard::CouldNotAsk(Cause::TlsExpired)),
        (Cause::ServerTlsUntrusted, Heard::CouldNotAsk(Cause::ServerTlsUntrusted)),
        (Cause::ConfigBadUrl, Heard::CouldNotAsk(Cause::ConfigBadUrl)),
        (Cause::HttpUnexpectedStatus, Heard::Other(Cause::HttpUnexpectedStatus)),
        (Cause::ServerNotBitwarden, Heard::Other(Cause::ServerNotBitwarden)),
        (Cause::ServerUnhealthy, Heard::Other(Cause::ServerUnhealthy)),
    ];
    for (cause, heard) in table {
        assert_eq!(Heard::of(&Finding::new(cause)), heard, "{}", cause.code());
    }
    let offline = Finding::new(Cause::TcpUnreachable).with("reason", "offline");
    assert_eq!(Heard::of(&offline), Heard::CouldNotAsk(Cause::TcpUnreachable));
}
