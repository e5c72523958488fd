//! `status`: how the sync stands. It needs no key; a key only adds rows.

use time::OffsetDateTime;

use crate::{
    domain::{
        check::{Finding, Severity, Side},
        exit::{Asking, Exit},
        request::{ApiKey, Body, Outcome, Phase, PhaseState, StatusBody},
        settings,
        sync::{
            Connection, LicenseSync, SeenIn, SponsorshipSync, StepName, StepState, Steps, SyncState,
            sponsorship_window,
        },
        witness,
    },
    system,
};

use crate::engine::{
    asking::sign_in,
    case::{Case, Contact, Place},
    conclude::{self, Stop, Told},
    requests::plan::{self, Planned},
    run::Run,
    seeing::{docker, examine::region_lookups, open, stands, survey::Survey},
};

/// `status`
pub(crate) async fn status(run: &Run<'_>, login: Option<ApiKey>) -> Told {
    let mut place = open::place(run).await?;
    if let Place::Here(case) = &mut place {
        docker::observe(run, &mut case.survey).await;
    }
    let mut roots = Vec::new();
    let mut planned = None;
    if let Some(case) = place.case() {
        case.organization_named()?;
        stands::say_found(case);
        stands::look(case).await;
        let lookups = region_lookups(case).await;
        match plan::make(case, lookups).await {
            Ok(plan) => planned = Some(plan),
            Err(Stop::Root(root)) => roots.push(*root),
            Err(Stop::Problem(problem)) => return Err(problem.into()),
        }
        roots.extend(plan::region_findings(lookups).map(|f| conclude::blocking(f, Some(Side::Machine))));
    }
    let mut seen = Seen::default();
    if let Some(login) = login.filter(|_| !run.options.offline) {
        run.phase(Phase::ReadStatus, PhaseState::Started);
        match ask(&place.contact(), &login).await {
            Ok(of_server) => {
                seen = of_server;
                run.phase(Phase::ReadStatus, PhaseState::Done);
            }
            Err(finding) => {
                run.phase(Phase::ReadStatus, PhaseState::Failed);
                roots.push(conclude::of_server(finding));
            }
        }
    }
    let body = match place.case() {
        Some(case) => body(case, planned.as_ref(), seen).await,
        None => elsewhere(seen),
    };
    Ok(finish(roots, body))
}

/// What a signed-in owner sees.
#[derive(Debug, Default)]
struct Seen {
    connection: Option<Connection>,
    terms: Option<crate::domain::sync::LicenseTerms>,
    sponsorships: Option<Option<OffsetDateTime>>,
}

async fn ask(contact: &Contact<'_>, login: &ApiKey) -> Result<Seen, Finding> {
    let person = sign_in::sign_in(contact, login).await?;
    let org = person.organization(contact.organization().as_deref())?;
    let (snapshot, connection) = person.snapshot(&org).await?;
    let sponsorships = person.server.sponsorship_sync_status(&person.bearer, &org).await.ok();
    Ok(Seen { connection: Some(connection), terms: Some(snapshot.terms), sponsorships })
}

/// The exit code, by a rule of its own (design §4): 3 where a conclusion is failed, whatever its cause, or a step
/// is to do; 8 where nothing could be found out; else 0.
fn finish(roots: Vec<crate::domain::request::Root>, body: StatusBody) -> Outcome {
    let states = crate::domain::sync::StepName::ALL.map(|step| body.steps.of(step));
    let nothing = states.iter().all(|state| *state == StepState::Unknown)
        && body.connection.is_none()
        && body.license_sync.state == SyncState::Unknown;
    let to_do = states.contains(&StepState::ToDo);
    let failed = roots.iter().any(|root| root.conclusion.severity == Severity::Failed);
    let unknown = roots.iter().any(|root| root.conclusion.severity == Severity::Unknown);
    let mut outcome = conclude::outcome(roots, Asking::Acting, Body::Status(Box::new(body)));
    outcome.exit = if failed || to_do {
        Exit::Wrong
    } else if nothing || unknown {
        Exit::CouldNotAsk
    } else {
        Exit::Good
    };
    outcome
}

/// How it stands as far as files tell, with the connection where it was seen (the overview).
pub(crate) async fn from_files(
    case: &Case<'_>,
    planned: Option<&Planned>,
    connection: Option<Connection>,
) -> StatusBody {
    body(case, planned, Seen { connection, ..Seen::default() }).await
}

async fn body(case: &Case<'_>, planned: Option<&Planned>, seen: Seen) -> StatusBody {
    let log = read_log(&case.survey).await;
    let license_sync = license_sync(seen.connection.as_ref(), &log);
    let terms = seen.terms.or_else(|| case.license().map(|license| license.terms()));
    StatusBody {
        steps: steps(case, planned, seen.connection.as_ref(), &license_sync),
        license_sync,
        sponsorship_sync: sponsorship_sync(seen.sponsorships, &log),
        connection: seen.connection,
        license: terms,
        standing: None,
    }
}

/// How it stands where only the server was asked.
fn elsewhere(seen: Seen) -> StatusBody {
    let license_sync = license_sync(seen.connection.as_ref(), &Log::default());
    let (obtain, apply) = token_steps(seen.connection.as_ref());
    StatusBody {
        steps: Steps {
            configure: StepState::Unknown,
            obtain_token: obtain,
            apply_token: apply,
            trigger_sync: sync_step(&license_sync),
        },
        license_sync,
        sponsorship_sync: sponsorship_sync(seen.sponsorships, &Log::default()),
        connection: seen.connection,
        license: seen.terms,
        standing: None,
    }
}

fn steps(
    case: &Case<'_>,
    planned: Option<&Planned>,
    connection: Option<&Connection>,
    license_sync: &LicenseSync,
) -> Steps {
    let (obtain_token, apply_token) = token_steps(connection);
    let configure = match (case.survey.layers(), planned) {
        (Ok(layers), Some(planned)) => {
            let open = settings::findings(&layers, planned.body.region.concluded)
                .iter()
                .any(|finding| finding.undone() == Some(StepName::Configure));
            let right = planned.body.changes.is_empty() && !open;
            if right && !planned.body.restart.needed { StepState::Done } else { StepState::ToDo }
        }
        _ => StepState::Unknown,
    };
    Steps { configure, obtain_token, apply_token, trigger_sync: sync_step(license_sync) }
}

/// Steps 2 and 3 as the connection tells them; unknown without one.
fn token_steps(connection: Option<&Connection>) -> (StepState, StepState) {
    let Some(connection) = connection else { return (StepState::Unknown, StepState::Unknown) };
    let saved = connection.id.is_some() && connection.has_token;
    let applied = saved && connection.enabled == Some(true);
    let state = |done| if done { StepState::Done } else { StepState::ToDo };
    (if saved { StepState::Done } else { StepState::Unknown }, state(applied))
}

fn sync_step(license_sync: &LicenseSync) -> StepState {
    match license_sync.state {
        SyncState::Done => StepState::Done,
        SyncState::Never => StepState::ToDo,
        SyncState::Unknown => StepState::Unknown,
    }
}

fn license_sync(connection: Option<&Connection>, log: &Log) -> LicenseSync {
    let of_api = connection.and_then(|connection| connection.last_license_sync);
    match (connection, of_api, log.license_synced) {
        (_, Some(last), _) => {
            LicenseSync { state: SyncState::Done, last: Some(last), seen_in: vec![SeenIn::Api] }
        }
        (Some(_), None, _) => LicenseSync { state: SyncState::Never, last: None, seen_in: vec![SeenIn::Api] },
        (None, None, Some(last)) => {
            LicenseSync { state: SyncState::Done, last: Some(last), seen_in: vec![SeenIn::Log] }
        }
        (None, None, None) => LicenseSync::default(),
    }
}

fn sponsorship_sync(of_api: Option<Option<OffsetDateTime>>, log: &Log) -> SponsorshipSync {
    let last = of_api.flatten().or(log.sponsorships_synced);
    let window = sponsorship_window(log.api_started, last, OffsetDateTime::now_utc());
    let mut seen_in = Vec::new();
    if of_api.is_some() {
        seen_in.push(SeenIn::Api);
    }
    if log.sponsorships_synced.is_some() {
        seen_in.push(SeenIn::Log);
    }
    SponsorshipSync {
        state: match (last, of_api) {
            (Some(_), _) => SyncState::Done,
            (None, Some(None)) => SyncState::Never,
            (None, _) => SyncState::Unknown,
        },
        last,
        next_after: window.map(|(after, _)| after),
        next_before: window.map(|(_, before)| before),
        seen_in,
    }
}

/// What the api's own log tells about the two clocks; what it does not show may have happened all the same.
#[derive(Debug, Default)]
struct Log {
    api_started: Option<OffsetDateTime>,
    license_synced: Option<OffsetDateTime>,
    sponsorships_synced: Option<OffsetDateTime>,
}

async fn read_log(survey: &Survey) -> Log {
    let (found, rights) = (survey.installation.clone(), survey.rights.clone());
    let since = OffsetDateTime::now_utc() - time::Duration::days(2);
    let read = tokio::task::spawn_blocking(move || system::logs::of(&found, since, &rights));
    let Ok(Ok(tail)) = read.await else { return Log::default() };
    let entries = witness::read(&tail.text);
    Log {
        api_started: witness::api_started(&entries),
        license_synced: witness::last_licensed(&entries),
        sponsorships_synced: witness::last_sponsorship_sync(&entries),
    }
}
