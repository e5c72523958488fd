//! The self-hosted server's rows: whether it answers under its name, and, with an owner's key, the connection
//! and the sync.

use crate::{
    domain::{
        check::{
            Advice, AdviceCode, Cause, Check, CheckEvent, CheckId, Finding, Side, Stage, State, Target,
            row::{CONNECTION, SYNC},
        },
        request::ApiKey,
        sync::Connection,
    },
    engine::{
        asking::{
            reach::{self, Way},
            sign_in,
        },
        case::{Case, Contact},
    },
    net::Net,
    probe::{self, ProbeTarget},
};

const HTTP: CheckId = CheckId::new(Side::Machine, Target::Server, Stage::Http);
const STAGES: [Stage; 5] = [Stage::Name, Stage::Connect, Stage::Proxy, Stage::Tls, Stage::Http];

/// What was seen of the server.
#[derive(Debug, Default)]
pub(crate) struct ServerSeen {
    /// Whether it answers; none where it was not asked.
    pub(crate) up: Option<bool>,
    /// The connection, seen with a key.
    pub(crate) connection: Option<Connection>,
}

/// Runs the server's rows.
pub(super) async fn rows(case: &Case<'_>, login: Option<&ApiKey>) -> ServerSeen {
    let mut seen = ServerSeen::default();
    let ladder = STAGES.map(|stage| CheckId::new(Side::Machine, Target::Server, stage));
    if !case.run.wants(ladder.into_iter().chain([CONNECTION, SYNC])) {
        return seen;
    }
    let Some(url) = case.server() else {
        return seen;
    };
    let target = match ProbeTarget::server(&url) {
        Ok(target) => target,
        Err(finding) => {
            case.run.done(Check::found(HTTP, finding.with("value", url.to_string())));
            return seen;
        }
    };
    probe::run(&case.net, &[target], &|event| case.run.take(as_of_server(event))).await;
    let over_port = by_published_port(case, &ladder).await;
    let contact = Contact { net: over_port.as_ref().unwrap_or(&case.net), ..case.contact() };
    let report = case.run.report();
    let state = |id: CheckId| report.get(id).map(|check| check.state);
    seen.up = if over_port.is_some() { Some(true) } else { up(&state, &ladder) };
    match login {
        Some(login) if seen.up == Some(true) => with_key(case, &contact, login, &mut seen).await,
        Some(_) => {
            let because = ladder.into_iter().find(|id| state(*id) == Some(State::Failed)).unwrap_or(HTTP);
            case.run.done(Check::not_run(CONNECTION, because));
            case.run.done(Check::not_run(SYNC, because));
        }
        None => {
            let advice = || Advice::with_command(AdviceCode::GiveApiKey, "bwsync check --api-key-file FILE");
            case.run.done(Check::skipped(CONNECTION, advice()));
            case.run.done(Check::skipped(SYNC, advice()));
        }
    }
    seen
}

/// Whether it answers under its name; none where it was not asked.
fn up(state: &dyn Fn(CheckId) -> Option<State>, ladder: &[CheckId]) -> Option<bool> {
    match state(HTTP) {
        Some(State::Passed) => Some(true),
        Some(State::Skipped) if ladder.iter().all(|id| state(*id) != Some(State::Failed)) => None,
        None => None,
        Some(_) => Some(false),
    }
}

/// Where the name leads nowhere from here, the published port is tried under that name; if it answers there, the
/// row that failed becomes a warning.
async fn by_published_port(case: &Case<'_>, ladder: &[CheckId]) -> Option<Net> {
    let report = case.run.report();
    let failed = ladder.iter().filter_map(|id| report.get(*id)).find(|check| check.state == State::Failed)?;
    let cause = failed.cause.filter(|cause| cause.has_detour())?;
    let ways = reach::ways(&case.contact())?;
    let port_net = ways.port_net()?.clone();
    if ways.answers().await.ok()? != Way::Port {
        return None;
    }
    let finding = Finding::new(Cause::ServerUnreachableByName)
        .with("reason", cause.code())
        .with("port", case.survey.installation.published_port.unwrap_or_default().to_string())
        .advise(AdviceCode::CheckDns);
    case.run.done(Check::found(failed.id, finding));
    Some(port_net)
}

async fn with_key(case: &Case<'_>, contact: &Contact<'_>, login: &ApiKey, seen: &mut ServerSeen) {
    case.run.started(CONNECTION);
    let found = async {
        let person = sign_in::sign_in(contact, login).await?;
        let org = person.organization(contact.organization().as_deref())?;
        person.server.connection(&person.bearer, &org).await
    };
    let connection = match found.await {
        Ok(connection) => connection,
        Err(finding) => {
            case.run.done(Check::found(CONNECTION, finding));
            case.run.done(Check::not_run(SYNC, CONNECTION));
            return;
        }
    };
    case.run.judge(CONNECTION, connection_finding(case, &connection));
    let never = connection.last_license_sync.is_none();
    case.run.judge(
        SYNC,
        never.then(|| Finding::new(Cause::SyncNever).command(AdviceCode::TriggerSync, "bwsync sync")),
    );
    seen.connection = Some(connection);
}

/// What is wrong with a connection, or still to do.
pub(crate) fn connection_finding(case: &Case<'_>, connection: &Connection) -> Option<Finding> {
    let save =
        |cause| Finding::new(cause).command(AdviceCode::SaveToken, "bwsync token set --token-file FILE");
    if connection.id.is_none() {
        return Some(save(Cause::ConnectionMissing));
    }
    if connection.enabled == Some(false) {
        return Some(save(Cause::ConnectionDisabled));
    }
    if !connection.has_token {
        return Some(save(Cause::ConnectionEmptyToken));
    }
    let of_license = case.license().map(|license| license.cloud_id.clone());
    match (&connection.cloud_organization_id, of_license) {
        (Some(saved), Some(now)) if !saved.eq_ignore_ascii_case(&now) => {
            Some(save(Cause::ConnectionStaleOrganization).with("value", saved.clone()).with("expected", now))
        }
        _ => None,
    }
}

/// A fault on the way to the self-hosted server is a fault of the server, in the server's words.
fn as_of_server(event: CheckEvent) -> CheckEvent {
    let CheckEvent::Done(check) = event else { return event };
    let Some(finding) = check.finding() else { return CheckEvent::Done(check) };
    let mut finding = finding.of_own_server();
    finding.advice.iter_mut().for_each(with_command);
    CheckEvent::Done(Check { duration_ms: check.duration_ms, ..Check::found(check.id, finding) })
}

/// What is done where the installation lies is done by a command.
fn with_command(advice: &mut Advice) {
    let command = match advice.code {
        AdviceCode::GiveCaCertificate => "bwsync check --cacert FILE",
        AdviceCode::StartServer => "./bitwarden.sh start",
        _ => return,
    };
    advice.command = Some(command.to_owned());
}
