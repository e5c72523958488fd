//! The table as a whole, and what each of its columns does.

use std::fmt::Write;

use super::*;
use crate::domain::{
    check::{Check, CheckId, Conclusion, Finding, Side, Stage, Target, conclusions, row},
    exit::{Asking, Exit, exit_of},
};

#[test]
fn the_table() {
    let mut table = String::new();
    for cause in Cause::ALL {
        // Every column by name: one that is added must be shown.
        let Facts { area, code, severity, or, follows, blocks, accepted_as, means, mended_by, undone, rows } =
            cause.facts();
        let follows: Vec<_> = follows.iter().map(|root| root.code()).collect();
        let rows: Vec<_> = rows
            .iter()
            .map(|row| match row {
                Row::Is(id) => id.to_string(),
                Row::Rung(stage) => format!("{} and up", stage.word()),
            })
            .collect();
        let mended_by = match mended_by {
            Mender::Step(step) => format!("step {step:?}"),
            Mender::Advice(advice) => advice.code().to_owned(),
        };
        let means = match means {
            Means::NoWay { detour, reached, .. } => format!("no way, {}, {reached:?}", words(*detour)),
            Means::NoServer { detour, reached } => format!("no server, {}, {reached:?}", words(*detour)),
            Means::NoAddress => "no address".to_owned(),
            Means::Rejected(credential) => format!("rejected {credential:?}"),
            Means::Wrong | Means::Usage => format!("{means:?}").to_lowercase(),
        };
        let own = Some(cause.at_server()).filter(|own| own != cause);
        let accepted_as = accepted_as.map(Risk::name);
        let lines = [
            ("weighs", listed(std::iter::once(severity).chain(*or))),
            ("means", means),
            ("at server", own.map(Cause::code).unwrap_or_default().to_owned()),
            ("blocks", listed(*blocks)),
            ("accepted as", accepted_as.unwrap_or_default().to_owned()),
            ("mended by", mended_by),
            ("undone", listed(undone)),
            ("follows", follows.join(", ")),
            ("row", rows.join(", ")),
        ];
        writeln!(table, "{code} ({})", area.word()).unwrap();
        for (name, value) in lines.into_iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(table, "    {name:<12}{value}").unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

fn words(detour: bool) -> &'static str {
    if detour { "a detour may lead there" } else { "no detour" }
}

fn listed<'a, T: std::fmt::Debug + 'a>(of: impl IntoIterator<Item = &'a T>) -> String {
    of.into_iter().map(|one| format!("{one:?}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn codes_are_unique_and_read_back() {
    for cause in Cause::ALL {
        assert_eq!(Cause::parse(cause.code()), Some(*cause));
    }
}

#[test]
fn a_code_names_its_area() {
    for cause in Cause::ALL {
        assert_eq!(cause.code().split_once('.').map(|(area, _)| area), Some(cause.area().word()));
    }
    const MISSPELT: Facts = Facts { code: "instal.not_found", ..install::NOT_FOUND };
    const { assert!(!MISSPELT.is_well_named()) };
}

/// A row that says this cause, as heavy as it may weigh at most.
fn row_of(cause: Cause) -> Check {
    let rung = cause.facts().rows.first().map(|row| match row {
        Row::Is(id) => *id,
        Row::Rung(stage) => CheckId::new(Side::Machine, Target::Api, *stage),
    });
    let anywhere = CheckId::new(Side::Server, Target::Server, Stage::State);
    Check::found(rung.unwrap_or(anywhere), Finding::new(cause))
}

#[test]
fn a_root_mutes_what_follows_from_it_and_nothing_else() {
    for cause in Cause::ALL.iter().copied() {
        for other in Cause::ALL.iter().copied().filter(|other| *other != cause) {
            // Two causes of one row would hide one another.
            let (mut one, mut two) = (row_of(cause), row_of(other));
            one.id = CheckId::new(Side::Machine, Target::Api, Stage::Name);
            two.id = CheckId::new(Side::Machine, Target::Identity, Stage::Name);
            let told: Vec<_> = conclusions(&[one, two]).iter().map(|told| told.cause).collect();
            assert_eq!(
                told.contains(&cause),
                !cause.follows(other),
                "{} beside {}",
                cause.code(),
                other.code()
            );
        }
    }
}

#[test]
fn nothing_follows_from_itself_in_a_circle() {
    fn climbs(cause: Cause, above: &mut Vec<Cause>) {
        assert!(!above.contains(&cause), "{} follows from itself", cause.code());
        above.push(cause);
        for root in cause.facts().follows {
            climbs(*root, above);
        }
        above.pop();
    }
    for cause in Cause::ALL {
        climbs(*cause, &mut Vec::new());
    }
}

#[test]
fn what_a_cause_means_gives_the_exit_code_in_check_and_beyond() {
    let diagnosing = Asking::Diagnosing { strict: false };
    for cause in Cause::ALL.iter().copied() {
        let failed = |from| [Conclusion { from, severity: Severity::Failed, ..Conclusion::alone(cause) }];
        let (here, beyond, there) = match cause.facts().means {
            Means::Wrong | Means::NoAddress => (Exit::Wrong, Exit::Wrong, Exit::Wrong),
            // What the server could not reach is its own fault (design §4).
            Means::NoWay { .. } | Means::NoServer { .. } => (Exit::Wrong, Exit::CouldNotAsk, Exit::Wrong),
            Means::Rejected(_) => (Exit::Rejected, Exit::Rejected, Exit::Rejected),
            Means::Usage => (Exit::Usage, Exit::Usage, Exit::Usage),
        };
        let code = cause.code();
        assert_eq!(exit_of(&failed(Some(Side::Machine)), diagnosing), here, "{code}");
        assert_eq!(exit_of(&failed(Some(Side::Machine)), Asking::Acting), beyond, "{code}");
        assert_eq!(exit_of(&failed(Some(Side::Log)), Asking::Acting), there, "{code}");
    }
}

#[test]
fn a_row_is_as_heavy_as_its_cause() {
    use crate::domain::check::State;
    for cause in Cause::ALL.iter().copied() {
        let state = match cause.severity() {
            Severity::Failed => State::Failed,
            Severity::Unknown => State::Unknown,
            Severity::Warning => State::Warning,
            Severity::ToDo => State::ToDo,
        };
        assert_eq!(row_of(cause).state, state, "{}", cause.code());
        assert!(!cause.facts().or.contains(&cause.severity()), "{}: said twice", cause.code());
    }
}

#[test]
fn a_fault_of_the_way_is_on_the_ladder_and_nothing_else_is() {
    for cause in Cause::ALL.iter().copied().filter(|cause| cause.is_of_the_way()) {
        assert!(matches!(cause.facts().rows, [Row::Rung(_)]), "{}", cause.code());
    }
}

#[test]
fn what_the_plan_mends_never_stands_in_its_way() {
    for cause in
        Cause::ALL.iter().copied().filter(|cause| cause.mended_by_step() == Some(StepName::Configure))
    {
        assert_eq!(cause.facts().blocks, [], "{}", cause.code());
        assert!(cause.accepted_as().is_none(), "{}", cause.code());
    }
}

#[test]
fn what_leaves_a_step_undone_is_mended_by_it_or_stops_the_write() {
    for cause in Cause::ALL.iter().copied() {
        let Some(step) = cause.undone() else { continue };
        assert!(cause.mended_by_step() == Some(step) || cause.blocks(Gate::Write), "{}", cause.code());
    }
}

#[test]
fn what_only_deserves_a_look_leaves_no_step_undone() {
    for cause in Cause::ALL.iter().copied() {
        assert_eq!(Finding::new(cause).undone().is_some(), cause.undone().is_some(), "{}", cause.code());
    }
    let quoted = Finding::new(Cause::EnvQuotedBoolean);
    assert_eq!(quoted.undone(), Some(StepName::Configure));
    assert_eq!(quoted.weighing(Severity::Warning).undone(), None);
}

#[test]
fn a_finding_weighs_what_the_table_allows_and_nothing_else() {
    let weights = [Severity::Failed, Severity::Unknown, Severity::Warning, Severity::ToDo];
    for cause in Cause::ALL.iter().copied() {
        for severity in weights {
            let weighed = std::panic::catch_unwind(|| Finding::new(cause).weighing(severity).severity());
            assert_eq!(weighed.ok(), cause.may_weigh(severity).then_some(severity), "{}", cause.code());
        }
    }
}

#[test]
fn what_stands_in_the_way_weighs_as_a_fault_where_the_table_allows_it() {
    for (cause, weighs) in [
        (Cause::LicenseMissing, Severity::Failed),
        (Cause::ConnectionMissing, Severity::Failed),
        (Cause::RestartRegistryUnreachable, Severity::Failed),
        (Cause::TokenRejected, Severity::Failed),
        (Cause::ServerNotSeen, Severity::Unknown),
        (Cause::HttpRateLimited, Severity::Unknown),
    ] {
        assert_eq!(cause.in_the_way(cause.severity()), weighs, "{}", cause.code());
    }
}

#[test]
fn what_no_row_says_stands_in_no_gate() {
    for cause in Cause::ALL.iter().copied().filter(|cause| cause.facts().rows.is_empty()) {
        assert_eq!(cause.facts().blocks, [], "{}", cause.code());
    }
}

#[test]
fn a_cause_is_told_in_its_rows_and_on_the_rungs_above() {
    let rung = |stage| CheckId::new(Side::Machine, Target::Server, stage);
    assert!(Cause::EnvCrlf.is_told_in(row::SYNTAX) && !Cause::EnvCrlf.is_told_in(row::VALUES));
    assert!(Cause::TlsExpired.is_told_in(rung(Stage::Tls)) && Cause::TlsExpired.is_told_in(row::SIGN_IN));
    assert!(
        !Cause::TlsExpired.is_told_in(rung(Stage::Connect)) && !Cause::TlsExpired.is_told_in(row::LICENSE)
    );
    assert!(!Cause::RestartPullFailed.is_told_in(row::RESTART));
}

/// A certificate may be the server's own; that it has expired, is not valid yet or is for another name is what it is
/// on any host.
#[test]
fn a_fault_of_the_way_to_the_own_server_says_so() {
    let table = [
        (Cause::TlsIntercepted, "server.tls_untrusted"),
        (Cause::TlsUntrusted, "server.tls_untrusted"),
        (Cause::TlsExpired, "tls.expired"),
        (Cause::TlsNotYetValid, "tls.not_yet_valid"),
        (Cause::TlsNameMismatch, "tls.name_mismatch"),
        (Cause::TcpRefused, "server.down"),
        (Cause::HttpServerError, "server.starting"),
        (Cause::HttpBlockPage, "server.not_bitwarden"),
        (Cause::DnsNotFound, "dns.not_found"),
        (Cause::HttpTimeout, "http.timeout"),
    ];
    for (cause, wanted) in table {
        let found = Finding::new(cause).with("host", "vault.example.org").advise(AdviceCode::AskSupport);
        let own = found.of_own_server();
        assert_eq!((own.cause.code(), own.evidence.get("host")), (wanted, Some("vault.example.org")));
        let advice: Vec<_> = own.advice.iter().map(|advice| advice.code).collect();
        let wanted =
            if own.cause == cause { Some(AdviceCode::AskSupport) } else { own.cause.mended_by_person() };
        assert_eq!(advice, wanted.into_iter().collect::<Vec<_>>(), "{}", cause.code());
    }
    for cause in Cause::ALL.iter().copied() {
        let own = cause.at_server();
        let stays = own == cause || matches!(own.facts().means, Means::NoServer { .. });
        assert!(stays && own.at_server() == own, "{}", cause.code());
    }
}

/// Another address may lead where a name or a port did not; whoever showed a certificate or answered was reached.
#[test]
fn a_detour_is_tried_where_nobody_was_reached() {
    for cause in Cause::ALL.iter().copied() {
        let unreached =
            matches!(cause.area(), Area::Dns | Area::Tcp | Area::Proxy) || cause == Cause::ServerDown;
        assert_eq!(cause.has_detour(), unreached, "{}", cause.code());
    }
}
