//! Outcomes as they could come from the engine, one or more a command: what the tests of printing print.

use std::collections::BTreeSet;

use time::macros::datetime;

use crate::domain::{
    check::{
        AdviceCode, Cause, Check, CheckId, Conclusion, Finding, Side, Stage, Target, Verdict, conclusions,
    },
    exit::Exit,
    installation::{ApiLog, Flavour, Installation, Owner},
    journal::{Command, Rescue, Server, Settings, Standing, Written},
    region::{Lookup, Region},
    request::{
        ApplyBody, Body, Change, Changed, CheckBody, Diff, DiffLine, DiffSign, FileAfter, FileView, Left,
        LeftWhy, Origin, Outcome, PlanBody, Problem, RegionBy, RegionView, RestartPlan, RestartResult, Root,
        SettingView, StatusBody, SyncBody, TokenBody, UndoBody, Why,
    },
    settings,
    sync::{
        Connection, LicenseSync, LicenseTerms, SeenIn, Snapshot, SponsorshipSync, StepState, Steps, SyncState,
    },
};

/// A name, the command line that it answers, and the outcome.
pub type Example = (&'static str, &'static [&'static str], Outcome);

/// All of them.
pub fn all() -> Vec<Example> {
    let mut all = vec![
        ("check-wrong", &["check"][..], check()),
        ("check-good", &["check"], good_check()),
        ("plan-changes", &["plan", "--check"], plan()),
        ("apply-proved", &["apply", "--yes"], apply()),
        ("apply-down", &["apply", "--yes"], apply_down()),
        ("apply-problem", &["apply", "--yes"], problem(Problem::RegionOpen, Exit::Usage)),
        ("undo-done", &["undo", "--yes"], undo()),
        ("token-rejected", &["token", "verify"], token_rejected()),
        ("token-saved", &["token", "set"], token_saved()),
        ("sync-done", &["sync"], sync()),
        ("status-synced", &["status"], status()),
        ("status-unknown", &["status"], outcome(Exit::CouldNotAsk, Body::Status(Box::default()))),
    ];
    let locked = Problem::Locked { holder: "bwsync apply, process 4711".into(), resume: None };
    all.push(("undo-locked", &["undo", "--yes"], problem(locked, Exit::Locked)));
    all
}

fn outcome(exit: Exit, body: Body) -> Outcome {
    Outcome { exit, roots: Vec::new(), problem: None, changed: BTreeSet::new(), body }
}

fn problem(problem: Problem, exit: Exit) -> Outcome {
    Outcome { problem: Some(problem), ..outcome(exit, Body::Nothing) }
}

fn root(finding: Finding, check: Option<CheckId>) -> Root {
    let conclusion =
        Conclusion { check, from: check.map(|check| check.from), ..Conclusion::alone(finding.cause) };
    Root { conclusion, finding }
}

fn installation() -> Installation {
    Installation {
        dir: "/opt/bitwarden".into(),
        bwdata: "/opt/bitwarden/bwdata".into(),
        flavour: Flavour::Standard,
        env_file: "/opt/bitwarden/bwdata/env/global.override.env".into(),
        owner: Owner { uid: 1001, gid: 1001, name: Some("bitwarden".into()) },
        version: Some("2026.8.0".into()),
        server: "https://vault.example.org".parse().ok(),
        published_port: Some(443),
        published_plain: false,
        push_off: false,
        script: Some("/opt/bitwarden/bitwarden.sh".into()),
        id_keys: [settings::INSTALLATION_ID, settings::INSTALLATION_KEY],
        licenses: None,
        api_log: ApiLog::InContainer,
    }
}

fn row(target: Target, stage: Stage, milliseconds: u64) -> Check {
    let id = CheckId::new(Side::Machine, target, stage);
    Check::passed(id).took(std::time::Duration::from_millis(milliseconds))
}

fn good_rows() -> Vec<Check> {
    let ladder = [(Stage::Name, 3), (Stage::Connect, 12), (Stage::Tls, 14), (Stage::Http, 15)];
    ladder.iter().map(|(stage, ms)| row(Target::Api, *stage, *ms)).collect()
}

fn intercepted() -> Finding {
    Finding::new(Cause::TlsIntercepted)
        .with("host", "identity.bitwarden.com")
        .with("issuer", "CN=Acme TLS Inspection CA")
        .advise(AdviceCode::ExemptFromInspection)
        .command(
            AdviceCode::TrustRoot,
            "sudo install -m 644 /etc/ssl/certs/acme.pem /opt/bitwarden/bwdata/ca-certificates/",
        )
}

fn check() -> Outcome {
    let tls = CheckId::new(Side::Machine, Target::Identity, Stage::Tls);
    let http = CheckId::new(Side::Machine, Target::Identity, Stage::Http);
    let off = CheckId::new(Side::File, Target::Env, Stage::State);
    let connection = CheckId::new(Side::Server, Target::Connection, Stage::State);
    let mut checks = vec![
        Check::found(off, Finding::new(Cause::ConfigCloudCommunicationOff)),
        row(Target::Identity, Stage::Name, 2),
        row(Target::Identity, Stage::Connect, 11),
        Check::found(tls, intercepted()).took(std::time::Duration::from_millis(14)),
        Check::not_run(http, tls),
    ];
    checks.extend(good_rows());
    checks.push(Check::skipped(connection, crate::domain::check::Advice::new(AdviceCode::GiveApiKey)));
    let roots = conclusions(&checks)
        .into_iter()
        .map(|conclusion| Root {
            conclusion,
            finding: if conclusion.cause == Cause::TlsIntercepted {
                intercepted()
            } else {
                Finding::new(conclusion.cause).command(AdviceCode::ApplySettings, "bwsync apply --yes")
            },
        })
        .collect();
    let settings = vec![SettingView {
        key: "globalSettings__enableCloudCommunication".into(),
        value: None,
        origin: Origin::Default,
        effective: None,
    }];
    let body = CheckBody { verdict: Verdict::Failed, installation: Some(installation()), settings, checks };
    Outcome { roots, ..outcome(Exit::Wrong, Body::Check(Box::new(body))) }
}

fn good_check() -> Outcome {
    let body = CheckBody {
        verdict: Verdict::Ok,
        installation: Some(installation()),
        settings: Vec::new(),
        checks: good_rows(),
    };
    outcome(Exit::Good, Body::Check(Box::new(body)))
}

fn changes() -> (Vec<Change>, Diff) {
    let change = |key: &str, from: Option<&str>, to: &str, why| Change {
        key: format!("globalSettings__{key}"),
        from: from.map(str::to_owned),
        to: Some(to.to_owned()),
        why,
    };
    let line = |sign, number, text: &str| DiffLine { sign, number, text: format!("globalSettings__{text}") };
    let changes = vec![
        change("baseServiceUri__cloudRegion", Some("US"), "EU", Why::OtherRegion),
        change("enableCloudCommunication", None, "true", Why::Enable),
    ];
    let lines = vec![
        line(DiffSign::Same, 5, "installation__key=••••••••"),
        line(DiffSign::Removed, 6, "baseServiceUri__cloudRegion=US"),
        line(DiffSign::Added, 6, "baseServiceUri__cloudRegion=EU"),
        line(DiffSign::Added, 7, "enableCloudCommunication=true"),
    ];
    (changes, Diff { lines })
}

fn region() -> RegionView {
    RegionView {
        concluded: Some(Region::Eu),
        us: Lookup::NotFound,
        eu: Lookup::Enabled,
        by: RegionBy::Cloud,
        planned: Region::Eu,
    }
}

fn file() -> FileView {
    FileView { path: installation().env_file, sha256: "0f".repeat(32) }
}

fn restart_plan() -> RestartPlan {
    RestartPlan {
        needed: true,
        command: Some("sudo -u bitwarden /opt/bitwarden/bitwarden.sh restart".into()),
        run_as: Some("bitwarden".into()),
        last_took: None,
    }
}

fn plan() -> Outcome {
    let (changes, diff) = changes();
    let body = PlanBody {
        dir: "/opt/bitwarden".into(),
        region: region(),
        file: file(),
        changes,
        diff,
        restart: restart_plan(),
        later: crate::domain::request::Later::default(),
    };
    outcome(Exit::WouldChange, Body::Plan(Box::new(body)))
}

fn apply_body(restart: RestartResult, proved: Option<bool>) -> Body {
    let (changes, diff) = changes();
    Body::Apply(Box::new(ApplyBody {
        dir: "/opt/bitwarden".into(),
        region: region(),
        file: file(),
        changes,
        diff,
        backup: Some("/opt/bitwarden/.bwsync/backups/20261121T140231Z-global.override.env".into()),
        restart,
        proved,
        undoing: None,
    }))
}

fn apply() -> Outcome {
    let restart = RestartResult {
        plan: restart_plan(),
        ran: true,
        exit: Some(0),
        up: Some(true),
        file: FileAfter::AsTold,
    };
    let changed = BTreeSet::from([Changed::Settings, Changed::Restart]);
    Outcome { changed, ..outcome(Exit::Good, apply_body(restart, Some(true))) }
}

fn apply_down() -> Outcome {
    let restart = RestartResult {
        plan: restart_plan(),
        ran: true,
        exit: Some(1),
        up: Some(false),
        file: FileAfter::AsTold,
    };
    let finding = Finding::new(Cause::RestartPullFailed)
        .with("message", "Error response from daemon: Get \"https://ghcr.io/v2/\": i/o timeout")
        .command(
            AdviceCode::StartWithoutPull,
            "docker compose -f /opt/bitwarden/bwdata/docker/docker-compose.yml up -d",
        )
        .command(AdviceCode::Undo, "bwsync undo --yes --restart");
    Outcome {
        roots: vec![root(finding, None)],
        changed: BTreeSet::from([Changed::Settings, Changed::Restart]),
        ..outcome(Exit::FailedDown, apply_body(restart, None))
    }
}

/// An apply whose restart ended so, with what became of the file.
pub fn ended(
    exit: Exit,
    cause: Option<Cause>,
    up: Option<bool>,
    file: FileAfter,
    changed: &[Changed],
) -> Outcome {
    let restart = RestartResult { plan: restart_plan(), ran: true, exit: Some(1), up, file };
    let roots = cause.map(|cause| root(Finding::new(cause), None)).into_iter().collect();
    let changed = changed.iter().copied().collect();
    Outcome { roots, changed, ..outcome(exit, apply_body(restart, None)) }
}

fn undo() -> Outcome {
    let body = UndoBody {
        shown: None,
        changes: vec![Change {
            key: "globalSettings__enableCloudCommunication".into(),
            from: Some("true".into()),
            to: None,
            why: Why::PutBack,
        }],
        left: vec![Left {
            key: "globalSettings__baseServiceUri__cloudRegion".into(),
            why: LeftWhy::ChangedSince,
        }],
        restart: RestartResult {
            plan: restart_plan(),
            ran: false,
            exit: None,
            up: None,
            file: FileAfter::AsTold,
        },
    };
    let changed = BTreeSet::from([Changed::Settings]);
    Outcome { changed, ..outcome(Exit::Good, Body::Undo(Box::new(body))) }
}

fn token_rejected() -> Outcome {
    let finding = Finding::new(Cause::TokenRejected)
        .with("organization", "Acme Example")
        .command(
            AdviceCode::GenerateToken,
            "https://vault.bitwarden.com/#/organizations/9d1e5a60-b7f2-4c38-a914-b2e901703e8c/billing/subscription",
        );
    let body = TokenBody { accepted: Some(false), connection: None };
    Outcome { roots: vec![root(finding, None)], ..outcome(Exit::Rejected, Body::Token(body)) }
}

fn token_saved() -> Outcome {
    let connection = Connection {
        id: Some("11111111-2222-3333-4444-555555555555".into()),
        enabled: Some(true),
        organization_id: Some("2c8f41d7-93ab-4e6c-b0d5-b2e901705a1f".into()),
        cloud_organization_id: Some("9d1e5a60-b7f2-4c38-a914-b2e901703e8c".into()),
        has_token: true,
        last_license_sync: None,
    };
    let body = TokenBody { accepted: Some(true), connection: Some(connection) };
    let changed = BTreeSet::from([Changed::Connection]);
    Outcome { changed, ..outcome(Exit::Good, Body::Token(body)) }
}

fn terms(year: i32, seats: i64) -> LicenseTerms {
    let end = datetime!(2026-03-01 00:00 UTC).replace_year(year).ok();
    LicenseTerms {
        expires: end.map(|end| end + time::Duration::days(60)),
        expires_without_grace: end,
        seats: Some(seats),
        plan: Some("Enterprise (Annually)".into()),
    }
}

fn sync() -> Outcome {
    let before = Snapshot { state: SyncState::Never, last: None, terms: terms(2027, 50) };
    let after = Snapshot {
        state: SyncState::Done,
        last: Some(datetime!(2026-11-21 14:09:12 UTC)),
        terms: terms(2028, 75),
    };
    let changed = BTreeSet::from([Changed::License]);
    Outcome { changed, ..outcome(Exit::Good, Body::Sync(Box::new(SyncBody { before, after }))) }
}

fn status() -> Outcome {
    let body = StatusBody {
        steps: Steps {
            configure: StepState::Done,
            obtain_token: StepState::Unknown,
            apply_token: StepState::Unknown,
            trigger_sync: StepState::Done,
        },
        license_sync: LicenseSync {
            state: SyncState::Done,
            last: Some(datetime!(2026-11-21 11:08 UTC)),
            seen_in: vec![SeenIn::Log, SeenIn::LicenseFile],
        },
        sponsorship_sync: SponsorshipSync {
            state: SyncState::Unknown,
            last: None,
            next_after: Some(datetime!(2026-11-21 15:00 UTC)),
            next_before: Some(datetime!(2026-11-22 13:03 UTC)),
            seen_in: Vec::new(),
        },
        connection: None,
        license: Some(terms(2027, 75)),
        standing: Some(standing()),
    };
    outcome(Exit::Good, Body::Status(Box::new(body)))
}

/// The server is down after settings were written.
pub fn standing() -> Standing {
    Standing {
        settings: Settings::Written(Written {
            by: Command::Apply,
            since: datetime!(2026-11-20 19:02:10 UTC),
            count: 4,
            path: "/opt/bitwarden/bwdata/env/global.override.env".into(),
            edited: false,
            restarted: None,
        }),
        connection: None,
        server: Server::Down(datetime!(2026-11-20 19:02:14 UTC)),
        at_work: false,
        undoable: true,
        rescue: Some(Rescue {
            by_us: true,
            commands: vec![
                "docker compose -f /opt/bitwarden/bwdata/docker/docker-compose.yml up -d".to_owned(),
                "docker compose -f /opt/bitwarden/bwdata/docker/docker-compose.yml restart nginx".to_owned(),
            ],
        }),
    }
}
