//! What the tests of the screen share: a person at the keyboard, and the engine's answers as they would be.

// Each test binary uses its own part of it.
#![allow(dead_code, clippy::unwrap_used)]

pub mod gallery;

use std::{collections::BTreeSet, path::PathBuf};

use bwsync::tested::{
    app::{self, DemoNotes, Effect, Look, Msg, RunId, State, script},
    domain::{
        check::{
            AdviceCode, Cause, Check, CheckEvent, CheckId, Conclusion, Finding, Side, Stage, Target,
            conclusions,
        },
        exit::Exit,
        installation::{ApiLog, Flavour, Installation, Organization, Owner},
        journal::{Command, Rescue, Server, Settings, Standing, Written},
        region::{Lookup, Region},
        request::{
            ApplyBody, Body, Change, Changed, CheckBody, Diff, DiffLine, DiffSign, Event, FileAfter,
            FileView, LookBody, Options, Outcome, Phase, PhaseState, PlanBody, RegionBy, RegionView,
            RestartPlan, RestartResult, Root, Shown, StatusBody, SyncBody, TokenBody, Undoing, Why,
        },
        secret::Secret,
        sync::{
            Connection, LicenseSync, LicenseTerms, SeenIn, Snapshot, SponsorshipSync, StepState, Steps,
            SyncState,
        },
    },
    text::Language,
};
use time::{Duration, OffsetDateTime, macros::datetime};

/// When all tests begin.
pub const START: OffsetDateTime = datetime!(2026-11-21 14:01:51 UTC);
/// A token as the cloud makes them, and nobody's.
pub const TOKEN: &str = "a1B2c3D4e5F6g7H8i9J0k1L2m3Nx7Q";

/// A person at the keyboard, and what the machine wanted done.
pub struct Person {
    /// The machine.
    pub state: State,
    /// What it wanted done since it was last asked.
    pub effects: Vec<Effect>,
}

impl Person {
    /// Opens the program: it looks around.
    pub fn opens(look: Look) -> Self {
        let mut state = State::new(look, Options::default(), START);
        let effects = app::look(&mut state);
        Self { state, effects }
    }

    /// In English, in colour.
    pub fn arrives() -> Self {
        Self::opens(Look { colour: true, ..Look::default() })
    }

    /// Presses the keys of a script, each after the screen was drawn.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in script(keys) {
            self.tell(Msg::Key(key));
            self.tell(Msg::Drawn { hidden: 0 });
        }
        self
    }

    /// Presses keys faster than the screen is drawn.
    pub fn types_ahead(&mut self, keys: &str) -> &mut Self {
        for key in script(keys) {
            self.tell(Msg::Key(key));
        }
        self.tell(Msg::Drawn { hidden: 0 });
        self
    }

    /// Pastes.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.tell(Msg::Paste(Secret::new(text)));
        self
    }

    /// Time passes.
    pub fn waits(&mut self, seconds: i64) -> &mut Self {
        let now = self.state.now + Duration::seconds(seconds);
        self.tell(Msg::Tick(now));
        self
    }

    /// Gives the machine a message.
    pub fn tell(&mut self, message: Msg) -> &mut Self {
        let effects = app::update(&mut self.state, message);
        self.effects.extend(effects);
        self
    }

    /// The engine says something about the newest run.
    pub fn hears(&mut self, event: Event) -> &mut Self {
        let run = self.state.last_run;
        self.tell(Msg::Event(run, event))
    }

    /// The newest run ends.
    pub fn gets(&mut self, outcome: Outcome) -> &mut Self {
        if matches!(outcome.body, Body::Look(_)) && self.state.ledger.stands.settings == Settings::Unknown {
            self.hears(stands(untouched()));
        }
        let run = self.state.last_run;
        self.tell(Msg::Ended(run, Box::new(outcome)))
    }

    /// What the machine wanted done since last asked.
    pub fn wanted(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The request of the only effect.
    pub fn asked(&mut self) -> bwsync::tested::domain::request::Request {
        let wanted = self.wanted();
        match wanted.as_slice() {
            [Effect::Ask { request, .. }] => request.clone(),
            other => panic!("one question was expected: {other:?}"),
        }
    }

    /// The newest run.
    pub fn run(&self) -> RunId {
        self.state.last_run
    }
}

/// A look of a language.
pub fn in_language(language: Language) -> Look {
    Look { colour: true, language, ..Look::default() }
}

/// The demo's look.
pub fn demo(language: Language) -> Look {
    let demo = DemoNotes {
        token_file: PathBuf::from("/tmp/bwsync-demo-7Kq2/token"),
        api_key_file: PathBuf::from("/tmp/bwsync-demo-7Kq2/api-key"),
    };
    Look { demo: Some(demo), ..in_language(language) }
}

/// The installation.
pub fn installation() -> Installation {
    Installation {
        dir: "/opt/bitwarden".into(),
        bwdata: "/opt/bitwarden/bwdata".into(),
        flavour: Flavour::Standard,
        env_file: "/opt/bitwarden/bwdata/env/global.override.env".into(),
        owner: Owner { uid: 1001, gid: 1001, name: Some("bitwarden".to_owned()) },
        version: Some("2026.8.0".to_owned()),
        server: Some("https://vault.example.org".parse().unwrap()),
        published_port: Some(443),
        published_plain: false,
        push_off: false,
        script: Some("/opt/bitwarden/bitwarden.sh".into()),
        id_keys: ["globalSettings__installation__id", "globalSettings__installation__key"],
        licenses: Some("/opt/bitwarden/bwdata/core/licenses/organization".into()),
        api_log: ApiLog::Folder("/opt/bitwarden/bwdata/logs/api".into()),
    }
}

/// The organization.
pub fn organization() -> Organization {
    Organization {
        id: "6a1d7c55-1f0e-4a7c-8a51-b1e500f2c3d4".to_owned(),
        cloud_id: Some("0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4".to_owned()),
        name: Some("Acme Example".to_owned()),
        plan: Some("Enterprise (Annually)".to_owned()),
        seats: Some(50),
    }
}

fn id(from: Side, target: Target, stage: Stage) -> CheckId {
    CheckId::new(from, target, stage)
}

/// All rows of a good look.
pub fn rows() -> Vec<Check> {
    let mut rows = vec![
        Check::passed(id(Side::File, Target::Install, Stage::State)),
        Check::passed(id(Side::File, Target::Env, Stage::Syntax)),
        Check::passed(id(Side::File, Target::License, Stage::State)),
    ];
    let ladder = [(Stage::Name, 3), (Stage::Connect, 12), (Stage::Tls, 14), (Stage::Http, 15)];
    for target in [Target::Identity, Target::Api] {
        for (stage, ms) in ladder {
            rows.push(
                Check::passed(id(Side::Machine, target, stage)).took(std::time::Duration::from_millis(ms)),
            );
        }
    }
    let sign_in = id(Side::Machine, Target::Identity, Stage::SignIn);
    rows.push(Check::passed(sign_in).took(std::time::Duration::from_millis(22)));
    rows.push(
        Check::passed(id(Side::Machine, Target::Api, Stage::License))
            .took(std::time::Duration::from_millis(19)),
    );
    rows.push(Check::found(
        id(Side::File, Target::Env, Stage::State),
        Finding::new(Cause::ConfigCloudCommunicationOff)
            .command(AdviceCode::ApplySettings, "sudo bwsync apply --yes"),
    ));
    rows
}

/// The roots of rows, as the engine gives them.
pub fn roots(rows: &[Check]) -> Vec<Root> {
    conclusions(rows)
        .into_iter()
        .map(|conclusion| {
            let row = rows.iter().find(|row| Some(row.id) == conclusion.check).unwrap();
            Root { conclusion, finding: row.finding().unwrap() }
        })
        .collect()
}

/// A root that no row stands behind.
pub fn root(finding: Finding) -> Root {
    Root { conclusion: Conclusion::alone(finding.cause), finding }
}

/// An outcome.
pub fn outcome(exit: Exit, roots: Vec<Root>, changed: &[Changed], body: Body) -> Outcome {
    Outcome { exit, roots, problem: None, changed: changed.iter().copied().collect::<BTreeSet<_>>(), body }
}

/// The plan for a region.
pub fn plan(region: Region) -> PlanBody {
    let settings: &[(&str, Option<&str>, String, Why)] = &match region {
        Region::Us => {
            vec![("globalSettings__enableCloudCommunication", None, "true".to_owned(), Why::Enable)]
        }
        Region::Eu => vec![
            ("globalSettings__baseServiceUri__cloudRegion", Some("US"), "EU".to_owned(), Why::OtherRegion),
            ("globalSettings__enableCloudCommunication", None, "true".to_owned(), Why::Enable),
            (
                "globalSettings__installation__identityUri",
                None,
                "https://identity.bitwarden.eu".to_owned(),
                Why::MissingForRegion,
            ),
            (
                "globalSettings__installation__apiUri",
                None,
                "https://api.bitwarden.eu".to_owned(),
                Why::MissingForRegion,
            ),
        ],
    };
    let changes = settings.iter().map(|(key, from, to, why)| Change {
        key: (*key).to_owned(),
        from: from.map(str::to_owned),
        to: Some(to.clone()),
        why: *why,
    });
    let line = |sign, number, text: &str| DiffLine { sign, number, text: text.to_owned() };
    let mut lines = vec![line(DiffSign::Same, 5, "globalSettings__installation__key=••••••••••••")];
    let mut number = 6;
    for (key, from, to, _) in settings {
        if let Some(from) = from {
            lines.push(line(DiffSign::Removed, number, &format!("{key}={from}")));
        }
        lines.push(line(DiffSign::Added, number, &format!("{key}={to}")));
        number += 1;
    }
    lines.push(line(DiffSign::Same, number, "globalSettings__disableUserRegistration=true"));
    let (us, eu) = match region {
        Region::Us => (Lookup::Enabled, Lookup::NotAsked),
        Region::Eu => (Lookup::NotFound, Lookup::Enabled),
    };
    PlanBody {
        dir: "/opt/bitwarden".into(),
        region: RegionView { concluded: Some(region), us, eu, by: RegionBy::Cloud, planned: region },
        file: FileView { path: installation().env_file, sha256: "5d41".repeat(16) },
        changes: changes.collect(),
        diff: Diff { lines },
        restart: RestartPlan {
            needed: true,
            command: Some("./bitwarden.sh restart".to_owned()),
            run_as: Some("bitwarden".to_owned()),
            last_took: None,
        },
        later: Default::default(),
    }
}

/// How it stands, where nothing is done.
pub fn status_new() -> StatusBody {
    StatusBody {
        steps: Steps {
            configure: StepState::ToDo,
            obtain_token: StepState::Unknown,
            apply_token: StepState::Unknown,
            trigger_sync: StepState::ToDo,
        },
        license_sync: LicenseSync { state: SyncState::Never, last: None, seen_in: vec![SeenIn::LicenseFile] },
        license: Some(LicenseTerms {
            expires: Some(datetime!(2027-01-30 00:00 UTC)),
            expires_without_grace: Some(datetime!(2026-12-01 00:00 UTC)),
            seats: Some(50),
            plan: Some("Enterprise (Annually)".to_owned()),
        }),
        ..StatusBody::default()
    }
}

/// How it stands after everything.
pub fn status_synced() -> StatusBody {
    StatusBody {
        steps: Steps {
            configure: StepState::Done,
            obtain_token: StepState::Done,
            apply_token: StepState::Done,
            trigger_sync: StepState::Done,
        },
        license_sync: LicenseSync {
            state: SyncState::Done,
            last: Some(datetime!(2026-11-21 11:08:12 UTC)),
            seen_in: vec![SeenIn::Log, SeenIn::LicenseFile],
        },
        sponsorship_sync: SponsorshipSync {
            state: SyncState::Done,
            last: Some(datetime!(2026-11-21 09:02:40 UTC)),
            next_after: Some(datetime!(2026-11-22 09:02:40 UTC)),
            next_before: Some(datetime!(2026-11-22 09:02:40 UTC)),
            seen_in: vec![SeenIn::Log],
        },
        connection: Some(connection()),
        license: Some(LicenseTerms {
            expires: Some(datetime!(2027-04-30 00:00 UTC)),
            expires_without_grace: Some(datetime!(2027-03-01 00:00 UTC)),
            seats: Some(75),
            plan: Some("Enterprise (Annually)".to_owned()),
        }),
        standing: None,
    }
}

/// The connection as saved.
pub fn connection() -> Connection {
    Connection {
        id: Some("9d0a4c55-0f5b-4f0e-8a51-b1e500f2c3d4".to_owned()),
        enabled: Some(true),
        organization_id: Some(organization().id),
        cloud_organization_id: organization().cloud_id,
        has_token: true,
        last_license_sync: None,
    }
}

/// The result of a look.
pub fn look(rows: Vec<Check>, plan: Option<PlanBody>, status: StatusBody) -> Outcome {
    let roots = roots(&rows);
    let body = LookBody {
        undoing: None,
        interrupted: false,
        check: CheckBody {
            verdict: bwsync::tested::domain::check::Verdict::of(
                &roots.iter().map(|root| root.conclusion).collect::<Vec<_>>(),
            ),
            installation: Some(installation()),
            settings: Vec::new(),
            checks: rows,
        },
        plan,
        status,
        organization: Some(organization()),
        organizations: Vec::new(),
        installations: Vec::new(),
        key_accepted: Some(true),
        license_known: Some(true),
    };
    outcome(Exit::Good, roots, &[], Body::Look(Box::new(body)))
}

/// A server that has nothing yet.
pub fn look_new(region: Region) -> Outcome {
    look(rows(), Some(plan(region)), status_new())
}

/// A server where all is done.
pub fn look_synced(region: Region) -> Outcome {
    let mut rows = rows();
    rows.pop();
    let mut plan = plan(region);
    plan.changes.clear();
    plan.diff.lines.clear();
    plan.restart.needed = false;
    look(rows, Some(plan), status_synced())
}

/// The result of an apply.
pub fn applied(
    region: Region,
    exit: Exit,
    up: Option<bool>,
    changed: &[Changed],
    roots: Vec<Root>,
) -> Outcome {
    let plan = plan(region);
    let ran = changed.contains(&Changed::Restart);
    let back = |change: &Change| Change {
        key: change.key.clone(),
        from: change.to.clone(),
        to: change.from.clone(),
        why: Why::PutBack,
    };
    let shown = Shown { file: "written".into(), journal: Some("1 apply".into()) };
    let undoing = Undoing { changes: plan.changes.iter().map(back).collect(), left: Vec::new(), shown };
    let body = ApplyBody {
        dir: plan.dir,
        region: plan.region,
        file: plan.file,
        changes: plan.changes,
        diff: plan.diff,
        backup: Some("/opt/bitwarden/.bwsync/backups/20261121T140151Z-global.override.env".into()),
        restart: RestartResult {
            plan: plan.restart,
            ran,
            exit: ran.then_some(0),
            up,
            file: FileAfter::AsTold,
        },
        proved: up.filter(|up| *up),
        undoing: changed.contains(&Changed::Settings).then_some(undoing),
    };
    outcome(exit, roots, changed, Body::Apply(Box::new(body)))
}

/// An apply that went well.
pub fn applied_well(region: Region) -> Outcome {
    applied(region, Exit::Good, Some(true), &[Changed::Settings, Changed::Restart], Vec::new())
}

/// The answer about a token.
pub fn verified(accepted: Option<bool>, exit: Exit, roots: Vec<Root>) -> Outcome {
    outcome(exit, roots, &[], Body::Token(TokenBody { accepted, connection: None }))
}

/// The connection was saved.
pub fn saved() -> Outcome {
    let body = TokenBody { accepted: Some(true), connection: Some(connection()) };
    outcome(Exit::Good, Vec::new(), &[Changed::Connection], Body::Token(body))
}

/// The sync went well.
pub fn synced() -> Outcome {
    let before = Snapshot { state: SyncState::Never, last: None, terms: status_new().license.unwrap() };
    let after = Snapshot {
        state: SyncState::Done,
        last: Some(datetime!(2026-11-21 14:09:12 UTC)),
        terms: status_synced().license.unwrap(),
    };
    outcome(Exit::Good, Vec::new(), &[Changed::License], Body::Sync(Box::new(SyncBody { before, after })))
}

/// A status.
pub fn status(body: StatusBody) -> Outcome {
    outcome(Exit::Good, Vec::new(), &[], Body::Status(Box::new(body)))
}

/// The engine says how it stands.
pub fn stands(standing: Standing) -> Event {
    Event::Stands(Box::new(standing))
}

/// No run changed anything.
pub fn untouched() -> Standing {
    Standing { settings: Settings::Untouched, ..Standing::default() }
}

/// A run wrote four settings then, and left the server so.
pub fn written(since: OffsetDateTime, restarted: Option<bool>, server: Server) -> Standing {
    let path = installation().env_file;
    let settings =
        Settings::Written(Written { by: Command::Apply, since, count: 4, path, edited: false, restarted });
    Standing { settings, server, undoable: true, ..Standing::default() }
}

/// The server is down since then; whether Docker answers whom bwsync would start it as.
pub fn left_down(since: OffsetDateTime, by_us: bool) -> Standing {
    let sudo = if by_us { "" } else { "sudo " };
    let compose = format!("{sudo}docker compose -f /opt/bitwarden/bwdata/docker/docker-compose.yml");
    let commands = vec![format!("{compose} up -d"), format!("{compose} restart nginx")];
    Standing {
        rescue: Some(Rescue { by_us, commands }),
        ..written(since - Duration::seconds(4), None, Server::Down(since))
    }
}

/// The look runs: the installation is found, the hosts are named, the first rows are there.
pub fn looking(person: &mut Person) {
    if person.state.ledger.stands.settings == Settings::Unknown {
        person.hears(stands(untouched()));
    }
    person.hears(Event::Found(Box::new(installation()), Some(organization())));
    person.hears(Event::Asking(vec!["identity.bitwarden.com".to_owned(), "api.bitwarden.com".to_owned()]));
    for row in rows().into_iter().take(9) {
        person.hears(Event::Check(CheckEvent::Started(row.id)));
        person.hears(Event::Check(CheckEvent::Done(row)));
    }
    person.hears(Event::Check(CheckEvent::Started(id(Side::Machine, Target::Api, Stage::Tls))));
}

/// The restart is under way.
pub fn restarting(person: &mut Person) {
    for (phase, seconds) in
        [(Phase::Gate, 1), (Phase::Pull, 12), (Phase::Write, 0), (Phase::ComposeConfig, 1)]
    {
        person.hears(Event::Phase(phase, PhaseState::Started)).waits(seconds);
        person.hears(Event::Phase(phase, PhaseState::Done));
    }
    person.hears(Event::Command("./bitwarden.sh restart".to_owned()));
    person.hears(Event::Phase(Phase::Restart, PhaseState::Started));
    person.hears(Event::Down(true));
    for line in ["Container bitwarden-mssql  Started", "Container bitwarden-identity  Started"] {
        person.hears(Event::Output(line.to_owned()));
    }
    person.waits(40);
    person.hears(Event::Output("Container bitwarden-api  Starting".to_owned()));
}
