//! Every screen, each as a person gets there.

use bwsync::tested::{
    app::Look,
    domain::{
        check::{AdviceCode, Cause, Check, CheckId, Finding, Side, Stage, Target},
        exit::Exit,
        journal::{Server, Settings, Standing},
        region::{Lookup, Region},
        request::{Body, Changed, Event, Phase, PhaseState, Problem, RegionBy, RestartResult, UndoBody},
    },
};

use super::*;

/// All screens, each as a person gets there.
pub fn gallery(look: &Look) -> Vec<(&'static str, Person)> {
    let arrives = || {
        let mut person = Person::opens(look.clone());
        person.waits(2);
        person
    };
    let at = |region: Region, keys: &str| {
        let mut person = arrives();
        looking(&mut person);
        person.gets(look_new(region)).press(keys);
        person
    };
    let mut all = vec![("overview-first", arrives())];
    let mut person = arrives();
    looking(&mut person);
    all.push(("overview-looking", person));
    all.push(("overview-new", at(Region::Us, "")));
    all.push(("overview-paste", {
        let mut person = at(Region::Us, "");
        person.paste(TOKEN);
        person
    }));
    let mut person = arrives();
    looking(&mut person);
    person.gets(look_synced(Region::Eu));
    all.push(("overview-synced", person));
    all.push(("overview-not-found", not_found(arrives())));
    all.push(("overview-failed", failing(arrives(), "")));
    all.push(("choice-organization", organizations(arrives())));
    all.push(("configure-plan-us", at(Region::Us, "1")));
    all.push(("configure-plan-eu", at(Region::Eu, "1")));
    all.push(("configure-question", at(Region::Eu, "1a")));
    let running = || {
        let mut person = at(Region::Eu, "1ay");
        restarting(&mut person);
        person
    };
    all.push(("configure-running", running()));
    all.push(("configure-leave", {
        let mut person = running();
        person.press("q");
        person
    }));
    all.push(("configure-down", down(running())));
    all.push(("configure-done", {
        let mut person = running();
        person.hears(Event::Down(false)).gets(applied_well(Region::Eu)).gets(status(status_new()));
        person
    }));
    all.push(("configure-nothing-written", refused(at(Region::Eu, "1ay"))));
    all.push(("configure-changed-meanwhile", {
        let mut person = at(Region::Eu, "1ay");
        let mut refused = applied(Region::Us, Exit::Wrong, None, &[], vec![]);
        refused.problem = Some(Problem::ChangedSincePlan);
        person.gets(refused);
        person
    }));
    all.push(("configure-region-open", region_open(arrives(), "1")));
    all.push(("choice-region", region_open(arrives(), "1g")));
    all.push(("configure-written-only", {
        let mut person = at(Region::Us, "1wy");
        person.hears(Event::Phase(Phase::Write, PhaseState::Done));
        person.gets(applied(Region::Us, Exit::Good, None, &[Changed::Settings], vec![]));
        person.gets(status(status_new()));
        person
    }));
    all.push(("configure-undo-question", {
        let mut person = running();
        let changed = [Changed::Settings, Changed::Restart];
        person.gets(applied(Region::Us, Exit::FailedDown, Some(false), &changed, vec![])).press("z");
        person
    }));
    all.push(("configure-cannot-restart", {
        let mut person = at(Region::Us, "1ay");
        let mut refused = applied(Region::Us, Exit::Wrong, None, &[], vec![]);
        let commands =
            vec!["cd /opt/bitwarden".to_owned(), "docker compose up -d --force-recreate".to_owned()];
        refused.problem = Some(Problem::CannotRestart { commands });
        person.gets(refused);
        person
    }));
    all.push(("obtain", at(Region::Eu, "2")));
    all.push(("token-empty", at(Region::Us, "3")));
    all.push(("token-typing", at(Region::Us, "3abc")));
    all.push(("token-other", {
        let mut person = at(Region::Us, "3");
        person.paste("organization.0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4");
        person
    }));
    let with_token = || {
        let mut person = at(Region::Us, "3");
        person.paste(TOKEN).press("<enter>");
        person
    };
    all.push(("token-asking", with_token()));
    all.push(("token-accepted", {
        let mut person = with_token();
        person.gets(verified(Some(true), Exit::Good, vec![]));
        person
    }));
    all.push(("token-rejected", {
        let mut person = with_token();
        let finding = Finding::new(Cause::TokenRejected).advise(AdviceCode::GenerateToken);
        person.gets(verified(Some(false), Exit::Rejected, vec![root(finding)]));
        person
    }));
    let accepted = || {
        let mut person = with_token();
        person.gets(verified(Some(true), Exit::Good, vec![]));
        person
    };
    all.push(("token-browser", {
        let mut person = accepted();
        person.press("1");
        person
    }));
    let signing_in = || {
        let mut person = accepted();
        person.press("2").paste("user.0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4").press("<tab>");
        person.paste("Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0");
        person
    };
    all.push(("login", signing_in()));
    all.push(("login-wrong-field", {
        let mut person = accepted();
        person.press("2").paste("Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0");
        person
    }));
    all.push(("login-running", {
        let mut person = signing_in();
        person.press("<enter>");
        person.hears(Event::Phase(Phase::AskCloud, PhaseState::Done));
        person.hears(Event::Phase(Phase::SignIn, PhaseState::Started)).waits(2);
        person
    }));
    let saved = || {
        let mut person = signing_in();
        person.press("<enter>").gets(saved());
        person
    };
    all.push(("sync", at(Region::Us, "4")));
    all.push(("sync-saved", saved()));
    all.push(("sync-done", {
        let mut person = saved();
        person.press("t").waits(3).gets(synced()).gets(status(status_synced()));
        person
    }));
    all.push(("sync-refused", {
        let mut person = saved();
        person.press("t");
        let finding = Finding::new(Cause::SyncRefused)
            .with("words", "Check your internet connection and ensure the billing token is correct.")
            .advise(AdviceCode::LookAtLogs);
        let body = Body::Sync(Box::default());
        person.gets(outcome(Exit::Wrong, vec![root(finding)], &[], body));
        person
    }));
    all.push(("status-new", at(Region::Us, "s")));
    all.push(("status-synced", {
        let mut person = arrives();
        looking(&mut person);
        person.gets(look_synced(Region::Eu)).press("s");
        person
    }));
    all.push(("status-rejected", {
        let mut person = at(Region::Us, "sk");
        person.paste("user.0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4").press("<tab>");
        person.paste("Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0").press("<enter>");
        let finding = Finding::new(Cause::LoginApiKeyRejected)
            .with("host", "vault.example.org")
            .advise(AdviceCode::UseOwnersKey);
        let mut rejected = status(status_new());
        rejected.exit = Exit::Rejected;
        rejected.roots = vec![root(finding)];
        person.gets(rejected);
        person
    }));
    all.push(("diagnose-looking", {
        let mut person = arrives();
        looking(&mut person);
        person.press("d");
        person
    }));
    all.push(("diagnose-failed", failing(arrives(), "d")));
    all.push(("help", at(Region::Us, "?")));
    all.extend(coming_back(look));
    all
}

/// What somebody finds who comes back to what an earlier run left.
fn coming_back(look: &Look) -> Vec<(&'static str, Person)> {
    let yesterday = START - Duration::days(1);
    let finds = |standing: Standing, keys: &str| {
        let mut person = Person::opens(look.clone());
        person.waits(2).hears(stands(standing));
        looking(&mut person);
        person.gets(look_new(Region::Us)).press(keys);
        person
    };
    let down = |by_us: bool, keys: &str| finds(left_down(yesterday, by_us), keys);
    let failed = |cause: Cause| root(Finding::new(cause).advise(AdviceCode::GiveDockerRights));
    vec![
        ("back-changed", finds(written(yesterday, Some(true), Server::Up), "")),
        ("back-written-only", finds(written(yesterday, Some(false), Server::Untouched), "1")),
        ("back-down", down(true, "")),
        ("back-down-step-1", down(true, "1")),
        ("back-down-without-docker", down(false, "1")),
        ("back-down-help", down(true, "?")),
        ("back-down-transcript", down(true, "e")),
        ("back-down-undo", down(true, "1z")),
        ("back-down-status", down(true, "s")),
        ("back-not-seen", {
            let mut standing = left_down(yesterday, true);
            standing.server = Server::NotSeen(yesterday);
            finds(standing, "")
        }),
        ("back-restarting", {
            let standing = written(START, None, Server::Restarting(START));
            finds(Standing { at_work: true, ..standing }, "2")
        }),
        ("back-rescue-failed", {
            let mut person = down(true, "1u");
            person.hears(stands(left_down(yesterday, false)));
            let roots = vec![failed(Cause::RestartDockerUnreachable)];
            person.gets(applied(Region::Us, Exit::FailedDown, None, &[], roots));
            person
        }),
        ("back-undo-failed", {
            let mut person = down(true, "1zy");
            person.hears(Event::Phase(Phase::Write, PhaseState::Done));
            let mut standing = left_down(yesterday, false);
            standing.settings = Settings::Back { since: Some(START), restarted: None };
            standing.undoable = false;
            person.hears(stands(standing));
            let mut restart = plan(Region::Us).restart;
            restart.needed = true;
            let body = UndoBody {
                changes: Vec::new(),
                left: Vec::new(),
                shown: None,
                restart: RestartResult {
                    plan: restart,
                    ran: true,
                    exit: None,
                    up: Some(false),
                    file: FileAfter::AsTold,
                },
            };
            let roots = vec![failed(Cause::RestartDockerUnreachable)];
            let body = Body::Undo(Box::new(body));
            person.gets(outcome(Exit::FailedDown, roots, &[Changed::Settings], body));
            person
        }),
    ]
}

/// No region answered: the plan rests on the file alone.
fn region_open(mut person: Person, keys: &str) -> Person {
    looking(&mut person);
    let mut found = look_new(Region::Us);
    if let Body::Look(look) = &mut found.body
        && let Some(plan) = &mut look.plan
    {
        plan.region.concluded = None;
        plan.region.us = Lookup::NoAnswer;
        plan.region.by = RegionBy::File;
        look.key_accepted = None;
        look.license_known = None;
    }
    person.gets(found).press(keys);
    person
}

fn not_found(mut person: Person) -> Person {
    let finding = Finding::new(Cause::InstallNotFound)
        .with("candidates", "/home/admin, /home, /, /opt/bitwarden, /home/bitwarden")
        .command(AdviceCode::PointToInstallation, "bwsync --dir /path/to/bitwarden");
    person.gets(outcome(Exit::Wrong, vec![root(finding)], &[], Body::Nothing));
    person
}

fn organizations(mut person: Person) -> Person {
    let mut found = look_new(Region::Us);
    if let Body::Look(look) = &mut found.body {
        let mut second = organization();
        second.id = "22222222-1f0e-4a7c-8a51-b1e500f2c3d4".to_owned();
        second.name = Some("Example Holding".to_owned());
        look.organizations = vec![organization(), second];
        look.organization = None;
    }
    person.gets(found);
    person
}

/// TLS is intercepted on the way to one host, the other does not resolve.
fn failing(mut person: Person, keys: &str) -> Person {
    looking(&mut person);
    let id = |target, stage| CheckId::new(Side::Machine, target, stage);
    let mut rows: Vec<Check> = rows()
        .into_iter()
        .filter(|row| {
            !(row.id.from == Side::Machine && (row.id.target == Target::Api || row.id.stage > Stage::Connect))
        })
        .collect();
    let tls = id(Target::Identity, Stage::Tls);
    let finding = Finding::new(Cause::TlsUntrusted)
        .with("host", "identity.bitwarden.com")
        .with("issuer", "Acme TLS Inspection CA")
        .advise(AdviceCode::ExemptFromInspection)
        .command(
            AdviceCode::TrustRoot,
            "install -m 644 /etc/ssl/certs/acme.pem /opt/bitwarden/bwdata/ca-certificates/",
        );
    rows.push(Check::found(tls, finding));
    for stage in [Stage::Http, Stage::SignIn] {
        rows.push(Check::not_run(id(Target::Identity, stage), tls));
    }
    let name = id(Target::Api, Stage::Name);
    let finding =
        Finding::new(Cause::DnsNotFound).with("host", "api.bitwarden.com").advise(AdviceCode::CheckDns);
    rows.push(Check::found(name, finding).took(std::time::Duration::from_millis(31)));
    for stage in [Stage::Connect, Stage::Tls, Stage::Http, Stage::License] {
        rows.push(Check::not_run(id(Target::Api, stage), name));
    }
    let mut found = look(rows, Some(plan(Region::Us)), status_new());
    if let Body::Look(look) = &mut found.body {
        look.key_accepted = None;
        look.license_known = None;
    }
    found.exit = Exit::Wrong;
    person.gets(found).press(keys);
    person
}

fn down(mut person: Person) -> Person {
    person.hears(Event::Phase(Phase::Restart, PhaseState::Failed));
    for line in [
        "Container bitwarden-nginx  Removed",
        "Error response from daemon: Get \"https://ghcr.io/v2/\": i/o timeout",
    ] {
        person.hears(Event::Output(line.to_owned()));
    }
    let finding = Finding::new(Cause::RestartPullFailed).with("host", "ghcr.io").command(
        AdviceCode::StartWithoutPull,
        "docker compose -f /opt/bitwarden/bwdata/docker/docker-compose.yml up -d",
    );
    person.hears(stands(left_down(START + Duration::seconds(16), true)));
    let changed = [Changed::Settings, Changed::Restart];
    person.gets(applied(Region::Eu, Exit::FailedDown, Some(false), &changed, vec![root(finding)]));
    person
}

fn refused(mut person: Person) -> Person {
    person.hears(Event::Phase(Phase::Gate, PhaseState::Failed));
    let finding = Finding::new(Cause::TcpTimeout)
        .with("host", "api.bitwarden.eu")
        .with("port", "443")
        .advise(AdviceCode::OpenFirewall);
    person.gets(applied(Region::Eu, Exit::CouldNotAsk, None, &[], vec![root(finding)]));
    person
}
